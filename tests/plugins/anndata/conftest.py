"""Fixtures of the tests of lamindb-anndata."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    # `anndata.tests.helpers`, whose comparison of objects the tests use, asks for it
    config.addinivalue_line("markers", "gpu: not used here")
