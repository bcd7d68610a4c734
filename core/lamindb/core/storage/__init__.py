"""`ln.core.storage`: reading and writing objects and paths, under the addresses that scripts know."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path, PosixPath, WindowsPath
from typing import Any

from upath import UPath
from upath.implementations.local import LocalPath

from lamindb.base.canonical_suffix import CanonicalSuffix
from lamindb.core.storage.paths import AUTO_KEY_PREFIX, delete_storage
from lamindb.storage import suffixes as _suffixes

__all__ = [
    "AUTO_KEY_PREFIX",
    "VALID_SUFFIXES",
    "LocalPathClasses",
    "UPath",
    "delete_storage",
    "infer_filesystem",
    "infer_suffix",
    "save_tiledbsoma_experiment",
    "write_to_disk",
]

#: Classes of paths on this machine.
LocalPathClasses = (PosixPath, WindowsPath, LocalPath)


class VALID_SUFFIXES:
    """Suffixes that count when a name has several dots.

    Attributes:
        SIMPLE: those that may precede a suffix of compression.
        COMPOSITE: those of several parts that name one format.
        ENCODING: those of compression.
    """

    SIMPLE = _suffixes.SIMPLE_SUFFIXES
    COMPOSITE = _suffixes.COMPOSITE_SUFFIXES
    ENCODING = CanonicalSuffix.encoding_formats


def __getattr__(name: str) -> Any:
    """Return a class that an installed data format opens data to, such as `AnnDataAccessor`; it lies beside the format's opener."""
    from lamindb import integrations
    from lamindb.plugins import manager

    if name == "save_tiledbsoma_experiment":  # an older address of the same function
        return integrations.save_tiledbsoma_experiment
    if name.startswith("_") or not name.endswith("Accessor"):
        raise AttributeError(f"module 'lamindb.core.storage' has no attribute {name!r}")
    otype = name.removesuffix("Accessor")
    for found in sorted(manager.data_formats(), key=lambda found: found.otype != otype):
        if not isinstance(found.opener, str):
            continue
        try:
            module = import_module(found.opener.partition(":")[0])
        except ImportError:
            continue  # its library is missing
        if hasattr(module, name):
            return getattr(module, name)
    missing = manager.missing_for(otype=otype)
    hint = f": {missing}" if missing is not None else ""
    raise AttributeError(f"No installed data format opens data to {name!r}{hint}")


def infer_suffix(obj: Any, format: str | dict[str, Any] | None = None) -> str:
    """Return the suffix under which an object is written.

    Args:
        obj: object of an installed data format.
        format: suffix with or without dot, or a dictionary with it as `"suffix"`.

    Raises:
        NotImplementedError: if no installed format knows the object.
        ValueError: if it isn't written with that suffix.
    """
    if isinstance(format, dict):
        format = format.get("suffix")
    return str(_format_of(obj).suffix_for(format))


def write_to_disk(obj: Any, path: str | os.PathLike[str], **kwargs: Any) -> None:
    """Write an object to a new file or folder; the suffix of the path decides how.

    Args:
        obj: object of an installed data format.
        path: where to.
        **kwargs: passed to the writer of the format.

    Raises:
        NotImplementedError: if no installed format knows the object.
    """
    _format_of(obj).resolve("writer")(obj, Path(path), **kwargs)


def infer_filesystem(path: Any) -> tuple[Any, str]:
    """Return the fsspec file system of a path, and the path in it."""
    from lamindb.storage.upath import create_path

    made = create_path(path)
    return made.fs, made.path


def _format_of(obj: Any) -> Any:
    from lamindb.plugins import manager

    found = manager.data_format_for_object(obj)
    if found is None:
        missing = manager.missing_for(otype=type(obj).__name__)
        if missing is not None:
            raise missing
        raise NotImplementedError(
            f"No installed data format writes objects of {type(obj).__module__}.{type(obj).__qualname__}: write it to a file yourself"
        )
    return found
