"""Records which artifacts and collections a run has read: any number of them with two statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lamindb.artifacts.link_rows import insert_links
from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.settings import creation_settings, tracking_settings


def inputs_among(records: Sequence[Any], run: Any) -> set[int]:
    """Return the ids of those records of one registry that a run has read; it can't have made them too."""
    through = type(records[0]).input_of_runs.through
    name = type(records[0])._meta.model_name
    ids = {record.pk for record in records}
    links = through.objects.filter(run=run)
    if len(ids) == 1:
        links = links.filter(**{f"{name}_id": next(iter(ids))})
    return ids & set(links.values_list(f"{name}_id", flat=True))


def track_run_inputs(records: Sequence[Any], is_run_input: Any = None) -> None:
    """Link artifacts, or collections, as inputs of a run, unless the run made them or made them again.

    Args:
        records: saved records of one registry; those of other databases, and unsaved ones, are passed over.
        is_run_input: `False` does not track, `True` does, a run is tracked instead of the current one; `None` follows
            `ln.settings.track_run_inputs`. Without a run, a warning tells so.

    Raises:
        AssertionError: if the run is not saved.
    """
    if is_run_input is False or (is_run_input is None and not tracking_settings.track_run_inputs):
        return
    run = is_run_input if hasattr(is_run_input, "transform_id") else context.current_run()
    if run is None:
        if is_run_input is True or not creation_settings.artifact_silence_missing_run_warning:
            logger.warning("run input wasn't tracked, call `ln.track()` and re-run")
        return
    if run._state.adding:
        raise AssertionError(f"The run {run.uid} is not saved, so nothing can be its input: call .save() on it first")
    known = run.__dict__.setdefault("_known_inputs", set())  # saves the statements of every further read
    new = {
        record.pk: record
        for record in records
        if not record._state.adding
        and record._state.db in (None, "default")
        and record.run_id != run.pk
        and (type(record).__name__, record.pk) not in known
    }
    if not new:
        return
    registry = type(next(iter(new.values())))
    name = registry._meta.model_name
    made_again = set(registry.recreating_runs.through.objects.filter(run=run).values_list(f"{name}_id", flat=True))
    for pk in made_again & new.keys():
        logger.debug("%s was created again by run %s, hence is no input of it", new[pk].uid, run.uid)
    insert_links(registry.input_of_runs.through, name, [pk for pk in new if pk not in made_again], run=run.pk)
    known.update((registry.__name__, pk) for pk in new)
