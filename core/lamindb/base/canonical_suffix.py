"""`CanonicalSuffix`: the one spelling of the suffix of a file name, of formats that are known; `""` for everything else."""

from __future__ import annotations

import os
from functools import cache
from mimetypes import MimeTypes
from pathlib import PurePosixPath

#: Formats of the field that no list of media types holds.
_FORMATS_OF_THE_FIELD = (
    "7z", "ab1", "adat", "anndata", "arrow", "avi", "avro", "bam", "bcf", "bed", "bedgraph", "bedpe", "bfast",
    "bgen", "bib", "bigbed", "bigwig", "bim", "bin", "blast", "bmp", "bw", "cbor", "cel", "chain", "ckpt", "cloupe",
    "cool", "cram", "crai", "csi", "csv", "czi", "db", "dcm", "dicom", "dotd", "duckdb", "edf", "embl", "fa", "faa",
    "fai", "fam", "fasta", "fastq", "fcs", "feather", "ffn", "flac", "fna", "fq", "frag", "gbff", "gb", "gds",
    "geojson", "gff", "gff3", "ggml", "gguf", "gmt", "gpkg", "gtf", "h5", "h5ad", "h5mu", "hdf", "hdf5", "hic",
    "hmm", "icns", "idat", "ims", "ini", "interval_list", "ipc", "ipynb", "jls", "joblib", "jp2", "json", "jsonl",
    "jsonld", "keras", "lance", "las", "laz", "lif", "lock", "log", "loom", "maf", "mar", "markdown", "mat",
    "mcool", "md", "mgf", "mlmodel", "mmcif", "mol", "mol2", "model", "mrc", "mrxs", "msp", "mtx", "mtz", "mzid",
    "mzml", "mzxml", "nb", "nd2", "ndjson", "ndpi", "netcdf", "nexus", "newick", "nifti", "nii", "npy", "npz",
    "nrrd", "nwk", "obo", "ome", "onnx", "orc", "owl", "pb", "pbtxt", "parquet", "pdb", "pdbqt", "ped", "pgen",
    "phy", "pickle", "pileup", "pkl", "ply", "png", "psam", "psl", "pt", "pth", "ptx", "pvar", "qmd", "qs", "quant",
    "r", "rda", "rdata", "rds", "refflat", "rmd", "rst", "safetensors", "sam", "sav", "savedmodel", "scn", "sdf",
    "sf", "sff", "smi", "smk", "snakefile", "soma", "sqlite", "sqlite3", "sra", "srf", "sto", "state_dict", "stl",
    "svs", "tar", "tbi", "tflite", "tiff", "tif", "tiledb", "tiledbsoma", "toml", "torch", "tsv", "ttl", "txt",
    "vcf", "vsi", "wav", "webm", "wig", "wiff", "xls", "xlsb", "xlsm", "xlsx", "xslx", "xml", "yaml", "yml", "zarr",
    "zip",
)  # fmt: skip


@cache
def _simple_formats() -> set[str]:
    known = MimeTypes(())  # without the lists of the machine, so that the same name gives the same suffix everywhere
    of_media = {suffix.lower() for strict in (True, False) for suffix in known.types_map[strict]}
    return (of_media | {f".{name}" for name in _FORMATS_OF_THE_FIELD}) - CanonicalSuffix.encoding_formats


class CanonicalSuffix(str):
    """Suffix of a file name in its one spelling: lower case, and of known formats only.

    Attributes:
        simple_formats: suffixes of one part; a set that may be added to.
        composite_formats: suffixes of several parts that name one format; a set that may be added to.
        encoding_formats: suffixes of compression, which follow that of a format; a set that may be added to.

    Example:
        >>> CanonicalSuffix.from_path("reads.R1.FASTQ.GZ"), CanonicalSuffix.from_path("notes.v1.2")
        ('.fastq.gz', '')
    """

    __slots__ = ()

    simple_formats: set[str]
    composite_formats: set[str] = {
        ".anndata.zarr", ".mudata.zarr", ".spatialdata.zarr", ".vitessce.json", ".ome.zarr", ".ome.tiff", ".ome.tif", ".ome.h5",
        ".ome.hdf5",
    }  # fmt: skip
    encoding_formats: set[str] = {".gz", ".bz2", ".xz", ".zst"}

    @classmethod
    def from_path(cls, path: str | os.PathLike[str]) -> CanonicalSuffix:
        """Return the canonical suffix of the last part of a path, `""` if it has none that is known."""
        return cls.extract_from_path(path)[0]

    @classmethod
    def extract_from_path(cls, path: str | os.PathLike[str]) -> tuple[CanonicalSuffix, str]:
        """Return the canonical suffix of a path, and the same part of its name as it is written.

        If the suffix is not known, the second is the last suffix of the name, whatever it is.

        Example:
            >>> CanonicalSuffix.extract_from_path("x.CSV"), CanonicalSuffix.extract_from_path("x.wild")
            (('.csv', '.CSV'), ('', '.wild'))
        """
        name = path.name if hasattr(path, "name") else PurePosixPath(os.fspath(path)).name
        written = PurePosixPath(name).suffixes
        canonical = cls._canonical([suffix.lower() for suffix in written])
        if canonical:
            return cls(canonical), name[-len(canonical) :]
        return cls(""), written[-1] if written else ""

    @classmethod
    def _canonical(cls, suffixes: list[str]) -> str:
        if not suffixes:
            return ""
        joined, last = "".join(suffixes), suffixes[-1]
        for known in sorted(cls.composite_formats, key=len, reverse=True):
            if joined.endswith(known):
                return known
        if last in cls.simple_formats:
            return last
        if last not in cls.encoding_formats or len(suffixes) == 1:
            return last if last in cls.encoding_formats else ""
        before = suffixes[-2]
        if before == ".tar":
            of_format = len(suffixes) > 2 and suffixes[-3] in cls.simple_formats
            return "".join(suffixes[-3:] if of_format else suffixes[-2:])
        return before + last if before in cls.simple_formats else last


CanonicalSuffix.simple_formats = _simple_formats()
