"""Migration operations of our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Create the tables of models that refer to each other, each complete with its keys and constraints.

    Django would add circular foreign keys one by one, which on SQLite copies every table many times and makes the first migration
    take seconds. References to tables that do not exist yet are allowed in SQLite; in PostgreSQL they are added at the end.

    Args:
        models: the models, with all their fields.
    """

    serialization_expand_args: ClassVar[list[str]] = ["models"]
    reversible = True

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [], {"models": self.models}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # without rendered classes the models are only noted; they are rendered together when the tables are created
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in self._rendered(app_label, schema_editor, to_state):
            schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in reversed(self._rendered(app_label, schema_editor, from_state)):
            schema_editor.delete_model(model)

    def describe(self) -> str:
        return f"Create the tables of {len(self.models)} models"

    @property
    def migration_name_fragment(self) -> str:
        return "tables"

    def _rendered(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState) -> list[Any]:
        models = [state.apps.get_model(app_label, model.name) for model in self.models]
        return [model for model in models if self.allow_migrate_model(schema_editor.connection.alias, model)]
