"""Links of module registries to those of the core: written by `linked_to`, or by hand and checked."""

from __future__ import annotations

import pytest

HEAD = """
from django.db import models
from django.db.models import CASCADE, PROTECT
from lamindb.base.fields import CharField, ForeignKey
from lamindb.base.uids import base62_12
from lamindb.models import (
    Artifact, BaseSQLRecord, CanCurate, Feature, IsLink, Record, Schema, SQLRecord, TracksRun, TracksUpdates, linked_to,
)
"""
REGISTRY = """
class {name}(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    class Meta(SQLRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "mylab"
    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(unique=True, max_length=12, db_index=True, default=base62_12)
    name: str = CharField(db_index=True)
"""
USE = """
import lamindb as ln
import mylab
from mylab.models import ArtifactCellLine, RecordCellLine, SchemaCellLine, RunCellLine, CollectionCellLine

line = mylab.CellLine(name="HeLa").save()
open("a.csv", "w").write("line\\nHeLa\\n")
artifact = ln.Artifact("a.csv", key="a.csv").save()
artifact.cell_lines.add(line)
assert ln.Artifact.filter(cell_lines__name="HeLa").one() == artifact
feature = ln.Feature(name="line", dtype=mylab.CellLine).save()
artifact.labels.add(line, feature=feature)
assert artifact.links_cell_line.count() == 2
assert {link.feature for link in artifact.links_cell_line.all()} == {None, feature}
assert ln.Artifact.filter(line="HeLa").one() == artifact
record = ln.Record(name="s1").save()
RecordCellLine(record=record, value=line, feature=feature).save()
assert record.values_cell_line.get().value == line
assert ln.Record.filter(line="HeLa").one() == record
schema = ln.Schema([line]).save()
assert line.schemas.get() == schema
collection = ln.Collection([artifact], key="c").save()
collection.cell_lines.add(line)
transform = ln.Transform(key="t").save()
run = ln.Run(transform).save()
run.cell_lines.add(line)
assert line.runs.get() == run and line.collections.get() == collection
assert mylab.Mouse.artifacts.rel.related_name == "mice"
from django.db.models import ProtectedError
for kind in (line.links_artifact, line.links_record, line.links_schema, line.links_collection, line.links_run):
    assert kind.count() > 0
try:
    line.delete(permanent=True)
except ProtectedError:
    pass
else:
    raise SystemExit("a label in use was deleted")
"""


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_the_declaration_makes_all_links(lab, vendor, request):
    db = None if vendor == "sqlite" else request.getfixturevalue("postgres_database")()
    source = HEAD + '@linked_to("Artifact", Record, "Schema", "Run", "Collection")' + REGISTRY.format(name="CellLine")
    source += '\n@linked_to(plural="mice")' + REGISTRY.format(name="Mouse")
    lab.package("mylab", source, migrations={})
    lab.run("import lamindb as ln; ln.setup.init(storage='draft', modules='mylab'); ln.setup.migrate.create()")
    lab.run(f"import lamindb as ln; ln.setup.init(storage='data', name='data', db={db!r}, modules='mylab')\n{USE}")
    done = lab.run("import lamindb as ln; assert ln.setup.migrate.check(); ln.setup.django('check')")
    assert "has to" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("use", "error", "text"),
    [
        ("@linked_to", TypeError, "write @linked_to() above the class"),
        ("@linked_to('Artefact')", ValueError, "Did you mean Artifact?"),
        ("@linked_to(Feature)", ValueError, "only Artifact, Record"),
        ("@linked_to(plural='My lines')", ValueError, "snake case"),
        ("@linked_to(plural='links_line')", ValueError, "beginnings for links"),
    ],
)
def test_wrong_declarations_are_explained(lab, use, error, text):
    lab.package("mylab", HEAD + use + REGISTRY.format(name="CellLine"))
    done = lab.run(
        "import lamindb as ln; ln.setup.init(storage='data', modules='mylab'); import mylab; mylab.CellLine",
        check=False,
    )
    assert f"{error.__name__}: " in done.stderr and text in done.stderr


LINKS = """
    artifacts = models.ManyToManyField(Artifact, through="ArtifactDonor", related_name={related_name!r})
    records = models.ManyToManyField(Record, related_name="donors")

class ArtifactDonor({bases}):
    class Meta:
        app_label = "mylab"
    id: int = models.BigAutoField(primary_key=True)
    artifact = ForeignKey(Artifact, {host}, related_name="links_donor")
    donor = ForeignKey(Donor, {value}, related_name="links_artifact")
    feature = ForeignKey(Feature, PROTECT, related_name="links_artifactdonor")

class RecordDonor(BaseSQLRecord, IsLink):
    class Meta:
        app_label = "mylab"
    id: int = models.BigAutoField(primary_key=True)
    record = ForeignKey(Record, CASCADE, related_name="values_donor")
    value = ForeignKey(Donor, PROTECT, related_name="links_record")
"""


