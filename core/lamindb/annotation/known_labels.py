"""Which records the values of columns stand for, where that is known: those of exported sheets, whose names may be ambiguous."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

#: By id of the feature and value of the column: registries and primary keys.
KnownLabels = dict[int, dict[Any, list[tuple[Any, int]]]]

_known: ContextVar[KnownLabels | None] = ContextVar("lamindb_known_labels", default=None)


@contextmanager
def knowing(labels: KnownLabels) -> Iterator[None]:
    """Let the validation of tables take these records for the values of columns, instead of looking for their names.

    Args:
        labels: registries and primary keys, by id of the feature and value of the column.

    Example:
        >>> with knowing({treatment.pk: {"treatment 1": [(ln.Record, record.pk)]}}):
        ...     curator.validate()
    """
    token = _known.set(labels)
    try:
        yield
    finally:
        _known.reset(token)


def known_labels_of(feature: Any) -> dict[Any, list[tuple[Any, int]]]:
    """Return registries and primary keys by value, for the column of a feature; nothing outside of `knowing`."""
    labels = _known.get()
    return {} if labels is None or feature is None else labels.get(feature.pk, {})
