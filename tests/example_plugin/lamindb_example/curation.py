"""A spectrum as the table `peaks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb_example.spectra import Spectrum

if TYPE_CHECKING:
    import pandas as pd


def slots(dataset: Spectrum) -> list[str]:
    return ["peaks"]


def get_table(dataset: Spectrum, slot: str) -> pd.DataFrame:
    import pandas as pd

    _check_slot(slot)
    return pd.DataFrame({"peak": dataset.peaks, "height": dataset.heights})


def set_table(dataset: Spectrum, slot: str, table: pd.DataFrame) -> None:
    _check_slot(slot)
    dataset.peaks = table["peak"].tolist()
    dataset.heights = table["height"].tolist()


def _check_slot(slot: str) -> None:
    if slot != "peaks":
        raise ValueError(f"a Spectrum has no slot {slot!r}, only 'peaks'")
