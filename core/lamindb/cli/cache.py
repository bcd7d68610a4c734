"""`lamin cache`: the former name of `lamin settings cache-dir`."""

from __future__ import annotations

import click

from lamindb.cli.groups import Group
from lamindb.cli.settings import clear_cache, get_cache, set_cache


@click.group(cls=Group, hidden=True)
def cache() -> None:
    """Former name of 'lamin settings cache-dir'."""
    from lamindb.base.logging import logger

    logger.warning("'lamin cache' is deprecated. Use 'lamin settings cache-dir' instead.")


cache.add_command(get_cache)
cache.add_command(set_cache)
cache.add_command(clear_cache)
