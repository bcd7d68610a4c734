"""Features of every dtype, and the records that are their values."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def artifact(instance: Any, tmp_path: Path) -> Any:
    import lamindb as ln

    path = tmp_path / "notes.txt"
    path.write_text("some notes")
    return ln.Artifact(path, key="notes.txt").save()


@pytest.fixture
def known(instance: Any) -> SimpleNamespace:
    """Labels, types and records that features refer to."""
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("a", "b", "c")])
    sample = ln.Record(name="Sample", is_type=True).save()
    blood = ln.Record(name="Blood sample", is_type=True, type=sample).save()
    ln.save([ln.Record(name="s1", type=sample), ln.Record(name="s2", type=blood), ln.Record(name="elsewhere")])
    return SimpleNamespace(
        sample=sample,
        blood=blood,
        s1=ln.Record.get(name="s1"),
        s2=ln.Record.get(name="s2"),
        elsewhere=ln.Record.get(name="elsewhere"),
        a=ln.ULabel.get(name="a"),
        b=ln.ULabel.get(name="b"),
        c=ln.ULabel.get(name="c"),
        project=ln.Project(name="P1").save(),
        transform=ln.Transform(key="t.py").save(),
    )


@pytest.fixture
def features(known: SimpleNamespace) -> dict[str, Any]:
    """One feature per dtype, by name."""
    import lamindb as ln

    dtypes = {
        "whole": int,
        "real": float,
        "number": "num",
        "text": str,
        "link": "url",
        "place": "path",
        "flag": bool,
        "day": datetime.date,
        "moment": datetime.datetime,
        "moment_utc": "datetime64[ns, UTC]",
        "mapping": dict,
        "numbers": list[int],
        "texts": list[str],
        "days": list[datetime.date],
        "label": ln.ULabel,
        "labels": list[ln.ULabel],
        "sample": known.sample,
        "samples": list[known.sample],
        "union": [ln.ULabel, ln.Record],
        "label_uid": ln.ULabel.uid,
        "user": ln.User,
        "project": ln.Project,
        "run": ln.Run,
        "file": ln.Artifact,
    }
    return {name: ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()}
