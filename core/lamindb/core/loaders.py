"""Loaders of files by suffix: `load_to_memory`, one function per kind of file, and `FILE_LOADERS`, which knows those of plugins, too.

The work is done by the installed data formats; a function whose format is not installed names the package that brings it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = [
    "FILE_LOADERS",
    "load_csv",
    "load_fcs",
    "load_h5ad",
    "load_h5mu",
    "load_html",
    "load_image",
    "load_json",
    "load_parquet",
    "load_rds",
    "load_svg",
    "load_to_memory",
    "load_tsv",
    "load_txt",
    "load_yaml",
    "load_zarr",
]


def load_to_memory(path: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Load a file or folder by its suffix, and by its content where formats share a suffix.

    Args:
        path: local path or URL; remote data is cached first.
        **kwargs: passed to the loader.

    Raises:
        MissingPluginError: if a package that is not installed loads it.
        NotImplementedError: if nothing loads it.
        ValueError: if its content is none of the formats that have its suffix.

    Example:
        >>> load_to_memory("settings.yaml")  # doctest: +SKIP
    """
    from lamindb.artifacts.reading import no_loader
    from lamindb.plugins import manager
    from lamindb.storage.suffixes import infer_suffix
    from lamindb.storage.upath import local_or_remote

    local = local_or_remote(path)
    if not isinstance(local, Path):
        local = local.cache()
    found = manager.data_format_for_path(local)
    if found is not None and found.loader is not None:
        return found.resolve("loader")(local, **kwargs)
    missing = manager.missing_for(path=local)
    if missing is not None:
        raise missing
    suffix = infer_suffix(local)
    raise no_loader(suffix, local)


class _Loaders(Mapping[str, Callable[..., Any]]):
    """suffix -> function that loads a path; those of the installed formats, looked up when they are asked for."""

    def __getitem__(self, suffix: str) -> Callable[..., Any]:
        if suffix not in _loaded_suffixes():
            raise KeyError(suffix)
        return _loader(suffix)

    def __iter__(self) -> Iterator[str]:
        return iter(_loaded_suffixes())

    def __len__(self) -> int:
        return len(_loaded_suffixes())


def _loaded_suffixes() -> list[str]:
    from lamindb.plugins import manager

    formats = [found for found in manager.data_formats() if found.loader is not None]
    return list(dict.fromkeys(suffix for found in formats for suffix in (*found.suffixes, *found.shared_suffixes)))


def _loader(suffix: str) -> Callable[..., Any]:
    from lamindb.plugins import manager

    if any(suffix in known.shared_suffixes for known in manager.data_formats()):
        return load_to_memory
    return manager.require_data_format(suffix=suffix).resolve("loader")


def load_csv(path: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Load comma-separated text as a `pandas.DataFrame`."""
    return _loader(".csv")(Path(path), **kwargs)


def load_tsv(path: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Load tab-separated text as a `pandas.DataFrame`."""
    return _loader(".tsv")(Path(path), **kwargs)


def load_parquet(path: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Load a parquet file, or a folder of them, as a `pandas.DataFrame`."""
    return _loader(".parquet")(Path(path), **kwargs)


def load_h5ad(path: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Load an `.h5ad` file as AnnData."""
    return _loader(".h5ad")(Path(path), **kwargs)


def load_h5mu(path: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Load an `.h5mu` file as MuData."""
    return _loader(".h5mu")(Path(path), **kwargs)


def load_zarr(path: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Load a zarr store as what its content says it is: AnnData, MuData or SpatialData."""
    return load_to_memory(path, **kwargs)


def load_fcs(path: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Load a file of flow cytometry as AnnData."""
    return _loader(".fcs")(Path(path), **kwargs)


def load_json(path: str | os.PathLike[str]) -> Any:
    """Load a JSON file."""
    return _loader(".json")(Path(path))


def load_yaml(path: str | os.PathLike[str]) -> Any:
    """Load a YAML file with the safe loader."""
    return _loader(".yaml")(Path(path))


def load_txt(path: str | os.PathLike[str]) -> str:
    """Load a text file."""
    return _loader(".txt")(Path(path))


def load_html(path: str | os.PathLike[str]) -> Path | None:
    """Show a web page in a notebook; elsewhere the path is returned."""
    return _loader(".html")(Path(path))


def load_image(path: str | os.PathLike[str]) -> Path | None:
    """Show a picture in a notebook; elsewhere the path is returned."""
    return _loader(".png")(Path(path))


def load_svg(path: str | os.PathLike[str]) -> Path | None:
    """Show a vector graphic in a notebook; elsewhere the path is returned."""
    return _loader(".svg")(Path(path))


def load_rds(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file of the R language, and say what reads it."""
    return _loader(".rds")(Path(path))


#: suffix -> function that loads a path
FILE_LOADERS: Mapping[str, Callable[..., Any]] = _Loaders()


def __getattr__(name: str) -> Any:
    if name == "SUPPORTED_SUFFIXES":
        return [suffix for suffix in _loaded_suffixes() if suffix != ".rds"]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
