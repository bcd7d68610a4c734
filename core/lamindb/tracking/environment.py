"""The Python environment of a process as text: the lockfile of pixi or uv, else what the metadata of the installed packages says."""

from __future__ import annotations

import json
import os
import sys
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution
from pathlib import Path

#: Names of the files that environments are stored as; the last one is left by the R client.
ENVIRONMENT_FILES = ("requirements.txt", "pixi.lock", "uv.lock", "r_environment.txt")
_METADATA_BEGINNING = 512  # bytes; name and version come first


@dataclass(frozen=True)
class Environment:
    """The packages of a process: the name of the file that lists them, and its text."""

    name: str
    text: str


@cache
def environment() -> Environment:
    """Return the environment of this process; read once.

    In an environment that pixi or uv manages, the lockfile says more than a list of packages, and is returned. If it is there and can't be
    read, a `UserWarning` says so, and the packages are listed.
    """
    lockfile = find_lockfile(Path(sys.prefix))
    if lockfile is not None:
        try:
            text = lockfile.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            warnings.warn(
                f"listing the installed packages, as {lockfile} can't be read: {error}", UserWarning, stacklevel=2
            )
        else:
            if text.strip():
                from lamindb.tracking.redaction import redact_urls

                return Environment(lockfile.name, redact_urls(text))
    return Environment("requirements.txt", requirements())


def find_lockfile(prefix: Path) -> Path | None:
    """Return the lockfile of the environment in a folder, if pixi or uv manages it.

    Args:
        prefix: folder of the environment, such as `sys.prefix`: `<project>/.pixi/envs/<name>`, or `<project>/.venv` made by uv.
    """
    if prefix.parent.name == "envs" and prefix.parent.parent.name == ".pixi":
        lockfile = prefix.parents[2] / "pixi.lock"
        return lockfile if lockfile.is_file() else None
    lockfile = prefix.parent / "uv.lock"
    return lockfile if lockfile.is_file() and _is_made_by_uv(prefix) else None


def _is_made_by_uv(prefix: Path) -> bool:
    try:
        settings = (prefix / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    return any(line.partition("=")[0].strip() == "uv" for line in settings)


@cache
def requirements() -> str:
    """Return the installed distributions as lines of a requirements file, sorted; read once per process.

    Packages that were installed from a repository, a URL or a folder are given with their origin, as `pip freeze` does.
    """
    from importlib.metadata import distributions

    lines: dict[str, str] = {}
    for distribution in distributions(path=list(sys.path)):
        name, version = _name_and_version(distribution)
        if name and _normal(name) not in lines:  # the first on the path is the one that is imported
            lines[_normal(name)] = _line(name, version, _origin(distribution))
    python = ".".join(str(part) for part in sys.version_info[:3])
    return "\n".join([f"# python=={python}", *(lines[name] for name in sorted(lines))]) + "\n"


def _name_and_version(distribution: Distribution) -> tuple[str, str]:
    """Read the two fields at the top of the metadata; reading all of it, with its long description, takes several times as long."""
    text = _beginning_of_metadata(distribution)
    if text is None:
        text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
    found = {"Name": "", "Version": ""}
    for line in text.splitlines():
        field, _, value = line.partition(": ")
        if field in found:
            found[field] = value.strip()
        if not line or all(found.values()):
            break
    return found["Name"], found["Version"]


def _beginning_of_metadata(distribution: Distribution) -> str | None:
    """Return the first lines of the metadata of a distribution that lies in a folder, if they hold name and version."""
    folder = getattr(distribution, "_path", None)
    if not isinstance(folder, Path):
        return None
    try:
        with open(f"{folder}/METADATA", "rb") as file:
            text = file.read(_METADATA_BEGINNING).decode("utf-8", "replace")
    except OSError:
        return None
    whole = text[: text.rfind("\n") + 1]  # the last line may be cut off
    return whole if "\nName: " in whole and "\nVersion: " in whole else None


def _origin(distribution: Distribution) -> str | None:
    folder = getattr(distribution, "_path", None)
    if isinstance(folder, Path) and not os.path.exists(f"{folder}/direct_url.json"):
        return None
    return distribution.read_text("direct_url.json")


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _line(name: str, version: str, origin: str | None) -> str:
    from lamindb.tracking.redaction import redact_urls

    if origin is None:
        return f"{name}=={version}"
    try:
        direct = json.loads(origin)
        url = redact_urls(direct["url"])
        repository = direct.get("vcs_info")
        if repository is not None:
            return f"{name} @ {repository['vcs']}+{url}@{repository['commit_id']}"
        if direct.get("dir_info", {}).get("editable"):
            return f"# editable {name}=={version} from {url}"
    except (ValueError, KeyError, TypeError):
        return f"{name}=={version}"
    return f"{name} @ {url}"
