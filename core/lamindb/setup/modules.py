"""Schema modules: the packages that add registries to an instance, or to an environment that has no instance."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lamindb.setup import settings_files as files


class ModuleNames(AbstractSet[str]):
    """A set of module names that keeps the order in which they were given; equal to a plain set with the same names.

    Example:
        >>> ModuleNames(["pertdb", "bionty"]) == {"bionty", "pertdb"}
        True
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = tuple(dict.fromkeys(names))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __hash__(self) -> int:
        return self._hash()

    def __repr__(self) -> str:
        return "{" + ", ".join(map(repr, self._names)) + "}" if self._names else "set()"

    def __str__(self) -> str:
        return ", ".join(self._names)


def parse_modules(value: str | Iterable[str] | None) -> ModuleNames:
    """Read a comma list or a collection of module names; white space, empty items and the core are left out.

    Example:
        >>> list(parse_modules(" bionty, ,pertdb "))
        ['bionty', 'pertdb']
    """
    if value is None:
        return ModuleNames()
    items = value.split(",") if isinstance(value, str) else value
    names = (item.strip() for item in items)
    return ModuleNames(name for name in names if name and name not in ("lamindb", "null"))


def format_modules(modules: Iterable[str]) -> str | None:
    """Return the comma list that settings files hold; `None` if there are no modules."""
    return ",".join(modules) or None


def package_of(module: str) -> str:
    """Return the Python package of a module: `lnschema_<module>` or the module itself if it has registries, else what a plugin declares."""
    name = module.replace("-", "_")
    candidates = (f"lnschema_{name}", name)
    for package in candidates:
        if _has_models(package):
            return package
    from lamindb.setup.declared_modules import declaration_of  # asked last, since it loads the plugins

    declared = declaration_of(module)
    if declared is not None:
        return declared.app
    return candidates[0] if is_installed(candidates[0]) else name


def canonical_name(module: str) -> str:
    """Return a spelling that is the same for `x-y`, `x_y` and `lnschema_x_y`."""
    return module.replace("-", "_").removeprefix("lnschema_")


def is_same_module(one: str, other: str) -> bool:
    """Tell whether two spellings mean the same module."""
    return canonical_name(one) == canonical_name(other) or package_of(one) == package_of(other)


def importable_packages(modules: Iterable[str]) -> list[str]:
    """Return the packages of those modules that are installed, in the given order."""
    packages = [package_of(module) for module in modules]
    return [package for package in packages if is_installed(package)]


def missing_modules(modules: Iterable[str]) -> list[str]:
    """Return the modules whose package is not installed."""
    return [module for module in modules if not is_installed(package_of(module))]


def check_installed(modules: Iterable[str]) -> None:
    """Raise if a module is not installed.

    Raises:
        ImportError: naming the first missing module and how to install it.
    """
    for module in missing_modules(modules):
        package = module.replace("_", "-")
        raise ImportError(f"schema module {module!r} is not installed -> resolve via `pip install {package}`")


def environment_modules() -> ModuleNames:
    """Return the modules of an environment without instance: `LAMINDB_MODULES`, else the stored list, else those that declare it."""
    from_env = os.environ.get("LAMINDB_MODULES")
    if from_env is not None:
        return parse_modules(from_env)
    stored = files.read_text(files.current_modules_file())
    if stored is not None:
        return parse_modules(stored)
    from lamindb.plugins import manager  # asked last, since it loads the plugins

    return ModuleNames(
        module.name for module in manager.schema_modules() if module.is_default and is_installed(module.app)
    )


def set_environment_modules(value: str | Iterable[str] | None) -> None:
    """Store the modules of environments without instance; `None` goes back to the default."""
    if value is None:
        files.current_modules_file().unlink(missing_ok=True)
        return
    files.write_text(files.current_modules_file(), ",".join(parse_modules(value)))


def is_installed(package: str) -> bool:
    """Tell whether a package can be found; only the parents of a dotted one are imported."""
    if not all(part.isidentifier() for part in package.split(".")):
        return False
    try:
        return find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _has_models(package: str) -> bool:
    if not is_installed(package):
        return False
    spec = find_spec(package)
    folders = (Path(place) for place in (spec.submodule_search_locations or ())) if spec is not None else ()
    return any((folder / "models.py").is_file() or (folder / "models").is_dir() for folder in folders)


def describe_mismatch(wanted: Iterable[str], loaded: Iterable[str]) -> str | None:
    """Say which modules a process has loaded too much or too little for an instance, or `None` if they agree."""
    wanted_names = {canonical_name(package_of(name)): name for name in wanted}
    loaded_names = {canonical_name(package_of(name)): name for name in loaded}
    missing = [name for key, name in wanted_names.items() if key not in loaded_names]
    extra = [name for key, name in loaded_names.items() if key not in wanted_names]
    if not missing and not extra:
        return None
    parts: list[Any] = []
    if missing:
        parts.append(f"{', '.join(missing)}: part of the instance, but not loaded, so that it can't be queried")
    if extra:
        parts.append(f"{', '.join(extra)}: loaded, but not part of the instance")
    command = ",".join(wanted_names.values()) or '""'
    return f"schema modules differ: {'; '.join(parts)}. To agree, run in a new process: lamin settings modules set {command}"
