"""The project, space, branch, plan and initiating run that `track` and flows are given, as records, names or uids."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from typing import Any

from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.registries import registry
from lamindb.errors import InvalidArgument


@dataclass(frozen=True)
class RunArguments:
    """Records that a run is started with; `None` where nothing was given."""

    project: Any = None
    space: Any = None
    branch: Any = None
    plan: Any = None
    initiated_by_run: Any = None


def resolve_arguments(
    *, project: Any = None, space: Any = None, branch: Any = None, plan: Any = None, initiated_by_run: Any = None
) -> RunArguments:
    """Return the records that are meant; `LAMIN_CURRENT_PROJECT` and `LAMIN_INITIATED_BY_RUN_UID` are the defaults.

    Raises:
        InvalidArgument: if there is no such record, with near matches.
    """
    project = project if project is not None else os.environ.get("LAMIN_CURRENT_PROJECT") or None
    initiated_by_run = (
        initiated_by_run if initiated_by_run is not None else os.environ.get("LAMIN_INITIATED_BY_RUN_UID") or None
    )
    return RunArguments(
        project=_find("Project", project, "either create it with `ln.Project(name='...').save()` or fix typos."),
        space=_find("Space", space, "see ln.Space.to_dataframe() for the spaces that you can use."),
        branch=_find("Branch", branch, "either create it with `ln.Branch(name='...').save()` or fix typos."),
        plan=_find_plan(plan),
        initiated_by_run=_find("Run", initiated_by_run, "pass the uid of a run of this instance."),
    )


def _find(name: str, value: Any, advice: str) -> Any:
    if value is None:
        return None
    model = registry(name)
    if not isinstance(value, str):
        return _check_saved(model, value)
    fields = ("uid",) if name == "Run" else ("name", "uid")
    for field in fields:
        query = model.objects.filter(**{field: value})
        if name in ("Project", "Run"):
            query = query.exclude(branch_id=TRASH_BRANCH_ID)
        found = query.first()
        if found is not None:
            return found
    near = (
        []
        if name == "Run"
        else difflib.get_close_matches(value, model.objects.values_list("name", flat=True)[:1000], n=1)
    )
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise InvalidArgument(f"{name} '{value}' not found, {advice}{hint}")


def _find_plan(value: Any) -> Any:
    if value is None:
        return None
    model = registry("Artifact")
    if not isinstance(value, str):
        return _check_saved(model, value)
    stored = model.objects.exclude(branch_id=TRASH_BRANCH_ID).order_by("-created_at", "-id")
    found = stored.filter(key=value).first() or stored.filter(uid__startswith=value).first() if value else None
    if found is None:
        raise InvalidArgument(f"Plan artifact '{value}' not found, pass the key or uid of a saved artifact.")
    return found


def _check_saved(model: Any, record: Any) -> Any:
    if not isinstance(record, model):
        raise InvalidArgument(
            f"{record!r} is a {type(record).__name__}, not a {model.__name__}: pass a {model.__name__}, or its name or uid"
        )
    if record._state.adding:
        raise InvalidArgument(f"{record!r} is not saved yet: call .save() on it before it is used in a run")
    return record
