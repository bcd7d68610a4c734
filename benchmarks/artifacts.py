"""Artifacts against the original (saves, folders, re-runs), and against `cp` plus a multi-threaded BLAKE3 (big files, big folders)."""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from foundation import _write_section, timed, versions
from side_by_side import Package, Scenario, Workshop, as_markdown, compare

_FILES = """
from pathlib import Path
folder = Path("files"); folder.mkdir(exist_ok=True)
for i in range({n}): (folder / f"{{i}}.txt").write_text(f"file {{i}} " * 20)
"""
_QUIET = "ln.settings.creation.artifact_silence_missing_run_warning = True"
_WARM = 'Path("warm.txt").write_text("warm"); ln.Artifact("warm.txt", key="warm.txt").save()'
_ONE_BY_ONE = "for i in range({n}): ln.Artifact(folder / f'{{i}}.txt', key=f'files/{{i}}.txt').save()"


def scenarios(n_folder: int) -> list[Scenario]:
    """Return the programs that both packages run.

    Args:
        n_folder: number of files of the folder that is added.
    """
    stored = (
        f"import lamindb as ln\nln.settings.verbosity = 'error'\n{_FILES.format(n=200)}\n{_ONE_BY_ONE.format(n=200)}"
    )
    return [
        Scenario(
            "save 200 small files one by one",
            4,
            body=timed(_ONE_BY_ONE.format(n=200), f"{_QUIET}\n{_FILES.format(n=200)}\n{_WARM}"),
        ),
        Scenario(
            f"`from_dir` and save of {n_folder:,} small files",
            15,
            body=timed(
                "ln.save(ln.Artifact.from_dir(folder, key='data'))", f"{_QUIET}\n{_FILES.format(n=n_folder)}\n{_WARM}"
            ),
        ),
        Scenario(
            "run a script that saves 200 files a second time, nothing changed",
            4,
            setup=stored,
            body=timed(
                _ONE_BY_ONE.format(n=200), f"{_QUIET}\nfrom pathlib import Path\nfolder = Path('files')\n{_WARM}"
            ),
        ),
        Scenario(
            "get 200 artifacts by key and load their text",
            3,
            setup=stored,
            body=timed(
                "for i in range(200): ln.Artifact.get(key=f'files/{i}.txt').load()",
                "ln.Artifact.get(key='files/0.txt').load()",
            ),
        ),
        Scenario(
            "load the text of 200 artifacts that are at hand, 20 times",
            3,
            setup=stored,
            body=timed(
                "for _ in range(20):\n    for one in found: one.load()",
                "found = [ln.Artifact.get(key=f'files/{i}.txt') for i in range(200)]",
            ),
        ),
    ]


_UNCHANGED = """
import time, lamindb as ln
from pathlib import Path
ln.settings.verbosity = "error"
folder = Path("big"); folder.mkdir()
for i in range({n}):
    if i % 1000 == 0: (folder / str(i // 1000)).mkdir()
    (folder / str(i // 1000) / f"{{i}}.txt").write_text(f"file {{i}}")
time.sleep(2.5)
for make in (lambda: ln.Artifact.from_dir(folder, key="many", run=False).save(), lambda: ln.Artifact(folder, key="one", run=False).save()):
    for _ in range(2):
        start = time.perf_counter(); make(); print(time.perf_counter() - start)
"""
_BIG = """
import resource, time, lamindb as ln
from pathlib import Path
ln.settings.verbosity = "error"
ln.Artifact.filter().count()
path = Path({path!r})
start = time.perf_counter()
artifact = ln.Artifact(path, key="big.bin", run=False).save()
print(time.perf_counter() - start)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print(artifact.hash)
"""
_REFERENCE = """
import subprocess, sys, time
from blake3 import blake3
start = time.perf_counter()
subprocess.run(["cp", sys.argv[1], sys.argv[2]], check=True)
blake3(max_threads=blake3.AUTO).update_mmap(sys.argv[1])
print(time.perf_counter() - start)
"""


def unchanged_folder(ours: Package, n: int) -> str:
    """Add a folder of `n` files twice, as one artifact per file and as one artifact; return rows of a table."""
    workshop = Workshop(ours, with_instance=True)
    try:
        many, many_again, one, one_again = workshop.python(_UNCHANGED.format(n=n))[1].split()[-4:]
    finally:
        workshop.close()
    return (
        f"| `from_dir` and save of a folder of {n:,} files: first, unchanged | {float(many):.2f} | {float(many_again):.2f} |\n"
        f"| one artifact of this folder: first, unchanged | {float(one):.2f} | {float(one_again):.2f} |"
    )


def big_file(ours: Package, size: int, rounds: int, *, sparse: bool) -> str:
    """Store a big file, in turn with `cp` and BLAKE3 of it; return a row of a table."""
    workshop = Workshop(ours, with_instance=True)
    source = workshop.folder / "work" / "source.bin"
    try:
        _make_file(source, size, sparse)
        reference, stored, memory = [], [], 0.0
        for number in range(rounds):
            copied = workshop.folder / "work" / "copied.bin"
            done = subprocess.run(
                [ours.python, "-c", _REFERENCE, str(source), str(copied)], capture_output=True, text=True, check=True
            )
            reference.append(float(done.stdout))
            copied.unlink()
            with source.open("r+b") as stream:  # other content each round
                stream.write(number.to_bytes(8, "big"))
            output = workshop.python(_BIG.format(path=str(source)))[1].split()
            stored.append(float(output[-3]))
            memory = max(memory, float(output[-2]))
        return (
            f"| a {'sparse ' if sparse else ''}file of {size / 1e9:.0f} GB: `cp` and BLAKE3, saved (peak memory {memory:.0f} MiB) "
            f"| {statistics.median(reference):.2f} | {statistics.median(stored):.2f} |"
        )
    finally:
        workshop.close()


def _make_file(path: Path, size: int, sparse: bool) -> None:
    import os

    with path.open("wb") as stream:
        if sparse:
            stream.truncate(size)
            return
        piece = os.urandom(64 << 20)
        while stream.tell() < size:
            stream.write(piece[: size - stream.tell()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--original",
        help="Python interpreter of the environment with the original; without it, only this package is timed",
    )
    parser.add_argument("--ours", default=sys.executable, help="Python interpreter with this package")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="regular expression on scenario names")
    parser.add_argument("--folder-size", type=int, default=10_000)
    parser.add_argument(
        "--big", action="store_true", help="also a folder of 100,000 files, a file of 2 GB and a sparse one of 5 GB"
    )
    parser.add_argument("--write", type=Path, help="Markdown file whose section is replaced")
    arguments = parser.parse_args()
    ours = Package("this", arguments.ours)
    parts = []
    if arguments.original:
        packages = (Package("original", arguments.original), ours)
        chosen = [one for one in scenarios(arguments.folder_size) if re.search(arguments.only, one.name)]
        parts.append(as_markdown(compare(chosen, packages, arguments.rounds), packages, versions(packages)))
    if arguments.big:
        rows = [
            "| this package alone | [s] | [s] |",
            "|---|---|---|",
            unchanged_folder(ours, 100_000),
            big_file(ours, 2_000_000_000, arguments.rounds, sparse=False),
            big_file(ours, 5_000_000_000, 1, sparse=True),
        ]
        parts.append("\n".join(rows))
    start = time.strftime("%Y-%m-%d")
    text = "\n\n".join(parts)
    print(f"{start}\n{text}")
    if arguments.write:
        _write_section(arguments.write, "artifacts", text)


if __name__ == "__main__":
    main()
