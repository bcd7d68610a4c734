"""Migrations of modules: those written for the original packages, those without, and scripts of tables."""

from __future__ import annotations

import pytest

MIGRATION = """
from django.db import migrations, models
import lamindb.base.fields

class Migration(migrations.Migration):
    initial = True
    dependencies = [("lamindb", "{name}")]
    operations = [
        migrations.CreateModel(
            name="Donor",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("uid", lamindb.base.fields.CharField(blank=True, default=lamindb.base.uids.base62_12, max_length=12, unique=True)),
                ("name", lamindb.base.fields.CharField(blank=True, default=None, max_length=255)),
            ],
            options={{"abstract": False, "base_manager_name": "objects"}},
        )
    ]
"""
USE = """
import lamindb as ln
ln.setup.init(storage="data", modules="mylab")
import mylab
mylab.Donor(name="D1").save()
assert mylab.Donor.get(name="D1").name == "D1"
ln.setup.migrate.deploy()
ln.setup.django("migrate")
ln.setup.migrate.show()
assert ln.setup.migrate.check()
assert ln.setup.migrate.deployed_migrations()["mylab"] == ["0001_initial"]
assert ln.setup.migrate.status().is_compatible
from lamindb.models import sqlrecord
assert sqlrecord.LinkORM is sqlrecord.IsLink and sqlrecord.Record is sqlrecord.SQLRecord is not ln.Record
"""


@pytest.mark.parametrize("name", ["0069_squashed", "0182_v2_2_part_5", "0187_squashed", "0207_of_a_later_release"])
def test_modules_written_for_the_original_are_migrated(lab, simple_models, name):
    lab.package("mylab", simple_models("mylab"), migrations={"0001_initial": MIGRATION.format(name=name)})
    lab.run(USE)


def test_a_migration_that_a_newer_core_brings_is_not_taken_for_an_old_one(lab, simple_models):
    lab.package("mylab", simple_models("mylab"), migrations={"0001_initial": MIGRATION.format(name="0033_newer")})
    done = lab.run("import lamindb as ln; ln.setup.init(storage='data', modules='mylab')", check=False)
    assert done.returncode != 0
    assert "0033_newer" in done.stderr
    assert not (lab.folder / "work" / "data").exists()


NEXT = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("mylab", "0001_initial")]
    operations = [migrations.RunSQL("{sql}")]
"""


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_new_migrations_are_tried_on_a_clone_first(lab, simple_models, vendor, request):
    db = None if vendor == "sqlite" else request.getfixturevalue("postgres_database")()
    initial = MIGRATION.format(name="0001_initial")
    package = lab.package("mylab", simple_models("mylab"), migrations={"0001_initial": initial})
    code = "import lamindb as ln; ln.setup.init(storage='data', name='data', modules='mylab', db={db!r})"
    lab.run(code.format(db=db) + "; import mylab; mylab.Donor(name='D1').save()")
    (package / "migrations" / "0002_next.py").write_text(NEXT.format(sql="UPDATE mylab_nowhere SET name = 'D2'"))
    done = lab.run("import lamindb as ln; ln.setup.migrate.deploy(dry_run=True)", check=False)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("RuntimeError: The migrations fail on a clone of anonymous/data") and "mylab_nowhere" in last
    (package / "migrations" / "0002_next.py").write_text(NEXT.format(sql="UPDATE mylab_donor SET name = 'D2'"))
    done = lab.run(
        "import lamindb as ln; ln.setup.migrate.deploy(dry_run=True); import mylab; print(mylab.Donor.get().name)"
    )
    assert "run on a clone" in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "D1"
    code = "import lamindb as ln; assert ln.setup.migrate.status().pending; ln.setup.migrate.deploy(); import mylab; print(mylab.Donor.get().name)"
    assert lab.run(code).stdout.splitlines()[-1] == "D2"


def test_a_script_of_the_tables_makes_new_instances_fast_and_follows_the_migrations(lab, simple_models):
    initial = MIGRATION.format(name="__first__")
    package = lab.package("mylab", simple_models("mylab"), migrations={"0001_initial": initial})
    create = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'lamindb.setup.sqlite_script', 'mylab'], check=True)"
    lab.run(create)
    code = """
import sys
import lamindb as ln
ln.setup.init(storage="{name}", modules="mylab")
assert "django" not in sys.modules
import mylab
mylab.Donor(name="D1").save()
assert ln.setup.migrate.status().is_compatible
"""
    lab.run(code.format(name="one"))
    source = package / "models.py"
    source.write_text(source.read_text() + "    note: str = CharField(null=True)\n")
    done = lab.run("import lamindb as ln; ln.setup.migrate.create(); ln.setup.migrate.deploy()")
    assert "sqlite_schema.sql up to date" in done.stdout + done.stderr
    lab.run(code.format(name="two") + "assert mylab.Donor(name='D2', note='n').save().note == 'n'")


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_tables_that_were_made_without_migrations_are_adopted_by_the_first_one(lab, simple_models, vendor, request):
    db = None if vendor == "sqlite" else request.getfixturevalue("postgres_database")()
    package = lab.package("mylab", simple_models("mylab"))
    start = f"import lamindb as ln; ln.setup.init(storage='data', name='data', modules='mylab', db={db!r})"
    lab.run(start + "; import mylab; mylab.Donor(name='D1').save()")
    (package / "migrations").mkdir()
    (package / "migrations" / "__init__.py").touch()
    models = simple_models("mylab")
    (package / "models.py").write_text(models + "    age: str = CharField(null=True)\n")
    lab.run("import lamindb as ln; ln.setup.migrate.create()")
    done = lab.run("import lamindb as ln; ln.setup.migrate.deploy()", check=False)
    assert "lack mylab_donor.age, which its registries have got since" in done.stderr
    for path in (package / "migrations").glob("0001*"):
        path.unlink()
    (package / "models.py").write_text(models)
    lab.run("import lamindb as ln; ln.setup.migrate.create(); ln.setup.migrate.deploy()")
    (package / "models.py").write_text(models + "    age: str = CharField(null=True)\n")
    lab.run("import lamindb as ln; ln.setup.migrate.create()")
    code = (
        "import lamindb as ln; ln.setup.migrate.deploy(); import mylab\n"
        "print(mylab.Donor.get().name, mylab.Donor.get().age, ln.setup.migrate.check(), ln.setup.migrate.status().is_compatible)"
    )
    assert lab.run(code).stdout.splitlines()[-1] == "D1 None True True"
