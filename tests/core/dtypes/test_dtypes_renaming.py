"""Renaming features and labels: the former name stays known, and data that holds it is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def _rename(record: Any, name: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    record.name = name
    record.save()
    return capsys.readouterr().out


def test_renaming_a_label_names_the_datasets_that_hold_its_name(
    instance: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import lamindb as ln

    group = ln.ULabel(name="Tissue", is_type=True).save()
    label = ln.ULabel(name="lung", type=group).save()
    features = {
        "plain": ln.ULabel,
        "typed": group,
        "list": list[ln.ULabel],
        "union": [ln.Record, ln.ULabel],
        "by uid": ln.ULabel.uid,
        "union by uid": [ln.Record, ln.ULabel.uid],
    }
    uids = {}
    for name, dtype in features.items():
        feature = ln.Feature(name=name, dtype=dtype).save()
        (tmp_path / name).write_text(name)
        artifact = ln.Artifact(tmp_path / name, key=name, run=False).save()
        artifact.labels.add(label, feature=feature)
        uids[name] = artifact.uid
    (tmp_path / "without").write_text("without feature")
    ln.Artifact(tmp_path / "without", key="without", run=False).save().labels.add(label)
    said = _rename(label, "lungs", capsys)
    assert "by renaming label from 'lung' to 'lungs' 4 artifact(s)" in said
    assert {name for name, uid in uids.items() if uid in said} == {"plain", "typed", "list", "union"}
    assert ln.ULabel.get(label.uid).name == "lungs"


def test_renaming_what_no_dataset_holds_says_nothing(instance: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import lamindb as ln

    label, feature = ln.ULabel(name="a").save(), ln.Feature(name="a", dtype=int).save()
    assert _rename(label, "b", capsys) == ""
    assert _rename(feature, "b", capsys) == ""
    assert ln.Feature.get(feature.uid).synonyms == "a"


def test_renaming_a_feature_names_the_datasets_that_hold_its_name(
    instance: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import lamindb as ln

    feature = ln.Feature(name="a", dtype=int).save()
    schema = ln.Schema([feature]).save()
    (tmp_path / "data.csv").write_text("a\n1\n")
    artifact = ln.Artifact(tmp_path / "data.csv", key="data.csv", run=False).save()
    ln.models.ArtifactSchema(artifact=artifact, schema=schema, slot="columns").save()
    said = _rename(feature, "b", capsys)
    assert "by renaming feature from 'a' to 'b' 1 artifact(s)" in said and artifact.uid in said
