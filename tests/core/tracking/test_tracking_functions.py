"""Flows and steps: functions, coroutines, generators and threads as runs."""

from __future__ import annotations

import asyncio
import linecache
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


@pytest.fixture(autouse=True)
def no_run_left(instance: Any) -> Iterator[None]:
    yield
    if ln.context.run is not None:
        ln.finish()


def runs_of(name: str) -> list[Any]:
    return [run for run in ln.Run.filter().order_by("id") if (run.entrypoint or "").endswith(name)]


def close_connection() -> None:
    from django.db import connection

    connection.close()


@ln.flow()
def empty(a: int = 1, *, b: str = "x") -> int:
    return a


@ln.step()
def make_label(name: str) -> Any:
    """Make a label."""
    return ln.ULabel(name=name).save()


@ln.flow()
def make_labels(names: list[str]) -> list[Any]:
    print("making labels")
    return [make_label(name) for name in names]


def test_a_flow_is_a_run_of_the_file_with_all_arguments(tmp_path: Path) -> None:
    assert empty(2) == 2
    (run,) = runs_of("empty")
    assert (run.status, run.params, run.entrypoint) == ("completed", {"a": 2, "b": "x"}, "empty")
    assert run.transform.key.endswith("test_tracking_functions.py")
    assert run.transform.kind == "script"
    assert run.transform.source_code == Path(__file__).read_text()
    assert run.environment is not None and run.report is not None
    assert ln.context.run is None


def test_an_empty_flow_takes_six_statements_and_a_step_two(count_queries: Any) -> None:
    empty()
    with count_queries() as queries:
        empty()
    assert len(queries) <= 6, queries

    @ln.step()
    def nothing() -> None: ...

    ln.track(key="session", source_code="1")
    nothing()
    with count_queries() as queries:
        nothing()
    assert len(queries) <= 2, queries


def test_metadata_of_the_function_is_kept() -> None:
    assert (make_label.__name__, make_label.__doc__) == ("make_label", "Make a label.")


def test_steps_are_initiated_by_the_flow_and_own_what_they_make() -> None:
    labels = make_labels(["a", "b"])
    (flow,) = runs_of("make_labels")
    steps = runs_of("make_label")
    assert [step.initiated_by_run for step in steps] == [flow, flow]
    assert [label.run for label in labels] == steps
    assert flow.started_at < steps[0].started_at < steps[0].finished_at < steps[1].started_at < flow.finished_at
    assert all(step.environment == flow.environment and step.transform == flow.transform for step in steps)
    assert "making labels" in flow.report.path.read_text()


def test_nested_steps_are_initiated_by_the_step_around_them() -> None:
    @ln.step()
    def outer() -> Any:
        return make_label("nested")

    ln.track(key="session", source_code="1")
    outer()
    (inner_run,), (outer_run,) = runs_of("make_label"), runs_of("outer")
    assert inner_run.initiated_by_run == outer_run
    assert outer_run.initiated_by_run == ln.context.run


def test_a_step_needs_a_run_and_a_flow_none() -> None:
    with pytest.raises(RuntimeError, match="Please track the global run context before using @ln.step"):
        make_label("x")
    ln.track(key="session", source_code="1")
    with pytest.raises(RuntimeError, match="clear the global run context before using @ln.flow"):
        empty()


def test_a_step_accepts_the_run_of_a_local_flow() -> None:
    @ln.flow(global_run="none")
    def local() -> None:
        assert ln.context.run is None
        make_label("in a local flow")

    local()
    (flow,), (step,) = runs_of("local"), runs_of("make_label")
    assert step.initiated_by_run == flow


def test_a_memorised_run_stays_current() -> None:
    @ln.flow(global_run="memorize")
    def memorised() -> None: ...

    memorised()
    (run,) = runs_of("memorised")
    assert ln.context.run == run
    ln.finish()
    assert ln.Run.get(run.uid).status == "completed"


def test_an_exception_ends_the_run_as_errored_with_its_traceback_and_goes_on() -> None:
    @ln.flow()
    def failing() -> None:
        make_label("before")
        raise ValueError("went wrong")

    before = sys.stdout
    with pytest.raises(ValueError, match="went wrong"):
        failing()
    (run,) = runs_of("failing")
    assert run.status == "errored" and run.finished_at is not None
    assert "ValueError: went wrong" in run.report.path.read_text()
    assert sys.stdout is before and ln.context.run is None
    assert runs_of("make_label")[0].status == "completed"


def test_arguments_that_do_not_fit_are_the_usual_error() -> None:
    with pytest.raises(TypeError, match=r"empty\(\).*c"):
        empty(c=1)  # type: ignore[call-arg]
    assert runs_of("empty") == []


def test_arguments_named_like_those_of_track_are_in_force() -> None:
    ln.Project(name="atlas").save()
    ln.Branch(name="side").save()

    @ln.flow()
    def placed(project: str, branch: str) -> Any:
        return ln.ULabel(name="placed").save()

    label = placed("atlas", "side")
    (run,) = [run for run in ln.Run.objects.filter(entrypoint__endswith="placed")]
    assert run.params == {"project": "atlas", "branch": "side"}
    assert label.branch.name == run.branch.name == "side"
    assert [project.name for project in label.projects.all()] == ["atlas"]
    assert ln.ULabel(name="later").save().branch_id == 1


