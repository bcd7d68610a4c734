"""Keys of artifacts: what is a valid key, and where in a storage location an artifact lies."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from typing import Any

from lamindb.errors import InvalidArgument

MANAGED_FOLDER = ".lamindb"
MAX_KEY_LENGTH = 1024
STEM_LENGTH = 16


def check_key(key: str) -> str:
    """Return the key in Unicode normal form C.

    Raises:
        ValueError: if the key could leave the storage root, is not a relative posix path, or is too long.
    """
    if not isinstance(key, str):
        raise TypeError(f"key must be a str, not {type(key).__name__} {key!r}")
    try:
        key.encode()
    except UnicodeEncodeError:
        raise ValueError(
            f"{os.fsencode(key)[:100]!r} is not a valid key: it is not valid UTF-8. Pass a key of valid characters, such as 'raw/counts.csv'."
        ) from None
    key = unicodedata.normalize("NFC", key)
    problem = _problem_of(key)
    if problem is not None:
        raise ValueError(
            f"{key[:100]!r} is not a valid key: {problem}. A key is a relative path such as 'raw/counts.csv'."
        )
    return key


def check_real_key(key: str) -> None:
    """Refuse the name of a file in a storage location that can't be a key; it is stored as it is on disk, in no normal form.

    Raises:
        InvalidArgument: if the name isn't valid UTF-8, or no key for another reason.
    """
    try:
        key.encode()
    except UnicodeEncodeError:
        raise InvalidArgument(
            f"The file name {os.fsencode(key)!r} is not valid UTF-8, so it can't be a key: rename the file, or pass key=…"
        ) from None
    problem = _problem_of(key)
    if problem is not None:
        raise InvalidArgument(f"The name of {key[:100]!r} can't be a key: {problem}. Rename it, or pass key=…")


def _problem_of(key: str) -> str | None:
    if not key:
        return "it is empty"
    if len(key) > MAX_KEY_LENGTH:
        return f"it has {len(key)} characters, at most {MAX_KEY_LENGTH} can be stored"
    if any(ord(character) < 32 or ord(character) == 127 for character in key):
        return "it holds a control character"
    if "\\" in key:
        return "it holds a backslash; use '/' between folders"
    if key.startswith("/"):
        return "it starts with '/'"
    segments = key.split("/")
    if MANAGED_FOLDER in segments:
        return f"'{MANAGED_FOLDER}/' is where lamindb itself manages storage; do not pass a key that contains a managed storage path"
    if any(segment in (".", "..") for segment in segments):
        return "'.' and '..' are not allowed"
    if "" in segments:
        return "it has an empty part between two '/'"
    if any(len(segment.encode()) > 255 for segment in segments):
        return "one of its parts has more than 255 bytes"
    return None


def storage_key(artifact: Any) -> str:
    """Return the key under which the bytes of an artifact lie in its storage location."""
    if artifact._real_key is not None:
        return artifact._real_key
    if artifact.key is None or artifact._key_is_virtual:
        uid = artifact.uid[:STEM_LENGTH] if artifact._overwrite_versions else artifact.uid
        return f"{MANAGED_FOLDER}/{uid}{artifact.suffix}"
    return artifact.key


def relative_key(path: Path, root: str) -> str:
    """Return the key that a path inside of a storage root has."""
    return path.relative_to(root).as_posix()


def check_suffix(key: str, suffix: str, *, is_object: bool) -> None:
    """Raise `InvalidArgument` unless the key ends in the suffix of the data, a path or an object in memory that was written."""
    from lamindb.storage.suffixes import infer_suffix, stored_suffix

    of_key = infer_suffix(key)
    if suffix in (of_key, stored_suffix(of_key)):
        return
    if is_object:
        raise InvalidArgument(suffix_mismatch(of_key, suffix))
    raise InvalidArgument(f"The passed path's suffix '{suffix}' must match the passed key's suffix '{of_key}'.")


def suffix_mismatch(of_key: str, of_path: str) -> str:
    """Return what is wrong when the key of an object in memory has another suffix than it is written with."""
    return f"The passed key's suffix '{of_key}' must match the passed path's suffix '{of_path}'."
