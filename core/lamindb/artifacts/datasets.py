"""Artifacts of a given object type, made by the `from_*` constructors: checked to be of that type, counted, of kind `dataset`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb.errors import InvalidArgument


def make(
    artifact_registry: Any,
    otype: str,
    data: Any,
    record: dict[str, Any],
    *,
    schema: Any = None,
    features: Any = None,
    to_disk_kwargs: dict[str, Any] | None = None,
) -> Any:
    """Make an unsaved artifact of an object type.

    Args:
        artifact_registry: the class `Artifact`.
        otype: object type, such as `"AnnData"`; the installed format with it does the work.
        data: object of the format, or a local path.
        record: arguments of `Artifact`.
        schema: refused, as long as nothing validates.
        features: refused, as long as values can't be stored.
        to_disk_kwargs: arguments of the format's writer, for an object in memory.

    Raises:
        InvalidArgument: if the path isn't of the object type, or can't be read as such.
        MissingPluginError: if the package that brings the object type is not installed.
        NotImplementedError: if the data is neither a path nor such an object, or `schema` or `features` is passed.
    """
    from lamindb.plugins import manager
    from lamindb.storage.roots import is_path as is_path_like

    data_format = manager.require_data_format(otype=otype)
    _refuse_validation(otype, schema, features)
    is_path = is_path_like(data)
    if not is_path and manager.data_format_for_object(data) is not data_format:
        raise NotImplementedError(
            f"An artifact with the object type {otype} is made from a path or an object of the classes "
            f"{', '.join(data_format.classes)}, not from {type(data).__module__}.{type(data).__qualname__}"
        )
    if is_path:
        _check_path(data, data_format)
        if to_disk_kwargs:
            logger.warning("%s are not used, as the data is already written: %s", " and ".join(to_disk_kwargs), data)
    artifact = artifact_registry(
        data, **{"kind": "dataset", **record}, otype=otype, to_disk_kwargs=None if is_path else to_disk_kwargs
    )
    if artifact._state.adding and artifact.n_observations is None and data_format.counter is not None:
        artifact.n_observations = _count(data_format, artifact, data)
    return artifact


def _refuse_validation(otype: str, schema: Any, features: Any) -> None:
    if schema is not None:
        raise NotImplementedError(
            f"Validation is not available in this release: the {otype} can't be validated with schema={schema!r}. "
            "Leave out schema=… to store it without validation."
        )
    if features:
        raise NotImplementedError(
            f"Validation of external features is not available in this release: features={features!r} can't be stored. "
            "Leave out features=… to store the data without them."
        )


def _check_path(data: Any, data_format: Any) -> None:
    """Refuse paths that the format doesn't read; what is not there is left to the constructor, which says so."""
    from lamindb.plugins import manager
    from lamindb.storage.roots import path_as_text

    text = path_as_text(data)
    path = Path(os.path.expanduser(text)) if "://" not in text else None
    if path is None or not path.exists() or manager.data_format_for_path(path) is data_format:
        return
    try:
        if manager.data_format_to_open(path, suffix="" if path.is_dir() else path.suffix) is data_format:
            return
    except (ImportError, ValueError):
        pass
    raise InvalidArgument(
        f"{str(data)!r} is not a {data_format.otype}, whose suffixes are {', '.join(data_format.suffixes)}: "
        "use ln.Artifact(path, key=…) for other files and folders"
    )


def _count(data_format: Any, artifact: Any, data: Any) -> int | None:
    counter = data_format.resolve("counter")
    memory = artifact.__dict__.get("_memory")
    if memory is not None:
        counted = counter(memory)
        if counted is not None:
            return counted
    path = artifact.path
    try:
        return counter(path)
    except (OSError, ValueError) as error:
        raise InvalidArgument(f"{str(data)!r} can't be read as {data_format.otype}: {error}") from error
