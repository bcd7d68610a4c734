"""Croissant metadata for LaminDB; `ln.integrations.curate_from_croissant` reaches it through `lamindb_croissant.plugin`."""

from __future__ import annotations

__version__ = "0.1.0"
