"""`lamin list`."""

from __future__ import annotations

from typing import Any

import click

from lamindb.cli.addressing import listed_registry
from lamindb.cli.connection import require_instance
from lamindb.cli.groups import Command
from lamindb.cli.output import has_status, json_option, print_json, print_table, record_values

#: What people look for first; shown where a registry has it, in this order.
_COLUMNS = (
    "id",
    "uid",
    "name",
    "key",
    "root",
    "handle",
    "description",
    "kind",
    "dtype",
    "is_type",
    "suffix",
    "size",
    "is_latest",
    "transform",
    "entrypoint",
    "finished_at",
)
#: Identifiers of biological entities.
_OF_ENTITIES = ("ontology_id", "ensembl_gene_id", "uniprotkb_id")
_LAST_COLUMNS = ("created_at",)


@click.command("list", cls=Command)
@click.argument("registry")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1), help="Number of records.")
@json_option
def list_(registry: str, limit: int, as_json: bool) -> None:
    """List the latest records of REGISTRY: branch, space, artifact, project, ulabel, record, feature, …"""
    require_instance()
    model = listed_registry(registry)
    names = _columns_of(model)
    found = model.filter().order_by("-id")
    records = list((found.select_related("transform") if "transform" in names else found)[:limit])
    if as_json:
        print_json([record_values(record) for record in records])
        return
    print_table(names, ([_shown(getattr(record, name)) for name in names] for record in records))


def _shown(value: Any) -> Any:
    """Return what a table shows of a value: of the transform of a run its key."""
    return getattr(value, "key", value) if hasattr(value, "_meta") else value


def _columns_of(model: Any) -> list[str]:
    fields = {field.name for field in model._meta.concrete_fields}
    shown = (*_COLUMNS, *_LAST_COLUMNS, "started_at")  # a run is created when it starts
    own = [name for name in (model._name_field, *_OF_ENTITIES) if name not in shown]
    names = [name for name in (*_COLUMNS[:3], *own, *_COLUMNS[3:], *_LAST_COLUMNS) if name in fields]
    if has_status(model):
        names.insert(3, "status")
    return names
