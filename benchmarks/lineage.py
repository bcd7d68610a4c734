"""Lineage of chains and diamonds of runs against the original: the graph as the package's own method reads it.

python benchmarks/lineage.py --original ../original/bin/python --n 1000
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

# The original looks its hub up when it creates artifacts; it is told that there is none. Ours has no such module.
_PREPARE = """
import os, sys, time
from pathlib import Path
try:
    import lamindb_setup.core._settings_instance as s
    s.InstanceSettings.is_on_hub = property(lambda self: False)
except (ImportError, AttributeError):
    pass
import lamindb as ln
ln.settings.verbosity = "error"
transform = ln.Transform(key="step.py", kind="script").save()

def artifact(key, run):
    Path("x.txt").write_text(key)
    return ln.Artifact("x.txt", key=key + ".txt", run=run).save()

def step(inputs, outputs):
    run = ln.Run(transform).save()
    for one in inputs:
        one.input_of_runs.add(run)
    return [artifact(key, run) for key in outputs]
"""
_CHAIN = """
last = [artifact("0", step([], []) or ln.Run(transform).save())]
for at in range({n}):
    last = step(last, [str(at + 1)])
"""
_DIAMOND = """
last = [artifact("0", ln.Run(transform).save())]
for at in range({n}):
    last = step(last, [f"{{at}}a", f"{{at}}b"])
"""
_MEASURE = """
from django.db import connection
from django.test.utils import CaptureQueriesContext
import contextlib, io
artifact = ln.Artifact.get(last[0].id)
with CaptureQueriesContext(connection) as queries:
    with contextlib.redirect_stdout(io.StringIO()):
        start = time.perf_counter()
        artifact.view_lineage(return_graph=True, with_children=False).source
        seconds = time.perf_counter() - start
print("RESULT", seconds, len(queries))
"""


def measure(python: str, shape: str, n: int) -> tuple[float, int]:
    """Make a pipeline in a fresh instance; return the seconds and statements that its lineage takes."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": f"{Path(python).parent}:/usr/bin:/bin", "HOME": folder, "LAMIN_SETTINGS_DIR": folder,
                       "LAMIN_CACHE_DIR": folder}  # fmt: skip
        work = Path(folder) / "work"
        work.mkdir()
        options = {"cwd": work, "env": environment, "capture_output": True, "text": True, "check": False}
        subprocess.run([str(Path(python).parent / "lamin"), "init", "--storage", "./x", "--name", "x"], **options)  # type: ignore[call-overload]
        code = _PREPARE + shape.format(n=n) + _MEASURE
        done = subprocess.run([python, "-c", code], **options)  # type: ignore[call-overload]
        results = [line.split() for line in done.stdout.splitlines() if line.startswith("RESULT")]
        if not results:
            sys.exit(f"{python} failed:\n{done.stderr[-2000:]}")
        return float(results[0][1]), int(results[0][2])


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--original", help="python of an environment with the original")
    parser.add_argument(
        "--n", type=int, default=1000, help="runs in the chain (only ours; the original gets --n-original)"
    )
    parser.add_argument("--n-original", type=int, default=100, help="runs in the chain that both are measured with")
    parser.add_argument("--levels", type=int, default=7, help="levels of the diamond")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    cases = [
        (f"chain of {arguments.n_original} runs", _CHAIN, arguments.n_original, True),
        (f"diamond of {arguments.levels} levels", _DIAMOND, arguments.levels, True),
        (f"chain of {arguments.n} runs", _CHAIN, arguments.n, False),
    ]
    print("| lineage | ours, s (statements) | original, s (statements) | ratio |\n|---|---|---|---|")
    for name, shape, n, is_compared in cases:
        ours, theirs = [], []
        for _ in range(arguments.repeats):  # in turn, since the speed of shared machines drifts
            ours.append(measure(sys.executable, shape, n))
            if arguments.original and is_compared:
                theirs.append(measure(arguments.original, shape, n))
        our_time = statistics.median(seconds for seconds, _ in ours)
        row = f"| {name} | {our_time:.3f} ({ours[0][1]})"
        if theirs:
            their_time = statistics.median(seconds for seconds, _ in theirs)
            row += f" | {their_time:.3f} ({theirs[0][1]}) | {our_time / their_time:.3f} |"
        else:
            row += " | – | – |"
        print(row, flush=True)


if __name__ == "__main__":
    main()
