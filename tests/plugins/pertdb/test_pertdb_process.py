"""Runs the cases of pertdb in a process with the modules."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_CASES = sorted((Path(__file__).parent / "cases").glob("test_*.py"))
_ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("path", _CASES, ids=lambda path: path.stem)
def test_the_cases_pass_in_a_process_with_the_modules(path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", str(path)]
    environment = {**os.environ, "LAMINDB_TEST_MODULES": "bionty,pertdb"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=_ROOT, timeout=1200)
    assert done.returncode == 0, f"{path.name} failed:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    assert " passed" in done.stdout
