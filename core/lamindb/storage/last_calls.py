"""Lets remote file systems still work while the interpreter ends, when no thread can be started any more."""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any


class _Inline(ThreadPoolExecutor):
    """Does everything at once, in the thread that asks."""

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


def allow_last_calls() -> None:
    """Call this from an exit function before the first request.

    Names of servers are resolved in a pool of threads, which is closed before exit functions run.
    """
    module = sys.modules.get("fsspec.asyn")
    loop = None if module is None else module.loop[0]
    if loop is not None:
        loop.call_soon_threadsafe(loop.set_default_executor, _Inline(1))
