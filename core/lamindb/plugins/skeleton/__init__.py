"""Writes a new plugin package that works and passes its own test: what `lamin plugin new` does. The texts are in `templates/`."""

from __future__ import annotations

import difflib
import keyword
import re
import shutil
import sys
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Final, Literal, get_args

Kind = Literal["schema", "format", "storage"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
#: Names that would hide a package that everybody here has.
_RESERVED: Final = frozenset(
    {"lamin", "lamindb", "lamin_cli", "lamindb_setup", "django", "bionty", "pertdb", "core", "test", "tests"}
)


def create_skeleton(name: str, kind: str, directory: str | Path = ".") -> Path:
    """Write a new plugin package.

    Args:
        name: name of the distribution, such as `"mylab"` or `"lamindb-spectra"`; the import name has `_` for `-`.
        kind: `"schema"` (registries), `"format"` (a data format with its curator) or `"storage"` (a protocol).
        directory: folder in which the package's folder is made.

    Returns:
        The new folder. `pip install -e <folder>` activates the plugin, `pytest <folder>` runs its test.

    Raises:
        ValueError: for a name that can't be a package, or an unknown kind.
        NotADirectoryError: if `directory` is no folder.
        FileExistsError: if there is something of that name already; nothing is changed then.

    Example:
        >>> create_skeleton("mylab", "schema", "~/code")  # doctest: +SKIP
        PosixPath('/home/me/code/mylab')
    """
    package = _check_name(name)
    if kind not in KINDS:
        near = difflib.get_close_matches(str(kind), KINDS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{kind!r} is not a kind of plugin: use one of {', '.join(KINDS)}.{hint}")
    parent = Path(directory).expanduser()
    if not parent.is_dir():
        raise NotADirectoryError(f"{str(directory)!r} is not a folder: make it first, or pass another one")
    target = parent.absolute() / name
    if target.exists() or target.is_symlink():
        raise FileExistsError(f"{target} exists already: choose another name or folder, or remove it")
    _check_not_importable(package)
    staging = Path(
        tempfile.mkdtemp(prefix=f".{name}-", dir=parent)
    )  # beside the target, so that the last step is a rename
    try:
        _write(files(__name__) / "templates" / kind, staging, _words(name, package))
        staging.chmod(0o777 & ~_umask())
        staging.rename(target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return target


def _check_name(name: str) -> str:
    """Return the import name of a distribution."""
    if not re.match(r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$", name):
        suggestion = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-").lstrip("0123456789-")
        hint = f", such as {suggestion!r}" if suggestion else ""
        raise ValueError(
            f"{name!r} can't be the name of a plugin: start with a lower-case letter, use lower-case letters, digits and single '-'{hint}"
        )
    package = name.replace("-", "_")
    if keyword.iskeyword(package) or package in sys.stdlib_module_names or package in _RESERVED:
        raise ValueError(
            f"{name!r} can't be the name of a plugin, because {package!r} is taken in Python: choose another one, such as 'my-{name}'"
        )
    return package


def _check_not_importable(package: str) -> None:
    """Refuse a name that would hide an installed package. Folders without `__init__` (such as the target's parent) hide nothing."""
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):
        return
    if spec is not None and spec.origin is not None:
        raise ValueError(f"A package {package!r} is installed already ({spec.origin}): choose another name")


def _words(name: str, package: str) -> dict[str, str]:
    words = [word.capitalize() for word in package.split("_")]
    return {
        "name": name,
        "package": package,
        "PACKAGE": package.upper(),
        "class_name": "".join(words),
        "title": " ".join(words),
        "protocol": package.replace("_", ""),
    }


def _write(template: Traversable, target: Path, words: dict[str, str]) -> None:
    """Write a folder of templates; `package` in file names stands for the import name, the ending `.tmpl` is dropped."""
    for entry in sorted(template.iterdir(), key=lambda entry: entry.name):
        path = target / entry.name.replace("package", words["package"]).removesuffix(".tmpl")
        if entry.is_dir():
            path.mkdir()
            _write(entry, path, words)
        else:
            path.write_text(Template(entry.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")


def _umask() -> int:
    import os

    mask = os.umask(0)
    os.umask(mask)
    return mask
