"""From Python types and registries to the dtype texts that features store."""

from __future__ import annotations

import datetime
import difflib
import typing
from typing import Any, Final

from django.db.models import Model
from django.db.models.query_utils import DeferredAttribute

from lamindb.base.registries import qualified_name
from lamindb.errors import InvalidArgument, ValidationError

SIMPLE_DTYPES: Final = ("int", "float", "num", "str", "bool", "date", "datetime", "dict", "path", "url", "object")
_CLASSES: Final = {
    int: "int",
    float: "float",
    str: "str",
    bool: "bool",
    dict: "dict",
    object: "object",
    datetime.date: "date",
    datetime.datetime: "datetime",
}


def dtype_text(dtype: Any, cat_filters: dict[str, Any] | None = None) -> str:
    """Return the text that is stored for a dtype.

    Args:
        dtype: a Python type, `list[...]`, a registry or a field of one, a saved record that is a type, a list of registries
            (a union), or the text itself.
        cat_filters: fields and values that restrict the categories.

    Raises:
        ValidationError: for an unknown text.
        ValueError: for any other object.
        InvalidArgument: for a record that is unsaved or no type, or filters without a category.

    Example:
        >>> dtype_text(list[str]), dtype_text(ln.ULabel)
        ('list[str]', 'cat[ULabel]')
    """
    text = dtype if isinstance(dtype, str) else _text_of(dtype)
    if isinstance(dtype, str):
        _check_text(dtype)
    if not cat_filters:
        return text
    if not text.startswith("cat[") or "|" in text or text.endswith("]]"):
        raise InvalidArgument(f"cat_filters restrict the records of one registry, but the dtype is {text}")
    filters = ",".join(f"{key}='{_filter_value(value)}'" for key, value in cat_filters.items())
    return f"{text[:-1]}[{filters}]]"


def registry_text(registry_or_field: Any) -> str:
    """Return the name of a registry or of one of its fields, such as `ULabel` or `bionty.Gene.symbol`."""
    if isinstance(registry_or_field, type) and issubclass(registry_or_field, Model):
        return qualified_name(registry_or_field)
    if isinstance(registry_or_field, DeferredAttribute):
        field = registry_or_field.field
        name = qualified_name(field.model)
        return name if field.name == "name" else f"{name}.{field.name}"
    raise TypeError(f"expected a registry or a field of one, such as ln.ULabel or ln.ULabel.name, not {registry_or_field!r}")


def _text_of(dtype: Any) -> str:
    if typing.get_origin(dtype) is list:
        return f"list[{dtype_text(typing.get_args(dtype)[0])}]"
    if isinstance(dtype, type) and dtype in _CLASSES:
        return _CLASSES[dtype]
    if isinstance(dtype, Model):
        return f"cat[{_type_record_text(dtype)}]"
    members = dtype if isinstance(dtype, list) and dtype else [dtype]
    try:
        return f"cat[{'|'.join(_type_record_text(m) if isinstance(m, Model) else registry_text(m) for m in members)}]"
    except TypeError:
        raise ValueError(
            "dtype has to be a Python type, a registry, a ulabel or record type, a registry field, or a list of registries or fields, "
            f"not {dtype!r}"
        ) from None


def _type_record_text(record: Any) -> str:
    name = type(record).__name__
    if record._state.adding:
        raise InvalidArgument(f"Cannot serialize unsaved objects: save the {name} {record.name!r} first, then use it as dtype")
    if not getattr(record, "is_type", False):
        raise InvalidArgument(
            f"Cannot serialize non-type {name} '{getattr(record, 'name', record)}'. Only types (is_type=True) are allowed in dtypes."
        )
    return f"{qualified_name(type(record))}[{record.uid}]"


def _filter_value(value: Any) -> Any:
    return value.uid if isinstance(value, Model) else value


def _check_text(text: str) -> None:
    inner = text
    while inner.startswith("list[") and inner.endswith("]"):
        inner = inner[len("list[") : -1]
    if inner in SIMPLE_DTYPES or inner == "cat" or (inner.startswith("cat[") and inner.endswith("]")):
        return
    near = difflib.get_close_matches(inner, SIMPLE_DTYPES, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValidationError(
        f"{text!r} is an invalid dtype.{hint} Pass one of {', '.join(SIMPLE_DTYPES)}, 'cat[<Registry>]' (e.g. cat[ULabel] or "
        "cat[bionty.CellType]), or 'list[<dtype>]'"
    )
