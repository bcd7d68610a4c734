"""Databases whose perturbations are tables of the app `wetlab`, the former name of `pertdb`: they are taken over as they are."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.migrations.recorder import MigrationRecorder

from lamindb.base.migration_operations import CreateTables

__all__ = ["CreateOrTakeOverTables"]

FORMER_APP = "wetlab"
#: The migration after which the tables of the former app are those of `pertdb`, but for columns that came later.
LAST_MIGRATION = "0049_remove_biosample_artifacts_and_more"


class CreateOrTakeOverTables(CreateTables):
    """Creates the tables of models; where the former app has made them, only adds the columns that they lack.

    Raises:
        ImproperlyConfigured: if the former app stopped before its last migration.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        connection = schema_editor.connection
        applied = {name for app, name in MigrationRecorder(connection).applied_migrations() if app == FORMER_APP}
        if applied and LAST_MIGRATION not in applied:
            raise ImproperlyConfigured(
                f"The tables of {FORMER_APP}, the former name of pertdb, are in the state of {max(applied)}: with the package that made "
                f"them, migrate up to v2 before migrating pertdb, that is, up to {LAST_MIGRATION}"
            )
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
        for model in self._rendered(app_label, schema_editor, to_state):
            if model._meta.db_table in tables:
                _complete(model, schema_editor, tables)
            else:
                schema_editor.create_model(model)


def _complete(model: Any, schema_editor: Any, tables: set[str]) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, model._meta.db_table)
    columns = {column.name for column in found}
    for field in model._meta.local_concrete_fields:
        if field.column not in columns:
            schema_editor.add_field(model, field)
    for field in model._meta.local_many_to_many:
        through = field.remote_field.through
        if through._meta.auto_created and through._meta.db_table not in tables:
            schema_editor.create_model(through)
