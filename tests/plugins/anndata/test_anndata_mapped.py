"""A mapped collection gives the rows of its files, joined, filtered and encoded, one by one and in batches, in any process."""

from __future__ import annotations

import multiprocessing
import operator
import pickle
from collections import Counter
from pathlib import Path
from typing import Any

import anndata as ad
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from lamindb_anndata import MappedCollection

from .anndata_examples import example, write

_SIZES = (40, 25, 33)


def _objects() -> list[Any]:
    made = []
    for number, size in enumerate(_SIZES):
        adata = example(size, 12, seed=number, raw=False)
        # the genes of each object start one later, and the second object has them in another order
        adata.var_names = [f"gene{position + number:02}" for position in range(12)]
        if number == 1:
            adata = adata[:, ::-1].copy()
        adata.raw = adata.copy()
        made.append(adata)
    return made


@pytest.fixture(scope="module", params=[".h5ad", ".v2.zarr", ".zarr"])
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[Any]]:
    folder = tmp_path_factory.mktemp("mapped")
    objects = _objects()
    return [write(adata, folder / f"{number}{request.param}") for number, adata in enumerate(objects)], objects


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A file of each format: what reads one of them in another process reads each of them."""
    folder = tmp_path_factory.mktemp("mixed")
    suffixes = (".h5ad", ".v2.zarr", ".zarr")
    return [write(adata, folder / f"{n}{suffixes[n]}") for n, adata in enumerate(_objects())]


def _joint(objects: list[Any], join: str) -> Any:
    """The reference: what anndata's own concatenation makes of the objects, densely, 0 where there is nothing."""
    dense = [ad.AnnData(adata.X.toarray(), obs=adata.obs[[]], var=adata.var[[]]) for adata in objects]
    joined = ad.concat(dense, join=join, fill_value=0, index_unique="-")
    names = objects[0].var_names
    for adata in objects[1:]:
        names = names.intersection(adata.var_names, sort=False) if join == "inner" else names.union(adata.var_names)
    names = names if join == "inner" else names.sort_values()
    return joined[:, names].X, list(names)


@pytest.mark.parametrize("join", ["inner", "outer"])
def test_variables_are_joined_as_anndata_joins_them(files: Any, join: str) -> None:
    paths, objects = files
    expected, names = _joint(objects, join)
    with MappedCollection(paths, join=join) as dataset:
        assert list(dataset.var_joint) == names
        assert dataset.join_vars == join
        assert dataset.shape == (len(dataset), dataset.n_vars) == expected.shape
        assert dataset.n_obs_list == list(_SIZES)
        assert dataset.original_shapes == [(size, 12) for size in _SIZES]
        np.testing.assert_array_equal(dataset.take(range(len(dataset)))["X"], expected)
        for position in (0, 39, 40, 64, 65, 97, -1, -98):
            item = dataset[position]
            np.testing.assert_array_equal(item["X"], expected[position])
            assert item["X"].dtype == np.float32


def test_without_a_join_every_store_keeps_its_variables(files: Any) -> None:
    paths, objects = files
    dataset = MappedCollection(paths, join=None, layers_keys=["X", "dense", "counts"], obsm_keys=["pca", "table"])
    assert dataset.n_vars is None and dataset.var_joint is None
    assert dataset.original_shapes == [(size, None) for size in _SIZES]
    item = dataset[45]
    np.testing.assert_array_equal(item["X"], objects[1].X.toarray()[5])
    np.testing.assert_array_equal(item["dense"], objects[1].layers["dense"][5])
    assert item["counts"].dtype == np.int32
    np.testing.assert_array_equal(item["obsm_pca"], objects[1].obsm["pca"][5])
    np.testing.assert_array_equal(item["obsm_table"], objects[1].obsm["table"].to_numpy()[5])
    assert item["_store_idx"] == 1


def test_equal_variables_need_no_join(tmp_path: Path) -> None:
    paths = [write(example(10, 4, seed=seed), tmp_path / f"{seed}.h5ad") for seed in range(2)]
    dataset = MappedCollection(paths, join="outer", layers_keys=["X", "raw.X"])
    assert dataset.join_vars is None and dataset.n_vars == 4
    np.testing.assert_array_equal(dataset[11]["raw.X"], dataset[11]["X"])


def test_raw_keeps_its_own_variables(files: Any) -> None:
    paths, objects = files
    dataset = MappedCollection(paths, layers_keys="raw.X", join="inner")
    np.testing.assert_array_equal(dataset[41]["raw.X"], objects[1].raw.X.toarray()[1])
    assert len(dataset[0]["raw.X"]) == 12


