"""Fields, tables and relations of the registries of perturbations, and perturbations as values of features on every kind of record."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

_OWN_FIELDS = {
    "Compound": {
        "name": ("TextField", None, False), "ontology_id": ("CharField", 255, True), "type": ("CharField", 32, True),
        "chembl_id": ("CharField", 32, True), "molweight": ("FloatField", None, True),
        **{n: ("TextField", None, True) for n in ("smiles", "canonical_smiles", "inchikey", "molformula", "moa")},
    },
    "PerturbationTarget": {"name": ("CharField", 255, False)},
    "GeneticPerturbation": {
        "name": ("CharField", 255, False), "type": ("CharField", 32, True), "sequence": ("TextField", None, True),
        "on_target_score": ("FloatField", None, True), "off_target_score": ("FloatField", None, True),
    },
    "Biologic": {"name": ("CharField", 255, False), "type": ("CharField", 32, False)},
    "CompoundPerturbation": {
        "name": ("CharField", 255, False), "concentration": ("FloatField", None, True), "concentration_unit": ("CharField", 32, True),
        "duration": ("DurationField", None, True), "compound": ("ForeignKey", None, True),
    },
    "EnvironmentalPerturbation": {
        "name": ("CharField", 255, False), "ontology_id": ("CharField", 32, True), "value": ("FloatField", None, True),
        "unit": ("CharField", 32, True), "duration": ("DurationField", None, True),
    },
    "CombinationPerturbation": {"name": ("CharField", 255, False)},
}  # fmt: skip
#: Relations to other registries, and what they are called from there.
_RELATIONS = {
    "Compound": {"targets": "compounds", "parents": "children"},
    "PerturbationTarget": dict.fromkeys(("genes", "pathways", "proteins"), "perturbation_targets"),
    "GeneticPerturbation": {"targets": "genetic_perturbations"},
    "Biologic": {"targets": "biologics", "proteins": "biologics"},
    "CompoundPerturbation": {},
    "EnvironmentalPerturbation": {"targets": "environmental_perturbations"},
    "CombinationPerturbation": dict.fromkeys(
        ("genetic_perturbations", "compound_perturbations", "environmental_perturbations"), "combination_perturbations"
    ),
}


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_")


def test_registries_have_the_documented_fields_tables_and_relations() -> None:
    import bionty as bt
    import lamindb as ln
    import pertdb

    assert set(pertdb.__all__) == {*_OWN_FIELDS, "GeneticPerturbationSystem", "BiologicType"}
    common = {field.name for field in bt.CellType._meta.concrete_fields} - {"name", "ontology_id"}
    for name, own in _OWN_FIELDS.items():
        registry = getattr(pertdb, name)
        fields = {field.name: field for field in registry._meta.concrete_fields}
        assert {n: (type(fields[n]).__name__, fields[n].max_length, fields[n].null) for n in own} == own, name
        assert set(fields) - set(own) == common and registry._meta.db_table == f"wetlab_{name.lower()}"
        assert not registry.require_organism() and issubclass(registry, bt.models.BioRecord)
        relations = {f.name: f.remote_field.related_name for f in registry._meta.many_to_many}
        plural = f"{_snake(name)}s"
        assert relations == {**_RELATIONS[name], "artifacts": plural, "records": plural, "runs": plural}
        low, link = name.lower(), getattr(pertdb.models, f"Artifact{name}")
        value, artifact, feature = (link._meta.get_field(n) for n in (low, "artifact", "feature"))
        assert [f.remote_field.on_delete.__name__ for f in (artifact, value, feature)] == ["CASCADE", "PROTECT", "PROTECT"]  # fmt: skip
        names = [f.remote_field.related_name for f in (artifact, value, feature)]
        assert names == [f"links_{_snake(name)}", "links_artifact", f"links_artifact{low}"] and feature.null
        assert hasattr(ln.Record, plural) and hasattr(ln.Run, plural)
    from typing import get_args

    assert len(get_args(pertdb.GeneticPerturbationSystem)) == 11 and len(get_args(pertdb.BiologicType)) == 12
    assert pertdb.types.BiologicType is pertdb.BiologicType


@pytest.fixture
def artifact(bio: Any, tmp_path: Path) -> Any:
    import lamindb as ln

    path = tmp_path / "a.txt"
    path.write_text("a")
    return ln.Artifact(str(path), key="a.txt").save()


def test_names_of_perturbations_are_values_of_artifacts_records_and_runs(artifact: Any) -> None:
    import lamindb as ln
    import pertdb
    from lamindb.errors import ValidationError

    gefitinib = pertdb.Compound(name="gefitinib", type="small molecule").save()
    pertdb.Biologic(name="IFNG", type="cytokine").save()
    pertdb.GeneticPerturbation(name="g1", type="CRISPRi").save()
    ln.Feature(name="guide", dtype=pertdb.GeneticPerturbation).save()
    ln.Feature(name="treatment", dtype=[pertdb.Compound, pertdb.Biologic]).save()
    record = ln.Record(name="sample 1").save()
    run = ln.Run(ln.Transform(key="screen.py").save()).save()
    for host in (artifact, record, run):  # registries whose `type` is a text
        host.features.add_values({"guide": "g1", "treatment": "gefitinib"})
        assert host.features.get_values() == {"guide": "g1", "treatment": "gefitinib"}
        host.features.set_values({"treatment": ["gefitinib", "IFNG"]})
        assert host.features.get_values()["treatment"] == {"gefitinib", "IFNG"}
        with pytest.raises(ValidationError) as error:
            host.features.add_values({"treatment": "nothing"})
        assert "pertdb.Compound.from_values(['nothing'], field='name', create=True).save()" in str(error.value)
    assert ln.Artifact.filter(treatment="IFNG").one() == artifact == ln.Artifact.filter(compounds=gefitinib).one()
    assert record.compounds.one() == gefitinib and run.biologics.one().name == "IFNG"


def test_columns_of_tables_are_curated_against_perturbations(sqlite_bio: Any) -> None:
    import pandas as pd

    import lamindb as ln
    import pertdb
    from lamindb.errors import ValidationError

    pertdb.Compound(name="gefitinib").save()
    pertdb.Biologic(name="IFNG").save()
    dtype = [pertdb.Compound, pertdb.Biologic]
    schema = ln.Schema([ln.Feature(name="treatment", dtype=dtype, coerce=True).save()]).save()
    table = pd.DataFrame({"treatment": ["gefitinib", "IFNG"]})
    saved = ln.Artifact.from_dataframe(table.copy(), key="ok.parquet", schema=schema).save()
    assert saved.compounds.one().name == "gefitinib" and saved.biologics.one().name == "IFNG"
    with pytest.raises(ValidationError, match="'IFNX'"):
        ln.Artifact.from_dataframe(table.replace("IFNG", "IFNX"), key="no.parquet", schema=schema).save()


def test_names_identify_perturbations_and_uses_protect_them(sqlite_bio: Any, caplog: Any) -> None:
    from django.db.models import ProtectedError

    import lamindb as ln
    import pertdb
    from bionty import uids

    long = pertdb.Compound(name="c" * 900).save()  # chemical names can be very long
    assert pertdb.Compound(name="c" * 900) == long and pertdb.Compound.search("cccc").one() == long
    pertdb.GeneticPerturbation(name="EGFR kd").save()
    pertdb.GeneticPerturbation(name="EGFR kd2")
    assert "similar name exists: 'EGFR kd'" in caplog.text
    with pytest.raises(AssertionError, match="must provide name"):
        pertdb.PerturbationTarget()
    heat = pertdb.EnvironmentalPerturbation(name="heat", ontology_id="EFO:0000434")
    assert heat.uid == uids.ontology("EFO:0000434") and not hasattr(heat, "parents")
    dose = pertdb.CompoundPerturbation(name="dose", compound=long, duration=timedelta(hours=24)).save()
    with pytest.raises(ProtectedError, match=r"CompoundPerturbation\.compound"):
        long.delete(permanent=True)
    dose.delete(permanent=True)
    long.delete(permanent=True)
    child, parent = pertdb.Compound(name="acid").save(), pertdb.Compound(name="chemical").save()
    child.parents.add(parent)
    assert parent.query_children().one() == child and parent.children.one() == child
    with pytest.raises(ValueError, match="No source record found for filter {'entity': 'pertdb.Biologic'}"):
        pertdb.Biologic.public()
    assert {"Compound", "Biologic", "PerturbationTarget", "CombinationPerturbation"} <= set(
        dir(ln.DB(ln.setup.settings.instance.slug).pertdb)
    )


def test_a_vocabulary_that_can_not_be_read_leaves_no_source(sqlite_bio: Any) -> None:
    import bionty as bt
    import pertdb
    from bionty.errors import SourceUnavailable

    bt.settings.sources_mirror = None
    own = bt.Source(entity="Drug", name="own", organism="all", version="1", url="http://127.0.0.1:9/x.parquet").save()
    with pytest.raises(SourceUnavailable):
        pertdb.Compound.add_source(own)
    with pytest.raises(TypeError, match="df takes a data frame"):
        pertdb.Compound.add_source("own", version="1", df=[1])
    assert bt.Source.filter(entity="pertdb.Compound").count() == 0
