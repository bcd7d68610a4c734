"""Collections: which one a call means, the order of their artifacts, and their versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def artifact(instance: Any, tmp_path: Any) -> Callable[[str], Any]:
    """Save a small file as an artifact."""
    import lamindb as ln

    def make(text: str) -> Any:
        (tmp_path / f"{text}.txt").write_text(text)
        return ln.Artifact(tmp_path / f"{text}.txt", key=f"{text}.txt").save()

    return make


def test_artifacts_keep_the_order_in_which_they_were_passed(artifact: Any) -> None:
    import lamindb as ln

    a, b, c = artifact("a"), artifact("b"), artifact("c")
    collection = ln.Collection([c, a, b, a], key="folder/study", description="d").save()
    assert collection.name == "study" and len(collection.uid) == 20 and collection.uid.endswith("0000")
    assert list(collection.ordered_artifacts) == [c, a, b]
    assert collection.data_artifact == c
    collection.save()
    assert list(ln.Collection.get(collection.uid).ordered_artifacts) == [c, a, b]
    assert list(a.collections.all()) == [collection]


def test_another_set_under_the_same_key_is_a_new_version(artifact: Any) -> None:
    import lamindb as ln

    a, b = artifact("a"), artifact("b")
    first = ln.Collection(a, key="study", description="d", version="1").save()
    second = ln.Collection([a, b], key="study").save()
    assert second.uid == first.uid[:-4] + "0001" and second.description == "d"
    first.refresh_from_db()
    assert second.is_latest and not first.is_latest and first.version == "1"
    with pytest.raises(ValueError, match="'2' is already taken"):
        tagged = ln.Collection([a, b, artifact("c")], key="study", version="2").save()
        ln.Collection([artifact("d")], revises=tagged, version="2")
    with pytest.raises(TypeError, match="`revises` has to be of type `Collection`"):
        ln.Collection([artifact("e")], key="x", revises=a)


def test_the_same_set_is_the_same_collection_and_keeps_its_key(artifact: Any) -> None:
    import lamindb as ln

    a, b = artifact("a"), artifact("b")
    one = ln.Collection([a, b], key="one").save()
    again = ln.Collection((b, a), key="two")
    assert again.id == one.id and again.key == "one"
    again.save()
    assert ln.Collection.get(one.uid).key == "one"
    other = ln.Collection(ln.Artifact.filter(key__in=["a.txt", "b.txt"]), key="two", skip_hash_lookup=True).save()
    assert other.id != one.id and other.hash == one.hash


def test_wrong_artifacts_are_named(artifact: Any, tmp_path: Any) -> None:
    import lamindb as ln

    a = artifact("a")
    for wrong in (1, {a}, (item for item in [a]), None, [1]):
        with pytest.raises(ValueError, match=r"Artifact or list\[Artifact\] is allowed"):
            ln.Collection(wrong, key="x")
    with pytest.raises(ValueError, match="empty"):
        ln.Collection([], key="x")
    (tmp_path / "new.txt").write_text("new")
    with pytest.raises(ValueError, match="Not all artifacts are yet saved, please save them"):
        ln.Collection([a, ln.Artifact(tmp_path / "new.txt", key="new.txt")], key="x")
    with pytest.raises(ln.errors.FieldValidationError, match=r"\['key'\] are required"):
        ln.Collection([a])
    with pytest.raises(ValueError, match="meta_artifact has to be an Artifact"):
        ln.Collection([a], key="x", meta="a")
    with pytest.raises(ln.errors.FieldValidationError, match="can be passed, but you passed"):
        ln.Collection([a], key="x", name="x")


def test_meta_artifact_under_both_names(artifact: Any) -> None:
    from django.db.models import ProtectedError

    import lamindb as ln

    a, b, meta = artifact("a"), artifact("b"), artifact("meta")
    one = ln.Collection([a], key="one", meta=meta).save()
    assert one.meta_artifact == meta and meta._meta_of_collection == one
    assert ln.Collection([b], key="two", meta_artifact=artifact("m2")).save().meta_artifact is not None
    with pytest.raises(ProtectedError):
        a.delete(permanent=True, storage=False)


def test_a_trashed_collection_is_not_returned(artifact: Any) -> None:
    import lamindb as ln

    a = artifact("a")
    one = ln.Collection([a], key="one").save()
    one.delete()
    assert ln.Collection([a], key="two").save().id != one.id
