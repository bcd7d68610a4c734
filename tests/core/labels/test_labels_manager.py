"""Labels of artifacts and collections: added with and without features, read, copied from other records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lamindb.errors import ValidationError


@pytest.fixture
def artifact(instance: Any, tmp_path: Path) -> Any:
    import lamindb as ln

    (tmp_path / "a.txt").write_text("a")
    return ln.Artifact(tmp_path / "a.txt", key="a.txt").save()


def test_names_are_resolved_as_the_dtype_says(artifact: Any, count_queries: Any) -> None:
    import lamindb as ln

    kind = ln.ULabel(name="Kind", is_type=True).save()
    good, other = ln.ULabel(name="x", type=kind).save(), ln.ULabel(name="other").save()
    record = ln.Record(name="r").save()
    typed = ln.Feature(name="typed", dtype=kind).save()
    union = ln.Feature(name="union", dtype=[ln.ULabel, ln.Record]).save()
    by_uid = ln.Feature(name="by uid", dtype=ln.ULabel.uid).save()
    listed = ln.Feature(name="listed", dtype=list[ln.ULabel]).save()
    artifact.labels.add("x", feature=typed)
    artifact.labels.add(["other", "r"], feature=union)
    artifact.labels.add(other.uid, feature=by_uid)
    artifact.labels.add(["other", good], feature=listed)
    assert artifact.features.get_values() == {
        "by uid": other.uid, "listed": ["x", "other"], "typed": "x", "union": {"other", "r"},
    }  # fmt: skip
    assert list(artifact.labels.get(typed)) == [good] and set(artifact.labels.get(listed)) == {good, other}
    found = artifact.labels.get(union)
    assert {name: list(query) for name, query in found.items()} == {"ULabel": [other], "Record": [record]}
    assert sorted(artifact.labels.get(union, flat_names=True)) == ["other", "r"]
    for bad in ("other", "nope"):
        with pytest.raises(ValueError, match="Please pass a record"):
            artifact.labels.add(bad, feature=typed)
    with pytest.raises(ValidationError, match="Expected a record of type 'Kind'"):
        artifact.labels.add(other, feature=typed)
    with pytest.raises(ValidationError, match="Label type Record is not valid"):
        artifact.labels.add(record, feature=typed)


def test_adding_many_labels_takes_one_statement(artifact: Any, count_queries: Any) -> None:
    import lamindb as ln

    labels = [ln.ULabel(name=f"label {i}") for i in range(50)]
    ln.save(labels)
    for _ in range(2):
        with count_queries() as statements:
            artifact.labels.add(labels)
        assert len(statements) == 1 and artifact.ulabels.count() == 50
    feature = ln.Feature(name="f", dtype=ln.ULabel).save()
    with count_queries() as statements:
        artifact.labels.add(labels, feature=feature)
    assert len(statements) <= 2 and artifact.links_ulabel.count() == 100


def test_labels_and_their_features_are_copied(artifact: Any, tmp_path: Path) -> None:
    import lamindb as ln

    feature = ln.Feature(name="f", dtype=[ln.ULabel, ln.Record]).save()
    ln.save([ln.ULabel(name="u"), ln.ULabel(name="plain"), ln.Record(name="r")])
    artifact.labels.add(["u", "r"], feature=feature)
    artifact.labels.add(ln.ULabel.get(name="plain"))
    (tmp_path / "b.txt").write_text("b")
    other = ln.Artifact(tmp_path / "b.txt", key="b.txt").save()
    for _ in range(2):
        other.labels.add_from(artifact)
        assert other.features.get_values() == {"f": {"u", "r"}} and other.ulabels.count() == 2
    collection = ln.Collection([artifact, other], key="both").save()
    collection.labels.add_from(artifact)
    assert sorted(collection.ulabels.to_list("name")) == ["plain", "u"]


def test_labels_of_another_instance_are_copied_with_their_features(
    artifact: Any, other_instance: Any, tmp_path: Path, count_queries: Any
) -> None:
    import lamindb as ln

    def fill() -> None:
        feature = ln.Feature(name="f", dtype=ln.ULabel).save()
        labels = [ln.ULabel(name=f"u{i}") for i in range(5)]
        ln.save(labels)
        (tmp_path / "there.txt").write_text("there")
        there = ln.Artifact(tmp_path / "there.txt", key="there.txt").save()
        there.labels.add(labels, feature=feature)

    slug = other_instance(fill)
    there = ln.Artifact.connect(slug).get(key="there.txt")
    artifact.labels.add_from(there)
    assert artifact.features.get_values() == {"f": {f"u{i}" for i in range(5)}}
    assert ln.Feature.get(name="f").uid == ln.Feature.connect(slug).get(name="f").uid
