"""Storage roots as text: one spelling for each location, its type, and how a path relates to a root."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

#: Folder below a root that holds everything that is managed there.
MANAGED_FOLDER: Final = ".lamindb"
#: protocol -> storage type; the order is that of the error message.
STORAGE_TYPES: Final = ("local", "gs", "s3", "hf", "http", "https")
_PROTOCOL = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
_ALIASES = {"file": "local", "local": "local", "gcs": "gs", "s3a": "s3"}
_DEFAULT_ENDPOINTS = frozenset({"https://s3.amazonaws.com", "http://s3.amazonaws.com"})


def storage_type_of(path: str | os.PathLike[str]) -> str:
    """Return the type of a location: `local`, or the protocol of its URL (`s3`, `gs`, `hf`, `http`, `https`, or another one of fsspec).

    Example:
        >>> storage_type_of("./data"), storage_type_of("s3://bucket/prefix")
        ('local', 's3')
    """
    match = _PROTOCOL.match(path_as_text(path))
    if match is None:
        return "local"
    protocol = match[1].lower()
    return _ALIASES.get(protocol, protocol)


def check_root(root: str | os.PathLike[str], more_types: tuple[str, ...] = ()) -> None:
    """Refuse locations that can't be a storage root.

    Args:
        root: path or URL.
        more_types: protocols that installed plugins add.

    Raises:
        ValueError: for a path inside a managed folder, or an unsupported protocol.
    """
    text = path_as_text(root)
    if MANAGED_FOLDER in text:
        raise ValueError(
            f'Please pass a folder name that does not end or contain "{MANAGED_FOLDER}", which lamindb manages itself: '
            f"{text!r} does; pass the folder above it"
        )
    found = storage_type_of(text)
    if found not in STORAGE_TYPES and found not in more_types:
        supported = ", ".join((*STORAGE_TYPES, *more_types))
        raise ValueError(f"Protocol {found} is not supported, valid protocols are {supported} (in {text!r})")


def normalize_root(root: str | os.PathLike[str]) -> str:
    """Return the one spelling under which a root is stored: absolute, without trailing slash, a default endpoint left out.

    Example:
        >>> normalize_root("s3://bucket/prefix/?endpoint_url=http://localhost:9000")
        's3://bucket/prefix?endpoint_url=http://localhost:9000'
    """
    text = path_as_text(root)
    if storage_type_of(text) == "local":
        return Path(_PROTOCOL.sub("", text)).expanduser().resolve().as_posix()
    base, _, query = text.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    endpoint = options.get("endpoint_url", "").rstrip("/")
    base = base.rstrip("/") if not base.endswith("://") else base
    if not endpoint or endpoint in _DEFAULT_ENDPOINTS:
        return base
    return f"{base}?{urlencode({'endpoint_url': endpoint}, safe=':/')}"


def join_root(root: str, key: str) -> str:
    """Return the URL or path of a key below a root; options of the root, such as its endpoint, stay at the end.

    Example:
        >>> join_root("s3://bucket/data?endpoint_url=http://localhost:9000", "x.csv")
        's3://bucket/data/x.csv?endpoint_url=http://localhost:9000'
    """
    base, mark, options = root.partition("?") if storage_type_of(root) != "local" else (root, "", "")
    return f"{base.rstrip('/')}/{key}{mark}{options}"


def split_options(text: str) -> tuple[str, dict[str, str]]:
    """Split `s3://bucket?endpoint_url=…` into the path and its options.

    Raises:
        ValueError: if an option is given twice.
    """
    base, _, query = text.partition("?")
    options: dict[str, str] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key in options:
            raise ValueError(f"{text!r} gives the option {key!r} twice: keep one of {options[key]!r} and {value!r}")
        options[key] = value
    return base, options


def is_below(path: str | os.PathLike[str], root: str) -> bool:
    """Tell whether a path is the root itself or inside of it (both are normalised first)."""
    inner, inner_options = split_options(normalize_root(path))
    outer, outer_options = split_options(normalize_root(root))
    return inner_options == outer_options and (inner == outer or inner.startswith(outer.rstrip("/") + "/"))


def is_path(data: Any) -> bool:
    """Tell whether something is a path or URL: a text, a path of the standard library, or a `UPath` (whose remote ones are none of these)."""
    return isinstance(data, (str, os.PathLike)) or (hasattr(data, "protocol") and hasattr(data, "storage_options"))


def is_local(path: Any) -> bool:
    """Tell whether a path, URL or `UPath` is on a local disk."""
    return isinstance(path, Path) or storage_type_of(path) == "local"


def path_as_text(path: Any) -> str:
    """Return a path or URL as text; the endpoint of a `UPath` becomes part of it."""
    if isinstance(path, str):
        return path
    if isinstance(path, Path):
        return path.as_posix()
    text = str(path)
    options = getattr(path, "storage_options", {})
    endpoint = options.get("endpoint_url") or (options.get("client_kwargs") or {}).get("endpoint_url")
    if endpoint and "endpoint_url=" not in text:
        text = f"{text}?{urlencode({'endpoint_url': endpoint}, safe=':/')}"
    return text
