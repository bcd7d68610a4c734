"""Setting up, connecting, leaving and deleting instances, on SQLite and PostgreSQL."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import lamindb as ln
from lamindb.setup import settings_files as files
from lamindb.setup.errors import (
    CannotSwitchDefaultInstance,
    CurrentInstanceNotConfigured,
    HubNotAvailable,
    InstanceNotCreated,
    InstanceNotFoundError,
    StorageAlreadyManaged,
    StorageNotEmpty,
)
from lamindb.storage.markers import StorageMarker, read_marker, write_marker


def _tree(folder: Path) -> set[str]:
    """Return what is below a folder; locks and the working files of an open database come and go."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return {name for name in found if not name.endswith((".lock", "-wal", "-shm"))}


def _python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env={**os.environ, **env}
    )


@pytest.fixture
def clean(own_settings):
    """A settings folder of this test's own; afterwards the process is connected to nothing."""
    yield own_settings
    ln.setup.disconnect(mute=True)


def test_a_new_instance_has_its_first_rows(instance):
    assert ln.setup.settings.instance.slug == instance.slug
    assert {(b.id, b.name, b.uid) for b in ln.Branch.filter()} == {
        (-1, "trash", "t" * 12),
        (0, "archive", "a" * 12),
        (1, "main", "m" * 12),
    }
    space = ln.Space.get(id=1)
    assert (space.uid, space.name) == ("a" * 12, "all")
    user = ln.User.get(id=1)
    assert (user.uid, user.handle) == (ln.setup.settings.user.uid, ln.setup.settings.user.handle)
    storage = ln.Storage.filter().one()
    assert storage.root == instance.storage.root_as_str
    assert storage.instance_uid == instance.uid
    assert storage.uid == instance.storage.uid == read_marker(storage.root).uid
    assert storage.created_by_id == 1


def test_ids_count_on_after_the_first_rows(instance):
    branch = ln.Branch(name="one").save()
    assert branch.id > 1
    assert ln.ULabel(name="label").save().created_by_id == 1


def test_the_uid_is_random_and_the_same_in_settings_database_and_marker(instance, instances):
    from lamindb.setup.identity import read_identity
    from lamindb.setup.instance import load_instance

    stored = load_instance(files.instance_file(instance.owner, instance.name))
    identity = read_identity(instance.db)
    assert identity is not None and stored is not None
    assert read_marker(instance.default_root).instance_uid == instance.uid == identity.uid == stored.uid
    assert identity.slug == instance.slug
    assert identity.storage_uid == instance.storage.uid
    assert instances.create().uid != instance.uid


def test_initialising_again_only_connects(instance, log):
    uid = instance.uid
    ln.ULabel(name="kept").save()
    ln.setup.init(storage=instance.default_root, name=instance.name, db=instance._db)
    assert ln.setup.settings.instance.uid == uid
    assert ln.ULabel.filter(name="kept").count() == 1
    assert not any("initialized" in line for line in log)


def test_an_instance_is_found_by_its_database_url_alone(instance):
    ln.ULabel(name="kept").save()
    slug, url = instance.slug, instance.db
    ln.setup.disconnect(mute=True)
    files.instance_file(instance.owner, instance.name).unlink()
    ln.connect(url)
    assert ln.setup.settings.instance.slug == slug
    assert ln.setup.settings.instance.uid == instance.uid
    assert ln.setup.settings.instance.default_root == instance.default_root
    assert ln.ULabel.get(name="kept").name == "kept"


def test_after_disconnecting_every_query_says_what_to_call(instance):
    ln.setup.disconnect()
    assert ln.setup.settings.instance.slug == "none/none"
    assert not ln.setup.settings.is_connected
    assert ln.setup.settings.storage is None
    assert (ln.setup.settings.branch.id, ln.setup.settings.branch.name) == (1, "main")
    with pytest.raises(CurrentInstanceNotConfigured, match="lamin connect"):
        ln.ULabel.filter().count()
    assert not files.current_instance_file().exists()
    ln.connect(instance.slug)
    assert ln.ULabel.filter().count() == 0


def test_disconnecting_never_falls_back_to_the_default_of_the_user(instances):
    one, two = instances.create(), instances.create()
    assert two.slug in ln.setup.settings.instance.slug
    ln.connect(one.slug)
    ln.setup.disconnect()
    assert ln.setup.settings.instance.slug == "none/none"
    assert files.read_dotenv(files.current_instance_file())["lamindb_instance_name"] == two.name


