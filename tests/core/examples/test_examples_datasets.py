"""The example datasets hold what their contract says, without network, and name what they need."""

from __future__ import annotations

import datetime
import json
import struct
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import lamindb as ln
from lamindb.examples import datasets
from lamindb.examples.datasets import mini_immuno
from lamindb.storage.hashing import hash_file


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and no network."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAMINDB_EXAMPLES_MIRROR", raising=False)
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def test_names_are_resolved_when_they_are_touched(run_python: Any) -> None:
    code = """
import sys
import lamindb as ln
import lamindb.examples
ln.examples.datasets
heavy = {"pandas", "anndata", "numpy", "django"} & set(sys.modules)
assert not heavy, heavy
"""
    run_python(code)
    assert ln.examples.datasets.mini_immuno is mini_immuno
    assert ln.core.datasets is ln.examples.datasets is datasets
    assert datasets.small_dataset1 is mini_immuno.get_dataset1 and datasets.small_dataset2 is mini_immuno.get_dataset2
    for name in datasets.__all__:
        assert getattr(datasets, name) is not None
    with pytest.raises(AttributeError, match="Did you mean 'df_iris'"):
        datasets.df_irs
    with pytest.raises(AttributeError, match="Did you mean 'datasets'"):
        ln.examples.dataset


def test_the_first_study() -> None:
    df = mini_immuno.get_dataset1()
    assert {name: str(dtype) for name, dtype in df.dtypes.items()} == {
        "ENSG00000153563": "int64",
        "ENSG00000010610": "int64",
        "ENSG00000170458": "int64",
        "perturbation": "category",
        "sample_note": "object",
        "cell_type_by_expert": "category",
        "cell_type_by_model": "category",
        "assay_oid": "category",
        "concentration": "object",
        "treatment_time_h": "int64",
        "donor": "object",
        "donor_ethnicity": "object",
    }
    assert df.loc["sample3"].tolist() == [
        3, 5, 7, "DMSO", "pretty! 🤩", "CD8-positive, alpha-beta T cell", "T cell", "EFO:0008913", "0.1%", 6, None, ["Chinese"],
    ]  # fmt: skip
    assert df["perturbation"].cat.categories.tolist() == ["DMSO", "IFNG"] and not df["perturbation"].cat.ordered
    assert df.index.tolist() == ["sample1", "sample2", "sample3"] and df.index.name is None
    assert list(df.attrs.items())[:3] == [
        ("temperature", 21.6), ("experiment", "Experiment 1"), ("date_of_study", "2024-12-01"),
    ]  # fmt: skip
    assert df.attrs["study_note"].startswith("We had a great time")


@pytest.mark.parametrize(
    ("switch", "where", "value"),
    [
        ("with_typo", ("sample2", "perturbation"), "IFNJ"),
        ("with_wrong_subtype", ("sample3", "perturbation"), "ulabel_but_not_perturbation"),
        ("with_cell_type_synonym", ("sample1", "cell_type_by_expert"), "B-cell"),
        ("with_cell_type_typo", ("sample2", "cell_type_by_expert"), "CD8-pos alpha-beta T cell"),
    ],
)
def test_switches_of_the_first_study_change_one_value(switch: str, where: tuple[str, str], value: str) -> None:
    changed, plain = mini_immuno.get_dataset1(**{switch: True}), mini_immuno.get_dataset1()
    assert changed.loc[where] == value
    assert plain.loc[where] != value and changed.columns.equals(plain.columns)


def test_switches_of_the_first_study_name_genes_and_samples() -> None:
    genes = lambda **switches: mini_immuno.get_dataset1(**switches).columns[:3].tolist()  # noqa: E731
    assert genes(gene_symbols_in_index=True) == ["CD8A", "CD4", "CD14"]
    assert genes(with_gene_typo=True)[2] == genes(with_gene_typo=True, gene_symbols_in_index=True)[2] == "GeneTypo"
    assert genes(with_gene_typo=True, with_outdated_gene=True)[2] == "ENSG00000278198"
    assert mini_immuno.get_dataset1(with_index_type_mismatch=True).index.tolist() == ["sample1", "sample2", 0]
    study = mini_immuno.get_dataset1(with_date_as_iso_string=False).attrs
    assert study["date_of_study"] == datetime.date(2024, 12, 1)
    with pytest.raises(ValueError, match="'DataFrame' or 'AnnData', not 'MuData'"):
        mini_immuno.get_dataset1("MuData")  # type: ignore[arg-type]


