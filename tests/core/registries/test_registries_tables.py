"""Every table has exactly the promised columns, relations and constraints, and the migration makes exactly these tables."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

# test folders are no packages, so that a neighbour can't be imported by name
_CONTRACT = runpy.run_path(str(Path(__file__).with_name("registries_contract_tables.py")))
LINKS, MIXINS, REGISTRIES = _CONTRACT["LINKS"], _CONTRACT["MIXINS"], _CONTRACT["REGISTRIES"]
_TYPES = {
    "bigint": "BigIntegerField",
    "smallint": "SmallIntegerField",
    "integer": "IntegerField",
    "char": "CharField",
    "text": "TextField",
    "bool": "BooleanField",
    "json": "JSONField",
    "datetime": "DateTimeField",
    "date": "DateField",
    "url": "URLField",
    "fk": "ForeignKey",
    "o2o": "OneToOneField",
    "m2m": "ManyToManyField",
}
_KEYS = {"int": "AutoField", "bigint": "BigAutoField", "smallint": "SmallAutoField"}
TABLES = {**REGISTRIES, **LINKS}


def lines_of(text: str) -> list[str]:
    """Return the lines of a table; mixins are replaced by theirs, what the table says itself comes last and wins."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        line = line.strip()
        lines = [*lines_of(MIXINS[line]), *lines] if line.startswith("@") else [*lines, line]
    return lines


