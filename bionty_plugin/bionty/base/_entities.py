"""One class per entity: `CellType`, `Gene`, ..."""

from __future__ import annotations

from typing import Any, NamedTuple

from bionty.public import PublicOntology
from lamindb.base.logging import logger


def _entity(name: str, text: str) -> type[PublicOntology]:
    doc = f'{text}\n\nArgs:\n    organism: organism, or `"all"`.\n    source: short name of the source.\n    version: its version.\n'

    def __init__(
        self: Any, organism: str | None = None, source: str | None = None, version: str | None = None, **kwargs: Any
    ) -> None:
        PublicOntology.__init__(self, source=source, version=version, organism=organism, **kwargs)

    return type(
        name, (PublicOntology,), {"__doc__": doc, "__init__": __init__, "__module__": __name__, "_entity": name}
    )


CellType = _entity("CellType", "Cell types: Cell Ontology.")
CellLine = _entity("CellLine", "Cell lines: Cellosaurus, Cell Line Ontology, DepMap.")
Tissue = _entity("Tissue", "Tissues and anatomy: Uberon.")
Disease = _entity("Disease", "Diseases: Mondo, Human Disease Ontology, ICD.")
Phenotype = _entity("Phenotype", "Phenotypes and traits: PATO, Human Phenotype Ontology, phecodes.")
Pathway = _entity("Pathway", "Pathways and processes: Gene Ontology, Pathway Ontology.")
ExperimentalFactor = _entity("ExperimentalFactor", "Experimental variables: EFO.")
DevelopmentalStage = _entity("DevelopmentalStage", "Developmental stages: HsapDv, MmusDv.")
Ethnicity = _entity("Ethnicity", "Ancestries: HANCESTRO.")
Drug = _entity("Drug", "Drugs: DrOn, ChEBI.")
Protein = _entity("Protein", "Proteins: UniProt.")
CellMarker = _entity("CellMarker", "Cell markers: CellMarker.")
BFXPipeline = _entity("BFXPipeline", "Bioinformatics pipelines.")
BioSample = _entity("BioSample", "Attributes of samples at NCBI.")


class Organism(PublicOntology):
    """Organisms: species of Ensembl, NCBI taxonomy.

    Args:
        taxa: group of organisms: vertebrates, bacteria, fungi, metazoa, plants, or all.
        source: short name of the source.
        version: its version.
        organism: the same as `taxa`.
    """

    _entity = "Organism"

    def __init__(
        self,
        taxa: str | None = None,
        source: str | None = None,
        version: str | None = None,
        organism: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(source=source, version=version, organism=organism or taxa, **kwargs)


class MappingResult(NamedTuple):
    """What retired identifiers became."""

    mapped: dict[str, str]
    ambiguous: dict[str, list[str]]
    unmapped: list[str]


class Gene(PublicOntology):
    """Genes: Ensembl.

    Args:
        organism: organism.
        source: short name of the source.
        version: its version, such as `"release-114"`.
        taxa: group of organisms at Ensembl.
    """

    _entity = "Gene"

    def __init__(
        self,
        organism: str | None = None,
        source: str | None = None,
        version: str | None = None,
        taxa: str = "vertebrates",
        **kwargs: Any,
    ) -> None:
        if organism is not None and (source in (None, "ensembl")):
            from bionty.genes import load_any_organism

            self._start(*load_any_organism(organism, version, taxa), True)
            return
        super().__init__(source=source, version=version, organism=organism, **kwargs)

    @property
    def fields(self) -> set[str]:
        return {*super().fields, "taxa"}

    def register_source_in_lamindb(self) -> None:
        """Add this gene table to the connected instance as a source of genes, with its organism."""
        from bionty.genes import register

        register(self)

    def map_legacy_ids(self, values: Any) -> MappingResult:
        """Say which current gene each retired identifier became.

        Raises:
            NotImplementedError: if the table has no column `retired_ids`, which lists the identifiers that a gene replaces.
        """
        from lamindb.annotation.value_lists import read_values

        if self.source != "ensembl" or "retired_ids" not in self._table.names:
            raise NotImplementedError(
                f"The gene table of {self.organism} ({self.source}, {self.version}) tells nothing about retired identifiers: it needs a "
                "column 'retired_ids' with the identifiers that each gene replaces, joined by '|'"
            )
        became: dict[str, list[str]] = {}
        for current, retired in zip(
            self._table.column("ensembl_gene_id"), self._table.column("retired_ids"), strict=True
        ):
            for identifier in retired.split("|") if retired else ():
                became.setdefault(identifier, []).append(current)
        asked = read_values(values).unique
        found = {value: became[value] for value in asked if value in became}
        unmapped = [value for value in asked if value not in became]
        if unmapped:
            logger.warning("%d identifiers are not known as retired: %s", len(unmapped), ", ".join(unmapped[:10]))
        mapped = {value: ids[0] for value, ids in found.items() if len(ids) == 1}
        return MappingResult(mapped, {value: ids for value, ids in found.items() if len(ids) > 1}, unmapped)
