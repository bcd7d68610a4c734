"""Bases of registries whose records come from public vocabularies: `BioRecord`, `HasOntologyId` and `HasSource`.

They say what records are; where terms come from is written in `bionty.vocabulary`, importing in `bionty.importing`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import PROTECT

from bionty import uids
from bionty.errors import OrganismNotSet
from lamindb.base.fields import CharField, ForeignKey, TextField
from lamindb.base.utils import strict_classmethod
from lamindb.models import CanCurate, HasParents, SQLRecord


class HasSource(models.Model):
    """Adds `source`: the version of the vocabulary that a record comes from."""

    class Meta:
        abstract = True

    source: Any = ForeignKey("bionty.Source", PROTECT, null=True, default=None, related_name="+")


class BioRecord(SQLRecord, HasSource, CanCurate):
    """Base of registries that public vocabularies stand behind.

    Example:
        >>> bt.CellType.from_source(name="T cell").save()  # doctest: +SKIP
    """

    class Meta(SQLRecord.Meta):
        abstract = True

    #: Field with the identifier that a vocabulary gives; uids are made from it.
    _ontology_id_field: ClassVar[str] = "ontology_id"
    #: Identifier fields in the order in which uids are made from them; default: `_ontology_id_field`.
    _id_fields: ClassVar[tuple[str, ...] | None] = None
    _has_public_sources: ClassVar[bool] = True
    _hidden_params: ClassVar[tuple[str, ...]] = ("parents",)

    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(max_length=14, unique=True, db_index=True, default=uids.ontology, editable=False)
    abbr: str | None = CharField(max_length=32, unique=True, db_index=True, null=True)
    synonyms: str | None = TextField(null=True)
    description: str | None = TextField(null=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if args and len(args) != len(self._meta.concrete_fields):
            hit = _hit_of(args)
            if hit is not None:
                from bionty.creating import arguments_of_hit

                kwargs = arguments_of_hit(type(self), hit, kwargs)
                args = ()
        super().__init__(*args, **kwargs)

    # construction and saving ------------------------------------------------------------------------------------------

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        kwargs = dict(kwargs)
        if "parents" in kwargs and not _has_field(cls, "parents"):
            del kwargs["parents"]
        parents = kwargs.pop("parents", None)
        wanted = _check_parents(parents)
        if wanted:
            kwargs["_attributes"] = {**kwargs.get("_attributes", {}), "_source_parents": wanted}
        if _has_field(cls, "organism"):
            _complete_organism(cls, kwargs)
        return kwargs

    @classmethod
    def _complete(cls, kwargs: dict[str, Any]) -> None:
        if kwargs.get("uid") is None:
            kwargs["uid"] = cls._uid_of(kwargs)

    @classmethod
    def _uid_of(cls, kwargs: dict[str, Any]) -> str:
        """Return the uid that these field values encode to."""
        for name in cls._identifiers():
            if kwargs.get(name):
                return uids.ontology(kwargs[name])
        name_field = cls._name_field or "name"
        name = kwargs.get(name_field)
        if not name:
            listed = [*cls._identifiers(), name_field]
            raise AssertionError(
                f"must provide {', '.join(listed[:-1])} or {listed[-1]}"
                if len(listed) > 1
                else f"must provide {listed[0]}"
            )
        return uids.ontology(name + (_organism_name(kwargs) if cls.require_organism() else ""))

    @classmethod
    def _identifiers(cls) -> tuple[str, ...]:
        """Names of the fields with identifiers of a vocabulary, those that uids are made from first."""
        names = cls._id_fields if cls._id_fields is not None else (cls._ontology_id_field,)
        return tuple(name for name in names if _has_field(cls, name))

    @classmethod
    def _find_existing(cls, explicit: dict[str, Any]) -> Any:
        """Return the visible record of the same name, unless its identifier or organism says that it is another one."""
        name_field = cls._name_field or "name"
        name = explicit.get(name_field)
        if not isinstance(name, str):
            return super()._find_existing(explicit)
        organism_id = _key(explicit, "organism")
        candidates: Any = cls.filter(**{name_field: name}).order_by("pk")  # type: ignore[operator]
        if organism_id is not None:
            candidates = candidates.filter(organism_id=organism_id)
        given = {field: explicit[field] for field in cls._identifiers() if explicit.get(field)}
        found = list(candidates[:50])
        for record in found:
            if all(getattr(record, field) == value for field, value in given.items()):
                return record
        without_id = [r for r in found if all(getattr(r, field) is None for field in cls._identifiers())]
        if given and without_id:
            return without_id[0]  # the record was made before its identifier was known
        if found:
            return None
        existing = super()._find_existing(explicit)  # only warns of similar names here
        return existing if organism_id is None else None

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save the record; one that was made from a vocabulary is saved with all its ancestors and the links between them."""
        if not self._state.adding or not self.__dict__.get("_source_parents"):
            return super().save(*args, **kwargs)
        from bionty.ancestors import add_ancestors

        with transaction.atomic():
            super().save(*args, **kwargs)
            add_ancestors(type(self), [self])
        return self

    @classmethod
    def _after_bulk_save(cls, records: list[Any]) -> None:
        if _has_field(cls, "parents"):
            from bionty.ancestors import add_ancestors

            add_ancestors(cls, records)

    @classmethod
    def _after_transfer(cls, pks: list[int]) -> None:
        """Give terms that came from another instance their place in the hierarchy."""
        if _has_field(cls, "parents"):
            from bionty.ancestors import add_ancestors_at_hand

            id_field = f"{cls._ontology_id_field}__isnull"
            add_ancestors_at_hand(cls, list(cls.filter(**{id_field: False}, pk__in=pks, parents__isnull=True)))  # type: ignore[operator]

    @property
    def replaced_by(self) -> str | None:
        """Identifier of the term that replaces this one, if it became obsolete after it was saved."""
        return ((self._aux or {}).get("obsolete") or {}).get("replaced_by")

    @property
    def is_obsolete(self) -> bool:
        """Whether a later release of the vocabulary declared the term obsolete."""
        return bool((self._aux or {}).get("obsolete"))

    # organisms --------------------------------------------------------------------------------------------------------

    @classmethod
    def require_organism(cls, field: Any = None) -> bool:
        """Tell whether records need an organism.

        Args:
            field: with a field that identifies records whatever their organism, the answer is `False`.

        Example:
            >>> bt.Gene.require_organism(), bt.Gene.require_organism(bt.Gene.ensembl_gene_id)  # doctest: +SKIP
            (True, False)
        """
        if not _has_field(cls, "organism") or cls._meta.get_field("organism").null:
            return False
        if field is None:
            return True
        name = field if isinstance(field, str) else field.field.name
        column = cls._meta.get_field(name)
        return column.is_relation or not column.unique

    @classmethod
    def _complete_scope(
        cls, field: str, values: Any, organism: Any, source: Any, *, create: bool = False
    ) -> tuple[Any, Any]:
        from bionty.organisms import scope_of

        return scope_of(cls, field, organism, source, create=create)

    @classmethod
    def _learn_scope(cls, records: list[Any], organism: Any, source: Any) -> tuple[Any, Any]:
        if organism is None and records and _has_field(cls, "organism"):
            organism = records[0].organism
        return organism, source

    # public vocabularies ----------------------------------------------------------------------------------------------

    @strict_classmethod
    def public(cls, organism: Any = None, source: Any = None) -> Any:
        """Return the public vocabulary behind the registry, without touching the registry.

        Args:
            organism: name or record; for registries of organisms' entities by default `bt.settings.organism`.
            source: the `bt.Source` to read; default: the one that is currently used.

        Raises:
            ValueError: if no source fits.
            OrganismNotSet: if an organism is needed.

        Example:
            >>> bt.CellType.public().search("gamma delta T cell")  # doctest: +SKIP
        """
        from bionty.public import public_of

        return public_of(cls, organism, source)

    @strict_classmethod
    def from_source(cls, string: str | None = None, *, mute: bool = False, **kwargs: Any) -> Any:
        """Return the record of one term: the one in the registry, else an unsaved one from the public source.

        Args:
            string: a name or synonym.
            mute: do not log.
            **kwargs: exactly one field, such as `ontology_id="CL:0000084"`, and optionally `organism` and `source`.

        Returns:
            A record; a list of records if the value is ambiguous.

        Raises:
            InvalidArgument: with no field or several.
            DoesNotExist: if nothing matches.
            SourceUnavailable: if the vocabulary can't be read.

        Example:
            >>> bt.CellType.from_source(ontology_id="CL:0000084").save()  # doctest: +SKIP
        """
        from bionty.creating import from_source

        return from_source(cls, string, mute=mute, **kwargs)

    @strict_classmethod
    def import_source(
        cls, source: Any = None, update_records: bool = False, *, organism: Any = None, ignore_conflicts: bool = True
    ) -> None:
        """Import all terms of a source into the registry, in one transaction; what is there already stays.

        Args:
            source: a `bt.Source`; default: the one that is currently used.
            update_records: bring records of other versions of this source up to date, too, and make it the current one.
            organism: chooses the source.
            ignore_conflicts: leave out records that exist already; else they are an error, and nothing is imported.

        Raises:
            TypeError: if `source` is no `bt.Source`.
            ValueError: if the source has no terms, or belongs to another registry.
            SourceUnavailable: if the vocabulary can't be read.
            django.db.IntegrityError: without `ignore_conflicts`, if some terms are there already.

        Example:
            >>> bt.CellType.import_source()  # doctest: +SKIP
        """
        from bionty.importing import import_source

        import_source(cls, source, update_records, organism=organism, ignore_conflicts=ignore_conflicts)

    @strict_classmethod
    def add_source(
        cls, source: Any, *, df: Any = None, version: str | None = None, organism: Any = None, url: str | None = None
    ) -> Any:
        """Add a vocabulary, or another version of one, and keep its table as an artifact.

        Args:
            source: a `bt.Source`, a `PublicOntology`, the name of a source, or the path or URL of an ontology file or table.
            df: its table; default: what is published.
            version: its version.
            organism: its organism; needed for genes, proteins and cell markers.
            url: path or URL of the file, if `source` is a name.

        Returns:
            The `bt.Source`. It does not become the current one.

        Raises:
            ValueError: if several sources fit, or an organism is needed.

        Example:
            >>> bt.CellType.add_source("cl", version="2025-04-10")  # doctest: +SKIP
        """
        from bionty.adding import add_source

        return add_source(cls, source, df=df, version=version, organism=organism, url=url)