def test_labels_are_encoded_over_all_stores(files: Any) -> None:
    paths, objects = files
    keys = ["cell_type", "stage", "batch", "n_genes", "passes", "kept"]
    dataset = MappedCollection(paths, obs_keys=keys, unknown_label={"cell_type": "NK cell"})
    assert dataset.encoders["cell_type"] == {"B cell": 0, "T cell": 1, "NK cell": -1}
    assert dataset.encoders["stage"] == {"early": 0, "late": 1, "never": 2}
    obs = pd.concat([adata.obs.astype(object) for adata in objects])
    for position in range(len(dataset)):
        item = dataset[position]
        for key in keys:
            value = obs.iloc[position][key]
            if pd.isna(value):
                assert isinstance(item[key], float) and np.isnan(item[key])
            else:
                assert item[key] == dataset.encoders[key][value]
    assert isinstance(dataset[10]["stage"], int)


def test_codes_are_integers_and_missing_values_nan(files: Any) -> None:
    dataset = MappedCollection(files[0], obs_keys=["cell_type", "n_genes", "passes"])
    items = [dataset[position] for position in range(6)]
    for key in ("cell_type", "n_genes", "passes"):
        values = [item[key] for item in items]
        missing = files[1][0].obs[key].isna().tolist()[:6]
        assert any(missing) and [value != value for value in values] == missing
        assert {type(value) for value, gone in zip(values, missing, strict=True) if not gone} == {int}


def test_labels_that_are_not_encoded_are_what_they_are(files: Any) -> None:
    paths, objects = files
    dataset = MappedCollection(
        paths, obs_keys=["cell_type", "batch", "score", "n_genes", "kept"], encode_labels=["batch"]
    )
    item = dataset[10]
    assert isinstance(item["batch"], int)
    assert item["cell_type"] == objects[0].obs["cell_type"].iloc[10] and isinstance(item["cell_type"], str)
    assert item["score"] == objects[0].obs["score"].iloc[10] and isinstance(item["score"], np.floating)
    assert isinstance(item["kept"], np.bool_)
    assert np.isnan(dataset[0]["n_genes"]) and dataset[10]["n_genes"] == objects[0].obs["n_genes"].iloc[10]
    batch = dataset.take([0, 3, 10])
    assert batch["score"].dtype == np.float64 and batch["batch"].dtype == np.int64
    assert np.isnan(batch["n_genes"][0]) and batch["n_genes"][2] == objects[0].obs["n_genes"].iloc[10]
    assert batch["cell_type"][2] == item["cell_type"] and batch["cell_type"][1] != batch["cell_type"][1]


def test_a_store_without_a_key_gives_items_without_it(tmp_path: Path) -> None:
    first, second = example(6, 4), example(5, 4, seed=1)
    del second.obs["batch"], second.layers["dense"]
    paths = [write(adata, tmp_path / f"{number}.h5ad") for number, adata in enumerate((first, second))]
    dataset = MappedCollection(paths, obs_keys=["batch"], layers_keys=["X", "dense"])
    assert {"batch", "dense"} <= dataset[0].keys()
    assert not {"batch", "dense"} & dataset[7].keys()
    assert [sorted(item) for item in dataset.__getitems__([0, 7])] == [sorted(dataset[0]), sorted(dataset[7])]
    with pytest.raises(ValueError, match="1.h5ad has no 'dense'"):
        dataset.take([0, 7])
    assert np.isnan(MappedCollection(paths, obs_keys=["batch"]).take([0, 7])["batch"][1])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    positions=st.lists(st.integers(-sum(_SIZES), sum(_SIZES) - 1), max_size=60),
    join=st.sampled_from(["inner", "outer"]),
)
def test_many_items_at_once_are_the_items_one_by_one(files: Any, positions: list[int], join: str) -> None:
    paths, _ = files
    with MappedCollection(
        paths, layers_keys=["X", "dense"], obs_keys=["cell_type", "score"], obsm_keys="pca", join=join
    ) as dataset:
        one_by_one = [dataset[position] for position in positions]
        together = dataset.__getitems__(positions)
        batch, thin = dataset.take(positions), dataset.take(positions, sparse=True)
        assert thin["X"].shape == batch["X"].shape == (len(positions), dataset.n_vars)
        np.testing.assert_array_equal(thin["X"].toarray(), batch["X"])
        for number, item in enumerate(one_by_one):
            assert item.keys() == together[number].keys() == batch.keys()
            for key in item:
                np.testing.assert_array_equal(item[key], together[number][key])
                np.testing.assert_array_equal(item[key], batch[key][number])


