"""`lamin track` and `lamin finish` in real shell scripts, and `lamin run`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lamindb.tracking.data_references import DataReference, parse_reference
from lamindb.tracking.shell import script_of_command

LAMIN = str(Path(sys.executable).parent / "lamin")


def environment_of(lab: Any, **more: str) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    settings = {"LAMIN_SETTINGS_DIR": str(lab.home / "settings"), "LAMIN_CACHE_DIR": str(lab.home / "cache")}
    return {**os.environ, "PATH": path, **settings, **lab.environment, **more}


def shell(lab: Any, text: str, *arguments: str, name: str = "job.sh", options: tuple[str, ...] = ()) -> Any:
    """Write a shell script and run it."""
    script = lab.directory / name
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(text)
    return subprocess.run(
        ["bash", *options, name, *arguments],
        cwd=lab.directory,
        env=environment_of(lab),
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def described(lab: Any, entity: str, uid: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(lab("describe", entity, "--uid", uid, "--json").stdout)
    return told


@pytest.mark.parametrize(
    ("words", "script"),
    [
        (["bash", "a.sh"], "a.sh"),
        (["bash", "-e", "a.sh", "x"], "a.sh"),
        (["bash", "-eo", "pipefail", "a.sh"], "a.sh"),
        (["zsh", "--no-rcs", "a.sh"], "a.sh"),
        (["sh", "--", "-a.sh"], "-a.sh"),
        (["bash"], None),
        (["-bash"], None),
        (["bash", "-c", "lamin track"], None),
        (["bash", "-ec", "lamin track"], None),
    ],
)
def test_the_script_of_a_shell_is_known(words: list[str], script: str | None) -> None:
    assert script_of_command(words) == script


def test_a_tracked_shell_script_has_inputs_and_outputs(each_lab: Any) -> None:
    lab = each_lab
    (lab.directory / "counts.csv").write_text("b\na\n")
    lab("save", "counts.csv", "--key", "raw/counts.csv")
    done = shell(
        lab,
        "set -e\nlamin track --param min=3 --param api_key=abcdefgh123\nraw=$(lamin load --key raw/counts.csv)\n"
        'mkdir deep && cd deep\nsort "$raw" > sorted.csv\n(lamin save sorted.csv --key derived/sorted.csv)\nlamin finish\n',
        "--token", "abcdefgh456", options=("-e",),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "started tracking shell run: " in done.stderr and "finished tracking shell run: " in done.stderr
    (run,) = lab.stored("run")
    assert run["params"] == {"min": "3", "api_key": "***REDACTED***"}
    assert run["cli_args"] == "--token ***REDACTED***"
    assert run["finished_at"] is not None
    assert described(lab, "run", run["uid"])["labels"]["input_artifacts"] == ["raw/counts.csv"]
    artifacts = {one["key"]: one["run"] for one in lab.stored("artifact") if one["key"]}
    assert artifacts == {"raw/counts.csv": None, "derived/sorted.csv": run["uid"]}
    (transform,) = lab.stored("transform")
    assert (transform["key"], transform["kind"]) == ("job.sh", "script")
    assert lab("describe", "run", "--uid", run["uid"]).stdout.count("completed") == 1
    # what is saved later belongs to no run
    (lab.directory / "later.csv").write_text("later")
    lab("save", "later.csv", "--key", "later.csv")
    assert lab.stored("artifact")[0]["run"] is None


def test_scripts_at_the_same_time_do_not_mix(lab: Any) -> None:
    for name in "ab":
        (lab.directory / f"{name}.sh").write_text(
            f"set -e\nlamin track\ntouch {name}.ready\nuntil [ -e a.ready ] && [ -e b.ready ]; do sleep 0.05; done\n"
            f"echo {name} > {name}.txt\nlamin save {name}.txt --key {name}.txt\nlamin finish\n"
        )
    running = [
        subprocess.Popen(["bash", f"{name}.sh"], cwd=lab.directory, env=environment_of(lab), stderr=subprocess.PIPE)
        for name in "ab"
    ]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    keys = {one["uid"]: one["key"] for one in lab.stored("transform")}
    made = {run["uid"]: keys[run["transform"]] for run in lab.stored("run")}
    assert {one["key"]: made[one["run"]] for one in lab.stored("artifact") if one["key"]} == {
        "a.txt": "a.sh",
        "b.txt": "b.sh",
    }


def test_a_script_that_fails_is_errored_by_its_trap_and_aborted_without(lab: Any) -> None:
    trap = "trap 'lamin finish --exit-code $?' EXIT\nlamin track\nexit 4\n"
    assert shell(lab, trap).returncode == 4
    assert shell(lab, "lamin track\nexit 4\n", name="dead.sh").returncode == 4
    assert shell(lab, "lamin track\nlamin finish\n", name="next.sh").returncode == 0
    status = {}
    for run in lab.stored("run"):
        text = lab("describe", "run", "--uid", run["uid"]).stdout
        status[text.splitlines()[0].split("(")[1].rstrip(")")] = text.partition("status: ")[2].split()[0]
    assert status == {"job.sh": "errored", "dead.sh": "aborted", "next.sh": "completed"}


def test_tracking_a_shell_needs_a_script_and_an_instance(lab: Any) -> None:
    typed = subprocess.run(  # the tests may be run by a script themselves
        ["bash", "-c", "lamin track; exit $?"],
        cwd=lab.directory,
        env=environment_of(lab),
        capture_output=True,
        text=True,
    )
    assert typed.returncode == 1 and "Cannot determine script filename." in typed.stderr
    assert "No active run to finish. Please run `lamin track` first." in lab("finish", code=1).stderr
    assert "is tracked already" in shell(lab, "lamin track && lamin track\n").stderr
    lab("disconnect")
    for word in ("track", "finish"):
        assert lab(word, code=1).stderr.startswith("Error: Not connected to an instance. Please run: lamin connect")


def test_a_script_is_run_with_inputs_outputs_and_log(lab: Any) -> None:
    (lab.directory / "counts.csv").write_text("b\na\n")
    lab("save", "counts.csv", "--key", "raw/counts.csv")
    (lab.directory / "sort.py").write_text(
        "import os, sys\nlines = sorted(open(sys.argv[1]))\nopen(sys.argv[3], 'w').writelines(lines)\nopen('more.txt', 'w').write('x')\n"
        "print('sorted', len(lines), 'lines')\nprint('warned', file=sys.stderr)\nprint(os.environ['LAMIN_INPUT_PATHS'] == sys.argv[1])\n"
    )
    lab("create", "project", "atlas")
    reference = "lamin://anonymous/lab/artifact/key/raw/counts.csv"
    words = (
        "run",
        "--project",
        "atlas",
        "--register-output",
        "more.txt",
        "sort.py",
        "--",
        reference,
        "--out",
        "sorted.csv",
    )
    assert f"sort.py {reference} --out sorted.csv" in lab("run", "--dry-run", *words[1:]).stdout
    assert lab.stored("run") == []
    done = lab(*words)
    assert done.stdout == "sorted 2 lines\nTrue\n"
    assert "warned\n" in done.stderr
    (run,) = lab.stored("run")
    assert run["params"]["argv"] == [reference, "--out", "sorted.csv"]
    labels = described(lab, "run", run["uid"])["labels"]
    assert labels["input_artifacts"] == ["raw/counts.csv"]
    made = {one["key"] for one in lab.stored("artifact") if one["run"] == run["uid"]}
    assert made == {"sorted.csv", "more.txt"}
    log = Path(lab("load", "artifact", "--uid", run["report"]).stdout.strip()).read_text()
    assert "sorted 2 lines" in log and "warned" in log
    (transform,) = lab.stored("transform")
    assert (transform["key"], transform["kind"]) == ("sort.py", "script")
    assert described(lab, "transform", transform["uid"])["labels"]["projects"] == ["atlas"]


def test_the_exit_code_of_a_program_is_passed_through_and_nothing_registered(lab: Any) -> None:
    (lab.directory / "out.txt").write_text("of before")
    lab("run", "bash", "--", "-c", "exit 3", "--out", "out.txt", code=3)
    (run,) = lab.stored("run")
    (transform,) = lab.stored("transform")
    assert (transform["key"], transform["kind"]) == ("bash", "pipeline")
    assert "bash" in run["params"]["tool_version"]
    assert not [one for one in lab.stored("artifact") if one["key"] == "out.txt"]
    assert "errored" in lab("describe", "run", "--uid", run["uid"]).stdout
    assert "did not write 'x.txt'" in lab("run", "--register-output", "x.txt", "true", code=1).stderr


def test_an_interrupted_program_is_aborted(lab: Any) -> None:
    command = [LAMIN, "run", "bash", "--", "-c", "touch ready; exec sleep 60"]
    process = subprocess.Popen(command, cwd=lab.directory, env=environment_of(lab), stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not (lab.directory / "ready").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 143, errors
    (run,) = lab.stored("run")
    assert "aborted" in lab("describe", "run", "--uid", run["uid"]).stdout


def test_a_program_tracks_its_own_run_below_that_of_lamin_run(lab: Any) -> None:
    (lab.directory / "inner.py").write_text("import lamindb as ln\nln.track()\nln.finish()\n")
    lab("run", "inner.py", PATH=environment_of(lab)["PATH"])
    inner, outer = lab.stored("run")
    assert inner["initiated_by_run"] == outer["uid"] and outer["initiated_by_run"] is None


def test_what_cannot_be_run_is_said_and_leaves_no_run(lab: Any) -> None:
    for words, message in (
        (("nothing.py",), "'nothing.py' is no file here and no program"),
        (("true", "--", "lamin://anonymous/lab/artifact/key/none.csv"), "There is no artifact with key none.csv"),
        (("true", "--", "lamin://other/instance/artifact/abc"), "not of other/instance"),
        (("--project", "none", "true"), "Project 'none' not found"),
        (("--where", "modal", "true"), "Modal is not available"),
        (("--access", "mounted", "true"), "Did you mean 'mount'?"),
        (("--credentials-via", "file", "true"), "has nothing to pass on: inputs come by mount, cache"),
    ):
        assert message in lab("run", *words, code=1).stderr
    assert lab.stored("run") == lab.stored("transform") == []


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("lamin://a/b/artifact/abc", DataReference("a/b", uid="abc")),
        ("lamin://a/b/artifact/abc/sub/x.txt", DataReference("a/b", uid="abc", part="sub/x.txt")),
        (
            "lamin://a/b/artifact/key/raw/x.csv?branch=try1&version=1",
            DataReference("a/b", key="raw/x.csv", conditions={"branch": "try1", "version": "1"}),
        ),
    ],
)
def test_references_are_read(text: str, reference: DataReference) -> None:
    assert parse_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    ["lamin://a/b", "lamin://a/b/run/abc", "lamin://a/b/artifact/abc/../x", "lamin://a/b/artifact/key/x?owner=y"],
)
def test_other_references_are_errors_that_show_the_form(text: str) -> None:
    with pytest.raises(Exception, match="lamin://|without"):
        parse_reference(text)


def test_the_way_to_remote_inputs_and_the_machine_have_defaults(lab: Any) -> None:
    assert lab("settings", "run-access", "get").stdout == "mount,cache\n"
    lab("settings", "run-access", "set", "presigned, cache")
    assert lab("settings", "run-access", "get").stdout == "presigned,cache\n"
    told = lab("settings", "run-access", "set", "chache", code=1).stderr
    assert "no way 'chache'" in told and "Did you mean 'cache'" in told
    assert "choose local or modal" in lab("settings", "run-where", "set", "moon", code=1).stderr
    lab("settings", "run-where", "set", "modal")
    assert "Modal is not available" in lab("run", "echo", "hi", code=1).stderr
    assert lab("run", "echo", "hi", LAMIN_RUN_WHERE="local").stdout == "hi\n"
    lab("settings", "run-where", "set", "none")
    assert "LAMIN_MOUNTS" in lab("run", "--remount", "echo", "hi", code=1).stderr
    assert lab("run", "echo", "hi").stdout == "hi\n"
    assert (lab.settings_dir / "run.env").stat().st_mode & 0o777 == 0o600
