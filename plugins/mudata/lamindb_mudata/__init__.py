"""MuData for LaminDB; artifacts reach it through `lamindb_mudata.plugin`."""

from __future__ import annotations

__version__ = "0.1.0"
