"""Collections row by row: what the constructor takes and refuses, identity by content, versions, and what protects what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db.models import ProtectedError

import lamindb as ln
from lamindb.errors import FieldValidationError


@pytest.fixture
def members(instance: Any, tmp_path: Path) -> list[Any]:
    """Four saved artifacts."""
    made = []
    for number in range(4):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"text {number}")
        made.append(ln.Artifact(path, key=f"{number}.txt", run=False).save())
    return made


def _keys(collection: Any) -> list[str]:
    return collection.ordered_artifacts.to_list("key")


def test_wrong_members_and_arguments_are_told_by_class_and_text(members: list[Any], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Only one non-keyword arg allowed: artifacts"):
        ln.Collection(members, "key")
    with pytest.raises(FieldValidationError, match="can be passed, but you passed: 'colour'"):
        ln.Collection(members, key="c", colour="red")
    with pytest.raises(FieldValidationError, match="key"):
        ln.Collection(members)
    for wrong in ((member for member in members), set(members), 3, ["text"]):
        with pytest.raises(ValueError, match=r"Artifact or list\[Artifact\] is allowed"):
            ln.Collection(wrong, key="c")
    with pytest.raises(ValueError, match="at least one artifact"):
        ln.Collection([], key="c")
    (tmp_path / "new.txt").write_text("new")
    unsaved = ln.Artifact(tmp_path / "new.txt", key="new.txt", run=False)
    with pytest.raises(ValueError, match="Not all artifacts are yet saved, please save them"):
        ln.Collection([members[0], unsaved], key="c")
    for meta in ("meta", "meta_artifact"):
        with pytest.raises(ValueError, match="meta_artifact has to be an Artifact"):
            ln.Collection(members, key="c", **{meta: 3})
        with pytest.raises(ValueError, match="meta artifact is not saved"):
            ln.Collection(members, key="c", **{meta: unsaved})
    with pytest.raises(TypeError, match="`revises` has to be of type `Collection`"):
        ln.Collection(members, key="c", revises=members[0])
    assert ln.Collection.filter().count() == 0


def test_one_artifact_a_tuple_and_a_query_are_taken_in_their_order(members: list[Any]) -> None:
    assert _keys(ln.Collection(members[0], key="one", meta=members[3]).save()) == ["0.txt"]
    assert _keys(ln.Collection(tuple(members[:0:-1]), key="tuple").save()) == ["3.txt", "2.txt", "1.txt"]
    query = ln.Artifact.filter(suffix=".txt").order_by("-key")
    made = ln.Collection(query, key="study/query", description="d", reference="r", reference_type="url").save()
    assert _keys(made) == ["3.txt", "2.txt", "1.txt", "0.txt"] and made.data_artifact.key == "3.txt"
    assert (made.name, made.reference, made.reference_type, made.transform) == ("query", "r", "url", None)
    assert made.uid.endswith("0000") and made.stem_uid == made.uid[:16] and made.version == "0000"
    assert ln.Collection.get(key="one").meta_artifact == members[3]


def test_the_same_members_are_the_same_collection_whatever_key_and_order(members: list[Any], capsys: Any) -> None:
    first = ln.Collection(members[:2], key="first").save()
    capsys.readouterr()
    again = ln.Collection(members[1::-1], key="second", description="told again").save()
    assert (
        again == first
        and again.key == "first"
        and again.description == "told again"
        and _keys(again) == ["0.txt", "1.txt"]
    )
    assert "returning collection with same hash" in capsys.readouterr().out
    other = ln.Collection(members[:2], key="second", skip_hash_lookup=True).save()
    assert other != first and other.hash == first.hash
    assert ln.Collection(members[:2], key="first", skip_hash_lookup=True).save() == first, "key and content are one"
    ln.Collection([members[0], members[0], members[2]], key="twice").save()
    assert "non-unique hashes" in capsys.readouterr().out
    run = ln.Run(ln.Transform(key="t").save()).save()
    remade = ln.Collection(members[:2], key="first", run=run)
    assert remade.run == run and ln.Collection.get(first.uid).run == run, "it had no run"
    later = ln.Run(run.transform).save()
    assert list(ln.Collection(members[:2], key="first", run=later).recreating_runs.all()) == [later]


def test_appending_continues_this_collection_even_if_another_has_the_same_members(members: list[Any]) -> None:
    other = ln.Collection(members[:3], key="other", description="other").save()
    mine = ln.Collection(members[:2], key="mine", description="mine").save()
    longer = mine.append(members[2])
    assert longer._state.adding and (longer.key, longer.description, longer.stem_uid) == ("mine", "mine", mine.stem_uid)
    longer.save()
    mine.refresh_from_db()
    assert (
        longer.is_latest
        and not mine.is_latest
        and _keys(mine) == ["0.txt", "1.txt"]
        and _keys(longer) == ["0.txt", "1.txt", "2.txt"]
    )
    assert longer.append(members[0]) == longer
    assert ln.Collection.get(other.uid).description == "other"


def test_versions_have_tags_and_the_latest_is_revised(members: list[Any], capsys: Any) -> None:
    first = ln.Collection(members[:1], key="c", version="v1").save()
    second = ln.Collection(members[:2], key="c").save()
    capsys.readouterr()
    third = ln.Collection(members[:3], revises=first, version="v3").save()
    assert "didn't pass the latest version" in capsys.readouterr().out
    assert [made.uid[-4:] for made in (first, second, third)] == ["0000", "0001", "0002"] and third.key == "c"
    for taken in ("v1", "v3"):
        with pytest.raises(ValueError, match=f"'{taken}' is already taken"):
            ln.Collection(members, key="c", version=taken)
    assert ln.Collection.get(key="c") == third and ln.Collection.get(key="c", version="v1") == first
    assert list(third.versions) == [third, second, first]


def test_links_go_with_the_collection_and_protect_the_artifacts(members: list[Any]) -> None:
    made = ln.Collection(members[:2], key="c").save()
    with pytest.raises(ProtectedError):
        members[0].delete(permanent=True)
    assert members[0].path.exists()
    members[0].delete()
    assert _keys(made) == ["0.txt", "1.txt"] and made.artifacts.count() == 2, "artifacts in the trash stay members"
    made.delete()
    assert made.branch_id == -1
    made.restore()
    made.delete(permanent=True)
    assert ln.Collection.filter(branch_id=None).count() == 0 and ln.Artifact.filter(branch_id=None).count() == 4
    members[0].delete(permanent=True)
    assert not members[0].path.exists()


def test_what_cannot_be_read_together_says_why(members: list[Any], tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "x.md").write_text("other suffix")
    mixed = ln.Collection(
        [members[0], ln.Artifact(tmp_path / "x.md", key="x.md", run=False).save()], key="mixed"
    ).save()
    with pytest.raises(ValueError, match="Can only load collections where all artifacts have the same suffix"):
        mixed.load()
    with pytest.raises(ValueError, match="The artifacts in the collection have different file formats"):
        mixed.open()
    with pytest.raises(ValueError, match=r"Unable to concatenate \.txt objects"):
        ln.Collection(members, key="texts").save().load()
    nothing = ln.Artifact.filter(key="nothing").order_by("id")
    for read in (nothing.load, nothing.open, nothing.mapped):
        with pytest.raises(ValueError, match="the query set is empty"):
            read()
    with pytest.raises(ValueError, match="Querying by path is only possible for artifacts"):
        ln.Collection.get(path="x")
    assert [path.read_text() for path in ln.Collection(members, key="texts").cache()] == [f"text {n}" for n in range(4)]
