"""`lamin delete`: records by key, name or uid; an instance by its name."""

from __future__ import annotations

import difflib
from typing import Any

import click

from lamindb.cli.addressing import ENTITIES, find, resolve
from lamindb.cli.describe import address_options
from lamindb.cli.groups import Command


@click.command(cls=Command)
@click.argument("entity", required=False)
@address_options
@click.option("--slug", default=None, help="owner/name of an instance, with ENTITY 'instance'.")
@click.option("--permanent", is_flag=True, default=None, help="Delete for good instead of moving to the trash.")
@click.option("--force", is_flag=True, help="Don't ask.")
@click.option("--yes", is_flag=True, help="The same as --force.")
def delete(
    entity: str | None,
    uid: str | None,
    key: str | None,
    name: str | None,
    slug: str | None,
    permanent: bool | None,
    force: bool,
    yes: bool,
) -> None:
    """Delete a record or an instance. ENTITY is artifact, record, …, the URL of an object, or the name of an instance."""
    if entity in (None, "instance"):
        if slug is None:
            raise click.UsageError(
                "Missing what to delete: an entity such as artifact with --key or --uid, or the name of an instance"
            )
        entity = slug
    elif slug is not None:
        raise click.UsageError("--slug names an instance: call lamin delete instance --slug owner/name")
    delete_entity(str(entity), name=name, uid=uid, key=key, permanent=permanent, force=force or yes)


def delete_entity(
    entity: str,
    *,
    name: str | None = None,
    uid: str | None = None,
    key: str | None = None,
    permanent: bool | None = None,
    force: bool = False,
) -> None:
    """Delete what is addressed.

    Args:
        entity: entity word, URL of an object, or name of an instance.
        name, uid, key: which record.
        permanent: delete a record for good.
        force: don't ask.

    Raises:
        ClickException: if nothing is named or found.
        StorageNotEmpty: if an instance still holds data.
    """
    if entity not in ENTITIES and not _is_object_url(entity):
        _delete_instance(entity, has_address=any((name, uid, key)), force=force)
        return
    address = resolve(entity, uid, key, name)
    record = find(address, all_branches=True, unambiguous=True)
    _delete_record(record, permanent=permanent, force=force)


def _is_object_url(entity: str) -> bool:
    return entity.startswith("https://") and entity.removeprefix("https://").strip("/").count("/") > 2


def _delete_instance(identifier: str, *, has_address: bool, force: bool) -> None:
    import lamindb as ln
    from lamindb.setup.errors import InstanceNotFoundError
    from lamindb.setup.lookup import find_instance

    try:
        if has_address:
            raise InstanceNotFoundError(identifier)
        find_instance(identifier)
    except (InstanceNotFoundError, ValueError):
        near = difflib.get_close_matches(identifier, ENTITIES, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise click.ClickException(
            f"{identifier!r} is neither an entity nor a known instance.{hint} Entities: {', '.join(ENTITIES)}; "
            "an instance is given by owner/name, name or folder"
        ) from None
    if not force and not click.confirm(f"Delete the instance {identifier} with its database?", default=False, err=True):
        return
    ln.setup.delete(identifier, force=True)


def _delete_record(record: Any, *, permanent: bool | None, force: bool) -> None:
    from lamindb.base.context import TRASH_BRANCH_ID
    from lamindb.base.logging import logger

    is_for_good = permanent or not hasattr(record, "restore") or getattr(record, "branch_id", None) == TRASH_BRANCH_ID
    uid, kind = record.uid, type(record).__name__
    if not is_for_good:
        record.delete()
        return
    if not force and not permanent and not click.confirm(f"Delete {kind} {uid} for good?", default=False, err=True):
        return
    record.delete(permanent=True)
    logger.important("deleted %s: %s", kind.lower(), uid)
