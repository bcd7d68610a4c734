"""The page about writing plugins does what it says: its Python code runs from top to bottom."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from lamindb.plugins import hookspecs
from lamindb.plugins.loading import DECLARATION_HOOKS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "plugins.md"


def test_the_code_of_the_page_runs(tmp_path):
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 8
    (tmp_path / "page.py").write_text("\n".join(blocks), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "LAMIN_LOAD_PLUGINS"}
    done = subprocess.run(
        [sys.executable, "page.py"], cwd=tmp_path, capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lamindb-mudata" in done.stdout


def test_the_page_lists_every_hook():
    text = PAGE.read_text(encoding="utf-8")
    assert [hook for hook in (*DECLARATION_HOOKS, *hookspecs.EVENTS) if f"`{hook}(" not in text] == []
