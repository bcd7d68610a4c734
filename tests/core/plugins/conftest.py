"""Fixtures of the plugin tests: plugins written for one test, and the example plugin installed with its real entry point."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "example_plugin"
_counter = itertools.count(1)


class PluginFolder:
    """A folder on `sys.path` with plugins that are written, and named in `LAMIN_LOAD_PLUGINS`, one by one."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path, self.monkeypatch = path, monkeypatch
        self.names: list[str] = []
        monkeypatch.syspath_prepend(str(path))
        self.select()

    def add(self, source: str, name: str | None = None) -> str:
        """Write a plugin module and load it with the others."""
        name = name or f"written_plugin_{next(_counter)}"
        (self.path / f"{name}.py").write_text(
            "from lamindb import hookimpl\nfrom lamindb.plugins.types import *\n" + textwrap.dedent(source)
        )
        self.names.append(name)
        self.select()
        return name

    def select(self, *names: str) -> None:
        """Load exactly these plugins (default: all that were written)."""
        from lamindb.plugins import manager

        self.monkeypatch.setenv("LAMIN_LOAD_PLUGINS", ",".join(names or self.names))
        manager.refresh_plugins()


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluginFolder]:
    """Plugins of one test; only the core's defaults are loaded besides."""
    from lamindb.plugins import manager

    folder = tmp_path / "written_plugins"
    folder.mkdir()
    made = PluginFolder(folder, monkeypatch)
    yield made
    for name in made.names:
        sys.modules.pop(name, None)
    monkeypatch.undo()
    manager.refresh_plugins()


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Messages of warnings that were logged."""
    import logging

    from lamindb.base.logging import logger

    messages: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    keeper = Keeper(level=logging.WARNING)
    logger.addHandler(keeper)
    yield messages
    logger.removeHandler(keeper)


def _pip_install(source: Path, target: Path) -> None:
    """Install a distribution into a folder; pip fetches the build backend only where it isn't installed."""
    options = ["--quiet", "--no-deps", "--target", str(target)]
    if find_spec("hatchling") is not None:
        options.append("--no-build-isolation")
    command = [sys.executable, "-m", "pip", "install", *options, str(source)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def pip_install() -> Callable[[Path, Path], None]:
    """Install a distribution into a folder, with its entry points."""
    return _pip_install


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the example plugin is installed as pip does it, entry point included."""
    source = tmp_path_factory.mktemp("source") / "example"
    shutil.copytree(
        EXAMPLE, source, ignore=shutil.ignore_patterns("__pycache__")
    )  # builds leave files beside the source
    target = tmp_path_factory.mktemp("site")
    _pip_install(source, target)
    return target


@pytest.fixture
def run_with_example(example_site: Path, tmp_path: Path) -> Callable[..., str]:
    """Run Python code in a new process in which the example plugin is installed; returns what it prints."""

    def run(code: str, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=_environment(example_site, tmp_path, environment),
            timeout=300,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return run


def _environment(site: Path, folder: Path, more: dict[str, str]) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if name != "LAMIN_LOAD_PLUGINS"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(site), environment.get("PYTHONPATH", "")]))
    environment["LAMIN_SETTINGS_DIR"] = str(folder / "settings")
    return {**environment, **more}
