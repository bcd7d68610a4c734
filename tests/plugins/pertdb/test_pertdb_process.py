"""Runs the cases of pertdb in a process with the modules."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_CASES = Path(__file__).parent / "cases"
_ROOT = Path(__file__).resolve().parents[3]


def test_the_cases_pass_in_a_process_with_the_modules() -> None:
    files = [str(path) for path in sorted(_CASES.glob("test_*.py"))]
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", *files]
    environment = {**os.environ, "LAMINDB_TEST_MODULES": "bionty,pertdb"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=_ROOT, timeout=1200)
    assert done.returncode == 0, f"the cases failed:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    assert len(files) == 2 and " passed" in done.stdout
