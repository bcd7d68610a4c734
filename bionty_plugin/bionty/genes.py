"""Gene tables of any organism: prepared tables, and Ensembl's public database for those who have none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bionty import loading, manifest
from bionty.entities import in_shape
from bionty.errors import SourceUnavailable
from bionty.term_table import SourceSpec, TermTable
from lamindb.base.logging import logger

if TYPE_CHECKING:
    import pyarrow as pa

_HOST = "ensembldb.ensembl.org"
_PORTS = {"vertebrates": 5306}
_OTHER_PORT = 4157
_QUERY = """
SELECT gene.stable_id, xref.display_label, gene.biotype, gene.description,
       GROUP_CONCAT(DISTINCT external_synonym.synonym SEPARATOR '|')
FROM gene
LEFT JOIN xref ON gene.display_xref_id = xref.xref_id
LEFT JOIN external_synonym ON gene.display_xref_id = external_synonym.xref_id
WHERE gene.is_current = 1
GROUP BY gene.gene_id ORDER BY gene.stable_id
"""
_NCBI_QUERY = """
SELECT gene.stable_id, xref.dbprimary_acc FROM gene
JOIN object_xref ON gene.gene_id = object_xref.ensembl_id AND object_xref.ensembl_object_type = 'Gene'
JOIN xref ON object_xref.xref_id = xref.xref_id
JOIN external_db ON xref.external_db_id = external_db.external_db_id AND external_db.db_name = 'EntrezGene'
"""


def load_any_organism(organism: str, version: str | None, taxa: str) -> tuple[SourceSpec, TermTable]:
    """Return the Ensembl gene table of an organism: prepared if there is one, else from Ensembl's database.

    Raises:
        ValueError: if the organism is unknown.
        SourceUnavailable: if the table is nowhere.
    """
    listed = manifest.find("Gene", name="ensembl", organism=organism)
    release = version or (listed or manifest.listed_sources()[0]).version
    url = listed.url_of(release) if listed is not None else None
    spec = SourceSpec("bionty.Gene", organism.lower(), "ensembl", release, url)
    try:
        return spec, loading.load(spec)
    except SourceUnavailable:
        if listed is not None:
            raise
        database = _database_of(organism, release, taxa)
        table = in_shape(fetch(database, taxa), "Gene")
        return spec, TermTable(loading.store(table, spec, origin=f"{_HOST}/{database}"), spec, _HOST)


def register(ontology: Any) -> None:
    """Add a gene table to the connected instance; see `bionty.base.Gene.register_source_in_lamindb`."""
    from lamindb.setup import settings

    if not len(ontology._table):
        raise ValueError(f"The gene table of {ontology.organism} is empty, so there is nothing to register")
    if ontology._table.is_extract:
        raise SourceUnavailable(
            f"The gene table of {ontology.organism} is a packaged extract, which is not registered in its place"
        )
    if not settings.is_configured:
        from lamindb.setup.errors import CurrentInstanceNotConfigured

        raise CurrentInstanceNotConfigured
    from bionty.adding import add_source
    from bionty.models import Gene, Source
    from bionty.organisms import get_or_create

    organism = get_or_create(ontology.organism)
    key = {"entity": "bionty.Gene", "organism": organism.name, "name": ontology.source, "version": ontology.version}
    existing = Source.filter(**key).first()
    if existing is not None and existing.dataframe_artifact_id is not None:
        logger.warning("source already exists!")
        return
    source = existing or Source(**key, description="Ensembl", url=ontology._spec.url).save()
    add_source(Gene, source, df=ontology._table.data)


def _database_of(organism: str, release: str, taxa: str) -> str:
    """Return the name of Ensembl's core database of an organism in a release."""
    listed = manifest.find("Organism", name="ensembl", organism=taxa)
    if listed is None:
        raise ValueError(
            f"{taxa!r} is no group of organisms at Ensembl: use vertebrates, bacteria, fungi, metazoa or plants"
        )
    species = loading.load(SourceSpec("bionty.Organism", taxa, "ensembl", release, listed.url_of(release)))
    rows = species.positions("name").get(organism.lower(), ()) or species.positions("scientific_name").get(
        organism.capitalize(), ()
    )
    if not rows or "core_db" not in species.names:
        raise SourceUnavailable(
            f"There is no prepared gene table of {organism!r}, and the list of species of {release} "
            f"{'does not hold it' if 'core_db' in species.names else 'is not reachable'}. "
            f"Put df_{organism.lower().replace(' ', '-')}__ensembl__{release}__Gene.parquet into bt.settings.sources_mirror"
        )
    return str(species.column("core_db")[rows[0]])


def fetch(database: str, taxa: str = "vertebrates") -> pa.Table:
    """Return the genes in a core database of Ensembl.

    Args:
        database: such as `"homo_sapiens_core_114_38"`.
        taxa: group of organisms; they are on different servers.

    Raises:
        ModuleNotFoundError: if pymysql is not installed.
        SourceUnavailable: if the server is not reachable.
    """
    import pyarrow as pa

    if not re.fullmatch(r"\w+", database):
        raise ValueError(f"{database!r} is no name of a database")
    try:
        import pymysql  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "pymysql is needed to read Ensembl's database: pip install 'bionty[ensembl]'"
        ) from error
    try:
        connection = pymysql.connect(
            host=_HOST, user="anonymous", port=_PORTS.get(taxa, _OTHER_PORT), database=database, connect_timeout=5
        )
    except pymysql.MySQLError as error:
        raise SourceUnavailable(f"Ensembl's database {database} on {_HOST} can't be read: {error}") from error
    with connection, connection.cursor() as cursor:
        cursor.execute("SET SESSION group_concat_max_len = 1000000")
        cursor.execute(_QUERY)
        genes = cursor.fetchall()
        cursor.execute(_NCBI_QUERY)
        ncbi: dict[str, list[str]] = {}
        for identifier, accession in cursor.fetchall():
            ncbi.setdefault(identifier, []).append(accession)
    several = sum(len(accessions) > 1 for accessions in ncbi.values())
    if several:
        logger.warning("%d %s several identifiers of the NCBI", several, "gene has" if several == 1 else "genes have")
    others = sum(not identifier.startswith("ENS") for identifier, *_ in genes)
    if others:
        logger.warning(
            "%d %s not in the style of Ensembl, so they are kept as stable_id",
            others,
            "identifier is" if others == 1 else "identifiers are",
        )
    rows = [
        (identifier, symbol, one, biotype, _without_note(description), synonyms)
        for identifier, symbol, biotype, description, synonyms in genes
        for one in ncbi.get(identifier, [None])
    ]
    names = ("ensembl_gene_id", "symbol", "ncbi_gene_id", "biotype", "description", "synonyms")
    return pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)})


def _without_note(description: str | None) -> str | None:
    return re.sub(r"\s*\[Source:[^\]]*\]", "", description) if description else None
