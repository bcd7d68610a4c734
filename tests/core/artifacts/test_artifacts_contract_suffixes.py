"""Suffixes: which part of a name it is, how it is stored, and `CanonicalSuffix`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.base.types import CanonicalSuffix
from lamindb.core.storage import VALID_SUFFIXES
from lamindb.storage.suffixes import infer_suffix, stored_suffix

_INFERRED = {
    "a.csv.gz": ".csv.gz", "a.fastq.gz": ".fastq.gz", "s.1.fasta.gz": ".fasta.gz", "a.vcf.gz": ".gz", "a.random.gz": ".gz",
    "a.anndata.zarr": ".anndata.zarr", "a.foo.zarr": ".zarr", "my.data.parquet": ".parquet", "a.2022_07_03.txt": ".txt",
    "a.v1.2": "", "file.123": "", "a.tar.gz": ".tar.gz", "a.random.tar.gz": ".tar.gz", "a.csv.tar.gz": ".csv.tar.gz",
    "a.h5ad.tar.gz": ".h5ad.tar.gz", "a.ome.zarr": ".ome.zarr", "a.vitessce.json": ".vitessce.json", "a.csv.zip": ".csv.zip",
    "a.txt.bak": ".txt.bak", "a.CSV": ".CSV", "a.CSV.GZ": ".CSV.GZ", ".gitignore": "", "nosuffix": "",
}  # fmt: skip
_CANONICAL = {
    "a.csv.gz": ".csv.gz", "a.CSV.GZ": ".csv.gz", "reads.vcf.gz": ".vcf.gz", "a.random.gz": ".gz", "a.gz": ".gz", "a.tar.gz": ".tar.gz",
    "a.csv.tar.zst": ".csv.tar.zst", "a.random.tar.xz": ".tar.xz", "a.ome.h5": ".ome.h5", "A.OME.HDF5": ".ome.hdf5", "x.foo.zarr": ".zarr",
    "x.BAM": ".bam", "x.ipc": ".ipc", "x.wild": "", "a.txt.bak": "", "nosuffix": "", ".gitignore": "", "a.v1.2": "",
    "folder.zarr/x.parquet": ".parquet",
}  # fmt: skip
_KNOWN = """.fa .fasta .fastq .bam .sam .cram .bcf .bed .gff .gff3 .gtf .bw .vcf .h5ad .h5mu .loom .parquet .xlsx .arrow .feather .orc .avro
.npy .npz .hdf5 .h5 .zarr .tiledb .tiledbsoma .soma .jsonl .ndjson .yaml .yml .onnx .gguf .joblib .dcm .nd2 .czi .lif .svs .ipynb .7z .db
.duckdb .sqlite .ipc .csv .tsv .json .html .png .pdf .txt .zip .tar""".split()  # noqa: SIM905


@pytest.mark.parametrize(("name", "suffix"), _INFERRED.items())
def test_the_suffix_of_a_name(name: str, suffix: str) -> None:
    assert infer_suffix(name) == suffix


def test_the_canonical_suffix_of_a_name() -> None:
    found = {name: str(CanonicalSuffix.from_path(name)) for name in _CANONICAL}
    assert found == _CANONICAL
    assert CanonicalSuffix.extract_from_path(Path("x/Reads.R1.Fastq.GZ")) == (".fastq.gz", ".Fastq.GZ")
    assert CanonicalSuffix.extract_from_path("x.wild") == ("", ".wild")
    assert isinstance(CanonicalSuffix.from_path("x.csv"), str)
    missing = [suffix for suffix in _KNOWN if suffix not in CanonicalSuffix.simple_formats]
    assert not missing and len(CanonicalSuffix.simple_formats) > 250
    assert (
        CanonicalSuffix.encoding_formats >= {".gz", ".bz2", ".xz", ".zst"}
        and VALID_SUFFIXES.ENCODING is CanonicalSuffix.encoding_formats
    )


def test_known_sets_can_be_added_to_for_the_session() -> None:
    CanonicalSuffix.simple_formats.add(".wild")
    CanonicalSuffix.composite_formats.add(".wild.zarr")
    try:
        assert (
            CanonicalSuffix.from_path("x.WILD.gz") == ".wild.gz"
            and CanonicalSuffix.from_path("x.wild.zarr") == ".wild.zarr"
        )
    finally:
        CanonicalSuffix.simple_formats.discard(".wild")
        CanonicalSuffix.composite_formats.discard(".wild.zarr")


def test_artifacts_have_known_suffixes_in_lower_case_whatever_the_file_is_called(instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "TABLE.TXT"
    path.write_text("a")
    artifact = ln.Artifact(path, key="raw/TABLE.TXT", run=False).save()
    assert artifact.suffix == ".txt" and artifact.key == "raw/TABLE.TXT" and artifact.path.name.endswith(".txt")
    assert artifact.load() == "a"
    artifact.key = "raw/OTHER.TXT"
    artifact.save()
    artifact.suffix = ".md"
    assert artifact.save(move=True).key == "raw/OTHER.md" and artifact.path.read_text() == "a"
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "B.TXT").write_text("b")
    assert [made.suffix for made in ln.Artifact.from_dir(folder, run=False)] == [".txt"]
    lazy = ln.Artifact.from_lazy(suffix=".TXT", overwrite_versions=False, key="lazy.TXT", run=False)
    lazy.path.write_text("lazy")
    saved = lazy.save()
    assert saved.suffix == ".txt" and saved.path == lazy.path and saved.load() == "lazy"


def test_a_name_that_goes_on_after_its_dot_has_no_suffix(sqlite_instance: Any, tmp_path: Path) -> None:
    name = "Notes on the run. And everything that happened after it"
    (tmp_path / name).write_text("x")
    artifact = ln.Artifact(tmp_path / name, key=name, run=False).save()
    assert artifact.suffix == "" and artifact.path.name == artifact.uid and artifact.path.read_text() == "x"
    assert stored_suffix(".Wild") == ".Wild"


def test_the_key_has_the_suffix_of_the_data(sqlite_instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a\n1\n")
    for key, of_key in (("x.tsv", ".tsv"), ("nosuffix", "")):
        with pytest.raises(
            ln.errors.InvalidArgument,
            match=rf"passed path's suffix '.csv' must match the passed key's suffix '{of_key}'\.",
        ):
            ln.Artifact(path, key=key)
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("lamindb_dataframe")
    with pytest.raises(
        ln.errors.InvalidArgument, match=r"passed key's suffix '.xlsx' must match the passed path's suffix '.parquet'\."
    ):
        ln.Artifact.from_dataframe(pandas.DataFrame({"a": [1]}), key="x.xlsx")
