"""SpatialData for LaminDB. Artifacts reach it through `lamindb_spatialdata.plugin`."""

from __future__ import annotations

__version__ = "0.1.0"
