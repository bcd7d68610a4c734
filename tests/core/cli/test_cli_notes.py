"""Plans and notes: markdown files that `lamin save` keeps as artifacts of kind plan, and as readmes of records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lamindb.cli.notes import NoteTarget, note_target
from lamindb.cli.plan_files import Plan, is_plan_file, read_plan


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("# Steps", Plan("# Steps", None)),
        ("---\noverview: Count cells\n---\n\n\n# Steps\n", Plan("# Steps\n", "Count cells")),
        (
            "---\nname: x\noverview: Count\n  all cells\n\ttwice\ntodos: []\n---\nbody",
            Plan("body", "Count all cells twice"),
        ),
        ("---\noverview:\n---\nbody", Plan("body", None)),
        ("---\nname: x\n---\nbody", Plan("body", None)),
        ("---\nnever closed", Plan("---\nnever closed", None)),
    ],
)
def test_front_matter_of_plans(text: str, plan: Plan) -> None:
    assert read_plan(text) == plan


def test_plans_are_known_by_name_or_folder() -> None:
    assert is_plan_file("x.plan.md") and is_plan_file(".claude/plans/x.md")
    assert not is_plan_file("plan.md") and not is_plan_file("plans/x.md") and not is_plan_file(".claude/plans/x.txt")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/w/todo.md", NoteTarget(None, "todo")),
        ("/w/ideas/plan1.md", NoteTarget("ideas", "plan1")),
        ("/w/a/b/c.md", NoteTarget("a/b", "c")),
        ("/w/README.md", None),
        ("/elsewhere/x.md", None),
        ("/w/x.MD", None),
    ],
)
def test_notes_are_named_by_their_place(path: str, target: NoteTarget | None) -> None:
    assert note_target(path, "/w") == target
    assert note_target(path, None) is None


def test_a_plan_is_saved_without_its_front_matter(lab: Any) -> None:
    plan = lab.directory / "count.plan.md"
    text = "---\noverview: Count cells\n---\n# Steps\n"
    plan.write_text(text)
    lab("save", "count.plan.md")
    (saved,) = lab.stored("artifact")
    assert (saved["key"], saved["kind"], saved["description"]) == (".plans/count.plan.md", "plan", "Count cells")
    assert Path(lab("load", "artifact", "--uid", saved["uid"]).stdout.strip()).read_text() == "# Steps\n"
    assert plan.read_text() == text
    plan.write_text("# More steps\n")
    lab("save", "count.plan.md", "--key", "plans/b.md", "--kind", "dataset", "--description", "mine")
    newest = lab.stored("artifact")[0]
    assert (newest["key"], newest["kind"], newest["description"]) == ("plans/b.md", "dataset", "mine")


def test_notes_of_the_development_folder_are_records(lab: Any) -> None:
    lab("settings", "dev-dir", "set", ".")
    note = lab.directory / "todo.md"
    note.write_text("first")
    done = lab("save", "todo.md")
    assert "created note record: Record('" in done.stderr and "saved note content: RecordBlock('" in done.stderr
    note.write_text("second")
    assert "created note record" not in lab("save", "todo.md").stderr
    (record,) = lab.stored("record")
    assert (record["name"], record["is_type"]) == ("todo", 1)
    text = f"---\nlamindb:\n  uid: {record['uid']}\n---\nsecond"
    note.unlink()
    assert lab("load", "record", "--name", "todo").stdout.strip() == str(note)
    assert note.read_text() == text
    lab("load", "todo.md")  # nothing is lost, so nothing is asked
    note.write_text("edited here")
    assert "Aborted!" in lab("load", "record", "--name", "todo", code=1).stderr
    assert "exists: replace?" in lab("load", "todo.md", stdin="n\n", code=1).stderr
    assert note.read_text() == "edited here"
    lab("load", "todo.md", "--yes")
    assert note.read_text() == text

    topic = lab.directory / "ideas" / "plan1.md"
    topic.parent.mkdir()
    topic.write_text("about")
    missing = lab("save", "ideas/plan1.md", code=1)
    assert "Record type 'ideas' not found. Create it explicitly first" in missing.stderr
    lab("describe", "record", "--name", "plan1", code=1)
    (lab.directory / "Ideas.md").write_text("the topic")
    lab("save", "Ideas.md")
    lab("save", "ideas/plan1.md")
    topic.unlink()
    lab("load", "record", "--name", "plan1")
    assert (lab.directory / "Ideas" / "plan1.md").read_text().endswith("---\nabout")
    lab("load", "ideas/plan1.md")
    assert topic.read_text().endswith("---\nabout")

    lab("save", "todo.md", "--key", "todo.md")
    (artifact,) = lab.stored("artifact")
    assert artifact["key"] == "todo.md"
    lab("save", "Ideas.md", "--registry", "artifact", "--description", "as a file")
    assert len(lab.stored("artifact")) == 2 and len(lab.stored("record")) == 3


def test_a_note_is_known_after_its_file_was_renamed(lab: Any) -> None:
    lab("settings", "dev-dir", "set", ".")
    note = lab.directory / "todo.md"
    note.write_text("---\ntitle: Plans\n---\nfirst\n")
    lab("save", "todo.md")
    (record,) = lab.stored("record")
    assert note.read_text() == f"---\nlamindb:\n  uid: {record['uid']}\ntitle: Plans\n---\nfirst\n"
    described = lab("describe", "record", "--name", "todo", "--include", "comments").stdout
    assert "title: Plans" in described and "lamindb:" not in described

    (lab.directory / "copy.md").write_text(note.read_text())
    assert "is a copy of the note" in lab("save", "copy.md").stderr
    assert {one["name"] for one in lab.stored("record")} == {"todo", "copy"}
    assert record["uid"] not in (lab.directory / "copy.md").read_text()

    note.rename(lab.directory / "copy.md")
    assert "another record has this name" in lab("save", "copy.md", code=1).stderr
    (lab.directory / "copy.md").rename(lab.directory / "plans.md")
    assert "renaming note todo.md to plans.md" in lab("save", "plans.md").stderr
    assert {one["uid"]: one["name"] for one in lab.stored("record")}[record["uid"]] == "plans"

    (lab.directory / "other.md").write_text("---\nlamindb:\n  uid: abcdefgh12345678\n---\ntext")
    assert "is not in this instance" in lab("save", "other.md").stderr
    assert len(lab.stored("record")) == 3


def test_what_is_no_note_is_said(lab: Any) -> None:
    (lab.directory / "x.md").write_text("x")
    (lab.directory / "x.txt").write_text("x")
    assert "Please pass a key or description" in lab("save", "x.md", code=1).stderr
    assert "is no note: notes are files <topic>/<note>.md" in lab("save", "x.md", "--registry", "record", code=1).stderr
    assert "requires a .md file" in lab("save", "x.txt", "--registry", "record", code=1).stderr


def test_the_readme_is_an_artifact_and_a_block(lab: Any) -> None:
    readme = lab.directory / "README.md"
    readme.write_text("# Lab")
    done = lab("save", "README.md")
    assert "transitional" in done.stderr
    assert lab.stored("artifact")[0]["key"] == "README.md"
    readme.unlink()
    lab("load", "README.md")
    assert readme.read_text() == "# Lab"
