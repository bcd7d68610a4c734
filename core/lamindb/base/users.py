"""The current user as a field default; the dotted path appears in users' migrations."""

from __future__ import annotations

from lamindb.base import context


def current_user_id() -> int:
    """Return the id of the current user's row in the connected instance."""
    return context.current_user_id()
