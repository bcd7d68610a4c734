"""Packages of registries that tests write, mount and run in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LAZY_INIT = """
def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    from lamindb_setup import _check_instance_setup
    _check_instance_setup(from_module="{package}")
    from importlib import import_module
    return getattr(import_module("{package}.models"), name)
"""


class Lab:
    """A folder with packages, settings and instances of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packages = folder / "packages"
        for name in ("packages", "work", "home"):
            (folder / name).mkdir()

    def package(self, name: str, models: str, *, migrations: dict[str, str] | None = None, **files: str) -> Path:
        """Write a package of registries; `migrations=None` leaves the folder of migrations out."""
        path = self.packages / name
        path.mkdir()
        (path / "__init__.py").write_text(LAZY_INIT.format(package=name))
        (path / "models.py").write_text(models)
        for stem, text in files.items():
            (path / f"{stem}.py").write_text(text)
        if migrations is not None:
            (path / "migrations").mkdir()
            for stem, text in {"__init__": "", **migrations}.items():
                (path / "migrations" / f"{stem}.py").write_text(text)
        return path

    def run(
        self, code: str, *, check: bool = True, cwd: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python code in a new process."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.packages),
            "LAMIN_SETTINGS_DIR": str(self.folder / "settings"),
            "LAMIN_CACHE_DIR": str(self.folder / "cache"),
            "HOME": str(self.folder / "home"),
            "LAMIN_LOAD_PLUGINS": "",
            **env,
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, env=environment, cwd=cwd or self.folder / "work", timeout=300,
        )  # fmt: skip
        if check and done.returncode != 0:
            raise AssertionError(f"process ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def simple_models() -> Callable[..., str]:
    """Source of a package with one registry that has no links."""

    def source(package: str, registry: str = "Donor", **kwargs: Any) -> str:
        return f"""
from django.db import models
from lamindb.base.fields import CharField
from lamindb.base.uids import base62_12
from lamindb.models import BaseSQLRecord

class {registry}(BaseSQLRecord):
    class Meta(BaseSQLRecord.Meta):
        abstract = False
        app_label = "{package}"

    id: int = models.AutoField(primary_key=True)
    uid: str = CharField(unique=True, max_length=12, default=base62_12)
    name: str = CharField()
"""

    return source
