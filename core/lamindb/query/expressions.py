"""Keywords of queries: names that stand for other fields, status names, records of other databases, and errors that help.

Registries declare their own names: `_query_aliases` (public name -> field path), `_deprecated_aliases` (those that warn), `_status_codes`
(status name -> code).
"""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Model, Q, TextField
from django.db.models.constants import LOOKUP_SEP
from django.db.models.query import QuerySet

from lamindb.base.logging import logger
from lamindb.query.names import name_field

_HIDDEN_PREFIXES = ("_", "links_")


@cache
def aliases(registry: Any) -> dict[str, str]:
    """Return the names that stand for other fields in queries of `registry`."""
    found = {"version": "version_tag"} if hasattr(registry, "version_tag") else {}
    if hasattr(registry, "_status_code"):
        found["status"] = "_status_code"
    for base in reversed(registry.__mro__):
        found.update(vars(base).get("_query_aliases") or {})
    return found


def rewrite_keyword(registry: Any, keyword: str) -> str:
    """Return `keyword` with every name that stands for another field replaced by that field, also behind relations.

    Example:
        >>> rewrite_keyword(ln.Artifact, "transform__version")
        'run__transform__version_tag'
    """
    return _resolve_names(registry, keyword)[0]


def _resolve_names(registry: Any, keyword: str) -> tuple[str, Any]:
    """Return the rewritten keyword, and the registry whose status it ends at (or `None`)."""
    model, done, left, status_of = registry, [], keyword.split(LOOKUP_SEP), None
    while left and model is not None:
        name = left.pop(0)
        target = aliases(model).get(name)
        if target is not None:
            if name in getattr(model, "_deprecated_aliases", ()):
                warnings.warn(
                    f"Use {target} instead of {name} in queries of {model.__name__}.", DeprecationWarning, stacklevel=6
                )
            status_of = model if name == "status" else None
            name, *more = target.split(LOOKUP_SEP)
            left = more + left
        done.append(name)
        model = _relation(model, name)
    return LOOKUP_SEP.join(done + left), status_of


def rewrite(registry: Any, expressions: dict[str, Any], using: str, annotations: Iterable[str] = ()) -> dict[str, Any]:
    """Translate the keyword arguments of a query to what Django understands.

    Args:
        registry: the registry that is queried.
        expressions: keyword arguments as the user wrote them; not changed.
        using: alias of the database that is queried.
        annotations: names of annotations of the query.

    Raises:
        FieldError: if a keyword starts with an unknown name, or a relation is compared with a text.
        ValueError: if a status is unknown.
    """
    rewritten = {}
    for key, value in expressions.items():
        _check_known(registry, key, annotations)
        _check_not_text_for_relation(registry, key, value)
        rewritten_key, status_of = _resolve_names(registry, key)
        if status_of is not None:
            value = _status_value(status_of, value)
        rewritten_key, value = _match_by_uid(registry, rewritten_key, value, using)
        rewritten[rewritten_key] = value
    return rewritten


def rewrite_q(registry: Any, query: Q, using: str, annotations: Iterable[str] = ()) -> Q:
    """Translate the keywords inside a `Q` object."""
    children: list[Any] = []
    for child in query.children:
        if isinstance(child, Q):
            children.append(rewrite_q(registry, child, using, annotations))
        elif isinstance(child, tuple):
            children.extend(rewrite(registry, dict([child]), using, annotations).items())
        else:
            children.append(child)
    made = Q()
    made.connector, made.negated, made.children = query.connector, query.negated, children
    return made


@cache
def queryable_names(registry: Any) -> frozenset[str]:
    """Return every name that a keyword may start with."""
    names = set(aliases(registry)) | {"pk"}
    for field in registry._meta.get_fields():
        if field.auto_created and not field.concrete:
            names.add(field.name if field.hidden else field.get_accessor_name())
            names.add(field.name)
        else:
            names.add(field.name)
            if getattr(field, "attname", None):
                names.add(field.attname)
    return frozenset(names)


@cache
def public_names(registry: Any) -> list[str]:
    """Return the fields and relations that people query, sorted: no private names, no link tables."""
    names = {name for name in aliases(registry) if name not in ("version",)}
    for field in registry._meta.get_fields():
        if field.auto_created and not field.concrete and field.hidden:
            continue
        name = field.get_accessor_name() if field.auto_created and not field.concrete else field.name
        names.add(name)
        if field.many_to_one and field.concrete:
            names.add(field.attname)
    return sorted(name for name in names if not name.startswith(_HIDDEN_PREFIXES) and not name.endswith("+"))


