"""The public validator of the CELLxGENE portal calls the same files valid and broken.

It needs other releases of the libraries, hence an environment of its own: the variable CELLXGENE_SCHEMA_PYTHON names its Python, or
LAMINDB_TEST_CELLXGENE_SCHEMA=1 lets the tests make one, which takes about a minute and a package index.
What this project's schemas say about the same files is tested in `tests/plugins/bionty/cases/test_bionty_cellxgene.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .cellxgene_files import BROKEN, GOOD, PORTAL_ACCEPTS, PORTAL_REFUSES, VALIDATE, write_all


@pytest.fixture(scope="session")
def validator(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Python of an environment with the validator."""
    if python := os.environ.get("CELLXGENE_SCHEMA_PYTHON"):
        return python
    if os.environ.get("LAMINDB_TEST_CELLXGENE_SCHEMA") != "1":
        pytest.skip(
            "the public validator needs an environment of its own: set LAMINDB_TEST_CELLXGENE_SCHEMA=1 to let this test make one, or "
            "CELLXGENE_SCHEMA_PYTHON to the Python of one that has cellxgene-schema"
        )
    folder = tmp_path_factory.mktemp("cellxgene-schema")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=120)
    python = str(folder / ("Scripts" if os.name == "nt" else "bin") / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "20", "cellxgene-schema"]
    try:
        done = subprocess.run(install, capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        pytest.skip("installing cellxgene-schema took more than 10 minutes")
    if done.returncode:
        pytest.skip(f"cellxgene-schema can't be installed: {done.stderr.strip().splitlines()[-1]}")
    return python


@pytest.mark.timeout(1500)  # with the environment, where it has to be made
def test_the_validator_agrees_about_every_file(validator: str, sqlite_instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    paths = write_all(tmp_path)
    paths["spots_of_a_mouse"] = tmp_path / "spots_of_a_mouse.h5ad"
    ln.examples.datasets.anndata_visium_mouse_cellxgene().write_h5ad(paths["spots_of_a_mouse"])
    done = subprocess.run(
        [validator, "-W", "ignore", "-c", VALIDATE, *map(str, paths.values())],
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    errors = json.loads(done.stdout.strip().splitlines()[-1])
    found = {name: errors[str(path)] for name, path in paths.items()}
    expected = dict.fromkeys([*GOOD, *PORTAL_ACCEPTS, "spots_of_a_mouse"], True)
    expected |= dict.fromkeys([*BROKEN, *PORTAL_REFUSES], False)
    assert {name: not problems for name, problems in found.items()} == expected, found
