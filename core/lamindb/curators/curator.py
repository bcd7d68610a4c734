"""The three steps of curation, for datasets of any type: validate, fix, save and annotate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.curators.changes import is_changed, remember
from lamindb.curators.report import Problem, ValidationReport
from lamindb.errors import InvalidArgument, ValidationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lamindb.curators.component import ComponentCurator
    from lamindb.models import Artifact, Run, Schema

_MAX_SHOWN_SLOTS = 3


class Curator:
    """Base of all curators: a dataset and the schema that it is checked for.

    Attributes:
        report: the result of the last validation, `None` before the first one.
    """

    def __init__(self, dataset: Any, schema: Schema, *, require_saved_schema: bool = True) -> None:
        from lamindb.base.registries import registry

        if not isinstance(schema, registry("Schema")):
            raise InvalidArgument(f"schema argument must be a Schema record. It is {schema!r}")
        if require_saved_schema and (schema._state.adding or schema.pk is None):
            raise ValueError("Schema must be saved before curation. Please save it using '.save()'.")
        self._schema = schema
        self._artifact: Artifact | None = dataset if isinstance(dataset, registry("Artifact")) else None
        self._dataset = dataset
        self._is_validated = False
        self._annotated: str | None = None
        self._remembered: list[Any] = []
        self.report: ValidationReport | None = None

    @property
    def schema(self) -> Schema:
        """The schema."""
        return self._schema

    @property
    def dataset(self) -> Any:
        """The curated data: converted and standardised where that was asked for."""
        return self._dataset

    @property
    def data_to_store(self) -> Any:
        """What an artifact is made of: the dataset, or its path if it was not changed."""
        return self.dataset

    def attach(self, artifact: Any) -> None:
        """Let an artifact be annotated with what was found, when it is saved.

        Raises:
            ValidationError: if the schema asks for another suffix.
        """
        from lamindb.curators.saving import attach

        attach(self, artifact)

    def annotate(self, artifact: Any) -> None:
        """Link an artifact with the features and labels that were found in it; repeating it changes nothing."""
        from lamindb.curators.saving import annotate

        annotate(self, artifact)
        self._annotated = artifact.uid

    def is_annotated(self, artifact: Any) -> bool:
        """Tell whether `annotate` was called for this artifact."""
        return self._annotated == artifact.uid

    @property
    def _using(self) -> str | None:
        return self._schema._state.db

    def validate(self) -> None:
        """Validate the dataset.

        Raises:
            ValidationError: that lists all problems; `error.report` is the report.
        """
        raise NotImplementedError

    def save_artifact(
        self,
        *,
        key: str | None = None,
        description: str | None = None,
        revises: Artifact | None = None,
        run: Run | None = None,
    ) -> Artifact:
        """Validate if that was not done yet or the data changed since, store the dataset, and annotate it with its features and labels.

        Args:
            key: path-like key.
            description: what it is.
            revises: previous version.
            run: run that made it.

        Returns:
            The saved artifact.

        Raises:
            ValidationError: if the dataset is not valid; nothing is stored then.

        Example:
            >>> artifact = curator.save_artifact(key="samples.parquet")
        """
        from lamindb.curators.saving import save_artifact

        return save_artifact(self, key=key, description=description, revises=revises, run=run)

    @property
    def is_up_to_date(self) -> bool:
        """Whether the dataset was validated and did not change since."""
        tables = [component.table.data for component in self._components()]
        return (
            self._is_validated
            and len(tables) == len(self._remembered)
            and not any(map(is_changed, tables, self._remembered))
        )

    def _components(self) -> list[ComponentCurator]:
        """Return the tables, the main one first."""
        return [self]  # type: ignore[list-item]

    def _validate(
        self, components: Sequence[ComponentCurator], client: Any = None, others: Sequence[Problem] = ()
    ) -> None:
        """Check all tables, write the report, raise if there are problems."""
        from lamindb.curators.checking import check

        self._is_validated = False
        for component in components:
            if component.scan is not None:  # features may have been registered since
                component.forget_rules()
        self.report = check(components, subject=_subject(self._schema), using=self._using, client=client)
        self.report.problems += others
        for component in components:
            own = [problem for problem in self.report if problem.slot == component.slot]
            component._is_validated = not own
            self._annotated = None
            if component is not self:
                component.report = ValidationReport(self.report.subject, {component.slot: self.report.n_rows.get(component.slot, 0)}, own)  # fmt: skip
        if not self.report.is_valid:
            error = self.report.error()
            logger.debug("%s", error)
            raise error
        self._is_validated = True
        self._remembered = [remember(component.table.data) for component in components]
        logger.debug("validated with schema %s", self.report.subject)

    def __repr__(self) -> str:
        artifact = f", artifact: {self._artifact.uid}" if self._artifact is not None and self._artifact.uid else ""
        otype = f" ({self._schema.otype})" if self._schema.otype else ""
        names = list(getattr(self, "slots", {}) or {})
        slots = ""
        if names:
            shown = (
                f"{names}"
                if len(names) <= _MAX_SHOWN_SLOTS
                else f"[{', '.join(names[:_MAX_SHOWN_SLOTS])}... +{len(names) - _MAX_SHOWN_SLOTS} more]"
            )
            slots = f", slots: {shown}"
        state = "validated" if self._is_validated else "unvalidated"
        return f"{type(self).__name__}{artifact}(Schema: {_subject(self._schema)}{otype}{slots}, {state})"


class SlotsCurator(Curator):
    """Base of the curators of composite datasets: a table, with a schema of its own, for each slot.

    Plugins derive a class with `otype` and declare it, and which table a slot is, with the hook `lamindb_curators`.

    Args:
        dataset: the object, or an artifact of it.
        schema: schema with `otype` and `slots`.
        features: values for the slot `__external__`.

    Raises:
        InvalidArgument: if the dataset is of another type, or lacks a slot of the schema.

    Example:
        >>> class SpectrumCurator(ln.curators.SlotsCurator):
        ...     otype = "Spectrum"
    """

    #: Object type of the dataset; `None` takes that of the schema.
    otype: str | None = None

    def __init__(
        self,
        dataset: Any,
        schema: Schema,
        *,
        features: dict[str, Any] | None = None,
        require_saved_schema: bool = True,
        client: Any = None,
    ) -> None:
        super().__init__(dataset, schema, require_saved_schema=require_saved_schema)
        self._features = features
        self._client = client
        self._external: ComponentCurator | None = None
        self._check_otype()
        if self._artifact is not None:
            self._dataset = self._open_artifact(self._artifact)
        self._check_dataset()
        self._slots = self._make_slots()
        self._share_rules()

    @property
    def slots(self) -> dict[str, ComponentCurator]:
        """The curators of the slots, by slot; that of external features is there once these were validated."""
        return self._slots if self._external is None else {**self._slots, "__external__": self._external}

    def validate(self) -> None:
        """Validate all slots.

        Raises:
            ValidationError: that lists the problems of all slots; `error.report` is the report.
        """
        from lamindb.curators.external import external_problems

        try:
            self._validate(self._components(), client=self._client, others=external_problems(self))
        finally:  # what was converted is the dataset's, also if something else is wrong
            self._put_back()

    def standardize(self) -> None:
        """Add missing columns and fill missing values in all slots, see `ComponentCurator.standardize`."""
        for component in self._components():
            component.standardize()
        self._put_back()
        self._is_validated = False

    def _components(self) -> list[ComponentCurator]:
        return list(self._slots.values())

    def _check_otype(self) -> None:
        if self.otype is not None and self._schema.otype != self.otype:
            raise InvalidArgument(f"Schema otype must be '{self.otype}'. It is {self._schema.otype!r}")

    def _check_dataset(self) -> None:
        from lamindb.plugins import manager

        otype = self.otype or self._schema.otype
        data_format = manager.data_format_for_object(self._dataset)
        if data_format is None or data_format.otype != otype:
            raise InvalidArgument(f"dataset must be {otype}-like. It is {type(self._dataset).__qualname__}")

    def _open_artifact(self, artifact: Any) -> Any:
        memory = artifact.__dict__.get("_memory")
        if memory is not None:
            return memory
        otype = self.otype or self._schema.otype
        if artifact.otype is not None and artifact.otype != otype:
            raise InvalidArgument(
                f"Cannot load or open artifact of this type: {artifact.otype}, this curator takes {otype}"
            )
        logger.important("loading artifact into memory for validation")
        return artifact.load(is_run_input=False)

    def _spec(self) -> Any:
        from lamindb.plugins import manager

        otype = self.otype or self._schema.otype
        spec = manager.curator_for(otype)
        if spec is None:
            missing = manager.missing_for(otype=otype)
            raise missing or InvalidArgument(f"No installed plugin says which tables the slots of a {otype} are")
        return spec

    def _make_slots(self) -> dict[str, ComponentCurator]:
        return {
            slot: self._make_component(slot, component)
            for slot, component in self._schema.slots.items()
            if slot != "__external__"
        }

    def _make_component(self, slot: str, schema: Schema) -> ComponentCurator:
        from lamindb.curators.component import ComponentCurator
        from lamindb.curators.mappings import table_of_mapping

        data = self._spec().resolve("get_table")(self._dataset, slot)
        options: dict[str, Any] = {"identifier_key": self._identifier_key(slot)}
        if isinstance(data, dict):
            mapping, options = table_of_mapping(data), {"texts_are_categories": True, "identifier_key": "keys"}
            options["several_values"] = mapping.several_values
            data = mapping.frame
        component = ComponentCurator(data, schema, slot=slot, **options)
        component._artifact = self._artifact
        return component

    def _identifier_key(self, slot: str) -> str:
        return f"{slot.rpartition(':')[2].removesuffix('.T')}_index" if slot.endswith(".T") else "columns"

    def _share_rules(self) -> None:
        """Read the rules of all tables together."""
        from lamindb.curators.rules import read_rules

        components = self._components()
        rules = read_rules([(one._schema, one.table.column_names) for one in components], self._using)
        for component, found in zip(components, rules, strict=True):
            component._rules = found

    def _put_back(self) -> None:
        """Give converted and standardised tables back to the dataset."""
        changed = [(slot, component) for slot, component in self._slots.items() if component.is_changed]
        if not changed:
            return
        spec = self._spec()
        for slot, component in changed:
            if spec.set_table is not None:
                spec.resolve("set_table")(self._dataset, slot, component.table.data)
            component.is_changed = False


def _subject(schema: Any) -> str:
    return schema.name or f"uid={schema.uid}"


def not_validated_yet() -> ValidationError:
    """Return the error for asking for results before `validate()`."""
    return ValidationError("Please run validate() first!")