def test_switching_in_a_process_keeps_names_valid(instances):
    from lamindb import ULabel

    one = instances.create()
    ULabel(name="in one").save()
    two = instances.create()
    ULabel(name="in two").save()
    ln.connect(one.slug)
    assert [label.name for label in ULabel.filter()] == ["in one"]
    ln.connect(two.slug)
    assert [label.name for label in ULabel.filter()] == ["in two"]


def test_a_tracked_run_forbids_to_switch(instances):
    from lamindb.base import context

    one, two = instances.create(), instances.create()
    token = context.current_run_var.set(object())
    try:
        with pytest.raises(CannotSwitchDefaultInstance, match=r"ln\.finish\(\)"):
            ln.connect(one.slug)
        with pytest.raises(CannotSwitchDefaultInstance):
            ln.setup.init(storage=instances.folder / "third", name="third")
        ln.connect(two.slug)
    finally:
        context.current_run_var.reset(token)
    assert not (instances.folder / "third").exists()


def test_connecting_logs_once(instances, log):
    one, _ = instances.create(), instances.create()
    log.clear()
    ln.connect(one.slug)
    ln.connect(one.slug)
    assert log.count(f"connected lamindb: {one.slug}") == 1


def test_connecting_does_not_write_settings_by_default(instances):
    one, two = instances.create(), instances.create()
    ln.connect(one.slug)
    assert files.read_dotenv(files.current_instance_file())["lamindb_instance_name"] == two.name
    ln.connect(one.slug, _write_settings=True)
    assert files.read_dotenv(files.current_instance_file())["lamindb_instance_name"] == one.name


def test_unknown_names_are_not_found_and_near_ones_suggested(instance):
    typo = f"{instance.slug}x"
    with pytest.raises(InstanceNotFoundError, match="instance-not-found") as caught:
        ln.connect(typo)
    assert instance.slug in str(caught.value).partition("Did you mean ")[2]
    assert ln.connect(typo, _raise_not_found_error=False) == "instance-not-found"
    assert ln.setup.settings.instance.slug == instance.slug


def test_malformed_names_and_unknown_arguments_are_refused(instance):
    with pytest.raises(ValueError, match="owner/name"):
        ln.connect("a/b/c")
    with pytest.raises(TypeError, match="wrong"):
        ln.connect(instance.slug, wrong=1)
    with pytest.raises(TypeError, match="wrong"):
        ln.setup.init(storage="x", wrong=1)


def test_connecting_to_nothing_is_an_error(clean):
    with pytest.raises(ValueError, match="lamin connect"):
        ln.connect()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"storage": "x", "name": "a/b"}, ValueError, "Invalid instance name"),
        ({"storage": "x/.lamindb"}, ValueError, "lamindb"),
        ({"storage": "ftp://host/x"}, ValueError, "local, gs, s3, hf, http, https"),
        ({"storage": None}, SystemExit, "--storage"),
        ({"storage": "create-s3"}, ValueError, "name"),
        ({"storage": "https://example.org/x"}, InstanceNotCreated, "postgresql://"),
        ({"storage": "create-s3", "name": "x"}, HubNotAvailable, "bucket"),
        ({"storage": "x", "db": "mysql://host/x"}, ValueError, "Invalid scheme"),
        ({"storage": "x", "db": "postgresql://host"}, ValueError, "names no database"),
        ({"storage": "x", "modules": "not_there"}, ImportError, "pip install not-there"),
        (
            {"storage": "x", "name": "x", "db": "postgresql://u@127.0.0.1:1/x?connect_timeout=1"},
            InstanceNotFoundError,
            "reached",
        ),
    ],
)
def test_a_failed_init_leaves_nothing_behind(clean, arguments, error, message):
    before = _tree(Path.cwd())
    with pytest.raises(error, match=message):
        ln.setup.init(**arguments)
    assert _tree(Path.cwd()) == before
    assert _tree(clean.parent) <= {".lamin", ".lamin/current_user.env"} | {"."}
    assert ln.setup.settings.instance.slug == "none/none"


