"""The Python environment of a process as text, read from the metadata of the installed packages."""

from __future__ import annotations

import json
import sys
from functools import cache
from importlib.metadata import Distribution


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
            lines[_normal(name)] = _line(name, version, distribution.read_text("direct_url.json"))
    python = ".".join(str(part) for part in sys.version_info[:3])
    return "\n".join([f"# python=={python}", *(lines[name] for name in sorted(lines))]) + "\n"


def _name_and_version(distribution: Distribution) -> tuple[str, str]:
    """Read the two fields at the top of the metadata; parsing all of it, with its long description, takes several times as long."""
    found = {"Name": "", "Version": ""}
    for line in (distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or "").splitlines():
        field, _, value = line.partition(": ")
        if field in found:
            found[field] = value.strip()
        if not line or all(found.values()):
            break
    return found["Name"], found["Version"]


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
