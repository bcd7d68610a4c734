"""Writes a taxonomy of any size: as a table, as OBO, or as OWL (RDF/XML)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

_OBO = "http://purl.obolibrary.org/obo/"
_OWL_HEAD = f"""<?xml version="1.0"?>
<rdf:RDF xmlns="{_OBO}ncbitaxon.owl#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
     xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#">
    <owl:Ontology rdf:about="{_OBO}ncbitaxon.owl"/>
"""


def taxa(n: int) -> Iterator[tuple[int, str, str, int | None]]:
    """Yield number, name, synonym and parent of each taxon."""
    for i in range(1, n + 1):
        yield (
            i,
            f"Genus{i % 90000} species{i}",
            f"taxon number {i}",
            None if i == 1 else random.randrange(max(1, i // 20), i),
        )


def write_taxa(n: int, path: str) -> None:
    """Write `n` taxa to a file; its suffix says in which format."""
    {".parquet": _write_table, ".obo": _write_obo, ".owl": _write_owl}[Path(path).suffix](n, path)


def _write_table(n: int, path: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = list(taxa(n))
    parents = [[] if parent is None else [f"NCBITaxon:{parent}"] for *_, parent in rows]
    table = pa.table(
        {
            "ontology_id": [f"NCBITaxon:{i}" for i, *_ in rows],
            "name": [name for _, name, _, _ in rows],
            "parents": pa.array(parents, pa.list_(pa.string())),
        }
    )
    pq.write_table(table, path, compression="zstd")


def _write_obo(n: int, path: str) -> None:
    with open(path, "w") as stream:
        stream.write("format-version: 1.2\nontology: ncbitaxon\n")
        for i, name, synonym, parent in taxa(n):
            stream.write(
                f'\n[Term]\nid: NCBITaxon:{i}\nname: {name}\nnamespace: ncbi_taxonomy\nsynonym: "{synonym}" EXACT common_name []\n'
            )
            stream.write("" if parent is None else f"is_a: NCBITaxon:{parent}\n")
            stream.write("property_value: has_rank NCBITaxon:species\n")


def _write_owl(n: int, path: str) -> None:
    with open(path, "w") as stream:
        stream.write(_OWL_HEAD)
        for i, name, synonym, parent in taxa(n):
            above = "" if parent is None else f'        <rdfs:subClassOf rdf:resource="{_OBO}NCBITaxon_{parent}"/>\n'
            stream.write(
                f'    <owl:Class rdf:about="{_OBO}NCBITaxon_{i}">\n{above}'
                f"        <oboInOwl:hasExactSynonym>{synonym}</oboInOwl:hasExactSynonym>\n"
                f"        <rdfs:label>{name}</rdfs:label>\n    </owl:Class>\n"
            )
        stream.write("</rdf:RDF>\n")
