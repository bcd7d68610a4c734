"""Switch the branch or space that is worked on, and merge a branch into the current one."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lamindb.base.logging import logger
from lamindb.setup.errors import CurrentInstanceNotConfigured
from lamindb.setup.settings_singleton import settings


def switch(target: Any, *, space: bool = False, create: bool = False) -> None:
    """Switch to a branch (or space): new records belong to it, and queries look at it.

    Args:
        target: name, uid or saved record.
        space: switch the space instead of the branch.
        create: create the branch first.

    Raises:
        ObjectDoesNotExist: if there is none with this name or uid.
        BranchAlreadyExists: with `create`, if there is one.
        CurrentInstanceNotConfigured: without instance.

    Example:
        >>> ln.setup.switch("my-branch", create=True)  # doctest: +SKIP
    """
    if not settings.is_configured:
        raise CurrentInstanceNotConfigured
    if target is None:
        raise ValueError("Say what to switch to: the name or uid of a branch or space")
    if create:
        if space:
            raise ValueError(
                "create=True creates branches only; create a space with ln.Space(name=...).save(), then switch to it"
            )
        target = _create_branch(target)
    if space:
        settings.space = target
    else:
        settings.branch = target
    logger.important(f"switched to {target if isinstance(target, str) else target.name}")


def merge(branch: Any, *, target: Any = None) -> None:
    """Move everything on a branch to the current (or another) branch, and mark the branch as merged.

    Args:
        branch: name, uid or `Branch`.
        target: branch to merge into, by default the current one.

    Raises:
        ObjectDoesNotExist: if there is no such branch.
        ValueError: if a built-in branch would be merged, or something merged into the trash or the archive.
        CurrentInstanceNotConfigured: without instance.
    """
    if not settings.is_configured:
        raise CurrentInstanceNotConfigured
    # by name, because the registries are a room above this one
    import_module("lamindb.models.merge").merge(branch, target)


def _create_branch(name: str) -> Any:
    from django.db.models import Q

    from lamindb.base.registries import registry
    from lamindb.errors import BranchAlreadyExists
    from lamindb.setup._django import setup_django

    setup_django()
    Branch = registry("Branch")
    if Branch._base_manager.filter(Q(name__iexact=name) | Q(uid=name)).exists():
        raise BranchAlreadyExists(f"Branch '{name}' already exists. Omit -c/--create to switch to it.")
    branch = Branch(name=name).save()
    logger.important(f"created branch: {name}")
    return branch