def test_init_in_a_folder_that_can_not_be_written_leaves_nothing_behind(clean):
    Path("file").write_text("not a folder")
    for storage in ("file", "file/below", "/proc/nothing/here"):
        with pytest.raises((ValueError, ln.setup.errors.InstanceNotCreated)):
            ln.setup.init(storage=storage, name="x")
    assert _tree(Path.cwd()) == {"file"}
    assert not files.instance_file("anonymous", "x").exists()
    assert not files.current_instance_file().exists()


def test_an_init_that_fails_late_restores_default_files_and_connection(clean, monkeypatch):
    ln.setup.init(storage="one")
    ln.ULabel(name="in one").save()
    before, default = _tree(Path.cwd()), files.current_instance_file().read_text()
    from lamindb.setup import identity

    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr(identity, "write_identity", fail)
    with pytest.raises(OSError, match="disk full"):
        ln.setup.init(storage="deep/er/two")
    assert _tree(Path.cwd()) == before
    assert files.current_instance_file().read_text() == default
    assert not files.instance_file("anonymous", "two").exists()
    assert ln.setup.settings.instance.slug == "anonymous/one"
    assert ln.ULabel.get(name="in one").name == "in one"


def test_files_of_the_user_survive_a_failed_init(clean):
    Path("data").mkdir()
    Path("data/mine.csv").write_text("1")
    write_marker(Path("data"), StorageMarker("abcdefghijkl", "ada/other", "0" * 32, "otherotherot"))
    before = _tree(Path.cwd())
    with pytest.raises(StorageAlreadyManaged, match="ada/other"):
        ln.setup.init(storage="data")
    assert _tree(Path.cwd()) == before


def test_an_init_that_was_killed_can_be_repeated(clean):
    code = (
        "import os, signal, lamindb as ln\n"
        "from lamindb.setup import first_rows\n"
        "first_rows.insert_first_rows = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "ln.setup.init(storage='x', name='x')\n"
    )
    assert _python(code).returncode == -9
    assert not files.current_instance_file().exists()
    marker = read_marker(Path("x"))
    assert marker is not None  # claimed, then killed
    ln.setup.init(storage="x", name="x")
    assert ln.User.filter().count() == 1
    assert _tree(Path("x")) == {".lamindb", ".lamindb/lamin.db", ".lamindb/storage_uid.txt"}
    assert ln.setup.settings.instance.uid == marker.instance_uid


def test_many_processes_initialise_one_name_without_error(clean):
    code = "import lamindb as ln; ln.setup.init(storage='x', name='x'); print(ln.User.filter().count(), ln.setup.settings.instance.uid)"
    _python("import lamindb as ln; ln.setup.init(storage='warm', name='warm')")  # so that all of them start alike
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    results = [(process.communicate(timeout=120), process.returncode) for process in processes]
    assert [code for _, code in results] == [0] * 6, results
    assert len({out.splitlines()[-1] for (out, _), _ in results}) == 1
    assert sum("initialized" in out for (out, _), _ in results) == 1


def test_32_processes_import_lamindb_in_a_fresh_settings_folder(clean):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", "import lamindb"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(32)
    ]
    results = [(process.communicate(timeout=120)[0], process.returncode) for process in processes]
    assert results == [("", 0)] * 32
    assert not clean.exists()  # importing writes nothing


def test_importing_is_light_and_says_what_is_connected(clean):
    ln.setup.init(storage="x")
    code = "import sys, lamindb; print([m for m in ('django', 'pandas', 'upath', 'fsspec', 'psycopg2') if m in sys.modules])"
    assert _python(code).stdout.splitlines() == ["→ connected lamindb: anonymous/x", "[]"]


def test_an_unknown_instance_in_the_environment_is_an_error_even_with_a_default(clean):
    ln.setup.init(storage="x")
    done = _python("import lamindb", LAMIN_CURRENT_INSTANCE="ada/other")
    assert done.returncode == 1
    assert "InstanceNotFoundError" in done.stderr
    assert "ada/other" in done.stderr
    assert "LAMIN_CURRENT_INSTANCE" in done.stderr


def test_a_missing_database_file_is_named_and_nothing_is_created(clean):
    ln.setup.init(storage="x")
    ln.setup.settings.use(None)
    shutil.rmtree("x")
    done = _python("import lamindb")
    assert done.returncode == 1
    assert str(Path("x/.lamindb/lamin.db").resolve()) in done.stderr
    assert "lamin connect" in done.stderr
    with pytest.raises(InstanceNotFoundError, match="does not exist"):
        ln.connect("x")
    assert not Path("x").exists()
    ln.setup.disconnect()


