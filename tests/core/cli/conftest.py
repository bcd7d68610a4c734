"""Runs the installed command `lamin` as a process of its own, with settings, cache and working directory of its own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Lamin:
    """The command in one working directory."""

    directory: Path
    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    database: str | None = None

    def __call__(
        self, *words: str, code: int = 0, stdin: str = "", cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `lamin <words>` and check its exit code."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LAMIN")}
        settings = {"LAMIN_SETTINGS_DIR": str(self.home / "settings"), "LAMIN_CACHE_DIR": str(self.home / "cache")}
        done = subprocess.run(
            [str(Path(sys.executable).parent / "lamin"), *words],
            cwd=cwd or self.directory,
            env={**inherited, **settings, **self.environment, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, (
            f"lamin {' '.join(words)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
        assert code == 0 or "Traceback" not in done.stderr
        return done

    def stored(self, registry: str) -> list[dict[str, Any]]:
        """Read what the database of the lab holds of a registry, the newest first; related runs, transforms and artifacts are given by their uid."""
        if self.database is None:
            connection: Any = sqlite3.connect(self.directory / "lab" / ".lamindb" / "lamin.db")
        else:
            import psycopg2

            connection = psycopg2.connect(self.database)
        with closing(connection), closing(connection.cursor()) as cursor:

            def select(table: str) -> list[dict[str, Any]]:
                cursor.execute(f"SELECT * FROM lamindb_{table} ORDER BY id DESC")
                names = [column[0] for column in cursor.description]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

            rows = select(registry)
            uids = {name: {row["id"]: row["uid"] for row in select(name)} for name in ("run", "transform", "artifact")}
        keys = {"run": "run", "transform": "transform", "report": "artifact", "initiated_by_run": "run"}
        for row in rows:
            row.update(
                {name: uids[table].get(row[f"{name}_id"]) for name, table in keys.items() if f"{name}_id" in row}
            )
            if isinstance(row.get("params"), str):
                row["params"] = json.loads(row["params"])
        return rows

    @property
    def settings_dir(self) -> Path:
        """The folder with the settings files."""
        return self.home / "settings" / ".lamin"


@pytest.fixture
def lamin(tmp_path: Path) -> Lamin:
    """`lamin` without any instance."""
    work = tmp_path / "work"
    work.mkdir()
    return Lamin(work, tmp_path)


@pytest.fixture
def lab(lamin: Lamin) -> Lamin:
    """`lamin` with the instance `anonymous/lab` on SQLite."""
    lamin("init", "--storage", "./lab")
    return lamin


@pytest.fixture(params=["sqlite", "postgresql"])
def each_lab(request: pytest.FixtureRequest, lamin: Lamin) -> Lamin:
    """`lamin` with the instance `anonymous/lab`, on each database."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")(migrated=True)
        lamin("init", "--storage", "./lab", "--db", url, "--name", "lab")
        lamin.database = url
    else:
        lamin("init", "--storage", "./lab")
    return lamin
