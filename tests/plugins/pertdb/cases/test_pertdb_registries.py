"""Registries of perturbations: fields, targets, combinations, structures, labels and features."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def artifact(bio: Any, tmp_path: Path) -> Any:
    import lamindb as ln

    path = tmp_path / "a.txt"
    path.write_text("a")
    return ln.Artifact(str(path), key="a.txt").save()


def test_a_screen_is_described_from_gene_to_dataset(artifact) -> None:
    import bionty as bt
    import lamindb as ln
    import pertdb

    egfr = bt.Gene.from_source(symbol="EGFR", organism="human").save()
    target = pertdb.PerturbationTarget(name="EGFR").save()
    target.genes.add(egfr)
    guide = pertdb.GeneticPerturbation(
        name="EGFR guide 1", type="CRISPRi", sequence="GATTACA", on_target_score=0.91
    ).save()
    guide.targets.add(target)
    drug = pertdb.Compound(name="gefitinib", moa="EGFR inhibitor").save()
    drug.targets.add(target)
    day = timedelta(hours=24)
    dose = pertdb.CompoundPerturbation(
        name="1 uM", compound=drug, concentration=1.0, concentration_unit="uM", duration=day
    ).save()
    heat = pertdb.EnvironmentalPerturbation(
        name="heat shock", value=42.0, unit="degrees celsius", ontology_id="EFO:1"
    ).save()
    both = pertdb.CombinationPerturbation(name="both")
    assert both.members == []
    both.save()
    both.genetic_perturbations.add(guide)
    both.compound_perturbations.add(dose)
    both.environmental_perturbations.add(heat)
    assert both.members == [guide, dose, heat]
    artifact.genetic_perturbations.add(guide)
    assert pertdb.GeneticPerturbation.filter(targets__genes__symbol="EGFR").one() == guide
    assert bt.Gene.filter(perturbation_targets__name="EGFR").one() == egfr
    assert ln.Artifact.filter(genetic_perturbations__targets__genes__symbol="EGFR").one() == artifact
    assert pertdb.CompoundPerturbation.get(name="1 uM").duration == day
    assert drug.compoundperturbation_set.one() == dose
    assert "pertdb.GeneticPerturbation" in artifact.describe(return_str=True)
    described = ln.Artifact.describe(return_str=True)
    assert described.index("Bionty fields") < described.index("Pertdb fields")
    from bionty import uids

    assert heat.uid == uids.ontology("EFO:1") and drug.uid == uids.ontology("gefitinib")


def test_kinds_are_checked_and_former_spellings_understood(sqlite_bio) -> None:
    import pertdb
    from lamindb.errors import FieldValidationError

    with pytest.raises(FieldValidationError, match="type: NotAType is not a valid value"):
        pertdb.GeneticPerturbation(name="x", type="NotAType")
    assert pertdb.GeneticPerturbation(name="x", system="CRISPR Cas9").type == "CRISPR-Cas9"
    assert pertdb.GeneticPerturbation(name="y", type="transient transfection").type == "transient-transfection"
    with pytest.raises(FieldValidationError, match="mean the same field"):
        pertdb.GeneticPerturbation(name="x", system="CRISPRi", type="CRISPRa")
    assert pertdb.Biologic(name="IFNG").save().type == "protein"
    assert pertdb.Biologic(name="IL2", type="cytokine").type == "cytokine"
    with pytest.raises(FieldValidationError, match="name"):
        pertdb.Compound(ontology_id="CHEMBL443684")
    assert pertdb.Compound(name="x", ontology_id="CHEMBL443684").uid == "3UNOwwsV9c12kn"


def test_a_duration_is_a_length_of_time(sqlite_bio) -> None:
    import pertdb
    from lamindb.errors import FieldValidationError

    with pytest.raises(FieldValidationError, match="duration: '24h' is not a length of time"):
        pertdb.CompoundPerturbation(name="x", duration="24h")
    record = pertdb.EnvironmentalPerturbation(name="x").save()
    record.duration = 5
    with pytest.raises(FieldValidationError, match="duration: 5"):
        record.save()


def test_structures_without_rdkit_are_kept_and_with_it_normalised(sqlite_bio) -> None:
    import pertdb
    from pertdb.models import RDKIT_AVAILABLE

    salt = pertdb.Compound(name="sodium acetate", smiles="CC(=O)[O-].[Na+]").save()
    assert salt.smiles == "CC(=O)[O-].[Na+]"
    if not RDKIT_AVAILABLE:
        assert salt.canonical_smiles is None
        with pytest.raises(ImportError, match="RDKit is not available. Please install: pip install rdkit"):
            pertdb.Compound.standardize_smiles("C")
        salt.update_smiles("C")
        assert pertdb.Compound.get(salt.uid).smiles == "C"
        return
    assert (salt.canonical_smiles, salt.molformula) == ("CC(=O)O", "C2H4O2")
    assert salt.molweight == pytest.approx(60.05, abs=0.01) and salt.inchikey == "QTBSBXVTEAMEQO-UHFFFAOYSA-N"
    for smiles, canonical in (("C", "C"), ("CC(C)(C)O", "CC(C)(C)O")):
        assert pertdb.Compound.standardize_smiles(smiles) == canonical
    with pytest.raises(ValueError, match="Could not parse SMILES"):
        salt.update_smiles("nonsense(")
    assert pertdb.Compound(name="odd", smiles="nonsense(").save().canonical_smiles is None


def test_perturbations_are_labels_dtypes_and_values_of_records(artifact) -> None:
    from django.db.models import ProtectedError

    import lamindb as ln
    import pertdb

    guide = pertdb.GeneticPerturbation(name="g1").save()
    feature = ln.Feature(name="perturbation", dtype=pertdb.GeneticPerturbation).save()
    assert feature.dtype_as_str == "cat[pertdb.GeneticPerturbation]"
    union = ln.Feature(name="treatment", dtype=[pertdb.Compound, pertdb.Biologic]).save()
    assert union.dtype_as_str == "cat[pertdb.Compound|pertdb.Biologic]"
    artifact.labels.add(guide, feature=feature)
    assert artifact.links_genetic_perturbation.one().feature == feature
    assert ln.Artifact.get(perturbation="g1") == artifact
    run = ln.Run(ln.Transform(key="screen.py").save()).save()
    run.features.set_values({"perturbation": guide})
    assert run.features.get_values() == {"perturbation": "g1"} and ln.Run.get(perturbation="g1") == run
    run.delete(permanent=True)
    with pytest.raises(ProtectedError, match=r"ArtifactGeneticPerturbation.geneticperturbation"):
        guide.delete(permanent=True)
    target = pertdb.PerturbationTarget(name="t").save()
    guide.targets.add(target)
    target.delete(permanent=True)
    assert guide.targets.count() == 0
    assert hasattr(pertdb.models, "RecordCompound") and hasattr(pertdb.models, "ArtifactBiologic")


def test_vocabularies_are_attached_to_compounds(bio) -> None:
    import pandas as pd

    import bionty as bt
    import pertdb

    with pytest.raises(ValueError, match="No source record found for filter {'entity': 'pertdb.Compound'}"):
        pertdb.Compound.public()
    assert [c.name for c in pertdb.Compound.from_values(["aspirin"])] == []
    drugs = bt.Source.get(entity="Drug", name="chebi")
    table = pd.DataFrame(
        {
            "ontology_id": ["CHEBI:1", "CHEBI:2"],
            "name": ["acid", "aspirin"],
            "synonyms": [None, "ASA"],
            "parents": [[], ["CHEBI:1"]],
            "chembl_id": [None, "CHEMBL25"],
        }
    )
    source = pertdb.Compound.add_source(drugs, df=table)
    assert (source.entity, source.name) == ("pertdb.Compound", "chebi")
    assert "StaticReference" in repr(pertdb.Compound.public())
    aspirin = pertdb.Compound.from_source("ASA").save()
    assert aspirin.chembl_id == "CHEMBL25" and aspirin.parents.one().name == "acid"
    pertdb.Compound.import_source()
    assert pertdb.Compound.filter().count() == 2


def test_the_tables_keep_their_former_prefix(bio) -> None:
    from django.apps import apps

    import pertdb

    names = {model._meta.db_table for model in apps.get_app_config("pertdb").get_models(include_auto_created=True)}
    assert all(name.startswith("wetlab_") for name in names)
    assert pertdb.Compound.parents.through._meta.db_table == "wetlab_compound_parents"
    assert {field.column for field in pertdb.Compound.parents.through._meta.fields} == {
        "id",
        "from_compound_id",
        "to_compound_id",
    }
    assert set(pertdb.__all__) <= set(dir(pertdb))
