"""Downloads files of sources: at most a few seconds without a connection, resumable, complete or not at all."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from bionty.entities import in_shape
from bionty.parsing.files import is_table, read_table
from bionty.term_table import SourceSpec, TermTable
from lamindb.base.logging import logger

#: Seconds without an answer after which a server counts as not reachable.
TIMEOUT: Final = 4
#: Seconds during which a server that did not answer is not asked again.
_PAUSE: Final = 120
_BLOCK_SIZE: Final = 1 << 20
_ATTEMPTS: Final = 3

_silent: dict[str, float] = {}


class NotReachable(ConnectionError):
    """A file can't be downloaded now."""


def table_from_url(url: str, spec: SourceSpec) -> TermTable:
    """Return the table of a source from where it is published, and keep it in the cache.

    Raises:
        NotReachable: if the file can't be downloaded.
        CorruptedOntology: if it can't be read.
    """
    from bionty import loading

    path = download(url, spec)
    data = in_shape(read_table(path), spec.entity) if is_table(url) else loading.parse(path, spec)
    loading.store(data, spec, origin=url)
    return TermTable(data, spec, origin=url)


def download(url: str, spec: SourceSpec) -> Path:
    """Return the local copy of a file, downloading what is missing of it.

    Raises:
        NotReachable: if the server does not answer, or does not have the file.
    """
    from bionty import loading
    from bionty.base._settings import settings

    suffix = (
        "".join(Path(urlsplit(url).path).suffixes[-2:])
        if urlsplit(url).path.endswith(".gz")
        else Path(urlsplit(url).path).suffix
    )
    target = settings.datasetdir / f"ontology_{spec.stem}{suffix}"
    if target.is_file():
        return target
    host = urlsplit(url).netloc
    if time.monotonic() < _silent.get(host, 0):
        raise NotReachable(f"{host} did not answer a moment ago")
    with loading.locked(target):
        if target.is_file():  # another process was faster
            return target
        try:
            _fetch(as_http(url), target)
        except urllib.error.HTTPError as error:
            raise NotReachable(f"URL not found ({error.code}): {url}") from error
        except OSError as error:
            _silent[host] = time.monotonic() + _PAUSE
            reason = getattr(error, "reason", error)
            raise NotReachable(f"{host or url} is not reachable ({reason})") from error
    return target


def as_http(url: str) -> str:
    """Return the address under which anybody can read an object of a public bucket.

    Example:
        >>> as_http("s3://bucket/a.parquet")
        'https://bucket.s3.amazonaws.com/a.parquet'
    """
    if not url.startswith("s3://"):
        return url
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return f"https://{bucket}.s3.amazonaws.com/{key}"


def _fetch(url: str, target: Path) -> None:
    """Download to a file beside the target and rename it; a part that an earlier attempt left is completed."""
    part = target.with_name(f".{target.name}.part")
    for attempt in range(1, _ATTEMPTS + 1):
        have = part.stat().st_size if part.is_file() else 0
        request = urllib.request.Request(url, headers={"User-Agent": "bionty"})
        if have:
            request.add_header("Range", f"bytes={have}-")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                expected = _expected_size(response)
                with part.open("ab" if response.status == 206 else "wb") as stream:
                    while block := response.read(_BLOCK_SIZE):
                        stream.write(block)
        except urllib.error.HTTPError as error:
            if error.code == 416 and have:  # the part is not a part of this file
                part.unlink()
                continue
            raise
        size = part.stat().st_size
        if expected is None or size == expected:
            os.replace(part, target)
            return
        logger.warning("the connection broke off after %d of %d bytes of %s (attempt %d)", size, expected, url, attempt)
        if size > expected:
            part.unlink()
    raise NotReachable(f"{url} could not be downloaded completely in {_ATTEMPTS} attempts")


def _expected_size(response: Any) -> int | None:
    content_range = response.headers.get("Content-Range")
    if content_range and content_range.rpartition("/")[2].isdigit():
        return int(content_range.rpartition("/")[2])
    length = response.headers.get("Content-Length")
    return int(length) if length and length.isdigit() else None
