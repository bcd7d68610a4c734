"""Errors of setting up, finding and connecting instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamindb.errors import NoWriteAccess

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "ApiKeyError",
    "ApiKeyExpired",
    "ApiKeyNotFound",
    "CannotSwitchDefaultInstance",
    "ConnectWithinDevDirError",
    "CurrentInstanceNotConfigured",
    "HubNotAvailable",
    "InstanceCorrupted",
    "InstanceLockedException",
    "InstanceNotCreated",
    "InstanceNotFoundError",
    "ModuleWasntConfigured",
    "NoAccessTokenError",
    "NoReadAccess",
    "NoWriteAccess",
    "SettingsEnvFileOutdated",
    "StorageAlreadyManaged",
    "StorageNotEmpty",
]

_NO_INSTANCE = """No instance is connected! Call
- CLI:     lamin connect <owner/name>  /  lamin init --storage <folder>
- Python:  ln.connect("owner/name")  /  ln.setup.init(storage="folder")
- R:       ln$connect("owner/name")  /  ln$setup$init(storage = "folder")"""


class CurrentInstanceNotConfigured(Exception):
    """A query or save needs an instance, but none is connected."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or _NO_INSTANCE)


class ModuleWasntConfigured(Exception):
    """A schema module is used that is not among the modules of the instance or environment."""

    def __init__(self, module: str, instance_slug: str | None = None) -> None:
        self.module = module
        where = (
            f"instance {instance_slug!r}" if instance_slug else "this environment, in which no instance is connected"
        )
        then = (
            f"add it to the instance: ln.setup.add_modules({module!r}); for environments without instance: lamin settings modules set {module}"
            if instance_slug
            else f"add it: lamin settings modules set {module}"
        )
        super().__init__(f"{module!r} wasn't configured: it is not among the schema modules of {where} -> {then}")


class StorageAlreadyManaged(Exception):
    """The storage root belongs to another instance."""


class StorageNotEmpty(Exception):
    """Something is left in a storage location that is to be deleted."""


class InstanceNotFoundError(Exception):
    """No instance answers to the name, path or URL."""


class InstanceCorrupted(InstanceNotFoundError):
    """The database of the instance is there, but it is damaged or holds no tables of lamindb."""


class InstanceNotCreated(Exception):
    """The instance could not be set up, for instance because its storage can't be written."""


class InstanceLockedException(NoWriteAccess):
    """Somebody else has locked the SQLite database of the instance, which lies in a bucket."""


class SettingsEnvFileOutdated(Exception):
    """A settings file lacks a key or can't be read."""


class CannotSwitchDefaultInstance(Exception):
    """A run is being tracked, so its instance can't be exchanged."""


class ConnectWithinDevDirError(Exception):
    """The command line is asked for one instance within the development folder of another, which would stay in force there."""

    def __init__(self, slug: str, marked: str, folder: Path) -> None:
        super().__init__(
            f"can't connect to {slug}: this is the dev-dir of instance {marked} ({folder}) -> "
            "cd into another directory, or run: lamin disconnect --here"
        )


class NoAccessTokenError(RuntimeError):
    """A call needs an account of the hub."""


class HubNotAvailable(NoAccessTokenError):
    """The call needs the hub of LaminDB, which this implementation works without."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(f"{what} needs the hub, which is not available here: {instead}")


class ApiKeyError(NoAccessTokenError):
    """An API key of the hub is of no use; not raised without a hub, but code that catches it can import it."""


class ApiKeyExpired(ApiKeyError):
    """An API key of the hub is too old."""


class ApiKeyNotFound(ApiKeyError):
    """The hub does not know an API key."""


class NoReadAccess(Exception):
    """The location or connection can't be read."""


def __getattr__(name: str) -> object:
    if name.startswith("__"):  # every `from` import asks for `__path__`
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import difflib

    known = [key for key, value in globals().items() if isinstance(value, type)]
    near = difflib.get_close_matches(name, known, n=1)
    raise AttributeError(
        f"module {__name__!r} has no attribute {name!r}" + (f". Did you mean {near[0]}?" if near else "")
    )
