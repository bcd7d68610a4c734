"""Transforms of git repositories and files, and what is left when runs are deleted."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.db.models import ProtectedError

import lamindb as ln
from lamindb.base.git_urls import https_address

URL = "https://example.org/lab/pipelines"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://github.com/lab/x", "https://github.com/lab/x"),
        ("https://github.com/lab/x.git/", "https://github.com/lab/x"),
        ("https://ada:ghp_secret@github.com/lab/x.git", "https://github.com/lab/x"),
        ("git@github.com:lab/x.git", "https://github.com/lab/x"),
        ("ssh://git@git.lab.org:2222/lab/x.git", "https://git.lab.org/lab/x"),
        ("https://git.lab.org:8443/lab/x", "https://git.lab.org:8443/lab/x"),
        ("/srv/git/x.git", "/srv/git/x"),
        ("file:///srv/git/x.git", "file:///srv/git/x"),
    ],
)
def test_repositories_have_one_address_without_credentials(url: str, address: str) -> None:
    assert https_address(url) == address


class Pipelines:
    """A repository with a tag and a branch, behind an https address."""

    def __init__(self, folder: Path) -> None:
        self.remote, self.copy, self.config = folder / "remote.git", folder / "copy", folder / "gitconfig"
        self.config.write_text(
            "[user]\n  name = A\n  email = a@b.c\n[init]\n  defaultBranch = trunk\n"
            f'[url "file://{self.remote}"]\n  insteadOf = {URL}.git\n  insteadOf = https://ada:secret@example.org/lab/pipelines.git\n'
        )
        self.environment = {**os.environ, "GIT_CONFIG_GLOBAL": str(self.config), "GIT_CONFIG_SYSTEM": os.devnull}
        self.git("init", "--quiet", "--bare", str(self.remote), cwd=folder)
        self.git("clone", "--quiet", f"{URL}.git", str(self.copy), cwd=folder)
        self.first = self.commit("main.nf", "v1")
        self.git("tag", "1.0.0")
        self.second = self.commit("main.nf", "v2")
        self.git("push", "--quiet", "--tags")
        self.git("checkout", "--quiet", "-b", "dev/next")
        self.third = self.commit("sub/next.nf", "v3")

    def git(self, *words: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words], cwd=cwd or self.copy, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, name: str, text: str) -> str:
        path = self.copy / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", "step")
        self.git("push", "--quiet", "origin", "HEAD")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def pipelines(tmp_path: Path, sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch) -> Pipelines:
    made = Pipelines(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(made.config))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(tmp_path / "cache"))
    from lamindb.setup.cache_folder import set_cache_dir

    set_cache_dir(str(tmp_path / "cache"))
    return made


def test_a_version_of_a_pipeline_is_a_commit_of_its_repository(pipelines: Pipelines) -> None:
    transform = ln.Transform.from_git(f"{URL}.git", "main.nf", version="1.0.0", entrypoint="main").save()
    assert (transform.key, transform.kind, transform.version_tag) == ("lab/pipelines/main.nf", "pipeline", "1.0.0")
    assert transform.source_code == f"repo: {URL}\npath: main.nf\nentrypoint: main\ncommit: {pipelines.first}"
    assert (transform.reference, transform.reference_type) == (f"{URL}/blob/{pipelines.first}/main.nf", "url")
    assert ln.Transform.from_git(URL, "main.nf", version="1.0.0", entrypoint="main") == transform

    newest = ln.Transform.from_git(URL, "main.nf").save()
    assert newest.reference == f"{URL}/blob/{pipelines.second}/main.nf"
    assert newest.stem_uid == transform.stem_uid and newest.uid != transform.uid

    later = pipelines.git("rev-parse", "trunk")
    assert later == pipelines.second
    pipelines.git("checkout", "--quiet", "trunk")
    moved = pipelines.commit("main.nf", "v4")
    assert (
        ln.Transform.from_git(URL, "main.nf").reference == f"{URL}/blob/{moved}/main.nf"
    )  # the copy is brought up to date


def test_a_sliding_transform_follows_its_branch(pipelines: Pipelines) -> None:
    transform = ln.Transform.from_git(URL, "sub/next.nf", key="next", version="dev/next", branch="dev/next").save()
    assert transform.source_code == f"repo: {URL}\npath: sub/next.nf\nbranch: dev/next"
    assert transform.reference == f"{URL}/tree/dev%2Fnext/sub/next.nf"
    on_branch = ln.Transform.from_git(URL, "sub/next.nf", branch="dev/next")
    assert on_branch.source_code.endswith(f"commit: {pipelines.third}")


def test_credentials_of_an_address_are_not_stored(pipelines: Pipelines, tmp_path: Path) -> None:
    transform = ln.Transform.from_git("https://ada:secret@example.org/lab/pipelines.git", "main.nf").save()
    assert "secret" not in f"{transform.source_code}{transform.reference}{transform.key}"
    configs = list((tmp_path / "cache" / "repositories").glob("*/.git/config"))
    assert configs and all("secret" not in config.read_text() for config in configs)


def test_what_a_repository_does_not_have_is_said(pipelines: Pipelines) -> None:
    with pytest.raises(FileNotFoundError, match=r"no file 'other\.nf'"):
        ln.Transform.from_git(URL, "other.nf")
    with pytest.raises(ValueError, match="Failed to checkout version 9"):
        ln.Transform.from_git(URL, "main.nf", version="9")
    with pytest.raises(ValueError, match="Failed to checkout branch none"):
        ln.Transform.from_git(URL, "main.nf", branch="none")
    with pytest.raises(AssertionError, match="must start with https://"):
        ln.Transform.from_git("git@example.org:lab/pipelines.git", "main.nf")
    with pytest.raises(RuntimeError, match="Could not fetch https://localhost:1/a/b"):
        ln.Transform.from_git("https://localhost:1/a/b", "main.nf")


def test_a_file_becomes_a_transform_without_being_run(instance: Any, tmp_path: Path) -> None:
    script = tmp_path / "qc.py"
    script.write_text("print(1)\n")
    first = ln.Transform.from_path(script, version="1")
    assert (first.key, first.kind, first.source_code, first.version_tag) == ("qc.py", "script", "print(1)\n", "1")
    assert ln.Transform.from_path(script) == first
    script.write_text("print(2)\n")
    second = ln.Transform.from_path(script, description="better")
    assert second.stem_uid == first.stem_uid and second.description == "better"
    assert ln.Transform.from_path(script, key="other/qc.py", skip_hash_lookup=True).stem_uid != first.stem_uid
    notebook = tmp_path / "plots.qmd"
    notebook.write_text('---\ntitle: "My plots"\n---\n')
    assert ln.Transform.from_path(notebook).description == "My plots"
    with pytest.raises(FileNotFoundError, match="nothing.py"):
        ln.Transform.from_path(tmp_path / "nothing.py")


def _track(key: str) -> Any:
    ln.track(key=key, source_code=f"# {key}", stream_tracking=True)
    print("in", key)
    run = ln.context.run
    ln.finish()
    return run


def _gone(pks: list[int]) -> bool:
    end = time.monotonic() + 60
    while ln.Artifact.objects.filter(id__in=pks).exists():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_files_of_deleted_runs_go_in_the_background_unless_they_are_in_use(instance: Any) -> None:
    first, second = _track("a"), _track("b")
    assert first.environment == second.environment
    path = first.report.path
    first.delete(permanent=True)
    assert ln.Run.filter().one() == second
    assert _gone([first.report_id]) and not path.exists()
    assert ln.Artifact.objects.filter(id=second.environment_id).exists()
    second.transform.delete(permanent=True)
    assert ln.Run.filter().count() == 0
    assert _gone([second.report_id, second.environment_id])
    assert ln.Transform.filter().one().key == "a"


def test_a_run_with_outputs_is_protected_and_its_transform_stays_whole(instance: Any) -> None:
    run = _track("a")
    label = ln.ULabel(name="made").save()
    ln.ULabel.objects.filter(pk=label.pk).update(run=run)
    project = ln.Project(name="atlas").save()
    run.transform.projects.add(project)
    with pytest.raises(ProtectedError):
        run.transform.delete(permanent=True)
    run.transform.refresh_from_db()
    assert run.transform.projects.get() == project
    assert ln.Run.get(run.uid).report_id == run.report_id
    run.delete()
    assert ln.Run.objects.get(uid=run.uid).branch_id == -1


def test_features_of_a_run_are_given_to_track(instance: Any) -> None:
    with pytest.raises(Exception, match="depth"):
        ln.track(key="a", source_code="1", features={"depth": 3})
    assert (
        ln.Run.filter().count() == ln.Transform.filter().count() == 0
    )  # nothing is left of a run that could not begin
    assert ln.context.run is None
    ln.Feature(name="depth", dtype=int).save()
    ln.track(key="a", source_code="1", features={"depth": 3})
    run = ln.context.run
    ln.finish()
    assert run.features.get_values() == {"depth": 3}
    assert ln.Run.filter(depth=3).one() == run


def test_plugins_hear_of_runs(sqlite_instance: Any, tmp_path: Path, run_python: Any) -> None:
    (tmp_path / "heard.py").write_text(
        "from lamindb import hookimpl\n"
        "@hookimpl\ndef lamindb_run_started(run):\n    print('started', run.transform.key, run.status)\n"
        "@hookimpl\ndef lamindb_run_finished(run):\n    print('finished', run.transform.key, run.status)\n    raise ValueError('of the plugin')\n"
    )
    code = (
        "import lamindb as ln\n"
        "ln.track(key='a', source_code='1')\n"
        "@ln.step()\ndef one():\n    raise KeyError('x')\n"
        "try:\n    one()\nexcept KeyError:\n    pass\n"
        "ln.finish()\n"
    )
    environment = {"PYTHONPATH": str(tmp_path), "LAMIN_LOAD_PLUGINS": "heard"}
    heard = run_python(code, env=environment).stdout.splitlines()
    assert [line for line in heard if line.startswith(("started", "finished a", "finished a/"))] == [
        "started a started", "started a/one started", "finished a/one errored", "finished a completed",
    ]  # fmt: skip
