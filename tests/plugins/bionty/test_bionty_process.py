"""Runs the cases in a process with the modules, and tests what holds for whole processes: imports, `init`, an absent package."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

_CASES = Path(__file__).parent / "cases"
#: Files that share a process; about as long as each other, since workers take one each.
_TOGETHER = {
    "releases": ["test_bionty_releases.py"],
    "records": [
        "test_bionty_records.py",
        "test_bionty_validation.py",
        "test_bionty_curation.py",
        "test_bionty_reading.py",
    ],
    "sources": [
        "test_bionty_sources.py",
        "test_bionty_cellxgene.py",
        "test_bionty_contract.py",
        "test_bionty_public.py",
        "test_bionty_ensembl.py",
    ],
}
_ROOT = Path(__file__).resolve().parents[3]


def test_every_file_of_cases_is_run() -> None:
    assert sorted(name for names in _TOGETHER.values() for name in names) == sorted(
        path.name for path in _CASES.glob("test_*.py")
    )


@pytest.mark.parametrize("names", _TOGETHER.values(), ids=_TOGETHER)
def test_the_cases_pass_in_a_process_with_the_modules(names: list[str]) -> None:
    files = [str(_CASES / name) for name in names]
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "-rs", *files]
    environment = {**os.environ, "LAMINDB_TEST_MODULES": "bionty,pertdb"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=_ROOT, timeout=1200)
    assert done.returncode == 0, f"{', '.join(names)} failed:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    if " passed" not in done.stdout:
        pytest.skip(f"all cases were skipped: {done.stdout.strip().splitlines()[-2]}")


def test_importing_bionty_loads_neither_django_nor_pandas_and_connects_nothing(run_python) -> None:
    code = "import bionty, pertdb, sys; print([m for m in ('django', 'pandas', 'pyarrow', 'yaml', 'numpy') if m in sys.modules])"
    done = run_python(code, env={"LAMIN_CURRENT_INSTANCE": ""})
    assert done.stdout.strip() == "[]"


def test_public_vocabularies_need_no_instance(run_python, ontologies, tmp_path) -> None:
    code = "import bionty.base as base; print(len(base.CellType().to_dataframe()), base.display_sources().shape)"
    env = {"BIONTY_SOURCES_MIRROR": str(ontologies), "BIONTY_ROOT_DIR": str(tmp_path)}
    assert run_python(code, env=env).stdout.split() == ["3596", "(43,", "6)"]


def test_an_instance_is_set_up_without_django_and_has_the_sources_of_the_manifest(run_python, tmp_path) -> None:
    code = (
        "import lamindb as ln, sys\n"
        f"ln.setup.init(storage={str(tmp_path / 's')!r}, name='seeded', modules='pertdb')\n"
        "print('django' in sys.modules, ln.setup.settings.instance.modules)\n"
        "import bionty as bt\n"
        "print(bt.Source.filter().count(), bt.Source.filter(currently_used=True).count())\n"
        "not_used = bt.Source.filter(currently_used=False).to_list('name')\n"
        "print(sorted(not_used))\n"
        "assert ln.setup.migrate.check()\n"
    )
    lines = [line for line in run_python(code).stdout.splitlines() if not line.startswith(("→", "!"))]
    assert lines == ["False bionty, pertdb", "43 37", "['chebi', 'clo', 'depmap', 'icd', 'phe', 'pw']"]


def test_the_scripts_of_the_tables_are_up_to_date() -> None:
    from lamindb.setup.sqlite_script import usable_scripts

    assert usable_scripts(["bionty", "pertdb"]) is not None


def test_an_instance_stays_readable_without_the_packages(run_python, tmp_path) -> None:
    make = (
        "import lamindb as ln\n"
        f"ln.setup.init(storage={str(tmp_path / 's')!r}, name='left', modules='bionty,pertdb')\n"
        "import bionty as bt\n"
        "ln.ULabel(name='kept').save()\n"
        "bt.CellType(name='mine').save()\n"
    )
    run_python(make)
    hide = (
        "import sys, importlib.abc\n"
        "class Hidden(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('bionty', 'pertdb'):\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
    )
    read = (
        hide
        + "import lamindb as ln\nln.connect('left')\nprint(ln.ULabel.get(name='kept').name)\nprint(ln.Artifact.filter().count())\n"
    )
    done = run_python(read)
    assert done.stdout.split()[-2:] == ["kept", "0"]
    assert "bionty" in done.stdout + done.stderr  # what is missing is said


def test_the_core_knows_no_module_by_name() -> None:
    found = []
    for path in sorted((_ROOT / "core" / "lamindb").rglob("*.py")):
        if "templates" in path.parts or "skeleton" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value in ("bionty", "pertdb", "wetlab"):
                found.append(f"{path.relative_to(_ROOT)}:{node.lineno}")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                if any(name.partition(".")[0] in ("bionty", "pertdb") for name in names):
                    found.append(f"{path.relative_to(_ROOT)}:{node.lineno}")
    assert found == []
