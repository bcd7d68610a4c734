"""The registries of biological entities. `linked_to` writes their link tables: `ArtifactCellType`, `RecordCellType`, ..."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import CASCADE, PROTECT

from bionty.models.bases import BioRecord, HasOntologyId, HasSource
from bionty.models.source import Source
from lamindb.base.fields import BigIntegerField, CharField, ForeignKey, TextField
from lamindb.models import BaseSQLRecord, IsLink, Schema, TracksRun, TracksUpdates, linked_to

__all__ = ["BioRecord", "HasOntologyId", "HasSource", "Source"]


@linked_to("Artifact", "Record", "Run")
class Organism(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Organisms.

    Example:
        >>> bt.Organism.from_source(name="human").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False

    scientific_name: str | None = CharField(max_length=255, unique=True, db_index=True, null=True)


@linked_to("Artifact", "Record", "Schema", "Run")
class Gene(BioRecord, TracksRun, TracksUpdates):
    """Genes.

    Example:
        >>> bt.Gene.from_source(symbol="BRCA2", organism="human").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _name_field: ClassVar[str] = "symbol"
    _ontology_id_field: ClassVar[str] = "ensembl_gene_id"
    _id_fields: ClassVar[tuple[str, ...]] = ("ensembl_gene_id", "stable_id")
    _inherits_space: ClassVar[bool] = False

    symbol: str | None = CharField(max_length=64, db_index=True, null=True)
    stable_id: str | None = CharField(max_length=255, unique=True, db_index=True, null=True)
    ensembl_gene_id: str | None = CharField(max_length=64, unique=True, db_index=True, null=True)
    ncbi_gene_ids: str | None = TextField(db_index=True, null=True)
    biotype: str | None = CharField(max_length=64, db_index=True, null=True)
    organism: Organism = ForeignKey(Organism, PROTECT, related_name="genes")


@linked_to("Artifact", "Record", "Schema", "Run")
class Protein(BioRecord, TracksRun, TracksUpdates):
    """Proteins.

    Example:
        >>> bt.Protein.from_source(uniprotkb_id="P12345", organism="human").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _name_field: ClassVar[str] = "name"
    _ontology_id_field: ClassVar[str] = "uniprotkb_id"
    _inherits_space: ClassVar[bool] = False

    name: str | None = CharField(max_length=255, db_index=True, null=True)
    uniprotkb_id: str | None = CharField(max_length=10, unique=True, db_index=True, null=True)
    length: int | None = BigIntegerField(db_index=True, null=True)
    gene_symbol: str | None = CharField(max_length=255, db_index=True, null=True)
    ensembl_gene_ids: str | None = TextField(null=True)
    organism: Organism = ForeignKey(Organism, PROTECT, related_name="proteins")


@linked_to("Artifact", "Record", "Run")
class CellMarker(BioRecord, TracksRun, TracksUpdates):
    """Cell markers: what cells are told apart by.

    Example:
        >>> bt.CellMarker(name="CD4", organism=human).save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"
        unique_together = (("name", "organism"),)

    _name_field: ClassVar[str] = "name"
    _id_fields: ClassVar[tuple[str, ...]] = ()
    _inherits_space: ClassVar[bool] = False

    name: str = CharField(max_length=64, db_index=True)
    gene_symbol: str | None = CharField(max_length=64, db_index=True, null=True)
    ncbi_gene_id: str | None = CharField(max_length=32, db_index=True, null=True)
    uniprotkb_id: str | None = CharField(max_length=10, db_index=True, null=True)
    organism: Organism = ForeignKey(Organism, PROTECT, related_name="cell_markers")
    schemas: Any = models.ManyToManyField(Schema, through="SchemaCellMarker", related_name="cell_markers")


class SchemaCellMarker(BaseSQLRecord, IsLink):
    """Cell markers as members of schemas; written out because its name on schemas is `links_cellmarker`."""

    class Meta:
        app_label = "bionty"
        unique_together = (("schema", "cellmarker"),)

    id: int = models.BigAutoField(primary_key=True)
    schema: Schema = ForeignKey(Schema, CASCADE, related_name="links_cellmarker")
    cellmarker: CellMarker = ForeignKey(CellMarker, PROTECT, related_name="links_schema")


@linked_to("Artifact", "Record", "Run")
class Tissue(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Tissues, organs and other parts of bodies.

    Example:
        >>> bt.Tissue.from_source(name="lung").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False


@linked_to("Artifact", "Record", "Run")
class CellType(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Cell types.

    Example:
        >>> bt.CellType.from_source(name="T cell").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False


@linked_to("Artifact", "Record", "Run")
class Disease(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Diseases.

    Example:
        >>> bt.Disease.from_source(name="Alzheimer disease").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False


@linked_to("Artifact", "Record", "Run")
class CellLine(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Cell lines.

    Example:
        >>> bt.CellLine.from_source(name="HEK293").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False


@linked_to("Artifact", "Record", "Run")
class Phenotype(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Phenotypes and qualities.

    Example:
        >>> bt.Phenotype.from_source(name="normal").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False


@linked_to("Artifact", "Record", "Run")
class ExperimentalFactor(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Assays, treatments and other experimental variables.

    Example:
        >>> bt.ExperimentalFactor.from_source(name="single-cell RNA sequencing").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False


@linked_to("Artifact", "Record", "Run")
class DevelopmentalStage(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Stages of development.

    Example:
        >>> bt.DevelopmentalStage.from_source(name="adult stage").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False


@linked_to("Artifact", "Record", "Run")
class Ethnicity(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Ancestries and ethnicities.

    Example:
        >>> bt.Ethnicity.from_source(name="European ancestry").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False


@linked_to("Artifact", "Record", "Schema", "Run")
class Pathway(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Pathways and biological processes.

    Example:
        >>> bt.Pathway.from_source(name="apoptotic process").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "bionty"

    _inherits_space: ClassVar[bool] = False

    genes: Any = models.ManyToManyField(Gene, related_name="pathways")
