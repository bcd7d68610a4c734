"""Runs the same programs with the original and with this package, in turn, and reports medians and ratios."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

#: The original asks its hub about every new storage path; these lines, which its own documentation for offline use lacks, keep it local.
_ORIGINAL_OFFLINE = """
try:
    import lamindb_setup.core._settings_instance as s
    s.InstanceSettings.is_on_hub = property(lambda self: False)
except Exception:
    pass
"""


@dataclass(frozen=True)
class Package:
    """One of the two packages: a label and the Python interpreter that has it."""

    label: str
    python: str

    @property
    def command(self) -> str:
        return str(Path(self.python).parent / "lamin")


@dataclass(frozen=True)
class Scenario:
    """A program to time.

    Attributes:
        name: what the table says.
        target: the least factor by which this package shall be quicker.
        setup: Python code that fills the instance (not timed).
        body: Python code; it prints its own seconds as the last line, unless `command` is given.
        command: arguments of `lamin`, timed as a whole process.
        modules: modules of the instance.
        whole_process: time the process that runs `body`.
    """

    name: str
    target: float
    body: str = ""
    setup: str = ""
    command: tuple[str, ...] = ()
    whole_process: bool = False
    with_instance: bool = True
    modules: str = ""


@dataclass
class Result:
    """Seconds of every round, per package label."""

    scenario: Scenario
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def median(self, label: str) -> float:
        return statistics.median(self.seconds[label])


class Workshop:
    """A fresh folder with settings, cache and an instance of its own."""

    def __init__(self, package: Package, *, with_instance: bool, modules: str = "") -> None:
        self.package = package
        self.folder = Path(tempfile.mkdtemp(prefix="lamin-bench-"))
        (self.folder / "cache").mkdir()
        (self.folder / "work").mkdir()  # its parent is the home, where an instance may not be made
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("LAMIN", "DJANGO", "PYTHON"))},
            "LAMIN_SETTINGS_DIR": str(self.folder),
            "LAMIN_CACHE_DIR": str(self.folder / "cache"),
            "HOME": str(self.folder),
        }
        if with_instance:
            mounted = ("--modules", modules) if modules else ()
            self.lamin("init", "--storage", "./store", "--name", "bench", *mounted)

    def lamin(self, *arguments: str) -> float:
        return self._timed([self.package.command, *arguments])[0]

    def python(self, code: str) -> tuple[float, str]:
        return self._timed([self.package.python, "-c", code])

    def _timed(self, command: list[str]) -> tuple[float, str]:
        start = time.perf_counter()
        done = subprocess.run(command, cwd=self.folder / "work", env=self.environment, capture_output=True, text=True)
        seconds = time.perf_counter() - start
        if done.returncode != 0:
            raise RuntimeError(
                f"{self.package.label}: {' '.join(command)[:300]} failed: {done.stderr.strip().splitlines()[-1:]}"
            )
        return seconds, done.stdout

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def run_once(scenario: Scenario, package: Package) -> float:
    """Return the seconds of one fresh run of a scenario."""
    workshop = Workshop(package, with_instance=scenario.with_instance, modules=scenario.modules)
    try:
        if scenario.setup:
            workshop.python(_ORIGINAL_OFFLINE + scenario.setup)
        if scenario.command:
            return workshop.lamin(*scenario.command)
        seconds, output = workshop.python(("" if scenario.whole_process else _ORIGINAL_OFFLINE) + scenario.body)
        return seconds if scenario.whole_process else float(output.strip().splitlines()[-1])
    finally:
        workshop.close()


def compare(scenarios: list[Scenario], packages: tuple[Package, Package], rounds: int) -> list[Result]:
    """Run every scenario `rounds` times with each package, in turn."""
    results = []
    for scenario in scenarios:
        result = Result(scenario)
        for _ in range(rounds):
            for package in packages:
                result.seconds.setdefault(package.label, []).append(run_once(scenario, package))
        results.append(result)
        print(
            json.dumps({"name": scenario.name, **{label: round(result.median(label), 4) for label in result.seconds}}),
            flush=True,
        )
    return results


def as_markdown(results: list[Result], packages: tuple[Package, Package], versions: str) -> str:
    """Return the table of a comparison, with machine and versions."""
    theirs, ours = (package.label for package in packages)
    lines = [
        f"Machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {versions}.",
        "",
        f"| scenario | {theirs} [s] | {ours} [s] | ratio | target |",
        "|---|---|---|---|---|",
    ]
    for result in results:
        their_seconds, our_seconds = result.median(theirs), result.median(ours)
        met = "" if our_seconds <= their_seconds / result.scenario.target else " (missed)"
        lines.append(
            f"| {result.scenario.name} | {their_seconds:.3f} | {our_seconds:.3f} | {our_seconds / their_seconds:.3f}× "
            f"| ≤ {1 / result.scenario.target:.3g}×{met} |"
        )
    return "\n".join(lines)
