"""Schemas as JSON Schema (draft 2020-12) of one row, and back."""

from __future__ import annotations

from typing import Any

from lamindb.curators.exchange.outline import Column, Converted, Outline, outline_of, schema_of, unsupported
from lamindb.errors import InvalidArgument

_TYPES: dict[str, dict[str, Any]] = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "num": {"type": "number"},
    "str": {"type": "string"},
    "path": {"type": "string"},
    "url": {"type": "string", "format": "uri"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "dict": {"type": "object"},
    "object": {},
    "cat": {"type": "string"},
}
_KINDS = {"integer": "int", "number": "float", "boolean": "bool", "object": "dict", "string": "str"}
_FORMATS = {"date": "date", "date-time": "datetime", "uri": "url"}
_KNOWN = {"type", "format", "enum", "items", "default", "description", "title"}


def to_json_schema(schema: Any) -> Converted:
    """Return the JSON Schema of a row of the table that a schema describes.

    Args:
        schema: a saved schema of features.

    Returns:
        The JSON Schema as a dictionary, and what could not be expressed.

    Example:
        >>> ln.curators.exchange.to_json_schema(schema).result["required"]
        ['temperature']
    """
    outline, lost = outline_of(schema)
    columns = [*([outline.index] if outline.index else []), *outline.columns]
    document: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {column.name: _property(column) for column in columns},
        "required": [column.name for column in columns if column.required],
        "additionalProperties": not outline.closed,
    }
    document |= {"title": outline.name} if outline.name else {}
    document |= {"description": outline.description} if outline.description else {}
    if outline.ordered:
        lost.append("ordered_set: members of JSON objects have no order")
    if outline.index is not None:
        lost.append(f"index: {outline.index.name} is a member like the others")
    for column in columns:
        if column.kind in ("num", "path"):
            lost.append(f"{column.name}: {column.kind} is written as {_TYPES[column.kind]['type']}")
        if column.coerce or outline.coerce:
            lost.append(f"{column.name}: coerce, JSON Schema converts nothing")
        if column.unit:
            lost.append(f"{column.name}: unit {column.unit}")
    return Converted(document, lost)


def _property(column: Column) -> dict[str, Any]:
    item = dict(_TYPES[column.kind])
    if column.values is not None:
        item["enum"] = list(column.values)
    found: dict[str, Any] = {"type": "array", "items": item} if column.is_list else item
    if column.nullable and "type" in found:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    found |= {"description": column.description} if column.description else {}
    found |= {"default": column.default} if column.default is not None else {}
    return found


def from_json_schema(document: dict[str, Any], name: str | None = None) -> Converted:
    """Return an unsaved schema for a JSON Schema of objects; features, and labels for `enum`, are saved.

    Args:
        document: the JSON Schema.
        name: name of the schema (default: its title).

    Raises:
        InvalidArgument: if it doesn't describe objects with properties.
        ValidationError: if a feature of one of the names exists with another dtype.
    """
    if not isinstance(document, dict) or not isinstance(document.get("properties"), dict):
        raise InvalidArgument("Only a JSON Schema of an object with properties describes the columns of a table")
    lost = unsupported(
        document,
        {"$schema", "$id", "type", "properties", "required", "additionalProperties", "title", "description"},
        "schema",
    )
    required = set(document.get("required") or ())
    columns = []
    for key, found in document["properties"].items():
        column, problems = _column(key, found if isinstance(found, dict) else {}, key in required)
        columns.append(column)
        lost += problems
    closed = document.get("additionalProperties") is False
    return schema_of(Outline(name or document.get("title"), columns, document.get("description"), closed), lost)


def _column(name: str, found: dict[str, Any], required: bool) -> tuple[Column, list[str]]:
    lost = unsupported(found, _KNOWN, name)
    kind, nullable, problem = _kind_of(name, found)
    lost += problem
    is_list = kind == "array"
    item = found.get("items") or {} if is_list else found
    if is_list:
        lost += unsupported(item, _KNOWN, f"{name} (items)")
        kind, _, problem = _kind_of(name, item)
        lost += problem
    values = [str(value) for value in item["enum"] if value is not None] if "enum" in item else None
    if values is not None and kind != "str":
        lost.append(f"{name}: the allowed values become texts")
    kind = _FORMATS.get(item.get("format", ""), kind) if kind == "str" else kind
    column = Column(
        name, "cat" if values is not None else kind, is_list, nullable, required, values, default=found.get("default"),
        description=found.get("description"),
    )  # fmt: skip
    return column, lost


def _kind_of(name: str, found: dict[str, Any]) -> tuple[str, bool, list[str]]:
    given = found.get("type")
    kinds = list(given) if isinstance(given, list) else [given]
    nullable = "null" in kinds
    kinds = [kind for kind in kinds if kind not in ("null", None)]
    if kinds == ["array"]:
        return "array", nullable, []
    if len(kinds) == 1 and kinds[0] in _KINDS:
        return _KINDS[kinds[0]], nullable, []
    if not kinds and "enum" in found:
        return "str", None in found["enum"], []
    return "object", nullable, [f"{name}: type {given!r} is taken as any object"]
