"""A name of `ln.integrations`."""

import json

from lamindb_example.spectra import Spectrum


def export_spectrum(spectrum: Spectrum) -> str:
    return json.dumps(dict(zip(spectrum.peaks, spectrum.heights, strict=True)))
