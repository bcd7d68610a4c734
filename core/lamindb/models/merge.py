"""Merging a branch into another one: its records move, and each family of versions has one latest version again."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Q

from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.models.versioning import lock_families, settle_families

_BUILT_IN = {context.MAIN_BRANCH_ID: "main", context.ARCHIVE_BRANCH_ID: "archive", context.TRASH_BRANCH_ID: "trash"}


def merge(branch: Any, target: Any = None) -> None:
    """Move everything on a branch to another one, and mark the branch as merged; all of it or nothing.

    Args:
        branch: name, uid or record of the branch to merge.
        target: branch to merge into, by default the current one.

    Raises:
        ObjectDoesNotExist: if there is no such branch, or it is not saved.
        ValueError: if a built-in branch would be merged, or something merged into the trash or the archive.

    Example:
        >>> ln.setup.merge("my-contribution")  # doctest: +SKIP
    """
    source = find_branch(branch)
    into = find_branch(target) if target is not None else registry("Branch").objects.get(id=context.current_branch_id())
    if source.id == into.id:
        same = "already on branch" if target is None else "source and target branch are identical"
        logger.important("%s, nothing to merge", same)
        return
    _check_mergeable(source, into)
    with transaction.atomic():
        _lock(source.id)
        for model in branched_models():
            _move(model, source.id, into.id)
        source.status = "merged"
        source.save()
    logger.important("merged branch '%s' into '%s'", source.name, into.name)


def find_branch(branch: Any) -> Any:
    """Return a branch by name, uid or the record itself.

    Raises:
        ObjectDoesNotExist: if there is none, or the record is not saved.
        TypeError: for anything else.
    """
    Branch = registry("Branch")
    if isinstance(branch, Branch):
        if branch._state.adding or branch._state.db not in (None, DEFAULT_DB_ALIAS):
            raise ObjectDoesNotExist(
                f"Branch must be saved. Call .save() on branch {branch.name!r} in the connected instance first."
            )
        return branch
    if not isinstance(branch, str):
        raise TypeError(f"A branch is named by its name, its uid or its record, not by {branch!r}")
    found = list(Branch.objects.filter(Q(name=branch) | Q(uid=branch)))
    if not found:
        near = difflib.get_close_matches(branch, Branch.objects.values_list("name", flat=True)[:1000], n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ObjectDoesNotExist(f"Branch '{branch}' not found.{hint} To see all: ln.Branch.to_dataframe()")
    return next((record for record in found if record.name == branch), found[0])


def branched_models() -> Iterator[Any]:
    """Yield every table of the connected instance whose rows live on a branch: registries and attached blocks."""
    from django.apps import apps

    from lamindb.setup.databases import app_labels, open_database

    opened = open_database(None)
    labels = app_labels(opened)
    if opened.missing:
        logger.warning(
            "this process has not loaded the modules %s: their records stay on their branch", ", ".join(opened.missing)
        )
    for model in apps.get_models():
        if model._meta.app_label in labels and model._meta.managed and not model._meta.auto_created:
            columns = {field.attname for field in model._meta.concrete_fields}
            if {"branch_id", "created_on_id"} <= columns:  # a branch's own blocks and links have no `created_on`
                yield model


def _check_mergeable(source: Any, into: Any) -> None:
    if source.id in _BUILT_IN:
        raise ValueError(
            f"The built-in branch {_BUILT_IN[source.id]!r} can't be merged into another one. "
            "To bring records back from trash or archive, call .restore() on them"
        )
    if into.id in (context.TRASH_BRANCH_ID, context.ARCHIVE_BRANCH_ID):
        raise ValueError(
            f"Branch {source.name!r} can't be merged into {_BUILT_IN[into.id]!r}. Merge it into another branch: "
            f"ln.setup.merge({source.name!r}, target='main')"
        )


def _lock(branch_id: int) -> None:
    """Let a second merge of the same branch wait (SQLite has one writer at a time anyway)."""
    Branch = registry("Branch")
    if connections[DEFAULT_DB_ALIAS].features.has_select_for_update:
        Branch.objects.select_for_update().filter(id=branch_id).first()


def _move(model: Any, source_id: int, into_id: int) -> None:
    rows = model._base_manager.filter(branch_id=source_id)
    if not getattr(model, "_is_versioned", False):
        rows.update(branch_id=into_id)
        return
    stem_length = model._stem_length()
    stems = {uid[:stem_length] for uid in rows.values_list("uid", flat=True)}
    if stems:
        lock_families(model, stems)
        rows.update(branch_id=into_id)
        settle_families(model, stems)
