"""Whether parameters have the types that annotations, or `expected_param_types`, promise; those that don't are not recorded."""

from __future__ import annotations

import ast
import datetime
import inspect
import numbers
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from lamindb.base.dtypes import Dtype, is_dtype, parse_dtype
from lamindb.base.logging import logger
from lamindb.errors import InvalidArgument

#: So many members of a container are looked at.
_MAX_MEMBERS = 1_000
_SIMPLE_DTYPES: dict[str, Any] = {
    "int": int, "float": float, "num": float, "str": str, "url": str, "bool": bool, "dict": dict, "object": object,
    "date": datetime.date, "datetime": datetime.datetime,
}  # fmt: skip
_of_functions: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def without_mismatches(params: Mapping[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters without those of another type than expected; each of them is warned about.

    Args:
        params: names and values.
        expected: names and types: classes, registries, what `typing` offers, or dtypes such as `"cat[bionty.Organism]"`.

    Example:
        >>> without_mismatches({"rate": 1, "name": 3}, {"rate": float, "name": str})
        {'rate': 1}
    """
    kept = {}
    for name, value in params.items():
        if value is None or name not in expected or _fits(value, expected[name]):
            kept[name] = value
            continue
        logger.warning(
            "not recording param %s: %s is of type %s, expected %s",
            name, _short(name, value), type(value).__name__, _text_of(expected[name]),
        )  # fmt: skip
    return kept


def check_expected(expected: Any) -> dict[str, Any]:
    """Return the `expected_param_types` of `ln.track()`.

    Raises:
        InvalidArgument: if they are no dictionary of types.
    """
    if not isinstance(expected, Mapping):
        raise InvalidArgument(
            f"expected_param_types must be a dict of names and types, such as {{'rate': float}}, not {expected!r}"
        )
    wrong = [name for name, kind in expected.items() if isinstance(kind, str) and not is_dtype(kind)]
    if wrong:
        raise InvalidArgument(
            f"expected_param_types[{wrong[0]!r}] is {expected[wrong[0]]!r}, which is no dtype: pass a type such as float, or a dtype such as 'cat[ULabel]'"
        )
    return dict(expected)


def types_of_arguments(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the annotations of a function's arguments, postponed ones resolved; those that can't be are left out."""
    function = inspect.unwrap(function)
    try:
        known = _of_functions.get(function)
    except TypeError:  # an object that can't be referred to weakly
        return _read(function)
    if known is None:
        known = _of_functions[function] = _read(function)
    return known


def _read(function: Any) -> dict[str, Any]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    expected: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.annotation is inspect.Parameter.empty:
            continue
        kind = _resolve(parameter.annotation, function)
        if kind is Any:
            continue
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            kind = tuple[kind, ...] if not isinstance(kind, str) else tuple  # type: ignore[valid-type]
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            kind = dict[str, kind] if not isinstance(kind, str) else dict  # type: ignore[valid-type]
        expected[parameter.name] = kind
    return expected


def _resolve(annotation: Any, function: Any) -> Any:
    """Return what an annotation means, a dtype as text, and `Any` for what can't be told."""
    while isinstance(annotation, str) and annotation[:1] in "'\"":
        try:
            annotation = ast.literal_eval(annotation)  # postponed text of a text
        except (ValueError, SyntaxError):
            return Any
    if isinstance(annotation, str) and "cat" in annotation and is_dtype(annotation):
        return annotation
    holder = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        return typing.get_type_hints(holder, getattr(function, "__globals__", {}), _closure(function))["it"]
    except Exception:  # a name that is imported for type checkers only
        return annotation if isinstance(annotation, str) and is_dtype(annotation) else Any


def _closure(function: Any) -> dict[str, Any]:
    try:
        return dict(inspect.getclosurevars(function).nonlocals)
    except (TypeError, ValueError):
        return {}


def _fits(value: Any, expected: Any) -> bool:
    """Tell whether a value is of a type; what can't be checked is taken for right."""
    try:
        return _is_a(value, expected)
    except Exception:  # a type that can't be checked, or a member of the user's object that raised
        return True


def _is_a(value: Any, expected: Any) -> bool:
    if isinstance(expected, str):
        return not is_dtype(expected) or _is_of_dtype(value, parse_dtype(expected))
    if expected is None or expected is type(None):
        return value is None
    origin, arguments = typing.get_origin(expected), typing.get_args(expected)
    if origin is None:
        return _is_instance(value, expected)
    if origin in (typing.Union, types.UnionType):
        return any(_is_a(value, member) for member in arguments)
    if origin is typing.Literal:
        return any(type(value) is type(member) and value == member for member in arguments)
    if origin is typing.Annotated or origin in (typing.ClassVar, typing.Final):
        return _is_a(value, arguments[0])
    if not isinstance(origin, type):
        return True
    return isinstance(value, origin) and _members_fit(value, arguments)


def _members_fit(value: Any, arguments: tuple[Any, ...]) -> bool:
    if isinstance(value, tuple) and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return len(value) == len(arguments) and all(map(_is_a, value, arguments))
    if isinstance(value, Mapping) and len(arguments) == 2:
        pairs = list(value.items())[:_MAX_MEMBERS]
        return all(_is_a(key, arguments[0]) and _is_a(member, arguments[1]) for key, member in pairs)
    if isinstance(value, list | tuple | set | frozenset) and arguments:
        return all(_is_a(member, arguments[0]) for member in list(value)[:_MAX_MEMBERS])
    return True


def _is_instance(value: Any, expected: Any) -> bool:
    if hasattr(expected, "__supertype__"):  # typing.NewType
        return _is_a(value, expected.__supertype__)
    if not isinstance(expected, type):
        return True
    if expected is float:
        return isinstance(value, numbers.Real) and not isinstance(value, bool)
    if expected is int:
        return isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if expected is bool:
        return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")
    return isinstance(value, expected)


def _is_of_dtype(value: Any, dtype: Dtype) -> bool:
    if dtype.is_list:
        members = value[:_MAX_MEMBERS] if isinstance(value, list | tuple) else None
        return members is not None and all(_is_of_dtype(member, dtype.item) for member in members)
    if not dtype.is_categorical:
        return dtype.base not in _SIMPLE_DTYPES or _is_instance(value, _SIMPLE_DTYPES[dtype.base])
    return not dtype.members or any(_is_category(value, member) for member in _members_of(dtype))


def _is_category(value: Any, member: Any) -> bool:
    """Tell whether a value is a record that a dtype names, or names such a record."""
    if isinstance(value, member.registry):
        return member.type is None or getattr(value, "type_id", None) == member.type.pk
    if not isinstance(value, str):
        return False
    restriction = {} if member.type is None else {"type_id": member.type.pk}
    return bool(member.registry.objects.filter(**{member.field: value}, **restriction).exists())


def _members_of(dtype: Dtype) -> list[Any]:
    """Return the registries, fields and types that a dtype names."""
    from lamindb.annotation.dtypes import resolve

    return resolve(dtype)


def _text_of(expected: Any) -> str:
    return str(expected.__name__ if isinstance(expected, type) and not typing.get_args(expected) else expected)


def _short(name: str, value: Any) -> str:
    from lamindb.tracking.params import describe
    from lamindb.tracking.redaction import REDACTED, is_sensitive_name, redact_urls

    return REDACTED if is_sensitive_name(name) else redact_urls(describe(value)["repr"])
