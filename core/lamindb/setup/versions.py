"""Whether database and installed packages fit together, judged in both directions by the applied migrations. Works without Django."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from lamindb.base.logging import logger
from lamindb.setup.errors import InstanceCorrupted
from lamindb.setup.modules import importable_packages
from lamindb.setup.raw_database import no_tables_message, open_database

_REPLACES = re.compile(r"^    replaces\s*(?::[^=\n]*)?=\s*(\[[^\]]*\])", re.MULTILINE)


@dataclass
class Compatibility:
    """How a database differs from the installed packages: app label -> names of migrations."""

    #: migrations of the database that the packages don't have: the database is newer
    unknown: dict[str, list[str]] = field(default_factory=dict)
    #: migrations of the packages that the database hasn't had: the database is older
    pending: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_compatible(self) -> bool:
        """Whether there is no difference."""
        return not self.unknown and not self.pending


def compare_with_database(url: str, modules: Iterable[str]) -> Compatibility:
    """Compare the migrations that a database had with those that are installed.

    Raises:
        InstanceNotFoundError: if the database can't be opened.
    """
    with open_database(url) as database:
        has_table = database.has_table("django_migrations")
        rows = database.rows("SELECT app, name FROM django_migrations") if has_table else []
    return compare_migrations(rows, modules)


def compare_migrations(rows: Iterable[tuple[str, str]], modules: Iterable[str]) -> Compatibility:
    """Compare applied migrations, given as pairs of app and name, with those that are installed."""
    rows = list(rows)
    result = Compatibility()
    for package in ["lamindb", *importable_packages(modules)]:
        label = package.rpartition(".")[2]
        applied = {name for app, name in rows if app == label}
        defined, replaced = installed_migrations(package)
        satisfied = {name for name in defined if name in applied or (name in replaced and replaced[name] <= applied)}
        unknown = sorted(applied - set(defined) - set().union(*replaced.values()))
        pending = [
            name
            for name in defined
            if name not in satisfied and not any(name in replaced[s] for s in satisfied if s in replaced)
        ]
        if unknown:
            result.unknown[label] = unknown
        if pending:
            result.pending[label] = pending
    return result


def warn_if_incompatible(slug: str, url: str, modules: Iterable[str]) -> Compatibility:
    """Compare, and say what to do about a difference.

    Raises:
        InstanceNotFoundError: if the database can't be opened, or holds no tables of lamindb.
    """
    with open_database(url) as database:
        if not database.has_table("django_migrations"):
            raise InstanceCorrupted(no_tables_message(slug, url))
    found = compare_with_database(url, modules)
    report(slug, found)
    return found


def report(slug: str, found: Compatibility) -> None:
    """Log what to do about differences."""
    for label, names in found.unknown.items():
        logger.warning(
            f"the database of {slug} is ahead of the installed {label}: it has {_listing(names)}, which the package does not know"
        )
        logger.important(
            f"please update {label}: pip install --upgrade {'lamindb' if label == 'lamindb' else label.replace('_', '-')}"
        )
    if found.pending:
        described = "; ".join(f"{label}: {_listing(names)}" for label, names in found.pending.items())
        logger.warning(
            f"the database of {slug} is behind the installed packages, queries may fail until it has ({described})"
        )
        logger.important("if you are an admin, migrate your database: lamin migrate deploy")


def installed_migrations(package: str) -> tuple[list[str], dict[str, set[str]]]:
    """Return the names of a package's migrations, and for squashed ones which they replace. Reads files, imports nothing."""
    folder = migrations_folder(package)
    if folder is None:
        return [], {}
    names = sorted(path.stem for path in folder.glob("*.py") if path.stem[0].isdigit())
    squashed = {name: _replaced_by(folder / f"{name}.py") for name in names}
    return names, {name: replaced for name, replaced in squashed.items() if replaced}


def migrations_folder(package: str) -> Path | None:
    """Return the folder with a package's migrations, or `None`."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "migrations"
    return folder if folder.is_dir() else None


def _replaced_by(path: Path) -> set[str]:
    # the list alone is evaluated: parsing a whole first migration takes longer than importing lamindb
    match = _REPLACES.search(path.read_text(encoding="utf-8"))
    return {name for _, name in ast.literal_eval(match[1])} if match else set()


def _listing(names: list[str]) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return f"{', '.join(names[:2])} and {len(names) - 2} more up to {names[-1]}"
