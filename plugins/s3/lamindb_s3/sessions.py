"""Requests that send data and get stuck: the time-out of aiohttp counts from the end of sending, so a server that takes nothing would never be given up."""

from __future__ import annotations

import asyncio
import io
from typing import Any

from aiobotocore.httpsession import AIOHTTPSession
from botocore.exceptions import ReadTimeoutError

#: Bodies from this many bytes on are sent piece by piece, so that one sees how far they are.
_PIECEWISE_FROM = 64 << 10
#: So many time-outs may pass between the last piece, which buffers of the system still hold, and the answer.
_TIMEOUTS_AT_THE_END = 3


class WatchfulSession(AIOHTTPSession):
    """HTTP session that breaks off a request whose body has not moved for as long as the time-out for answers."""

    async def send(self, request: Any) -> Any:
        """Send a request.

        Raises:
            ReadTimeoutError: if the server takes nothing, or does not say that it wants the body.
        """
        timeout = self._timeout.sock_read
        if isinstance(request.body, bytes | bytearray) and len(request.body) >= _PIECEWISE_FROM:
            request.body = io.BytesIO(request.body)
        body = request.body
        if timeout is None or not isinstance(body, io.IOBase):
            return await super().send(request)
        sending = asyncio.ensure_future(super().send(request))
        try:
            await _finish_or_get_stuck(sending, body, _size_of(body), timeout, request.url)
        except BaseException:
            sending.cancel()
            await asyncio.wait({sending}, timeout=1)  # lets the connection be closed
            raise
        return sending.result()


async def _finish_or_get_stuck(sending: Any, body: io.IOBase, size: int, timeout: float, url: str) -> None:
    position, n_silent = body.tell(), 0
    while True:
        done, _ = await asyncio.wait({sending}, timeout=timeout)
        if done:
            return
        try:
            now = body.tell()
        except ValueError:  # closed: what is left is the answer
            now = size
        n_silent = n_silent + 1 if now == position else 0
        position = now
        if n_silent >= (_TIMEOUTS_AT_THE_END if now >= size else 1):
            raise ReadTimeoutError(endpoint_url=url)


def _size_of(body: io.IOBase) -> int:
    position = body.tell()
    size = body.seek(0, io.SEEK_END)
    body.seek(position)
    return size