def promised(text: str) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Return what a table promises: its fields, and its constraints in words."""
    fields, constraints = {}, set()
    for line in lines_of(text):
        if "(" in line:
            constraints.update(_constraints(line))
            continue
        name, field = _field(line)
        fields[name] = field
    return fields, constraints


def _constraints(line: str) -> list[str]:
    match = re.match(r"(unique\((.*?)\)) \+null (\w+)$", line)
    if match is None:
        return [line]
    columns = [name for name in match[2].split(", ") if name != match[3]]
    return [f"unique({', '.join([*columns, match[3]])})", f"unique({', '.join(columns)}) where {match[3]} is null"]


def _field(line: str) -> tuple[str, dict[str, Any]]:
    line, _, reverse = line.partition(" <= ")
    name, kind, *words = line.split(" ")
    found: dict[str, Any] = {"type": _KEYS[kind] if "pk" in words else _TYPES[kind], "null": "null" in words}
    if kind in ("char", "url"):
        found["length"] = int(words[0])
    if kind in ("fk", "o2o", "m2m"):
        found["target"], found["reverse"] = words[0], None if reverse == "-" else reverse
    if kind in ("fk", "o2o"):
        found["on_delete"] = words[1]
    if kind == "m2m":
        found["through"] = words[words.index("via") + 1] if "via" in words else "auto"
        return name, found
    found["unique"] = "unique" in words or "pk" in words or kind == "o2o"
    found["index"] = "index" in words or kind in ("fk", "o2o")
    defaults = dict(word.split("=") for word in words if "=" in word)
    found["default"] = defaults.get("default")
    found["db_default"] = "Now()" if "now" in words else defaults.get("db")
    found["required"] = "required" in words or (kind == "fk" and "null" not in words and "default" not in defaults)
    return name, found


def described(model: Any) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """Return what a model has, in the same terms."""
    fields = {field.name: _describe(field) for field in [*model._meta.local_fields, *model._meta.local_many_to_many]}
    return fields, {_in_words(constraint) for constraint in model._meta.constraints}


def _describe(field: Any) -> dict[str, Any]:
    from lamindb.base.fields import is_required

    found: dict[str, Any] = {"type": type(field).__name__, "null": field.null}
    if found["type"] in ("CharField", "URLField"):
        found["length"] = field.max_length
    if field.is_relation:
        name = field.remote_field.related_name
        found["target"] = field.related_model.__name__
        found["reverse"] = None if field.remote_field.hidden else name
    if field.many_to_many:
        through = field.remote_field.through
        return {**found, "null": False, "through": "auto" if through._meta.auto_created else through.__name__}
    if field.is_relation:
        found["on_delete"] = field.remote_field.on_delete.__name__
    default = field.default if field.has_default() else None
    default = getattr(default, "__name__", default)
    db_default = field.db_default if field.has_db_default() else None
    return {
        **found,
        "unique": field.unique,
        "index": field.db_index,
        "default": None if default is None else str(default),
        "db_default": None if db_default is None else str(getattr(db_default, "value", db_default)),
        "required": is_required(field),
    }


def _in_words(constraint: Any) -> str:
    from django.db.models import CheckConstraint

    if isinstance(constraint, CheckConstraint):
        return f"check({constraint.name})"
    if constraint.expressions:
        return f"unique_lower({constraint.expressions[0].source_expressions[0].name})"
    text = f"unique({', '.join(constraint.fields)})"
    if constraint.condition is None:
        return text
    ((lookup, is_null),) = constraint.condition.children
    return f"{text} where {lookup.removesuffix('__isnull')} is {'null' if is_null else 'not null'}"


def model_called(name: str) -> Any:
    import lamindb.models

    return getattr(lamindb.models, name)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_table_is_as_promised(name: str) -> None:
    model = model_called(name)
    fields, constraints = promised(TABLES[name])
    found_fields, found_constraints = described(model)
    assert {key: found_fields.get(key) for key in fields} == fields
    assert sorted(found_fields) == sorted(fields)
    assert found_constraints == constraints
    assert model._meta.db_table == ("django_migrations" if name == "Migration" else f"lamindb_{name.lower()}")


def test_there_are_no_other_tables() -> None:
    from django.apps import apps

    import lamindb.models  # noqa: F401

    assert sorted(model.__name__ for model in apps.get_app_config("lamindb").get_models()) == sorted(TABLES)


@pytest.mark.parametrize("name", sorted(LINKS))
def test_links_are_marked_and_others_are_not(name: str) -> None:
    from lamindb.models import IsLink

    assert issubclass(model_called(name), IsLink)
    assert not any(issubclass(model_called(registry), IsLink) for registry in REGISTRIES)


def test_each_constraint_name_fits_every_database() -> None:
    from django.apps import apps

    import lamindb.models  # noqa: F401

    names = [
        constraint.name
        for model in apps.get_app_config("lamindb").get_models()
        for constraint in model._meta.constraints
    ]
    assert len(names) == len(set(names))
    assert max(len(name) for name in names) <= 63  # PostgreSQL cuts longer ones


def test_dotted_paths_of_module_migrations_can_be_imported() -> None:
    from lamindb.base.users import current_user_id
    from lamindb.models.can_curate import CanCurate  # noqa: F401
    from lamindb.models.has_parents import HasParents  # noqa: F401
    from lamindb.models.run import TracksRun, TracksUpdates, current_run  # noqa: F401
    from lamindb.models.sqlrecord import IsLink  # noqa: F401

    assert current_run() is None
    assert callable(current_user_id)


def test_models_and_migration_agree(instance: Any) -> None:
    import lamindb as ln

    assert ln.setup.migrate.check()


def test_database_has_the_columns_and_indexes_of_every_model(instance: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for name in TABLES:
            model = model_called(name)
            assert model._meta.db_table in tables
            columns = {
                column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
            }
            assert columns == {field.column for field in model._meta.local_fields}
            for field in model._meta.local_many_to_many:
                assert field.m2m_db_table() in tables
            if not model._meta.managed:
                continue
            made = connection.introspection.get_constraints(cursor, model._meta.db_table)
            indexes = [entry for entry in made.values() if entry["index"] or entry["unique"] or entry["primary_key"]]
            indexed = {
                entry["columns"][0] for entry in indexes if entry["columns"]
            }  # an index on an expression has none
            assert {field.column for field in model._meta.local_fields if field.db_index or field.unique} <= indexed
            assert {constraint.name for constraint in model._meta.constraints} <= set(made)


def test_migration_can_be_undone_and_redone(instance: Any) -> None:
    from django.core.management import call_command
    from django.db import connection

    core_tables = {model_called(name)._meta.db_table for name in TABLES} - {"django_migrations"}
    call_command("migrate", "lamindb", "zero", verbosity=0)
    assert not core_tables & set(connection.introspection.table_names())
    call_command("migrate", verbosity=0)
    assert core_tables <= set(connection.introspection.table_names())


MODULE_MODELS = """
from __future__ import annotations
from django.db import models
from django.db.models import CASCADE, PROTECT
from lamindb.base.fields import CharField, ForeignKey
from lamindb.base.uids import base62_12
from lamindb.models import Artifact, BaseSQLRecord, CanCurate, Feature, IsLink, SQLRecord, TracksRun, TracksUpdates


