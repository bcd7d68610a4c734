"""`lamin save` and `lamin load` of scripts and notebooks, with the installed command."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lamindb.tracking.code_uids import uid_in_code, with_next_uid


@pytest.mark.parametrize(
    ("code", "suffix", "uid"),
    [
        ('ln.track("abcd123456789xyz")', ".py", "abcd123456789xyz"),
        ("ln.track('abcd12345678')", ".py", "abcd12345678"),
        ('ln.track(transform="abcd123456789xyz")', ".py", "abcd123456789xyz"),
        ('ln.track(\n    "abcd123456789xyz",\n)', ".py", "abcd123456789xyz"),
        ('ln.track( transform = "abcd123456789xyz")', ".py", "abcd123456789xyz"),
        ('ln.track("short")\nln.track("abcd123456789xyz")', ".py", "abcd123456789xyz"),
        ('ln$track("abcd123456789xyz")', ".R", "abcd123456789xyz"),
        ('ln.context.uid = "abcd123456789xyz"\nln.track()', ".py", "abcd123456789xyz"),
        ('%run x\nln.track("abcd123456789xyz")', ".ipynb", "abcd123456789xyz"),
        ('# ln.track("abcd123456789xyz")', ".py", None),
        ('# ln$track("abcd123456789xyz")', ".R", None),
        ("""ln.track("abcd123456789xyz')""", ".py", None),
        ('ln.track("abcd1234567")', ".py", None),
        ('ln.track("abcd123456789xyz1")', ".py", None),
        ('ln.track("abcd-123456789xy")', ".py", None),
        ('ln.track(uid="abcd123456789xyz")', ".py", None),
        ('ln.track("abcd123456789xyz")', ".sh", None),
        ("ln.track()", ".py", None),
    ],
)
def test_the_uid_in_code_is_found(code: str, suffix: str, uid: str | None) -> None:
    assert uid_in_code(code, suffix) == uid


def test_a_uid_is_replaced_where_it_is_quoted() -> None:
    assert with_next_uid('ln.track("a0") # a0', "a0", "a1") == 'ln.track("a1") # a0'


def test_an_edited_script_is_a_new_version_and_an_unchanged_one_is_not(lab: Any) -> None:
    script = lab.directory / "qc.py"
    script.write_text("print(1)\n")
    assert "created Transform('" in lab("save", "qc.py").stderr
    assert "transform already saved: " in lab("save", "qc.py").stderr
    script.write_text("print(2)\n")
    lab("create", "project", "atlas")
    done = lab("save", "qc.py", "--key", "ignored.py", "--project", "atlas")
    assert "making new version" in done.stderr and "--key is for artifacts" in done.stderr
    newest, oldest = lab.stored("transform")
    assert newest["key"] == oldest["key"] == "qc.py" and newest["kind"] == "script"
    assert (newest["source_code"], oldest["source_code"]) == ("print(2)\n", "print(1)\n")
    assert newest["uid"][:12] == oldest["uid"][:12]
    told = json.loads(lab("describe", "transform", "--key", "qc.py", "--json").stdout)
    assert told["labels"]["projects"] == ["atlas"]
    for _ in range(2):
        lab("delete", "transform", "--key", "qc.py", "--permanent", "--yes")
    assert lab.stored("transform") == []


def test_a_version_in_the_trash_comes_back_as_the_latest_when_its_code_is_saved_again(each_lab: Any) -> None:
    lab, script = each_lab, each_lab.directory / "qc.py"
    for text in ("print(1)\n", "print(2)\n"):
        script.write_text(text)
        lab("save", "qc.py")
    lab("delete", "transform", "--key", "qc.py")
    assert [bool(one["is_latest"]) for one in lab.stored("transform")] == [False, True]
    lab("save", "qc.py")
    newest, oldest = lab.stored("transform")
    assert (newest["source_code"], newest["branch_id"], bool(newest["is_latest"])) == ("print(2)\n", 1, True)
    assert not oldest["is_latest"]


def test_a_copy_of_a_script_does_not_take_its_key(lab: Any) -> None:
    for name in ("a.py", "b.py"):
        (lab.directory / name).write_text("print(1)\n")
        lab("save", name)
    assert {one["key"] for one in lab.stored("transform")} == {"a.py", "b.py"}
    assert len({one["uid"][:12] for one in lab.stored("transform")}) == 2


