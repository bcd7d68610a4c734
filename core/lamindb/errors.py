"""Public error classes of lamindb.

`ObjectDoesNotExist` (alias `DoesNotExist`) and `MultipleObjectsReturned` (alias `MultipleResultsFound`) are Django's own classes, loaded on first use.
"""

from __future__ import annotations

from typing import Any


class ValidationError(Exception):
    """A value or dataset does not meet its rules."""


class InvalidArgument(Exception):
    """An argument is not valid in this call."""


class DtypeError(ValidationError, ValueError):
    """A text is no dtype, or a dtype can't be used where it is.

    Attributes:
        text: what was read; empty if the dtype itself is a good one.
        position: index of the character that does not fit.
    """

    def __init__(self, message: str, text: str = "", position: int = 0) -> None:
        super().__init__(message)
        self.text = text
        self.position = position


class FieldValidationError(ValidationError, TypeError, ValueError):
    """A constructor was called with missing, unknown or invalid field values."""


class IntegrityError(Exception):
    """Saving would break an invariant, such as one latest version per family."""


class NoWriteAccess(Exception):
    """The connection, space or record does not permit writing."""


class TrackNotCalled(Exception):
    """An operation needs a run, but `ln.track()` was not called."""


class NotebookNotSaved(Exception):
    """The notebook has unsaved changes."""


class UnknownStorageLocation(Exception):
    """A path is in no registered storage location."""


class NoStorageLocationForSpace(Exception):
    """A space has no storage location to write to."""


class InconsistentKey(Exception):
    """A key contradicts the path or suffix of its data."""


class MissingContextUID(Exception):
    """The run context has no uid for the transform."""


class UpdateContext(Exception):
    """The run context is out of date."""


class BlobHashNotFound(Exception):
    """The source file is not in the git history."""


class FileNotInDevDir(Exception):
    """A file is outside of the development directory."""


class BranchAlreadyExists(Exception):
    """A branch with this name or uid exists."""


_DJANGO = {
    "ObjectDoesNotExist": "ObjectDoesNotExist",
    "DoesNotExist": "ObjectDoesNotExist",
    "MultipleObjectsReturned": "MultipleObjectsReturned",
    "MultipleResultsFound": "MultipleObjectsReturned",
    "FieldError": "FieldError",
}
#: Errors of the plugin system, which live beside it.
_PLUGINS = ("MissingPluginError", "PluginConflictError", "PluginImportError")


def __getattr__(name: str) -> Any:
    if name in _DJANGO:
        from django.core import exceptions

        return getattr(exceptions, _DJANGO[name])
    if name in _PLUGINS:
        from lamindb.plugins import errors as plugin_errors

        return getattr(plugin_errors, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
