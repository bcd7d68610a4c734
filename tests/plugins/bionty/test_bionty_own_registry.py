"""Registries of other packages that are based on `BioRecord` have public vocabularies of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

MODELS = """
from django.db import models
from bionty.models import BioRecord, HasOntologyId
from lamindb.base.fields import CharField
from lamindb.models import TracksRun, TracksUpdates


class Antibody(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "mylab"

    clone: str = CharField(null=True, default=None)


class Tagged(TracksUpdates, models.Model):
    class Meta:
        abstract = True


class Nanobody(Tagged, BioRecord, HasOntologyId, TracksRun):
    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "mylab"


class MouseAntibody(Antibody):
    class Meta(Antibody.Meta):
        abstract = False
        proxy = True
        app_label = "mylab"
"""
ROWS = """
import pandas as pd
import lamindb as ln
import mylab
import bionty as bt
from lamindb.errors import ValidationError

table = pd.DataFrame({
    "ontology_id": ["AB:1", "AB:2", "AB:3"],
    "name": ["antibody", "anti-CD3", "anti-CD4"],
    "definition": [None, "binds CD3", None],
    "synonyms": [None, "aCD3|OKT3 antibody", None],
    "parents": [[], ["AB:1"], ["AB:1"]],
    "clone": [None, "OKT3", "RPA-T4"],
    "vendor": ["a", "b", "c"],
})


def source_of(registry):
    source = bt.Source(
        entity=registry.__get_name_with_module__(), organism="all", name="ab", version="1", currently_used=True
    ).save()
    return registry.add_source(source, df=table)


source = source_of(mylab.Antibody)
assert source.entity == "mylab.Antibody" and source.dataframe_artifact is not None
public = mylab.Antibody.public()
assert len(public.to_dataframe()) == 3 and public.lookup().anti_cd3.ontology_id == "AB:2"
one = mylab.Antibody.from_source(name="anti-CD3").save()
assert (one.ontology_id, one.clone, one.synonyms, one.source) == ("AB:2", "OKT3", "aCD3|OKT3 antibody", source)
assert not hasattr(one, "vendor") and one.parents.get().name == "antibody"
assert mylab.Antibody.from_source("aCD3") == one
(made,) = mylab.Antibody.from_values(["anti-CD4"])
assert made._state.adding and made.clone == "RPA-T4" and made.uid == mylab.Antibody.from_source(name="anti-CD4").uid
mylab.Antibody.import_source()
assert mylab.Antibody.filter().count() == 3 and bt.Source.get(source.uid).in_db
assert set(mylab.Antibody.get(name="antibody").query_children().to_list("name")) == {"anti-CD3", "anti-CD4"}
assert mylab.Antibody.standardize(["OKT3 antibody", "x"], mute=True) == ["anti-CD3", "x"]
assert list(mylab.Antibody.validate(["anti-CD3", "x"], mute=True)) == [True, False]

# any depth, any order of bases, and proxies
source_of(mylab.Nanobody)
nano = mylab.Nanobody.from_source(name="anti-CD4").save()
assert nano.ontology_id == "AB:3" and nano.updated_at
assert mylab.MouseAntibody.filter(name="anti-CD3").one().clone == "OKT3"
assert mylab.MouseAntibody.from_source(name="anti-CD3").pk == one.pk

# they follow the current space, unlike those of bionty
space = ln.Space(name="secret", uid="secretspace1").save()
ln.settings.space = space
assert mylab.Antibody(name="mine").save().space == space
assert bt.CellType(name="mine").save().space.name == "all"
print("all rows hold")
"""


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_a_registry_of_another_package_has_vocabularies(vendor, run_python, tmp_path, request) -> None:
    db = None if vendor == "sqlite" else request.getfixturevalue("postgres_database")()
    package = tmp_path / "packages" / "mylab"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "from lamindb_setup import _check_instance_setup\n"
        "_check_instance_setup(from_module='mylab')\n"
        "from .models import Antibody, MouseAntibody, Nanobody\n"
    )
    (package / "models.py").write_text(MODELS)
    env = {
        "PYTHONPATH": str(Path(package).parent),
        "LAMIN_SETTINGS_DIR": str(tmp_path / "settings"),
        "HOME": os.fspath(tmp_path),
    }
    run_python(
        f"import lamindb as ln; ln.setup.init(storage='data', name='data', db={db!r}, modules='bionty,mylab')",
        env=env, cwd=tmp_path,
    )  # fmt: skip
    assert run_python(ROWS, env=env, cwd=tmp_path).stdout.splitlines()[-1] == "all rows hold"
