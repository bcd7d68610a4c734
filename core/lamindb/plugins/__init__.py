"""The plugin system: what plugins contribute (`types`), which hooks there are (`hookspecs`), and how the core asks (`manager`).

Importing this package loads no plugin; that happens when something is first asked for.

Example:
    >>> from lamindb.plugins import DataFormat, hookimpl
    >>> @hookimpl
    ... def lamindb_data_formats():
    ...     yield DataFormat("Spectrum", (".spectrum",), loader="mylab.spectra:load")
"""

from __future__ import annotations

from lamindb.plugins.errors import MissingPluginError, PluginConflictError, PluginImportError
from lamindb.plugins.hookspecs import hookimpl
from lamindb.plugins.types import (
    Command,
    ContentHash,
    CuratorSpec,
    DataFormat,
    DemoPart,
    Integration,
    ReferenceSource,
    SchemaModule,
    StorageBackend,
)

__all__ = [
    "Command",
    "ContentHash",
    "CuratorSpec",
    "DataFormat",
    "DemoPart",
    "Integration",
    "MissingPluginError",
    "PluginConflictError",
    "PluginImportError",
    "ReferenceSource",
    "SchemaModule",
    "StorageBackend",
    "hookimpl",
]
