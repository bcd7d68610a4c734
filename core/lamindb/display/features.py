"""The sections of a description that show feature values, members of schemas, and labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from lamindb.annotation.label_links import Annotation, read_annotations
from lamindb.annotation.row_keys import row_key_of_record
from lamindb.base.registries import qualified_name, registry
from lamindb.display.dtypes import readable_dtype, type_names
from lamindb.display.members import Member, SchemaHead, read_members
from lamindb.display.tree import Node, table

#: Widths of the columns name, dtype, values.
_WIDTHS = (60, 45, 120)
_MAX_VALUES = 10
#: Slot whose features are not measured within the dataset.
_EXTERNAL_SLOT = "__external__"


@dataclass
class FeatureValues:
    """All values of one feature on one record."""

    name: str
    dtype: str | None
    values: list[Any]


def add_feature_sections(root: Node, record: Any, *, n_max_features: int | None = 20, with_labels: bool = True) -> None:
    """Add "Dataset features", "External features" (or "Features") and "Labels" of a saved record to a tree.

    Args:
        root: tree to add to.
        record: the record.
        n_max_features: how many members of a slot are listed; `None` lists all.
        with_labels: add the labels, too.
    """
    using = record._state.db or DEFAULT_DB_ALIAS
    annotations = read_annotations(record)
    by_feature = _group(annotations)
    row_key = row_key_of_record(record, using) if getattr(record, "name", None) is not None else None
    if row_key is not None:
        by_feature[row_key.pk] = FeatureValues(row_key.name, row_key._dtype_str, [record.name])
    slots = _read_slots(record, using)
    members = read_members([head for _, head in slots], using, limit=n_max_features, and_features=tuple(by_feature))
    dtypes = [values.dtype for values in by_feature.values()]
    dtypes += [
        member.feature._dtype_str for found in members.values() for member in found if member.feature is not None
    ]
    names = type_names(dtypes, using)
    shown: set[int] = set()
    dataset = Node("Dataset features", is_heading=True)
    for slot, head in slots:
        if slot == _EXTERNAL_SLOT:
            continue
        shown |= {member.feature.id for member in members[head.id] if member.feature is not None}
        dataset.children.append(_slot_node(slot, head, members[head.id], by_feature, names))
    if dataset.children:
        root.children.append(dataset)
    rows = sorted(
        (values.name, readable_dtype(values.dtype, names), format_values(values.values))
        for feature_id, values in by_feature.items()
        if feature_id not in shown
    )
    if rows:
        root.add("External features" if dataset.children else "Features", is_heading=True).add(table(rows, _WIDTHS))
    if not with_labels:
        return
    labels = label_rows(annotation for annotation in annotations if not _is_value_only(annotation, record))
    if labels:
        root.add("Labels", is_heading=True).add(table(labels, _WIDTHS))


def _is_value_only(annotation: Annotation, record: Any) -> bool:
    """Return whether something was listed as a feature value and is no label besides: links of records, and tables of values of runs."""
    if annotation.feature_id is None:
        return False
    return type(record).__name__ == "Record" or (
        annotation.link is not None and annotation.link.relation.startswith("linked_")
    )


def label_rows(annotations: Iterable[Annotation]) -> list[tuple[str, str, str]]:
    """Return one row (`.relation`, registry, names) for each relation through which a record has labels."""
    names: dict[tuple[str, str], list[str]] = {}
    for annotation in annotations:
        if annotation.link is not None:
            key = (f".{annotation.link.relation}", qualified_name(annotation.link.target))
            names.setdefault(key, []).append(annotation.value)
    return [(relation, target, format_values(found)) for (relation, target), found in sorted(names.items())]


def format_values(values: Iterable[Any]) -> str:
    """Return values for people: distinct, sorted, ten at most.

    Example:
        >>> format_values(["b", "a", "b"])
        'a, b'
    """
    single = list(values)
    if len(single) == 1 and isinstance(single[0], list):
        texts = [_text(value) for value in single[0]]
    else:
        texts = sorted({_text(value) for value in single})
    return ", ".join(texts[:_MAX_VALUES]) + (", ..." if len(texts) > _MAX_VALUES else "")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_text(element) for element in value) + "]"
    return str(value)


def _group(annotations: list[Annotation]) -> dict[int, FeatureValues]:
    grouped: dict[int, FeatureValues] = {}
    for annotation in annotations:
        if annotation.feature_id is not None:
            values = FeatureValues(annotation.feature_name or "", annotation.dtype, [])
            grouped.setdefault(annotation.feature_id, values).values.append(annotation.value)
    return grouped


def _read_slots(record: Any, using: str) -> list[tuple[str, SchemaHead]]:
    """Return the schemas that were inferred for the slots of an artifact: one statement."""
    if type(record).__name__ != "Artifact":
        return []
    links = registry("ArtifactSchema").objects.using(using).filter(artifact_id=record.pk).order_by("id")
    rows = links.values_list("slot", "schema_id", "schema__itype", "schema__n_members")
    return [(slot or "", SchemaHead(schema_id, itype, n)) for slot, schema_id, itype, n in rows]


def _slot_node(
    slot: str,
    head: SchemaHead,
    members: list[Member],
    by_feature: dict[int, FeatureValues],
    names: dict[tuple[str, str], str],
) -> Node:
    count = "" if head.n_members is None else str(head.n_members)
    itype = "" if not head.itype or head.itype == "Feature" else head.itype
    described = f"{count} {itype}".strip()
    node = Node(f"{slot} ({described})" if described else slot, is_heading=True)
    rows = []
    for member in members:
        feature = member.feature
        found = by_feature.get(feature.id) if feature is not None else None
        dtype = readable_dtype(feature._dtype_str, names) if feature is not None else ""
        rows.append((member.name or "", dtype, format_values(found.values) if found else ""))
    rows.sort()
    hidden = (head.n_members or len(members)) - len(members)
    if hidden > 0:
        rows.append((f"… +{hidden}", "", ""))
    if rows:
        node.add(table(rows, _WIDTHS))
    return node
