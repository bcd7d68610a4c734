"""Which instance is current: the environment variable, else the marker of the working directory, else the user's default."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup.errors import InstanceNotFoundError
from lamindb.setup.identifiers import parse_identifier
from lamindb.setup.instance import InstanceSettings, load_instance
from lamindb.setup.user import read_current_handle

ENVIRONMENT_VARIABLE = "LAMIN_CURRENT_INSTANCE"


@dataclass(frozen=True)
class Resolution:
    """The current instance and what made it so."""

    instance: InstanceSettings
    source: Literal["environment", "marker", "default"]


@dataclass(frozen=True)
class DirectoryMarker:
    """A directory that names its instance."""

    path: Path
    slug: str

    @property
    def folder(self) -> Path:
        """The marked directory."""
        return self.path.parent.parent


def resolve_instance() -> Resolution | None:
    """Return the current instance, or `None` if nothing is configured. Reads files only.

    Raises:
        InstanceNotFoundError: if `LAMIN_CURRENT_INSTANCE` names an unknown instance; another one is never used in its place.
        SettingsEnvFileOutdated: if the settings file can't be used.
    """
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return Resolution(_load_named(named), "environment")
    marker = find_marker()
    if marker is not None:
        instance = _load_marked(marker)
        if instance is not None:
            return Resolution(instance, "marker")
    instance = load_instance(files.current_instance_file())
    return None if instance is None else Resolution(instance, "default")


def find_marker(start: Path | None = None) -> DirectoryMarker | None:
    """Return the nearest marker, searching a directory (default: the working directory) and its parents, the home directory excepted."""
    try:
        folder = (start or Path.cwd()).absolute()
    except FileNotFoundError:  # the working directory was deleted
        return None
    home = files.home()
    for candidate in (folder, *folder.parents):
        if candidate == home:
            continue
        path = files.marker_file(candidate)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        return DirectoryMarker(path, text.strip())
    return None


def load_known(identifier: str) -> InstanceSettings | None:
    """Return an instance of which this user has a settings file, or `None`.

    Raises:
        ValueError: if `identifier` is none.
    """
    owner, name = parse_identifier(identifier, read_current_handle())
    return load_instance(files.instance_file(owner, name))


def known_slugs() -> list[str]:
    """Return the slugs of all instances that this user has settings files of."""
    prefix = f"{files.environment_prefix()}instance--"
    names = (path.name.removeprefix(prefix).removesuffix(".env") for path in files.known_instance_files())
    return ["/".join(name.split("--", 1)) for name in names]


def not_found_message(identifier: str, reason: str) -> str:
    """Say that an instance was not found, why, and which known names are similar."""
    import difflib

    near = difflib.get_close_matches(identifier, known_slugs(), n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"{identifier!r} not found: {reason!r}.{hint}"


def _load_named(named: str) -> InstanceSettings:
    try:
        slug = parse_identifier(named, read_current_handle())
    except ValueError as error:
        raise InstanceNotFoundError(f"{ENVIRONMENT_VARIABLE} can't be used: {error}") from error
    instance = load_instance(files.instance_file(*slug))
    if instance is None:
        raise InstanceNotFoundError(
            f"{not_found_message(str(slug), 'instance-not-found')} It is named by the environment variable {ENVIRONMENT_VARIABLE}: "
            f"unset it, or connect the instance once by its path or database URL: lamin connect <path or URL>"
        )
    return instance


def _load_marked(marker: DirectoryMarker) -> InstanceSettings | None:
    try:
        slug = parse_identifier(marker.slug, read_current_handle())
    except ValueError:
        logger.warning(f"ignored {marker.path}, because {marker.slug!r} is no name of an instance")
        return None
    instance = load_instance(files.instance_file(*slug))
    if instance is None:
        logger.warning(
            f"ignored {marker.path}, because it names the unknown instance {str(slug)!r}; to remove it: lamin disconnect --here"
        )
    return instance
