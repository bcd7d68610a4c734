"""What is known about one record, as a tree. An artifact with labels and features takes seven statements at most."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from lamindb.base import context
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.display.facts import facts, long_texts, name_of_title, read_keys
from lamindb.display.features import add_feature_sections
from lamindb.display.schema import add_members, schema_title
from lamindb.display.tree import Node, excerpt, show, two_columns
from lamindb.display.values import format_datetime

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
#: Reports and environments above this size are not opened just to show their first lines.
_MAX_EXCERPT_BYTES = 1_000_000
_TEXT_SUFFIXES = {".txt", ".log", ".md", ".yml", ".yaml", ".json", ".toml"}


def describe_record(
    record: Any, return_str: bool = False, include: str | None = None, *, n_max_features: int | None = 20
) -> str | None:
    """Print what is known about a record.

    Args:
        record: any record; one that is not saved shows its title only.
        return_str: return the text (without colour codes) instead of printing it.
        include: `"comments"` adds the comments, oldest first.
        n_max_features: how many members of a schema are listed; `None` lists all.

    Returns:
        The text with `return_str`, else `None`.

    Raises:
        ValueError: for another `include`, or for a schema that is not saved.

    Example:
        >>> artifact.describe()
    """
    if include not in (None, "comments", ["comments"]):
        raise ValueError(f"include must be 'comments' or None, not {include!r}")
    root = Node(title_of(record))
    if record.pk is None or record._state.adding:
        if type(record).__name__ == "Schema":
            raise ValueError("Schema must be saved before describing: call .save() first")
        return show(root, return_str=return_str)
    _warn(record)
    keys = read_keys(record)
    if type(record).__name__ == "Run":
        root.text = f"{root.text} ({keys['transform'].rsplit(' (', 1)[0]})" if "transform" in keys else root.text
    if type(record).__name__ == "Schema":
        root.text = schema_title(record, keys)
    pairs = facts(record, keys)
    if pairs:
        root.add(two_columns(pairs))
    _add_body(root, record, keys, n_max_features)
    _add_blocks(root, record, with_comments=include is not None)
    return show(root, return_str=return_str)


def title_of(record: Any) -> str:
    """Return the first line of a description: the registry, and what the record is called."""
    name = type(record).__name__
    if getattr(record, "_is_versioned", False):
        title = getattr(record, "key", None) or (record.uid or "")[:7]
        title = f"{title} ({record.version})" if record.uid else title
        description = getattr(record, "description", None)
        return f"{name}: {title}" + (f"\n|   description: {description}" if description else "")
    field = "name" if name == "Run" else name_of_title(type(record))
    value = getattr(record, field) if field is not None else None
    if value in (None, ""):
        value = (getattr(record, "uid", None) or str(record.pk or "unnamed"))[:7]
    return f"{name}: {value}"


def _warn(record: Any) -> None:
    name = type(record).__name__
    if getattr(record, "is_latest", True) is False:
        logger.warning("This is not the latest version of the %s.", name)
    if name == "BranchBlock":  # its branch is what it describes
        return
    branch_id = getattr(record, "branch_id", None)
    if branch_id == context.ARCHIVE_BRANCH_ID:
        logger.warning("This %s is archived.", name.lower())
    elif branch_id == context.TRASH_BRANCH_ID:
        logger.warning("This %s is in the trash.", name.lower())


def _add_body(root: Node, record: Any, keys: dict[str, str], n_max_features: int | None) -> None:
    name = type(record).__name__
    for label, text in long_texts(record):
        root.add(f"{label}:\n{excerpt(text)}")
    if name == "Artifact":
        root.add(f"storage/path: {_artifact_path(record, keys)}")
    if name == "Transform" and record.source_code:
        root.add("source_code:", is_heading=True).add(excerpt(record.source_code))
    if name == "Run":
        _add_run_body(root, record)
    if name == "Schema":
        add_members(root, record, n_max_features)
    if name != "Schema" and type(record)._meta.app_label == "lamindb":
        add_feature_sections(root, record, n_max_features=n_max_features)


def _artifact_path(record: Any, keys: dict[str, str]) -> str:
    from lamindb.artifacts.keys import storage_key

    return f"{keys.get('storage', '').rstrip('/')}/{storage_key(record)}"


def _add_run_body(root: Node, run: Any) -> None:
    if run.cli_args:
        root.add(f"cli_args:\n{excerpt(run.cli_args, max_lines=4)}")
    wanted = {name: getattr(run, f"{name}_id") for name in ("report", "environment")}
    ids = [key for key in wanted.values() if key is not None]
    if ids:
        query = registry("Artifact").objects.using(run._state.db or DEFAULT_DB_ALIAS)
        files = query.select_related("storage").in_bulk(ids)
        for name, key in wanted.items():
            if key in files:
                root.add(f"{name}: {files[key].uid[:7]}{_file_excerpt(files[key])}")
    if run.params:
        root.add("Params", is_heading=True).add("\n".join(f"{key}: {value}" for key, value in run.params.items()))


def _file_excerpt(artifact: Any) -> str:
    """Return the first lines of a small local text file; nothing is downloaded for a description."""
    if artifact.suffix not in _TEXT_SUFFIXES or (artifact.size or 0) > _MAX_EXCERPT_BYTES:
        return ""
    try:
        path = artifact.path
        if not isinstance(path, Path) or not path.is_file():
            return ""
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n" + excerpt(_ANSI.sub("", text), max_lines=4)


def _add_blocks(root: Node, record: Any, *, with_comments: bool) -> None:
    """Add the latest readme and, if asked for, the comments: one statement."""
    relation = next((rel for rel in record._meta.related_objects if rel.get_accessor_name() == "ablocks"), None)
    if relation is None:
        return
    kinds = ["readme", "comment"] if with_comments else ["readme"]
    query = relation.related_model.objects.using(record._state.db or DEFAULT_DB_ALIAS)
    query = query.filter(**{relation.field.attname: record.pk}, is_latest=True, kind__in=kinds).order_by(
        "created_at", "id"
    )
    blocks = list(query.values_list("kind", "content", "created_at", "created_by__handle"))
    for kind, content, _, _ in blocks:
        if kind == "readme" and content:
            root.add("README", is_heading=True).add(excerpt(content))
    for kind, content, created_at, handle in blocks:
        if kind == "comment":
            root.add(f"comment by {handle} at {format_datetime(created_at)}", is_heading=True).add(excerpt(content))
