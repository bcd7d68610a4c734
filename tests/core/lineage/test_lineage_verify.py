"""Scripts are checked for missing calls and files that lamindb never sees."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

import lamindb as ln


@pytest.fixture
def verify(tmp_path: Path):
    def check(code: str, name: str = "script.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(code))
        return ln.core.verify_lineage(path)

    return check


def test_a_tracked_script_is_fully_tracked(verify):
    result = verify("""
        import lamindb as ln
        import pandas as pd

        ln.track()
        df = ln.Artifact.get(key="raw/in.parquet").load()
        df.to_parquet("out.parquet")
        ln.Artifact("out.parquet", key="clean/out.parquet").save()
        ln.finish()
    """)
    assert result.is_fully_tracked and result.missing_lineage == ()


def test_missing_calls_and_files_are_told_with_their_lines(verify):
    result = verify("""
        import pandas as pd
        df = pd.read_csv("raw/in.csv")
        df.to_csv("./out.csv")
        df.to_csv("out.csv")
    """)
    assert not result.is_fully_tracked
    assert result.missing_lineage == (
        "Missing ln.track() call in script.",
        "Missing ln.finish() call in script.",
        "File not tracked in lamindb: raw/in.csv (line 3)",
        "File not tracked in lamindb: out.csv (line 4, 5)",
    )


@pytest.mark.parametrize(
    "start",
    [
        "import lamindb\nlamindb.track()\nlamindb.finish()",
        "import lamindb as db\ndb.track(); db.finish()",
        "from lamindb import track as begin, finish\nbegin()\nfinish()",
        "import lamindb as ln\n@ln.flow()\ndef main(): ...\nmain()",
        "from lamindb import flow\n@flow()\ndef main(): ...",
        "import lamindb as ln\nbegin = ln.track\nbegin()\nln.finish()",
    ],
)
def test_all_ways_to_call_lamindb_are_recognised(verify, start: str):
    assert verify(start).missing_lineage == ()


def test_calls_of_other_packages_with_the_same_names_do_not_count(verify):
    result = verify("import mlflow as ln\nln.track()\nln.finish()")
    assert len(result.missing_lineage) == 2


TRACKED = "import lamindb as ln\nln.track()\n{}\nln.finish()\n"


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("open('x.csv')", "x.csv"),
        ("name = 'x'\nopen(name + '.csv')", "x.csv"),
        ("from pathlib import Path\n(Path('data') / 'x.csv').read_text()", "data/x.csv"),
        ("from pathlib import Path\np = Path('data', 'x.csv').resolve()\nopen(p)", "data/x.csv"),
        ("import os\nopen(os.path.join('data', 'x.csv'))", "data/x.csv"),
        ("folder = 'data'\nopen(f'{folder}/x.csv')", "data/x.csv"),
        ("def read(path):\n    return open(path)\nread('x.csv')", "x.csv"),
        ("def read(path='x.csv'):\n    return open(path)\nread()", "x.csv"),
        ("def name():\n    return 'x.csv'\nopen(name())", "x.csv"),
        ("for p in ['x.csv']:\n    open(p)", "x.csv"),
        ("import pandas as pd\n[pd.read_csv(p) for p in ('x.csv',)]", "x.csv"),
        ("import pandas as pd\npd.read_parquet('s3://bucket/key')", "s3://bucket/key"),
        ("import requests\nrequests.get('https://example.org/x')", "https://example.org/x"),
        ("open('/tmp/somewhere')", "/tmp/somewhere"),
        ("import anndata\nanndata.read_h5ad(filename='cells.h5ad')", "cells.h5ad"),
    ],
)
def test_paths_are_found_wherever_they_come_from(verify, code: str, path: str):
    [missing] = verify(TRACKED.format(code)).missing_lineage
    assert missing.startswith(f"File not tracked in lamindb: {path} (line ")
    assert verify(TRACKED.format(f"{code}\nln.Artifact({path!r}, key='k').save()")).is_fully_tracked


@pytest.mark.parametrize(
    "code",
    [
        "from pathlib import Path\nPath('x.csv')",
        "from pathlib import Path\nPath('out/plots').mkdir(parents=True)\nPath('x.csv').exists()",
        "import os\nos.makedirs('out/plots')\nos.path.exists('x.csv')",
        "import os\nos.environ['CONFIG'] = 'x.yaml'",
        "import sys\nsys.path.append('lib/python')",
        "import importlib\nimportlib.import_module('a.py')",
        "print('wrote x.csv', 'x.csv')",
        "fetch(accept='application/json')",
        "when.strftime('%Y/%m/%d')",
        "plot('a / b', unit='counts per cell.', version='1.2.3')",
        "artifact = ln.Artifact.get(key='x.csv')\nartifact.cache().rename('x.csv')",
    ],
)
def test_what_only_asks_about_paths_or_is_no_path_is_not_reported(verify, code: str):
    assert verify(TRACKED.format(code)).missing_lineage == ()


def test_scripts_that_can_not_be_read_are_findings(verify, tmp_path):
    assert ln.core.verify_lineage(tmp_path / "no.py").missing_lineage == (f"File not found: {tmp_path / 'no.py'}",)
    [missing] = verify("def f(:\n").missing_lineage
    assert missing.startswith("Syntax error while parsing ") and "(line 1)" in missing
    assert "Syntax error" in verify("{", "broken.ipynb").missing_lineage[0]


def test_functions_that_call_themselves_end(verify):
    assert verify(TRACKED.format("def f(p):\n    return f(p + 'a')\nf('x.csv')")).is_fully_tracked


def test_notebooks_are_checked_too(verify):
    cells = [
        {"cell_type": "markdown", "source": ["# not python: open('a.csv')"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import lamindb as ln\n", "ln.track()"]},
        {"cell_type": "code", "source": "!head x.csv\nopen('x.csv')\nln.finish()"},
    ]
    result = verify(json.dumps({"cells": cells}), "notebook.ipynb")
    assert result.missing_lineage == ("File not tracked in lamindb: x.csv (line 5)",)
