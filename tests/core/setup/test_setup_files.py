"""Settings files: their format, their safety, and names of instances."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamindb.setup import settings_files as files
from lamindb.setup.errors import SettingsEnvFileOutdated
from lamindb.setup.identifiers import base62_of_bytes, check_name, instance_uid, parse_identifier
from lamindb.setup.instance import InstanceSettings, is_local_url, load_instance, no_instance
from lamindb.setup.user import UserSettings, anonymous_user, load_user, new_user

_keys = st.from_regex(r"[a-z_]{1,10}", fullmatch=True)
_values = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
_part = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,9}[A-Za-z0-9]", fullmatch=True)


@given(st.dictionaries(_keys, _values, max_size=6))
def test_values_are_read_as_they_were_written(values):
    assert files.parse_dotenv(files.format_dotenv(values)) == values


@given(st.dictionaries(_keys, _values, min_size=1, max_size=6))
def test_each_value_takes_one_line(values):
    text = files.format_dotenv(values)
    assert text.count("\n") == len(values)
    assert "\r" not in text


def test_missing_empty_and_null_values_are_none():
    assert files.parse_dotenv("a=\nb=null\nc=x\n# d=1\nnonsense") == {"a": None, "b": None, "c": "x"}


def test_values_are_not_interpolated(monkeypatch):
    monkeypatch.setenv("SECRET", "s3cret")
    assert files.parse_dotenv("a=${SECRET}$SECRET") == {"a": "${SECRET}$SECRET"}


def test_quoted_values_of_other_tools_are_read():
    assert files.parse_dotenv('a=\'x y\'\nb="x y"\nc="broken') == {"a": "x y", "b": "x y", "c": '"broken'}


@pytest.mark.parametrize("text", ["true", "True", "1", "YES"])
def test_booleans_are_read_whatever_their_case(text):
    assert files.parse_bool(text)
    assert not files.parse_bool(f"not {text}")


def test_files_are_private(own_settings):
    files.write_text(files.current_user_file(), "secret")
    assert stat.S_IMODE(files.current_user_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(own_settings.stat().st_mode) == 0o700


def test_a_failed_write_leaves_the_old_content_and_nothing_else(own_settings):
    path = files.current_user_file()
    files.write_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        files.write_text(path, "\ud800")
    assert path.read_text() == "old"
    assert os.listdir(own_settings) == [path.name]


def test_killing_a_writer_never_leaves_half_a_file(own_settings):
    path = files.current_user_file()
    code = (
        "import sys; from pathlib import Path; from lamindb.setup.settings_files import write_text\n"
        "number = 0\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    number += 1\n"
        "    write_text(Path(sys.argv[1]), f'{number % 10}' * 200_000)\n"
    )
    for delay in (0.01, 0.03, 0.05, 0.08):
        with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(delay)
            process.kill()
        text = path.read_text() if path.exists() else ""
        assert len(text) in (0, 200_000)
        assert len(set(text)) <= 1


def test_a_settings_folder_that_can_not_be_made_is_named(own_settings):
    own_settings.parent.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="set LAMIN_SETTINGS_DIR to a folder you can write") as error:
        files.write_text(files.current_user_file(), "x")
    assert str(own_settings) in str(error.value)


def test_an_environment_other_than_prod_has_its_own_files(own_settings, monkeypatch):
    monkeypatch.setenv("LAMIN_ENV", "staging")
    assert files.current_instance_file() == own_settings / "staging--current_instance.env"
    assert files.instance_file("a", "b").name == "staging--instance--a--b.env"


@given(_part, _part)
def test_a_slug_is_parsed_in_all_its_forms(owner, name):
    slug = (owner, name)
    assert parse_identifier(f"{owner}/{name}") == slug
    assert parse_identifier(f"https://lamin.ai/{owner}/{name}") == slug
    assert parse_identifier(f"https://lamin.ai/{owner}/{name}/") == slug
    assert parse_identifier(name, owner) == slug


@pytest.mark.parametrize(
    "bad", ["", "a/b/c", "/a", "https://lamin.ai/", "a/..", "a\nb", "https://example.org/a", "a\\b"]
)
def test_other_identifiers_are_refused_with_the_accepted_forms(bad):
    with pytest.raises(ValueError, match="owner/name"):
        parse_identifier(bad)


@given(st.text(max_size=40))
def test_parsing_any_text_gives_a_slug_or_a_value_error(text):
    try:
        owner, name = parse_identifier(text, "me")
    except ValueError:
        return
    assert owner and name and "/" not in owner + name
    assert files.instance_file(owner, name).parent == files.settings_dir()


@pytest.mark.parametrize("bad", ["", "a/b", "..", "a\x00", " a", "x" * 200])
def test_invalid_names_are_refused(bad):
    with pytest.raises(ValueError, match="Invalid instance name"):
        check_name(bad)


def test_documented_uids_are_reproduced():
    uuid = uuid5(NAMESPACE_URL, "anonymous/my-data")
    assert uuid.hex == "817c53f7a7bf5576b16ac500b25610b8"
    assert instance_uid(uuid) == "7TKL690EgOMy"
    assert no_instance().uid == "6FzkxtOpgftZ"
    import hashlib

    assert base62_of_bytes(hashlib.md5(b"10075f070b0b48b0900618724fb3be62").digest()) == "7clAMMtTbqlKVQPmUbqnIq"


@given(st.binary(min_size=1, max_size=20), st.binary(min_size=1, max_size=20))
def test_different_bytes_have_different_base62_texts(one, two):
    assert (base62_of_bytes(one) == base62_of_bytes(two)) == (one == two)
    assert base62_of_bytes(one).isalnum()


def test_leading_zero_bytes_are_counted_in_a_prefix():
    assert base62_of_bytes(b"\0\x01") == "011"
    assert base62_of_bytes(b"\0" * 61) == "0z"
    assert base62_of_bytes(b"\0" * 62 + b"\x02") == "0z012"


@given(_part, _part, st.lists(_part, unique=True, max_size=3), st.booleans(), st.uuids())
def test_an_instance_is_read_as_it_was_written(tmp_path_factory, owner, name, modules, keep, uuid):
    path = tmp_path_factory.mktemp("instance") / "x.env"
    made = InstanceSettings(
        uuid, owner, name, "/data/x", modules=modules, keep_artifacts_local=keep, db="postgresql://u:p%40$%7B@h:1/d"
    )
    files.write_dotenv(path, made._to_values())
    read = load_instance(path)
    assert read is not None
    assert read._to_values() == made._to_values()
    assert list(read.modules) == [module for module in modules if module not in ("lamindb", "null")]
    assert read.uid == made.uid


def test_the_settings_file_of_an_instance_has_the_documented_keys_in_order(own_settings):
    instance = InstanceSettings(UUID("817c53f7a7bf5576b16ac500b25610b8"), "anonymous", "my-data", "/data/my-data")
    lines = instance.save().read_text().splitlines()
    assert lines == [
        "lamindb_instance_owner=anonymous",
        "lamindb_instance_name=my-data",
        "lamindb_instance_storage_root=/data/my-data",
        "lamindb_instance_storage_region=null",
        "lamindb_instance_db=null",
        "lamindb_instance_schema_str=null",
        "lamindb_instance_id=817c53f7a7bf5576b16ac500b25610b8",
        "lamindb_instance_git_repo=null",
        "lamindb_instance_keep_artifacts_local=False",
    ]


def test_a_settings_file_without_a_required_key_is_outdated(own_settings):
    instance = InstanceSettings(UUID(int=1), "a", "b", "/data")
    path = instance.save()
    path.write_text("\n".join(line for line in path.read_text().splitlines() if "git_repo" not in line))
    with pytest.raises(SettingsEnvFileOutdated, match="git_repo") as caught:
        load_instance(path)
    assert str(path) in str(caught.value)
    assert "Delete it" in str(caught.value)


def test_a_half_written_id_is_outdated(own_settings):
    path = InstanceSettings(UUID(int=1), "a", "b", "/data").save()
    path.write_text(path.read_text().replace("lamindb_instance_id=0000", "lamindb_instance_id="))
    with pytest.raises(SettingsEnvFileOutdated):
        load_instance(path)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("postgresql://u:p@localhost:5432/d", True),
        ("postgresql://u:p@127.0.0.1:5432/d", True),
        ("postgresql://postgres:@/d?host=/tmp/socket", True),
        ("postgresql://u:p@db.example.org:5432/d", False),
    ],
)
def test_a_server_is_local_or_remote(url, local):
    assert is_local_url(url) is local
    assert InstanceSettings(UUID(int=1), "a", "b", "/data", db=url).is_remote is not local


def test_a_local_instance_is_described_by_its_settings(monkeypatch):
    monkeypatch.delenv("LAMINDB_SYNC_GIT_REPO", raising=False)
    instance = InstanceSettings(
        UUID(int=1), "a", "b", "/data/x", modules="pertdb, bionty,", git_repo="https://x.org/r.git"
    )
    assert instance.slug == "a/b"
    assert (instance.dialect, instance.vendor) == ("sqlite", "sqlite")
    assert instance.db == "sqlite:////data/x/.lamindb/lamin.db"
    assert instance.modules == {"bionty", "pertdb"}
    assert list(instance.modules) == ["pertdb", "bionty"]
    assert instance.git_repo == "https://x.org/r"
    assert not instance.is_remote
    assert not instance.is_on_hub
    assert not instance.is_managed_by_hub
    assert instance.ui_url is None
    assert not instance.is_read_only_connection
    with pytest.raises(ValueError, match="keep_artifacts_local"):
        instance.keep_artifacts_local = "yes"
    with pytest.raises(ValueError, match="keep_artifacts_local"):
        _ = instance.local_storage


def test_two_instances_with_one_name_have_different_uids():
    from lamindb.setup.identifiers import new_instance_id

    assert new_instance_id() != new_instance_id()


def test_passwords_and_hosts_are_hidden_in_the_representation():
    instance = InstanceSettings(UUID(int=1), "a", "b", "/data", db="postgresql://me:secret@db.example.org:5432/d")
    assert "secret" not in repr(instance)
    assert "example.org" not in repr(instance)
    assert "postgresql://me:***@***:5432/d" in repr(instance)
    assert repr(instance).splitlines()[0] == "Instance: a/b"


@given(_part)
def test_a_handle_has_one_uid_on_every_machine(handle):
    one, two = new_user(handle), new_user(handle, name="Somebody")
    assert one.uid == two.uid
    assert len(one.uid) == 8
    assert one.uid.isalnum()


@pytest.mark.parametrize("bad", ["", "a b", "a/b", "-a", "x" * 31, "ä"])
def test_invalid_handles_are_refused(bad):
    with pytest.raises(ValueError, match="handle"):
        new_user(bad)


def test_a_user_is_read_as_written(tmp_path):
    for user in (anonymous_user(), new_user("ada", "Ada Lovelace", "ada@example.org")):
        user.save(tmp_path / "user.env")
        assert load_user(tmp_path / "user.env") == user
    assert load_user(tmp_path / "missing") is None
    assert repr(UserSettings(handle="ada", uid="x")) == "Current user:\n - handle: ada\n - uid: x"


def test_a_broken_user_file_is_named(tmp_path):
    (tmp_path / "user.env").write_text("lamin_user_email=null\n")
    with pytest.raises(SettingsEnvFileOutdated, match=r"user\.env"):
        load_user(tmp_path / "user.env")
