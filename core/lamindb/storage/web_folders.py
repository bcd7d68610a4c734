"""Folders on web servers: what the index page of a folder links to below it, told by one request for each page and file."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_AT_A_TIME: Final = 16
#: Folders below each other that are looked into; a server whose index pages link in circles has more.
_DEEPEST: Final = 50


def is_folder(info: Mapping[str, Any]) -> bool:
    """Tell whether an address leads to the index page of a folder: a web page to which the server has added the slash."""
    address = str(info.get("url") or "")
    return info.get("mimetype") == "text/html" and address.endswith("/") and not str(info["name"]).endswith("/")


def files_below(fs: Any, address: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the files below a folder of a web server: relative path and what the server tells of each.

    Links that lead elsewhere, up, or sort the page are left out.

    Args:
        fs: file system of fsspec for the web.
        address: of the folder.
    """
    root = f"{address.rstrip('/')}/"
    found: dict[str, str] = {}
    pages, seen = [root], {root}
    for _ in range(_DEEPEST):
        below = [link for page in pages for link in fs.ls(page, detail=False) if _leads_below(link, page)]
        found.update({link: unquote(link.removeprefix(root)) for link in below if not link.endswith("/")})
        pages = [link for link in dict.fromkeys(below) if link.endswith("/") and link not in seen]
        seen.update(pages)
        if not pages:
            break
    addresses = [link for link, relative in found.items() if _is_relative(relative)]
    with ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="lamindb-web") as pool:
        told = list(pool.map(fs.info, addresses))
    return sorted((found[link], info) for link, info in zip(addresses, told, strict=True))


def _leads_below(link: str, page: str) -> bool:
    parts = urlsplit(link)
    return link.startswith(page) and link != page and not parts.query and not parts.fragment


def _is_relative(relative: str) -> bool:
    """Tell whether a name stays below its folder when it is written to a disk."""
    return "\\" not in relative and "\x00" not in relative and not {"", ".", ".."} & set(relative.split("/"))