class HasOntologyId(HasParents, models.Model):
    """Adds `name`, `ontology_id` and `parents`: terms of an ontology."""

    class Meta:
        abstract = True
        unique_together = (("name", "ontology_id"),)

    _name_field: ClassVar[str] = "name"
    _ontology_id_field: ClassVar[str] = "ontology_id"

    name: str = CharField(max_length=255, db_index=True)
    ontology_id: str | None = CharField(max_length=255, db_index=True, null=True, default=None)
    parents: Any = models.ManyToManyField("self", symmetrical=False, related_name="children")


def _has_field(registry: Any, name: str) -> bool:
    return any(field.name == name for field in (*registry._meta.concrete_fields, *registry._meta.many_to_many))


def _hit_of(args: tuple[Any, ...]) -> Any:
    """Return the hit of a look-up in a vocabulary (a named tuple, or the first of a list of them), or `None`."""
    if len(args) != 1:
        return None
    [hit] = args
    if isinstance(hit, list) and hit and all(hasattr(one, "_asdict") for one in hit):
        if len(hit) > 1:
            from lamindb.base.logging import logger

            logger.warning("%d terms were passed, the first one is used: %s", len(hit), hit[0])
        return hit[0]
    return hit if hasattr(hit, "_asdict") else None


def _check_parents(parents: Any) -> list[str]:
    if parents is None:
        return []
    listed = parents.tolist() if hasattr(parents, "tolist") else list(parents) if not isinstance(parents, str) else None
    if listed is None or not all(isinstance(parent, str) for parent in listed):
        raise ValueError(
            "Invalid parents kwarg passed. Provide a list of ontology ids. "
            f"{parents!r} is none; link records after saving: record.parents.add(other)"
        )
    return listed


