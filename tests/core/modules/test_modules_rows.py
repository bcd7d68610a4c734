"""Registries of a hand-written package get everything that those of the core have."""

from __future__ import annotations

from pathlib import Path

import pytest

ROWS = Path(__file__).with_name("rows_of_own_registries.py")
MODELS = """
from __future__ import annotations
from django.db import models
from django.db.models import CASCADE, PROTECT
from lamindb.base.fields import CharField, FloatField, ForeignKey, IntegerField, TextField
from lamindb.base.uids import base62_12
from lamindb.models import (
    Artifact, BaseSQLRecord, CanCurate, Feature, IsLink, Record, Schema, SQLRecord, TracksRun, TracksUpdates,
)


class Donor(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    class Meta(SQLRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "mylab"

    _name_field: str = "name"
    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(unique=True, max_length=12, db_index=True, default=base62_12)
    name: str = CharField(db_index=True)
    age: float | None = FloatField(null=True, default=None)
    visits: int = IntegerField(db_default=3)
    artifacts: Artifact = models.ManyToManyField(Artifact, through="ArtifactDonor", related_name="donors")
    records: Record = models.ManyToManyField(Record, through="RecordDonor", related_name="donors")
    schemas: Schema = models.ManyToManyField(Schema, through="SchemaDonor", related_name="donors")


class ArtifactDonor(BaseSQLRecord, IsLink, TracksRun):
    id: int = models.BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey(Artifact, CASCADE, related_name="links_donor")
    donor: Donor = ForeignKey(Donor, PROTECT, related_name="links_artifact")
    feature: Feature = ForeignKey(Feature, PROTECT, null=True, default=None, related_name="links_artifactdonor")

    class Meta:
        app_label = "mylab"
        unique_together = ("artifact", "donor", "feature")


class RecordDonor(BaseSQLRecord, IsLink, TracksRun):
    id: int = models.BigAutoField(primary_key=True)
    record: Record = ForeignKey(Record, CASCADE, related_name="values_donor")
    value: Donor = ForeignKey(Donor, PROTECT, related_name="links_record")
    feature: Feature = ForeignKey(Feature, PROTECT, null=True, default=None, related_name="links_recorddonor")

    class Meta:
        app_label = "mylab"
        unique_together = ("record", "value", "feature")


class SchemaDonor(BaseSQLRecord, IsLink):
    id: int = models.BigAutoField(primary_key=True)
    schema: Schema = ForeignKey(Schema, CASCADE, related_name="links_donor")
    donor: Donor = ForeignKey(Donor, PROTECT, related_name="links_schema")

    class Meta:
        app_label = "mylab"
        unique_together = ("schema", "donor")


class Treatment(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    class Meta(SQLRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "mylab"

    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(unique=True, max_length=12, db_index=True, default=base62_12)
    name: str = CharField(db_index=True)
    abbr: str | None = CharField(null=True, max_length=32, unique=True)
    synonyms: str | None = TextField(null=True, default=None)
    artifacts: Artifact = models.ManyToManyField(Artifact, through="ArtifactTreatment", related_name="treatments")


class ArtifactTreatment(BaseSQLRecord, IsLink, TracksRun):
    id: int = models.BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey(Artifact, CASCADE, related_name="links_treatment")
    treatment: Treatment = ForeignKey(Treatment, PROTECT, related_name="links_artifact")
    feature: Feature = ForeignKey(Feature, PROTECT, null=True, default=None, related_name="links_artifacttreatment")

    class Meta:
        app_label = "mylab"
        unique_together = ("artifact", "treatment", "feature")


class Note(SQLRecord):
    class Meta(SQLRecord.Meta):
        abstract = False
        app_label = "mylab"

    id: int = models.AutoField(primary_key=True)
    text: str = CharField()


class Number(BaseSQLRecord, CanCurate):
    class Meta(BaseSQLRecord.Meta):
        abstract = False
        app_label = "mylab"

    id: int = models.AutoField(primary_key=True)
    number: float = FloatField()


class Plain(models.Model):
    title = models.CharField(max_length=20)

    class Meta:
        app_label = "mylab"
"""


