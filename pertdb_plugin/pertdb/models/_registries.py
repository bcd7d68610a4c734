"""The registries of perturbations. `linked_to` writes their link tables: `ArtifactCompound`, `RecordCompound`, ..."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import Any, ClassVar, get_args

from django.db import models
from django.db.models import PROTECT

from bionty.models import BioRecord, Gene, HasOntologyId, Pathway, Protein
from lamindb.base.fields import CharField, DurationField, FloatField, ForeignKey, TextField
from lamindb.base.logging import logger
from lamindb.errors import FieldValidationError
from lamindb.models import TracksRun, TracksUpdates, linked_to
from pertdb import smiles as structures
from pertdb.types import BiologicType, GeneticPerturbationSystem

#: Spellings of older examples.
_FORMER_SPELLINGS = {
    "CRISPR Cas9": "CRISPR-Cas9",
    "CRISPR Cas13": "CRISPR-Cas13",
    "transient transfection": "transient-transfection",
    "growth factor": "growth-factor",
    "co culture": "co-culture",
}


def _with_former_spelling(kwargs: dict[str, Any]) -> None:
    kind = kwargs.get("type")
    if kind in _FORMER_SPELLINGS:
        kwargs["type"] = _FORMER_SPELLINGS[kind]


def _check_duration(values: dict[str, Any]) -> None:
    duration = values.get("duration")
    if duration is not None and not isinstance(duration, timedelta):
        raise FieldValidationError(
            f"duration: {duration!r} is not a length of time: pass a datetime.timedelta, such as timedelta(hours=24)"
        )


@linked_to("Artifact", "Record", "Run")
class PerturbationTarget(BioRecord, TracksRun, TracksUpdates):
    """What a perturbation acts on: genes, proteins, pathways.

    Example:
        >>> target = pertdb.PerturbationTarget(name="EGFR").save()  # doctest: +SKIP
        >>> target.genes.add(egfr)  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "pertdb"
        db_table = "wetlab_perturbationtarget"

    _name_field: ClassVar[str] = "name"

    name: str = CharField(max_length=255, db_index=True)
    genes: Any = models.ManyToManyField(Gene, related_name="perturbation_targets")
    pathways: Any = models.ManyToManyField(Pathway, related_name="perturbation_targets")
    proteins: Any = models.ManyToManyField(Protein, related_name="perturbation_targets")


@linked_to("Artifact", "Record", "Run")
class GeneticPerturbation(BioRecord, TracksRun, TracksUpdates):
    """Genetic perturbations, such as knock-outs by CRISPR.

    Args:
        name: its name.
        type: one of `GeneticPerturbationSystem`; `system` is another name for it.
        sequence: sequence of the guide.

    Example:
        >>> pertdb.GeneticPerturbation(name="EGFR guide 1", type="CRISPRi").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "pertdb"
        db_table = "wetlab_geneticperturbation"

    _name_field: ClassVar[str] = "name"
    _hidden_params: ClassVar[tuple[str, ...]] = ("parents", "system")
    _choices: ClassVar[dict[str, tuple[str, ...]]] = {"type": get_args(GeneticPerturbationSystem)}

    name: str = CharField(max_length=255, db_index=True)
    type: GeneticPerturbationSystem | None = CharField(max_length=32, db_index=True, null=True, blank=False)
    sequence: str | None = TextField(null=True, db_index=True, blank=False)
    on_target_score: float | None = FloatField(null=True, default=None, db_index=True)
    off_target_score: float | None = FloatField(null=True, default=None, db_index=True)
    targets: Any = models.ManyToManyField(PerturbationTarget, related_name="genetic_perturbations")

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        kwargs = super()._prepare_kwargs(kwargs)
        system = kwargs.pop("system", None)
        if system is not None:
            if kwargs.get("type") not in (None, system):
                raise FieldValidationError(
                    f"system={system!r} and type={kwargs['type']!r} mean the same field: pass type only"
                )
            kwargs["type"] = system
        _with_former_spelling(kwargs)
        return kwargs


@linked_to("Artifact", "Record", "Run")
class Biologic(BioRecord, TracksRun, TracksUpdates):
    """Biologics: proteins, antibodies, growth factors and the like.

    Args:
        name: its name.
        type: one of `BiologicType`; `"protein"` if it isn't passed.

    Example:
        >>> pertdb.Biologic(name="IFNG", type="cytokine").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "pertdb"
        db_table = "wetlab_biologic"

    _name_field: ClassVar[str] = "name"
    _choices: ClassVar[dict[str, tuple[str, ...]]] = {"type": get_args(BiologicType)}

    name: str = CharField(max_length=255, db_index=True)
    type: BiologicType = CharField(max_length=32, db_index=True, blank=False)
    proteins: Any = models.ManyToManyField(Protein, related_name="biologics")
    targets: Any = models.ManyToManyField(PerturbationTarget, related_name="biologics")

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        kwargs = super()._prepare_kwargs(kwargs)
        _with_former_spelling(kwargs)
        return kwargs

    @classmethod
    def _complete(cls, kwargs: dict[str, Any]) -> None:
        super()._complete(kwargs)
        if kwargs.get("type") is None:
            kwargs["type"] = "protein"