def test_an_instance_whose_database_was_deleted_is_set_up_anew_with_its_id(clean):
    ln.setup.init(storage="x")
    uid = ln.setup.settings.instance.uid
    ln.setup.settings.use(None)
    for path in Path("x/.lamindb").glob("lamin.db*"):
        path.unlink()
    ln.setup.init(storage="x")
    assert ln.setup.settings.instance.uid == uid
    assert ln.Storage.get(instance_uid=uid).uid == read_marker(Path("x")).uid


def test_a_moved_storage_is_followed_when_connecting_to_its_new_place(clean, log):
    ln.setup.init(storage="old", name="x")
    ln.ULabel(name="kept").save()
    uid = ln.setup.settings.instance.uid
    ln.setup.disconnect()
    Path("old").rename("new")
    ln.connect("./new", _write_settings=True)
    new = Path("new").resolve().as_posix()
    assert ln.setup.settings.instance.uid == uid
    assert ln.Storage.filter().one().root == new
    assert ln.ULabel.get(name="kept").name == "kept"
    assert any(line.startswith("moved the storage of anonymous/x") for line in log)
    ln.setup.disconnect()
    ln.connect("x")
    assert ln.setup.settings.instance.default_root == new


def test_a_folder_without_instance_is_not_found(clean):
    Path("empty").mkdir()
    with pytest.raises(InstanceNotFoundError, match="no instance in this folder"):
        ln.connect("./empty")
    assert _tree(Path("empty")) == set()


def test_the_storage_of_another_instance_can_not_be_taken(clean):
    ln.setup.init(storage="x", name="one")
    with pytest.raises(StorageAlreadyManaged, match="anonymous/one"):
        ln.setup.init(storage="x", name="two")
    assert ln.setup.settings.instance.slug == "anonymous/one"


def test_the_name_follows_from_the_storage(clean):
    ln.setup.init(storage="./My-Data/")
    assert ln.setup.settings.instance.slug == "anonymous/my-data"
    from lamindb.setup._init import infer_name

    assert infer_name("s3://Bucket/") == "bucket"
    assert infer_name("s3://bucket/Pre-Fix?endpoint_url=http://localhost:9000") == "pre-fix"
    assert infer_name("x", "postgresql://u:p@h:1/mydb?sslmode=disable") == "mydb"


def test_the_template_saves_running_the_migrations(clean, monkeypatch, tmp_path):
    from lamindb.setup import database, sqlite_script

    monkeypatch.setattr(sqlite_script, "usable_scripts", lambda packages: None)  # as for a module without a script
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(tmp_path / "cache"))
    ln.setup.init(storage="one")
    assert len(list((tmp_path / "cache" / "templates").glob("*.db"))) == 1
    runs = []
    original = database._create_by_migrating
    monkeypatch.setattr(
        database, "_create_by_migrating", lambda path, modules: (runs.append(path), original(path, modules))
    )
    ln.setup.init(storage="two")
    assert runs == []
    monkeypatch.setenv("LAMINDB_INIT_FROM_SCRATCH", "true")
    ln.setup.init(storage="three")
    assert len(runs) == 1
    schemas = []
    for name in ("one", "two", "three"):
        with sqlite3.connect(f"{name}/.lamindb/lamin.db") as raw:
            schemas.append(sorted(raw.execute("SELECT name, sql FROM sqlite_master").fetchall(), key=str))
        raw.close()
    assert schemas[0] == schemas[1] == schemas[2]


def test_migrations_and_models_agree(instance):
    assert ln.setup.migrate.check()
    ln.setup.django("check")
    assert ln.setup.migrate.status().is_compatible
    assert ln.setup.migrate.deployed_migrations() == ln.setup.migrate.defined_migrations()
    latest = ln.setup.migrate.deployed_migrations(latest=True)
    assert latest["lamindb"] == ln.setup.migrate.defined_migrations()["lamindb"][-1]


def test_deploying_an_up_to_date_database_does_nothing(instance, capsys):
    ln.setup.migrate.deploy()
    assert "No migrations to apply" in capsys.readouterr().out
    assert not (Path(instance.default_root) / ".lamindb" / "lamin.db.backup").exists()


def test_deploying_without_instance_is_refused(clean):
    with pytest.raises(AssertionError, match="Not connected to an instance, please connect to migrate"):
        ln.setup.migrate.deploy()


