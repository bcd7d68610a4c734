"""The development folder of an instance, and the marker with which a working directory names its instance."""

from __future__ import annotations

import os
from pathlib import Path

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup.instance import InstanceSettings
from lamindb.setup.resolve import find_marker


def get_dev_dir(instance: InstanceSettings) -> Path | None:
    """Return the marked directory around the working directory if it names the instance, else the stored one."""
    marker = find_marker()
    if marker is not None and marker.slug == instance.slug:
        return marker.folder
    stored = files.read_text(files.dev_dir_file(instance.owner, instance.name))
    return Path(stored.strip()) if stored and stored.strip() else None


def dev_dir_of(instance: InstanceSettings, file: Path) -> Path | None:
    """Return the development folder that keys of a file are relative to: the nearest one of the instance around it, else the current one.

    Args:
        instance: the instance; it may have several development folders.
        file: absolute path, which need not exist.
    """
    marker = find_marker(file.parent)
    if marker is not None and marker.slug == instance.slug:
        return marker.folder
    return get_dev_dir(instance)


def add_dev_dir(instance: InstanceSettings, value: str | os.PathLike[str]) -> Path:
    """Mark one more directory as development folder of an instance; the others stay. Return it.

    Raises:
        OSError: if the directory can't be written.
        ValueError: if the directory is marked for another instance.
    """
    folder = Path(value).expanduser().resolve()
    marked = (files.read_text(files.marker_file(folder)) or "").strip()
    if marked not in ("", instance.slug):
        raise ValueError(
            f"{folder} is the dev-dir of the instance {marked}: call lamin disconnect --here there first, or name another folder"
        )
    stored_in = files.dev_dir_file(instance.owner, instance.name)
    files.write_text(files.marker_file(folder), instance.slug, mode=0o644)
    if files.read_text(stored_in) is None:
        files.write_text(stored_in, folder.as_posix())
    return folder


def set_dev_dir(instance: InstanceSettings, value: str | os.PathLike[str] | None) -> None:
    """Mark a directory as the development folder of an instance, and unmark the previous one; `None` only unmarks.

    Raises:
        ValueError: for the home directory, whose `.lamin` folder holds the settings: a marker there would count everywhere below.
        OSError: if the directory can't be written.
    """
    if value is not None:
        check_not_home(value, instance.slug)
    stored_in = files.dev_dir_file(instance.owner, instance.name)
    previous = files.read_text(stored_in)
    if value is not None:
        folder = Path(value).expanduser().resolve()
        files.write_text(files.marker_file(folder), instance.slug, mode=0o644)
        files.write_text(stored_in, folder.as_posix())
    elif previous is None:
        marker = find_marker()
        previous = marker.folder.as_posix() if marker is not None and marker.slug == instance.slug else None
    if previous is not None and (value is None or Path(previous) != folder):
        remove_marker(Path(previous), instance.slug)
    if value is None:
        stored_in.unlink(missing_ok=True)


def check_not_home(folder: str | os.PathLike[str], slug: str) -> None:
    """Raise if a folder is the home directory.

    Raises:
        ValueError: then, with what to do instead.
    """
    home = files.home()
    if home is not None and Path(folder).expanduser().resolve() == home.resolve():
        raise ValueError(
            f"{folder} is the home directory, which can't be a development folder: choose a folder in it, or, to use {slug} everywhere, "
            f"run: lamin connect {slug}"
        )


def check_not_of_another_instance(slug: str) -> None:
    """Raise if the working directory lies in the development folder of another instance than `slug`.

    Raises:
        ConnectWithinDevDirError: then, with what to do.
    """
    from lamindb.setup.errors import ConnectWithinDevDirError

    marker = find_marker()
    if marker is not None and marker.slug != slug:
        raise ConnectWithinDevDirError(slug, marker.slug, marker.folder)


def remove_marker(folder: Path, slug: str | None = None) -> bool:
    """Remove the marker of a directory (if `slug` is given: only one that names it) and the folder it leaves empty.

    Returns:
        Whether there was one.
    """
    path = files.marker_file(folder)
    text = files.read_text(path)
    if text is None or (slug is not None and text.strip() != slug):
        return False
    path.unlink(missing_ok=True)
    try:
        path.parent.rmdir()
    except OSError:
        pass  # it holds other things
    return True


def disconnect_here() -> None:
    """Remove the nearest marker upwards, and with it the development folder of the instance it names."""
    marker = find_marker()
    if marker is None:
        logger.info("no local instance marker found")
        return
    owner, _, name = marker.slug.partition("/")
    stored_in = files.dev_dir_file(owner, name)
    stored = files.read_text(stored_in)
    if files.read_text(files.instance_file(owner, name)) is None:
        logger.warning(
            f"the marker of {marker.folder} names the unknown instance {marker.slug!r}; removed the marker only"
        )
    elif stored is not None and Path(stored.strip()) == marker.folder:
        stored_in.unlink(missing_ok=True)
    remove_marker(marker.folder)
    logger.important(f"removed the instance marker of {marker.folder}")