class Donor(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    class Meta(SQLRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "oldmodule"

    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(unique=True, max_length=12, db_index=True, default=base62_12)
    name: str = CharField(db_index=True)
    artifacts: Artifact = models.ManyToManyField(Artifact, through="ArtifactDonor", related_name="donors")


class ArtifactDonor(BaseSQLRecord, IsLink, TracksRun):
    id: int = models.BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey(Artifact, CASCADE, related_name="links_donor")
    donor: Donor = ForeignKey(Donor, PROTECT, related_name="links_artifact")
    feature: Feature = ForeignKey(Feature, PROTECT, null=True, default=None, related_name="links_artifactdonor")

    class Meta:
        app_label = "oldmodule"
        unique_together = ("artifact", "donor", "feature")
"""
MODULE_MIGRATION = """
import lamindb.base.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = {initial}
    dependencies = {dependencies}
    operations = [{operation}]
"""
DONOR = """
        migrations.CreateModel(
            name="{name}",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("artifact", lamindb.base.fields.ForeignKey(
                    blank=True, on_delete=models.CASCADE, related_name="+", to="lamindb.artifact")),
            ],
        ),
"""


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_old_modules_migrate_on_a_fresh_database(
    vendor: str, tmp_path: Any, run_python: Any, request: pytest.FixtureRequest
) -> None:
    package = tmp_path / "packages" / "oldmodule"
    (package / "migrations").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(MODULE_MODELS)
    (package / "migrations" / "__init__.py").write_text("")
    core_names = ["0177_squashed", "0182_v2_2_part_5", "0187_squashed", "0193_squashed"]
    previous: list[tuple[str, str]] = []
    for number, core_name in enumerate(core_names, start=1):
        text = MODULE_MIGRATION.format(
            initial=number == 1,
            dependencies=repr([("lamindb", core_name), *previous]),
            operation=DONOR.format(name=f"Old{number}"),
        )
        (package / "migrations" / f"{number:04}_step.py").write_text(text)
        previous = [("oldmodule", f"{number:04}_step")]
    database = request.getfixturevalue("postgres_database")() if vendor == "postgresql" else None
    code = f"""
import sys
sys.path.insert(0, {str(package.parent)!r})
import lamindb as ln
ln.setup.init(storage={str(tmp_path / "storage")!r}, name="old-{vendor}", modules="oldmodule", db={database!r})
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from oldmodule.models import Donor
print("tables", sorted(name for name in connection.introspection.table_names() if name.startswith("oldmodule")))
print("applied", sorted(name for app, name in MigrationRecorder(connection).applied_migrations() if app == "lamindb"))
from django.core.management import call_command
call_command("migrate", verbosity=0)  # a second time there is nothing to do
ln.setup.disconnect()
"""
    out = run_python(code).stdout
    assert "oldmodule_old1" in out and "oldmodule_old4" in out
    for core_name in ("0001_initial", *core_names):
        assert core_name in out
    assert "oldmodule" not in sys.modules


def test_new_modules_get_migrations_that_apply(tmp_path: Any, run_python: Any) -> None:
    package = tmp_path / "packages" / "newmodule"
    (package / "migrations").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(MODULE_MODELS.replace("oldmodule", "newmodule"))
    (package / "migrations" / "__init__.py").write_text("")
    start = f"import sys; sys.path.insert(0, {str(package.parent)!r}); import lamindb as ln; "
    empty = tmp_path / "empty.db"  # Django compares the history of a database with the files
    empty.touch()
    run_python(
        start + "import lamindb.models; from lamindb.setup._django import use_instance; "
        f"use_instance('sqlite:///{empty}', []); "
        "from django.core.management import call_command; call_command('makemigrations', 'newmodule', verbosity=0)",
        env={"LAMINDB_MODULES": "newmodule"},
    )
    text = (package / "migrations" / "0001_initial.py").read_text()
    assert "('lamindb', '0001_initial')" in text and "lamindb.base.fields.CharField" in text
    out = run_python(
        start
        + f"""
ln.setup.init(storage={str(tmp_path / "storage")!r}, name="new", modules="newmodule")
from newmodule.models import ArtifactDonor, Donor
donor = Donor(name="ada").save()
open({str(tmp_path / "a.txt")!r}, "w").write("a")
artifact = ln.Artifact({str(tmp_path / "a.txt")!r}, key="a.txt").save()
artifact.donors.add(donor)
print("donors", [donor.name for donor in artifact.donors.all()], ArtifactDonor.objects.count())
print("reused", Donor(name="ada").id == donor.id)
ln.setup.disconnect()
"""
    ).stdout
    assert "donors ['ada'] 1" in out and "reused True" in out