def test_a_database_that_is_ahead_or_behind_is_reported_when_connecting(instances, log):
    from lamindb.setup.raw_database import open_database

    one, _ = instances.create(), instances.create()
    with open_database(one.db, read_only=False) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('lamindb', '0999_future', '2030-01-01')"
        )
    ln.connect(one.slug)
    assert any("is ahead" in line and "0999_future" in line for line in log)
    assert any("pip install --upgrade lamindb" in line for line in log)
    log.clear()
    with open_database(one.db, read_only=False) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'lamindb'")
    ln.setup.disconnect(mute=True)
    ln.connect(one.slug)
    assert any("is behind" in line for line in log)
    assert any("lamin migrate deploy" in line for line in log)


def test_a_server_is_compared_when_an_auto_connected_process_first_asks_it(instances, run_python):
    from lamindb.setup.raw_database import open_database

    instance = instances.create()
    with open_database(instance.db, read_only=False) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('lamindb', '0999_future', '2030-01-01')"
        )
    lines = run_python("import lamindb as ln; print('imported'); ln.User.filter().count()").stdout.splitlines()
    warnings = [number for number, line in enumerate(lines) if "0999_future" in line]
    assert len(warnings) == 1
    assert (warnings[0] > lines.index("imported")) == (instance.dialect == "postgresql")


def test_deleting_an_instance_leaves_nothing_of_it(instance, log):
    ln.setup.settings.dev_dir = instance.default_root + "-dev"
    ln.setup.switch("contribution", create=True)
    ln.setup.delete(instance.slug, force=True)
    assert not Path(instance.default_root).exists()
    assert not any(instance.name in path.name for path in files.settings_dir().iterdir() if path.suffix != ".lock")
    assert not Path(instance.default_root + "-dev", ".lamin").exists()
    assert ln.setup.settings.instance.slug == "none/none"
    assert any("PostgreSQL" in line for line in log) == (instance.dialect == "postgresql")
    with pytest.raises(InstanceNotFoundError):
        ln.setup.delete(instance.slug, force=True)


def test_deleting_an_instance_keeps_files_of_the_user(sqlite_instance):
    mine = Path(sqlite_instance.default_root) / "mine.csv"
    mine.write_text("1")
    (Path(sqlite_instance.default_root) / ".lamindb" / "_staging" / "empty").mkdir(parents=True)
    ln.setup.delete(sqlite_instance.slug, force=True)
    assert _tree(Path(sqlite_instance.default_root)) == {"mine.csv"}


def test_managed_data_has_to_be_deleted_first(sqlite_instance):
    data = Path(sqlite_instance.default_root) / ".lamindb" / "abc.csv"
    data.write_text("1")
    with pytest.raises(StorageNotEmpty, match=r"contains 1 objects:\nabc.csv\ndelete them prior"):
        ln.setup.delete(sqlite_instance.slug, force=True)
    assert ln.Storage.filter().count() == 1
    ln.setup.delete(sqlite_instance.slug, force=True, require_empty=False)
    assert data.read_text() == "1"
    assert not (data.parent / "lamin.db").exists()


def test_an_instance_is_not_deleted_where_nobody_can_be_asked(sqlite_instance, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(ValueError, match=r"nothing was deleted: pass force=True"):
        ln.setup.delete(sqlite_instance.slug)
    assert ln.ULabel.filter().count() == 0


def test_deleting_asks_and_no_is_no(sqlite_instance, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: "n")
    assert ln.setup.delete(sqlite_instance.slug) == -1
    assert ln.Storage.filter().count() == 1


def test_a_default_instance_with_a_broken_file_can_be_left(clean):
    ln.setup.init(storage="x")
    ln.setup.settings.reset()
    files.current_instance_file().write_text("lamindb_instance_owner=anonymous\nlamindb_instance_name=x\n")
    with pytest.raises(ln.setup.errors.SettingsEnvFileOutdated, match=r"current_instance\.env"):
        _ = ln.setup.settings.instance
    ln.setup.disconnect()
    assert not files.current_instance_file().exists()
    assert ln.setup.settings.instance.slug == "none/none"


def test_calls_that_need_the_hub_say_what_to_do_instead():
    with pytest.raises(HubNotAvailable, match="lamin connect"):
        ln.setup.register()
    with pytest.raises(ln.setup.errors.NoAccessTokenError, match="lamin login"):
        ln.setup.login()
