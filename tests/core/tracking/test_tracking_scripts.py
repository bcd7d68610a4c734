"""Real scripts in processes of their own: how runs begin, what is stored about them, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


@pytest.fixture
def run_script(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Write a script below a temporary folder and run it there, on the instance that the test made."""

    def run(code: str, *arguments: str, name: str = "analysis.py", env: dict[str, str] | None = None) -> Any:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
        command = [sys.executable, str(path), *arguments]
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
            cwd=tmp_path,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    return run


TRACK = "import lamindb as ln\nln.track()\n"


def test_a_finished_script_is_completed_with_source_environment_and_log(instance: Any, run_script: Any) -> None:
    code = f"{TRACK}import sys\nprint('to stdout')\nprint('to stderr', file=sys.stderr)\nln.finish()\n"
    done = run_script(code)
    assert done.returncode == 0, done.stderr
    run = ln.Run.get(transform__key="analysis.py")
    assert run.status == "completed"
    assert run.started_at < run.finished_at
    assert run.transform.source_code == code
    assert run.transform.kind == "script"
    report = run.report.path.read_text()
    assert "to stdout\n" in report and "to stderr\n" in report
    assert "Django==" in run.environment.path.read_text() or "django==" in run.environment.path.read_text()
    assert run.report.kind == run.environment.kind == "__lamindb_run__"
    assert run.report.run_id is None


def test_the_log_keeps_the_order_of_what_was_printed_buffered_or_not(sqlite_instance: Any, run_script: Any) -> None:
    code = (
        f"{TRACK}import os, sys\n"
        "for n in range(3):\n    print('out', n)\n    print('err', n, file=sys.stderr)\n"
        "for n in range(4000):\n    print('line', n)\n"
        "print('dots', end='')\nsys.stdout.write('...')\n"
        "ln.finish()\nprint('after')\n"
    )
    wanted = (
        "".join(f"out {n}\nerr {n}\n" for n in range(3)) + "".join(f"line {n}\n" for n in range(4000)) + "dots...\n"
    )
    for number, unbuffered in enumerate(("", "1")):
        done = run_script(code, name=f"{number}.py", env={"PYTHONUNBUFFERED": unbuffered})
        assert done.returncode == 0, done.stderr
        report = ln.Run.get(transform__key=f"{number}.py").report.path.read_text()
        assert wanted in report and "after" not in report
        assert done.stdout.endswith("after\n") and done.stdout.count("line 3999\n") == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")
def test_lines_of_a_forked_child_are_logged_once_and_whole(sqlite_instance: Any, run_script: Any) -> None:
    code = (
        f"{TRACK}import os, sys\nprint('before', flush=True)\nprint('half', end=' ')\n"
        "if os.fork() == 0:\n    print('of the', 'child', flush=True)\n    os._exit(0)\nos.wait()\nprint('rest')\nln.finish()\n"
    )
    assert run_script(code, env={"PYTHONUNBUFFERED": "1"}).returncode == 0
    report = ln.Run.get().report.path.read_text()
    assert [report.count(line) for line in ("before\n", "\nof the child\n", "half rest\n")] == [1, 1, 1], report


ENDINGS = [
    ("", 0, "completed", "last words"),
    ("raise ValueError('went wrong')", 1, "errored", "ValueError: went wrong"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM, "aborted", "SIGTERM"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT, "aborted", "KeyboardInterrupt"),
    ("raise KeyboardInterrupt", -signal.SIGINT, "aborted", "KeyboardInterrupt"),
    ("import sys; sys.exit(3)", 3, "errored", "exit code 3"),
    ("import sys; sys.exit()", 0, "completed", "last words"),
    ("import sys\ntry:\n    sys.exit(2)\nexcept SystemExit:\n    pass", 0, "completed", "last words"),
]


def test_the_way_a_script_ends_is_its_status_and_the_exit_code_stays(instance: Any, run_script: Any) -> None:
    # what the database has a part in is seen in the first ones
    endings = ENDINGS if instance.dialect == "sqlite" else ENDINGS[:3]
    for number, (ending, returncode, status, in_report) in enumerate(endings):
        done = run_script(f"{TRACK}print('last words', end='')\n{ending}\n", name=f"{number}.py")
        assert done.returncode == returncode, (ending, done.stderr)
        run = ln.Run.get(transform__key=f"{number}.py")
        assert run.status == status, ending
        assert run.finished_at is not None
        report = run.report.path.read_text()
        assert "last words" in report and in_report in report, ending


