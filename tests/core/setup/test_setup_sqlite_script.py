"""The script that makes the tables of a new SQLite instance says the same as the migrations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import lamindb as ln
from lamindb.setup import sqlite_script
from lamindb.setup.versions import migrations_folder


def _schema(path: Path) -> tuple[set[tuple[str, str]], set[str]]:
    with closing(sqlite3.connect(path)) as connection:
        objects = set(connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
        return objects, {
            name for (name,) in connection.execute("SELECT name FROM django_migrations WHERE app = 'lamindb'")
        }


def test_the_script_of_the_core_is_up_to_date() -> None:
    assert sqlite_script.usable_scripts(["lamindb"]), "run: python -m lamindb.setup.sqlite_script lamindb"


def test_script_and_migrations_make_the_same_tables(tmp_path: Path, monkeypatch: Any, sqlite_instance: Any) -> None:
    monkeypatch.setenv("LAMINDB_INIT_FROM_SCRATCH", "true")
    ln.setup.init(storage=str(tmp_path / "migrated"), name="migrated")
    assert _schema(sqlite_instance.database_path) == _schema(ln.setup.settings.instance.database_path)


def test_a_script_that_is_out_of_date_is_not_used(tmp_path: Path) -> None:
    folder = migrations_folder("lamindb")
    assert folder is not None
    script = (folder / sqlite_script.SCRIPT_NAME).read_text()
    (tmp_path / "0001_initial.py").write_text("# changed")
    assert sqlite_script.digest_of(tmp_path) not in script
    assert sqlite_script.usable_scripts(["lamindb", "package_without_script"]) is None


def test_init_loads_no_django(tmp_path: Path, run_python: Any) -> None:
    code = f"import sys, lamindb as ln; ln.setup.init(storage={str(tmp_path / 'x')!r}); print('django' in sys.modules)"
    environment = {"LAMIN_SETTINGS_DIR": str(tmp_path), "LAMIN_CACHE_DIR": str(tmp_path / "cache")}
    assert run_python(code, env=environment).stdout.strip().splitlines()[-1] == "False"
