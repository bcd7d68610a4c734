"""Examples that register something: schemas, features and labels, sheets; those of biology in a process with the module bionty."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln

_HAS_BIONTY = importlib.util.find_spec("bionty") is not None
_INSTANCE = """
import lamindb as ln
ln.setup.init(storage="./store", name="examples", modules="bionty")
import bionty as bt
from lamindb.examples.datasets import mini_immuno
"""


@pytest.fixture
def run_with_bionty(run_python: Any, tmp_path: Path) -> Any:
    """Run code in a process of its own that is connected to a new instance with the module `bionty`."""
    if not _HAS_BIONTY:
        pytest.skip("the module bionty is not installed")
    environment = {"LAMIN_SETTINGS_DIR": str(tmp_path / "settings"), "LAMIN_CACHE_DIR": str(tmp_path / "cache")}
    return lambda code: run_python(_INSTANCE + code, cwd=tmp_path, env=environment)


def test_the_schema_of_valid_features_is_the_same_everywhere(instance: Any) -> None:
    schema = ln.examples.schemas.valid_features()
    assert (schema.uid, schema.hash, schema.name) == ("0000000000000000", "kMi7B_N88uu-YnbTLDU-DA", "valid_features")
    assert schema.flexible and schema.n_members is None and schema.itype == "Feature"
    assert ln.examples.schemas.valid_features() == schema and ln.Schema.filter().count() == 1
    schema.delete(permanent=True)
    assert ln.examples.schemas.valid_features().uid == "0000000000000000"


def test_examples_of_biology_name_the_module(sqlite_instance: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from lamindb.base.registries import registry

    try:
        registry("bionty.CellType")
    except LookupError:
        pass
    else:
        pytest.skip("this process has the module bionty")
    monkeypatch.chdir(tmp_path)
    attempts = (
        ln.examples.datasets.mini_immuno.define_features_labels,
        ln.examples.schemas.anndata_ensembl_gene_ids_and_valid_features_in_obs,
        lambda: ln.examples.datasets.file_fcs_alpert19(populate_registries=True),
    )
    for attempt in attempts:
        with pytest.raises(LookupError, match="doesn't have the module 'bionty'.*lamin init .* --modules bionty"):
            attempt()


def test_features_labels_and_schemas_of_the_mini_studies(run_with_bionty: Any) -> None:
    run_with_bionty("""
for _ in range(2):  # a second call finds everything
    mini_immuno.define_features_labels()
perturbation = ln.Record.get(name="Perturbation")
assert perturbation.is_type and set(ln.Record.filter(type=perturbation).to_list("name")) == {"DMSO", "IFNG"}
assert {"B cell", "T cell", "lymphocyte"} <= set(bt.CellType.filter().to_list("name"))
features = {feature.name: feature for feature in ln.Feature.filter()}
dtypes = {name: feature._dtype_str for name, feature in features.items()}
assert dtypes.pop("perturbation").startswith("cat[Record[") and features["perturbation"].dtype_as_object == perturbation
assert dtypes == {
    "cell_type_by_expert": "cat[bionty.CellType]",
    "cell_type_by_model": "cat[bionty.CellType]",
    "assay_oid": "cat[bionty.ExperimentalFactor.ontology_id]",
    "concentration": "str",
    "treatment_time_h": "num",
    "donor": "str",
    "donor_ethnicity": "list[cat[bionty.Ethnicity]]",
}
assert features["treatment_time_h"].coerce and features["donor"].nullable

schema = mini_immuno.define_mini_immuno_schema_flexible()
assert schema == mini_immuno.define_mini_immuno_schema_flexible() == ln.Schema.get(name="Mini immuno schema")
assert schema.flexible and [feature.name for feature in schema.members] == [
    "perturbation", "cell_type_by_model", "assay_oid", "donor", "concentration", "treatment_time_h",
]

composite = ln.examples.schemas.anndata_ensembl_gene_ids_and_valid_features_in_obs()
assert (composite.uid, composite.hash) == ("0000000000000002", "aqGWHvyY49W_PHELUMiBMw")
assert list(composite.slots) == ["obs", "var.T"]
genes = composite.slots["var.T"]
assert (genes.uid, genes.hash) == ("0000000000000001", "1gocc_TJ1RU2bMwDRK-WUA")
assert composite == ln.examples.schemas.anndata_ensembl_gene_ids_and_valid_features_in_obs()
""")


def test_sheets_are_made_and_deleted_again(run_with_bionty: Any) -> None:
    pytest.importorskip("pandas")
    run_with_bionty("""
