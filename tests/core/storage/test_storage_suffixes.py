"""The suffix of a name."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamindb.storage.suffixes import SIMPLE_SUFFIXES, infer_suffix

_stem = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("archive.tar.gz", ".tar.gz"),
        ("a.b.tsv", ".tsv"),
        ("x.tsv.gz", ".tsv.gz"),
        ("f.v1.1.0.anndata.zarr", ".anndata.zarr"),
        ("f.h5ad.zarr", ".zarr"),
        ("d.log.123", ""),
        ("data.h5ad.tar.gz", ".h5ad.tar.gz"),
        ("plot.vitessce.json", ".vitessce.json"),
        ("image.ome.zarr", ".ome.zarr"),
        ("run.2024", ""),
        ("README", ""),
        (".hidden", ""),
        ("folder.v1/file", ""),
        ("folder.v1/file.csv", ".csv"),
        ("", ""),
    ],
)
def test_documented_examples(name, suffix):
    assert infer_suffix(name) == suffix
    assert infer_suffix(Path(name)) == suffix


@given(_stem, st.sampled_from(sorted(SIMPLE_SUFFIXES)))
def test_a_known_suffix_is_found_alone_and_before_compression(stem, suffix):
    assert infer_suffix(stem + suffix) == suffix
    assert infer_suffix(f"{stem}{suffix}.gz") == f"{suffix}.gz"


@given(st.text(string.printable, max_size=30).filter(lambda name: "/" not in name))
def test_a_name_ends_with_its_suffix(name):
    suffix = infer_suffix(name)
    assert suffix == "" or (suffix.startswith(".") and name.endswith(suffix))


@given(_stem, _stem)
def test_folders_do_not_count(folder, name):
    assert infer_suffix(f"{folder}.zip/{name}") == ""


def test_suffixes_of_installed_formats_are_known(run_python, tmp_path):
    (tmp_path / "spectra_plugin.py").write_text(
        "from lamindb import hookimpl\n"
        "from lamindb.plugins.types import DataFormat\n"
        "@hookimpl\n"
        "def lamindb_data_formats():\n"
        "    yield DataFormat('Spectra', ('.spectra', '.raw.spectra'), shared_suffixes=('.spectra.zarr',), recognises='json:loads', loader='json:loads')\n"
    )
    code = """
import sys
import lamindb as ln
assert "pluggy" not in sys.modules
from lamindb.storage.suffixes import infer_suffix
assert infer_suffix("a.spectra") == ".spectra"
assert "pluggy" not in sys.modules
names = ["a.b.raw.spectra", "a.b.spectra.gz", "a.1.spectra.zarr", "a.b.zarr", "x.h5ad.tar.gz", "a.v1.1.0.anndata.zarr"]
print([infer_suffix(name) for name in names])
"""
    done = run_python(code, env={"PYTHONPATH": str(tmp_path), "LAMIN_LOAD_PLUGINS": "spectra_plugin"})
    expected = [".raw.spectra", ".spectra.gz", ".spectra.zarr", ".zarr", ".h5ad.tar.gz", ".anndata.zarr"]
    assert done.stdout.splitlines()[-1] == str(expected)
