"""Options of file systems that were given for a root in this process, such as a profile: every path below the root has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamindb.storage.roots import is_below, normalize_root

_options: dict[str, dict[str, Any]] = {}


def set_session_options(root: str, options: Mapping[str, Any]) -> None:
    """Use options for all paths below a root, until the process ends; no options forget what was set before."""
    text = normalize_root(root)
    if options:
        _options[text] = dict(options)
    else:
        _options.pop(text, None)


def session_options(path: Any) -> dict[str, Any]:
    """Return the options that were set for the root with the longest name that a path is below of."""
    if not _options:
        return {}
    homes = [root for root in _options if is_below(path, root)]
    return dict(_options[max(homes, key=len)]) if homes else {}
