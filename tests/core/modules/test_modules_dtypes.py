"""Registries of modules as dtypes of features: with their own name field, in lists, unions and filters, if they can annotate artifacts."""

from __future__ import annotations

from typing import Any

MODELS = """
from django.db import models
from lamindb.base.fields import CharField, ForeignKey
from lamindb.base.uids import base62_12
from lamindb.models import CanCurate, SQLRecord, TracksRun, TracksUpdates, linked_to

class Base(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    class Meta(SQLRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = True
        app_label = "mylab"
    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(unique=True, max_length=12, db_index=True, default=base62_12)
    name: str = CharField(db_index=True)

class Freezer(Base):
    class Meta(Base.Meta):
        abstract = False

@linked_to("Artifact")
class CellLine(Base):
    class Meta(Base.Meta):
        abstract = False
    _name_field = "code"
    code: str = CharField(db_index=True)
    freezer: Freezer = ForeignKey(Freezer, models.PROTECT, null=True, default=None, related_name="+")
"""
USE = """
import lamindb as ln
import mylab
from lamindb.annotation.dtypes import resolve

def text(**given):
    return ln.Feature(name="x", **given).dtype_as_str

assert text(dtype=mylab.CellLine) == "cat[mylab.CellLine]"
assert text(dtype=mylab.CellLine.code) == "cat[mylab.CellLine.code]"
assert text(dtype=mylab.CellLine.name) == "cat[mylab.CellLine.name]"
assert text(dtype=list[mylab.CellLine]) == "list[cat[mylab.CellLine]]"
assert text(dtype=[ln.ULabel, mylab.CellLine]) == "cat[ULabel|mylab.CellLine]"
assert ln.Feature(name="x", dtype=mylab.CellLine).dtype_as_object is mylab.CellLine.code
line = ln.Feature(name="line", dtype=mylab.CellLine).save()
assert ln.Feature(name="line", dtype=mylab.CellLine.code) == line

freezer = mylab.Freezer(name="F1").save()
stored, other = mylab.CellLine(name="HeLa", code="C1", freezer=freezer).save(), mylab.CellLine(name="HEK", code="C2").save()
for given, expected in (
    ({"dtype": mylab.CellLine, "cat_filters": {"freezer": freezer}}, f"cat[mylab.CellLine[freezer__uid='{freezer.uid}']]"),
    ({"dtype": "cat[mylab.CellLine.name[freezer=F1]]"}, "cat[mylab.CellLine.name[freezer='F1']]"),
):
    assert text(**given) == expected
    (member,) = resolve(expected)
    assert mylab.CellLine.filter(member.conditions()).to_list("code") == ["C1"]

def refused(problem, **given):
    try:
        ln.Feature(name="x", **given)
    except ln.errors.ValidationError as error:
        assert problem in str(error), error
    else:
        raise SystemExit(f"{given} was accepted")

refused("'mylab.Freezer' is an invalid dtype, has to be registry", dtype=mylab.Freezer)
refused("'mylab.Freezer' is an invalid dtype, has to be registry", dtype="cat[mylab.Freezer]")
refused("Did you mean mylab.CellLine", dtype="cat[mylab.Cellline]")
refused("the module mylub is not part of this instance", dtype="cat[mylub.CellLine]")
refused("has no field 'cod'", dtype="cat[mylab.CellLine.cod]")
refused("no field 'frezer'", dtype=mylab.CellLine, cat_filters={"frezer": freezer})
"""


def test_registries_of_modules_are_dtypes(lab: Any) -> None:
    lab.package("mylab", MODELS, migrations={})
    lab.run("import lamindb as ln; ln.setup.init(storage='draft', modules='mylab'); ln.setup.migrate.create()")
    lab.run(f"import lamindb as ln; ln.setup.init(storage='data', name='data', modules='mylab')\n{USE}")
