"""JSON files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lamindb.formats.compressed import open_text


def load_json(path: str | Path) -> Any:
    """Return the content of a UTF-8 JSON file as dictionaries, lists, strings and numbers.

    Raises:
        json.JSONDecodeError: if it is not JSON; the message tells the position.
    """
    with open_text(path) as stream:
        return json.load(stream)
