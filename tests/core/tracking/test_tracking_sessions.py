"""`track`, `finish` and `context` within one process."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


@pytest.fixture(autouse=True)
def no_run_left(instance: Any) -> Iterator[None]:
    yield
    if ln.context.run is not None:
        ln.finish()


def start(**kwargs: Any) -> Any:
    ln.track(key="session", source_code="print(1)", **kwargs)
    return ln.context.run


def test_a_session_is_tracked_by_its_text(instance: Any) -> None:
    run = start(params={"a": 1}, entrypoint="main")
    assert ln.context.transform.kind == "function"
    assert (run.status, run.params, run.entrypoint) == ("started", {"a": 1}, "main")
    label = ln.ULabel(name="within").save()
    assert label.run == run
    ln.finish()
    assert ln.context.run is None and ln.context.transform is None
    assert ln.Run.get(run.uid).status == "completed"
    assert ln.Run.get(run.uid).environment is not None
    assert ln.ULabel(name="after").save().run is None


def test_a_pipeline_is_tracked_by_its_transform(instance: Any) -> None:
    ln.track(ln.Transform(key="Cell Ranger", version="7.2.0"))
    assert ln.context.transform.key == "Cell Ranger"
    run = ln.context.run
    ln.finish()
    assert ln.Run.get(run.uid).status == "completed"


def test_a_script_as_transform_is_refused(instance: Any) -> None:
    with pytest.raises(ValueError, match="without passing transform"):
        ln.track(ln.Transform(key="x.py", kind="script").save())
    assert ln.context.run is None


def test_finish_without_track_says_what_to_do(instance: Any) -> None:
    with pytest.raises(ln.errors.TrackNotCalled, match=r"Please run `ln.track\(\)` before"):
        ln.finish()


@pytest.mark.parametrize("name", ["project", "space", "branch", "plan", "initiated_by_run"])
def test_what_does_not_exist_is_named_and_nothing_is_written(instance: Any, name: str) -> None:
    with pytest.raises(ln.errors.InvalidArgument, match="'nowhere' not found"):
        start(**{name: "nowhere"})
    assert ln.Transform.filter().count() == 0
    assert ln.Run.filter().count() == 0


def test_a_bad_uid_is_refused_with_a_good_one(instance: Any) -> None:
    with pytest.raises(ln.errors.InvalidArgument, match=r'auto-generated uid instead of "mine".*ln.track\("\w{12}"\)'):
        ln.track("mine", key="session", source_code="1")


def test_new_records_take_branch_space_and_project_of_the_run_and_no_longer_after_it(instance: Any) -> None:
    branch = ln.Branch(name="contribution").save()
    space = ln.Space(name="team").save()
    project = ln.Project(name="atlas").save()
    run = start(branch="contribution", space="team", project=project)
    assert (ln.context.branch, ln.context.space, ln.context.project) == (branch, space, project)
    label = ln.ULabel(name="x").save()
    assert (label.branch, label.created_on, label.space) == (branch, branch, space)
    assert (run.branch, run.space) == (branch, space)
    assert list(label.projects.all()) == [project]
    ln.finish()
    later = ln.ULabel(name="y").save()
    assert (later.branch_id, later.space_id, later.projects.count()) == (1, 1, 0)


def test_a_plan_is_found_by_key_and_uid(instance: Any, tmp_path: Path) -> None:
    (tmp_path / "a.plan.md").write_text("# plan")
    plan = ln.Artifact(tmp_path / "a.plan.md", key=".plans/a.plan.md", kind="plan", run=False).save()
    assert start(plan=".plans/a.plan.md").plan == plan
    ln.finish()
    assert start(plan=plan.uid).plan == plan


def test_a_run_is_continued_on_request(instance: Any) -> None:
    first = start(params={"a": 1})
    ln.finish()
    again = start(new_run=False)
    assert again == first
    assert again.status == "restarted" and again.finished_at is None
    ln.finish()
    assert ln.Run.get(first.uid).status == "completed"
    assert start() != first


def test_threads_see_the_run(instance: Any) -> None:
    run = start()
    seen: list[Any] = []

    def work() -> None:
        from django.db import connection

        seen.append(ln.ULabel(name="of a thread").save().run_id)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [run.id]


def test_output_is_recorded_as_it_would_be_seen_and_streams_come_back(instance: Any, capsys: Any) -> None:
    before = sys.stdout
    run = start(stream_tracking=True)
    assert sys.stdout is not before and not sys.stdout.isatty()
    assert sys.stdout.write("\x1b[31mred\x1b[0m\n") == 13
    for percent in range(0, 101, 10):
        print(f"\r{percent}%", end="")
    print()
    print("äöü ✓")
    print("unfinished", end="")
    ln.finish()
    assert sys.stdout is before
    report = ln.Run.get(run.uid).report.path.read_text(encoding="utf-8")
    assert "\nred\n100%\näöü ✓\nunfinished\n" in report
    assert "\x1b[31mred" in capsys.readouterr().out


def test_hooks_are_taken_away_again(instance: Any) -> None:
    import signal

    before = (sys.excepthook, sys.exit, signal.getsignal(signal.SIGTERM))
    start()
    assert sys.exit is not before[1]
    ln.finish()
    assert (sys.excepthook, sys.exit, signal.getsignal(signal.SIGTERM)) == before


def test_track_and_finish_of_known_code_are_a_few_statements(instance: Any, count_queries: Any) -> None:
    start()
    ln.finish()
    with count_queries() as queries:
        start(params={"a": 1})
    assert len(queries) <= 3, queries
    with count_queries() as queries:
        ln.finish()
    assert len(queries) <= 1, queries


def test_reading_an_input_again_costs_no_statement(instance: Any, tmp_path: Path, count_queries: Any) -> None:
    (tmp_path / "in.txt").write_text("raw")
    artifact = ln.Artifact(tmp_path / "in.txt", key="in.txt", run=False).save()
    run = start()
    artifact.cache()
    with count_queries() as queries:
        artifact.cache()
    assert queries == []
    assert list(run.input_artifacts.all()) == [artifact]


def test_what_a_run_has_read_it_does_not_make_again(instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "counts.txt"
    path.write_text("1 2 3")
    start()
    artifact = ln.Artifact(path, key="counts.txt").save()
    collection = ln.Collection(artifact, key="all").save()
    ln.finish()
    reader = start()
    ln.Artifact.get(artifact.uid).cache()
    ln.Collection.get(collection.uid).cache()
    assert ln.Artifact(path, key="counts.txt").save() == artifact
    assert ln.Collection(artifact, key="all").save() == collection
    assert artifact in reader.input_artifacts.all() and collection in reader.input_collections.all()
    assert reader.recreated_artifacts.count() == reader.recreated_collections.count() == 0
    ln.finish()
    maker = start()
    assert ln.Collection(artifact, key="all").save() == collection
    assert maker.recreated_collections.get() == collection and maker.input_collections.count() == 0


def test_a_collection_without_a_run_gets_the_one_that_makes_it_again(instance: Any, tmp_path: Path) -> None:
    path = tmp_path / "counts.txt"
    path.write_text("1 2 3")
    artifact = ln.Artifact(path, key="counts.txt", run=False).save()
    ln.Collection(artifact, key="all", run=False).save()
    run = start()
    assert ln.Collection(artifact, key="all").save().run == run
    assert run.recreated_collections.count() == 0


def test_the_class_of_the_context_is_public() -> None:
    assert isinstance(ln.context, ln.core.Context)
