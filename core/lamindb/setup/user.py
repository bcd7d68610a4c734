"""The person who works here: a local identity with handle, name and uid."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup.errors import SettingsEnvFileOutdated
from lamindb.setup.identifiers import ANONYMOUS, base62_of_bytes

ANONYMOUS_UID = "00000000"
_PREFIX = "lamin_user_"
_KEYS = ("email", "password", "access_token", "uid", "uuid", "handle", "name", "api_key")
_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,29}")


@dataclass
class UserSettings:
    """The current user: the local identity that records are created by."""

    handle: str = ANONYMOUS
    email: str | None = None
    api_key: str | None = None
    password: str | None = None
    access_token: str | None = None
    uid: str = "null"
    _uuid: UUID | None = None
    name: str | None = None

    @property
    def id(self) -> int:
        """The id of this user's row in the connected instance; the row is inserted if it is missing."""
        from lamindb.setup.settings_singleton import settings

        return settings.current_user_id()

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody has logged in."""
        return self.uid == ANONYMOUS_UID

    def __repr__(self) -> str:
        return f"Current user:\n - handle: {self.handle}\n - uid: {self.uid}"

    def save(self, path: Path) -> None:
        """Write the account to a settings file."""
        values: dict[str, Any] = {f"{_PREFIX}{key}": getattr(self, "_uuid" if key == "uuid" else key) for key in _KEYS}
        files.write_dotenv(path, values)


def anonymous_user() -> UserSettings:
    """Return the user that works here as long as nobody logs in."""
    return UserSettings(handle=ANONYMOUS, uid=ANONYMOUS_UID)


def new_user(handle: str, name: str | None = None, email: str | None = None) -> UserSettings:
    """Return a local identity; its uid follows from the handle, so the same person has the same uid on every machine.

    Raises:
        ValueError: if the handle has other characters than letters, digits, `-`, `_` and `.`, or more than 30.
    """
    if not _HANDLE.fullmatch(handle):
        raise ValueError(
            f"{handle!r} can't be a handle: use up to 30 letters, digits, '-', '_' or '.', starting with a letter or digit"
        )
    digest = hashlib.sha256(f"lamindb-local-user:{handle}".encode()).digest()
    return UserSettings(
        handle=handle, name=name, email=email, uid=base62_of_bytes(digest)[:8], _uuid=UUID(bytes=digest[:16])
    )


def load_user(path: Path) -> UserSettings | None:
    """Return the account in a settings file, or `None` if there is no file.

    Raises:
        SettingsEnvFileOutdated: if a key is missing or can't be read.
    """
    values = files.read_dotenv(path)
    if values is None:
        return None
    try:
        fields = {key: values[f"{_PREFIX}{key}"] for key in _KEYS if key != "api_key"}
        uuid = fields.pop("uuid")
        return UserSettings(
            **{key: value for key, value in fields.items() if value is not None},  # type: ignore[arg-type]
            _uuid=UUID(uuid) if uuid else None,
            api_key=values.get(f"{_PREFIX}api_key"),
        )
    except (KeyError, ValueError) as error:
        raise SettingsEnvFileOutdated(
            f"{path} can't be used ({error!r}): delete it, then run lamin login <handle>"
        ) from error


def known_users() -> list[UserSettings]:
    """Return the accounts that have logged in here."""
    folder, prefix = files.settings_dir(), files.environment_prefix()
    found = (load_user(path) for path in sorted(folder.glob(f"{prefix}user--*.env")))
    return [user for user in found if user is not None]


def read_current_handle() -> str:
    """Return the handle of the current user without creating any file."""
    user = load_user(files.current_user_file())
    return ANONYMOUS if user is None else user.handle


def load_or_create_user() -> UserSettings:
    """Return the current user; the first time, the anonymous one is written to the settings folder.

    Raises:
        RuntimeError: if a stored user has no uid.
    """
    import os

    user = load_user(files.current_user_file())
    if user is None:
        user = anonymous_user()
        if os.environ.get("LAMIN_API_KEY"):
            logger.warning(
                "LAMIN_API_KEY has no effect, because the hub is not available here; call: lamin login <handle>"
            )
        logger.warning("using anonymous user (to identify, call: lamin login <handle>)")
        try:
            user.save(files.current_user_file())
        except OSError as error:  # being anonymous needs no file
            logger.warning(str(error))
    if not user.uid or user.uid == "null":
        raise RuntimeError("Need to login, first: lamin login <handle> (the stored user has no uid)")
    return user
