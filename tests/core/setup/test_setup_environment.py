"""Environment variables that replace what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import lamindb as ln


def test_ids_of_a_new_instance_can_be_given(
    own_settings: Path, run_python: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = """
import lamindb as ln
user = ln.setup.login("ada")
ln.setup.login("grace")
import os
os.environ["LAMINDB_ACCOUNT_ID_INIT"] = str(user._uuid)
ln.setup.init(storage="data")
instance = ln.setup.settings.instance
print(instance.slug, instance._id.hex, instance.storage.uid, ln.Storage.get().uid, ln.Storage.get().created_by.handle)
"""
    given = {
        "LAMINDB_INSTANCE_ID_INIT": "12345678-1234-5678-1234-567812345678",
        "LAMINDB_STORAGE_LNID_INIT": "aB3456789012",
    }
    done = run_python(code, env=given)
    expected = ["ada/data", UUID(given["LAMINDB_INSTANCE_ID_INIT"]).hex, "aB3456789012", "aB3456789012", "grace"]
    assert done.stdout.splitlines()[-1].split() == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LAMINDB_INSTANCE_ID_INIT", "seven"),
        ("LAMINDB_STORAGE_LNID_INIT", "short"),
        ("LAMINDB_ACCOUNT_ID_INIT", "nobody"),
    ],
)
def test_unusable_ids_are_refused(
    own_settings: Path, tmp_path: Path, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"{name}='{value}'"):
        ln.setup.init(storage=tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_another_database_url_can_be_given(
    postgres_database: Any, run_python: Any, tmp_path: Path, own_settings: Path
) -> None:
    stored, other = postgres_database(migrated=True), postgres_database(migrated=True)
    run_python(
        f"import lamindb as ln; ln.setup.init(storage='a', name='a', db={stored!r}); ln.ULabel(name='in a').save()"
    )
    run_python(
        f"import lamindb as ln; ln.setup.init(storage='b', name='b', db={other!r}); ln.ULabel(name='in b').save()"
    )
    code = "import lamindb as ln; ln.connect('a'); print(ln.ULabel.filter().one().name)"
    assert run_python(code).stdout.splitlines()[-1] == "in a"
    done = run_python(code, env={"LAMINDB_INSTANCE_DB": other})
    assert done.stdout.splitlines()[-1] == "in b"
    assert done.stdout.count("LAMINDB_INSTANCE_DB replaces the database URL of anonymous/a") == 1
    done = run_python(code, env={"LAMINDB_INSTANCE_DB": "sqlite:///x"}, check=False)
    assert "ValueError: LAMINDB_INSTANCE_DB has to be a URL" in done.stderr


@pytest.mark.parametrize(("value", "expected"), [("true", 1), ("false", 2)])
def test_connections_can_be_shared_between_async_contexts(
    own_settings: Path, run_python: Any, value: str, expected: int
) -> None:
    code = """
import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
import asyncio, contextvars
import lamindb as ln
ln.setup.init(storage="data")
ln.ULabel(name="a").save()
from django.db import connections
async def main():
    used = []
    async def cell():
        used.append(connections["default"])
        ln.ULabel.filter().count()
    for _ in range(2):
        await asyncio.get_running_loop().create_task(cell(), context=contextvars.Context())
    return len({id(found) for found in used})
print(asyncio.run(main()))
"""
    done = run_python(code, env={"LAMINDB_DISABLE_CONNECTION_CONTEXT": value})
    assert done.stdout.splitlines()[-1] == str(expected)
