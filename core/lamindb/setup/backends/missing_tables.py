"""Says what to do when a statement meets a table or column that the installed packages have and the database lacks."""

from __future__ import annotations

import re
from typing import Any

from django.db.utils import DatabaseErrorWrapper

_QUOTED = r'"?(\w+)"?'
_TABLES = (re.compile(rf"no such table: (?:main\.)?{_QUOTED}"), re.compile(rf"relation {_QUOTED} does not exist"))
_COLUMNS = (
    re.compile(rf"no such column: {_QUOTED}\.{_QUOTED}"),
    re.compile(rf"table {_QUOTED} has no column named {_QUOTED}"),
    re.compile(rf"column {_QUOTED}\.{_QUOTED} does not exist"),
)
_COLUMN_FIRST = re.compile(rf"column {_QUOTED} of relation {_QUOTED} does not exist")


class ExplainingErrorWrapper(DatabaseErrorWrapper):
    """Django's translation of errors, with a sentence about what helps appended where tables or columns are missing."""

    wrapper: Any

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        if exc_value is not None and exc_value.args and isinstance(exc_value.args[0], str):
            hint = _hint(exc_value.args[0], self.wrapper.alias)
            if hint is not None:
                exc_value.args = (f"{exc_value.args[0].strip()}\n{hint}", *exc_value.args[1:])
        super().__exit__(exc_type, exc_value, traceback)


def _hint(message: str, alias: str) -> str | None:
    place = _missing_place(message)
    if place is None or "lamin migrate deploy" in message:
        return None
    from django.apps import apps

    table, column = place
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            if column is None or column in (field.column for field in model._meta.concrete_fields):
                return _what_helps(model._meta.app_config.name, alias)
            return None
    return None


def _missing_place(message: str) -> tuple[str, str | None] | None:
    for pattern in _TABLES:
        if match := pattern.search(message):
            return match[1], None
    for pattern in _COLUMNS:
        if match := pattern.search(message):
            return match[1], match[2]
    if match := _COLUMN_FIRST.search(message):
        return match[2], match[1]
    return None


def _what_helps(package: str, alias: str) -> str:
    from lamindb.setup import settings
    from lamindb.setup.modules import is_same_module
    from lamindb.setup.versions import migrations_folder

    is_current = alias == "default" and settings.is_configured
    if is_current and package != "lamindb":
        instance = settings.instance
        if not any(is_same_module(package, module) for module in instance.modules):
            return (
                f"{instance.slug} has no schema module {package!r}, but this process has loaded its registries. To work with {instance.slug}, "
                f"start a new process (in a notebook: restart the kernel); to give it the module: lamin settings modules add {package}"
            )
    where = settings.instance.slug if is_current else alias
    before = "" if migrations_folder(package) else "lamin migrate create, then "
    return f"The database of {where} is older than the installed {package}. To bring it up to date: {before}lamin migrate deploy"
