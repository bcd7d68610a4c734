"""Opens HDF5 files and zarr groups, local or remote, compressed or not, and says what their root holds."""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

#: Local path, or a path of universal-pathlib.
AnyPath: TypeAlias = Any

_HDF5_MODES = ("r", "r+", "a", "w", "w-")
_ZARR_MODES = ("r", "r+")


@dataclass
class BackedAccessor:
    """An open HDF5 file or zarr group.

    Attributes:
        connection: the open remote or unpacked file under an HDF5 file, else `None`.
        storage: `h5py.File` or `zarr.Group`.

    Example:
        >>> with artifact.open() as backed:  # doctest: +SKIP
        ...     backed.storage["counts"][:10]
    """

    connection: Any
    storage: Any
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    @property
    def closed(self) -> bool:
        """Whether the store was closed."""
        return self._stack is None

    def close(self) -> None:
        """Close the store and what is under it; a second call does nothing."""
        if self._stack is not None:
            stack, self._stack = self._stack, None  # type: ignore[assignment]
            stack.close()

    def __enter__(self) -> BackedAccessor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_zarr(path: AnyPath) -> bool:
    """Tell by its name whether a path is a zarr store."""
    return str(path).rstrip("/").endswith(".zarr")


def open_store(path: AnyPath, mode: str = "r", *, compression: str | None = "infer") -> BackedAccessor:
    """Open an HDF5 file or a zarr group.

    Args:
        path: local or remote path; its suffix tells which of both it is, unless it is a folder.
        mode: `"r"` or `"r+"`, for HDF5 also `"a"`, `"w"`, `"w-"`.
        compression: `"infer"` unpacks `.gz` and `.tar.gz` by suffix; `None` takes the file as it is.

    Raises:
        FileNotFoundError: if there is nothing at the path.
        OSError: if it is no HDF5 file.
        ValueError: for another mode.
    """
    if is_zarr(path) or (isinstance(path, Path) and path.is_dir()):
        return _open_zarr(path, mode)
    return open_hdf5(path, mode, compression=compression)


def open_hdf5(path: AnyPath, mode: str = "r", *, compression: str | None = "infer") -> BackedAccessor:
    """Open an HDF5 file; a compressed one is unpacked into a temporary file first, which closing removes."""
    import h5py

    if mode not in _HDF5_MODES:
        raise ValueError(f"HDF5 files are opened with mode {', '.join(map(repr, _HDF5_MODES))}, not {mode!r}")
    stack = ExitStack()
    try:
        connection = None
        if compression == "infer" and str(path).endswith(".gz"):
            if mode != "r":
                raise ValueError(f"A compressed file is opened with mode='r' only, not {mode!r}")
            connection = stack.enter_context(_unpacked(path))
        elif not isinstance(path, (str, os.PathLike)) or _is_remote(path):
            connection = stack.enter_context(path.open("rb" if mode == "r" else f"{mode.rstrip('+')}b+"))
        storage = stack.enter_context(h5py.File(connection if connection is not None else str(path), mode=mode))
        return BackedAccessor(connection, storage, stack)
    except BaseException:
        stack.close()
        raise


def _open_zarr(path: AnyPath, mode: Any) -> BackedAccessor:
    import zarr
    from zarr.storage import FsspecStore

    if mode not in _ZARR_MODES:
        raise ValueError(f"zarr stores are opened with mode 'r' or 'r+', not {mode!r}")
    # what describes the whole store at one place is left aside while it is changed
    consolidated: dict[str, Any] = {} if mode == "r" else {"use_consolidated": False}
    if not _is_remote(path):
        if not Path(path).exists():
            raise FileNotFoundError(f"There is no zarr store at {path}")
        return BackedAccessor(None, zarr.open_group(str(path), mode=mode, **consolidated))
    store = FsspecStore.from_mapper(path.fs.get_mapper(path.path), read_only=mode == "r")
    return BackedAccessor(None, zarr.open_group(store=store, mode=mode, **consolidated))


def _is_remote(path: AnyPath) -> bool:
    return not isinstance(path, (str, Path)) and getattr(path, "protocol", "") not in ("", "file", "local")


def _unpacked(path: AnyPath) -> Any:
    """Return an open temporary file with what a `.gz` or `.tar.gz` file holds."""
    unpacked = tempfile.TemporaryFile(prefix="lamindb-")  # noqa: SIM115 (the caller closes it)
    try:
        with path.open("rb") if hasattr(path, "open") else open(path, "rb") as packed:
            if str(path).endswith(".tar.gz"):
                with tarfile.open(fileobj=packed, mode="r:gz") as archive:
                    member = next((found for found in archive if found.isfile()), None)
                    content = archive.extractfile(member) if member is not None else None
                    if content is None:
                        raise OSError(f"{path} holds no file")
                    shutil.copyfileobj(content, unpacked, 1 << 20)
            else:
                with gzip.GzipFile(fileobj=packed) as plain:
                    shutil.copyfileobj(plain, unpacked, 1 << 20)
        unpacked.seek(0)
    except BaseException:
        unpacked.close()
        raise
    return unpacked


def attributes_of(path: AnyPath) -> dict[str, Any]:
    """Return the attributes of the root of a store, without opening arrays."""
    with open_store(path) as backed:
        return dict(backed.storage.attrs)


def holds_anndata(path: AnyPath) -> bool:
    """Tell from its content whether an HDF5 file or zarr store is an AnnData; old files without attributes count, too."""
    return _tells(path, is_anndata)


def holds_arrays(path: AnyPath) -> bool:
    """Tell whether a path is an HDF5 file or zarr group, of whatever content."""
    return _tells(path, lambda root: True)


def is_anndata(root: Any) -> bool:
    """Tell whether an open HDF5 file or zarr group is an AnnData."""
    encoding = root.attrs.get("encoding-type")
    if encoding is not None:
        return bool(encoding == "anndata")
    # before anndata 0.8 the root had no attributes
    return "obs" in root and "var" in root and "X" in root and "mod" not in root


def _tells(path: AnyPath, question: Callable[[Any], bool]) -> bool:
    try:
        with open_store(path) as backed:
            return question(backed.storage)
    except Exception:
        return False  # what can't be opened is something else, and whoever loads it says what is wrong