def test_the_second_study() -> None:
    df = mini_immuno.get_dataset2(gene_symbols_in_index=True)
    assert df.loc["sample5"].tolist() == [3, 4, 2, "IFNG", "T cell", "200 nM", 24, "D0003"]
    assert df.columns[:3].tolist() == ["CD8A", "CD4", "CD38"]
    assert df.attrs == {"temperature": 22.6, "experiment": "Experiment 2", "date_of_study": "2025-02-13"}


def test_both_studies_as_anndata() -> None:
    pytest.importorskip("anndata")
    first, second = mini_immuno.get_dataset1(otype="AnnData"), mini_immuno.get_dataset2(otype="AnnData")
    assert first.X.dtype == "int64" and first.X.tolist() == [[1, 3, 5], [2, 4, 6], [3, 5, 7]]
    assert second.X.tolist() == [[2, 3, 4], [3, 4, 2], [3, 5, 3]]
    assert first.obs.columns.tolist() == [
        "perturbation", "sample_note", "cell_type_by_expert", "cell_type_by_model", "assay_oid", "concentration", "treatment_time_h",
        "donor",
    ]  # fmt: skip
    assert second.obs.columns.tolist() == [
        "perturbation", "cell_type_by_model", "concentration", "treatment_time_h", "donor",
    ]  # fmt: skip
    assert first.var_names.tolist() == ["ENSG00000153563", "ENSG00000010610", "ENSG00000170458"]
    assert first.var.columns.empty and first.uns["temperature"] == 21.6
    first.uns["more"] = 1
    assert "more" not in mini_immuno.get_dataset1(otype="AnnData").uns


def test_anndata_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anndata", None)
    for make in (
        lambda: mini_immuno.get_dataset1("AnnData"),
        datasets.anndata_with_obs,
        datasets.small_dataset3_cellxgene,
    ):
        with pytest.raises(ImportError, match="pip install anndata"):
            make()


def test_the_dataset_for_the_portal() -> None:
    df = datasets.small_dataset3_cellxgene("DataFrame", with_obs_typo=True)
    assert df.shape == (3, 13) and str(df.dtypes.iloc[0]) == "float32" and str(df["donor_id"].dtype) == "category"
    assert df["tissue_ontology_term_id"].tolist() == ["UBERON:0002048", "UBERON:0002048", "UBERON:0000948"]
    uns = datasets.dict_cellxgene_uns()
    assert uns["spatial"]["library_2"]["scalefactors"]["tissue_hires_scalef"] == 0.355
    pytest.importorskip("anndata")
    adata = datasets.small_dataset3_cellxgene()
    assert adata.obs["organism_ontology_term_id"].tolist() == ["NCBITaxon:9606"] * 3
    assert adata.var["feature_is_filtered"].tolist() == [False] * 3 and adata.raw.var.columns.empty
    assert adata.uns["title"] == "CELLxGENE example" and adata.obsm["X_pca"].dtype == "float32"
    other = datasets.small_dataset3_cellxgene(
        with_var_typo=True, with_obs_typo=True, with_uns_organism=True, with_obs_defaults=True, with_uns_spatial=True
    )
    assert other.var_names[0] == "invalid_ensembl_id" and "organism_ontology_term_id" not in other.obs
    assert other.obs["tissue_ontology_term_id"].tolist()[0] == "UBERON:0002048XXX"
    assert other.obs["cell_type_ontology_term_id"].tolist() == ["CL:0000084", "CL:0000236", "CL:0000236"]
    assert other.uns["organism"] == "Homo sapiens"
    assert other.uns["spatial"]["library_123"]["images"]["hires"].shape == (2000, 2000, 3)


