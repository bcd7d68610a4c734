"""`lamin init`, `connect`, `disconnect`, `info`, `settings`, `login`, `delete <instance>`, `migrate`, `cache`."""

from __future__ import annotations

import json
from typing import Any

import pytest


def test_init_connect_and_disconnect_change_the_default_and_keep_the_instances(lamin: Any) -> None:
    assert "initialized lamindb: anonymous/lab" in lamin("init", "--storage", "./lab").stderr
    lamin("init", "--storage", "./other", "--name", "other")
    assert lamin("info").stdout.startswith("Instance: anonymous/other\n")
    assert "connected lamindb: anonymous/lab" in lamin("connect", "lab").stderr
    info = lamin("info").stdout
    assert f" - storage: {lamin.directory}/lab" in info and " - branch: main" in info and "User: anonymous" in info
    lamin("disconnect")
    assert lamin("info").stdout.startswith("Instance: None\nCache & settings:\n")
    assert len(list(lamin.settings_dir.glob("instance--*.env"))) == 2
    lamin("disconnect")


def test_init_again_is_no_error_but_another_name_for_the_same_storage_is(lab: Any) -> None:
    lab("init", "--storage", "./lab")
    marker = (lab.directory / "lab" / ".lamindb" / "storage_uid.txt").read_text()
    assert lab("init", "--storage", "./lab", "--name", "second", code=1).stderr.startswith("Error: ")
    assert (lab.directory / "lab" / ".lamindb" / "storage_uid.txt").read_text() == marker
    assert "anonymous/lab" in lab("info").stdout


def test_an_unknown_instance_is_an_error_with_near_matches(lab: Any) -> None:
    stderr = lab("connect", "anonymous/lap", code=1).stderr
    assert "'anonymous/lap' not found" in stderr and "anonymous/lab" in stderr
    assert lab("connect", "a/b/c", code=1).stderr.startswith("Error: ")


def test_an_instance_is_named_by_an_address_of_any_host(lab: Any) -> None:
    for address in ("https://lamin.ai/anonymous/lab/", "https://data.example.org/anonymous/lab"):
        assert "connected lamindb: anonymous/lab" in lab("connect", address).stderr
    for address in ("https://data.example.org/lab", "https://data.example.org/a/b/c"):
        assert "does not name an instance" in lab("connect", address, code=1).stderr


def test_connect_here_concerns_the_working_directory_only(lab: Any) -> None:
    lab("init", "--storage", "./other")
    default = (lab.settings_dir / "current_instance.env").read_bytes()
    below = lab.directory / "project" / "deep"
    below.mkdir(parents=True)
    lab("connect", "lab", "--here", cwd=below.parent)
    assert (lab.settings_dir / "current_instance.env").read_bytes() == default
    assert (below.parent / ".lamin" / "current_instance").read_text().strip() == "anonymous/lab"
    assert "Instance: anonymous/lab" in lab("info", cwd=below).stdout
    assert lab("settings", "dev-dir", "get", cwd=below).stdout == f"{below.parent}\n"
    assert "Instance: anonymous/other" in lab("info").stdout
    assert "Instance: anonymous/other" in lab("info", cwd=below, LAMIN_CURRENT_INSTANCE="anonymous/other").stdout
    lab("disconnect", "--here", cwd=below)
    assert not (below.parent / ".lamin").exists()
    assert "Instance: anonymous/other" in lab("info", cwd=below).stdout
    lab("disconnect", "--here", cwd=below)


def test_another_instance_is_not_connected_within_a_development_folder(lab: Any) -> None:
    lab("init", "--storage", "./other")
    default = (lab.settings_dir / "current_instance.env").read_bytes()
    project = lab.directory / "project"
    (project / "deep").mkdir(parents=True)
    lab("connect", "lab", "--here", cwd=project)
    for words in (("connect", "other"), ("connect", "other", "--here")):
        refused = lab(*words, cwd=project / "deep", code=1).stderr
        assert refused.startswith("Error: ") and "lamin disconnect --here" in refused
        assert "anonymous/lab" in refused and str(project) in refused
    assert (lab.settings_dir / "current_instance.env").read_bytes() == default
    assert (project / ".lamin" / "current_instance").read_text().strip() == "anonymous/lab"
    assert not (project / "deep" / ".lamin").exists()
    lab("connect", "lab", cwd=project)  # its own instance may become the default there
    lab("disconnect", "--here", cwd=project)
    lab("connect", "other", "--here", cwd=project)
    assert "Instance: anonymous/other" in lab("info", cwd=project).stdout