@pytest.mark.parametrize(
    "obs_filter",
    [
        {"cell_type": "T cell"},
        {"cell_type": ["T cell", "B cell"], "batch": ("b1",)},
        {"cell_type": [np.nan, "NK cell"]},
        {"n_genes": [1, 2, np.nan]},
        {"kept": True},
    ],
)
def test_rows_are_filtered_by_all_columns(files: Any, obs_filter: Any) -> None:
    paths, objects = files
    expected = []
    for adata in objects:
        mask = np.ones(adata.n_obs, dtype=bool)
        for key, wanted in obs_filter.items():
            wanted = list(wanted) if isinstance(wanted, (list, tuple)) else [wanted]
            values = adata.obs[key].astype(object)
            found = values.isin([value for value in wanted if not pd.isna(value)])
            if any(pd.isna(value) for value in wanted):
                found |= values.isna()
            mask &= found.to_numpy(dtype=bool)
        expected.append(np.flatnonzero(mask))
    dataset = MappedCollection(paths, obs_filter=obs_filter, obs_keys=["cell_type"], join="outer")
    assert dataset.filtered
    assert dataset.n_obs_list == [len(part) for part in expected]
    np.testing.assert_array_equal(dataset.indices, np.concatenate(expected))
    assert len(dataset.get_label_weights("cell_type")) == len(dataset)


def test_a_filter_that_leaves_nothing_or_names_no_column_gives_an_empty_dataset(files: Any) -> None:
    paths, _ = files
    dataset = MappedCollection(paths, obs_filter={"cell_type": "no such type"}, obs_keys="batch")
    assert len(dataset) == 0
    with pytest.raises(IndexError):
        dataset[0]
    assert list(dataset.batches(8)) == []
    assert list(dataset.batches(8, shuffle=True, seed=1)) == []
    assert len(MappedCollection(paths, obs_filter={"nowhere": 1})) == 0
    with pytest.warns(DeprecationWarning, match="dict"):
        assert len(MappedCollection(paths, obs_filter=("kept", True))) > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"join": "left"}, "join must be one of"),
        (
            {"obs_keys": ["batch"], "encode_labels": ["score"]},
            "All elements of `encode_labels` should be in `obs_keys`",
        ),
        ({"obs_keys": ["batch"], "unknown_label": {"score": "x"}}, "unknown_label"),
        ({"layers_keys": "by_column"}, "is a csc matrix, `MappedCollection` doesn't support this format yet"),
    ],
)
def test_wrong_arguments_are_named(files: Any, arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MappedCollection(files[0], **arguments)


def test_stores_without_shared_variables_need_an_outer_join(tmp_path: Path) -> None:
    first, second = example(4, 3), example(4, 3)
    second.var_names = ["x", "y", "z"]
    paths = [write(adata, tmp_path / f"{number}.h5ad") for number, adata in enumerate((first, second))]
    with pytest.raises(ValueError, match="don't have shared variables"):
        MappedCollection(paths)
    assert MappedCollection(paths, join="outer").n_vars == 6
    with pytest.raises(ValueError, match="empty"):
        MappedCollection([])


@pytest.mark.parametrize("index", [slice(0, 3), [0, 1], "0", True, 1.0])
def test_an_item_is_asked_for_by_an_integer(files: Any, index: Any) -> None:
    with pytest.raises(TypeError):
        MappedCollection(files[0])[index]


def test_a_closed_collection_says_so(files: Any) -> None:
    dataset = MappedCollection(files[0])
    dataset.close()
    assert dataset.closed
    with pytest.raises(ValueError, match="closed"):
        dataset[0]
    with pytest.raises(IndexError):
        MappedCollection(files[0])[98]


def test_weights_balance_labels(files: Any) -> None:
    paths, objects = files
    dataset = MappedCollection(paths, obs_keys="batch")
    batches = np.concatenate([adata.obs["batch"].astype(str) for adata in objects])
    counts = Counter(batches)
    np.testing.assert_allclose(dataset.get_label_weights("batch"), [1 / counts[batch] for batch in batches])
    scaled = dataset.get_label_weights("batch", scaler=10.0, return_categories=True)
    assert scaled == pytest.approx({batch: 10 / (count + 10) for batch, count in counts.items()})
    both = dataset.get_label_weights(["batch", "stage"], return_categories=True)
    assert set(both) == {
        f"{a}__{b}" for adata in objects for a, b in zip(adata.obs["batch"], adata.obs["stage"], strict=True)
    }
    with pytest.raises(ValueError, match="'nowhere'"):
        dataset.get_label_weights("nowhere")
    assert dataset.get_merged_categories("cell_type") == ["B cell", "NK cell", "T cell"]
    assert len(dataset.get_merged_labels("cell_type")) == len(dataset)


def test_variables_can_be_checked(files: Any) -> None:
    paths, objects = files
    dataset = MappedCollection(paths)
    assert not dataset.check_vars_sorted()
    assert MappedCollection(paths[:1]).check_vars_sorted()
    assert dataset.check_vars_non_aligned(objects[0].var_names) == [1, 2]


# batches ----------------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batch_size=st.integers(1, 120),
    block_size=st.integers(1, 30),
    preload_blocks=st.integers(1, 8),
    shuffle=st.booleans(),
    sparse_batches=st.booleans(),
    seed=st.integers(0, 5),
)
def test_an_epoch_has_every_observation_exactly_once(
    files: Any, batch_size: int, block_size: int, preload_blocks: int, shuffle: bool, sparse_batches: bool, seed: int
) -> None:
    paths, objects = files
    dataset = MappedCollection(paths, obs_keys="score", encode_labels=False, join="outer")
    expected, _ = _joint(objects, "outer")
    scores = np.concatenate([adata.obs["score"] for adata in objects])
    reader = dataset.batches(
        batch_size,
        shuffle=shuffle,
        block_size=block_size,
        preload_blocks=preload_blocks,
        seed=seed,
        sparse=sparse_batches,
    )
    order = reader.order(0)
    assert sorted(order.tolist()) == list(range(len(dataset)))
    batches = list(reader)
    assert len(batches) == len(reader)
    assert all(len(batch["score"]) == batch_size for batch in batches[:-1])
    matrices = [batch["X"].toarray() if sparse.issparse(batch["X"]) else batch["X"] for batch in batches]
    np.testing.assert_array_equal(np.concatenate(matrices), expected[order])
    np.testing.assert_array_equal(np.concatenate([batch["score"] for batch in batches]), scores[order])