@linked_to("Artifact", "Record", "Run")
class Compound(BioRecord, HasOntologyId, TracksRun, TracksUpdates):
    """Chemical compounds.

    Args:
        name: its name.
        ontology_id: such as a ChEMBL or ChEBI id.
        smiles: its structure; with rdkit, canonical form, InChIKey, weight and formula follow from it.

    Example:
        >>> pertdb.Compound(name="acetic acid", smiles="CC(=O)O").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, HasOntologyId.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "pertdb"
        db_table = "wetlab_compound"

    name: str = TextField(db_index=True)
    type: str | None = CharField(max_length=32, db_index=True, null=True)
    chembl_id: str | None = CharField(max_length=32, db_index=True, null=True)
    smiles: str | None = TextField(null=True, db_index=True)
    canonical_smiles: str | None = TextField(null=True, db_index=True)
    inchikey: str | None = TextField(null=True, db_index=True)
    molweight: float | None = FloatField(null=True, default=None, db_index=True)
    molformula: str | None = TextField(null=True, db_index=True)
    moa: str | None = TextField(null=True, db_index=True)
    targets: Any = models.ManyToManyField(PerturbationTarget, related_name="compounds")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kwargs and self._state.adding:
            self._derive()

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the compound; what follows from its structure is filled in before."""
        self._derive()
        return super().save(*args, **kwargs)

    @classmethod
    def standardize_smiles(cls, smiles: str) -> str:
        """Return the canonical SMILES of the largest part of a structure.

        Raises:
            ImportError: if rdkit is not installed.
            ValueError: if `smiles` can't be parsed.
        """
        return structures.standardize(smiles)

    def update_smiles(self, new_smiles: str) -> None:
        """Change the structure and what follows from it, and save the compound.

        Raises:
            ValueError: if `new_smiles` can't be parsed.
        """
        if structures.is_available():
            structures.standardize(new_smiles)  # raises before anything is changed
        self.smiles = new_smiles
        self.canonical_smiles = self.inchikey = self.molweight = self.molformula = None
        self.save()

    def _derive(self) -> None:
        if not self.__dict__.get("smiles") or self.__dict__.get("canonical_smiles"):
            return
        if not structures.is_available():
            structures.warn_that_it_is_missing()
            return
        try:
            found = structures.describe(self.smiles)  # type: ignore[arg-type]
        except ValueError as error:
            logger.warning("could not normalize SMILES for compound '%s': %s", self.name, error)
            return
        for name in ("canonical_smiles", "inchikey", "molweight", "molformula"):
            setattr(self, name, getattr(found, name))


@linked_to("Artifact", "Record", "Run")
class CompoundPerturbation(BioRecord, TracksRun, TracksUpdates):
    """Treatments with a compound: dose and duration.

    Example:
        >>> pertdb.CompoundPerturbation(name="gefitinib 1 uM", compound=drug, concentration=1.0, concentration_unit="uM").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "pertdb"
        db_table = "wetlab_compoundperturbation"

    _name_field: ClassVar[str] = "name"

    name: str = CharField(max_length=255, db_index=True)
    concentration: float | None = FloatField(null=True, default=None)
    concentration_unit: str | None = CharField(max_length=32, null=True)
    duration: timedelta | None = DurationField(null=True, default=None)
    compound: Compound | None = ForeignKey(Compound, PROTECT, null=True, default=None)

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        _check_duration(kwargs)
        return super()._prepare_kwargs(kwargs)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the perturbation."""
        _check_duration(self.__dict__)
        return super().save(*args, **kwargs)


@linked_to("Artifact", "Record", "Run")
class EnvironmentalPerturbation(BioRecord, TracksRun, TracksUpdates):
    """Changes of the environment: temperature, oxygen, light and the like.

    Args:
        name: its name.
        ontology_id: an EFO id.

    Example:
        >>> pertdb.EnvironmentalPerturbation(name="heat shock 42C", value=42.0, unit="degrees celsius").save()  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "pertdb"
        db_table = "wetlab_environmentalperturbation"

    _name_field: ClassVar[str] = "name"

    name: str = CharField(max_length=255, db_index=True)
    ontology_id: str | None = CharField(max_length=32, db_index=True, null=True)
    value: float | None = FloatField(null=True, default=None)
    unit: str | None = CharField(max_length=32, null=True)
    duration: timedelta | None = DurationField(null=True, default=None)
    targets: Any = models.ManyToManyField(PerturbationTarget, related_name="environmental_perturbations")

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        _check_duration(kwargs)
        return super()._prepare_kwargs(kwargs)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the perturbation."""
        _check_duration(self.__dict__)
        return super().save(*args, **kwargs)


@linked_to("Artifact", "Record", "Run")
class CombinationPerturbation(BioRecord, TracksRun, TracksUpdates):
    """Several perturbations at once.

    Example:
        >>> combination = pertdb.CombinationPerturbation(name="CRISPRi + drug").save()  # doctest: +SKIP
        >>> combination.genetic_perturbations.add(guide)  # doctest: +SKIP
    """

    class Meta(BioRecord.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        app_label = "pertdb"
        db_table = "wetlab_combinationperturbation"

    _name_field: ClassVar[str] = "name"

    name: str = CharField(max_length=255, db_index=True)
    genetic_perturbations: Any = models.ManyToManyField(GeneticPerturbation, related_name="combination_perturbations")
    compound_perturbations: Any = models.ManyToManyField(CompoundPerturbation, related_name="combination_perturbations")
    environmental_perturbations: Any = models.ManyToManyField(
        EnvironmentalPerturbation, related_name="combination_perturbations"
    )

    @property
    def members(self) -> list[Any]:
        """All perturbations of the combination: genetic, of compounds, environmental; none for an unsaved record."""
        if self._state.adding:
            return []
        relations = (self.genetic_perturbations, self.compound_perturbations, self.environmental_perturbations)
        return list(chain.from_iterable(relation.order_by("pk") for relation in relations))
