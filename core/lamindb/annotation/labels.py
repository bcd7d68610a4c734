"""Labels of a dataset: `artifact.labels`, `collection.labels`, and of every other registry that can be labelled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction

from lamindb.annotation.categories import CategoricalColumn, resolve_categories
from lamindb.annotation.dtypes import resolve_without_types
from lamindb.annotation.label_links import LabelLink, label_links, links_on, read_annotations
from lamindb.annotation.link_rows import insert_rows
from lamindb.annotation.value_problems import ValueProblems
from lamindb.base.dtypes import parse_dtype
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name, registry
from lamindb.errors import ValidationError
from lamindb.query.feature_dtypes import registry_names
from lamindb.query.names import name_field
from lamindb.query.record_list import SQLRecordList


class LabelManager:
    """Adds labels to a record and reads them.

    Args:
        host: the record that is labelled.

    Example:
        >>> artifact.labels.add(ln.ULabel.get(name="batch 1"))
        >>> artifact.labels.get(ln.Feature.get(name="batch")).to_list("name")
    """

    def __init__(self, host: Any) -> None:
        self._host = host

    def __repr__(self) -> str:
        return self.describe(return_str=True) or ""

    def describe(self, return_str: bool = True) -> str | None:
        """Return (or print) a table of all labels: relation, registry, up to ten names."""
        from lamindb.display.features import label_rows
        from lamindb.display.tree import Node, show, table

        rows = label_rows(read_annotations(self._host)) if self._host.pk is not None else []
        root = Node("Labels", is_heading=True)
        if rows:
            root.add(table(rows, (60, 45, 120)))
        return show(root, return_str=return_str)

    def add(self, records: Any, feature: Any = None) -> None:
        """Add labels.

        Args:
            records: a record, or any iterable of records; names, if a categorical feature tells their registry.
            feature: feature under which the labels annotate.

        Raises:
            ValueError: if the labelled record is not saved, if names come without a categorical feature, or if there
                is no such link.
            TypeError: if `feature` is no feature.
            ValidationError: if a label or the feature is not saved, or they do not fit together.

        Example:
            >>> artifact.labels.add(["T cell", "B cell"], feature=cell_type_feature)
        """
        given = [records] if isinstance(records, str | models.Model) else list(records)
        if not given:
            return
        if self._host.pk is None or self._host._state.adding:
            raise ValueError(f"Please save the {type(self._host).__name__.lower()} before adding a label!")
        labels = self._resolve(given, feature)
        for label in labels:
            if label._state.adding:
                name = getattr(label, name_field(type(label)), label)
                raise ValidationError(
                    f"{type(label).__name__} '{name}' is not validated. If it looks correct: record.save()"
                )
        if feature is not None:
            self._check_feature(feature, labels)
        by_link: dict[LabelLink, list[Any]] = {}
        for label in labels:
            by_link.setdefault(self._link_to(type(label)), []).append(label)
        with transaction.atomic(using=self._using):
            for link, of_link in by_link.items():
                self._insert(link, [(label.pk, feature.pk if feature is not None else None) for label in of_link])

    def get(self, feature: Any, mute: bool = False, flat_names: bool = False) -> Any:
        """Return the labels under a feature.

        Args:
            feature: a categorical feature.
            mute: do not log that labels come from several registries.
            flat_names: return the names as one list.

        Returns:
            A query set; for features with several registries a dict from registry name to query set; with `flat_names`
            a list of names.

        Raises:
            TypeError: if `feature` is no feature.
            ValueError: if the feature is not categorical.
        """
        _check_is_feature(feature)
        dtype = feature._dtype_str or ""
        if not dtype.startswith(("cat", "list[cat")):
            raise ValueError(
                f"feature does not have linked labels: '{feature.name}' has dtype '{dtype}', which is not categorical"
            )
        targets = registry_names(dtype)
        found: dict[str, Any] = {}
        for link in links_on(type(self._host), self._using):
            name = qualified_name(link.target)
            if not link.has_feature or name not in targets or name in found:
                continue
            rows = link.model.objects.using(self._using).filter(
                **{f"{link.host}_id": self._host.pk}, feature_id=feature.pk
            )
            found[name] = link.target.filter(pk__in=rows.values(f"{link.label}_id")).using(self._using)
        if flat_names:
            return [
                name
                for query in found.values()
                for name in query.order_by("pk").values_list(name_field(query.model), flat=True)
            ]
        if len(targets) == 1:
            return next(iter(found.values()), None)
        if not mute:
            logger.warning("labels come from multiple registries!")
        return found

    def add_from(self, data: Any, transfer_logs: Any = None) -> None:
        """Add all labels of another record, with the features under which they annotate.

        Labels and features of another database are saved here first.

        Args:
            data: artifact or collection to take the labels from.
            transfer_logs: taken for compatibility; saving logs what was transferred.
        """
        if self._host.pk is None or self._host._state.adding:
            raise ValueError(f"Please save the {type(self._host).__name__.lower()} before adding a label!")
        using = data._state.db or DEFAULT_DB_ALIAS
        pairs: dict[LabelLink, list[tuple[int, int | None]]] = {}
        for link in links_on(type(data), using):
            own = self._link_to(link.target, None)
            if own is None:
                continue
            columns = ["feature_id"] if link.has_feature else []
            rows = link.model.objects.using(using).filter(**{f"{link.host}_id": data.pk})
            found = [(row[0], row[1] if columns else None) for row in rows.values_list(f"{link.label}_id", *columns)]
            if found:
                pairs[own] = found
        with transaction.atomic(using=self._using):
            features = _here(
                "Feature", {feature for rows in pairs.values() for _, feature in rows if feature}, using, self._using
            )
            for link, rows in pairs.items():
                labels = _here(qualified_name(link.target), {label for label, _ in rows}, using, self._using)
                self._insert(link, [(labels[label], features[feature] if feature else None) for label, feature in rows])

    @property
    def _using(self) -> str:
        return self._host._state.db or DEFAULT_DB_ALIAS

    def _resolve(self, given: list[Any], feature: Any) -> list[Any]:
        """Return records for records and names."""
        names = [value for value in given if isinstance(value, str)]
        if not names:
            for value in given:
                if not isinstance(value, models.Model):
                    raise ValueError(_no_record(value))
            return given
        if feature is not None:
            _check_is_feature(feature)
        targets = registry_names(feature._dtype_str or "") if feature is not None else []
        if not targets:
            raise ValueError(_no_record(names[0]))
        found, problems = self._find(feature, names)
        if problems.missing:
            missing = problems.missing[0].values
            raise ValueError(
                f"{_no_record(missing[0])}. No {' or '.join(targets)} is called {', '.join(map(repr, missing))}\n"
                f"{'; '.join(problems.texts)}"
            )
        problems.raise_if_any(f"Failed to add labels to {type(self._host).__name__} (uid={self._host.uid})")
        return [value for value in given if not isinstance(value, str)] + found

    def _find(self, feature: Any, values: list[Any]) -> tuple[list[Any], ValueProblems]:
        """Return the records that names and records stand for, as the registries, types and filters of the feature's dtype have it."""
        dtype = parse_dtype(feature._dtype_str)
        items = [(row, value) for row, value in enumerate(values)]
        column = CategoricalColumn(feature, dtype, resolve_without_types(dtype), items)
        problems = ValueProblems()
        records: list[Any] = []
        for target, rows in resolve_categories([column], self._using, problems).items():
            by_id = target.objects.using(self._using).in_bulk([pk for _, _, pk in rows])
            records += [by_id[pk] for _, _, pk in rows]
        return records, problems

    def _check_feature(self, feature: Any, labels: list[Any]) -> None:
        _check_is_feature(feature)
        if feature._state.adding:
            raise ValidationError(
                "Feature not validated. If it looks correct: "
                f"ln.Feature(name='{feature.name}', dtype='{feature._dtype_str}').save()"
            )
        if self._is_measured_within(feature):
            raise ValidationError(
                "Cannot manually annotate a feature measured *within* the dataset. Please use a Curator. "
                f"The feature is '{feature.name}'"
            )
        dtype = feature._dtype_str or ""
        if not dtype.startswith(("cat", "list[cat")):
            raise ValidationError(
                f"Feature {feature.name} needs dtype='cat' for label annotation, currently has dtype='{dtype}'"
            )
        targets = registry_names(dtype)
        for label in labels:
            name = qualified_name(type(label))
            if targets and name not in targets:
                union = "|".join([*targets, name])
                raise ValidationError(
                    f"Label type {name} is not valid for Feature(name='{feature.name}', dtype='{dtype}'), "
                    f"consider a feature with dtype='cat[{union}]'"
                )
        if targets and any(member.types or member.filters for member in parse_dtype(dtype).members):
            _, problems = self._find(feature, labels)
            problems.raise_if_any(f"Failed to add labels to {type(self._host).__name__} (uid={self._host.uid})")

    def _is_measured_within(self, feature: Any) -> bool:
        if type(self._host).__name__ != "Artifact":
            return False
        links = registry("ArtifactSchema").objects.using(self._using).filter(artifact_id=self._host.pk)
        links = links.exclude(slot="__external__").filter(schema__links_feature__feature_id=feature.pk)
        return links.exists()

    def _link_to(self, target: Any, default: Any = ...) -> Any:
        """Return the link table to a registry of labels, preferring those that can carry a feature."""
        links = [link for link in label_links(type(self._host)) if link.target is target]
        links.sort(key=lambda link: not link.has_feature)
        if links:
            return links[0]
        if default is not ...:
            return default
        raise ValueError(
            f"Can't add labels to {type(self._host)} record! No link table connects it with {qualified_name(target)}"
        )

    def _insert(self, link: LabelLink, pairs: Iterable[tuple[int, int | None]]) -> None:
        """Insert links that are missing: one statement."""
        if not link.has_feature:
            pairs = [(label, None) for label, _ in pairs]
        elif all(feature is None for _, feature in pairs) and not link.model._meta.get_field("feature").null:
            raise ValueError(f"{link.model.__name__} needs a feature: pass feature=…")
        unique = list(dict.fromkeys(pairs))
        columns: dict[str, list[Any]] = {
            f"{link.host}_id": [self._host.pk] * len(unique),
            f"{link.label}_id": [label for label, _ in unique],
        }
        if link.has_feature:
            columns["feature_id"] = [feature for _, feature in unique]
        insert_rows(link.model, columns, self._using)


def _no_record(value: Any) -> str:
    return (
        "Please pass a record (a `SQLRecord` object), not a string, e.g., via: "
        f"label = ln.Record(name='{value}')  # or ln.ULabel, or a registry of another module"
    )


def _check_is_feature(feature: Any) -> None:
    if type(feature).__name__ != "Feature" or not isinstance(feature, models.Model):
        raise TypeError(f"feature has to be of type Feature, not {type(feature).__name__}: {feature!r}")


def _here(name: str, ids: set[int], source: str, using: str) -> dict[int, int]:
    """Return for ids of one database the ids of the same records in another; records that are missing there are saved
    first.
    """
    if source == using:
        return {key: key for key in ids}
    target = registry(name)
    there = dict(target.objects.using(source).filter(pk__in=ids).values_list("uid", "pk"))
    here = dict(target.objects.using(using).filter(uid__in=list(there)).values_list("uid", "pk"))
    missing = [key for uid, key in there.items() if uid not in here]
    if missing:
        SQLRecordList(target.objects.using(source).filter(pk__in=missing).order_by("pk")).save()
        here = dict(target.objects.using(using).filter(uid__in=list(there)).values_list("uid", "pk"))
    return {key: here[uid] for uid, key in there.items()}
