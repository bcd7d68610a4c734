"""Log in and out: who works here. An identity is local, no account is needed."""

from __future__ import annotations

from typing import Any

from lamindb.base.logging import logger
from lamindb.setup import settings_files as files
from lamindb.setup.errors import HubNotAvailable
from lamindb.setup.settings_singleton import settings
from lamindb.setup.user import UserSettings, load_user, new_user


def login(
    user: str | None = None, *, api_key: str | None = None, name: str | None = None, **kwargs: Any
) -> UserSettings:
    """Say who works here. The same handle has the same uid each time and on every machine.

    Args:
        user: handle, or an e-mail address whose first part becomes the handle.
        api_key: key of a hub account, of which there is none here.
        name: full name.

    Returns:
        The identity, which records are created by from now on.

    Raises:
        ValueError: for a handle with characters that handles can't have, or both `user` and `api_key`.
        HubNotAvailable: without `user`, because an API key needs the hub.

    Example:
        >>> ln.setup.login("ada", name="Ada Lovelace")  # doctest: +SKIP
    """
    if "key" in kwargs:
        kwargs.pop("key")
        logger.warning("the key has no effect: a local identity needs none")
    if kwargs:
        raise TypeError(f"login() has no argument {', '.join(map(repr, kwargs))}: it takes user, name and api_key")
    if user is not None and api_key is not None:
        raise ValueError(
            "Pass either a user or an api_key, not both: login(user) sets a local identity and needs no key"
        )
    if user is None:
        raise HubNotAvailable(
            "Logging in with an API key",
            "set a local identity by its handle: lamin login <handle> [--name <full name>]",
        )
    account = _known_or_new(user.strip(), name)
    account.save(files.user_file(account.handle))
    if account.email:
        account.save(files.user_file(account.email))
    account.save(files.current_user_file())
    settings.forget_user()
    logger.success(f"logged in {account.handle}")
    _register_in_database()
    return account


def logout() -> None:
    """Become anonymous; the identity is kept for the next `login`."""
    import os

    if os.environ.get("LAMIN_API_KEY"):
        logger.warning("LAMIN_API_KEY is still set in this environment")
    path = files.current_user_file()
    account = load_user(path)
    path.unlink(missing_ok=True)
    settings.forget_user()
    if account is None or account.is_anonymous:
        logger.important("already logged out")
    else:
        logger.important("logged out")


def _known_or_new(user: str, name: str | None) -> UserSettings:
    if user == "anonymous":
        raise ValueError("'anonymous' is who nobody logged in as: choose another handle, or call logout()")
    account = load_user(files.user_file(user)) if "/" not in user else None
    if account is None:
        handle, at, _ = user.partition("@")
        account = load_user(files.user_file(handle)) if at else None
        account = account or new_user(handle, email=user if at else None)
        account.email = account.email or (user if at else None)
    if name is not None:
        account.name = name
    return account


def _register_in_database() -> None:
    from lamindb.setup import _django

    if not (_django.is_ready() and settings.is_configured):
        return
    from django.db import DatabaseError

    try:
        settings.current_user_id()
    except DatabaseError as error:
        logger.warning(f"the user could not be registered in {settings.instance.slug}: {error}")
