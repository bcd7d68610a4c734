"""A helper for curators of tables: attach a file to a source."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger


def register_source_in_bionty_assets(
    filepath: str | os.PathLike[str],
    source: Any,
    is_dataframe: bool = True,
    update: bool = False,
    assert_entity: bool = True,
) -> Any:
    """Store a file and link it to a source.

    Args:
        filepath: the file; a table has the name that belongs to the source.
        source: the `bt.Source`.
        is_dataframe: whether it is the table of terms, rather than a further file.
        update: replace the table that the source has.
        assert_entity: require an entity with module.

    Returns:
        The artifact.

    Raises:
        ValueError: if the entity has no module.
        AssertionError: if the table has another name.
    """
    from bionty.sources import spec_of
    from lamindb.models import Artifact

    path, spec = Path(filepath), spec_of(source)
    if assert_entity and "." not in source.entity:
        raise ValueError(
            f"The entity of the source has to name its module, such as 'bionty.{source.entity}', not {source.entity!r}"
        )
    if is_dataframe and path.name != spec.table_name:
        raise AssertionError(
            f"The table of {spec} has to be called {spec.table_name}, not {path.name}: rename the file"
        )
    if is_dataframe and source.dataframe_artifact is not None and not update:
        logger.warning("the source has a table already: %s; pass update=True to replace it", source.dataframe_artifact)
        return source.dataframe_artifact
    kind = "DataFrame" if is_dataframe else None
    artifact = Artifact(str(path), key=path.name, kind="__lamindb_run__", otype=kind, run=False).save()
    if is_dataframe:
        source.dataframe_artifact = artifact
        source.save()
    else:
        source.artifacts.add(artifact)
    return artifact