def test_iris() -> None:
    df = datasets.df_iris()
    assert df.shape == (150, 5) and isinstance(df.index, pd.RangeIndex) and str(df["target"].dtype) == "int64"
    assert df.iloc[0].tolist() == [5.1, 3.5, 1.4, 0.2, 0] and df.iloc[149].tolist() == [5.9, 3.0, 5.1, 1.8, 2]
    assert df.iloc[34].tolist()[:4] == [4.9, 3.1, 1.5, 0.2] and df.iloc[37].tolist()[:4] == [4.9, 3.6, 1.4, 0.1]
    assert df["target"].value_counts().tolist() == [50, 50, 50]
    assert df.iloc[:, :4].sum().round(1).tolist() == [876.5, 458.6, 563.7, 179.9]
    in_meter = datasets.df_iris_in_meter()
    assert in_meter.columns.tolist() == [
        "sepal_length", "sepal_width", "petal_length", "petal_width", "iris_organism_name",
    ]  # fmt: skip
    assert in_meter["sepal_length"][0] == pytest.approx(0.051) and in_meter["iris_organism_name"][149] == "virginica"
    assert datasets.df_iris_in_meter_study1().index.tolist() == list(range(75))
    assert datasets.df_iris_in_meter_study2().index.tolist() == list(range(75, 150))


def test_files_are_written_to_the_working_directory(work: Path) -> None:
    assert datasets.file_fastq() == Path("input.fastq.gz")
    assert (work / "input.fastq.gz").read_text() == "Mock fastq artifact."
    assert datasets.file_bam().read_text() == "Mock bam artifact."
    assert hash_file(datasets.file_mini_csv()).hash == "z1LdF2qN4cN0M2sXrcW8aw"
    counts = pd.read_csv(datasets.file_tsv_rnaseq_nfcore_salmon_merged_gene_counts(), sep="\t")
    assert counts.columns[:2].tolist() == ["gene_id", "gene_name"] and set(map(str, counts.dtypes[2:])) == {"float64"}
    picture = datasets.file_jpg_paradisi05().read_bytes()
    assert picture[:2] == b"\xff\xd8" and picture[-2:] == b"\xff\xd9" and len(picture) < 20_000
    assert str(datasets.dir_iris_images()) == "s3://lamindata/iris_studies"


def test_files_can_be_written_to_the_storage_root(sqlite_instance: Any) -> None:
    path = datasets.file_fastq(in_storage_root=True)
    assert str(path).startswith(sqlite_instance.storage.root_as_str) and path.read_text() == "Mock fastq artifact."
    assert datasets.file_bam(in_storage_root=True).exists()


def test_files_of_flow_cytometry_are_valid_and_the_same_every_time(work: Path) -> None:
    content = datasets.file_fcs().read_bytes()
    assert datasets.file_fcs().read_bytes() == content
    assert content.startswith(b"FCS3.1")
    begin_text, end_text, begin_data, end_data = (int(content[10 + 8 * n : 18 + 8 * n]) for n in range(4))
    pieces = content[begin_text : end_text + 1].decode()[1:-1].split("/")
    text = dict(zip(pieces[::2], pieces[1::2], strict=True))
    assert int(text["$BEGINDATA"]) == begin_data and int(text["$ENDDATA"]) == end_data == len(content) - 1
    n_values = int(text["$PAR"]) * int(text["$TOT"])
    values = struct.unpack(f"<{n_values}f", content[begin_data : end_data + 1])
    assert min(values) > 0 and text["$P5N"] == "CD3"
    assert b"/$P10N/IgD/" in datasets.file_fcs_alpert19().read_bytes()


def test_the_folder_of_cell_ranger_changes_with_every_call(work: Path) -> None:
    folder = datasets.dir_scrnaseq_cellranger("s1", basedir=work / "runs", output_only=False)
    files = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert len(files) == 15 and "raw_feature_bc_matrix/matrix.mtx.gz" in files
    assert all(len(text) == 6 and text.isalnum() for text in files.values())
    assert sorted(path.name for path in (work / "runs/fastq").iterdir()) == [
        "s1_R1_001.fastq.gz", "s1_R2_001.fastq.gz",
    ]  # fmt: skip
    datasets.dir_scrnaseq_cellranger("s1", basedir=work / "runs")
    assert files["web_summary.html"] != (folder / "web_summary.html").read_text()