def _complete_organism(registry: Any, kwargs: dict[str, Any]) -> None:
    from bionty.organisms import current_organism

    organism = kwargs.get("organism")
    if organism is None and kwargs.get("organism_id") is None and registry.require_organism():
        kwargs.pop("organism", None)
        kwargs.pop("organism_id", None)
        organism = current_organism()
        if organism is None:
            raise OrganismNotSet(
                f"`organism` is required to create new {registry.__name__} records! "
                "Pass organism=<bt.Organism record>, or set it for the session: bt.settings.organism = 'human'"
            )
        kwargs["organism"] = organism
    elif organism is not None and not isinstance(organism, models.Model):
        raise TypeError(
            f"organism must be a `bionty.Organism` record. {organism!r} is none: "
            f"pass bt.Organism.from_source(name={organism!r}).save()"
        )


def _organism_name(kwargs: dict[str, Any]) -> str:
    organism = kwargs.get("organism")
    if organism is not None:
        return str(organism.name)
    from bionty.models import Organism

    return str(Organism.objects.values_list("name", flat=True).get(pk=kwargs["organism_id"]))


def _key(kwargs: dict[str, Any], name: str) -> Any:
    value = kwargs.get(name)
    return value.pk if value is not None else kwargs.get(f"{name}_id")
