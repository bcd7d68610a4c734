"""Addresses of git repositories: one form for all ways to reach them, without credentials."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_SCP_FORM = re.compile(r"^(?:[\w.\-]+@)?(?P<host>[\w.\-]+):(?!//)(?P<path>[^\s]+)$")


def https_address(url: str) -> str:
    """Return the https address of a repository, without credentials and `.git`; what has no such address is returned as it is.

    Args:
        url: address as git knows it: `https://…`, `ssh://…`, `git@host:owner/name.git`.

    Example:
        >>> https_address("git@github.com:lab/analyses.git")
        'https://github.com/lab/analyses'
        >>> https_address("https://ada:secret@github.com/lab/analyses.git/")
        'https://github.com/lab/analyses'
    """
    text = url.strip().rstrip("/").removesuffix(".git")
    parts = urlsplit(text)
    if parts.scheme in ("https", "http", "ssh", "git") and parts.hostname:
        is_web = parts.scheme in ("https", "http")
        port = f":{parts.port}" if parts.port and is_web else ""
        return f"https://{parts.hostname}{port}{parts.path.rstrip('/')}"
    match = _SCP_FORM.match(text)
    if match and not text.startswith(("/", ".", "file:")):
        return f"https://{match['host']}/{match['path'].lstrip('/')}"
    return text