def test_sigterm_within_a_transaction_aborts_the_run_and_rolls_back(instance: Any, run_script: Any) -> None:
    done = run_script(
        f"{TRACK}import os, signal\nfrom django.db import transaction\nwith transaction.atomic():\n"
        "    ln.ULabel(name='half').save()\n    os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    assert done.returncode == -signal.SIGTERM, done.stderr
    assert ln.Run.get().status == "aborted"
    assert ln.ULabel.filter(name="half").count() == 0


def test_a_step_is_aborted_with_its_run(sqlite_instance: Any, run_script: Any) -> None:
    step = "import os, signal\n@ln.step()\ndef die():\n    os.kill(os.getpid(), signal.SIGTERM)\ndie()\n"
    assert run_script(TRACK + step).returncode == -signal.SIGTERM
    assert [run.status for run in ln.Run.filter()] == ["aborted", "aborted"]


def test_a_flow_ends_with_the_signal_that_ends_the_script(sqlite_instance: Any, run_script: Any) -> None:
    flow = "import os, signal\nimport lamindb as ln\n@ln.flow()\ndef main():\n    os.kill(os.getpid(), signal.{})\nmain()\n"
    for name in ("SIGTERM", "SIGINT"):
        assert run_script(flow.format(name), name=f"{name}.py").returncode == -getattr(signal, name)
        run = ln.Run.get(transform__key=f"{name}.py")
        assert (run.status, run.report is not None) == ("aborted", True)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="jobs are forked")
