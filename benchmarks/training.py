"""Reads three h5ad files item by item and in batches: with this package, with the original, and with other readers that are installed.

Each reader runs in a process of its own, in turn (A B A B …); the table quotes medians in microseconds per observation, and the factor to the original.

    python benchmarks/training.py --original /tmp/original/bin/python --annbatch /tmp/annbatch/bin/python --rounds 3
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile

_WRITE = """
import sys
from pathlib import Path
import anndata as ad, numpy as np, pandas as pd
from scipy import sparse

folder, n_files, n_obs, n_vars = Path(sys.argv[1]), *map(int, sys.argv[2:5])
for number in range(n_files):
    generator = np.random.default_rng(number)
    obs = pd.DataFrame({
        "cell_type": pd.Categorical(generator.choice([f"type {code}" for code in range(20)], n_obs)),
        "donor": generator.choice([f"donor {code}" for code in range(50)], n_obs),
    }, index=[f"cell{row}" for row in range(n_obs)])
    adata = ad.AnnData(
        sparse.random(n_obs, n_vars, 0.1, format="csr", random_state=number, dtype=np.float32), obs=obs,
        var=pd.DataFrame(index=[f"gene{column}" for column in range(n_vars)]),
    )
    adata.write_h5ad(folder / f"{number}.h5ad")
    ad.settings.zarr_write_format, ad.settings.auto_shard_zarr_v3 = 3, True
    adata.write_zarr(folder / f"{number}.zarr")
"""

#: writes the stores again as annbatch recommends it: chunks of 64 rows, shards of 1 GB, lz4
_WRITE_SHARDED = """
import sys
from pathlib import Path
import anndata as ad, zarr
from annbatch import write_sharded

for path in sorted(Path(sys.argv[1]).glob("*.h5ad")):
    write_sharded(zarr.open_group(path.with_suffix(".sharded.zarr"), mode="w", zarr_format=3), ad.read_h5ad(path))
"""

_COMMON = """
import sys, time, json, warnings
from pathlib import Path
warnings.filterwarnings("ignore")
import numpy as np
folder, suffix = Path(sys.argv[1]), sys.argv[2]
paths = sorted(folder.glob("[0-9]" + suffix))
block_size, preload_blocks = int(sys.argv[3]), int(sys.argv[4])
found = {}

def timed(name, count, work):
    work()
    start = time.perf_counter()
    work()
    found[name] = (time.perf_counter() - start) / count * 1e6
"""

_ITEMS = """
dataset = make(paths, obs_keys=["cell_type"])
positions = np.random.default_rng(0).integers(0, len(dataset), 400).tolist()
timed("random items, X and one category", 400, lambda: [dataset[position] for position in positions])
dataset = make(paths)
timed("random items, X", 400, lambda: [dataset[position] for position in positions])
timed("items in order, X", 400, lambda: [dataset[position] for position in range(400)])
"""

#: name of the reader -> program; `found` is printed at its end
_PROGRAMS = {
    "this package": _COMMON
    + """
from lamindb_anndata import MappedCollection as make
"""
    + _ITEMS
    + """
dataset = make(paths, obs_keys=["cell_type"])
shuffled = {"shuffle": True, "seed": 0, "block_size": block_size, "preload_blocks": preload_blocks}
timed("batches of 128, shuffled within blocks", len(dataset), lambda: [None for _ in dataset.batches(128, **shuffled)])
timed("the same, sparse", len(dataset), lambda: [None for _ in dataset.batches(128, sparse=True, **shuffled)])
print(json.dumps(found))
""",
    "original": _COMMON
    + """
from lamindb.core import MappedCollection as make
"""
    + _ITEMS
    + """
dataset = make(paths, obs_keys=["cell_type"])
order = np.random.default_rng(0).permutation(len(dataset))[:1024].tolist()
timed("batches of 128, shuffled within blocks", 1024, lambda: [np.stack([dataset[p]["X"] for p in order[i:i+128]]) for i in range(0, 1024, 128)])
print(json.dumps(found))
""",
    "annbatch": _COMMON
    + """
