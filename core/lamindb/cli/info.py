"""`lamin info`."""

from __future__ import annotations

import click

from lamindb.cli.groups import Command
from lamindb.cli.output import json_option, print_json


@click.command(cls=Command)
@click.option("--schema", is_flag=True, help="List the registries of the instance with their fields instead.")
@json_option
def info(schema: bool, as_json: bool) -> None:
    """Show the instance, the cache and the user."""
    if schema:
        print_schema(as_json)
    elif as_json:
        print_json(settings_values())
    else:
        from lamindb.setup import settings

        click.echo(repr(settings))


def settings_values() -> dict[str, object]:
    """Return what `lamin info` shows as plain values; secrets in database URLs are hidden."""
    from lamindb.setup import settings
    from lamindb.setup.branch_and_space import choice_name
    from lamindb.setup.representation import hide_secrets

    instance = settings.instance if settings.is_configured else None
    values: dict[str, object] = {"instance": None}
    if instance is not None:
        values = {
            "instance": instance.slug,
            "uid": instance.uid,
            "branch": choice_name("Branch", instance),
            "space": choice_name("Space", instance),
            "dev_dir": None if settings.dev_dir is None else str(settings.dev_dir),
            "storage": instance.storage.root_as_str,
            "db": hide_secrets(instance.db),
            "git_repo": instance.git_repo,
        }
    return {
        **values,
        "modules": sorted(settings.modules),
        "cache_dir": str(settings.cache_dir_path),
        "settings_dir": str(settings.settings_dir),
        "user": settings.user.handle,
    }


def print_schema(as_json: bool) -> None:
    """Print every registry of the instance with the names of its fields."""
    import lamindb.models  # noqa: F401  (loads the registries)
    from lamindb.base.registries import all_registries, qualified_name

    fields = {
        qualified_name(registry): [
            f.name for f in registry._meta.get_fields() if not f.name.startswith("_") and not f.auto_created
        ]
        for registry in all_registries()
    }
    if as_json:
        print_json(fields)
        return
    for name, names in fields.items():
        click.echo(f"{name}: {', '.join(names)}")
