"""What lamindb logs during a test."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest


@pytest.fixture
def log_text(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Return everything that was logged since the last call."""
    logger = logging.getLogger("lamindb")
    logger.addHandler(caplog.handler)

    def read() -> str:
        text = "\n".join(record.getMessage() for record in caplog.records)
        caplog.clear()
        return text

    yield read
    logger.removeHandler(caplog.handler)
