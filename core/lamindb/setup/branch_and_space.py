"""Which branch and space were switched to: two small files per instance, and the records they name."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup.instance import InstanceSettings

_DEFAULT_NAMES = {"Branch": "main", "Space": "all"}


class Choice(NamedTuple):
    """Uid and name of a branch or space that was switched to."""

    uid: str
    name: str


def choice_file(registry_name: str, instance: InstanceSettings) -> Path:
    """Return the file that stores the choice."""
    make = files.branch_file if registry_name == "Branch" else files.space_file
    return make(instance.owner, instance.name)


def read_choice(registry_name: str, instance: InstanceSettings) -> Choice | None:
    """Return what was switched to, or `None`; asks no database."""
    text = files.read_text(choice_file(registry_name, instance))
    lines = text.splitlines() if text else []
    return Choice(lines[0], lines[1]) if len(lines) > 1 else None


def choice_name(registry_name: str, instance: InstanceSettings) -> str:
    """Return the name of what was switched to, by default `main` or `all`; asks no database."""
    choice = read_choice(registry_name, instance)
    return _DEFAULT_NAMES[registry_name] if choice is None else choice.name


def load_current(registry_name: str, instance: InstanceSettings) -> Any:
    """Return the record that was switched to; a record that was deleted meanwhile is replaced by the default, with a warning."""
    objects = _objects(registry_name)
    choice = read_choice(registry_name, instance)
    if choice is not None:
        record = objects.filter(uid=choice.uid).first()
        if record is not None:
            return record
        default = _DEFAULT_NAMES[registry_name]
        logger.warning(
            f"{registry_name.lower()} {choice.name!r} does not exist any more in {instance.slug}: switched to {default!r}"
        )
        choice_file(registry_name, instance).unlink(missing_ok=True)
    return objects.get(id=1)


def store_choice(registry_name: str, instance: InstanceSettings, value: Any) -> Any:
    """Switch to a record and remember that.

    Args:
        registry_name: `Branch` or `Space`.
        instance: the connected instance.
        value: name, uid or saved record.

    Returns:
        The record.

    Raises:
        ObjectDoesNotExist: if no record has this name or uid.
        CurrentInstanceNotConfigured: without instance.
    """
    record = find_record(registry_name, value)
    files.write_text(choice_file(registry_name, instance), f"{record.uid}\n{record.name}")
    return record


def find_record(registry_name: str, value: Any) -> Any:
    """Return a branch or space by name, uid, or the saved record itself.

    Raises:
        ObjectDoesNotExist: if no record has this name or uid; the message lists near matches.
        AssertionError: for a record that isn't saved.
    """
    if not isinstance(value, str):
        if getattr(value, "_state", None) is None or value._state.adding:
            raise AssertionError(f"{value!r} is not saved: save it, then switch to it")
        return value
    from django.core.exceptions import ObjectDoesNotExist
    from django.db.models import Q

    records = list(_objects(registry_name).filter(Q(name=value) | Q(uid=value))[:2])
    if records:
        return next((record for record in records if record.name == value), records[0])
    import difflib

    names = list(_objects(registry_name).values_list("name", flat=True)[:1000])
    near = difflib.get_close_matches(value, names, n=3)
    hint = f" Did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
    create = f" To create and switch, run: lamin switch -c {value}" if registry_name == "Branch" else ""
    raise ObjectDoesNotExist(
        f"{registry_name} '{value}', please check your spelling and your permissions: it does not exist in this instance.{hint}{create}"
    )


def stand_in(registry_name: str) -> Any:
    """Return what stands in for a record while no instance is configured."""
    return SimpleNamespace(
        id=1, uid=("m" if registry_name == "Branch" else "a") * 12, name=_DEFAULT_NAMES[registry_name]
    )


def _objects(registry_name: str) -> Any:
    from lamindb.base import registries
    from lamindb.setup._django import setup_django

    setup_django()
    return registries.registry(registry_name)._base_manager
