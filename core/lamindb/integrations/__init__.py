"""Names that plugins add: functions and modules for other software. Each is imported when it is first used."""

from __future__ import annotations

import difflib
from typing import Any

#: Names of this project's own packages, and the package that brings each: only for the message that says what to install.
_KNOWN = {
    "lightning": "lamindb-lightning",
    "save_vitessce_config": "lamindb-vitessce",
    "curate_from_croissant": "lamindb-croissant",
    "save_tiledbsoma_experiment": "lamindb-tiledbsoma",
}


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    from lamindb.plugins import manager

    found = manager.integration(name)
    if found is not None:
        value = found.load()
        globals()[name] = value
        return value
    if name in _KNOWN:
        from lamindb.plugins.errors import MissingPluginError

        raise MissingPluginError(
            f"ln.integrations.{name} needs the package {_KNOWN[name]}: pip install {_KNOWN[name]}",
            package=_KNOWN[name],
            asked=f"the integration {name!r}",
        )
    names = __dir__()
    near = difflib.get_close_matches(name, names, n=1)
    raise AttributeError(
        f"module 'lamindb.integrations' has no attribute {name!r}: installed plugins bring {', '.join(names) or 'none'}"
        + (f". Did you mean {near[0]!r}?" if near else "")
    )


def __dir__() -> list[str]:
    from lamindb.plugins import manager

    return [found.name for found in manager.integrations()]