def test_a_default_that_the_environment_overrides_is_said(lab: Any) -> None:
    lab("init", "--storage", "./other")
    assert "LAMIN_CURRENT_INSTANCE names it" in lab("connect", "lab", LAMIN_CURRENT_INSTANCE="anonymous/other").stderr


def test_an_unknown_instance_in_the_environment_is_an_error(lab: Any) -> None:
    for words in (("info",), ("list", "branch")):
        assert "LAMIN_CURRENT_INSTANCE" in lab(*words, code=1, LAMIN_CURRENT_INSTANCE="no/such").stderr


def test_the_development_folders_below_a_folder_are_found(lab: Any) -> None:
    for name in ("a", ".hidden"):
        (lab.directory / name).mkdir()
    lab("connect", "lab", "--here", cwd=lab.directory / "a")
    assert lab("settings", "dev-dir", "find").stdout == f"{lab.directory / 'a'}\tanonymous/lab\tmain\n"
    (found,) = json.loads(lab("settings", "dev-dir", "find", "--json").stdout)
    assert found == {"dev_dir": str(lab.directory / "a"), "instance": "anonymous/lab", "branch": "main"}


@pytest.mark.parametrize("form", [("settings", "dev-dir", "set"), ("settings", "set", "dev-dir")])
def test_the_development_folder_is_set_and_unset(form: tuple[str, ...], lab: Any) -> None:
    assert lab("settings", "dev-dir", "get").stdout == "None\n"
    lab(*form, ".")
    assert lab("settings", "dev-dir", "get").stdout == lab("settings", "get", "dev-dir").stdout == f"{lab.directory}\n"
    lab(*form, "NONE")
    assert lab("settings", "dev-dir", "get").stdout == "None\n"
    lab(*form, ".")
    lab("settings", "dev-dir", "unset")
    assert lab("settings", "dev-dir", "get").stdout == "None\n"


def test_the_cache_folder_is_set_reset_and_cleared(lamin: Any) -> None:
    lamin.environment["LAMIN_CACHE_DIR"] = ""
    folder = lamin.home / "my-cache"
    lamin("settings", "cache-dir", "set", str(folder))
    assert lamin("settings", "cache-dir", "get").stdout == f"The cache directory is {folder}\n"
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "c.txt").write_text("c")
    assert "deprecated" in lamin("cache", "clear").stderr
    assert list(folder.iterdir()) == []
    assert json.loads(lamin("settings", "--json").stdout)["cache_dir"] == str(folder)
    assert "should be absolute" in lamin("settings", "cache-dir", "set", "relative/path", code=1).stderr
    lamin("settings", "cache-dir", "reset")
    assert str(folder) not in lamin("cache", "get").stdout


def test_the_modules_of_an_environment_are_set_and_unset(lamin: Any) -> None:
    default = lamin("settings", "modules", "get").stdout
    lamin("settings", "modules", "set", "pertdb,bionty")
    assert lamin("settings", "modules", "get").stdout == "bionty,pertdb\n"
    lamin("settings", "modules", "set", "")
    assert lamin("settings", "modules", "get").stdout == "None\n"
    lamin("settings", "modules", "unset")
    assert lamin("settings", "modules", "get").stdout == default


def test_a_module_that_is_not_installed_is_not_added_to_an_instance(lab: Any) -> None:
    before = lab("info").stdout
    assert "no_such_module" in lab("settings", "modules", "add", "no_such_module", code=1).stderr
    assert lab("info").stdout == before


def test_settings_alone_prints_them(lab: Any) -> None:
    stdout = lab("settings").stdout
    assert stdout.startswith("Configure: see `lamin settings --help`\nInstance: anonymous/lab")


def test_former_settings_are_accepted_with_a_warning(lamin: Any) -> None:
    assert lamin("settings", "get", "auto-connect").stdout == "True\n"
    assert "no effect" in lamin("settings", "set", "private-django-api", "true").stderr
    assert lamin("settings", "set", "auto-connect", "perhaps", code=2)


def test_a_local_identity_needs_no_account(lamin: Any) -> None:
    lamin("login", "ada", "--name", "Ada Lovelace")
    assert "initialized lamindb: ada/lab" in lamin("init", "--storage", "./lab").stderr
    assert "User: ada" in lamin("info").stdout
    lamin("logout")
    lamin("logout")
    assert "User: anonymous" in lamin("info").stdout
    assert "hub" in lamin("login", stdin="a-key\n", code=1).stderr
    assert lamin("login", "no spaces allowed", code=1).stderr.startswith("Error: ")


