"""Schemas as LinkML schemas with one class, and back."""

from __future__ import annotations

import re
from typing import Any

from lamindb.curators.exchange.outline import Column, Converted, Outline, outline_of, schema_of, unsupported
from lamindb.errors import InvalidArgument

_RANGES = {
    "int": "integer", "float": "float", "num": "decimal", "str": "string", "path": "string", "url": "uri", "bool": "boolean",
    "date": "date", "datetime": "datetime", "dict": "Any", "object": "Any", "cat": "string",
}  # fmt: skip
_KINDS = {
    "integer": "int", "float": "float", "double": "float", "decimal": "num", "string": "str", "uri": "url", "uriorcurie": "url",
    "boolean": "bool", "date": "date", "datetime": "datetime", "Any": "object",
}  # fmt: skip
_SLOT_KEYS = {
    "name",
    "range",
    "required",
    "multivalued",
    "description",
    "identifier",
    "unit",
    "ifabsent",
    "title",
    "rank",
}


def to_linkml(schema: Any) -> Converted:
    """Return a LinkML schema with one class for the rows of the table; write it as YAML.

    Args:
        schema: a saved schema of features.

    Returns:
        The LinkML schema as a dictionary, and what could not be expressed.

    Example:
        >>> list(ln.curators.exchange.to_linkml(schema).result["classes"])
        ['Samples']
    """
    outline, lost = outline_of(schema)
    class_name = _class_name(outline.name or "Row")
    columns = [*([outline.index] if outline.index else []), *outline.columns]
    enums: dict[str, Any] = {}
    attributes = {column.name: _attribute(column, column is outline.index, enums) for column in columns}
    one_class: dict[str, Any] = {"attributes": attributes}
    if not outline.closed:
        one_class["extra_slots"] = {"allowed": True}
    one_class |= {"description": outline.description} if outline.description else {}
    document: dict[str, Any] = {
        "id": f"https://example.org/{class_name}",
        "name": re.sub(r"\W+", "_", (outline.name or "row").lower()),
        "imports": ["linkml:types"],
        "prefixes": {"linkml": "https://w3id.org/linkml/"},
        "default_range": "string",
        "classes": {class_name: one_class},
    }
    document |= {"enums": enums} if enums else {}
    if outline.ordered:
        lost.append("ordered_set: attributes have no order")
    for column in columns:
        if column.required and column.nullable:
            lost.append(
                f"{column.name}: the column has to be there, its values may be missing; LinkML knows only required values"
            )
        if column.kind in ("path", "dict"):
            lost.append(f"{column.name}: {column.kind} is written as {_RANGES[column.kind]}")
        if column.coerce or outline.coerce:
            lost.append(f"{column.name}: coerce, LinkML converts nothing")
        if column.default is not None and not isinstance(column.default, str | int | float):
            lost.append(f"{column.name}: default value {column.default!r}")
    return Converted(document, lost)


def _class_name(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"\W+", name) if word) or "Row"


def _attribute(column: Column, is_index: bool, enums: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"range": _RANGES[column.kind]}
    if column.values is not None:
        enum = f"{_class_name(column.name)}Enum"
        while enum in enums:
            enum += "2"
        enums[enum] = {"permissible_values": {value: {} for value in column.values}}
        found["range"] = enum
    if column.required and not column.nullable:
        found["required"] = True
    if column.is_list:
        found["multivalued"] = True
    if is_index:
        found["identifier"] = True
    if column.unit:
        found["unit"] = {"ucum_code": column.unit}
    if isinstance(column.default, bool):
        found["ifabsent"] = str(column.default).lower()
    elif isinstance(column.default, int | float):
        found["ifabsent"] = f"{'int' if isinstance(column.default, int) else 'float'}({column.default})"
    elif isinstance(column.default, str):
        found["ifabsent"] = f"string({column.default})"
    return found | ({"description": column.description} if column.description else {})


def from_linkml(document: dict[str, Any], class_name: str | None = None, name: str | None = None) -> Converted:
    """Return an unsaved schema for one class of a LinkML schema; features, and labels for enumerations, are saved.

    Args:
        document: the LinkML schema, as read from YAML.
        class_name: the class; may be left out if there is one only.
        name: name of the schema (default: that of the class).

    Raises:
        InvalidArgument: if there is no such class, or several and none is named.
        ValidationError: if a feature of one of the names exists with another dtype.
    """
    classes = document.get("classes") if isinstance(document, dict) else None
    if not isinstance(classes, dict) or not classes:
        raise InvalidArgument("A LinkML schema has classes: read it from its YAML file first")
    if class_name is None and len(classes) > 1:
        raise InvalidArgument(f"Pass class_name: there are several classes: {', '.join(classes)}")
    class_name = class_name or next(iter(classes))
    if class_name not in classes:
        raise InvalidArgument(f"There is no class {class_name!r}, only {', '.join(classes)}")
    one_class = classes[class_name] or {}
    lost = unsupported(one_class, {"attributes", "slots", "extra_slots", "description", "slot_usage"}, class_name)
    shared, usage = document.get("slots") or {}, one_class.get("slot_usage") or {}
    attributes = {
        slot: {**(shared.get(slot) or {}), **(usage.get(slot) or {})} for slot in one_class.get("slots") or ()
    }
    attributes |= {key: value or {} for key, value in (one_class.get("attributes") or {}).items()}
    columns, index = [], None
    for key, found in attributes.items():
        column, problems = _column(key, found, document)
        lost += problems
        if found.get("identifier"):
            index = column
            lost.append(f"{key}: the identifier becomes the index, whose values may repeat")
        else:
            columns.append(column)
    closed = not (one_class.get("extra_slots") or {}).get("allowed", False)
    return schema_of(Outline(name or class_name, columns, one_class.get("description"), closed, index=index), lost)


def _column(name: str, found: dict[str, Any], document: dict[str, Any]) -> tuple[Column, list[str]]:
    lost = unsupported(found, _SLOT_KEYS, name)
    target = found.get("range") or document.get("default_range") or "string"
    enums = document.get("enums") or {}
    values = None
    if target in enums:
        permissible = (enums[target] or {}).get("permissible_values") or {}
        values = [str(value) for value in permissible]
        if any(permissible[value] for value in permissible if isinstance(permissible, dict)):
            lost.append(f"{name}: meanings and descriptions of the values of {target}")
    kind = "cat" if values is not None else _KINDS.get(target)
    if kind is None:
        lost.append(f"{name}: range {target} is taken as text")
        kind = "str"
    required = bool(found.get("required") or found.get("identifier"))
    column = Column(
        name, kind, bool(found.get("multivalued")), not required, required, values, default=_default(found.get("ifabsent")),
        description=found.get("description"), unit=(found.get("unit") or {}).get("ucum_code"),
    )  # fmt: skip
    return column, lost


def _default(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    match = re.fullmatch(r"(int|float|string)\((.*)\)", text, re.DOTALL)
    if match is None:
        return {"true": True, "false": False}.get(text, text)
    return {"int": int, "float": float, "string": str}[match[1]](match[2])
