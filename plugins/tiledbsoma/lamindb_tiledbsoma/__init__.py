"""TileDB-SOMA for LaminDB; artifacts reach it through `lamindb_tiledbsoma.plugin`."""

from __future__ import annotations

__version__ = "0.1.0"
