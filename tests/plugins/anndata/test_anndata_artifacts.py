"""AnnData as artifacts: made, recognised, counted, loaded, opened, changed in place, and read as collections; local and in S3."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
import pytest
from anndata.tests.helpers import assert_equal

from .anndata_examples import example, write


@pytest.mark.parametrize(
    ("key", "format", "suffix"),
    [
        ("cells.h5ad", None, ".h5ad"),
        ("cells.zarr", None, ".zarr"),
        ("cells.anndata.zarr", "anndata.zarr", ".anndata.zarr"),
        (None, None, ".h5ad"),
        (None, "zarr", ".zarr"),
    ],
)
def test_an_object_becomes_an_artifact_and_comes_back(
    instance: Any, key: str | None, format: str | None, suffix: str
) -> None:
    import lamindb as ln

    adata = example()
    artifact = ln.Artifact.from_anndata(adata, key=key, description="cells", format=format, run=False).save()
    assert (artifact.suffix, artifact.otype, artifact.kind, artifact.n_observations) == (
        suffix,
        "AnnData",
        "dataset",
        60,
    )
    again = ln.Artifact.get(artifact.uid)
    loaded = again.load(is_run_input=False)
    assert_equal(loaded.X, adata.X)
    assert loaded.obs["batch"].tolist() == adata.obs["batch"].tolist()
    with again.open() as accessor:
        assert accessor.shape == adata.shape


@pytest.mark.parametrize("name", ["cells.h5ad", "cells.zarr", "cells.h5"])
def test_a_path_is_recognised_by_its_content(instance: Any, tmp_path: Path, name: str) -> None:
    import lamindb as ln

    path = tmp_path / name
    write(example(), tmp_path / name.replace(".h5", ".h5ad").replace(".h5adad", ".h5ad"))
    if name.endswith(".h5"):
        (tmp_path / "cells.h5ad").rename(path)
    artifact = ln.Artifact.from_anndata(path, key=name, run=False).save()
    assert artifact.n_observations == 60
    with artifact.open() as accessor:
        assert accessor.n_vars == 12


def test_what_is_no_anndata_is_refused(instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    for data in (pd.DataFrame({"a": [1]}), 3, tmp_path / "table.csv"):
        if isinstance(data, Path):
            data.write_text("a\n1\n")
        with pytest.raises(ValueError, match="data has to be an AnnData object or a path to AnnData-like"):
            ln.Artifact.from_anndata(data, key="cells.h5ad", run=False)
    with pytest.raises(ValueError, match="loom"):
        ln.Artifact.from_anndata(example(), format="loom", description="cells", run=False)


def test_a_column_that_is_added_makes_a_version_with_all_annotations(instance: Any) -> None:
    import lamindb as ln

    artifact = ln.Artifact.from_anndata(example(), key="cells.zarr", overwrite_versions=True, run=False).save()
    label = ln.ULabel(name="batch 1").save()
    feature = ln.Feature(name="temperature", dtype=int).save()
    artifact.ulabels.add(label)
    artifact.features.add_values({"temperature": 37})
    first = artifact.uid
    with artifact.open("r+", is_run_input=False) as accessor:
        accessor.add_column("obs", "cluster", pd.Categorical(["a", "b"] * 30))
    assert artifact.uid == first[:-4] + "0001"
    assert (artifact.is_latest, artifact.n_observations, artifact.kind, artifact.otype) == (
        True,
        60,
        "dataset",
        "AnnData",
    )
    assert artifact.ulabels.to_list("name") == ["batch 1"]
    assert artifact.features.get_values() == {feature.name: 37}
    assert artifact.load(is_run_input=False).obs["cluster"].tolist() == ["a", "b"] * 30
    former = ln.Artifact.get(first)
    assert not former.is_latest and former.hash != artifact.hash
    with pytest.raises(ValueError, match="overwritten"):
        former.load()
    second = artifact.uid
    with artifact.open("r+", is_run_input=False):
        pass
    assert artifact.uid == second, "nothing was changed, so there is no new version"


def test_stores_are_written_only_where_versions_share_a_place(instance: Any) -> None:
    import lamindb as ln

    fixed = ln.Artifact.from_anndata(example(), key="fixed.zarr", overwrite_versions=False, run=False).save()
    with pytest.raises(ValueError, match="overwrite_versions=False"):
        fixed.open("r+")
    table = ln.Artifact.from_anndata(example(seed=1), key="cells.h5ad", run=False).save()
    with pytest.raises(ValueError, match="mode='w'"):
        table.open("w")


def test_collections_are_loaded_and_mapped(instance: Any, count_queries: Any) -> None:
    import lamindb as ln

    objects = [example(10, 5, seed=seed) for seed in range(3)]
    artifacts = [
        ln.Artifact.from_anndata(adata, key=f"{number}.h5ad", run=False).save() for number, adata in enumerate(objects)
    ]
    collection = ln.Collection(artifacts, key="all cells", run=False).save()
    joined = collection.load(is_run_input=False)
    assert joined.shape == (30, 5)
    assert joined.obs["artifact_uid"].cat.categories.tolist() == [artifact.uid for artifact in artifacts]
    with count_queries() as queries:
        dataset = collection.mapped(obs_keys=["cell_type"], is_run_input=False)
    assert len(queries) <= 3
    assert len(dataset) == 30
    np.testing.assert_array_equal(dataset[12]["X"], objects[1].X.toarray()[2])
    same = ln.Artifact.filter(suffix=".h5ad").order_by("id").mapped(obs_keys=["cell_type"], is_run_input=False)
    np.testing.assert_array_equal(same[29]["X"], dataset[29]["X"])
    assert sum(len(batch["X"]) for batch in dataset.batches(8, shuffle=True, seed=0)) == 30


def test_what_is_no_anndata_is_left_out_of_a_mapped_collection(instance: Any, tmp_path: Path, caplog: Any) -> None:
    import lamindb as ln

    (tmp_path / "notes.txt").write_text("notes")
    notes = ln.Artifact(tmp_path / "notes.txt", key="notes.txt", run=False).save()
    cells = ln.Artifact.from_anndata(example(), key="cells.h5ad", run=False).save()
    collection = ln.Collection([notes, cells], key="both", run=False).save()
    assert len(collection.mapped(is_run_input=False)) == 60
    with pytest.raises(ValueError, match="training"):
        ln.Artifact.filter(suffix=".txt").order_by("id").mapped()


def test_arrays_of_any_kind_open_as_they_are(instance: Any, tmp_path: Path) -> None:
    import h5py

    import lamindb as ln

    with h5py.File(tmp_path / "counts.h5", "w") as file:
        file["counts"] = np.arange(4)
    artifact = ln.Artifact(tmp_path / "counts.h5", key="counts.h5", run=False).save()
    assert artifact.otype is None
    with artifact.open() as backed:
        assert backed.storage["counts"][3] == 3
    with pytest.raises(NotImplementedError, match="cache"):
        artifact.load()


def test_describe_names_format_and_size(instance: Any) -> None:
    import lamindb as ln

    artifact = ln.Artifact.from_anndata(ad.AnnData(np.eye(3, dtype=np.float32)), key="eye.h5ad", run=False).save()
    text = artifact.describe(return_str=True)
    assert "AnnData" in text and "3" in text


def test_hdf5_files_are_never_changed_in_place(sqlite_instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    path = write(example(6, 4), tmp_path / "cells.h5ad")
    artifact = ln.Artifact.from_anndata(path, key="cells.h5ad", overwrite_versions=True).save()
    for mode in ("r+", "w", "a"):
        with pytest.raises(
            ValueError, match=f"It is not allowed to open a .h5ad object with `mode='{re.escape(mode)}'`"
        ):
            artifact.open(mode=mode)
