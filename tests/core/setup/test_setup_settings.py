"""What is current: instance, user, branch, space, storage, cache, modules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lamindb as ln
from lamindb.cli.connect import connect_instance
from lamindb.setup import settings_files as files
from lamindb.setup.errors import CurrentInstanceNotConfigured, InstanceNotFoundError, ModuleWasntConfigured
from lamindb.setup.modules import ModuleNames, describe_mismatch, parse_modules
from lamindb.setup.resolve import find_marker, resolve_instance


@pytest.fixture
def clean(own_settings):
    yield own_settings
    ln.setup.disconnect(mute=True)


@pytest.fixture
def two(clean):
    """Two instances, `anonymous/one` and (the default) `anonymous/two`; this process is connected to neither."""
    ln.setup.init(storage="one")
    ln.setup.init(storage="two")
    ln.setup.settings.reset()
    return clean


def _python(code: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=cwd, env={**os.environ, **env}
    )


def test_the_environment_wins_over_the_marker_and_the_marker_over_the_default(two, monkeypatch):
    assert (resolve_instance().instance.slug, resolve_instance().source) == ("anonymous/two", "default")
    below = Path("project/deep")
    below.mkdir(parents=True)
    files.write_text(files.marker_file(Path("project")), "anonymous/one\n")
    monkeypatch.chdir(below)
    assert (resolve_instance().instance.slug, resolve_instance().source) == ("anonymous/one", "marker")
    monkeypatch.setenv("LAMIN_CURRENT_INSTANCE", "two")
    assert (resolve_instance().instance.slug, resolve_instance().source) == ("anonymous/two", "environment")
    monkeypatch.setenv("LAMIN_CURRENT_INSTANCE", "ada/unknown")
    with pytest.raises(InstanceNotFoundError, match="ada/unknown"):
        resolve_instance()


def test_markers_that_name_nothing_known_are_ignored_with_a_warning(two, log):
    for text in ("ada/unknown", "a/b/c", ""):
        files.write_text(files.marker_file(Path.cwd()), text)
        log.clear()
        assert resolve_instance().instance.slug == "anonymous/two"
        assert "ignored" in log[0]
        assert "current_instance" in log[0]


def test_a_marker_in_the_home_directory_is_ignored(two, monkeypatch):
    files.write_text(files.marker_file(Path.home()), "anonymous/one")
    monkeypatch.chdir(Path.home())
    assert find_marker() is None


def test_the_home_directory_can_not_be_the_dev_dir(two, monkeypatch):
    with pytest.raises(ValueError, match="is the home directory"):
        ln.setup.settings.dev_dir = "~"
    monkeypatch.chdir(Path.home())
    with pytest.raises(ValueError, match="lamin connect anonymous/one"):
        connect_instance("one", here=True)
    assert list(Path.home().iterdir()) == []
    assert ln.setup.settings.instance.slug == "anonymous/two"


def test_a_deleted_working_directory_does_not_matter(two):
    code = (
        "import os, tempfile; d = tempfile.mkdtemp(); os.chdir(d); os.rmdir(d)\n"
        "import lamindb as ln; print(ln.setup.settings.instance.slug)"
    )
    assert _python(code).stdout.splitlines()[-1] == "anonymous/two"


def test_the_nearest_marker_wins(two):
    for folder, slug in (("a", "anonymous/one"), ("a/b", "anonymous/two")):
        files.write_text(files.marker_file(Path(folder)), slug)
    assert find_marker(Path("a/b")).slug == "anonymous/two"
    assert find_marker(Path("a")).folder == Path("a").absolute()


def test_the_dev_dir_is_marked_and_moves(two, monkeypatch):
    for name in ("first", "second"):
        Path(name).mkdir()
    ln.setup.settings.dev_dir = "first"
    assert ln.setup.settings.dev_dir == Path("first").resolve()
    assert files.marker_file(Path("first")).read_text() == "anonymous/two"
    ln.setup.settings.dev_dir = "second"
    assert not Path("first/.lamin").exists()
    assert files.read_text(files.dev_dir_file("anonymous", "two")) == Path("second").resolve().as_posix()
    ln.setup.settings.dev_dir = None
    assert ln.setup.settings.dev_dir is None
    assert not Path("second/.lamin").exists()


def test_disconnecting_here_removes_the_marker_only(two, monkeypatch, log):
    Path("dev").mkdir()
    ln.setup.settings.dev_dir = "dev"
    monkeypatch.chdir("dev")
    ln.setup.disconnect(here=True)
    assert not Path(".lamin").exists()
    assert files.current_instance_file().exists()
    assert ln.setup.settings.dev_dir is None
    ln.setup.disconnect(here=True)
    assert log[-1] == "no local instance marker found"


def test_disconnecting_says_that_a_directory_still_names_the_instance(two, log):
    ln.setup.settings.dev_dir = "."
    ln.setup.disconnect()
    assert any("--here" in line for line in log)


def test_without_instance_settings_behave(clean):
    text = repr(ln.setup.settings)
    assert text.splitlines()[0] == "Instance: None"
    assert "Details:" not in text
    assert text.splitlines()[-1] == "User: anonymous"
    assert ln.setup.settings.dev_dir is None
    with pytest.raises(CurrentInstanceNotConfigured):
        ln.setup.settings.dev_dir = "x"
    assert not list(clean.glob("dev-dir*"))
    assert not ln.setup.settings.is_connected
    assert ln.setup.settings.cache_dir.exists()
    for call in (lambda: ln.setup.switch("x"), lambda: ln.setup.merge("x")):
        with pytest.raises(CurrentInstanceNotConfigured):
            call()


def test_the_representation_has_the_documented_lines(two):
    lines = repr(ln.setup.settings).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "Instance",
        " - branch",
        " - space",
        " - dev-dir",
        "Details",
        " - storage",
        " - db",
        " - modules",
        " - git_repo",
        "Cache & settings",
        " - cache",
        " - modules",
        " - user settings",
        " - system settings",
        "User",
    ]
    assert lines[0] == "Instance: anonymous/two"
    assert "set()" not in repr(ln.setup.settings)
    assert "(None)" not in repr(ln.setup.settings)


def test_settings_are_shown_without_django_and_registries(two):
    code = "import sys, lamindb as ln; repr(ln.setup.settings); print([m for m in ('django', 'pandas') if m in sys.modules])"
    assert _python(code).stdout.splitlines()[-1] == "[]"


def test_another_environment_has_its_own_instance_and_user(two, monkeypatch, log):
    ln.setup.login("ada")
    monkeypatch.setenv("LAMIN_ENV", "staging")
    assert ln.setup.settings.instance.slug == "none/none"
    assert ln.setup.settings.user.handle == "anonymous"
    assert any("LAMIN_ENV: staging" in line for line in log)
    monkeypatch.setenv("LAMIN_ENV", "prod")
    assert ln.setup.settings.instance.slug == "anonymous/two"
    assert ln.setup.settings.user.handle == "ada"


def test_logging_in_keeps_the_uid_of_a_handle(clean, log):
    first = ln.setup.login("ada", name="Ada Lovelace")
    assert ln.setup.settings.user == first
    ln.setup.logout()
    assert ln.setup.settings.user.handle == "anonymous"
    assert ln.setup.settings.user.uid == "00000000"
    again = ln.setup.login("ada")
    assert (again.uid, again.name) == (first.uid, "Ada Lovelace")
    ln.setup.logout()
    ln.setup.logout()
    assert log[-1] == "already logged out"


def test_an_email_address_logs_in_its_handle(clean):
    user = ln.setup.login("ada@example.org")
    assert (user.handle, user.email) == ("ada", "ada@example.org")
    assert ln.setup.login("ada").email == "ada@example.org"
    assert (clean / "user--ada.env").exists()
    assert (clean / "user--ada@example.org.env").exists()


def test_invalid_logins_are_refused(clean):
    for arguments, error in (
        ({"user": "a b"}, ValueError),
        ({"user": "anonymous"}, ValueError),
        ({"user": "../x"}, ValueError),
        ({"user": "ada", "api_key": "k"}, ValueError),
        ({"user": "ada", "wrong": 1}, TypeError),
    ):
        with pytest.raises(error):
            ln.setup.login(**arguments)
    assert not files.current_user_file().exists()


def test_records_are_created_by_who_logged_in(clean):
    ln.setup.init(storage="x")
    assert ln.ULabel(name="by anonymous").save().created_by.handle == "anonymous"
    ln.setup.login("ada", name="Ada Lovelace")
    label = ln.ULabel(name="by ada").save()
    assert (label.created_by.handle, label.created_by.name) == ("ada", "Ada Lovelace")
    assert ln.setup.settings.user.id == label.created_by_id
    ln.setup.logout()
    assert ln.ULabel(name="by anonymous again").save().created_by_id == 1


def test_a_login_owns_new_instances(clean):
    ln.setup.login("ada")
    ln.setup.init(storage="x")
    assert ln.setup.settings.instance.slug == "ada/x"
    assert ln.User.get(id=1).handle == "ada"


def test_switching_the_branch_is_remembered_per_instance(instance, run_python):
    ln.setup.switch("contribution", create=True)
    branch = ln.setup.settings.branch
    assert branch.name == "contribution"
    assert ln.ULabel(name="label").save().branch_id == branch.id
    lines = files.branch_file(instance.owner, instance.name).read_text().split("\n")
    assert lines == [branch.uid, "contribution"]
    code = "import lamindb as ln; print(ln.setup.settings.branch.name)"
    assert run_python(code).stdout.splitlines()[-1] == "contribution"
    ln.setup.switch("main")
    assert ln.setup.settings.branch.id == 1


def test_unknown_and_existing_branches_are_told_apart(instance):
    from lamindb.errors import BranchAlreadyExists, ObjectDoesNotExist

    with pytest.raises(ObjectDoesNotExist, match=r"Branch 'mein'.*'main'"):
        ln.setup.switch("mein")
    with pytest.raises(ObjectDoesNotExist, match="Space 'nowhere'"):
        ln.setup.switch("nowhere", space=True)
    ln.setup.switch("one", create=True)
    with pytest.raises(BranchAlreadyExists, match="-c/--create"):
        ln.setup.switch("One", create=True)
    with pytest.raises(AssertionError, match="not saved"):
        ln.setup.settings.branch = ln.Branch(name="unsaved")


def test_a_branch_that_was_deleted_falls_back_to_main(instance, log):
    ln.setup.switch("gone", create=True)
    ln.Branch.filter(name="gone").delete(permanent=True)
    ln.setup.settings.clear_record_cache()
    assert ln.setup.settings.branch.name == "main"
    assert any("'gone' does not exist any more" in line for line in log)
    assert not files.branch_file(instance.owner, instance.name).exists()
    assert ln.ULabel.filter().count() == 0


def test_a_space_can_be_switched(instance):
    space = ln.Space(name="team").save()
    ln.setup.switch("team", space=True)
    assert ln.setup.settings.space == space
    assert ln.ULabel(name="label").save().space_id == space.id
    ln.setup.settings.space = "all"
    assert ln.setup.settings.space.id == 1


def test_the_default_branch_and_space_need_no_query(instance, count_queries):
    with count_queries() as queries:
        assert ln.setup.settings.current_branch_id() == 1
        assert ln.setup.settings.current_space_id() == 1
    assert len(queries) == 0


def test_another_storage_is_registered_and_switched_to(instance, tmp_path):
    ln.settings.storage = tmp_path / "more"
    record = ln.Storage.get(root=(tmp_path / "more").as_posix())
    assert record.instance_uid == instance.uid
    assert ln.settings.storage.uid == record.uid
    assert ln.settings.storage.record == record
    assert ln.setup.settings.instance.default_root != record.root
    ln.settings.storage = instance.default_root
    assert ln.Storage.filter().count() == 2


def test_the_storage_of_another_instance_can_not_be_switched_to(instances):
    one = instances.create()
    two = instances.create()
    foreign = ln.Storage(root=one.default_root).save()
    assert foreign.instance_uid == one.uid
    assert foreign.uid == one.storage.uid
    with pytest.raises(ValueError, match=f"exists in another instance \\({one.uid}\\)"):
        ln.settings.storage = one.default_root
    assert ln.settings.storage.root_as_str == two.default_root


def test_spellings_of_one_root_are_one_storage(instance, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = ln.Storage(root="./more/").save()
    assert ln.Storage(root=tmp_path / "more") == first
    assert ln.Storage(root="x/../more") == first


def test_the_managing_instance_is_known_after_reconnecting(instance):
    ln.connect(instance.slug)
    storage = ln.setup.settings.instance.storage
    assert storage.instance_uid == instance.uid
    assert repr(storage) == f"StorageSettings(root={instance.default_root!r}, uid={storage.uid!r})"
    assert storage.key_to_filepath("a/b.csv") == Path(instance.default_root) / "a" / "b.csv"


def test_artifacts_can_be_kept_in_a_local_storage(instance, tmp_path):
    current = ln.setup.settings.instance
    current.keep_artifacts_local = True
    assert current.local_storage.root_as_str == instance.default_root
    current.local_storage = (tmp_path / "here", "my-machine")
    assert current.local_storage.host == "my-machine"
    assert ln.Storage.get(root=(tmp_path / "here").as_posix()).region == "my-machine"
    ln.setup.settings.reset()
    assert ln.setup.settings.instance.keep_artifacts_local


def test_the_cache_folder_is_stored_and_reset(clean, monkeypatch, tmp_path):
    from lamindb.setup.cache_folder import clear_cache_dir, set_cache_dir

    monkeypatch.delenv("LAMIN_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert ln.setup.settings.cache_dir_path == tmp_path / "xdg" / "lamindb"
    (tmp_path / "xdg" / "lamindb" / "object").write_text("1")
    set_cache_dir(tmp_path / "mine")
    assert ln.setup.settings.cache_dir_path == tmp_path / "mine"
    assert files.storage_file().read_text() == f"lamindb_cache_path={tmp_path / 'mine'}\n"
    assert (tmp_path / "xdg" / "lamindb" / "object").exists()
    set_cache_dir("null")
    set_cache_dir(tmp_path / "moved", move=True)
    assert (tmp_path / "moved" / "object").read_text() == "1"
    clear_cache_dir()
    assert list((tmp_path / "moved").iterdir()) == []
    for bad in ("relative", "s3://bucket"):
        with pytest.raises(ValueError):
            set_cache_dir(bad)
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(tmp_path / "env"))
    assert ln.setup.settings.cache_dir_path == tmp_path / "env"
    monkeypatch.setenv("LAMIN_CACHE_DIR", "relative")
    with pytest.raises(ValueError, match="absolute"):
        _ = ln.setup.settings.cache_dir


def test_modules_of_an_environment_without_instance(clean, monkeypatch):
    ln.setup.settings.modules = "bionty, pertdb,"
    assert ln.setup.settings.modules == {"bionty", "pertdb"}
    assert files.current_modules_file().read_text() == "bionty,pertdb"
    ln.setup.settings.modules = ""
    assert ln.setup.settings.modules == set()
    monkeypatch.setenv("LAMINDB_MODULES", " mylab ,")
    assert ln.setup.settings.modules == {"mylab"}
    monkeypatch.delenv("LAMINDB_MODULES")
    ln.setup.settings.modules = None
    assert not files.current_modules_file().exists()


def test_module_names_keep_their_order_and_compare_like_sets():
    names = parse_modules("pertdb, bionty, pertdb, lamindb")
    assert list(names) == ["pertdb", "bionty"]
    assert names == {"bionty", "pertdb"}
    assert {"bionty", "pertdb"} == names
    assert names | {"x"} == {"bionty", "pertdb", "x"}
    assert hash(names) == hash(ModuleNames(["bionty", "pertdb"]))
    assert repr(ModuleNames()) == "set()"


def test_a_mismatch_of_modules_is_described():
    assert describe_mismatch(["x-y"], ["lnschema_x_y"]) is None
    text = describe_mismatch(["bionty"], ["pertdb"])
    assert "bionty: part of the instance, but not loaded" in text
    assert "lamin settings modules set bionty" in text


def test_a_module_of_ones_own_is_mounted_migrated_and_checked(clean, tmp_path):
    package = tmp_path / "packages" / "mylab"
    (package / "migrations").mkdir(parents=True)
    (package / "migrations" / "__init__.py").touch()
    (package / "__init__.py").write_text(
        "from lamindb_setup import _check_instance_setup\n_check_instance_setup(from_module='mylab')\n"
    )
    (package / "models.py").write_text(
        "from django.db import models\n"
        "from lamindb.base.fields import CharField\n"
        "from lamindb.models import BaseSQLRecord\n"
        "class Donor(BaseSQLRecord):\n"
        "    class Meta(BaseSQLRecord.Meta):\n"
        "        abstract = False\n"
        "        app_label = 'mylab'\n"
        "    id: int = models.AutoField(primary_key=True)\n"
        "    name: str = CharField()\n"
    )
    path = {"PYTHONPATH": str(tmp_path / "packages")}
    code = "import lamindb as ln; ln.setup.init(storage='with', modules='mylab'); import mylab.models; print(mylab.models.Donor.filter().count())"
    done = _python(code, **path)
    assert done.stdout.splitlines()[-1] == "0", done.stderr
    done = _python(
        "import lamindb as ln; ln.setup.migrate.create(); ln.setup.migrate.deploy(); print(ln.setup.migrate.check())",
        **path,
    )
    assert (package / "migrations" / "0001_initial.py").exists(), done.stderr
    done = _python("import mylab; from mylab.models import Donor; print(Donor.filter().count())", **path)
    assert done.stdout.splitlines()[-2:] == ["→ connected lamindb: anonymous/with", "0"], done.stderr
    _python("import lamindb as ln; ln.setup.init(storage='without')", **path)
    done = _python("import mylab", **path)
    assert "ModuleWasntConfigured" in done.stderr
    assert "lamin settings modules set mylab" in done.stderr
    done = _python("import lamindb as ln; ln.setup.add_modules('mylab')", **path)
    assert "added modules to anonymous/without: mylab" in done.stdout, done.stderr
    done = _python("from mylab.models import Donor; print(Donor.filter().count())", **path)
    assert done.stdout.splitlines()[-1] == "0", done.stderr
    _python("import lamindb as ln; ln.setup.init(storage='plain')", **path)
    done = _python("import lamindb as ln; ln.Branch.filter().count(); ln.connect('with')", **path)
    assert "Start a new process" in done.stderr


def test_a_module_that_is_not_configured_is_refused(instance):
    from lamindb.setup import _check_instance_setup

    assert _check_instance_setup() is True  # Django is set up
    with pytest.raises(ModuleWasntConfigured, match="mylab"):
        _check_instance_setup("mylab")


def test_the_setup_layer_has_its_own_import_name(clean):
    code = (
        "import lamindb_setup as ln_setup, sys, json\n"
        "from lamindb_setup import _check_instance_setup\n"
        "from lamindb_setup.core.hashing import hash_file\n"
        "from lamindb_setup.core.upath import UPath\n"
        "from lamindb_setup.errors import InstanceNotFoundError\n"
        "import lamindb.setup\n"
        "same = [ln_setup.settings is lamindb.setup.settings, ln_setup.init is lamindb.setup.init,\n"
        "        InstanceNotFoundError is lamindb.setup.errors.InstanceNotFoundError, callable(ln_setup.connect),\n"
        "        ln_setup.core.StorageSettings is lamindb.setup.core.StorageSettings, _check_instance_setup() is False]\n"
        "print(json.dumps([same, 'django' in sys.modules]))"
    )
    done = _python(code)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[True] * 6, False]


def test_public_names_are_there():
    for name in (
        "init",
        "disconnect",
        "close",
        "delete",
        "login",
        "logout",
        "switch",
        "merge",
        "settings",
        "migrate",
        "django",
    ):
        assert callable(getattr(ln.setup, name)) or name == "settings"
    for name in ("register", "errors", "types", "core", "io"):
        assert name in dir(ln.setup)
        assert getattr(ln.setup, name) is not None
    with pytest.raises(AttributeError, match="Did you mean 'init'"):
        _ = ln.setup.inti


def test_an_exported_database_is_imported_again(instance, tmp_path):
    pytest.importorskip("pyarrow")
    label = ln.ULabel(name="first", description='quotes " and % and ä').save()
    texts = ["5", "no JSON", "", "true"]  # must not come back as other values
    transform = ln.Transform(key="x", description="").save()
    runs = [ln.Run(transform, params={"p": text}).save() for text in texts]
    for run, text in zip(runs, texts, strict=True):
        ln.Run.filter(uid=run.uid).update(extra_data=text)
    ln.setup.io.export_db(output_dir=tmp_path / "export")
    created_at = ln.ULabel.get(uid=label.uid).created_at
    ln.ULabel(name="second").save()
    with pytest.raises(ValueError, match="have rows already"):
        ln.setup.io.import_db(input_dir=tmp_path / "export", if_exists="fail")
    ln.setup.io.import_db(input_dir=tmp_path / "export", if_exists="append")
    assert {one.name for one in ln.ULabel.filter()} == {"first", "second"}
    ln.setup.io.import_db(input_dir=tmp_path / "export")
    one = ln.ULabel.filter().one()
    assert (one.uid, one.description, one.created_at) == (label.uid, label.description, created_at)
    assert [ln.Run.get(uid=run.uid).extra_data for run in runs] == texts
    assert ln.Transform.get(key="x").description == ""
    assert ln.ULabel(name="third").save().id > one.id
    with pytest.raises(ValueError, match="no folder"):
        ln.setup.io.import_db(input_dir=tmp_path / "missing")


def test_a_copy_of_the_database_can_be_left_in_the_storage(sqlite_instance):
    import gzip

    ln.setup.core.upload_sqlite_clone()
    packed = Path(sqlite_instance.default_root) / ".lamindb" / "lamin.db.gz"
    assert gzip.decompress(packed.read_bytes()).startswith(b"SQLite format 3")
    with pytest.raises(FileNotFoundError):
        ln.setup.core.upload_sqlite_clone("missing.db")


def test_without_instance_everything_that_needs_one_says_so(clean, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    code = f"""
import lamindb as ln
settings = ln.setup.settings
assert (settings.instance.slug, settings.is_connected, settings.storage, settings.dev_dir) == ("none/none", False, None, None)
assert (settings.branch.id, settings.branch.name, settings.instance.db) == (1, "main", "sqlite:///:memory:")
assert "None" in repr(ln.settings) and ln.settings.cache_dir.exists()
calls = dict(
    query=lambda: ln.ULabel.filter().count(),
    get=lambda: ln.ULabel.get("x"),
    frame=lambda: ln.ULabel.to_dataframe(),
    search=lambda: list(ln.ULabel.search("a")),
    lookup=lambda: ln.ULabel.lookup(),
    build=lambda: ln.ULabel(name="x"),
    feature=lambda: ln.Feature(name="x", dtype=str),
    record=lambda: ln.Record(name="x"),
    transform=lambda: ln.Transform(key="x"),
    artifact=lambda: ln.Artifact({str(tmp_path / "a.txt")!r}, key="a.txt"),
    storage=lambda: setattr(ln.settings, "storage", "./y"),
    view=lambda: ln.view(),
    switch=lambda: ln.setup.switch("b"),
    merge=lambda: ln.setup.merge("b"),
    dev_dir=lambda: setattr(settings, "dev_dir", "."),
    modules=lambda: ln.setup.add_modules("bionty"),
    clone=lambda: ln.setup.clone(),
    deploy=lambda: ln.setup.migrate.deploy(),
    export=lambda: ln.setup.io.export_db(),
)
for name, call in calls.items():
    try:
        call()
    except ln.setup.errors.CurrentInstanceNotConfigured as error:
        assert "lamin connect" in str(error), name
    else:
        raise SystemExit(name + " worked without an instance")
"""
    done = _python(code)
    assert done.returncode == 0, done.stderr
    assert not Path("y").exists()


def test_only_the_packages_of_the_instance_are_migrated(clean, tmp_path):
    pytest.importorskip("pertdb")
    done = _python(
        "import lamindb as ln; ln.ULabel; ln.setup.init(storage='plain'); ln.setup.migrate.deploy()\n"
        "print(list(ln.setup.migrate.defined_migrations()), list(ln.setup.migrate.deployed_migrations()))",
        tmp_path,
        LAMINDB_MODULES="pertdb",
    )
    assert done.stdout.splitlines()[-1] == "['lamindb'] ['lamindb']", done.stdout + done.stderr
