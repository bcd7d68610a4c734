"""Flow and mass cytometry files (FCS 3.1), made of random events that are the same every time."""

from __future__ import annotations

import array
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from lamindb.examples.datasets.example_files import placed
from lamindb.examples.datasets.registration import register_experiment_features
from lamindb.examples.requirements import module_registry

_FLUORESCENCE = (
    "FSC-A", "FSC-H", "SSC-A", "KI67", "CD3", "CD28", "CD45RO", "CD8", "CD4", "CD57", "VIVID / CD14", "CCR5", "CD19", "CD27",
    "CCR7", "CD127",
)  # fmt: skip
_MASS = (
    "Time", "Cell_length", "CD57", "Dead", "(Ba138)Dd", "Bead", "CD19", "CD4", "CD8", "IgD", "CD85j", "CD11c", "CD16", "CD3", "CD38",
    "CD27", "CD11B", "CD14", "Ccr6", "CD94", "CD86", "CXCR5", "CXCR3", "Ccr7", "CD45RA", "CD20", "CD127", "CD33", "CD28", "CD24",
    "ICOS", "CD161", "TCRgd", "PD-1", "CD123", "CD56", "HLADR", "CD25", "DNA1", "DNA2",
)  # fmt: skip
_HEADER_BYTES = 58


def file_fcs() -> Path:
    """Write `example.fcs`: 500 events in 16 channels."""
    return placed("example.fcs", lambda path: write_fcs(path, _FLUORESCENCE, n_events=500))


def file_fcs_alpert19(populate_registries: bool = False) -> Path:
    """Write `Alpert19.fcs`: 500 events in the 40 channels of a mass cytometer.

    Args:
        populate_registries: also save the features `assay` and `organism`, and the channels that are known cell markers, in the
            current instance.

    Raises:
        ModuleNotMounted: if registries are to be populated and the instance has no module `bionty`.
    """
    if populate_registries:
        marker = module_registry("bionty.CellMarker", "file_fcs_alpert19")
        register_experiment_features("file_fcs_alpert19")
        import lamindb as ln

        verbosity = ln.settings.verbosity
        ln.settings.verbosity = "error"
        try:
            ln.save(marker.from_values(list(_MASS), organism="human"))
        finally:
            ln.settings.verbosity = verbosity
    return placed("Alpert19.fcs", lambda path: write_fcs(path, _MASS, n_events=500))


def write_fcs(path: Path, channels: Sequence[str], n_events: int, seed: int = 0) -> None:
    """Write an FCS 3.1 file with random events: one segment of text, one of little-endian 32-bit floats.

    Args:
        path: file to write.
        channels: names of the parameters.
        n_events: number of events.
        seed: the same seed gives the same bytes.
    """
    numbers = random.Random(seed)
    values = array.array("f", (numbers.lognormvariate(4, 1) for _ in range(n_events * len(channels))))
    if sys.byteorder == "big":
        values.byteswap()
    data = values.tobytes()
    begin = _HEADER_BYTES
    text = b""
    while True:  # the positions of the data stand in the text, whose length depends on them
        text = _text(channels, n_events, begin + len(text), begin + len(text) + len(data) - 1)
        again = _text(channels, n_events, begin + len(text), begin + len(text) + len(data) - 1)
        if again == text:
            break
    begin_data = begin + len(text)
    positions = (begin, begin_data - 1, begin_data, begin_data + len(data) - 1, 0, 0)
    header = "FCS3.1    " + "".join(f"{position:>8}" for position in positions)
    path.write_bytes(header.encode("ascii") + text + data)


def _text(channels: Sequence[str], n_events: int, begin_data: int, end_data: int) -> bytes:
    keywords = {
        "$BEGINANALYSIS": 0, "$ENDANALYSIS": 0, "$BEGINSTEXT": 0, "$ENDSTEXT": 0, "$BEGINDATA": begin_data, "$ENDDATA": end_data,
        "$BYTEORD": "1,2,3,4", "$DATATYPE": "F", "$MODE": "L", "$NEXTDATA": 0, "$PAR": len(channels), "$TOT": n_events,
    }  # fmt: skip
    for number, channel in enumerate(channels, start=1):
        name = channel.replace("/", "-")  # the delimiter, and no comma in short names
        keywords |= {
            f"$P{number}N": name,
            f"$P{number}S": name,
            f"$P{number}B": 32,
            f"$P{number}E": "0,0",
            f"$P{number}R": 262144,
        }
    return ("/" + "".join(f"{keyword}/{value}/" for keyword, value in keywords.items())).encode("utf-8")
