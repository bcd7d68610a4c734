"""From the path of a file or folder, or several, to the files of one table."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from lamindb.plugins.folders import data_files
from lamindb_dataframe.encodings import ENCODINGS, Encoding, suffix_of

#: A local path, URL or `UPath`.
AnyPath: TypeAlias = "str | os.PathLike[str] | Any"

#: Web servers list no folders: asking whether an object is one would download it.
_WITHOUT_FOLDERS = ("http", "https")


@dataclass(frozen=True)
class TableFiles:
    """The files of one table.

    Attributes:
        files: the files, `Path` or `UPath`, in the order of the paths.
        suffix: their suffix.
        folder: the folder that holds them, if the table was given as one folder.
    """

    files: tuple[Any, ...]
    suffix: str
    folder: Any = None

    @property
    def encoding(self) -> Encoding:
        """How the files are laid out."""
        return ENCODINGS[self.suffix]

    @property
    def filesystem(self) -> Any:
        """The fsspec file system of remote files, `None` for local ones."""
        return None if isinstance(self.files[0], Path) else self.files[0].fs

    @property
    def protocol(self) -> str:
        """Protocol of the paths, `""` for local ones."""
        return "" if isinstance(self.files[0], Path) else self.files[0].protocol

    def names(self, *, with_protocol: bool) -> list[str]:
        """Return the paths as text, remote ones as URLs or as their file system knows them."""
        if self.filesystem is None or with_protocol:
            return [str(file) for file in self.files]
        return [file.path for file in self.files]


def table_files(paths: AnyPath | Sequence[AnyPath], reader: str = "one table") -> TableFiles:
    """Find the files of a table.

    Args:
        paths: a file, a folder of files with one suffix, or several of them.
        reader: what is to read them, for messages.

    Raises:
        FileNotFoundError: if a local path does not exist.
        ValueError: if there is no file, or files of several kinds or file systems.
    """
    if isinstance(paths, (str, os.PathLike)) or hasattr(paths, "fs"):
        return _of_one(paths)
    parts = [_of_one(path) for path in paths]
    if not parts:
        raise ValueError("There is nothing to open: pass at least one path")
    if len({part.encoding.name for part in parts}) > 1 or len({part.encoding.delimiter for part in parts}) > 1:
        suffixes = ", ".join(sorted({part.suffix for part in parts}))
        raise ValueError(
            f"The artifacts in the collection have different file formats: {suffixes}. Files of several kinds can't be opened "
            "as one table: choose those of one kind"
        )
    stores = {(part.protocol, id(part.filesystem)): part.protocol or "local" for part in parts}
    if len(stores) > 1:
        raise ValueError(
            f"The collection has artifacts with different filesystems, this is not supported for {reader}: "
            f"{', '.join(sorted(set(stores.values())))}. Open the local copies instead, open_table(collection.cache()), "
            "or use engine='polars' with use_fsspec=True"
        )
    return TableFiles(tuple(file for part in parts for file in part.files), parts[0].suffix)


def _of_one(given: AnyPath) -> TableFiles:
    path = _as_path(given)
    if not _is_folder(path):
        suffix = suffix_of(path)
        if suffix is None:
            raise ValueError(f"{path.name!r} has no suffix of a table, which are {', '.join(ENCODINGS)}")
        return TableFiles((path,), suffix)
    files = [file for file in data_files(path) if "." in file.name]
    suffixes = {suffix_of(file) or file.suffix for file in files}
    if len(suffixes) != 1:
        found = f"files of several kinds: {', '.join(sorted(suffixes))}" if suffixes else "no file with a suffix"
        raise ValueError(f"The folder {str(path)!r} isn't one table, it holds {found}")
    (suffix,) = suffixes
    if suffix not in ENCODINGS:
        raise ValueError(
            f"The folder {str(path)!r} holds {suffix} files, which are no tables: those are {', '.join(ENCODINGS)}"
        )
    return TableFiles(tuple(files), suffix, path)


def _is_folder(path: Any) -> bool:
    if not isinstance(path, Path):
        return path.is_dir() if path.protocol not in _WITHOUT_FOLDERS else False
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)  # one question to the system for each of many files
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(f"There is no file or folder {str(path)!r}") from None


def _as_path(given: AnyPath) -> Any:
    if isinstance(given, Path) or hasattr(given, "fs"):
        return given
    from lamindb.storage.upath import local_or_remote

    return local_or_remote(given)