OF_CORE = {"LAMIN_LOAD_PLUGINS": "lamindb_dataframe.plugin"}


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_registries_of_a_hand_written_package_can_do_what_those_of_the_core_can(lab, vendor, request):
    db = None if vendor == "sqlite" else request.getfixturevalue("postgres_database")()
    lab.package("mylab", MODELS, migrations={})
    lab.run("import lamindb as ln; ln.setup.init(storage='draft', modules='mylab'); ln.setup.migrate.create()")
    done = lab.run(
        f"import lamindb as ln; ln.setup.init(storage='data', name='data', db={db!r}, modules='mylab')\n"
        f"import runpy; runpy.run_path({str(ROWS)!r}, run_name='__main__')",
        check=False,
        **OF_CORE,
    )
    assert done.returncode == 0, done.stdout + done.stderr


FILL = """
import lamindb as ln, mylab
open("a.txt", "w").write({name!r})
artifact = ln.Artifact("a.txt", key="a.txt").save()
feature = ln.Feature(name="donor", dtype=mylab.Donor).save()
artifact.labels.add(mylab.Donor(name="D1", age=3).save(), feature=feature)
print("uids", artifact.uid, artifact.donors.get().uid)
"""
READ = """
import lamindb as ln
far = ln.DB("anonymous/far")
assert far.mylab.Donor.get(name="D1").age == 3
artifact = far.Artifact.get(key="a.txt")
assert artifact.donors.get().name == "D1" and artifact.features.get_values() == {"donor": "D1"}
import mylab
there = mylab.Donor.connect("anonymous/far").get(name="D1")
run = ln.Run(ln.Transform(key="before.py").save()).save()
here = there.save()
assert here._state.db == "default" and mylab.Donor.filter().count() == 1
assert here.uid == there.uid and here.created_by.handle and here.run.transform.kind == "function"
assert here.space.name == "all" and here.branch.name == "main"
copied = artifact.save(transfer="annotations")
assert copied.donors.get() == here and ln.Feature.get(name="donor")
assert copied.features.get_values() == {"donor": "D1"}
assert mylab.Donor.filter().count() == 1
print("transferred")
"""
READ_WITHOUT = """
import lamindb as ln
far = ln.DB("anonymous/far")
artifact = far.Artifact.get(key="a.txt")
assert artifact.features.get_values() == {}
assert "donors" not in ln.Artifact.describe(return_str=True)
text = artifact.describe(return_str=True)
assert "a.txt" in text and "Donor" not in text
copied = artifact.save(transfer="annotations")
assert ln.Artifact.get(key="a.txt") == copied
print("transferred")
"""


def test_records_of_a_package_are_read_in_and_taken_over_from_another_instance(lab):
    lab.package("mylab", MODELS)
    init = "import lamindb as ln; ln.setup.init(storage={name!r}, modules='mylab')\n"
    lab.run(init.format(name="far") + FILL.format(name="far"))
    lab.run(init.format(name="near"))
    done = lab.run(READ)
    assert done.stdout.splitlines()[-1] == "transferred"


def test_what_another_instance_has_of_packages_that_this_one_lacks_is_left_out_and_said(lab):
    lab.package("mylab", MODELS)
    lab.run("import lamindb as ln; ln.setup.init(storage='far', modules='mylab')" + FILL.format(name="far"))
    lab.run("import lamindb as ln; ln.setup.init(storage='near')")
    done = lab.run(READ_WITHOUT)
    assert done.stdout.splitlines()[-1] == "transferred"
    assert "left out what anonymous/far holds of modules that are not mounted here: mylab" in done.stdout


DELETE = """
import lamindb as ln
ln.connect("anonymous/far")
artifact = ln.Artifact.get(key="a.txt")
from django.db.utils import IntegrityError
try:
    artifact.delete(permanent=True, storage=True)
except IntegrityError as error:
    print(error)
assert ln.Artifact.get(key="a.txt").path.exists()
"""


def test_what_tables_of_packages_that_are_not_there_refer_to_is_not_deleted(lab):
    lab.package("mylab", MODELS)
    lab.run("import lamindb as ln; ln.setup.init(storage='far', modules='mylab')" + FILL.format(name="far"))
    (lab.packages / "mylab").rename(lab.packages / "elsewhere")
    done = lab.run(DELETE)
    assert "schema modules that are not installed here: mylab" in done.stdout
    assert "rows of modules that are not loaded here refer to it: mylab" in done.stdout.splitlines()[-1]
