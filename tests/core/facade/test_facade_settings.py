"""`ln.settings`: what is set there takes effect, and what can't be set says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.base.settings import tracking_settings


@pytest.fixture(autouse=True)
def unchanged_settings() -> Iterator[None]:
    """Put the switches of the process back after each test."""
    verbosity, search_names = ln.settings.verbosity, ln.settings.creation.search_names
    yield
    ln.settings.verbosity = verbosity
    ln.settings.creation.search_names = search_names
    tracking_settings.track_run_inputs, tracking_settings.sync_git_repo = True, None


def test_verbosity_is_set_by_name_or_number() -> None:
    for number, name in enumerate(("error", "warning", "success", "info", "hint", "debug")):
        ln.settings.verbosity = number
        assert ln.settings.verbosity == name
        ln.settings.verbosity = name
        assert ln.settings.verbosity == name
    for wrong in ("loud", 6, -1, True):
        with pytest.raises(KeyError, match="verbosity must be one of"):
            ln.settings.verbosity = wrong


def test_verbosity_decides_what_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    ln.settings.verbosity = "error"
    ln.logger.warning("not shown")
    ln.settings.verbosity = "hint"
    ln.logger.hint("shown")
    assert capsys.readouterr().out == "• shown\n"


def test_a_misspelt_setting_is_an_error_with_the_right_name() -> None:
    with pytest.raises(AttributeError, match="Did you mean 'verbosity'"):
        ln.settings.verbosty = "info"
    with pytest.raises(AttributeError):
        ln.settings.cache_dir = "/tmp/elsewhere"


def test_the_name_search_of_constructors_can_be_switched_off(
    sqlite_instance: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ln.ULabel(name="batch 1").save()
    ln.settings.creation.search_names = False
    assert ln.ULabel(name="batch 1").pk is None
    ln.settings.creation.search_names = True
    assert ln.ULabel(name="batch 1").pk is not None


def test_runs_record_no_inputs_while_that_is_switched_off(sqlite_instance: Any, tmp_path: Path) -> None:
    from lamindb.base.context import current_run_var

    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt", run=False).save()
    run = ln.Run(ln.Transform(key="t.py", kind="script").save()).save()
    token = current_run_var.set(run)
    try:
        ln.settings.track_run_inputs = False
        artifact.load()
        assert run.input_artifacts.count() == 0
        ln.settings.track_run_inputs = True
        artifact.load()
        assert run.input_artifacts.one() == artifact
    finally:
        current_run_var.reset(token)
    with pytest.raises(ValueError, match="track_run_inputs must be True or False"):
        ln.settings.track_run_inputs = "no"


def test_the_git_repository_is_the_explicit_one_else_that_of_the_environment(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ln.settings.sync_git_repo is None
    monkeypatch.setenv("LAMINDB_SYNC_GIT_REPO", "https://example.org/env.git")
    assert ln.settings.sync_git_repo == "https://example.org/env"
    ln.settings.sync_git_repo = "https://example.org/mine.git"
    assert ln.settings.sync_git_repo == "https://example.org/mine"
    ln.settings.sync_git_repo = None
    assert ln.settings.sync_git_repo == "https://example.org/env"
    with pytest.raises(ValueError, match="https://"):
        ln.settings.sync_git_repo = "git@example.org:mine"


def test_storage_is_switched_for_the_session_and_unknown_locations_are_registered(
    instance: Any, tmp_path: Path
) -> None:
    before = ln.settings.storage.root_as_str
    (tmp_path / "a.txt").write_text("a")
    ln.settings.storage = tmp_path / "second"
    assert ln.settings.storage.root_as_str == (tmp_path / "second").as_posix()
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt", run=False).save()
    assert Path(artifact.path).is_relative_to(tmp_path / "second")
    assert ln.Storage.filter(root=(tmp_path / "second").as_posix()).one().instance_uid == ln.settings.instance_uid
    ln.settings.storage = before
    assert ln.settings.storage.root_as_str == before


def test_storage_of_another_instance_is_refused(instance: Any, instances: Any, tmp_path: Path) -> None:
    foreign = instances.create().storage.root_as_str
    ln.connect(instance.slug)
    before = ln.settings.storage.root_as_str
    with pytest.raises(ValueError, match="exists in another instance"):
        ln.settings.storage = foreign
    assert ln.settings.storage.root_as_str == before


def test_local_storage_is_used_while_artifacts_are_kept_local(sqlite_instance: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="keep_artifacts_local"):
        _ = ln.settings.local_storage
    ln.setup.settings.instance.keep_artifacts_local = True
    ln.settings.local_storage = tmp_path / "here", "my-cluster"
    assert ln.settings.local_storage.root_as_str == (tmp_path / "here").as_posix()
    assert ln.settings.local_storage.host == "my-cluster"


def test_branch_and_space_are_switched(instance: Any) -> None:
    assert (ln.settings.branch.name, ln.settings.space.name) == ("main", "all")
    branch = ln.Branch(name="try").save()
    ln.settings.branch = branch
    assert ln.ULabel(name="on try").save().branch == branch
    ln.settings.branch = "main"
    ln.settings.space = "all"
    assert ln.ULabel(name="on main").save().branch_id == 1


def test_the_text_of_the_settings_lists_them_in_order(sqlite_instance: Any) -> None:
    lines = repr(ln.settings).splitlines()
    assert lines == [
        "Settings",
        f" - instance: {sqlite_instance.slug}",
        f" - storage: {sqlite_instance.storage.root_as_str}",
        " - verbosity: warning",
        " - track_run_inputs: True",
    ]
    ln.settings.sync_git_repo = "https://example.org/mine"
    assert repr(ln.settings).endswith("\n - sync_git_repo: https://example.org/mine")


def test_without_an_instance_settings_are_readable_and_writing_storage_says_what_to_do() -> None:
    from lamindb.setup.errors import CurrentInstanceNotConfigured

    ln.setup.disconnect(mute=True)
    assert "instance: None" in repr(ln.settings)
    assert ln.settings.cache_dir.is_dir()
    assert ln.settings.branch.name == "main"
    with pytest.raises(CurrentInstanceNotConfigured):
        ln.settings.storage = "./x"


def test_public_names_of_core_are_found_and_others_are_suggested() -> None:
    assert isinstance(ln.settings, ln.core.Settings)
    with pytest.raises(AttributeError, match="Did you mean 'Settings'"):
        _ = ln.core.Setings
