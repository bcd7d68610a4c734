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
