"""Instances with bionty and pertdb, real releases beside the project, and a cache of vocabularies of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_RELEASES = Path(__file__).resolve().parents[5] / "shared" / "data" / "ontologies"
os.environ["LAMINDB_MODULES"] = "bionty,pertdb"  # the registries of this process


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ["BIONTY_ROOT_DIR"] = str(tmp_path_factory.mktemp("vocabularies"))
    os.environ.pop("BIONTY_SOURCES_MIRROR", None)
    os.environ["http_proxy"] = os.environ["https_proxy"] = "http://127.0.0.1:9"  # no test depends on a server elsewhere
    os.environ["no_proxy"] = "127.0.0.1"


@pytest.fixture(autouse=True)
def _own_settings(_settings_of_the_process_stay: None) -> Iterator[None]:
    import bionty as bt

    yield
    bt.settings.organism = None
    bt.settings.sources_mirror = None


@pytest.fixture
def mirror(ontologies: Path) -> Path:
    """Real releases; sources are read from there."""
    import bionty as bt

    bt.settings.sources_mirror = ontologies
    return ontologies


@pytest.fixture
def vocabularies() -> None:
    """Real releases where their folder is here; else what installed packages hold: fewer sources, and extracts of some."""
    import bionty as bt

    if _RELEASES.exists():
        bt.settings.sources_mirror = _RELEASES


@pytest.fixture
def bio(instances: Any, vocabularies: None) -> Any:
    """A fresh instance with bionty and pertdb on each database; tests that need real releases ask for `mirror`, too."""
    return instances.create(modules="bionty,pertdb")


@pytest.fixture
def sqlite_bio(request: pytest.FixtureRequest, tmp_path: Path, vocabularies: None) -> Iterator[Any]:
    """The same on SQLite only."""
    import lamindb as ln

    name = tmp_path.name.replace("_", "-").lower()[:40]
    ln.setup.init(storage=str(tmp_path / "storage"), name=name, modules="bionty,pertdb")
    yield ln.setup.settings.instance
    from django.conf import settings
    from django.db import connections

    if settings.configured:  # a test may ask public vocabularies only
        connections.close_all()
    ln.setup.disconnect(mute=True)