def test_a_uid_in_the_code_names_the_family(lab: Any) -> None:
    script = lab.directory / "a.py"
    script.write_text('import lamindb as ln\nln.track("abcdefghijkl")\n')
    assert "mapped 'a.py' on uid 'abcdefghijkl'" in lab("save", "a.py").stderr
    assert [one["uid"] for one in lab.stored("transform")] == ["abcdefghijkl0000"]
    script.write_text('import lamindb as ln\nln.track("abcdefghijkl")\nprint()\n')
    assert "Aborted!" in lab("save", "a.py", code=1).stderr
    done = lab("save", "a.py", stdin="n\n", code=1)
    assert "You are about to overwrite existing source code (hash '" in done.stderr
    assert "Please re-run `ln.track()` to make a new version" in done.stderr
    assert "print()" not in lab.stored("transform")[0]["source_code"]
    lab("save", "a.py", stdin="y\n")
    assert "print()" in lab.stored("transform")[0]["source_code"]
    # renamed: the uid keeps the family, the key follows
    script.rename(lab.directory / "b.py")
    lab("save", "b.py")
    assert [one["key"] for one in lab.stored("transform")] == ["b.py"]
    script = lab.directory / "b.py"
    script.write_text(script.read_text().replace("abcdefghijkl", "abcdefghijkl0001"))
    lab("save", "b.py")
    assert [one["uid"] for one in lab.stored("transform")] == ["abcdefghijkl0001", "abcdefghijkl0000"]


def test_a_family_that_cannot_be_seen_is_not_saved_over(lab: Any) -> None:
    (lab.directory / "a.py").write_text('import lamindb as ln\nln.track("abcdefghijkl")\n')
    lab("switch", "-c", "try1")
    lab("save", "a.py")
    lab("switch", "main")
    assert "different branch(try1)" in lab("save", "a.py", code=1).stderr
    lab("switch", "try1")
    lab("delete", "transform", "--key", "a.py")
    assert "in the trash, please restore it" in lab("save", "a.py", code=1).stderr


def test_keys_follow_the_development_folder(lab: Any) -> None:
    inside = lab.directory / "dev" / "scripts" / "qc.py"
    inside.parent.mkdir(parents=True)
    inside.write_text("print(1)\n")
    (lab.directory / "outside.py").write_text("print(2)\n")
    lab("settings", "dev-dir", "set", "dev")
    lab("save", "dev/scripts/qc.py")
    assert lab.stored("transform")[0]["key"] == "scripts/qc.py"
    assert "is not in the dev-dir" in lab("save", "outside.py", code=1).stderr
    inside.unlink()
    done = lab("load", "--key", "scripts/qc.py", "--with-env")
    assert Path(done.stdout.strip()) == inside and inside.read_text() == "print(1)\n"
    assert "latest run with environment doesn't exist" in done.stderr


def test_an_instance_has_several_development_folders(lab: Any) -> None:
    for folder in ("one", "two"):
        (lab.directory / folder / "scripts").mkdir(parents=True)
        (lab.directory / folder / "scripts" / f"{folder}.py").write_text(f"print({folder!r})\n")
    lab("settings", "dev-dir", "set", "one")
    lab("settings", "dev-dir", "add", "two")
    found = lab("settings", "dev-dir", "find", ".").stdout.splitlines()
    assert [line.split("\t")[0] for line in found] == [str(lab.directory / "one"), str(lab.directory / "two")]
    lab("save", "one/scripts/one.py")
    lab("save", "two/scripts/two.py")
    assert {one["key"] for one in lab.stored("transform")} == {"scripts/one.py", "scripts/two.py"}
    (lab.directory / "two" / "note.md").write_text("a note")
    assert "created note record" in lab("save", "two/note.md").stderr
    lab("init", "--storage", "./other")
    taken = lab("settings", "dev-dir", "add", "two", code=1)
    assert "is the dev-dir of the instance anonymous/lab" in taken.stderr


def test_loading_code_asks_before_it_replaces_a_file(lab: Any) -> None:
    (lab.directory / "qc.py").write_text("print(1)\n")
    lab("save", "qc.py")
    (lab.directory / "qc.py").write_text("mine\n")
    for stdin in ("", "n\n"):
        lab("load", "--key", "qc.py", stdin=stdin, code=1)
        assert (lab.directory / "qc.py").read_text() == "mine\n"
    lab("load", "transform", "--key", "qc.py", stdin="y\n")
    assert (lab.directory / "qc.py").read_text() == "print(1)\n"
    (lab.directory / "qc.py").write_text("mine\n")
    assert json.loads(lab("load", "--key", "qc.py", "--yes", "--json").stdout) == [str(lab.directory / "qc.py")]
    for words, message in (
        (("--key", "nothing.py"), "Transform with key=nothing.py"),
        ((), "Either entity or key has to be provided."),
        (("feature",), "Entity has to be a laminhub URL or 'artifact', 'collection', or 'transform'"),
    ):
        assert message in lab("load", *words, code=1).stderr