def test_single_cells() -> None:
    pytest.importorskip("anndata")
    adata = datasets.anndata_with_obs()
    assert adata.shape == (40, 100) and adata.X.dtype == "float32" and adata.X.sum() == 0
    assert adata.obs.loc["obs3"].tolist() == ["my new cell type", "", "brain", "Alzheimer disease"]
    assert adata.obs["cell_type_id"].tolist()[4:7] == ["CL:0000084", "CL:0000037", "CL:0000182"]
    assert len(set(adata.var_names)) == 100 and all(len(name) == 15 for name in adata.var_names)
    immune = datasets.anndata_human_immune_cells()
    assert immune.n_obs == 1648 and set(immune.obs.columns) == {"donor", "tissue", "cell_type", "assay"}
    visium = datasets.anndata_visium_mouse_cellxgene()
    assert visium.uns["spatial"]["is_single"] is True and visium.obsm["spatial"].shape == (visium.n_obs, 2)
    processed = datasets.anndata_pbmc3k_processed()
    assert processed.shape == (2638, 1838)
    assert {"cell_type", "n_genes", "percent_mito", "n_counts"} <= set(processed.obs.columns)


def test_genes_and_terms_are_real_and_current(ontologies: Path) -> None:
    pytest.importorskip("anndata")
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    small = datasets.small_dataset3_cellxgene(with_obs_defaults=True)
    visium = datasets.anndata_visium_mouse_cellxgene()
    for organism, names in (
        ("human", [*datasets.anndata_with_obs().var_names, *small.var_names]),
        ("mouse", visium.var_names),
    ):
        known = pd.read_parquet(ontologies / "genes" / f"df_{organism}__ensembl__release-114__Gene.parquet")
        assert set(names) <= set(known["ensembl_gene_id"])
    tables = {
        "EFO": "df_all__efo__3.90.0__ExperimentalFactor", "UBERON": "df_all__uberon__2026-04-01__Tissue",
        "CL": "df_all__cl__2026-03-26__CellType", "MONDO": "df_all__mondo__2026-05-05__Disease",
    }  # fmt: skip
    terms = {
        value for adata in (small, visium) for column in adata.obs.columns if column.endswith("_ontology_term_id") for value in adata.obs[column]
    }  # fmt: skip
    for prefix, table in tables.items():
        known = pd.read_parquet(ontologies / "tables" / f"{table}.parquet", columns=["ontology_id", "deprecated"])
        current = set(known.loc[~known["deprecated"], "ontology_id"])
        used = {term for term in terms if term.startswith(f"{prefix}:")}
        assert used and used <= current


