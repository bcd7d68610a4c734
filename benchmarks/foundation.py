"""Set-up and registries against the original: import, init, help, bulk and single saves, search, first and get."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from side_by_side import Package, Scenario, as_markdown, compare

_TIMED = "import time, lamindb as ln\n{before}\nstart = time.perf_counter()\n{body}\nprint(time.perf_counter() - start)"
_LABELS = """
import lamindb as ln
ln.settings.verbosity = "error"
ln.settings.creation.search_names = False
import random
random.seed(0)
words = ["cell", "Tissue", "batch", "donor", "treatment", "lymph", "cortex", "renal", "T cell", "alpha"]
ln.save([ln.ULabel(name=f"{random.choice(words)} {random.choice(words)} {i}", description=f"number {i}") for i in range(%d)])
"""


def timed(body: str, before: str = "") -> str:
    quiet = "ln.settings.verbosity = 'error'\nln.ULabel.filter().count()"
    return _TIMED.format(before=f"{quiet}\n{before}", body=body)


SCENARIOS = [
    Scenario("`import lamindb` with a connected instance, and one query", 1, whole_process=True,
             body="import lamindb as ln\nln.ULabel.filter().count()"),
    Scenario("`import lamindb` with a connected instance", 1 / 0.35, whole_process=True, body="import lamindb"),
    Scenario("`lamin --help`", 1, command=("--help",), with_instance=False),
    Scenario("`lamin init`", 4, command=("init", "--storage", "./x", "--name", "x"), with_instance=False),
    Scenario("`lamin init --modules bionty,pertdb`", 4,
             command=("init", "--storage", "./x", "--name", "x", "--modules", "bionty,pertdb"), with_instance=False),
    Scenario("save 5,000 new labels in bulk", 10,
             body=timed("ln.save([ln.ULabel(name=f'label {i}') for i in range(5000)])", "ln.settings.creation.search_names = False")),
    Scenario("save 500 new labels one by one, with the similar-name check", 5,
             body=timed("for i in range(500): ln.ULabel(name=f'label {i}').save()")),
    Scenario("search in 20,000 labels (5 searches)", 5, setup=_LABELS % 20000,
             body=timed("for text in ('cortex 12', 'T cell', 'donor lymph', 'number 77', 'zzz'): ln.ULabel.search(text).to_list()",
                        "ln.ULabel.search('warm').to_list()")),
    Scenario("`filter().first()` of 20,000 labels (10 times)", 1, setup=_LABELS % 20000,
             body=timed("for _ in range(10): ln.ULabel.filter().first()")),
    Scenario("`get(name=)` of 20,000 labels (10 times)", 1, setup=_LABELS % 20000,
             body=timed("for _ in range(10): ln.ULabel.get(name=name)", "name = ln.ULabel.get(7).name")),
    Scenario("`lookup()` of 20,000 labels", 1, setup=_LABELS % 20000, body=timed("ln.ULabel.lookup()")),
    Scenario("`to_dataframe()` of 100 of 20,000 labels (5 times)", 1, setup=_LABELS % 20000,
             body=timed("for _ in range(5): ln.ULabel.to_dataframe()")),
]  # fmt: skip


def versions(packages: tuple[Package, Package]) -> str:
    """Return the versions of both packages as text."""
    code = "import importlib.metadata as m; print(m.version('lamindb-core'), m.version('django'), m.version('pandas'))"
    texts = []
    for package in packages:
        done = subprocess.run([package.python, "-c", code], capture_output=True, text=True, check=True)
        core, django, pandas = done.stdout.split()
        texts.append(f"{package.label} {core} (django {django}, pandas {pandas})")
    return ", ".join(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--original", required=True, help="Python interpreter of the environment with the original")
    parser.add_argument("--ours", default=sys.executable, help="Python interpreter with this package")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="regular expression on scenario names")
    parser.add_argument("--write", type=Path, help="Markdown file whose section is replaced")
    arguments = parser.parse_args()
    packages = (Package("original", arguments.original), Package("this", arguments.ours))
    scenarios = [scenario for scenario in SCENARIOS if re.search(arguments.only, scenario.name)]
    table = as_markdown(compare(scenarios, packages, arguments.rounds), packages, versions(packages))
    print(table)
    if arguments.write:
        _write_section(arguments.write, "foundation", table)


def _write_section(path: Path, name: str, text: str) -> None:
    """Replace what stands between the markers of a section."""
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    page = path.read_text()
    if start not in page:
        page += f"\n{start}\n{end}\n"
    before, rest = page.split(start, 1)
    path.write_text(f"{before}{start}\n{text}\n{end}{rest.split(end, 1)[1]}")


if __name__ == "__main__":
    main()
