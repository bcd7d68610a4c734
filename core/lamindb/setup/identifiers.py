"""Names of instances: `owner/name`, a bare name, or an address of the hub; and the ids that belong to them."""

from __future__ import annotations

import hashlib
import os
import re
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from lamindb.base.uids import BASE62_ALPHABET

HUB_PREFIX: Final = "https://lamin.ai/"
ANONYMOUS: Final = "anonymous"
NO_INSTANCE_SLUG: Final = "none/none"
_UID_LENGTH = 12
_HOST = re.compile(r"https://[^/]*/?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


class Slug(NamedTuple):
    """Owner and name of an instance."""

    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"


def parse_identifier(identifier: str, default_owner: str = ANONYMOUS) -> Slug:
    """Split an identifier into owner and name.

    Args:
        identifier: `owner/name`, `name`, or an address `https://<host>/owner/name`, whatever the host.
        default_owner: owner of a bare name.

    Raises:
        ValueError: for anything else.

    Example:
        >>> parse_identifier("https://lamin.ai/laminlabs/cellxgene")
        Slug(owner='laminlabs', name='cellxgene')
    """
    text = identifier.strip()
    host = _HOST.match(text)
    parts = (text if host is None else text[host.end() :]).rstrip("/").split("/")
    if len(parts) == 1 and host is None:
        parts = [default_owner, *parts]
    if len(parts) != 2 or not all(parts) or any(_is_bad_part(part) for part in parts):
        raise ValueError(
            f"{identifier!r} does not name an instance: pass 'owner/name', 'name' or '{HUB_PREFIX}owner/name'"
        )
    return Slug(*parts)


def check_name(name: str) -> str:
    """Return the name of a new instance if it is valid.

    Raises:
        ValueError: if it is empty or contains `/` or control characters.
    """
    if not name or "/" in name or _is_bad_part(name):
        raise ValueError(
            f"Invalid instance name {name!r}: it must not be empty nor contain '/', '\\' or control characters"
        )
    if len(os.fsencode(name)) > 150:
        raise ValueError(
            f"Invalid instance name: {len(name)} characters are too many for the name of a settings file, use at most 150"
        )
    return name


def new_instance_id() -> UUID:
    """Return a random id for a new instance; two instances never share one, even if they have the same owner and name."""
    return uuid4()


def instance_uid(instance_id: UUID) -> str:
    """Return the 12-character uid that belongs to an instance id.

    Example:
        >>> instance_uid(UUID("817c53f7a7bf5576b16ac500b25610b8"))
        '7TKL690EgOMy'
    """
    return base62_of_bytes(hashlib.md5(instance_id.hex.encode(), usedforsecurity=False).digest())[:_UID_LENGTH]


def base62_of_bytes(data: bytes) -> str:
    """Write bytes in base 62, with a prefix that keeps the number of leading zero bytes."""
    n_zeros = len(data) - len(data.lstrip(b"\0"))
    runs, rest = divmod(n_zeros, len(BASE62_ALPHABET) - 1)
    prefix = f"0{BASE62_ALPHABET[-1]}" * runs + (f"0{BASE62_ALPHABET[rest]}" if rest else "")
    number, digits = int.from_bytes(data), []
    while number:
        number, digit = divmod(number, 62)
        digits.append(BASE62_ALPHABET[digit])
    return prefix + "".join(reversed(digits))


def _is_bad_part(part: str) -> bool:
    return bool(_CONTROL.search(part)) or part in (".", "..") or part != part.strip()