def unknown_names(registry: Any, keywords: Iterable[str], annotations: Iterable[str] = ()) -> list[str]:
    """Return the first names of `keywords` that `registry` does not know."""
    known = queryable_names(registry) | set(annotations)
    heads = [keyword.split(LOOKUP_SEP, 1)[0] for keyword in keywords]
    return [head for head in dict.fromkeys(heads) if head not in known]


def unknown_field_error(registry: Any, name: str) -> FieldError:
    """Return the error for an unknown first name: it lists what can be queried and suggests near matches."""
    names = public_names(registry)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return FieldError(f"Unknown field '{name}'. Available fields: {', '.join(names)}{'.' if hint else ''}{hint}")


def _check_known(registry: Any, keyword: str, annotations: Iterable[str]) -> None:
    unknown = unknown_names(registry, [keyword], annotations)
    if unknown:
        raise unknown_field_error(registry, unknown[0])


def _relation(registry: Any, name: str) -> Any:
    """Return the registry that the field or reverse relation `name` leads to, or `None`."""
    try:
        field = registry._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field.related_model if field.is_relation else None


def _check_not_text_for_relation(registry: Any, keyword: str, value: Any) -> None:
    if LOOKUP_SEP in keyword or not isinstance(value, str) or value.lstrip("-").isdigit():
        return
    related = _relation(registry, keyword)
    if related is None:
        return
    try:
        name = name_field(related)
        is_text = isinstance(related._meta.get_field(name), CharField | TextField)
    except (ValueError, AttributeError):
        is_text = False
    name = name if is_text else "uid"
    raise FieldError(f"Invalid lookup '{value}' for {keyword}. Did you mean {keyword}__{name}?")


def _status_value(registry: Any, value: Any) -> Any:
    codes = getattr(registry, "_status_codes", None)
    if not codes:
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_status_code(registry, codes, item) for item in value]
    return _status_code(registry, codes, value)


def _status_code(registry: Any, codes: dict[str, int], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in codes:
        near = difflib.get_close_matches(value, codes, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        expected = ", ".join(f"'{name}'" for name in sorted(codes, key=codes.__getitem__))
        raise ValueError(f"Invalid {registry.__name__} status '{value}'. Expected one of: {expected}.{hint}")
    return codes[value]


def status_name(registry: Any, code: Any) -> Any:
    """Return the name of a status code, or the code itself where the registry has no names."""
    codes = getattr(registry, "_status_codes", None) or {}
    return next((name for name, known in codes.items() if known == code), code)


def _match_by_uid(registry: Any, keyword: str, value: Any, using: str) -> tuple[str, Any]:
    """Match records of other databases by uid, because their ids mean something else here."""
    if isinstance(value, Model):
        if not _is_foreign(value, using):
            return keyword, value
        _warn_foreign([value], using)
        return f"{keyword}{LOOKUP_SEP}uid", value.uid  # type: ignore[attr-defined]
    if not keyword.endswith(f"{LOOKUP_SEP}in"):
        return keyword, value
    if isinstance(value, QuerySet):
        if value.query.is_empty() or (value._db or DEFAULT_DB_ALIAS) == using or value._fields is not None:
            return keyword, value
        value = list(value)
    if not isinstance(value, list | tuple | set | frozenset):
        return keyword, value
    foreign = [item for item in value if isinstance(item, Model) and _is_foreign(item, using)]
    if not foreign:
        return keyword, value
    _warn_foreign(foreign, using)
    return f"{keyword.removesuffix('__in')}{LOOKUP_SEP}uid__in", [item.uid for item in value]  # type: ignore[attr-defined]


def _is_foreign(record: Model, using: str) -> bool:
    home = record._state.db
    return home is not None and home != using and hasattr(record, "uid")


def _warn_foreign(records: list[Any], using: str) -> None:
    uids = ", ".join(f"'{record.uid}'" for record in records[:5]) + (", …" if len(records) > 5 else "")
    logger.warning("passing record from database %s to query %s, matching on uid %s", records[0]._state.db, using, uids)