def test_r_notebooks_need_one_exported_page(lab: Any) -> None:
    notebook = lab.directory / "plots.qmd"
    notebook.write_text('---\ntitle: "My plots"\n---\ntext\n')
    assert "Please export your .qmd file as an html file here" in lab("save", "plots.qmd", code=1).stderr
    page = notebook.with_suffix(".html")
    page.write_text("<html><title>My plots</title><body>drawn</body></html>")
    second = notebook.with_suffix(".nb.html")
    second.write_text("x")
    assert "Please delete one of" in lab("save", "plots.qmd", code=1).stderr
    second.unlink()
    assert "found no run, creating Run('" in lab("save", "plots.qmd").stderr
    (saved,) = lab.stored("transform")
    assert (saved["kind"], saved["description"]) == ("notebook", "My plots")
    (run,) = lab.stored("run")
    assert run["report"] is not None

    page.write_text("<html><title>My plots</title><body>drawn anew</body></html>")
    assert "overwrite the existing report" in lab("save", "plots.qmd", stdin="n\n").stderr
    assert lab.stored("run")[0]["report"] == run["report"]
    with closing(sqlite3.connect(lab.directory / "lab" / ".lamindb" / "lamin.db")) as database, database:
        database.execute("INSERT INTO lamindb_user (id, uid, handle) VALUES (2, 'abcd1234', 'grace')")
        database.execute("UPDATE lamindb_run SET created_by_id = 2")
    for answer in ("", "n\n"):
        assert "latest run of this notebook is by grace" in lab("save", "plots.qmd", stdin=answer, code=1).stderr
    lab("save", "plots.qmd", "--yes")
    assert lab.stored("run")[0]["report"] != run["report"]


def test_notebooks_are_saved_without_outputs_and_loaded_as_notebooks(lab: Any) -> None:
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbconvert")
    pytest.importorskip("jupytext")
    path = lab.directory / "explore.ipynb"
    cells = [
        nbformat.v4.new_markdown_cell("# My title\n\ntext"),
        nbformat.v4.new_code_cell(
            'import lamindb as ln\nln.track("abcdefghijkl0000")',
            execution_count=1,
            outputs=[nbformat.v4.new_output("stream", text="seen\n")],
        ),
        nbformat.v4.new_code_cell("print(2)", execution_count=3),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    assert "cells [(1, 3)] were not run consecutively" in lab("save", "explore.ipynb").stderr
    (saved,) = lab.stored("transform")
    assert (saved["uid"], saved["kind"], saved["description"]) == ("abcdefghijkl0000", "notebook", "My title")
    assert "seen" not in saved["source_code"] and "print(2)" in saved["source_code"]
    assert "transform already saved" in lab("save", "explore.ipynb").stderr
    (run,) = lab.stored("run")
    assert run["report"] is not None
    path.unlink()
    assert "updated uid: abcdefghijkl0000 → abcdefghijkl0001" in lab("load", "--key", "explore.ipynb").stderr
    loaded = nbformat.read(path, as_version=4)
    assert [cell.source for cell in loaded.cells] == [
        "# My title\n\ntext",
        'import lamindb as ln\nln.track("abcdefghijkl0001")',
        "print(2)",
    ]


def test_what_cannot_be_a_transform_is_said(lab: Any) -> None:
    (lab.directory / "a.txt").write_text("x")
    assert "files are supported for saving transforms" in lab("save", "a.txt", "--registry", "transform", code=1).stderr
    assert "from a cloud path" in lab("save", "s3://bucket/a.py", code=1).stderr
    (lab.directory / "a.py").write_text("x")
    lab("save", "a.py", "--registry", "artifact", "--key", "a.py")
    assert lab.stored("transform") == []
    assert "Project 'nothing' not found" in lab("save", "a.py", "--project", "nothing", code=1).stderr
    assert lab.stored("transform") == []


def test_secrets_stay_out_of_saved_code(lab: Any) -> None:
    (lab.directory / "a.sh").write_text("export API_TOKEN=abcdefgh123\n")
    assert "redacted 1 secret-looking assignment" in lab("save", "a.sh").stderr
    assert "abcdefgh123" not in lab.stored("transform")[0]["source_code"]
