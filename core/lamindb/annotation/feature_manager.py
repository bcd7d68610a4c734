"""Feature values of one record: `artifact.features`, `run.features`, `record.features`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction

from lamindb.annotation.facts import Facts, check_columns, write_facts
from lamindb.annotation.feature_keys import KeyedFeature, resolve_keys
from lamindb.annotation.feature_reading import grouped, object_of, python_value
from lamindb.annotation.feature_removal import Removal, remove_all, remove_features
from lamindb.annotation.row_keys import row_key_of_record, take_names
from lamindb.annotation.simple_values import is_missing
from lamindb.annotation.value_problems import ValueProblems
from lamindb.annotation.value_rules import ValueRules
from lamindb.base.registries import registry
from lamindb.errors import ValidationError
from lamindb.query.names import field_name

#: Slot of an artifact's schema for the features that are not measured within the dataset.
EXTERNAL_SLOT = "__external__"


class FeatureManager:
    """Adds, replaces, reads and removes the feature values of a record.

    Args:
        host: an artifact, run or record.

    Example:
        >>> artifact.features.add_values({"temperature": 21.5, "tissue": "lung"})
        >>> artifact.features.get_values()
        {'tissue': 'lung', 'temperature': 21.5}
    """

    def __init__(self, host: Any) -> None:
        self._host = host
        self._slots: dict[str, Any] | None = None

    def __repr__(self) -> str:
        return self.describe(return_str=True) or ""

    def add_values(self, values: dict[Any, Any], feature_field: Any = None, schema: Any = None) -> None:
        """Add values; nothing is written if one of them is not valid.

        Artifacts and runs may have several values of a feature: adding another one keeps the first. What is there already stays as it is.

        Args:
            values: values by feature (a name or a `Feature`). A categorical value is a saved record, or a name, of the registry that the
                feature's dtype names, or several of them. `None`, NaN and empty lists are left out.
            feature_field: field that names are values of (default: `Feature.name`).
            schema: schema that the values are checked against.

        Raises:
            ValidationError: if a name is unknown or ambiguous, a value does not fit its dtype, or the schema is not met. The message lists
                all problems, and how to create what is missing.
            TypeError: for a key that is neither a text nor a feature.
            ValueError: if the record is not saved, or its features are fixed by an external schema.

        Example:
            >>> artifact.features.add_values({"temperature": 21.5, tissue_feature: ["lung", "skin"]})
        """
        self._check_saved()
        schema = self._schema(schema)
        if type(self._host).__name__ == "Artifact" and self._external_schema() is not None:
            raise ValueError(
                "Cannot add values if artifact has external schema. Replace all of them, so that they can be checked together: "
                ".features.set_values({...})"
            )
        if not values and schema is None:
            return
        facts = self._checked(values, feature_field, schema, "add")
        with transaction.atomic(using=self._using):
            write_facts(type(self._host), [self._host.pk], facts, self._using)
            self._rename(facts)

    def set_values(self, values: dict[Any, Any], feature_field: Any = None, schema: Any = None) -> None:
        """Replace all values (of an artifact: all but those measured within the dataset).

        Nothing is changed if a value is not valid.

        Args:
            values: as for `add_values`.
            feature_field: as for `add_values`.
            schema: as for `add_values`; for artifacts their own external schema counts.

        Raises:
            As `add_values`.

        Example:
            >>> record.features.set_values({"gc_content": 0.55, "experiment": "Experiment 1"})
        """
        self._check_saved()
        facts = self._checked(values, feature_field, self.schema_to_set(schema), "set", may_rename=True)
        self.replace_all(facts)

    def update_values(self, values: dict[Any, Any], feature_field: Any = None, schema: Any = None) -> None:
        """Replace the values of the features that are passed; others stay. `None`, `[]` and `{}` remove.

        Args:
            values: as for `add_values`.
            feature_field: as for `add_values`.
            schema: as for `set_values`; it is checked with the values that stay.

        Raises:
            As `add_values`.

        Example:
            >>> record.features.update_values({"temperature": 22.0, "comment": None})
        """
        self._check_saved()
        if not values:
            return
        schema = self.schema_to_set(schema)
        values = {key: None if value == {} else value for key, value in values.items()} if schema is None else values
        keyed, _ = self._resolve({key: value for key, value in values.items()}, feature_field, None)
        self._refuse_measured(keyed)
        changed = {entry.feature.pk for entry in keyed}
        if schema is not None:
            stays = self._present_values(exclude=changed)
            given = {**stays, **{e.feature: e.value for e in keyed}}
            facts = self._checked(given, None, schema, "update", may_rename=True)
            self.replace_all(facts)
            return
        facts = self._facts(keyed, ValueRules(), [], "update")
        with transaction.atomic(using=self._using):
            remove_features(self._host, [Removal(entry.feature) for entry in keyed], self._using, warn=False)
            write_facts(type(self._host), [self._host.pk], facts, self._using)

    def remove_values(self, feature: Any = None, *, value: Any = None) -> None:
        """Remove values.

        Args:
            feature: a name or a `Feature`, a list of them, or a dictionary from them to the value to remove (`None`: any). Default: all
                values, but those measured within the dataset of an artifact.
            value: remove this value only.

        Raises:
            ObjectDoesNotExist: if a name is unknown.
            ValueError: if a value is passed twice, a feature is measured within the dataset or is the row key of a sheet, or an external
                schema fixes the features.
            TypeError: if `value` for a categorical feature is no record.

        Example:
            >>> artifact.features.remove_values("temperature")
            >>> artifact.features.remove_values({"tissue": lung, "temperature": None})
        """
        self._check_saved()
        if type(self._host).__name__ == "Artifact" and self._external_schema() is not None:
            raise ValueError(
                "Cannot remove values if artifact has external schema. Set the ones that shall stay: .features.set_values({...})"
            )
        if isinstance(feature, dict) and value is not None:
            raise ValueError("Pass either `value=` or per-feature values via a dictionary, not both.")
        with transaction.atomic(using=self._using):
            if feature is None:
                if value is not None:
                    raise ValueError("Pass the feature that the value belongs to")
                remove_all(self._host, self._using, keep=self._measured_ids())
                return
            wanted = feature if isinstance(feature, dict) else dict.fromkeys(_listed(feature), value)
            features = self._named(list(wanted))
            measured, row_key = self._measured_ids(), row_key_of_record(self._host, self._using)
            removals = []
            for key, one in wanted.items():
                found = features[key] if isinstance(key, str) else key
                if found.pk in measured:
                    raise ValueError(
                        f"Cannot remove values for dataset features. '{found.name}' is measured within the dataset: curate the dataset again"
                    )
                if row_key is not None and found.pk == row_key.pk:
                    raise ValueError(
                        f"Cannot remove the row key '{found.name}', which is the name of the record. Rename it: "
                        f".features.update_values({{'{found.name}': ...}})"
                    )
                removals.append(Removal(found, one))
            remove_features(self._host, removals, self._using)

    def get_values(self, external_only: bool = False) -> dict[str, Any]:
        """Return the values by the names of the features: categorical ones first, each group sorted by name.

        Categories are given by what names them (their name, or the field that the dtype names); several values of a feature as a set, those of
        list features as a list in the order in which they were added.

        Args:
            external_only: leave out features that are measured within the dataset of an artifact.

        Example:
            >>> artifact.features.get_values()
            {'tissue': {'lung', 'skin'}, 'temperature': 21.5}
        """
        if self._host.pk is None or self._host._state.adding:
            return {}
        groups = grouped(self._host, self._using)
        if external_only:
            measured = self._measured_ids()
            groups = [group for group in groups if group.feature_id not in measured]
        return python_value(groups)

    def __getitem__(self, feature: str) -> Any:
        """Return what a feature holds: records for categorical features, Python values for others; `{}` if it has no value.

        Several records are a query set (a list for list features), several values a list.

        Raises:
            ValidationError: if there is no such feature.
        """
        name = feature if isinstance(feature, str) else feature.name
        query = registry("Feature").objects.using(self._using).filter(name=name, is_type=False)
        features = list(query) if isinstance(feature, str) else [feature]
        if not features:
            raise ValidationError(f"Feature with name {name} not found")
        if self._host.pk is None or self._host._state.adding:
            return {}
        return object_of(self._host, [one.pk for one in features], self._using)

    @property
    def slots(self) -> dict[str, Any]:
        """The schemas that were found in the slots of an artifact's dataset.

        Raises:
            AttributeError: for runs and records, which have no dataset.
        """
        if type(self._host).__name__ != "Artifact":
            raise AttributeError(f"{type(self._host).__name__} records have no slots, only artifacts have")
        if self._slots is None:
            links = registry("ArtifactSchema").objects.using(self._using).filter(artifact_id=self._host.pk)
            self._slots = {link.slot: link.schema for link in links.select_related("schema").order_by("id")}
        return self._slots

    def describe(self, return_str: bool = False) -> str | None:
        """Print the features and their values.

        Args:
            return_str: return the text instead of printing it.
        """
        from lamindb.display.features import add_feature_sections
        from lamindb.display.record import title_of
        from lamindb.display.tree import Node, show

        root = Node(title_of(self._host))
        if self._host.pk is not None and not self._host._state.adding:
            add_feature_sections(root, self._host, n_max_features=None, with_labels=False)
        return show(root, return_str=return_str)

    # what the public methods share --------------------------------------------------------------------------------------

    def check(self, values: dict[Any, Any], feature_field: Any = None, schema: Any = None, verb: str = "set") -> Facts:
        """Check values for a record that need not be saved yet; see `add_values`."""
        return self._checked(values, feature_field, schema, verb)

    def _checked(
        self, values: dict[Any, Any], feature_field: Any, schema: Any, verb: str, *, may_rename: bool = False
    ) -> Facts:
        rules = ValueRules()
        if schema is not None:
            host = self._host
            is_sheet = type(host).__name__ == "Record" and host.type_id is not None and host.type.schema_id == schema.pk
            rules = ValueRules.of_schema(schema, is_sheet=is_sheet)
        keyed, unknown = self._resolve(values, feature_field, rules.members)
        if rules.members is not None:
            keyed, unknown = self._within(keyed, unknown, values, rules, feature_field)
        self._refuse_measured(keyed)
        return self._facts(keyed, rules, list(unknown), verb, may_rename=may_rename)

    def _resolve(
        self, values: dict[Any, Any], feature_field: Any, members: list[Any] | None
    ) -> tuple[list[KeyedFeature], dict[str, Any]]:
        field = "name" if feature_field is None else field_name(registry("Feature"), feature_field)
        is_artifact = type(self._host).__name__ == "Artifact" and self._host.pk is not None
        return resolve_keys(
            values, self._using, field=field, artifact=self._host if is_artifact else None, members=members
        )

    def _within(
        self, keyed: list[KeyedFeature], unknown: dict[str, Any], values: dict[Any, Any], rules: ValueRules, feature_field: Any
    ) -> tuple[list[KeyedFeature], dict[str, Any]]:  # fmt: skip
        """Refuse features that the schema lacks; a flexible schema takes the registered ones among the unknown names."""
        uids = {member.uid for member in rules.members or ()}
        outside = [key.name for key in values if not isinstance(key, str) and key.uid not in uids]
        if outside:
            raise ValidationError(
                f"These feature keys are not in the provided schema: {outside}. Its name is {rules.name!r}"
            )
        if unknown and rules.is_flexible:
            model, field = registry("Feature"), "name"
            if feature_field is not None:
                field = field_name(model, feature_field)
            known = model.objects.using(self._using).filter(**{f"{field}__in": list(unknown)}, is_type=False)
            names = set(known.values_list(field, flat=True))
            more, _ = self._resolve({name: unknown[name] for name in unknown if name in names}, feature_field, None)
            keyed, unknown = [*keyed, *more], {name: value for name, value in unknown.items() if name not in names}
        return keyed, unknown

    def _facts(
        self, keyed: list[KeyedFeature], rules: ValueRules, unknown: list[str], verb: str, *, may_rename: bool = False
    ) -> Facts:
        problems, host = ValueProblems(), self._host
        present, row_key = {entry.feature.pk for entry in keyed}, rules.key
        names: list[tuple[int, str]] = []
        if row_key is not None:
            if row_key.pk in present:
                values = [entry.value for entry in keyed if entry.feature.pk == row_key.pk]
                before = [None if is_missing(values[0]) else host.name]  # a null that was passed is told
                names = take_names(row_key, values, before, problems, may_rename=may_rename)
                keyed = [entry for entry in keyed if entry.feature.pk != row_key.pk]
            if host.name is not None:
                present.add(row_key.pk)
        rules.check_presence(present, unknown, problems)
        facts = check_columns(
            type(host), [(e.feature, [e.value]) for e in keyed], self._using, problems, coerce=rules.coerce
        )
        facts.names = names
        problems.raise_if_any(f"Failed to {verb} features on {type(host).__name__} (uid={host.uid})")
        return facts

    def replace_all(self, facts: Facts) -> None:
        """Write checked values in place of all external ones."""
        with transaction.atomic(using=self._using):
            remove_all(self._host, self._using, keep=self._measured_ids())
            write_facts(type(self._host), [self._host.pk], facts, self._using)
            self._rename(facts)

    def _rename(self, facts: Facts) -> None:
        """Let the record have the name that its row key got."""
        host = self._host
        for _, name in facts.names:
            if host.name == name:
                continue
            before, host.name = host.name, name
            try:
                host.save(update_fields=["name"])
            except BaseException:
                host.name = before
                raise

    def _present_values(self, exclude: set[int]) -> dict[Any, Any]:
        """Return the present external values by feature, except those of some features."""
        measured = self._measured_ids()
        groups = [g for g in grouped(self._host, self._using) if g.feature_id not in exclude | measured]
        features = registry("Feature").objects.using(self._using).in_bulk([group.feature_id for group in groups])
        return {features[group.feature_id]: group.as_passed() for group in groups}

    def _refuse_measured(self, keyed: list[KeyedFeature]) -> None:
        measured = [entry.feature.name for entry in keyed if entry.is_measured]
        if measured:
            raise ValidationError(
                "Cannot manually annotate a feature measured *within* the dataset. Please use a Curator. "
                f"These features are measured within it: {', '.join(map(repr, measured))}"
            )

    def _measured_ids(self) -> set[int]:
        """Return the ids of the features that are measured within the dataset of an artifact."""
        if type(self._host).__name__ != "Artifact":
            return set()
        links = registry("SchemaFeature").objects.using(self._using)
        slots = registry("ArtifactSchema").objects.using(self._using).filter(artifact_id=self._host.pk)
        slots = slots.exclude(slot=EXTERNAL_SLOT)
        return set(links.filter(schema_id__in=slots.values("schema_id")).values_list("feature_id", flat=True))

    def _named(self, keys: list[Any]) -> dict[str, Any]:
        names = [key for key in keys if isinstance(key, str)]
        found: dict[str, list[Any]] = {}
        model = registry("Feature")
        if names:
            for feature in model.objects.using(self._using).filter(name__in=names, is_type=False).order_by("id"):
                found.setdefault(feature.name, []).append(feature)
        for name in names:
            if name not in found:
                raise model.DoesNotExist(f"There is no feature called {name!r}")
        crowded = [name for name, features in found.items() if len(features) > 1]
        if crowded:  # the one that has a value is meant
            present = {group.feature_id for group in grouped(self._host, self._using)}
            for name in crowded:
                found[name].sort(key=lambda feature: feature.pk not in present)
        return {name: features[0] for name, features in found.items()}

    def _schema(self, schema: Any) -> Any:
        """Return the schema that applies: that of a record's type, else the one that is passed."""
        if type(self._host).__name__ != "Record" or self._host.type_id is None:
            return schema
        sheet = self._host.type
        if sheet.schema_id is None:
            return schema
        if schema is not None:
            raise AssertionError("Cannot pass schema if record.type has schema.")
        return sheet.schema

    def schema_to_set(self, schema: Any = None) -> Any:
        """Return the schema that all values of the record have to meet."""
        if type(self._host).__name__ == "Artifact":
            return self._external_schema()
        return self._schema(schema)

    def _external_schema(self) -> Any:
        """Return the schema of the features that are not measured within the dataset: part of the artifact's schema."""
        if self._host.schema_id is None:
            return None
        if self._host.otype is None:
            return self._host.schema
        return self._host.schema.slots.get(EXTERNAL_SLOT)

    @property
    def _using(self) -> str:
        return self._host._state.db or DEFAULT_DB_ALIAS

    def _check_saved(self) -> None:
        if self._host.pk is None or self._host._state.adding:
            name = type(self._host).__name__
            raise ValueError(
                f"Please save the {name.lower()} before its features are set: .save(), or pass {name}(features={{...}})"
            )


def _listed(feature: Any) -> list[Any]:
    if isinstance(feature, str | models.Model):
        return [feature]
    if isinstance(feature, Iterable):
        return list(feature)
    raise TypeError(f"expected a feature, its name, or a list or dictionary of them, not {feature!r}")
