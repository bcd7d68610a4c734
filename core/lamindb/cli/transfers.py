"""The options of `lamin save` and `lamin load` that say how bytes travel to and from remote storage."""

from __future__ import annotations

import json
from typing import Any

import click


def transfer_options(function: Any) -> Any:
    """Add `--batch-size` and `--store-kwargs` to a command."""
    batch_size = click.option(
        "--batch-size", type=click.IntRange(min=1), default=None, help="How many files of a folder travel at a time."
    )
    store_kwargs = click.option(
        "--store-kwargs",
        default=None,
        help="Options for the file system of remote storage as JSON: '{\"max_concurrency\": 8}'.",
    )
    return batch_size(store_kwargs(function))


def store_kwargs_of(batch_size: int | None, store_kwargs: str | None) -> dict[str, Any]:
    """Return what the two options say as one dictionary.

    Raises:
        UsageError: if the text is no JSON object.
    """
    given: Any = {}
    if store_kwargs is not None:
        try:
            given = json.loads(store_kwargs)
        except ValueError as error:
            raise click.UsageError(f"--store-kwargs takes JSON, and {store_kwargs!r} is none: {error}") from None
        if not isinstance(given, dict):
            raise click.UsageError(
                f"--store-kwargs takes a JSON object such as '{{\"max_concurrency\": 8}}', not {store_kwargs}"
            )
    return {**given, **({} if batch_size is None else {"batch_size": batch_size})}
