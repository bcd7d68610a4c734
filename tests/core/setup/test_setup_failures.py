"""Whatever is wrong with settings, files and servers: a new process gets one clear message that says what helps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

USE = "import lamindb as ln; print(ln.ULabel.filter().count())"


class Home:
    """Settings and an instance in `data`, used by processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = folder / "settings" / ".lamin"
        self.database = folder / "data" / ".lamindb" / "lamin.db"

    def run(self, code: str, **env: str | None) -> str:
        changes = {"LAMIN_SETTINGS_DIR": str(self.settings.parent), "HOME": str(self.folder), **env}
        environment = {**os.environ, **changes}
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, cwd=self.folder, timeout=120,
            env={name: value for name, value in environment.items() if value is not None},
        )  # fmt: skip
        output = (done.stdout + done.stderr).strip()
        assert "NoneType" not in output and "AssertionError" not in output
        return output

    def last_line(self, code: str, **env: str | None) -> str:
        return self.run(code, **env).splitlines()[-1]

    def replace_database(self, content: bytes) -> None:
        for suffix in ("-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)
        self.database.write_bytes(content)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    assert made.last_line(f"import lamindb as ln; ln.setup.init(storage='data'); {USE}") == "0"
    return made


@pytest.mark.parametrize("code", ["import lamindb", USE, "import lamindb as ln; ln.connect('data')"])
@pytest.mark.parametrize("kept", [5_000, 100_000, 250_000])
def test_a_truncated_database_is_named(home: Home, code: str, kept: int) -> None:
    home.replace_database(home.database.read_bytes()[:kept])
    line = home.last_line(code)
    assert line.startswith("lamindb.setup.errors.InstanceCorrupted") and str(home.database) in line
    assert "lamin disconnect" in line


def test_the_backup_of_the_last_migration_is_named(home: Home) -> None:
    home.replace_database(b"no database, but a text that is long enough to have a header")
    home.database.with_name("lamin.db.backup").touch()
    assert f"replace it by {home.database}.backup" in home.last_line("import lamindb")


def test_an_empty_database_is_not_taken_for_an_old_one(home: Home) -> None:
    home.replace_database(b"")
    line = home.last_line("import lamindb")
    assert "has no tables of lamindb" in line and "lamin init" in line
    home.database.unlink()
    assert (
        home.last_line(
            f"import os; os.environ['LAMINDB_MULTI_INSTANCE']='true'; import lamindb as ln; ln.setup.init(storage='data'); {USE}"
        )
        == "0"
    )


def test_a_damaged_instance_can_be_left(home: Home) -> None:
    home.replace_database(b"x" * 1000)
    environment = {**os.environ, "LAMIN_SETTINGS_DIR": str(home.settings.parent)}
    subprocess.run(
        [str(Path(sys.executable).with_name("lamin")), "disconnect"], check=True, env=environment, cwd=home.folder
    )
    assert home.last_line("import lamindb as ln; print(ln.setup.settings.instance.slug)") == "none/none"


@pytest.mark.parametrize(
    "content", [b"garbage", b"", b"\xff\xfe\x00", b"lamindb_instance_owner=me\nlamindb_instance_id=7"]
)
@pytest.mark.parametrize("name", ["current_instance.env", "current_user.env"])
def test_a_broken_settings_file_is_named(home: Home, name: str, content: bytes) -> None:
    (home.settings / name).write_bytes(content)
    line = home.last_line("import lamindb as ln; ln.setup.settings.user")
    assert line.startswith("lamindb.setup.errors.SettingsEnvFileOutdated") and name in line
    assert "elete it" in line


def test_settings_that_can_not_be_written_are_named_and_import_works(home: Home, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = {"LAMIN_SETTINGS_DIR": str(tmp_path / "file")}
    output = home.run(
        "import lamindb as ln; print(ln.setup.settings.user.handle, ln.setup.settings.instance.slug)", **place
    )
    assert output.splitlines()[-1] == "anonymous none/none" or "anonymous none/none" in output
    assert "set LAMIN_SETTINGS_DIR to a folder you can write" in output
    line = home.last_line("import lamindb as ln; ln.setup.init(storage='other')", **place)
    assert "set LAMIN_SETTINGS_DIR to a folder you can write" in line
    assert not (tmp_path / "other").exists()


def test_a_user_without_home_is_told_what_to_set(home: Home) -> None:
    code = "import pwd\ndef nobody(uid): raise KeyError(uid)\npwd.getpwuid = nobody\nimport lamindb"
    assert home.last_line(code, HOME=None, LAMIN_SETTINGS_DIR=None).startswith(
        "RuntimeError: There is no home directory"
    )
    assert home.run(code, HOME=None).splitlines()[-1].endswith("connected lamindb: anonymous/data")


def test_a_server_that_is_down_or_refuses_is_named(home: Home, postgres_database: Any) -> None:
    url = postgres_database(migrated=True)
    home.run(f"import lamindb as ln; ln.setup.init(storage='pg', name='pg', db={url!r})")
    path = home.settings / "current_instance.env"
    text = path.read_text()
    assert home.last_line(USE) == "0"
    for changed in (
        text.replace("postgresql://postgres", "postgresql://somebody"),
        text.replace("?host=", "?host=/nowhere"),
    ):
        assert changed != text
        path.write_text(changed)
        line = home.last_line(USE)
        assert line.startswith("django.db.utils.OperationalError: The PostgreSQL database postgresql://")
        assert "can't be reached" in line and "Check that the server runs, and the user and password" in line
    bad = url.replace("postgres:", "somebody:secret")
    line = home.last_line(f"import lamindb as ln; ln.connect({bad!r})")
    assert line.startswith("lamindb.setup.errors.InstanceNotFoundError") and "secret" not in line