from lamindb.examples.fixtures.sheets import compounds_and_treatments, nextflow_samples
with compounds_and_treatments() as (treatments_sheet, sample_sheet):
    df = ln.Record.filter(type=treatments_sheet).to_dataframe(features=True)
    assert df["compound"].tolist() == ["drug2", "drug1"] and df["concentration"].tolist() == ["4nM", "2nM"]
    treatment, drug = ln.Record.get(name="treatment1"), ln.Record.get(name="drug1")
    assert drug in treatment.linked_records.all() and treatment in drug.linked_in_records.all()
    df = sample_sheet.to_dataframe()
    assert df["id"].tolist() == [1, 2] and df["uid"].tolist() == ["S1", "S2"]
    assert df["cell_line"].tolist() == ["HEK293T"] * 2 and df["project"].tolist() == ["Project 1"] * 2
    assert df.index.name == "__lamindb_record_id__"
with nextflow_samples() as sheet:
    df = sheet.to_dataframe()
    assert df["sample"].tolist() == ["Sample_X", "Sample_Y", "Sample_Y"] and df["expected_cells"].tolist() == [5000] * 3
    assert df["fastq_2"].tolist()[2].endswith("Sample_Y_S1_L002_R2_001.fastq.gz")
for registry in (ln.Record, ln.Feature, ln.Schema, ln.Project, bt.CellLine):
    assert registry.filter(branch=None).count() == 0, registry
""")


def test_files_register_what_describes_them(run_with_bionty: Any) -> None:
    pytest.importorskip("anndata")
    run_with_bionty("""
from lamindb.examples import datasets
datasets.file_fcs_alpert19(populate_registries=True)
datasets.file_tsv_rnaseq_nfcore_salmon_merged_gene_counts(populate_registries=True)
datasets.file_tsv_rnaseq_nfcore_salmon_merged_gene_counts(populate_registries=True)
assert bt.ExperimentalFactor.filter(ontology_id="EFO:0008896").count() == 1
dtypes = {feature.name: feature._dtype_str for feature in ln.Feature.filter()}
assert dtypes == {"assay": "cat[bionty.ExperimentalFactor]", "organism": "cat[bionty.Organism]"}
genes = datasets.anndata_with_obs().var_names
assert bt.Gene.public(organism="human").validate(genes, "ensembl_gene_id").all()
adata = datasets.anndata_human_immune_cells(populate_registries=True)
assert bt.Gene.filter().count() >= 100 and ln.ULabel.filter().count() == adata.obs["donor"].nunique()
""")


def test_both_mini_studies_are_stored_validated_and_found(run_with_bionty: Any) -> None:
    pytest.importorskip("anndata")
    pytest.importorskip("lamindb_anndata")
    run_with_bionty("""
for _ in range(2):
    mini_immuno.save_mini_immuno_datasets()
first, second = ln.Artifact.filter(suffix=".h5ad").order_by("id")
assert [first.key, second.key] == ["examples/dataset1.h5ad", "examples/dataset2.h5ad"]
assert first.schema == second.schema == ln.examples.schemas.anndata_ensembl_gene_ids_and_valid_features_in_obs()
assert ln.Artifact.filter(perturbation="DMSO").count() == 2
assert ln.Artifact.filter(study_metadata__detail1="123").one() == first
assert ln.Artifact.filter(temperature=22.6).one() == second
df = ln.Artifact.filter(suffix=".h5ad").to_dataframe(include="features")
assert df["study_metadata"].tolist() == [{"detail1": "456", "detail2": 2}, {"detail1": "123", "detail2": 1}]
assert df["experiment"].tolist() == ["Experiment 2", "Experiment 1"]
collection = ln.Collection([first, second], key="mini").save()
assert collection.load(join="inner").shape == (6, 2)
dataset = collection.mapped(obs_keys="perturbation")
assert len(dataset) == 6
""")
