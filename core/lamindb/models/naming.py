"""Arguments of constructors that name another record instead of passing it."""

from __future__ import annotations

import difflib
from typing import Any

from lamindb.errors import FieldValidationError


def resolve_type(registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Replace a text that is passed as `type` by the one visible type with this name.

    Raises:
        FieldValidationError: if no type, or more than one, has the name.
    """
    name = kwargs.get("type")
    if not isinstance(name, str):
        return kwargs
    found = list(registry.filter(name=name, is_type=True)[:2])
    if len(found) == 1:
        return {**kwargs, "type": found[0]}
    if found:
        raise FieldValidationError(
            f"Several types of {registry.__name__} are called {name!r}: pass the record, "
            f"e.g. type=ln.{registry.__name__}.get('{found[0].uid}')"
        )
    near = difflib.get_close_matches(name, registry.filter(is_type=True).values_list("name", flat=True)[:10_000], n=3)
    hint = f" Did you mean {' or '.join(repr(text) for text in near)}?" if near else ""
    raise FieldValidationError(
        f"There is no type of {registry.__name__} called {name!r}.{hint} "
        f"Create it: ln.{registry.__name__}(name={name!r}, is_type=True).save()"
    )