import zarr
import anndata as ad
from annbatch import Loader
zarr.config.set({"codec_pipeline.path": "zarrs.ZarrsCodecPipeline"})
loader = Loader(batch_size=128, chunk_size=block_size, preload_nchunks=preload_blocks, shuffle=True)
for path in paths:
    group = zarr.open_group(path, mode="r")
    loader.add_adata(ad.AnnData(X=ad.io.sparse_dataset(group["X"]), obs=ad.io.read_elem(group["obs"])))
def epoch(dense):
    count = 0
    for batch in loader:
        matrix = batch["X"]
        if dense:
            matrix = matrix.toarray()
        count += matrix.shape[0]
    assert count == n, (count, n)
n = sum(zarr.open(path, mode="r")["X"].attrs["shape"][0] for path in paths)
timed("batches of 128, shuffled within blocks", n, lambda: epoch(True))
timed("the same, sparse", n, lambda: epoch(False))
print(json.dumps(found))
""",
    "scDataset": _COMMON
    + """
import anndata as ad
from scdataset import scDataset, BlockShuffling
collection = ad.experimental.AnnCollection([ad.read_h5ad(path, backed="r") for path in paths], join_vars="inner")
def epoch():
    data = scDataset(collection, BlockShuffling(block_size=block_size), batch_size=128, fetch_factor=block_size * preload_blocks // 128, fetch_callback=lambda c, i: c[np.sort(i)].X,
                     batch_callback=lambda x, i: x[i])
    return sum(batch.shape[0] for batch in data)
timed("the same, sparse", len(collection), epoch)
print(json.dumps(found))
""",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--original", help="python of an environment with the original")
    parser.add_argument("--annbatch", help="python >= 3.12 of an environment with annbatch (and scDataset)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--files", type=int, default=3)
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--genes", type=int, default=2000)
    parser.add_argument("--block-size", type=int, default=16, help="neighbouring observations that stay together")
    parser.add_argument("--preload-blocks", type=int, default=256, help="blocks that are read and shuffled together")
    arguments = parser.parse_args()
    pythons = {"this package": sys.executable, "original": arguments.original}
    pythons |= dict.fromkeys(("annbatch", "scDataset"), arguments.annbatch)
    with tempfile.TemporaryDirectory() as folder:
        sizes = [str(arguments.files), str(arguments.cells), str(arguments.genes)]
        subprocess.run([sys.executable, "-W", "ignore", "-c", _WRITE, folder, *sizes], check=True)
        suffixes = [".h5ad", ".zarr"]
        if arguments.annbatch:
            subprocess.run([arguments.annbatch, "-W", "ignore", "-c", _WRITE_SHARDED, folder], check=True)
            suffixes.append(".sharded.zarr")
        order = [str(arguments.block_size), str(arguments.preload_blocks)]
        for suffix in suffixes:
            results: dict[str, dict[str, list[float]]] = {}
            for _ in range(arguments.rounds):
                for reader, python in pythons.items():
                    reads_hdf5 = reader != "annbatch"
                    reads_zarr = reader != "scDataset"
                    if python is None or not (reads_hdf5 if suffix == ".h5ad" else reads_zarr):
                        continue
                    ran = subprocess.run(
                        [python, "-c", _PROGRAMS[reader], folder, suffix, *order],
                        capture_output=True, text=True, cwd=folder,
                    )  # fmt: skip
                    if ran.returncode:
                        print(f"{reader} failed on {suffix}: {ran.stderr.strip().splitlines()[-1]}")
                        continue
                    for name, value in json.loads(ran.stdout.strip().splitlines()[-1]).items():
                        results.setdefault(name, {}).setdefault(reader, []).append(value)
            _print(suffix, results)


def _print(suffix: str, results: dict[str, dict[str, list[float]]]) -> None:
    print(f"\n{suffix}: microseconds per observation")
    for name, readers in results.items():
        medians = {reader: statistics.median(values) for reader, values in readers.items()}
        ours = medians.get("this package")
        shown = ", ".join(
            f"{reader} {value:.1f}" + (f" ({value / ours:.1f}x)" if ours and reader != "this package" else "")
            for reader, value in medians.items()
        )
        print(f"  {name}: {shown}")


if __name__ == "__main__":
    main()
