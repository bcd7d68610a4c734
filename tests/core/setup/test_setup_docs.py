"""The page about instances does what it says: its Python code runs from top to bottom, as one program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[3] / "docs" / "setup.md"


def test_the_code_of_the_page_runs(own_settings: Path, run_python: Any) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 9
    run_python("\n".join(blocks))
    assert not (Path.cwd() / "my-data" / ".lamindb").exists()
