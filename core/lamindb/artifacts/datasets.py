"""Artifacts of a given object type, made by the `from_*` constructors: checked to be of that type, counted, of kind `dataset`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lamindb.base.logging import logger
from lamindb.base.registries import registry
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
        schema: schema that the data is validated for, by the curator that a plugin declares for the object type; or the name of a schema
            that every instance has, such as `"valid_features"`.
        features: values of features that are not in the data.
        to_disk_kwargs: arguments of the format's writer, for an object in memory.

    Raises:
        InvalidArgument: if the path isn't of the object type, or can't be read as such.
        MissingPluginError: if the package that brings the object type is not installed.
        NotImplementedError: if the data is neither a path nor such an object.
        ValidationError: if the data is not valid; nothing is stored then.
    """
    from lamindb.storage.roots import is_path as is_path_like

    data_format = check_data(otype, data)
    is_path = is_path_like(data)
    if is_path and to_disk_kwargs:
        logger.warning("%s are not used, as the data is already written: %s", " and ".join(to_disk_kwargs), data)
    curator = _validated(data, otype, schema, features) if schema is not None else None
    if curator is not None:
        data = curator.data_to_store
        is_path = is_path_like(data)
    artifact = artifact_registry(
        data,
        **{"kind": "dataset", **record, **({"features": features} if features else {})},
        otype=otype,
        to_disk_kwargs=None if is_path else to_disk_kwargs,
    )
    if curator is not None:
        curator.attach(artifact)
    if artifact._state.adding and artifact.n_observations is None and data_format.counter is not None:
        artifact.n_observations = _count(data_format, artifact, data)
    return artifact


def check_data(otype: str, data: Any) -> Any:
    """Return the format of an object type, after checking that the data is of it.

    Raises:
        InvalidArgument: if a path isn't of the object type.
        MissingPluginError: if the package that brings the object type is not installed.
        NotImplementedError: if the data is neither a path nor such an object.
    """
    from lamindb.plugins import manager
    from lamindb.storage.roots import is_path

    data_format = manager.require_data_format(otype=otype)
    if is_path(data):
        _check_path(data, data_format)
    elif manager.data_format_for_object(data) is not data_format:
        raise NotImplementedError(
            f"An artifact with the object type {otype} is made from a path or an object of the classes "
            f"{', '.join(data_format.classes)}, not from {type(data).__module__}.{type(data).__qualname__}"
        )
    return data_format


def _validated(data: Any, otype: str, schema: Any, features: Any) -> Any:
    """Return the curator of data that is valid."""
    from lamindb.plugins import manager

    spec = manager.curator_for(otype)
    if spec is None or spec.curator is None:
        raise InvalidArgument(
            f"No installed plugin validates {otype} data: leave out schema=… to store it without validation, or install a newer release of "
            "the plugin that brings it"
        )
    schema = _built_in_schema(schema) if isinstance(schema, str) else schema
    curator = spec.resolve("curator")(data, schema, features=features)
    curator.validate()
    return curator


def _built_in_schema(name: str) -> Any:
    """Return a schema that every instance may have; it is recognised by its hash."""
    schema_registry = registry("Schema")
    if name == "valid_features":
        return schema_registry(name=name, itype="Feature").save()
    if name == "ensembl_gene_ids_and_valid_features_in_obs":
        genes = schema_registry(name="valid_ensembl_gene_ids", itype="bionty.Gene.ensembl_gene_id").save()
        slots = {"obs": _built_in_schema("valid_features"), "var.T": genes}
        return schema_registry(name=f"anndata_{name}", otype="AnnData", slots=slots).save()
    raise InvalidArgument(
        f"schema={name!r} is no schema: pass a Schema record, or one of 'valid_features' (tables) and "
        "'ensembl_gene_ids_and_valid_features_in_obs' (AnnData)"
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