def test_a_coroutine_is_tracked_until_it_ends_and_tasks_do_not_mix() -> None:
    @ln.step()
    async def work(name: str) -> Any:
        await asyncio.sleep(0.01)
        label = ln.ULabel(name=name).save()
        await asyncio.sleep(0.01)
        return label.run_id

    async def main() -> list[Any]:
        return list(await asyncio.gather(*(work(f"task {n}") for n in range(3))))

    ln.track(key="session", source_code="1")
    made_in = asyncio.run(main())
    runs = runs_of("work")
    assert sorted(made_in) == sorted(run.id for run in runs)
    assert all(run.status == "completed" for run in runs)
    assert max(run.started_at for run in runs) < min(run.finished_at for run in runs)


def test_a_generator_is_tracked_while_it_runs_and_not_between() -> None:
    @ln.step()
    def produce() -> Iterator[Any]:
        try:
            received = yield ln.ULabel(name="first").save()
            yield ln.ULabel(name=received).save()
        finally:
            ln.ULabel(name="last").save()

    ln.track(key="session", source_code="1")
    generator = produce()
    assert runs_of("produce") == []
    first = next(generator)
    between = ln.ULabel(name="between").save()
    second = generator.send("second")
    assert runs_of("produce")[0].status == "started"
    generator.close()
    (run,) = runs_of("produce")
    assert run.status == "completed"
    assert first.run == second.run == ln.ULabel.get(name="last").run == run
    assert between.run == ln.context.run


def test_an_asynchronous_generator_is_tracked() -> None:
    @ln.step()
    async def produce() -> AsyncIterator[int]:
        yield 1
        yield 2

    async def main() -> list[int]:
        return [value async for value in produce()]

    ln.track(key="session", source_code="1")
    assert asyncio.run(main()) == [1, 2]
    assert [run.status for run in runs_of("produce")] == ["completed"]


def test_threads_give_one_run_a_call_and_equal_content_one_artifact(tmp_path: Path) -> None:
    barrier = threading.Barrier(4)

    @ln.step()
    def work(n: int) -> str:
        try:
            barrier.wait(30)
            return str(ln.ULabel(name=f"label {n}").save().run.uid)
        finally:
            close_after.append(n)

    def call(n: int) -> str:
        try:
            return work(n)
        finally:
            close_connection()

    close_after: list[int] = []
    ln.track(key="session", source_code="1")
    with ThreadPoolExecutor(4) as pool:
        uids = list(pool.map(call, range(4)))
    runs = runs_of("work")
    assert sorted(uids) == sorted(run.uid for run in runs)
    assert {run.initiated_by_run for run in runs} == {ln.context.run}
    assert all(run.started_at < run.finished_at for run in runs)


def test_logs_of_flows_at_the_same_time_do_not_mix() -> None:
    barrier = threading.Barrier(2)

    @ln.flow(global_run="none")
    def talk(word: str) -> None:
        for _ in range(20):
            print(word)
            barrier.wait(30)

    def call(word: str) -> None:
        try:
            talk(word)
        finally:
            close_connection()

    before = sys.stdout
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(call, ["left", "right"]))
    assert sys.stdout is before
    for run in runs_of("talk"):
        lines = run.report.path.read_text().splitlines()
        other = {"left": "right", "right": "left"}[run.params["word"]]
        assert lines.count(run.params["word"]) == 20
        assert other not in lines


def test_code_without_a_file_is_tracked_and_versioned_by_its_text() -> None:
    namespace: dict[str, Any] = {"ln": ln}
    exec("@ln.flow()\ndef generated(x):\n    return x\n", namespace)
    assert namespace["generated"](1) == 1
    (run,) = runs_of("generated")
    assert (run.transform.key, run.transform.kind, run.transform.source_code) == ("generated", "function", None)
    for number in (1, 1, 2):  # cells of a notebook leave their text where `inspect` finds it
        text, name = f"@ln.flow()\ndef cell():\n    return {number}\n", f"<cell {number}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), namespace)
        assert namespace["cell"]() == number
    first, again, changed = [run.transform for run in runs_of("cell")]
    assert first == again and first.source_code == "@ln.flow()\ndef cell():\n    return 1\n"
    assert changed.stem_uid == first.stem_uid and changed.uid > first.uid


def test_a_command_line_script_stores_its_arguments(instance: Any, tmp_path: Path) -> None:
    code = (
        "import click\nimport lamindb as ln\n"
        "@click.command()\n@click.option('--key', required=True)\n@ln.flow()\ndef main(key):\n    print('key', key)\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    (tmp_path / "my_workflow.py").write_text(code)
    command = [sys.executable, str(tmp_path / "my_workflow.py"), "--key", "a/b"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    run = ln.Run.get(transform__key="my_workflow.py")
    assert (run.cli_args, run.params, run.status) == ("--key a/b", {"key": "a/b"}, "completed")


def test_decorators_need_parentheses_and_known_options() -> None:
    with pytest.raises(TypeError, match=r"@ln.step\(\)"):
        ln.step(lambda: None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'memorize', 'clear' or 'none'"):
        ln.flow(global_run="all")  # type: ignore[arg-type]
    with pytest.warns(DeprecationWarning, match=r"ln.step\(\)"):
        ln.tracked()


def test_a_uid_is_recommended_until_it_is_passed(caplog: pytest.LogCaptureFixture) -> None:
    ln.flow()(lambda: None)()
    ln.flow(uid="flowuid12345")(lambda: None)()
    (told,) = [message for message in caplog.messages if "pass the uid" in message]
    assert told.endswith('@ln.flow(uid="{}")'.format(ln.Run.filter().order_by("id")[0].transform.stem_uid))
