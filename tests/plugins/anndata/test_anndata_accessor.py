"""The lazy view of a stored AnnData gives what anndata itself gives, of any selection, and reads only that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata as ad
import h5py
import numpy as np
import pandas as pd
import pytest
from anndata.tests.helpers import assert_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from lamindb_anndata import open_anndata
from lamindb_anndata.accessor import AnnDataAccessorSubset

from .anndata_examples import example, write

_N_OBS, _N_VARS = 60, 12
_STORES = ("adata.h5ad", "adata.v2.zarr", "adata.zarr")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Any]]:
    folder = tmp_path_factory.mktemp("stores")
    made = {}
    for name in _STORES:
        path = write(example(_N_OBS, _N_VARS), folder / name)
        made[name] = (path, ad.read_h5ad(path) if name.endswith(".h5ad") else ad.read_zarr(path))
    return made


def _indices(length: int, prefix: str) -> Any:
    positions = st.integers(-length, length - 1)
    bound = st.none() | st.integers(-length - 3, length + 3)
    return st.one_of(
        st.builds(slice, bound, bound, st.sampled_from([None, 1, 2, 5, -1, -3])),
        st.lists(positions, min_size=1, max_size=20).map(np.array),
        st.lists(st.booleans(), min_size=length, max_size=length).map(np.array),
        st.lists(st.integers(0, length - 1).map(lambda number: f"{prefix}{number}"), min_size=1, max_size=8),
        st.lists(st.booleans(), min_size=length, max_size=length).map(
            lambda mask: pd.Series(mask, index=[f"{prefix}{number}" for number in range(length)])
        ),
    )


def _positions(index: Any, names: Any) -> Any:
    """What an index means, in the words of numpy: the reference that does not share code with what is tested."""
    if isinstance(index, list):
        return [names.get_loc(name) for name in index]
    return np.arange(len(names))[np.asarray(index) if isinstance(index, pd.Series) else index]


@pytest.mark.parametrize("name", _STORES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_indices(_N_OBS, "cell"), columns=_indices(_N_VARS, "gene"))
def test_any_selection_is_what_anndata_gives(stores: Any, name: str, rows: Any, columns: Any) -> None:
    path, whole = stores[name]
    expected = whole[_positions(rows, whole.obs_names), _positions(columns, whole.var_names)].copy()
    with open_anndata(path) as adata:
        part = adata[rows, columns]
        assert part.shape == expected.shape
        assert_equal(part.to_memory(), expected)


@pytest.mark.parametrize("name", _STORES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_selection_of_a_selection_composes(stores: Any, name: str, data: Any) -> None:
    path, whole = stores[name]
    first = data.draw(_indices(_N_OBS, "cell"))
    positions = np.asarray(_positions(first, whole.obs_names))
    if len(positions) == 0:
        return
    bound = st.none() | st.integers(-len(positions), len(positions))
    second = data.draw(
        st.builds(slice, bound, bound, st.sampled_from([None, 2, -1]))
        | st.lists(st.integers(-len(positions), len(positions) - 1), min_size=1, max_size=9)
    )
    expected = whole[positions[second]].copy()
    with open_anndata(path) as adata:
        assert_equal(adata[first][second].to_memory(), expected)


@pytest.mark.parametrize("name", _STORES)
def test_the_whole_is_what_anndata_reads(stores: Any, name: str) -> None:
    path, whole = stores[name]
    with open_anndata(path) as adata:
        assert adata.shape == whole.shape == (adata.n_obs, adata.n_vars)
        assert_equal(adata.to_memory(), whole)
        assert list(adata.obs_names) == list(whole.obs_names)
        pd.testing.assert_frame_equal(adata.obs, whole.obs)
        assert adata.obs is adata.obs
        assert adata.uns["parameters"]["name"] == "test"
        assert adata.layers.keys() == sorted(whole.layers)
        assert "Accessor for the AnnData attribute layers" in repr(adata.layers)


def test_matrices_stay_on_disk_until_they_are_selected(stores: Any) -> None:
    path, whole = stores["adata.h5ad"]
    with open_anndata(path) as adata:
        assert isinstance(adata.layers["dense"], h5py.Dataset)
        assert not isinstance(adata.X, sparse.spmatrix | sparse.sparray)
        assert_equal(adata.X[2:5], whole.X[2:5])
        part = adata[2:5]
        assert isinstance(part.layers["dense"], np.ndarray)
        assert sparse.issparse(part.X)
        assert_equal(part.raw.X, whole.raw.X[2:5])


def test_only_selected_rows_of_a_table_are_read(stores: Any) -> None:
    path, whole = stores["adata.h5ad"]
    with open_anndata(path) as adata:
        part = adata[["cell40", "cell2"]]
        pd.testing.assert_frame_equal(
            part.obs[["score", "n_genes"]], whole.obs.loc[["cell40", "cell2"], ["score", "n_genes"]]
        )
        assert "obs" not in adata.__dict__, "the whole table was read for two rows"
        before = adata.obs
        pd.testing.assert_frame_equal(adata[[1]].obs, before.iloc[[1]])


def test_one_entry_is_a_subset_of_one_row(stores: Any) -> None:
    path, whole = stores["adata.h5ad"]
    with open_anndata(path) as adata:
        for index in (7, -53, "cell7"):
            assert adata[index].shape == (1, _N_VARS)
            assert_equal(adata[index].to_memory(), whole[[7]].copy())
        assert adata[:, "gene3"].shape == (_N_OBS, 1)
        assert isinstance(adata["cell1", 2], AnnDataAccessorSubset)


@pytest.mark.parametrize(
    ("index", "error", "message"),
    [
        ("unknown", KeyError, "'unknown'"),
        (["cell1", "nobody"], KeyError, "1 of the 2 names"),
        (60, IndexError, "60 is out of bounds"),
        (-61, IndexError, "out of bounds"),
        ([0, 99], IndexError, "99 is out of bounds"),
        ([True, False], IndexError, "the mask has 2 values"),
        (True, TypeError, "mask"),
        (np.zeros((2, 2), dtype=int), TypeError, "one axis"),
    ],
)
def test_an_index_that_means_nothing_is_refused(stores: Any, index: Any, error: Any, message: str) -> None:
    path, _ = stores["adata.h5ad"]
    with open_anndata(path) as adata, pytest.raises(error, match=message):
        adata[index]


def test_an_empty_selection_is_an_empty_anndata(stores: Any) -> None:
    path, _ = stores["adata.zarr"]
    with open_anndata(path) as adata:
        for index in ([], slice(5, 5), np.zeros(_N_OBS, dtype=bool)):
            assert adata[index].shape == (0, _N_VARS)
            assert adata[index].to_memory().shape == (0, _N_VARS)


def test_names_that_are_there_twice_can_be_selected_by_position_only(tmp_path: Path) -> None:
    adata = example(6, 3, raw=False)
    adata.obs_names = ["a", "a", "b", "c", "d", "e"]
    adata.write_h5ad(tmp_path / "twice.h5ad")
    with open_anndata(tmp_path / "twice.h5ad") as opened:
        assert opened[["c", "b"]].obs_names.tolist() == ["c", "b"]
        with pytest.raises(KeyError, match="several entries"):
            opened["a"]
        assert opened[[0, 1]].obs_names.tolist() == ["a", "a"]


def test_raw_is_subset_by_rows_and_never_by_columns(stores: Any) -> None:
    path, whole = stores["adata.h5ad"]
    with open_anndata(path) as adata:
        assert adata.raw.shape == whole.raw.shape
        raw = adata[[4, 2], ["gene1"]].raw
        assert raw.shape == (2, _N_VARS)
        assert_equal(raw.X, whole.raw.X[[4, 2]])
        assert raw.to_memory().obs_names.tolist() == ["cell4", "cell2"]
        assert adata.raw.varm["loadings"].shape == (_N_VARS, 2)
        with pytest.raises(AttributeError):
            adata.raw.raw


def test_what_is_not_there_is_none_or_an_error_that_says_so(tmp_path: Path) -> None:
    ad.AnnData(np.eye(3, dtype=np.float32)).write_h5ad(tmp_path / "bare.h5ad")
    with open_anndata(tmp_path / "bare.h5ad") as adata:
        assert adata.raw is None
        assert adata[:2].to_memory().shape == (2, 3)
        assert adata.obs_names.tolist() == ["0", "1", "2"]
        with pytest.raises(AttributeError, match="'T'"):
            adata.T
        with pytest.raises(KeyError, match="layers has no 'counts'"):
            adata.layers["counts"]
    assert adata.closed
    with pytest.raises(ValueError, match="is closed"):
        adata.X
    adata.close()


def test_the_representation_names_the_slots_and_their_keys(stores: Any) -> None:
    path, _ = stores["adata.h5ad"]
    with open_anndata(path) as adata:
        text = repr(adata)
    assert "AnnDataAccessor object with n_obs × n_vars = 60 × 12" in text
    assert "constructed for the AnnData object adata.h5ad" in text
    assert "layers: ['by_column', 'counts', 'dense']" in text


def test_a_compressed_file_opens_and_loads(stores: Any, tmp_path: Path) -> None:
    import gzip
    import tarfile

    from lamindb_anndata.accessor import count_observations
    from lamindb_anndata.files import load

    path, whole = stores["adata.h5ad"]
    packed = tmp_path / "adata.h5ad.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    archive = tmp_path / "adata.h5ad.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(path, arcname="adata.h5ad")
    for compressed in (packed, archive):
        with open_anndata(compressed) as adata:
            assert_equal(adata[:3].to_memory(), whole[:3].copy())
        assert_equal(load(compressed), whole)
        assert count_observations(compressed) == _N_OBS
    with pytest.raises(OSError):
        open_anndata(packed, compression=None)


def test_a_file_that_is_no_hdf5_is_an_error_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "broken.h5ad").write_bytes(b"not hdf5")
    with pytest.raises(OSError):
        open_anndata(tmp_path / "broken.h5ad")
    with pytest.raises(FileNotFoundError):
        open_anndata(tmp_path / "nowhere.zarr")
    with pytest.raises(ValueError, match="mode"):
        open_anndata(tmp_path / "broken.h5ad", "rw")


def test_columns_are_added_in_place(tmp_path: Path) -> None:
    path = write(example(20, 4), tmp_path / "adata.zarr")
    changes = []
    with open_anndata(path, "r+", on_change=lambda: changes.append(1)) as adata:
        adata.add_column("obs", "leiden", pd.Categorical(["x", "y"] * 10))
        adata.add_column("var", "length", np.arange(4))
        assert adata.obs["leiden"].tolist() == ["x", "y"] * 10
    assert changes == [1]
    whole = ad.read_zarr(path)
    assert whole.obs["leiden"].tolist() == ["x", "y"] * 10
    assert whole.var["length"].tolist() == [0, 1, 2, 3]
    assert list(whole.obs.columns)[-1] == "leiden"
    import zarr

    assert zarr.open_group(path, mode="r").metadata.consolidated_metadata is not None


def test_a_column_that_does_not_fit_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = write(example(20, 4), tmp_path / "adata.zarr")
    before = ad.read_zarr(path)
    changes = []
    with open_anndata(path, "r+", on_change=lambda: changes.append(1)) as adata:
        with pytest.raises(ValueError, match="3 values, but obs has 20"):
            adata.add_column("obs", "short", np.arange(3))
        with pytest.raises(ValueError, match="has a column 'score' already"):
            adata.add_column("obs", "score", np.arange(20))
        with pytest.raises(ValueError, match="'uns'"):
            adata.add_column("uns", "score", np.arange(20))
    assert changes == []
    with open_anndata(path) as adata, pytest.raises(ValueError, match="only with zarr in a writable mode"):
        adata.add_column("obs", "new", np.arange(20))
    assert_equal(ad.read_zarr(path), before)
    h5ad = write(example(20, 4), tmp_path / "adata.h5ad")
    with open_anndata(h5ad, "r+") as adata, pytest.raises(ValueError, match="only with zarr in a writable mode"):
        adata.add_column("obs", "new", np.arange(20))


def test_other_stores_are_opened_as_they_are(tmp_path: Path) -> None:
    import zarr

    with h5py.File(tmp_path / "counts.h5", "w") as file:
        file["counts"] = np.arange(5)
    with open_anndata(tmp_path / "counts.h5") as backed:
        assert backed.connection is None
        assert backed.storage["counts"][:].tolist() == [0, 1, 2, 3, 4]
    assert backed.closed
    group = zarr.open_group(tmp_path / "counts.zarr", mode="w")
    group["counts"] = np.arange(5)
    with open_anndata(tmp_path / "counts.zarr") as backed:
        assert backed.storage["counts"][2] == 2


def test_a_file_of_the_first_format_is_read_as_anndata_reads_it() -> None:
    """The data set that ships with scanpy was written in 2018: tables are structured arrays, categories lie in `uns`."""
    scanpy = pytest.importorskip("scanpy")
    path = Path(scanpy.__file__).parent / "datasets" / "10x_pbmc68k_reduced.h5ad"
    whole = ad.read_h5ad(path)
    with open_anndata(path) as adata:
        assert_equal(adata.to_memory(), whole)
        mask = adata.obs["bulk_labels"] == "CD4+/CD25 T Reg"
        assert_equal(adata[mask, ["LYZ", "CD3D"]].to_memory(), whole[mask, ["LYZ", "CD3D"]].copy())
        assert_equal(adata[[3, 1]].obs, whole.obs.iloc[[3, 1]])
        assert adata.raw.shape == whole.raw.shape
        assert adata.obsm["X_umap"].shape == (700, 2)


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).with_name("old_files").glob("*.h5ad")), ids=lambda path: path.stem
)
def test_files_of_earlier_releases_are_read_as_anndata_reads_them(path: Path) -> None:
    whole = ad.read_h5ad(path)
    with open_anndata(path) as adata:
        assert_equal(adata.to_memory(), whole)
        rows, columns = ["cell5", "cell0"], [3, 1]
        assert_equal(adata[rows, columns].to_memory(), whole[rows, columns].copy())
        assert adata.obs["stage"].cat.ordered
        assert adata.raw.shape == whole.raw.shape == (8, 5)