@pytest.mark.parametrize("with_scanpy", [True, False])
def test_the_reduced_blood_cells(work: Path, with_scanpy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    anndata = pytest.importorskip("anndata")
    if with_scanpy:
        pytest.importorskip("scanpy")
    else:
        monkeypatch.setitem(sys.modules, "scanpy", None)
    adata = datasets.anndata_pbmc68k_reduced()
    assert adata.shape == (70, 765) and adata.raw.shape == (70, 765) and adata.X.dtype == "float32"
    assert adata.obs_names[:2].tolist() == ["GCAGGGCTGGATTC-1", "CTTTAGTGGTTACG-6"]
    assert adata.var_names[:3].tolist() == ["HES4", "TNFRSF4", "SSU72"]
    assert adata.obs["cell_type"].value_counts()["Dendritic cells"] == 28
    assert [str(dtype) for dtype in adata.obs.dtypes] == ["category", "int64", "float32", "category"]
    assert set(adata.uns) == {"louvain", "louvain_colors", "neighbors", "pca"}
    assert adata.obsm["X_pca"].shape == (70, 50) and set(adata.obsp) == {"distances", "connectivities"}
    small = anndata.read_h5ad(datasets.anndata_file_pbmc68k_test())
    assert small.shape == (30, 200) and small.raw.shape == (30, 100) and small.obsm["X_pca"].shape == (30, 50)
    assert small.obsp["test"].sum() == 30 and small.varp["test"].sum() == 200
    assert small.layers["test"][0].sum() == small.layers["test"].sum() == 200


def test_the_modalities_of_perturbed_cells() -> None:
    pytest.importorskip("mudata")
    mdata = datasets.mudata_papalexi21_subset(with_uns=True)
    assert {name: mdata[name].shape for name in mdata.mod} == {
        "rna": (200, 173), "adt": (200, 4), "hto": (200, 12), "gdo": (200, 111),
    }  # fmt: skip
    assert mdata.shape == (200, 300) and {"perturbation", "replicate", "hto:technique"} <= set(mdata.obs.columns)
    dtypes = {**dict(mdata["rna"].obs.dtypes), **dict(mdata["hto"].obs.dtypes)}
    assert {name: str(dtype) for name, dtype in dtypes.items()} == {
        "nCount_RNA": "int64", "nFeature_RNA": "int64", "percent.mito": "float64", "nCount_HTO": "float64", "nFeature_HTO": "int64",
        "technique": "category",
    }  # fmt: skip
    assert mdata.uns["study_metadata"]["temperature"] == 21.6
    assert mdata["rna"].uns["site_metadata"] == {"pos": 99.9, "site_id": "SITE001"}


def test_spatial_data() -> None:
    pytest.importorskip("spatialdata")
    sdata = datasets.spatialdata_blobs()
    assert sdata.tables["table"].var_names.tolist()[2] == "ENSG00000999999"
    assert sdata.tables["table"].obs["sample_region"].tolist() == ["sample region 1"] * 13 + ["sample region 2"] * 13


def test_what_does_not_ship_says_where_to_place_it(work: Path) -> None:
    with pytest.raises(
        ConnectionError, match=r"schmidt22_perturbseq\.h5ad.*Place the file by hand at .*examples/schmidt22"
    ):
        datasets.schmidt22_perturbseq(work / "data")
    by_hand = _cache() / "examples" / "schmidt22_perturbseq.h5ad"
    by_hand.parent.mkdir(parents=True, exist_ok=True)
    by_hand.write_bytes(b"placed")
    try:
        path = datasets.schmidt22_perturbseq(work / "data")
        assert path == work / "data/schmidt22_perturbseq.h5ad" and path.read_bytes() == b"placed"
    finally:
        by_hand.unlink()


def test_a_mirror_is_asked_once(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = work / "mirror"
    mirror.mkdir()
    (mirror / "F121_LP1_4LIV.tiff").write_bytes(b"tiff")
    handler = partial(SimpleHTTPRequestHandler, directory=str(mirror))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cached = _cache() / "examples" / "F121_LP1_4LIV.tiff"
    try:
        monkeypatch.setenv("LAMINDB_EXAMPLES_MIRROR", f"http://127.0.0.1:{server.server_port}")
        assert datasets.file_tiff_suo22().read_bytes() == b"tiff"
        with pytest.raises(ConnectionError, match="can't be fetched from http://127"):
            datasets.schmidt22_crispra_gws_IFNG()
        (mirror / "F121_LP1_4LIV.tiff").unlink()
        assert datasets.file_tiff_suo22() == Path("suo22/F121_LP1_4LIV.tiff")
        assert list(cached.parent.glob("*.part")) == []
    finally:
        server.shutdown()
        server.server_close()
        cached.unlink(missing_ok=True)


def _cache() -> Path:
    return Path(ln.setup.settings.cache_dir)


def test_croissant(work: Path) -> None:
    pytest.importorskip("anndata")
    pytest.importorskip("zarr")
    metadata, store = ln.examples.croissant.mini_immuno()
    described = json.loads(metadata.read_text(encoding="utf-8"))
    assert store.is_dir() and described["@type"] == "Dataset" and described["name"] == "Mini immuno dataset"
    assert described["version"] == "1.0" and described["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [found["@id"] for found in described["distribution"]] == ["mini_immuno.anndata.zarr"]
    paths = ln.examples.croissant.mini_immuno(n_files=2, filepath_prefix="sub", strip_version=True)
    assert [path.as_posix() for path in paths] == [
        "mini_immuno.anndata.zarr_metadata.json", "sub/mini_immuno.anndata.zarr", "mini.csv",
    ]  # fmt: skip
    described = json.loads(paths[0].read_text(encoding="utf-8"))
    assert "version" not in described
    assert [found["@id"] for found in described["distribution"]] == ["sub/mini_immuno.anndata.zarr", "sub/mini.csv"]
    with pytest.raises(ValueError, match="n_files has to be 1 or 2, not 3"):
        ln.examples.croissant.mini_immuno(n_files=3)
