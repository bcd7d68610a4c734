"""The public validator of the CELLxGENE portal calls the same files valid and broken.

It needs other releases of the libraries, hence an environment of its own: the variable CELLXGENE_SCHEMA_PYTHON names its Python.
What this project's schemas say about the same files is tested in `tests/plugins/bionty/cases/test_bionty_cellxgene.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .cellxgene_files import CHANGES, VALIDATE, write_all


@pytest.fixture(scope="module")
def validator() -> str:
    python = os.environ.get("CELLXGENE_SCHEMA_PYTHON")
    if not python:
        pytest.skip(
            "CELLXGENE_SCHEMA_PYTHON names no Python with cellxgene-schema: python -m venv x; x/bin/pip install cellxgene-schema"
        )
    return python


def test_the_validator_agrees_about_every_file(validator: str, sqlite_instance: Any, tmp_path: Path) -> None:
    paths = write_all(tmp_path)
    done = subprocess.run(
        [validator, "-W", "ignore", "-c", VALIDATE, *map(str, paths.values())],
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    verdicts = json.loads(done.stdout.strip().splitlines()[-1])
    assert {name: verdicts[str(path)] for name, path in paths.items()} == {
        name: change is None for name, change in CHANGES.items()
    }
