"""`lamin save`, `load`, `create`, `list`, `switch`, `merge`, `describe`, `get`, `update`, `annotate`, `delete` of records, on each database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def run_api(lab: Any, code: str) -> str:
    """Run code with the API on the instance of the command line, and return what it prints last."""
    environment = {
        **os.environ,
        "LAMIN_SETTINGS_DIR": str(lab.home / "settings"),
        "LAMIN_CACHE_DIR": str(lab.home / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-c", f"import lamindb as ln\n{code}"],
        cwd=lab.directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (done.stdout.splitlines() or [""])[-1]


def artifacts(lab: Any) -> list[dict[str, Any]]:
    """Return what `lamin list artifact` tells."""
    told: list[dict[str, Any]] = json.loads(lab("list", "artifact", "--json").stdout)
    return told


def save(lab: Any, name: str, text: str, *options: str) -> Path:
    """Write a file and save it."""
    path: Path = lab.directory / name
    path.write_text(text)
    lab("save", name, *options)
    return path


def test_files_are_saved_versioned_found_and_loaded(each_lab: Any) -> None:
    lab = each_lab
    done = lab("save", str(save(lab, "a.csv", "1", "--key", "raw/a.csv")), "--key", "raw/a.csv")
    assert "saved: Artifact(" in done.stderr and "storage path: " in done.stderr and done.stdout == ""
    assert "from_dataframe" not in done.stderr
    assert len(artifacts(lab)) == 1  # the same bytes once
    save(lab, "a.csv", "2", "--key", "raw/a.csv", "--description", "counts")
    newer, older = artifacts(lab)
    assert newer["uid"][:16] == older["uid"][:16] and newer["is_latest"] and not older["is_latest"]
    save(lab, "b.csv", "3", "--key", "raw/other.csv", "--stem-uid", newer["uid"][:16])
    assert artifacts(lab)[0]["uid"] == f"{newer['uid'][:16]}0002"
    path = lab("load", "--key", "raw/a.csv").stdout.strip()
    assert Path(path).read_text() == "2"
    assert Path(lab("load", "artifact", "--uid", older["uid"]).stdout.strip()).read_text() == "1"
    table = lab("list", "artifact", "--limit", "1").stdout.splitlines()
    assert table[0].split()[:2] == ["id", "uid"] and len(table) == 2


def test_what_save_needs_is_said(lab: Any) -> None:
    (lab.directory / "x.csv").write_text("x")
    (lab.directory / "x.py").write_text("print()")
    assert "Please pass a key or description" in lab("save", "x.csv", code=1).stderr
    assert "does not exist" in lab("save", "missing.csv", "--key", "m", code=2).stderr
    assert "Do not pass --key for cloud paths" in lab("save", "s3://bucket/x.csv", "--key", "x.csv", code=1).stderr
    for option, kind in (("--project", "Project"), ("--space", "Space"), ("--branch", "Branch")):
        assert f"Error: {kind} 'no' not found" in lab("save", "x.csv", "--key", "x.csv", option, "no", code=1).stderr
    for value, message in (("{", "takes JSON"), ("[1]", "takes a JSON object")):
        assert message in lab("save", "x.csv", "--key", "x.csv", "--store-kwargs", value, code=2).stderr
    assert "are for artifacts" in lab("save", "x.py", "--batch-size", "2", code=2).stderr
    assert "The stem uid is not found." in lab("save", "x.csv", "--key", "x.csv", "--stem-uid", "abc", code=1).stderr
    assert artifacts(lab) == []
    lab("create", "project", "atlas")
    assert (
        "labeled with project: atlas"
        in lab("save", "x.py", "--registry", "artifact", "--key", "x.py", "--project", "atlas").stderr
    )


def test_branches_are_created_switched_merged_and_listed(lab: Any) -> None:
    assert "created branch: dev" in lab("create", "branch", "dev").stderr
    assert lab("create", "branch", "DEV", code=1).stderr.endswith("lamin switch dev\n")
    assert "deprecated" in lab("create", "branch", "--name", "old").stderr
    assert lab("settings", "branch", "get").stdout == lab("settings", "get", "branch").stdout == "main\n"
    assert "created branch: try1" in (done := lab("switch", "-c", "try1")).stderr and "switched to try1" in done.stderr
    assert "Omit -c/--create to switch to it" in lab("switch", "-c", "try1", code=1).stderr
    save(lab, "t.csv", "t", "--key", "t.csv")
    assert lab("settings", "branch", "get").stdout == "try1\n"
    lab("update", "branch", "--status", "review")
    assert lab("get", "branch", "--status").stdout == "review\n"
    assert "deprecated" in lab("switch", "branch", "main").stderr
    assert artifacts(lab) == []
    assert "Artifact with key=t.csv does not exist." in lab("describe", "--key", "t.csv", code=1).stderr
    assert "merged branch 'try1' into 'main'" in lab("merge", "try1").stderr
    assert [record["key"] for record in artifacts(lab)] == ["t.csv"]
    assert lab("get", "branch", "--name", "try1", "--status").stdout == "merged\n"
    assert "Branch 'no'" in lab("switch", "no", code=1).stderr
    assert "Error: Branch 'no' not found. To see all: lamin list branch" in lab("merge", "no", code=1).stderr
    assert "→ already on branch, nothing to merge\n" in lab("merge", "main").stderr
    assert "Space 'no'" in lab("switch", "--space", "no", code=1).stderr
    lab("switch", "--space", "all")
    lab("switch", "a", "b", code=2)
    listed = lab("list", "branch").stdout
    assert all(name in listed for name in ("main", "archive", "trash", "dev", "try1"))
    assert "There is no registry 'brnch'" in (stderr := lab("list", "brnch", code=1).stderr) and "'branch'" in stderr


def test_records_of_each_entity_are_described_by_uid_and_by_name_or_key(lab: Any) -> None:
    save(lab, "a.txt", "1", "--key", "a.txt", "--description", "my text")
    uids = json.loads(
        run_api(
            lab,
            "import json\n"
            "transform = ln.Transform(key='t.py', kind='script').save()\n"
            "made = [ln.Project(name='p').save(), ln.ULabel(name='u').save(), ln.Record(name='r').save(), transform,\n"
            "        ln.Run(transform).save(), ln.Feature(name='f', dtype=str).save()]\n"
            "print(json.dumps({type(r).__name__.lower(): r.uid for r in made}))",
        )
    )
    for entity, name in (("project", "p"), ("ulabel", "u"), ("record", "r"), ("feature", "f")):
        by_name = lab("describe", entity, "--name", name).stdout
        assert name in by_name and by_name == lab("describe", entity, "--uid", uids[entity]).stdout
    assert "t.py" in lab("describe", "transform", "--key", "t.py").stdout
    assert "t.py" in lab("get", "run", "--uid", uids["run"]).stdout
    assert "my text" in lab("describe", "--key", "a.txt").stdout
    assert "Branch: main" in lab("describe", "branch").stdout
    url = f"https://lamin.example.org/anonymous/lab/project/{uids['project']}/?tab=1"
    assert json.loads(lab("describe", url, "--json").stdout)["name"] == "p"
    assert lab("get", "--key", "a.txt", "--description").stdout == "my text\n"
    assert lab("get", "project", "--name", "p", "--description").stdout == "None\n"


WRONG_ADDRESSES: list[tuple[tuple[str, ...], str]] = [
    (("describe",), "For entity 'artifact' you must pass --uid or --key"),
    (("describe", "run"), "For entity 'run' you must pass --uid"),
    (("describe", "ulabel", "--key", "x"), "For entity 'ulabel' you must pass --uid or --name"),
    (("describe", "artefact", "--uid", "x"), "Did you mean 'artifact'?"),
    (("describe", "--uid", "doesnotexist"), "Artifact with uid=doesnotexist does not exist."),
    (("describe", "https://lamin.ai/anonymous/lab/gene/abc"), "unknown entity 'gene'"),
    (("describe", "https://lamin.ai/anonymous/lab"), "no URL of an object"),
    (("describe", "https://lamin.ai/anonymous/transform-db/artifact/x"), "'anonymous/transform-db' not found"),
    (("get", "branch", "--status", "--description"), "not both"),
    (("get", "artifact", "--key", "x", "--status", "--include", "comments"), "leave --status"),
    (("update", "artifact", "--key", "x"), "exactly one"),
    (("update", "record", "--name", "x", "--description", "d"), "Update does not support 'record'"),
    (("update", "branch", "--description", "d"), "branch has no --description"),
    (("annotate", "--key", "x"), "Pass what to annotate"),
    (("annotate", "user", "--name", "x", "--comment", "c"), "Annotate does not support 'user'"),
    (("annotate", "branch", "--project", "p"), "--project is for artifact, transform, collection, not for branch"),
    (("annotate", "--key", "x", "--features", "x"), "assigns no value"),
    (("delete", "record"), "For entity 'record' you must pass --uid or --name"),
    (("delete", "artifact", "--key", "x"), "Artifact with key=x does not exist."),
    (("load",), "Either entity or key has to be provided."),
    (("load", "artifact", "--key", "x", "--with-env"), "--with-env is for transforms, not for artifacts"),
    (("describe", "--uid", ""), "can't be empty"),  # an unset variable of a shell script must not name any record
    (("delete", "artifact", "--uid", " "), "can't be empty"),
    (("list", "branches"), "There is no registry 'branches'. Did you mean 'branch' or"),
    (("annotate", "transform", "--key", "x", "--features", "n=1"), "--features is for artifact, record, run"),
    (("annotate", "--key", "x", "--comment", " "), "--comment is empty"),
    (("switch", "-c", "MAIN"), "Branch 'main' already exists. Omit -c/--create to switch to it: lamin switch main"),
    (("settings", "modules", "set", "nosuchmodule"), "pip install nosuchmodule"),
    (
        ("io", "sync", "artefact", "--uid", "x", "--from", "anonymous/lab"),
        "no registry 'artefact'. Did you mean 'artifact'",
    ),
]


def test_what_is_still_in_use_is_told_in_one_line(
    sqlite_instance: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import lamindb as ln
    from lamindb.base.logging import log_to
    from lamindb.cli.app import run

    (tmp_path / "a.txt").write_text("1")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    ln.Collection([artifact], key="c").save()
    try:
        assert run(["delete", "artifact", "--key", "a.txt", "--permanent"]) == 1
        assert run(["delete", sqlite_instance.slug, "--yes"]) == 1
    finally:
        log_to("stdout")
    in_use, not_empty = (line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: "))
    assert "(1 CollectionArtifact): delete or change these first" in in_use
    assert f"contains 1 objects: {artifact.uid}.txt; delete them" in not_empty


def test_wrong_addresses_are_one_line_errors(sqlite_instance: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from lamindb.base.logging import log_to
    from lamindb.cli.app import run

    slug = sqlite_instance.slug
    try:
        for words, expected in WRONG_ADDRESSES:
            assert run([word.replace("anonymous/lab", slug) for word in words]) == 1, words
            errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Error: ")]
            assert len(errors) == 1 and expected in errors[0], words
    finally:
        log_to("stdout")


def test_features_are_converted_to_their_dtypes(lab: Any) -> None:
    save(lab, "a.txt", "1", "--key", "a.txt")
    run_api(
        lab,
        "import datetime\nimport lamindb as ln\n"
        "for name, dtype in {'n': int, 'x': float, 'b': bool, 'd': datetime.date, 'l': list[int], 's': str}.items():\n"
        "    ln.Feature(name=name, dtype=dtype).save()",
    )
    lab("annotate", "--key", "a.txt", "--features", "n=3", "x=2", "b=true", "d=2024-05-01", "l=4", "s=7")
    values = run_api(lab, "import lamindb as ln\nprint(ln.Artifact.get(key='a.txt').features.get_values())")
    assert "'b': True, 'd': datetime.date(2024, 5, 1), 'l': [4], 'n': 3, 's': '7', 'x': 2.0" in values
    refused = lab("annotate", "--key", "a.txt", "--features", "n=many", code=1).stderr
    assert "failed dtype check for 'int'" in refused and "'many'" in refused
    told = json.loads(lab("describe", "--key", "a.txt", "--json").stdout)
    assert told["features"] == {"b": True, "d": "2024-05-01", "l": [4], "n": 3, "s": "7", "x": 2.0}
    assert "json_values" not in told["labels"] and "status" not in told
    assert json.loads(lab("describe", "branch", "--json").stdout)["status"] == "standalone"


def test_descriptions_are_updated(lab: Any) -> None:
    save(lab, "a.txt", "1", "--key", "a.txt")
    assert (
        "updated artifact: description"
        in lab("update", "artifact", "--key", "a.txt", "--description", "new words").stderr
    )
    assert lab("get", "--key", "a.txt", "--description").stdout == "new words\n"
    lab("create", "project", "p")
    lab("update", "project", "--name", "p", "--description", "about p")
    assert lab("get", "project", "--name", "p", "--description").stdout == "about p\n"
    assert "returning project with same name: p" in lab("create", "project", "p").stderr


def test_annotations_of_one_call_are_all_applied_or_none(each_lab: Any) -> None:
    lab = each_lab
    save(lab, "a.txt", "1", "--key", "a.txt")
    run_api(lab, "ln.ULabel(name='u').save(); ln.Record(name='r').save(); ln.Project(name='p').save()")
    (lab.directory / "readme.md").write_text("# What this is\n")
    labels = ("--project", "p", "--ulabel", "u")
    stderr = lab("annotate", "--key", "a.txt", *labels, "--record", "absent", code=1).stderr
    assert "Error: Record 'absent' not found" in stderr
    assert json.loads(lab("describe", "--key", "a.txt", "--json").stdout)["labels"] == {}
    done = lab(
        "annotate",
        "--key",
        "a.txt",
        *labels,
        "--record",
        "r",
        "--version",
        "1.0",
        "--readme",
        "readme.md",
        "--comment",
        "check this",
    )
    assert "annotated artifact: a.txt" in done.stderr
    told = json.loads(lab("describe", "--key", "a.txt", "--json").stdout)
    assert told["labels"] == {"projects": ["p"], "records": ["r"], "ulabels": ["u"]} and told["version_tag"] == "1.0"
    assert told["features"] == {}
    described = lab("describe", "--key", "a.txt", "--include", "comments").stdout
    assert "What this is" in described and "check this" in described
    lab("annotate", "branch", "--comment", "about main")
    assert "about main" in lab("describe", "branch", "--include", "comments").stdout
    lab("annotate", "--key", "a.txt", "--readme", "absent.md", code=2)


def test_records_go_to_the_trash_first_and_are_deleted_for_good_on_request(lab: Any) -> None:
    save(lab, "a.txt", "1", "--key", "a.txt")
    assert "moved record to trash" in lab("delete", "artifact", "--key", "a.txt").stderr
    assert artifacts(lab) == []
    lab("delete", "artifact", "--key", "a.txt", stdin="n\n")
    assert run_api(lab, "print(ln.Artifact.objects.count())") == "1"
    lab("delete", "artifact", "--key", "a.txt", "--yes")
    assert run_api(lab, "print(ln.Artifact.objects.count())") == "0"
    assert [path.name for path in (lab.directory / "lab" / ".lamindb").glob("*.txt")] == ["storage_uid.txt"]
    lab("create", "branch", "empty")
    lab("delete", "branch", "--name", "empty", "--yes")
    lab("switch", "-c", "full")
    run_api(lab, "ln.ULabel(name='on full').save()")
    lab("switch", "main")
    assert lab("delete", "branch", "--name", "full", "--yes", code=1).stderr.splitlines()[-1].startswith("Error: ")


def test_records_of_each_registry_are_deleted_by_name(sqlite_instance: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import lamindb as ln
    from lamindb.base.logging import log_to
    from lamindb.cli.app import run

    try:
        for registry in (ln.Record, ln.ULabel, ln.Project, ln.Feature, ln.Schema, ln.Reference):
            fields = (
                {"dtype": int} if registry is ln.Feature else {"itype": ln.Feature} if registry is ln.Schema else {}
            )
            registry(name="x", **fields).save()
            words = ["delete", registry.__name__.lower(), "--name", "x"]
            assert run(words) == 0 and registry.objects.get(name="x").branch_id == -1
            assert run([*words, "--permanent"]) == 0 and not registry.objects.filter(name="x").exists()
            assert run(words) == 1 and "does not exist" in capsys.readouterr().err
    finally:
        log_to("stdout")


def test_a_beginning_of_a_uid_that_several_records_share_deletes_none(lab: Any) -> None:
    save(lab, "a.txt", "1", "--key", "a.txt")
    save(lab, "b.txt", "2", "--key", "b.txt")
    run_api(
        lab,
        "for n, a in enumerate(ln.Artifact.filter()):\n    ln.Artifact.objects.filter(id=a.id).update(uid=f'shared{n}' + a.uid[7:])",
    )
    assert "Several records" in lab("delete", "artifact", "--uid", "shared", "--permanent", code=1).stderr
    assert len(artifacts(lab)) == 2
