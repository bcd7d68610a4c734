"""Lets migrations of existing modules depend on migration names of the original packages, whose history ours replaces as a whole.

A module that was written for the original depends on names such as `("lamindb", "0182_v2_2_part_5")`. Whatever of these names our
packages don't have means: after our first migration, which makes all tables that the original made up to then.
"""

from __future__ import annotations

from typing import Any, Final

#: Number from which on names of core migrations that we don't have are the original's. Lower unknown numbers are ours, of a newer
#: release. Modules declare theirs (`SchemaModule.legacy_migrations_from`).
_FIRST_NUMBER_OF_ORIGINAL_CORE: Final = 60


def install() -> None:
    """Make every loader of migrations in this process resolve the names, in our commands as in those of Django."""
    from django.db.migrations.loader import MigrationLoader

    original = MigrationLoader.check_key
    if getattr(original, "_resolves_legacy_names", False):
        return

    def check_key(self: Any, key: tuple[str, str], current_app: str) -> Any:
        if _is_name_of_original(key) and key not in self.graph.nodes and not _is_replaced(self, key):
            return original(self, (key[0], "__first__"), current_app)
        return original(self, key, current_app)

    check_key._resolves_legacy_names = True  # type: ignore[attr-defined]
    MigrationLoader.check_key = check_key  # type: ignore[method-assign]


def _is_name_of_original(key: tuple[str, str]) -> bool:
    first = _first_number_of_original(key[0])
    number = key[1].partition("_")[0]
    return first is not None and number.isdigit() and int(number) >= first


def _first_number_of_original(app_label: str) -> int | None:
    if app_label == "lamindb":
        return _FIRST_NUMBER_OF_ORIGINAL_CORE
    from lamindb.plugins import manager

    return next((m.legacy_migrations_from for m in manager.schema_modules() if m.app_label == app_label), None)


def _is_replaced(loader: Any, key: tuple[str, str]) -> bool:
    return any(key in migration.replaces for migration in loader.disk_migrations.values())
