"""Rules about types and renamed features, as triggers on SQLite and PostgreSQL.

SQLite drops the triggers of a table that a later migration alters: such a migration has to end with `create_rules` again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Registries whose records have a `type`.
TYPED = ("feature", "project", "record", "reference", "schema", "ulabel")


def create_rules(apps: Any, schema_editor: Any) -> None:
    """Create all triggers, in place of former ones."""
    drop_rules(apps, schema_editor)
    for statement in _statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop_rules(apps: Any, schema_editor: Any) -> None:
    """Drop all triggers."""
    vendor = schema_editor.connection.vendor
    for name, table in _triggers():
        if vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}", params=None)
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)
        else:
            for event in ("", "_on_insert", "_on_update"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{event}", params=None)


def _triggers() -> Iterator[tuple[str, str]]:
    for registry in TYPED:
        yield f"{registry}_type_is_valid_fk", f"lamindb_{registry}"
        yield f"{registry}_is_type_in_use", f"lamindb_{registry}"
        yield f"{registry}_type_has_no_cycle", f"lamindb_{registry}"
    yield "feature_notes_renaming", "lamindb_feature"


def _statements(vendor: str) -> Iterator[str]:
    make = _postgresql if vendor == "postgresql" else _sqlite
    for registry in TYPED:
        yield from make(registry)
    yield from (_POSTGRESQL_RENAMING if vendor == "postgresql" else _SQLITE_RENAMING)


def _invalid_type(registry: str) -> tuple[str, str]:
    """Return the SQL condition for a parent row that must not be a type, and the message."""
    what = f"the type of a {registry} has to be a {registry} with is_type=True"
    if registry != "record":
        return "NOT parent.is_type", f"violates check constraint {registry}_type_is_valid_fk: {what}"
    return (
        "(NOT parent.is_type OR (NEW.is_type AND parent.schema_id IS NOT NULL))",
        f"violates check constraint {registry}_type_is_valid_fk: {what}, and a type with a schema (a sheet) has no sub-types",
    )


def _type_in_use(registry: str) -> str:
    """Return the SQL condition for rows below NEW that its new values would make invalid."""
    if registry != "record":
        return "NOT NEW.is_type"
    return "(NOT NEW.is_type OR (NEW.schema_id IS NOT NULL AND child.is_type))"


def _in_use_message(registry: str) -> str:
    return (
        f"violates check constraint {registry}_type_is_valid_fk: other {registry}s have this {registry} as their type, "
        "so it has to stay a type that allows them"
    )


def _cycle_message(registry: str) -> str:
    return f"Cannot set type: it would create a cycle, because the {registry} is its own type or a type of its type"


def _ancestors(table: str) -> str:
    # UNION (not UNION ALL) ends even where a cycle exists already
    return (
        "WITH RECURSIVE ancestors(id) AS ("
        f"SELECT NEW.type_id UNION SELECT above.type_id FROM {table} above JOIN ancestors ON above.id = ancestors.id "
        "WHERE above.type_id IS NOT NULL) SELECT 1 FROM ancestors WHERE id = NEW.id"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sqlite(registry: str) -> Iterator[str]:
    table = f"lamindb_{registry}"
    condition, message = _invalid_type(registry)
    columns = "type_id, is_type" if registry == "record" else "type_id"
    for event, when in (("_on_insert", "INSERT"), ("_on_update", f"UPDATE OF {columns}")):
        yield (
            f"CREATE TRIGGER {registry}_type_is_valid_fk{event} AFTER {when} ON {table} WHEN NEW.type_id IS NOT NULL BEGIN "
            f"SELECT RAISE(ABORT, {_quoted(message)}) FROM {table} parent WHERE parent.id = NEW.type_id AND {condition}; END"
        )
    for event, when in (("_on_insert", "INSERT"), ("_on_update", "UPDATE OF type_id")):
        yield (
            f"CREATE TRIGGER {registry}_type_has_no_cycle{event} AFTER {when} ON {table} WHEN NEW.type_id IS NOT NULL BEGIN "
            f"SELECT RAISE(ABORT, {_quoted(_cycle_message(registry))}) WHERE EXISTS ({_ancestors(table)}); END"
        )
    columns = "is_type, schema_id" if registry == "record" else "is_type"
    yield (
        f"CREATE TRIGGER {registry}_is_type_in_use AFTER UPDATE OF {columns} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, {_quoted(_in_use_message(registry))}) FROM {table} child "
        f"WHERE child.type_id = NEW.id AND {_type_in_use(registry)}; END"
    )


def _postgresql(registry: str) -> Iterator[str]:
    table = f"lamindb_{registry}"
    condition, message = _invalid_type(registry)
    columns = "type_id, is_type" if registry == "record" else "type_id"
    yield from _postgresql_rule(
        f"{registry}_type_is_valid_fk",
        table,
        f"INSERT OR UPDATE OF {columns}",
        "NEW.type_id IS NOT NULL",
        f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = NEW.type_id AND {condition})",
        message,
        registry,
    )
    yield from _postgresql_rule(
        f"{registry}_type_has_no_cycle",
        table,
        "INSERT OR UPDATE OF type_id",
        "NEW.type_id IS NOT NULL",
        f"EXISTS ({_ancestors(table)})",
        _cycle_message(registry),
        registry,
    )
    yield from _postgresql_rule(
        f"{registry}_is_type_in_use",
        table,
        f"UPDATE OF {'is_type, schema_id' if registry == 'record' else 'is_type'}",
        "NOT NEW.is_type OR NEW.schema_id IS NOT NULL" if registry == "record" else "NOT NEW.is_type",
        f"EXISTS (SELECT 1 FROM {table} child WHERE child.type_id = NEW.id AND {_type_in_use(registry)})",
        _in_use_message(registry),
        registry,
    )


def _postgresql_rule(
    name: str, table: str, event: str, when: str, condition: str, message: str, registry: str
) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = '{registry}_type_is_valid_fk', TABLE = '{table}', "
        f"MESSAGE = {_quoted(message)}; END IF; RETURN NULL; END $body$"
    )
    yield f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"


# A renamed feature keeps its former name among the synonyms and, with the time, in _aux["renamed"].
_SQLITE_RENAMING = (
    """
    CREATE TRIGGER feature_notes_renaming AFTER UPDATE OF name ON lamindb_feature WHEN OLD.name <> NEW.name BEGIN
      UPDATE lamindb_feature SET
        synonyms = CASE
          WHEN coalesce(NEW.synonyms, '') = '' THEN OLD.name
          WHEN instr('|' || NEW.synonyms || '|', '|' || OLD.name || '|') > 0 THEN NEW.synonyms
          ELSE NEW.synonyms || '|' || OLD.name
        END,
        _aux = json_set(
          CASE WHEN json_type(NEW._aux) = 'object' THEN NEW._aux ELSE '{}' END,
          '$.renamed."' || strftime('%Y-%m-%dT%H:%M:%fZ', 'now') || '"',
          OLD.name
        )
      WHERE id = NEW.id;
    END
    """,
)
_POSTGRESQL_RENAMING = (
    """
    CREATE FUNCTION feature_notes_renaming() RETURNS trigger LANGUAGE plpgsql AS $body$
    DECLARE
      aux jsonb := CASE WHEN jsonb_typeof(NEW._aux) = 'object' THEN NEW._aux ELSE '{}'::jsonb END;
      noted_at text := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
    BEGIN
      IF coalesce(NEW.synonyms, '') = '' THEN
        NEW.synonyms := OLD.name;
      ELSIF position('|' || OLD.name || '|' IN '|' || NEW.synonyms || '|') = 0 THEN
        NEW.synonyms := NEW.synonyms || '|' || OLD.name;
      END IF;
      NEW._aux := aux || jsonb_build_object(
        'renamed', coalesce(aux -> 'renamed', '{}'::jsonb) || jsonb_build_object(noted_at, OLD.name)
      );
      RETURN NEW;
    END
    $body$
    """,
    """
    CREATE TRIGGER feature_notes_renaming BEFORE UPDATE OF name ON lamindb_feature
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION feature_notes_renaming()
    """,
)
