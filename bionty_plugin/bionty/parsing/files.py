"""Recognises what a file is by its content, and reads it: ontology or table, compressed or not."""

from __future__ import annotations

import gzip
import io
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bionty.errors import CorruptedOntology
from bionty.parsing.obo import read_obo
from bionty.parsing.obograph import read_obograph
from bionty.parsing.owl import read_owl
from bionty.parsing.terms import Ontology, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

__all__ = ["Ontology", "Term", "opened_ontology", "read_ontology", "read_table"]

#: Suffixes of tables; everything else is looked into.
TABLE_SUFFIXES = (".parquet", ".csv", ".tsv", ".txt", ".feather", ".arrow")


def read_ontology(path: Path) -> Ontology:
    """Return the ontology in a file, with all its terms as objects; see `opened_ontology` for big ones.

    Args:
        path: OBO, OBO-graph JSON, or OWL in RDF/XML; with gzip or without.

    Raises:
        CorruptedOntology: if it is none of these, or damaged.

    Example:
        >>> read_ontology(Path("cl.obo")).version  # doctest: +SKIP
        'releases/2025-04-10'
    """
    terms: dict[str, Term] = {}
    with opened_ontology(path) as ontology:
        for term in ontology.terms:
            known = terms.setdefault(term.ontology_id, term)
            if known is not term:
                known.add(term)
    ontology.terms = list(terms.values())
    return ontology


@contextmanager
def opened_ontology(path: Path) -> Iterator[Ontology]:
    """Yield the ontology in a file; it is read while its terms are asked for, which raises `CorruptedOntology` where it is damaged.

    Args:
        path: as for `read_ontology`.
    """
    with _opened(path) as stream:
        ontology = Ontology(())
        ontology.terms = _checked(path, stream, ontology)
        yield ontology


def read_header(path: Path) -> Ontology:
    """Return what an ontology file says about itself, without reading all its terms.

    Raises:
        CorruptedOntology: if its beginning is none of an ontology.
    """
    with opened_ontology(path) as ontology:
        next(iter(ontology.terms), None)
    return ontology


def _checked(path: Path, stream: BinaryIO, ontology: Ontology) -> Iterator[Term]:
    try:
        start = stream.peek(4096).lstrip(b"\xef\xbb\xbf \t\r\n")  # type: ignore[attr-defined]
        if start.startswith(b"{"):
            yield from read_obograph(stream, ontology)
        elif start.startswith(b"<"):
            yield from read_owl(stream, ontology)
        else:
            yield from read_obo(io.TextIOWrapper(stream, encoding="utf-8-sig"), ontology)
    except (ValueError, OSError, EOFError) as error:
        raise CorruptedOntology(
            f"Corrupted ontology file: {path} can't be read as OBO, OBO-graph JSON or OWL (RDF/XML): {error}. "
            "Download it again, or convert it to OBO"
        ) from error


def is_table(path: str | Path) -> bool:
    """Tell from its name whether a file is a table rather than an ontology."""
    name = str(path).lower().removesuffix(".gz")
    return name.endswith(TABLE_SUFFIXES)


def read_table(path: Path) -> pa.Table:
    """Return a table as it is in the file (parquet, arrow, or delimited text)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = path.name.lower()
    try:
        if name.endswith(".parquet"):
            return pq.read_table(path)
        if name.endswith((".feather", ".arrow")):
            import pyarrow.feather as feather

            return feather.read_table(path)
        return _read_text(path)
    except (pa.ArrowInvalid, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise CorruptedOntology(f"{path} can't be read as a table: {error}") from error


def _read_text(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.csv as csv

    with _opened(path) as stream:
        head = stream.peek(1 << 16)[: 1 << 16].split(b"\n", 1)[0]  # type: ignore[attr-defined]
        delimiter = "\t" if b"\t" in head else ","
        columns = [
            name.strip().strip('"').lstrip("#") for name in head.decode("utf-8-sig").strip("\r").split(delimiter)
        ]
        options = csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True)
        read = csv.ReadOptions(column_names=columns, skip_rows=1)
        return csv.read_csv(
            stream, read, csv.ParseOptions(delimiter=delimiter, quote_char='"', newlines_in_values=True), options
        )


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as raw:
        is_gzip = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        if not is_gzip:
            yield raw
            return
        with gzip.open(raw) as stream:
            yield io.BufferedReader(stream)  # type: ignore[arg-type]
