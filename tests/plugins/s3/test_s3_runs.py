"""How a program that `lamin run` starts gets an input that lies in a bucket."""

from __future__ import annotations

import json
import os
import sys
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


READ_WITH_BOTO = """
import os, sys, boto3
bucket, _, key = sys.argv[1].removeprefix("s3://").partition("/")
text = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
print("read", text, "key in environment:", "AWS_ACCESS_KEY_ID" in os.environ, "file:", os.environ.get("AWS_SHARED_CREDENTIALS_FILE"))
"""


def test_a_program_of_another_library_gets_the_credentials_of_an_input(
    sqlite_instance: Any, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    ln.settings.storage = bucket
    (tmp_path / "counts.txt").write_text("1 2 3")
    artifact = ln.Artifact(tmp_path / "counts.txt", key="counts.txt", run=False).save()
    (tmp_path / "read.py").write_text(READ_WITH_BOTO)
    here = str(Path(sys.executable).parent)  # lamin run takes the python of the PATH
    monkeypatch.setenv("PATH", os.pathsep.join([here, os.environ["PATH"]]))
    ln.settings.storage = sqlite_instance.default_root  # logs and environments go there, the reader may not write
    reader = request.getfixturevalue("strict_server")
    # known by a profile of the user only; the endpoint is known to the storage location only
    (tmp_path / "aws").write_text(
        f"[lab]\naws_access_key_id = {reader['key']}\naws_secret_access_key = {reader['secret']}\n"
    )
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws"))
    monkeypatch.setenv("AWS_PROFILE", "lab")
    reference = f"lamin://{sqlite_instance.slug}/artifact/{artifact.uid}"
    files = {}
    for via in ("env", "file", "process"):
        access = Access(("credentials",), credentials_via=via)
        outcome = run_target(recognise(str(tmp_path / "read.py"), [reference]), RunArguments(), (), access)
        report = outcome.run.report.path.read_text()
        assert outcome.exit_code == 0 and "read 1 2 3 key in environment: False" in report, report
        assert reader["secret"] not in report
        files[via] = Path(report.strip().rpartition("file: ")[2])
    assert files["env"] == tmp_path / "aws"
    assert files["file"] != files["process"] and not files["file"].exists() and not files["process"].exists()


def test_credentials_that_cannot_be_passed_on_are_told(
    sqlite_instance: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lamindb.storage.upath import create_path
    from lamindb.tracking.data_access import Located, _program_environment, combined_environment

    monkeypatch.setenv("LAMIN_S3_ANON", "true")
    with pytest.raises(InvalidArgument, match="no credentials for s3://bucket/x"):
        _program_environment(create_path("s3://bucket/x"), "file", tmp_path)
    own = create_path("s3://bucket/x", key="AKIA1", secret="s1")
    assert _program_environment(own, "env", tmp_path)["AWS_ACCESS_KEY_ID"] == "AKIA1"
    with pytest.raises(InvalidArgument, match=r"memory:// can't be passed on by process: leave --credentials-via out"):
        _program_environment(create_path("memory://x"), "process", tmp_path)
    with pytest.raises(InvalidArgument, match="different values of AWS_ENDPOINT_URL_S3"):
        combined_environment([Located("a", {"AWS_ENDPOINT_URL_S3": "x"}), Located("b", {"AWS_ENDPOINT_URL_S3": "y"})])
