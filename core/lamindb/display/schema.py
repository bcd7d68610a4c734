"""The parts of a description that only schemas have: their title, their features as a table, their slots."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from lamindb.base.registries import registry
from lamindb.display.dtypes import readable_dtype, type_names
from lamindb.display.members import Member, SchemaHead, read_members
from lamindb.display.tree import Node, table

_HEADER = ("name", "dtype", "optional", "nullable", "coerce", "default_value")
_WIDTHS = (60, 45, 8, 8, 6, 40)


def schema_title(schema: Any, keys: dict[str, str]) -> str:
    """Return `Schema: <type> · <name>`."""
    prefix = f"{keys['type']} · " if "type" in keys else ""
    return f"Schema: {prefix}{schema.name or 'unnamed'}"


def add_members(root: Node, schema: Any, limit: int | None) -> None:
    """Add the features of a schema, or the dtype of an open set, and a branch for each slot (three statements)."""
    using = schema._state.db or DEFAULT_DB_ALIAS
    heads = [(None, None, SchemaHead(schema.id, schema.itype, schema.n_members), schema)]
    links = registry("SchemaComponent").objects.using(using).filter(composite_id=schema.id)
    for link in links.select_related("component").order_by("id"):
        component = link.component
        heads.append(
            (
                link.slot,
                component.name or "unnamed",
                SchemaHead(component.id, component.itype, component.n_members),
                component,
            )
        )
    members = read_members({head.id: head for _, _, head, _ in heads}.values(), using, limit=limit)
    dtypes = (member.feature._dtype_str for found in members.values() for member in found if member.feature is not None)
    names = type_names(dtypes, using)
    for slot, title, head, described in heads:
        node = root if slot is None else root.add(f"{slot}: {title}", is_heading=True)
        _add_table(node, head, members[head.id], described, names)


def _add_table(
    node: Node, head: SchemaHead, members: list[Member], schema: Any, names: dict[tuple[str, str], str]
) -> None:
    if not members:
        if schema._dtype_str:
            node.add(f"dtype: {schema._dtype_str}")
        return
    optional = set(((schema._aux or {}).get("af") or {}).get("1") or ())
    rows = [_HEADER, *(_row(member, optional, schema, names) for member in members)]
    hidden = (head.n_members or len(members)) - len(members)
    if hidden > 0:
        rows.append((f"… +{hidden}", *[""] * (len(_HEADER) - 1)))
    title = "Features" if (head.itype or "Feature") == "Feature" else f"{head.itype} members"
    node.add(f"{title} ({head.n_members or len(members)})", is_heading=True).add(table(rows, _WIDTHS))


def _row(member: Member, optional: set[str], schema: Any, names: dict[tuple[str, str], str]) -> tuple[str, ...]:
    feature = member.feature
    if feature is None:
        return (member.name, schema._dtype_str or "", "", "", "", "")
    default = getattr(feature, "default_value", None)
    return (
        member.name,
        readable_dtype(feature._dtype_str, names),
        _mark(feature.uid in optional),
        _mark(getattr(feature, "nullable", True)),
        _mark(bool(getattr(feature, "coerce", False))),
        "unset" if default is None else str(default),
    )


def _mark(value: Any) -> str:
    return "✓" if value else "✗"