def test_an_instance_is_deleted_after_a_yes_and_only_when_it_is_empty(lab: Any) -> None:
    (lab.directory / "mine.txt").write_text("x")
    (lab.directory / "lab" / "mine.txt").write_text("x")
    lab("save", "mine.txt", "--key", "a.txt")
    stderr = lab("delete", "lab", "--force", code=1).stderr
    assert "contains 1 objects" in stderr
    assert (lab.directory / "lab" / ".lamindb" / "lamin.db").exists()
    lab("delete", "artifact", "--key", "a.txt", "--permanent")
    assert lab("delete", "lab", stdin="n\n").stdout == ""
    assert (lab.directory / "lab" / ".lamindb" / "lamin.db").exists()
    lab("delete", "instance", "--slug", "anonymous/lab", stdin="y\n")
    assert (lab.directory / "lab" / "mine.txt").exists() and not (lab.directory / "lab" / ".lamindb").exists()
    assert "Instance: None" in lab("info").stdout


def test_a_misspelt_entity_is_not_taken_for_an_instance(lab: Any) -> None:
    assert "Did you mean 'artifact'?" in lab("delete", "artefact", "--key", "x", code=1).stderr
    assert "neither an entity nor a known instance" in lab("delete", "no/such", "--force", code=1).stderr
    lab("delete", code=2)


def test_migrations_are_listed_checked_and_deployed(each_lab: Any) -> None:
    assert "[X] 0001" in each_lab("migrate", "show").stdout
    (migration,) = json.loads(each_lab("migrate", "show", "--json").stdout)["lamindb"]
    assert migration["name"].startswith("0001") and migration["is_deployed"]
    assert "agree" in each_lab("migrate", "check").stdout
    assert "No migrations to apply." in each_lab("migrate", "deploy").stdout
    each_lab("migrate", "deploy", "--number", "1", code=2)
    each_lab("migrate", "squash", code=2)


def test_many_processes_can_import_at_once_in_a_fresh_settings_folder(lamin: Any) -> None:
    import subprocess
    import sys

    environment = {"LAMIN_SETTINGS_DIR": str(lamin.home / "fresh"), "PATH": "/usr/bin:/bin"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", "import lamindb; lamindb.setup.settings.user"],
            env=environment,
            stderr=subprocess.PIPE,
        )
        for _ in range(32)
    ]
    ended = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * 32, ended


def test_a_database_is_exported_and_imported_into_another_one(each_lab: Any) -> None:
    each_lab("create", "project", "atlas")
    each_lab("io", "exportdb", "--output-dir", "./exported")
    assert (each_lab.directory / "exported" / "lamindb_project.parquet").exists()
    each_lab("init", "--storage", "./copy")
    each_lab("io", "importdb", "--input-dir", "./exported")
    assert "atlas" in each_lab("list", "project").stdout
    each_lab("create", "project", "mine")
    for answer in ("", "n\n"):
        assert (
            "(2 Project) by those of"
            in each_lab("io", "importdb", "--input-dir", "exported", stdin=answer, code=1).stderr
        )
    assert "mine" in each_lab("list", "project").stdout
    each_lab("io", "importdb", "--input-dir", "./exported", "--yes")
    assert "mine" not in each_lab("list", "project").stdout
    assert each_lab("io", "importdb", "--input-dir", "./absent", code=1).stderr.splitlines()[-1].startswith("Error: ")
    each_lab("io", "importdb", "--if-exists", "perhaps", code=2)


def test_the_demo_does_its_job_and_touches_no_settings(lab: Any) -> None:
    before = sorted((path.name, path.read_bytes()) for path in lab.settings_dir.iterdir() if path.is_file())
    assert "lab is not empty" in lab("demo", "--folder", "lab", code=1).stderr
    told = lab("demo", "--folder", "kept").stdout
    assert "the same bytes again are the same artifact: True" in told
    assert "0001  " in told and "Labels" in told and "└── made by run" in told
    assert sorted((path.name, path.read_bytes()) for path in lab.settings_dir.iterdir() if path.is_file()) == before
    assert (lab.directory / "kept" / "lab" / ".lamindb" / "lamin.db").exists()
    assert "Instance: anonymous/lab" in lab("info").stdout
