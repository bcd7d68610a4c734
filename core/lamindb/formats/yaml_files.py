"""YAML files, read with the safe loader: tags that would construct Python objects are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.formats.compressed import open_text


def load_yaml(path: str | Path) -> Any:
    """Return the content of a UTF-8 YAML file as dictionaries, lists, strings, numbers and dates.

    Raises:
        yaml.YAMLError: if it is not YAML, or asks for Python objects.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser is several times faster where it is built in
    with open_text(path) as stream:
        return yaml.load(stream, Loader=loader)
