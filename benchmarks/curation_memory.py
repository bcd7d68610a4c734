"""Validates a folder of parquet files and reports the peak memory of the process: `python benchmarks/curation_memory.py --gigabytes 5`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ROWS_PER_FILE = 4_000_000
_VALIDATE = """
import resource, sys, time
import lamindb as ln
ln.setup.init(storage=sys.argv[1] + "/store", name="memory")
ln.settings.verbosity = "error"
kind = ln.ULabel(name="Kind", is_type=True).save()
ln.save([ln.ULabel(name=f"label {n}", type=kind, _skip_name_search=True) for n in range(1000)])
features = [ln.Feature(name=f"cat{n}", dtype=kind).save() for n in range(2)]
features += [ln.Feature(name=f"num{n}", dtype=float, nullable=n > 0).save() for n in range(8)]
features += [ln.Feature(name="text", dtype=str).save()]
schema = ln.Schema(features).save()
start = time.perf_counter()
curator = ln.curators.DataFrameCurator(sys.argv[1] + "/table", schema)
curator.validate()
seconds = time.perf_counter() - start
print(curator.report.n_rows[None], round(seconds, 1), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def write(folder: Path, gigabytes: float) -> int:
    """Write files until they have this size together; return it in bytes."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng, size, number = np.random.default_rng(0), 0, 0
    folder.mkdir()
    labels = pa.array([f"label {n}" for n in range(1000)])
    while size < gigabytes * 1e9:
        rows = _ROWS_PER_FILE
        columns = {
            f"cat{n}": pa.DictionaryArray.from_arrays(pa.array(rng.integers(0, 1000, rows, dtype="int32")), labels)
            for n in range(2)
        }
        columns |= {f"num{n}": pa.array(rng.random(rows)) for n in range(8)}
        columns["text"] = pa.array(rng.integers(0, 10**9, rows).astype(str))
        path = folder / f"{number}.parquet"
        pq.write_table(pa.table(columns), path, row_group_size=500_000)
        size, number = size + path.stat().st_size, number + 1
    return size


def main() -> None:
    """Write, validate in a process of its own, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=5.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lamin-bench-") as folder:
        start = time.perf_counter()
        size = write(Path(folder) / "table", arguments.gigabytes)
        written = time.perf_counter() - start
        (Path(folder) / "cache").mkdir()
        environment = {**os.environ, "LAMIN_SETTINGS_DIR": folder, "LAMIN_CACHE_DIR": f"{folder}/cache"}
        done = subprocess.run(
            [sys.executable, "-c", _VALIDATE, folder], env=environment, cwd=folder, capture_output=True, text=True
        )
        if done.returncode != 0:
            sys.exit(done.stderr)
        rows, seconds, megabytes = done.stdout.split()[-3:]
        found = {
            "bytes": size,
            "rows": int(rows),
            "written_in": round(written),
            "seconds": float(seconds),
            "peak_mb": int(megabytes),
        }
        print(json.dumps(found))


if __name__ == "__main__":
    main()
