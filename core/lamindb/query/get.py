"""Getting one record: by id, by uid or its beginning, or by field values; always one statement when it succeeds at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

from lamindb.artifacts.reading import track_run_input
from lamindb.errors import InvalidArgument
from lamindb.query.artifact_paths import condition_of_path
from lamindb.query.expressions import unknown_field_error, unknown_names
from lamindb.query.names import name_field
from lamindb.query.ready_statements import get_by_texts
from lamindb.query.repeated_rows import first_two


def get_record(
    queryset: Any,
    idlike: int | str | None,
    queries: tuple[Any, ...],
    expressions: dict[str, Any],
    *,
    ready_made: bool = False,
) -> Any:
    """Get one record of a query set.

    Args:
        queryset: a `QuerySet`.
        idlike: id, uid or the beginning of a uid; looked for on all branches.
        queries: `Q` objects or feature predicates.
        expressions: field values; `path` (artifacts) and `is_run_input` (artifacts, collections) are understood, too.
        ready_made: the query set is the whole registry in the connected instance, so that statements that are ready may answer.

    Raises:
        ObjectDoesNotExist: if nothing matches.
        MultipleObjectsReturned: if several records match.
        TypeError: if `idlike` is of another type.
        ValueError: if `idlike` is empty, or `path` or `is_run_input` make no sense for the registry.
    """
    if isinstance(idlike, Q):
        queries, idlike = (idlike, *queries), None
    if ready_made and not queries:
        found = _get_ready(queryset.model, idlike, expressions)
        if found is not None:
            return found
    track_input = "is_run_input" in expressions
    if track_input and not hasattr(queryset.model, "input_of_runs"):
        raise ValueError(f"{queryset.model.__name__} records can't be inputs of runs: call get() without is_run_input")
    is_run_input = expressions.pop("is_run_input", False)
    path = expressions.pop("path", None)
    if path is not None:
        queries = (*queries, condition_of_path(queryset, path))
    try:
        if idlike is None:
            record = _by_expressions(queryset, queries, expressions)
        else:
            record = _by_idlike(queryset, idlike, queries, expressions)
    except ObjectDoesNotExist:
        if path is None:
            raise
        raise queryset.model.DoesNotExist(
            f"No artifact lies at {path} that fits: register what is there with ln.Artifact({str(path)!r}).save()"
        ) from None
    if track_input and is_run_input is not False:
        track_run_input(record, is_run_input)
    return record


def _get_ready(registry: Any, idlike: Any, expressions: dict[str, Any]) -> Any:
    """Return the record if it is asked for by a whole uid or by texts, and is the only one."""
    if idlike is None:
        return get_by_texts(registry, expressions)
    if expressions or type(idlike) is not str or len(idlike) != registry._meta.get_field("uid").max_length:
        return None
    return get_by_texts(registry, {"uid": idlike}, latest=False)


def _by_idlike(queryset: Any, idlike: Any, queries: tuple[Any, ...], expressions: dict[str, Any]) -> Any:
    registry = queryset.model
    if queries or expressions:
        queryset = queryset.filter(*queries, **expressions)
    if isinstance(idlike, int) and not isinstance(idlike, bool):
        return _only(registry, queryset._scoped(addressed=True).filter(id=idlike), f"id={idlike}")
    if not isinstance(idlike, str):
        raise TypeError(
            f"{registry.__name__}.get() takes an id (int), a uid or its beginning (str), or keyword arguments, not {idlike!r}"
        )
    if not idlike:
        raise ValueError(
            f"{registry.__name__}.get() needs at least one character of a uid: '' would match every record"
        )
    return _by_uid(queryset, registry, idlike)


def _by_uid(queryset: Any, registry: Any, uid: str) -> Any:
    # the scope is lifted by naming a uid, so that records in the trash are found
    everywhere = queryset._scoped(addressed=True)
    matches = everywhere.filter(uid__startswith=uid)
    if getattr(registry, "_is_versioned", False) and len(uid) <= registry._stem_length():
        found = list(matches.order_by("-is_latest", "-created_at", "-pk")[:1])
    else:
        full = len(uid) >= (registry._meta.get_field("uid").max_length or 0)
        found = list((everywhere.filter(uid=uid) if full else matches)[:2])
    if not found:
        raise registry.DoesNotExist(
            f"No record found with uid '{uid}'. Did you forget a keyword as in {registry.__name__}.get({_name_of(registry)}='{uid}')?"
        )
    if len(found) > 1:
        raise registry.MultipleObjectsReturned(
            f"get() returned more than one {registry.__name__}: several uids start with '{uid}', such as {found[0].uid} and "
            f"{found[1].uid}. Pass more characters"
        )
    return found[0]


def _name_of(registry: Any) -> str:
    try:
        return name_field(registry)
    except ValueError:
        return "uid"


def _by_expressions(queryset: Any, queries: tuple[Any, ...], expressions: dict[str, Any]) -> Any:
    registry = queryset.model
    shown = ", ".join([*map(repr, queries), *(f"{key}={value!r}" for key, value in expressions.items())])
    try:
        matches = queryset.filter(*queries, **expressions)
    except InvalidArgument:
        unknown = unknown_names(registry, expressions, queryset.query.annotations)
        raise unknown_field_error(registry, unknown[0]) from None
    versioned = getattr(registry, "_is_versioned", False)
    if not versioned or any(key.split("__", 1)[0] == "is_latest" for key in expressions):
        return _only(registry, matches, shown)
    latest = first_two(matches.filter(is_latest=True))
    if len(latest) > 1:
        raise _several(registry, shown)
    if latest:
        return latest[0]
    newest = matches.order_by("-created_at", "-pk").first() if not matches.query.is_sliced else matches.first()
    if newest is None:
        raise _nothing(registry, shown)
    return newest


def _only(registry: Any, matches: Any, shown: str) -> Any:
    found = first_two(matches)
    if not found:
        raise _nothing(registry, shown)
    if len(found) > 1:
        raise _several(registry, shown)
    return found[0]


def _nothing(registry: Any, shown: str) -> ObjectDoesNotExist:
    return registry.DoesNotExist(
        f"{registry.__name__} matching query does not exist. The query was: {shown or 'no condition'}"
    )


def _several(registry: Any, shown: str) -> Exception:
    return registry.MultipleObjectsReturned(
        f"get() returned more than one {registry.__name__} for: {shown or 'no condition'}. "
        f"To see them, call {registry.__name__}.filter({shown}).to_dataframe()"
    )
