"""Where the files of examples come from: the cache, else what this package makes, else a mirror that the user names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

#: Folder or http(s) URL that holds example files under their names.
MIRROR = "LAMINDB_EXAMPLES_MIRROR"
_TIMEOUT_SECONDS = 10


class ExampleUnavailable(ConnectionError):
    """The file of an example is neither in the cache nor can it be fetched."""


def cached_file(name: str) -> Path:
    """Return where in the cache the file of an example lies, or would lie."""
    from lamindb.setup import settings

    return Path(settings.cache_dir) / "examples" / name


def placed(name: str, make: Callable[[Path], object] | None = None, folder: Path | str = ".") -> Path:
    """Put the file of an example into a folder.

    Args:
        name: file name.
        make: writes the file; `None` if only others have it.
        folder: where to put it.

    Returns:
        Path of the file: the cached one is copied, else `make` writes it, else it is fetched into the cache first.

    Raises:
        ExampleUnavailable: if nobody has it; the message names the path where it can be placed by hand.
    """
    target, cached = Path(folder) / Path(name).name, cached_file(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not cached.exists() and make is not None:
        make(target)
        return target
    if not cached.exists():
        fetch(name)
    shutil.copyfile(cached, target)
    return target


def fetch(name: str) -> Path:
    """Fetch a file from the mirror into the cache, under a temporary name first.

    Raises:
        ExampleUnavailable: if there is no mirror, or it doesn't have the file.
    """
    cached, mirror = cached_file(name), os.environ.get(MIRROR)
    by_hand = f"Place the file by hand at {cached}, or set {MIRROR} to a folder or URL that holds it"
    if not mirror:
        raise ExampleUnavailable(
            f"The example file {name!r} does not ship with lamindb and is not in the cache. {by_hand}."
        )
    cached.parent.mkdir(parents=True, exist_ok=True)
    partial = cached.with_name(f"{cached.name}.{os.getpid()}.part")
    try:
        _copy(f"{mirror.rstrip('/')}/{name}", partial)
        os.replace(partial, cached)
    except OSError as error:
        raise ExampleUnavailable(
            f"The example file {name!r} can't be fetched from {mirror}: {error}. {by_hand}."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return cached


def _copy(source: str, target: Path) -> None:
    if "://" not in source:
        shutil.copyfile(source, target)
        return
    if not source.startswith(("http://", "https://")):
        raise OSError("only folders and http(s) URLs can be mirrors")
    from urllib.request import urlopen

    with urlopen(source, timeout=_TIMEOUT_SECONDS) as response, target.open("wb") as file:
        shutil.copyfileobj(response, file)
