"""Which transform a file becomes a run of, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import UpdateContext


@pytest.fixture(autouse=True)
def no_run_left(sqlite_instance: Any) -> Iterator[None]:
    yield
    if ln.context.run is not None:
        ln.finish()
    ln.context.version = None


@pytest.fixture
def track(tmp_path: Path) -> Callable[..., Any]:
    """Write a script below a temporary folder, track and finish it; returns its transform."""

    def track_file(name: str, code: str, *uid: str, **arguments: Any) -> Any:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
        ln.track(*uid, path=path, stream_tracking=False, **arguments)
        transform = ln.context.transform
        ln.finish()
        return transform

    return track_file


def colleague() -> Any:
    return ln.User(uid="abcd1234", handle="grace", name="Grace Hopper").save()


def test_the_same_name_in_another_folder_is_another_transform(track: Any, caplog: Any) -> None:
    first = track("a/qc.py", "print(1)")
    ln.Transform.filter(uid=first.uid).update(key="somewhere/qc.py")
    second = track("b/qc.py", "print(2)")
    assert second.stem_uid != first.stem_uid
    assert f"ignoring transform with same filename in different folder: somewhere/qc.py ({first.uid})" in caplog.text


def test_a_file_that_is_found_by_its_uid_is_renamed(track: Any, caplog: Any) -> None:
    first = track("old.py", "print(1)")
    second = track("new.py", "print(1)", first.stem_uid)
    assert (second.uid, second.key) == (first.uid, "new.py")
    assert "renaming transform old.py to new.py" in caplog.text


def test_a_file_outside_of_the_development_folder_is_keyed_by_its_name(track: Any, tmp_path: Path, caplog: Any) -> None:
    (tmp_path / "dev").mkdir()
    ln.setup.settings.dev_dir = tmp_path / "dev"
    assert track("dev/sub/in.py", "1").key == "sub/in.py"
    assert track("elsewhere/out.py", "2").key == "out.py"
    assert "is not in the dev-dir" in caplog.text and "falling back to using filename as transform key" in caplog.text


def test_a_tag_is_not_changed_by_tracking(track: Any) -> None:
    ln.context.version = "1"
    assert track("a.py", "1").version == "1"
    ln.context.version = "2"
    with pytest.raises(ValueError, match="already tagged with version 1, but you passed 2"):
        track("a.py", "1")
    assert ln.Run.filter().count() == 1


def test_the_draft_of_a_colleague_is_left_alone(track: Any, caplog: Any) -> None:
    draft = ln.Transform(key="shared.py", kind="script").save()
    ln.Transform.filter(uid=draft.uid).update(created_by_id=colleague().id)
    with pytest.raises(UpdateContext, match=rf'Grace Hopper \(grace\) already works on this draft.*"{draft.stem_uid}"'):
        track("shared.py", "print(1)", draft.uid)
    mine = track("shared.py", "print(1)", draft.stem_uid)
    assert mine.stem_uid == draft.stem_uid and mine.uid != draft.uid
    assert "found script shared.py, making new version -- grace already works on this draft" in caplog.text
    assert ln.Transform.get(draft.uid).source_code is None


def test_a_transform_without_code_is_found_by_its_key_and_gets_the_code(track: Any, caplog: Any) -> None:
    planned = ln.Transform(key="later.py", kind="script").save()
    assert ln.Transform(key="later.py").uid == planned.uid
    assert "no source code was yet saved, returning existing transform with same key" in caplog.text
    assert track("later.py", "print(1)").uid == planned.uid
    assert ln.Transform.get(planned.uid).source_code == "print(1)"


def test_durations_are_told_in_their_two_largest_units() -> None:
    from lamindb.tracking.lifecycle import duration_text

    start = datetime(2026, 1, 1, tzinfo=UTC)
    told = [duration_text(start, start + timedelta(seconds=seconds)) for seconds in (0, 59, 72, 3600, 3725, 90061)]
    assert told == ["0s", "59s", "1m 12s", "1h", "1h 2m", "1d 1h"]


def test_code_that_is_in_no_file_has_to_be_named(run_python: Any) -> None:
    done = run_python("import lamindb as ln\nln.track()", check=False)
    assert done.returncode == 1 and "Cannot determine valid file path, pass manually via path" in done.stderr
    assert ln.Run.filter().count() == 0