def test_the_order_depends_on_seed_and_epoch_only(files: Any) -> None:
    dataset = MappedCollection(files[0])
    reader, again = (dataset.batches(7, shuffle=True, seed=3, block_size=4) for _ in range(2))
    first = [batch["_store_idx"] for batch in reader]
    assert reader.epoch == 1
    np.testing.assert_array_equal(np.concatenate(first), np.concatenate([batch["_store_idx"] for batch in again]))
    assert reader.order(0).tolist() != reader.order(1).tolist()
    assert reader.order(0).tolist() == again.order(0).tolist()
    again.set_epoch(5)
    assert again.order(again.epoch).tolist() == reader.order(5).tolist()


def test_weights_decide_what_is_drawn(files: Any) -> None:
    dataset = MappedCollection(files[0])
    weights = np.zeros(len(dataset))
    weights[[3, 50]] = 1
    drawn = np.concatenate([batch["_store_idx"] for batch in dataset.batches(16, weights=weights, seed=0)])
    assert len(drawn) == len(dataset)
    assert set(drawn.tolist()) == {0, 1}
    for wrong, message in (([1.0], "98 observations"), (-np.ones(98), "at least 0"), (np.zeros(98), "more than 0")):
        with pytest.raises(ValueError, match=message):
            dataset.batches(16, weights=wrong)
    for arguments in ({"batch_size": 0}, {"block_size": 0}, {"rank": 2, "world_size": 2}):
        with pytest.raises(ValueError):
            dataset.batches(**arguments)


@pytest.mark.parametrize("world_size", [2, 3, 7])
@pytest.mark.parametrize("n_workers", [1, 4])
def test_ranks_and_workers_share_an_epoch(files: Any, world_size: int, n_workers: int) -> None:
    dataset = MappedCollection(files[0], obs_keys="score", encode_labels=False)
    found: list[float] = []
    for rank in range(world_size):
        reader = dataset.batches(
            5, shuffle=True, seed=1, block_size=2, preload_blocks=5, rank=rank, world_size=world_size
        )
        for worker in range(n_workers):
            reader.set_epoch(0)
            found += [value for batch in reader.for_worker(worker, n_workers) for value in batch["score"]]
    assert sorted(found) == sorted(dataset.take(range(len(dataset)))["score"])


def test_small_last_batches_can_be_dropped(files: Any) -> None:
    dataset = MappedCollection(files[0])
    for shuffle in (False, True):
        reader = dataset.batches(30, shuffle=shuffle, drop_last=True, seed=0)
        assert [len(batch["_store_idx"]) for batch in reader] == [30, 30, 30]
        assert len(reader) == 3


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize("parallel", [False, True])
def test_a_dataset_works_in_other_processes(mixed: list[Path], method: str, parallel: bool) -> None:
    dataset = MappedCollection(mixed, obs_keys="cell_type", parallel=parallel, join="outer")
    expected = [dataset[position]["X"] for position in (0, 50, 97)]
    with multiprocessing.get_context(method).Pool(2) as pool:
        found = pool.starmap(operator.getitem, [(dataset, position) for position in (0, 50, 97)])
    np.testing.assert_array_equal([one["X"] for one in found], expected)


