"""AnnData is curated slot by slot: objects, h5ad and zarr paths and artifacts, with one report, without reading X."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
import pytest

_TYPES = ["B cell", "T cell", "monocyte"]


def _adata(n_obs: int = 12) -> Any:
    return ad.AnnData(
        np.ones((n_obs, 3), dtype="float32"),
        obs=pd.DataFrame(
            {
                "cell_type": pd.Categorical([_TYPES[number % 3] for number in range(n_obs)]),
                "score": np.linspace(0, 1, n_obs),
                "n_genes": np.arange(n_obs),
            },
            index=[f"cell{number}" for number in range(n_obs)],
        ),
        var=pd.DataFrame({"length": [10, 20, 30]}, index=["gene1", "gene2", "gene3"]),
        uns={"study": {"temperature": 21.5, "label": "T cell", "date": "2024-12-01"}, "picture": np.zeros((50, 50))},
    )


@pytest.fixture
def schema(instance: Any) -> Any:
    return _make_schema()


def _make_schema() -> Any:
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in _TYPES])
    obs = [
        ln.Feature(name="cell_type", dtype=ln.ULabel).save(),
        ln.Feature(name="score", dtype=float).save(),
        ln.Feature(name="n_genes", dtype=int).save(),
    ]
    study = [
        ln.Feature(name="temperature", dtype=float).save(),
        ln.Feature(name="label", dtype=ln.ULabel).save(),
        ln.Feature(name="date", dtype="date", coerce=True).save(),
    ]
    for number in (1, 2):  # rows of `var` are columns of `var.T`, their values are checked, too
        ln.Feature(name=f"gene{number}", dtype=int).save()
    var = ln.Schema([ln.Feature(name="length", dtype=int).save()]).save()
    slots = {"obs": ln.Schema(obs).save(), "var": var, "uns:study": ln.Schema(study).save()}
    slots["var.T"] = ln.Schema(itype=ln.Feature).save()
    return ln.Schema(slots=slots, otype="AnnData", name="cells").save()


def _written(adata: Any, folder: Path, suffix: str) -> Any:
    path = folder / f"cells{suffix}"
    if suffix == ".h5ad":
        adata.write_h5ad(path)
    else:
        adata.write_zarr(path)
    return path


def test_an_object_is_validated_saved_and_annotated_by_slot(schema: Any, count_queries: Any) -> None:
    import lamindb as ln

    adata = _adata()
    curator = ln.curators.AnnDataCurator(adata, schema)
    assert (
        repr(curator) == "AnnDataCurator(Schema: cells (AnnData), slots: [obs, var, uns:study... +1 more], unvalidated)"
    )
    with count_queries() as queries:
        curator.validate()
    assert len(queries) <= 2, queries  # of all slots: the registered features, and the labels
    artifact = curator.save_artifact(key="cells.h5ad")
    assert artifact.n_observations == 12 and artifact.schema == schema
    members = {slot: set(one.members.to_list("name")) for slot, one in artifact.features.slots.items()}
    assert members == {
        "obs": {"cell_type", "score", "n_genes"},
        "var": {"length"},
        "var.T": {"gene1", "gene2"},
        "uns:study": {"temperature", "label", "date"},
    }
    assert artifact.features.get_values() == {"cell_type": set(_TYPES), "label": "T cell"}
    assert ln.Artifact.filter(cell_type="monocyte").one() == artifact
    assert artifact.load().uns["study"]["date"] == "2024-12-01"  # files of AnnData hold no dates
    assert ln.curators.AnnDataCurator(artifact, schema)._artifact == artifact


@pytest.mark.parametrize("suffix", [".h5ad", ".zarr"])
def test_paths_and_artifacts_are_validated_without_reading_the_matrix(
    schema: Any, tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import lamindb as ln
    from lamindb_anndata import elements, files

    path = _written(_adata(), tmp_path, suffix)

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("something large was read")

    with monkeypatch.context() as patched:
        patched.setattr(files, "load", refuse)
        patched.setattr(elements, "read_sparse", refuse)
        patched.setattr(ad, "read_h5ad", refuse)
        curator = ln.curators.AnnDataCurator(path, schema)
        curator.validate()
        assert curator._store is None  # closed
        artifact = ln.Artifact.from_anndata(path, key=f"from_path{suffix}", schema=schema).save()
        again = ln.curators.AnnDataCurator(artifact, schema)
        again.validate()
    assert artifact.n_observations == 12
    assert artifact.features.get_values()["cell_type"] == set(_TYPES)
    assert repr(again).startswith(f"AnnDataCurator, artifact: {artifact.uid}(Schema: cells (AnnData)")
    with pytest.raises(RuntimeError, match="Cannot mutate the dataset when an artifact is passed"):
        again.slots["obs"].cat.standardize("cell_type")
    with pytest.raises(RuntimeError, match="in files"):
        curator.slots["obs"].cat.standardize("cell_type")


@pytest.mark.parametrize("form", ["object", ".h5ad", ".zarr"])
def test_the_problems_of_all_slots_are_in_one_report(schema: Any, tmp_path: Path, form: str) -> None:
    import lamindb as ln

    adata = _adata()
    adata.obs["cell_type"] = adata.obs["cell_type"].cat.rename_categories({"T cell": "Tcell"})
    adata.obs["n_genes"] = adata.obs["n_genes"] + 0.5
    del adata.obs["score"]
    adata.var["length"] = ["a", "b", "c"]
    adata.uns["study"]["label"] = "unknown"
    dataset = adata if form == "object" else _written(adata, tmp_path, form)
    curator = ln.curators.AnnDataCurator(dataset, schema)
    with pytest.raises(ln.errors.ValidationError) as caught:
        curator.validate()
    found = {(problem.slot, problem.column) for problem in caught.value.report}
    assert found == {
        ("obs", "cell_type"), ("obs", "n_genes"), ("obs", "score"), ("var", "length"), ("uns:study", "label"),
        ("var.T", "gene1"), ("var.T", "gene2"),
    }  # fmt: skip
    text = str(caught.value)
    assert "1 term not validated in feature 'cell_type' in slot 'obs': 'Tcell'" in text
    assert "curator.slots['obs'].cat.add_new_from('cell_type')" in text
    assert curator.slots["obs"].cat.non_validated == {"cell_type": ["Tcell"]}
    with pytest.raises(ln.errors.ValidationError):
        ln.Artifact.from_anndata(dataset, key="x.h5ad", schema=schema)
    assert ln.Artifact.filter().count() == 0


def test_columns_are_converted_and_filled_in_the_object(instance: Any) -> None:
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in _TYPES])
    features = [
        ln.Feature(name="cell_type", dtype=ln.ULabel, coerce=True).save(),
        ln.Feature(name="n_genes", dtype=float, coerce=True).save(),
        ln.Feature(name="assay", dtype=str, default_value="10x").save(),
    ]
    schema = ln.Schema(slots={"obs": ln.Schema(features).save()}, otype="AnnData").save()
    adata = _adata()
    adata.obs["cell_type"] = adata.obs["cell_type"].astype(object)
    curator = ln.curators.AnnDataCurator(adata, schema)
    curator.standardize()
    curator.validate()
    assert adata.obs["assay"].tolist() == ["10x"] * 12
    assert adata.obs["n_genes"].dtype == float and adata.obs["cell_type"].dtype == "category"
    artifact = curator.save_artifact(key="converted.h5ad")
    assert artifact.load().obs["n_genes"].dtype == float


def test_a_view_becomes_an_object_of_its_own_only_if_it_is_changed(instance: Any) -> None:
    import lamindb as ln

    number = ln.Feature(name="n_genes", dtype=int).save()
    schema = ln.Schema(slots={"obs": ln.Schema([number]).save()}, otype="AnnData").save()
    adata = _adata()
    view = adata[:5]
    ln.curators.AnnDataCurator(view, schema).validate()
    assert view.is_view
    adata.obs["n_genes"] = adata.obs["n_genes"].astype(float)
    converting = ln.Schema(slots={"obs": ln.Schema([number], coerce=True).save()}, otype="AnnData").save()
    view = adata[:5]
    ln.curators.AnnDataCurator(view, converting).validate()
    assert not view.is_view and view.obs["n_genes"].dtype == "int64" and adata.obs["n_genes"].dtype == float


def test_stored_columns_that_would_have_to_be_converted_are_reported(instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    feature = ln.Feature(name="n_genes", dtype=float, coerce=True).save()
    schema = ln.Schema(slots={"obs": ln.Schema([feature]).save()}, otype="AnnData").save()
    path = _written(_adata(), tmp_path, ".h5ad")
    with pytest.raises(ln.errors.ValidationError, match="(?i)stored data is validated as it is"):
        ln.curators.AnnDataCurator(path, schema).validate()


def test_the_schema_by_its_name_needs_the_module_bionty_or_works(sqlite_instance: Any) -> None:
    import lamindb as ln

    with pytest.raises(ln.errors.InvalidArgument, match="is no schema"):
        ln.Artifact.from_anndata(_adata(), key="x.h5ad", schema="nothing")


def test_wrong_datasets_and_slots_are_refused(sqlite_instance: Any, tmp_path: Path, caplog: Any) -> None:
    import lamindb as ln

    schema = _make_schema()
    with pytest.raises(ln.errors.InvalidArgument, match="dataset must be AnnData-like"):
        ln.curators.AnnDataCurator(pd.DataFrame(), schema)
    (tmp_path / "text.h5ad").write_text("no HDF5")
    with pytest.raises(ln.errors.InvalidArgument, match="dataset must be AnnData-like"):
        ln.curators.AnnDataCurator(tmp_path / "text.h5ad", schema)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        ln.curators.AnnDataCurator(tmp_path / "nowhere.h5ad", schema)
    with pytest.raises(ln.errors.InvalidArgument, match="Schema otype must be 'AnnData'"):
        ln.curators.AnnDataCurator(_adata(), schema.slots["obs"])
    one = schema.slots["uns:study"]
    for slot, error, words in (
        ("obsm", ValueError, "currently only supports the slots 'var', 'var.T', 'obs', and 'uns', not obsm"),
        ("uns:nothing", ln.errors.InvalidArgument, r"requires keys uns\['nothing'\] but key 'nothing' not found"),
        ("uns:study:label:x", ln.errors.InvalidArgument, r"none \(not a dict\)"),
    ):
        other = ln.Schema(slots={slot: one}, otype="AnnData").save()
        with pytest.raises(error, match=words):
            ln.curators.AnnDataCurator(_adata(), other)
    legacy = ln.Schema(slots={"var": ln.Schema(itype=ln.ULabel.name).save()}, otype="AnnData").save()
    logging.getLogger("lamindb").propagate = True
    with caplog.at_level("WARNING", logger="lamindb"):
        curator = ln.curators.AnnDataCurator(_adata(), legacy)
    assert "auto-transposed `var` for backward compat" in caplog.text
    assert curator.slots["var"].identifier_key == "var_index"


def test_external_features_are_validated_with_the_slots(sqlite_instance: Any) -> None:
    import lamindb as ln

    obs = ln.Schema([ln.Feature(name="score", dtype=float).save()]).save()
    external = ln.Schema([ln.Feature(name="donor", dtype=str).save()]).save()
    schema = ln.Schema(slots={"obs": obs, "__external__": external}, otype="AnnData").save()
    with pytest.raises(ln.errors.ValidationError, match="External features slot is defined in schema"):
        ln.curators.AnnDataCurator(_adata(), schema).validate()
    artifact = ln.Artifact.from_anndata(_adata(), key="x.h5ad", schema=schema, features={"donor": "D1"}).save()
    assert artifact.features.get_values()["donor"] == "D1"


def test_real_cells_and_files_of_older_formats(sqlite_instance: Any, tmp_path: Path) -> None:
    import h5py
    import scanpy

    import lamindb as ln

    adata = scanpy.datasets.pbmc68k_reduced()
    ln.save([ln.ULabel(name=name) for name in adata.obs["bulk_labels"].cat.categories])
    features = [ln.Feature(name="bulk_labels", dtype=ln.ULabel).save(), ln.Feature(name="n_genes", dtype=int).save()]
    schema = ln.Schema(slots={"obs": ln.Schema(features).save()}, otype="AnnData").save()
    artifact = ln.Artifact.from_anndata(adata, key="pbmc.h5ad", schema=schema).save()
    assert artifact.features.get_values()["bulk_labels"] == set(adata.obs["bulk_labels"].cat.categories)
    path = tmp_path / "old.h5ad"
    adata.write_h5ad(path)
    with h5py.File(path, "r+") as file:  # as anndata 0.7 wrote categories
        obs = file["obs"]
        labels = obs["bulk_labels"]
        codes, categories = labels["codes"][:], labels["categories"].asstr()[:]
        del obs["bulk_labels"]
        obs["bulk_labels"] = codes
        stored = obs.create_group("__categories")
        stored.create_dataset("bulk_labels", data=list(categories), dtype=h5py.string_dtype())
        stored["bulk_labels"].attrs["ordered"] = False
    ln.curators.AnnDataCurator(path, schema).validate()


def test_a_table_is_read_in_parts_of_some_rows(sqlite_instance: Any, tmp_path: Path, monkeypatch: Any) -> None:
    import lamindb as ln
    from lamindb_anndata import curator_tables

    schema = _make_schema()
    adata = _adata(1000)
    adata.obs["cell_type"] = pd.Categorical(["B cell"] * 998 + ["new", "B cell"])
    path = _written(adata, tmp_path, ".h5ad")
    monkeypatch.setattr(curator_tables, "_ROWS", 64)
    curator = ln.curators.AnnDataCurator(path, schema)
    with pytest.raises(ln.errors.ValidationError) as caught:
        curator.validate()
    [problem] = caught.value.report
    assert problem.examples == ((998, "new"),)
    assert caught.value.report.n_rows["obs"] == 1000
