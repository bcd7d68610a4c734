"""How a program that `lamin run` starts gets an input that lies in a bucket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import InvalidArgument
from lamindb.tracking.arguments import RunArguments
from lamindb.tracking.data_access import Access, parse_ways
from lamindb.tracking.targets import recognise, run_target


def test_a_program_reads_an_input_from_a_mount_a_copy_or_by_an_address(
    sqlite_instance: Any, bucket: str, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ln.settings.storage = bucket
    (tmp_path / "counts.txt").write_text("1 2 3")
    artifact = ln.Artifact(tmp_path / "counts.txt", key="counts.txt", run=False).save()
    (tmp_path / "read.py").write_text(
        "import sys, urllib.request\nfrom pathlib import Path\nwhere = sys.argv[1]\n"
        "if where.startswith('http'):\n    text = urllib.request.urlopen(where).read().decode()\n"
        "elif where.startswith('s3'):\n    text = 'not read'\nelse:\n    text = Path(where).read_text()\nprint(where, '->', text)\n"
    )
    reference = f"lamin://{sqlite_instance.slug}/artifact/{artifact.uid}"

    def told(*ways: str) -> str:
        outcome = run_target(recognise(str(tmp_path / "read.py"), [reference]), RunArguments(), (), Access(ways))
        assert outcome.exit_code == 0
        assert outcome.run.input_artifacts.get() == artifact
        return str(outcome.run.report.path.read_text())

    assert "http" in (signed := told("presigned")) and "-> 1 2 3" in signed
    assert "s3://" in told("credentials")
    copied = told("mount", "cache")
    assert str(cache) in copied and "-> 1 2 3" in copied
    address, _, _ = str(ln.Artifact.get(artifact.uid).path).partition("?")
    root, inside = address.rsplit("/", 2)[0], "/".join(address.rsplit("/", 2)[1:])
    mounted = tmp_path / "mounted" / inside
    mounted.parent.mkdir(parents=True)
    mounted.write_text("1 2 3")
    with pytest.raises(InvalidArgument, match="--access mount,cache"):
        told("mount")
    monkeypatch.setenv("LAMIN_MOUNTS", json.dumps({root: str(tmp_path / "mounted")}))
    assert f"{mounted} -> 1 2 3" in told("mount", "cache")


def test_ways_to_data_are_checked() -> None:
    assert parse_ways("presigned, cache") == ("presigned", "cache")
    with pytest.raises(InvalidArgument, match="Did you mean 'presigned'"):
        parse_ways("presign")