def test_a_pickled_dataset_is_the_same_dataset(files: Any) -> None:
    dataset = MappedCollection(files[0], obs_keys="cell_type", join="outer")
    dataset[0]
    copied = pickle.loads(pickle.dumps(dataset))
    for key, value in dataset[60].items():
        np.testing.assert_array_equal(value, copied[60][key])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_torch_loads_batches_with_workers(mixed: list[Path], method: str) -> None:
    torch = pytest.importorskip("torch")
    dataset = MappedCollection(
        mixed, obs_keys=["cell_type", "score"], join="outer", unknown_label="NK cell", encode_labels=["cell_type"]
    )
    whole = dataset.take(range(len(dataset)))  # threads and handles of this process are none of a forked one's
    expected = dict(zip(whole["score"].tolist(), whole["X"], strict=True))
    sampler = torch.utils.data.WeightedRandomSampler(dataset.get_label_weights("cell_type"), len(dataset))
    options = {"num_workers": 2, "multiprocessing_context": method}
    loaders = [
        torch.utils.data.DataLoader(
            dataset, batch_size=16, worker_init_fn=MappedCollection.torch_worker_init_fn, sampler=sampler, **options
        ),
        torch.utils.data.DataLoader(dataset.batches(16, shuffle=True, seed=0).to_torch(), batch_size=None, **options),
    ]
    for loader, draws_twice in zip(loaders, (True, False), strict=True):
        seen: list[float] = []
        for batch in loader:
            scores = np.asarray(batch["score"]).tolist()
            np.testing.assert_array_equal(batch["X"], [expected[score] for score in scores])
            seen += scores
        assert len(seen) == len(dataset)
        assert draws_twice or len(set(seen)) == len(dataset)


def test_compressed_and_chunked_files_are_read_the_same(tmp_path: Path) -> None:
    adata = example(200, 30)
    plain, packed = tmp_path / "plain.h5ad", tmp_path / "packed.h5ad"
    adata.write_h5ad(plain)
    adata.write_h5ad(packed, compression="gzip")
    for layers in (["X"], ["dense"], ["counts"]):
        first, second = (
            MappedCollection([path], layers_keys=layers).take(range(199, -1, -1)) for path in (plain, packed)
        )
        np.testing.assert_array_equal(first[layers[0]], second[layers[0]])
        np.testing.assert_array_equal(first[layers[0]][::-1], _dense(adata, layers[0]))
    assert MappedCollection([plain], dtype="float64")[0]["X"].dtype == np.float64


def _dense(adata: Any, name: str) -> Any:
    matrix = adata.X if name == "X" else adata.layers[name]
    return matrix.toarray() if sparse.issparse(matrix) else matrix


def test_an_old_file_can_be_mapped() -> None:
    scanpy = pytest.importorskip("scanpy")
    path = Path(scanpy.__file__).parent / "datasets" / "10x_pbmc68k_reduced.h5ad"
    whole = ad.read_h5ad(path)
    dataset = MappedCollection(
        [path], layers_keys=["X", "raw.X"], obs_keys=["bulk_labels", "n_genes"], encode_labels=False
    )
    batch = dataset.take([5, 3, 699])
    np.testing.assert_array_equal(batch["X"], whole.X[[5, 3, 699]])
    np.testing.assert_array_equal(batch["raw.X"], whole.raw.X[[5, 3, 699]].toarray())
    assert batch["bulk_labels"].tolist() == whole.obs["bulk_labels"].iloc[[5, 3, 699]].tolist()


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).with_name("old_files").glob("*.h5ad")), ids=lambda path: path.stem
)
def test_files_of_earlier_releases_can_be_mapped(path: Path) -> None:
    whole = ad.read_h5ad(path)
    dataset = MappedCollection(
        [path], layers_keys=["X", "raw.X", "dense"], obs_keys=["cell_type", "stage"], encode_labels=False
    )
    batch = dataset.take([6, 0])
    np.testing.assert_array_equal(batch["X"], whole.X[[6, 0]].toarray())
    np.testing.assert_array_equal(batch["dense"], whole.layers["dense"][[6, 0]])
    assert batch["cell_type"].tolist() == ["B", "B"] and batch["stage"].tolist() == ["e", "e"]
