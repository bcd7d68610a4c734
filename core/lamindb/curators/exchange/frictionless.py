"""Schemas as Frictionless Table Schema descriptors, and back."""

from __future__ import annotations

from typing import Any

from lamindb.curators.exchange.outline import Column, Converted, Outline, outline_of, schema_of, unsupported
from lamindb.errors import InvalidArgument

_TYPES = {
    "int": "integer", "float": "number", "num": "number", "str": "string", "path": "string", "url": "string", "bool": "boolean",
    "date": "date", "datetime": "datetime", "dict": "object", "object": "any", "cat": "string",
}  # fmt: skip
_KINDS = {
    "integer": "int", "number": "float", "string": "str", "boolean": "bool", "date": "date", "datetime": "datetime",
    "object": "dict", "any": "object", "year": "int",
}  # fmt: skip


def to_frictionless(schema: Any) -> Converted:
    """Return the Table Schema descriptor of a schema.

    Args:
        schema: a saved schema of features.

    Returns:
        The descriptor as a dictionary, and what could not be expressed.

    Example:
        >>> ln.curators.exchange.to_frictionless(schema).result["fields"][0]["type"]
        'string'
    """
    outline, lost = outline_of(schema)
    columns = [*([outline.index] if outline.index else []), *outline.columns]
    document: dict[str, Any] = {"fields": [_field(column) for column in columns]}
    everything = all(column.required for column in columns)
    # how the columns of a table match the fields, since version 2 of the standard
    document["fieldsMatch"] = {
        (True, True): "exact" if outline.ordered else "equal",
        (True, False): "subset",
        (False, True): "superset",
        (False, False): "partial",
    }[outline.closed, everything]
    if outline.ordered and not (outline.closed and everything):
        lost.append("ordered_set: the order is only kept for exactly these fields")
    if not everything:
        required = [column.name for column in columns if column.required]
        lost.append(
            f"required columns are not told apart from optional ones; required are: {', '.join(required) or 'none'}"
        )
    if outline.index is not None:
        document["primaryKey"] = [outline.index.name]
        lost.append(f"index: {outline.index.name} becomes the primary key, which has no repeated values")
    document |= {"name": outline.name} if outline.name else {}
    for column in columns:
        if column.kind in ("num", "path"):
            lost.append(f"{column.name}: {column.kind} is written as {_TYPES[column.kind]}")
        if column.coerce or outline.coerce:
            lost.append(f"{column.name}: coerce, readers of the standard convert as they like")
        if column.default is not None:
            lost.append(f"{column.name}: default value {column.default!r}")
        if column.unit:
            lost.append(f"{column.name}: unit {column.unit}")
    return Converted(document, lost)


def _field(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "type": "array" if column.is_list else _TYPES[column.kind]}
    if column.kind == "url" and not column.is_list:
        found["format"] = "uri"
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.is_list:
        found["arrayItem"] = {"type": _TYPES[column.kind]} | (
            {"constraints": {"enum": column.values}} if column.values else {}
        )
    elif column.values is not None:
        constraints["enum"] = column.values
    found |= {"constraints": constraints} if constraints else {}
    return found | ({"description": column.description} if column.description else {})


def from_frictionless(document: dict[str, Any], name: str | None = None) -> Converted:
    """Return an unsaved schema for a Table Schema descriptor; features, and labels for `enum`, are saved.

    Args:
        document: the descriptor.
        name: name of the schema (default: that of the descriptor).

    Raises:
        InvalidArgument: if it has no fields.
        ValidationError: if a feature of one of the names exists with another dtype.
    """
    if not isinstance(document, dict) or not isinstance(document.get("fields"), list):
        raise InvalidArgument("A Table Schema descriptor has a list of fields")
    lost = unsupported(
        document, {"$schema", "fields", "name", "title", "description", "fieldsMatch", "primaryKey"}, "schema"
    )
    match = document.get("fieldsMatch", "exact")
    match = match[0] if isinstance(match, list) and match else match
    required = match in ("exact", "equal", "superset")
    keys = document.get("primaryKey") or []
    keys = [keys] if isinstance(keys, str) else keys
    if len(keys) > 1:
        lost.append(f"primaryKey: an index has one column, not {', '.join(keys)}")
    columns, index = [], None
    for found in document["fields"]:
        column, problems = _column(found, required)
        lost += problems
        if len(keys) == 1 and column.name == keys[0]:
            index = column
            lost.append(f"primaryKey: {column.name} becomes the index, whose values may repeat")
        else:
            columns.append(column)
    outline = Outline(
        name or document.get("name") or document.get("title"), columns, document.get("description"),
        closed=match in ("exact", "equal", "subset"), ordered=match == "exact", index=index,
    )  # fmt: skip
    return schema_of(outline, lost)


def _column(found: dict[str, Any], required: bool) -> tuple[Column, list[str]]:
    name = found["name"]
    lost = unsupported(found, {"name", "type", "format", "constraints", "description", "title", "arrayItem"}, name)
    constraints = found.get("constraints") or {}
    lost += unsupported(constraints, {"required", "enum"}, f"{name} (constraints)")
    given = found.get("type", "string")
    is_list = given in ("array", "list")
    item = (found.get("arrayItem") or {"type": found.get("itemType", "any")}) if is_list else found
    values = ((item.get("constraints") or {}) if is_list else constraints).get("enum")
    kind = _KINDS.get(item.get("type", "string"))
    if kind is None:
        lost.append(f"{name}: type {item.get('type')!r} is taken as text")
        kind = "str"
    if kind == "str" and found.get("format") == "uri":
        kind = "url"
    elif found.get("format") not in (None, "default", "uri"):
        lost.append(f"{name}: format {found['format']!r}")
    texts = [str(value) for value in values] if values is not None else None
    if texts is not None and kind != "str":
        lost.append(f"{name}: the allowed values become texts")
    column = Column(
        name, "cat" if texts is not None else kind, is_list, not constraints.get("required", False), required, texts,
        description=found.get("description"),
    )  # fmt: skip
    return column, lost
