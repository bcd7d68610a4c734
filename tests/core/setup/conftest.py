"""Fixtures for tests that write settings: a settings folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh settings folder (not yet created), working directory and home for this test."""
    for name in ("home", "work"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("LAMIN_CURRENT_INSTANCE", "LAMIN_ENV", "LAMINDB_MODULES", "LAMIN_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "settings" / ".lamin"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch):
    """The lines that lamindb logs, without icons, whatever the verbosity."""
    import logging

    from lamindb.base.logging import logger

    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler, level = Collector(), logger.level
    logger.addHandler(handler)
    logger.setLevel(1)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(level)
