"""What is particular to each entity: which identifiers are kept when an ontology file is read, and how its tables are brought into shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Entity:
    """How the vocabularies of an entity are read.

    Attributes:
        prefixes: source -> beginnings of the identifiers that are kept.
        relations: relations besides `is_a` whose targets are parents.
        is_table_only: whether there are no ontology files.
    """

    prefixes: dict[str, tuple[str, ...]]
    relations: tuple[str, ...] = ()
    is_table_only: bool = False


ENTITIES = {
    "Organism": Entity({}),
    "Gene": Entity({}, is_table_only=True),
    "Protein": Entity({}, is_table_only=True),
    "CellMarker": Entity({}, is_table_only=True),
    "CellType": Entity({"cl": ("CL:",)}),
    "CellLine": Entity({"clo": ("CLO:",)}),
    "Tissue": Entity({"uberon": ("UBERON:",)}, ("part_of",)),
    "Disease": Entity({"mondo": ("MONDO:",)}),
    "Phenotype": Entity({"hp": ("HP:",), "mp": ("MP:",), "zp": ("ZP:",), "pato": ("PATO:",)}),
    "Pathway": Entity({}),
    "ExperimentalFactor": Entity({"efo": ("EFO:", "http://www.ebi.ac.uk/efo/")}),
    "DevelopmentalStage": Entity({"hsapdv": ("HsapDv:",), "mmusdv": ("MmusDv:",)}, ("part_of",)),
    "Ethnicity": Entity({"hancestro": ("HANCESTRO:",)}),
    "Drug": Entity({"dron": ("DRON:",)}),
    "BFXPipeline": Entity({}, is_table_only=True),
    "BioSample": Entity({}, is_table_only=True),
}
_OWN = Entity({})
_COLUMNS_OF_HGNC = {"name": "description", "entrez_id": "ncbi_gene_id", "locus_type": "biotype"}


def entity_named(name: str) -> Entity:
    """Return what is known about an entity; own ones are read as they are."""
    return ENTITIES.get(name.rpartition(".")[2], _OWN) if name.startswith("bionty.") or "." not in name else _OWN


def in_shape(table: pa.Table, entity: str) -> pa.Table:
    """Bring a published table into the form of the entity: text columns as text, species lists as organisms, Ensembl-style ids apart."""
    import pyarrow as pa

    for position, name in enumerate(table.column_names):
        kind = table.schema.field(position).type
        if pa.types.is_null(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
            table = table.set_column(position, name, table[name].cast(pa.string()))
    table = _without_index_columns(table)
    short = entity.rpartition(".")[2]
    if short == "Organism" and "taxonomy_id" in table.column_names:
        return _species(table)
    if short == "Organism" and "scientific_name" not in table.column_names and "name" in table.column_names:
        return _taxa(table)
    if short == "Gene":
        return _genes(_of_hgnc(table) if {"hgnc_id", "locus_type"} <= set(table.column_names) else table)
    return table


def _without_index_columns(table: pa.Table) -> pa.Table:
    unwanted = [name for name in table.column_names if re.fullmatch(r"__index_level_\d+__|Unnamed: \d+", name)]
    return table.drop_columns(unwanted) if unwanted else table


def _species(table: pa.Table) -> pa.Table:
    """Turn Ensembl's list of species into organisms."""
    import pyarrow as pa

    columns: dict[str, Any] = {name: table[name].to_pylist() for name in table.column_names}
    scientific = [_capitalised(name) for name in columns.pop("species", columns.get("name"))]
    names = [(name or other or "").lower() for name, other in zip(columns["name"], scientific, strict=True)]
    shaped = {
        "name": names,
        "scientific_name": scientific,
        "ontology_id": [f"NCBITaxon:{identifier}" for identifier in columns.pop("taxonomy_id")],
        "synonyms": [None] * len(names),
    }
    rest = {name: values for name, values in columns.items() if name != "name"}
    return pa.table({**shaped, "synonyms": pa.array(shaped["synonyms"], pa.string()), **rest})


def _taxa(table: pa.Table) -> pa.Table:
    """Give taxa their scientific name; names are in lower case."""
    import pyarrow.compute as pc

    if "ontology_id" not in table.column_names:
        return table
    position = table.column_names.index("name")
    scientific = table["name"]
    table = table.set_column(position, "name", pc.utf8_lower(scientific))
    return table.append_column("scientific_name", scientific)


def _capitalised(name: str | None) -> str | None:
    return name.replace("_", " ").capitalize() if name else None


def _of_hgnc(table: pa.Table) -> pa.Table:
    """Give the columns of HGNC's table of human genes the names of ours; former symbols are synonyms, too."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = table.column_names
    found = {new: table[old] for old, new in _COLUMNS_OF_HGNC.items() if old in names}
    spellings = [pc.fill_null(table[name], "") for name in ("alias_symbol", "prev_symbol") if name in names]
    if spellings and "synonyms" not in names:
        joined = pc.utf8_trim(pc.binary_join_element_wise(*spellings, "|"), "|")
        found["synonyms"] = pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)
    kept = {name: table[name] for name in ("symbol", "ensembl_gene_id", "hgnc_id") if name in names}
    return pa.table({**kept, **found})


def _genes(table: pa.Table) -> pa.Table:
    """Move identifiers that are not in the style of Ensembl to `stable_id`, and join the NCBI ids of each gene."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = table.column_names
    if "ensembl_gene_id" in names and "stable_id" not in names:
        ids = table["ensembl_gene_id"]
        is_other = pc.and_(pc.is_valid(ids), pc.invert(pc.starts_with(pc.fill_null(ids, ""), "ENS")))
        if pc.any(is_other).as_py():
            null = pa.scalar(None, pa.string())
            table = table.append_column("stable_id", pc.if_else(is_other, ids, null))
            table = table.set_column(names.index("ensembl_gene_id"), "ensembl_gene_id", pc.if_else(is_other, null, ids))
    if "ncbi_gene_id" not in table.column_names or "ncbi_gene_ids" in table.column_names:
        return table
    keys = _keys(table)
    ncbi = [None if value is None else str(value).removesuffix(".0") for value in table["ncbi_gene_id"].to_pylist()]
    if len(set(keys)) == len(keys):
        return table.append_column("ncbi_gene_ids", pa.array(ncbi, pa.string()))
    first: dict[Any, int] = {}
    joined: dict[Any, dict[str, None]] = {}
    for position, (identifier, value) in enumerate(zip(keys, ncbi, strict=True)):
        first.setdefault(identifier, position)
        if value:
            joined.setdefault(identifier, {})[value] = None
    table = table.take(list(first.values()))
    texts = ["|".join(joined.get(identifier, ())) or None for identifier in first]
    return table.append_column("ncbi_gene_ids", pa.array(texts, pa.string()))


def _keys(table: pa.Table) -> list[Any]:
    """Return what identifies the gene of each row; rows without identifiers are genes of their own."""
    columns = [table[name].to_pylist() for name in ("ensembl_gene_id", "stable_id") if name in table.column_names]
    return [
        next(filter(None, identifiers), position) for position, identifiers in enumerate(zip(*columns, strict=True))
    ] or list(range(table.num_rows))
