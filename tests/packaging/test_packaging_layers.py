"""The imports of the packages keep to the layers of the architecture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]


def test_imports_point_downwards() -> None:
    pytest.importorskip(
        "importlinter", reason="import-linter comes with the extra 'lint'; .ci/run runs it as a step of its own"
    )
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [str(program), "--no-cache"], cwd=_ROOT, capture_output=True, text=True, env={"PYTHONPATH": "core"}
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_importing_lamindb_loads_neither_django_nor_pandas() -> None:
    heavy = ("django", "pandas", "numpy", "pyarrow", "anndata", "upath", "fsspec", "rich", "click", "IPython")
    code = f"import sys, lamindb; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
