"""Mixin for registries whose status is stored as a code and shown as a name."""

from __future__ import annotations

import difflib
from typing import ClassVar


class HasStatus:
    """Adds the property `status`; the registry gives the names and codes in `_status_codes`."""

    _status_codes: ClassVar[dict[str, int]]
    _default_status: ClassVar[str]
    _status_code: int

    @property
    def status(self) -> str:
        """The name of the status; unknown codes read as the status of a new record."""
        names = {code: name for name, code in self._status_codes.items()}
        return names.get(self._status_code, self._default_status)

    @status.setter
    def status(self, value: str) -> None:
        self._status_code = self.status_code(value)

    @classmethod
    def status_code(cls, name: str) -> int:
        """Return the code that is stored for a status.

        Raises:
            ValueError: for a name that is no status of this registry.

        Example:
            >>> ln.Branch.status_code("review")
            2
        """
        code = cls._status_codes.get(name) if isinstance(name, str) else None
        if code is not None:
            return code
        near = difflib.get_close_matches(str(name), cls._status_codes, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        expected = ", ".join(repr(known) for known in cls._status_codes)
        raise ValueError(f"Invalid {cls.__name__.lower()} status. Expected one of: {expected}. Not {name!r}.{hint}")
