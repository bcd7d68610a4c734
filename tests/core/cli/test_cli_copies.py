"""`lamin io snapshot`, `lamin io sync`, and completion in shells."""

from __future__ import annotations

import gzip
import json
import sqlite3
from typing import Any


def test_a_snapshot_is_a_checked_copy_that_lies_in_the_storage(each_lab: Any) -> None:
    lab = each_lab
    lab("create", "project", "atlas")
    assert "copied " in lab("io", "snapshot").stderr
    packed = lab.directory / "lab" / ".lamindb" / "lamin.db.gz"
    unpacked = lab.directory / "unpacked.db"
    unpacked.write_bytes(gzip.decompress(packed.read_bytes()))
    rows = sqlite3.connect(unpacked).execute("SELECT name FROM lamindb_project").fetchall()
    assert rows == [("atlas",)]
    (transform,) = json.loads(lab("list", "transform", "--json").stdout)
    assert transform["key"] == "__lamin_io_snapshot__.py"
    assert "holds a copy already" in lab("io", "snapshot", code=1).stderr  # before a run of it is written
    assert len(json.loads(lab("list", "run", "--json").stdout)) == 1
    lab("connect", str(lab.directory / "lab-clone"))
    assert json.loads(lab("list", "project", "--json").stdout)[0]["name"] == "atlas"


def test_an_object_of_another_instance_is_brought_here(lab: Any) -> None:
    lab("create", "project", "atlas")
    lab("init", "--storage", "./other")
    uid = lab("io", "sync", "project", "--name", "atlas", "--from", "anonymous/lab").stdout.strip()
    (project,) = json.loads(lab("list", "project", "--json").stdout)
    assert (project["uid"], project["name"]) == (uid, "atlas")
    assert lab("io", "sync", f"https://lamin.ai/anonymous/lab/project/{uid}").stdout.strip() == uid
    assert (
        "does not exist in anonymous/lab"
        in lab("io", "sync", "project", "--name", "x", "--from", "anonymous/lab", code=1).stderr
    )
    assert "Say which object of which instance" in lab("io", "sync", "project", "--name", "x", code=2).stderr


def test_words_are_completed_in_shells(lamin: Any) -> None:
    def completed(words: str) -> list[str]:
        count = str(len(words.split(" ")) - 1)
        return lamin(COMP_WORDS=words, COMP_CWORD=count, _LAMIN_COMPLETE="bash_complete").stdout.split()

    assert completed("lamin desc") == ["plain,describe"]
    assert completed("lamin settings cache-dir s") == ["plain,set"]
    assert completed("lamin save ab") == ["file,ab"]
    for shell in ("bash", "zsh", "fish"):
        assert "_lamin_completion" in lamin(_LAMIN_COMPLETE=f"{shell}_source").stdout