def test_a_job_array_that_starts_at_once_has_one_transform_and_a_run_for_each_job(instance: Any) -> None:
    jobs = 64 if instance.dialect == "sqlite" else 40  # benchmarks/tracking_job_array.py --jobs 500 is the whole of it
    script = Path(__file__).resolve().parents[3] / "benchmarks" / "tracking_job_array.py"
    command = [sys.executable, str(script), "--jobs", str(jobs), "--database", "connected"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    result = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, result
    assert (result["transforms"], result["runs"], result["completed"]) == (1, jobs, jobs)
    assert result["environments"] == 1 and result["failed"] == 0


def test_a_handler_of_the_user_still_runs_on_sigterm(sqlite_instance: Any, run_script: Any) -> None:
    handler = "import os, signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
    done = run_script(f"{handler}{TRACK}os.kill(os.getpid(), signal.SIGTERM)\n")
    assert done.returncode == 143
    assert ln.Run.get().status == "aborted"


def test_a_killed_run_is_marked_aborted_by_the_next_track_on_this_host(sqlite_instance: Any, run_script: Any) -> None:
    kill = "import os, signal\n@ln.step()\ndef die():\n    os.kill(os.getpid(), signal.SIGKILL)\ndie()\n"
    assert run_script(TRACK + kill, name="killed.py").returncode == -signal.SIGKILL
    assert {run.status for run in ln.Run.filter()} == {"started"}
    assert run_script(TRACK, name="next.py").returncode == 0
    assert [run.status for run in ln.Run.filter(transform__key="killed.py")] == ["aborted", "aborted"]
    assert ln.Run.get(transform__key="next.py").status == "completed"


def test_a_run_that_is_alive_is_not_marked(sqlite_instance: Any, run_script: Any, tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text(f"{TRACK}print('ready', flush=True)\ninput()\n")
    command = [sys.executable, str(tmp_path / "long.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line == "ready\n":
                break
        run_script(TRACK, name="next.py")
        status = ln.Run.get(transform__key="long.py").status
        process.communicate("\n", timeout=60)
    assert status == "started"
    assert ln.Run.get(transform__key="long.py").status == "completed"


def test_an_edited_script_is_a_new_version_and_an_unchanged_one_is_not(instance: Any, run_script: Any) -> None:
    for code in (TRACK, TRACK, f"{TRACK}print(1)\n", TRACK):
        assert run_script(code).returncode == 0
    transforms = list(ln.Transform.filter(key="analysis.py").order_by("uid"))
    assert [transform.uid[-4:] for transform in transforms] == ["0000", "0001"]
    assert transforms[0].stem_uid == transforms[1].stem_uid
    assert [transform.runs.count() for transform in transforms] == [3, 1]
    assert [transform.is_latest for transform in transforms] == [False, True]
    runs = list(ln.Run.filter().order_by("id"))
    assert all(run.finished_at < later.started_at for run, later in pairwise(runs))
    assert transforms[0].latest_run == runs[-1]
    assert len({run.environment_id for run in runs}) == 1  # equal environments are stored once


def test_names_that_share_an_end_are_not_matched(sqlite_instance: Any, run_script: Any) -> None:
    run_script(f"{TRACK}print('data')\n", name="data.py")
    run_script(f"{TRACK}print('a')\n", name="a.py")
    assert {transform.key for transform in ln.Transform.filter()} == {"data.py", "a.py"}
    assert len({transform.stem_uid for transform in ln.Transform.filter()}) == 2


def test_a_stem_uid_keeps_the_family_when_the_file_is_renamed(sqlite_instance: Any, run_script: Any) -> None:
    tracked = 'import lamindb as ln\nln.track("AbCdEfGhIjKl")\n'
    assert run_script(tracked, name="old.py").returncode == 0
    assert run_script(tracked, name="new.py").returncode == 0
    transform = ln.Transform.get()
    assert (transform.uid, transform.key) == ("AbCdEfGhIjKl0000", "new.py")
    assert run_script(f"{tracked}print(1)\n", name="newer.py").returncode == 0
    assert ln.Transform.get(key="newer.py").uid == "AbCdEfGhIjKl0001"


def test_a_copy_without_terminal_is_a_transform_of_its_own_and_a_rename_when_told(
    sqlite_instance: Any, run_script: Any
) -> None:
    run_script(TRACK, name="first.py")
    done = run_script(TRACK, name="second.py")
    assert done.returncode == 0
    assert "same hash" in done.stdout and "ln.track(" in done.stdout
    assert ln.Transform.filter().count() == 2
    run_script(TRACK, name="third.py", env={"LAMIN_TESTING": "true"})
    assert ln.Transform.filter().count() == 2
    assert ln.Transform.filter(key="third.py").count() == 1


def test_a_taken_version_tag_ends_the_script_and_a_free_one_makes_a_version(
    sqlite_instance: Any, run_script: Any
) -> None:
    def tagged(uid: str, version: str, text: str) -> str:
        return f'import lamindb as ln\nln.context.version = "{version}"\nln.track("{uid}")\nprint("{text}")\n'

    assert run_script(tagged("AbCdEfGhIjKl0000", "1", "a")).returncode == 0
    taken = run_script(tagged("AbCdEfGhIjKl0001", "1", "b"))
    assert taken.returncode == 1
    assert "version '1' is already taken by Transform('AbCdEfGhIjKl0000')" in taken.stderr
    assert run_script(tagged("AbCdEfGhIjKl0002", "2", "b")).returncode == 0
    assert not ln.Transform.get("AbCdEfGhIjKl0000").is_latest
    assert ln.Transform.get("AbCdEfGhIjKl0002").version == "2"
    changed = run_script('import lamindb as ln\nln.track("AbCdEfGhIjKl0002")\nprint("other")\n')
    assert changed.returncode == 1
    assert "source code changed" in changed.stderr


def test_arguments_of_the_command_line_are_stored_without_secrets(sqlite_instance: Any, run_script: Any) -> None:
    run_script(TRACK, "--n", "3", "--api-key", "abcdef123", "--token=xyz987xyz")
    run = ln.Run.get()
    assert run.cli_args == "--n 3 --api-key ***REDACTED*** --token=***REDACTED***"
    assert run.transform.description == "CLI: analysis.py"
    assert "abcdef123" not in run.report.path.read_text()


def test_secrets_stay_out_of_source_params_and_log(sqlite_instance: Any, run_script: Any) -> None:
    code = "import lamindb as ln\nfrom os import environ\npassword = 'hunter2hunter2'\nln.track(params={'my_token': environ['X'], 'n': 1})\nprint('got', environ['X'], password)\n"
    done = run_script(code, env={"X": "tok-123456"})
    assert done.returncode == 0, done.stderr
    run = ln.Run.get()
    assert run.params == {"my_token": "***REDACTED***", "n": 1}
    assert "hunter2" not in run.transform.source_code
    assert "tok-123456" not in run.report.path.read_text()
    assert run_script(code, env={"X": "tok-123456"}).returncode == 0
    assert ln.Transform.filter().count() == 1  # the hash is that of the text with its secrets


def test_environment_variables_give_project_and_initiating_run(instance: Any, run_script: Any) -> None:
    ln.Project(name="atlas").save()
    run_script(TRACK, name="outer.py")
    outer = ln.Run.get(transform__key="outer.py")
    code = f"{TRACK}ln.ULabel(name='made here').save()\n"
    done = run_script(
        code, name="inner.py", env={"LAMIN_CURRENT_PROJECT": "atlas", "LAMIN_INITIATED_BY_RUN_UID": outer.uid}
    )
    assert done.returncode == 0, done.stderr
    inner = ln.Run.get(transform__key="inner.py")
    assert inner.initiated_by_run == outer
    assert [project.name for project in inner.projects.all()] == ["atlas"]
    assert [project.name for project in inner.transform.projects.all()] == ["atlas"]
    assert [project.name for project in ln.ULabel.get(name="made here").projects.all()] == ["atlas"]


def test_a_pool_of_forked_processes_shares_the_run_and_leaves_it_alone(instance: Any, run_script: Any) -> None:
    _check_pool(run_script, "fork")


def test_a_pool_of_spawned_processes_shares_the_run_and_leaves_it_alone(sqlite_instance: Any, run_script: Any) -> None:
    _check_pool(run_script, "spawn")


def _check_pool(run_script: Any, method: str) -> None:
    code = (
        "import multiprocessing\nimport lamindb as ln\n"
        "@ln.step()\ndef work(n):\n    ln.ULabel(name=f'label {n}').save()\n    return n\n"
        "if __name__ == '__main__':\n    ln.track()\n"
        f"    with multiprocessing.get_context('{method}').Pool(2) as pool:\n        print(sum(pool.map(work, range(4))))\n"
        "    print('labels', ln.ULabel.filter().count())\n"
    )
    done = run_script(code)
    assert done.returncode == 0, done.stderr
    assert "labels 4" in done.stdout
    outer = ln.Run.get(entrypoint=None)
    assert outer.status == "completed"
    steps = ln.Run.filter(entrypoint="work")
    assert [step.status for step in steps] == ["completed"] * 4
    assert {step.initiated_by_run_id for step in steps} == {outer.id}
    assert all(label.run.entrypoint == "work" for label in ln.ULabel.filter())


def test_importing_lamindb_loads_nothing_of_tracking(sqlite_instance: Any, run_script: Any) -> None:
    done = run_script("import sys, lamindb\nprint([m for m in sys.modules if m.startswith('lamindb.tracking')])\n")
    assert "[]" in done.stdout


def test_a_script_that_reads_and_writes_has_inputs_and_outputs(instance: Any, run_script: Any, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("raw")
    stored = ln.Artifact(tmp_path / "in.txt", key="in.txt", run=False).save()
    code = (
        f"{TRACK}from pathlib import Path\n"
        "text = ln.Artifact.get(key='in.txt').cache().read_text()\nln.Artifact.get(key='in.txt').cache()\n"
        "Path('out.txt').write_text(text * 2)\nln.Artifact('out.txt', key='out.txt').save()\n"
        "ln.Artifact.get(key='out.txt').cache()\n"
    )
    assert run_script(code).returncode == 0
    first = ln.Run.get()
    assert list(first.input_artifacts.all()) == [stored]
    assert [artifact.key for artifact in first.output_artifacts.filter(kind=None)] == ["out.txt"]
    assert run_script(code).returncode == 0
    second = ln.Run.filter().order_by("-started_at").first()
    assert [artifact.key for artifact in second.recreated_artifacts.all()] == ["out.txt"]
    assert list(second.input_artifacts.all()) == [stored]