def test_each_missing_piece_of_hand_written_links_is_named_at_startup_and_by_check(lab):
    links = LINKS.format(related_name="links_donors", bases="BaseSQLRecord", host="PROTECT", value="CASCADE")
    lab.package("mylab", HEAD + REGISTRY.format(name="Donor") + links)
    lab.run("import lamindb as ln; ln.setup.init(storage='data', modules='mylab')")
    pieces = [
        "mylab.ArtifactDonor has to inherit lamindb.models.IsLink",
        "mylab.ArtifactDonor.feature has to be declared with null=True",
        "mylab.ArtifactDonor.donor has to be declared with on_delete=PROTECT",
        "mylab.Donor.artifacts has the related_name 'links_donors'",
        "use a plural such as 'donors'",
        "mylab.Donor.records has no link table of its own",
        "write @lamindb.models.linked_to('Record') above Donor",
        "mylab.RecordDonor has no foreign key 'feature'",
    ]
    done = lab.run("import lamindb as ln; ln.ULabel")
    assert [piece for piece in pieces if piece not in done.stdout + done.stderr] == []
    done = lab.run("import lamindb as ln; ln.ULabel; print(30 * '='); ln.setup.django('check')")
    assert [piece for piece in pieces if piece not in done.stderr + done.stdout.partition(30 * "=")[2]] == []


def test_links_as_the_documentation_writes_them_have_no_problem(lab, run_python):
    good = LINKS.format(
        related_name="donors", bases="BaseSQLRecord, IsLink, TracksRun", host="CASCADE", value="PROTECT"
    )
    good = good.replace(
        'related_name="links_artifactdonor"', 'null=True, default=None, related_name="links_artifactdonor"'
    )
    good = good.replace(
        "models.ManyToManyField(Record, related_name",
        'models.ManyToManyField(Record, through="RecordDonor", related_name',
    )
    good += '    feature = ForeignKey(Feature, PROTECT, null=True, default=None, related_name="links_recorddonor")\n'
    lab.package("mylab", HEAD + REGISTRY.format(name="Donor") + good)
    lab.run("import lamindb as ln; ln.setup.init(storage='data', modules='mylab')")
    done = lab.run("import lamindb as ln; from lamindb.models.module_links import check_links; print(check_links())")
    assert done.stdout.splitlines()[-1] == "[]"


def test_two_modules_that_claim_one_accessor_are_named(lab):
    for name in ("mylab", "other"):
        source = HEAD + "@linked_to('Artifact')" + REGISTRY.format(name="Donor").replace('"mylab"', f'"{name}"')
        lab.package(name, source)
    done = lab.run("import lamindb as ln; ln.setup.init(storage='data', modules='mylab,other'); ln.ULabel", check=False)
    assert "Artifact.donors is claimed by" in done.stdout + done.stderr


ALIKE = """
import lamindb as ln
import mylab, other

one, two = mylab.CellLine(name="HeLa").save(), other.Cellline(name="HEK").save()
open("a.csv", "w").write("a")
artifact = ln.Artifact("a.csv", key="a.csv").save()
ln.Feature(name="line", dtype=mylab.CellLine).save()
ln.Feature(name="other_line", dtype=other.Cellline).save()
artifact.features.add_values({"line": "HeLa", "other_line": "HEK"})
assert artifact.features.get_values() == {"line": "HeLa", "other_line": "HEK"}, artifact.features.get_values()
assert artifact.links_cell_line.get().cellline == one and artifact.links_cellline.get().cellline == two
assert (artifact.cell_lines.get(), artifact.celllines.get()) == (one, two)
assert ln.Artifact.get(line="HeLa") == artifact == ln.Artifact.get(other_line="HEK")
mylab.CellLine(name="HEK").save()
assert ln.Artifact.filter(line="HEK").count() == 0
described = artifact.describe(return_str=True)
assert "HeLa" in described and "HEK" in described
record = ln.Record(name="s1", features={"line": "HeLa", "other_line": "HEK"}).save()
assert record.values_cell_line.get().value == one and record.values_cellline.get().value == two
"""


def test_registries_whose_names_differ_by_underscores_only_are_kept_apart(lab):
    for name, registry in (("mylab", "CellLine"), ("other", "Cellline")):
        source = (
            HEAD + "@linked_to('Artifact', 'Record')" + REGISTRY.format(name=registry).replace('"mylab"', f'"{name}"')
        )
        lab.package(name, source)
    done = lab.run(f"import lamindb as ln; ln.setup.init(storage='data', name='data', modules='mylab,other')\n{ALIKE}")
    assert "is claimed by" not in done.stdout + done.stderr
