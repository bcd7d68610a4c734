"""Times tracking side by side with the original: a tracked script, an empty flow, `lamin info`, and what capturing a log costs.

Example: python benchmarks/tracking.py --original /path/to/original/bin/python --rounds 5
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from pathlib import Path

from side_by_side import _ORIGINAL_OFFLINE, Package, Workshop

_TRACKED = "import lamindb as ln\nln.track()\nln.finish()\n"
_FLOWS = """
import time
import lamindb as ln
@ln.flow()
def nothing(n=0):
    return n
for n in range(3):
    nothing(n)
start = time.perf_counter()
for n in range({calls}):
    nothing(n)
print("SECONDS", (time.perf_counter() - start) / {calls})
"""
_PRINTS = """
import sys, time
import lamindb as ln
ln.track(stream_tracking={capture})
def work(n):
    return sum(range(n % 400 + 400))
start = time.perf_counter()
for n in range(100_000):
    print("line", n, work(n))
sys.stdout.flush()
seconds = time.perf_counter() - start
ln.finish()
print("SECONDS", seconds)
"""


def main() -> None:
    """Run every case in turn with both packages and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--original", default=None, help="Python that has the original; without it, only this package is timed."
    )
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    packages = [Package("this package", sys.executable)]
    if arguments.original:
        packages.insert(0, Package("original", arguments.original))
    workshops = {package.label: Workshop(package, with_instance=True) for package in packages}
    seconds: dict[str, dict[str, list[float]]] = {}
    try:
        for round_ in range(arguments.rounds + 1):
            for package in packages:
                for case, value in _measure(package, workshops[package.label]).items():
                    if round_:  # the first one warms up: files in the cache of the system, transform and environment in the database
                        seconds.setdefault(case, {}).setdefault(package.label, []).append(value)
    finally:
        for workshop in workshops.values():
            workshop.close()
    for case, values in seconds.items():
        medians = {label: statistics.median(times) for label, times in values.items()}
        ratio = f"  ratio {medians['this package'] / medians['original']:.3f}" if "original" in medians else ""
        print(case, {label: round(median, 4) for label, median in medians.items()}, ratio)


def _measure(package: Package, workshop: Workshop) -> dict[str, float]:
    offline = _ORIGINAL_OFFLINE if package.label == "original" else ""
    measured = {"script with track() and finish() [s]": _script(workshop, "tracked.py", offline + _TRACKED)}
    calls = 5 if package.label == "original" else 50
    measured["empty @ln.flow(), each call [s]"] = _script(workshop, "flows.py", offline + _FLOWS.format(calls=calls))
    start = time.perf_counter()
    workshop.lamin("info")
    measured["lamin info [s]"] = time.perf_counter() - start
    for buffering in ("", "1"):
        workshop.environment["PYTHONUNBUFFERED"] = buffering
        for capture, what in ((False, "not captured"), (True, "captured")):
            case = f"100,000 printed lines, {what}{', unbuffered' if buffering else ''}"
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            measured[f"{case} [s]"] = _script(workshop, f"{capture}.py", offline + _PRINTS.format(capture=capture))
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            measured[f"{case} [s of CPU, whole process]"] = (
                after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            )
    workshop.environment["PYTHONUNBUFFERED"] = ""
    return measured


def _script(workshop: Workshop, name: str, code: str) -> float:
    """Run a script; return the seconds that it prints, else those of the whole process."""
    path = workshop.folder / "work" / name
    path.write_text(code)
    start = time.perf_counter()
    _, output = workshop._timed([workshop.package.python, str(path)])
    whole = time.perf_counter() - start
    told = [line for line in output.splitlines() if line.startswith("SECONDS ")]
    return float(told[-1].split()[1]) if told else whole


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
