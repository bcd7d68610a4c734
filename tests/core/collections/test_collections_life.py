"""The life of a collection: made, extended, trashed, restored, deleted, annotated; its artifacts stay what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def artifact(instance: Any, tmp_path: Path) -> Callable[[str], Any]:
    """Save a small file as an artifact."""
    import lamindb as ln

    def make(text: str, **kwargs: Any) -> Any:
        (tmp_path / f"{text}.txt").write_text(text)
        return ln.Artifact(tmp_path / f"{text}.txt", key=f"{text}.txt", run=False, **kwargs).save()

    return make


@pytest.fixture
def run(instance: Any) -> Iterator[Any]:
    """A run that is the current one."""
    import lamindb as ln
    from lamindb.base import context

    run = ln.Run(ln.Transform(key="maker.py").save()).save()
    token = context.current_run_var.set(run)
    yield run
    context.current_run_var.reset(token)


def test_appending_makes_a_new_version_and_leaves_the_old_one_as_it_is(artifact: Callable[..., Any]) -> None:
    import lamindb as ln

    b, a, c = artifact("b"), artifact("a"), artifact("c")
    first = ln.Collection([b, a], key="study", description="two", run=False).save()
    second = first.append(c)
    assert second._state.adding and (second.key, second.description) == ("study", "two")
    second.save()
    assert list(second.ordered_artifacts) == [b, a, c] and list(first.ordered_artifacts) == [b, a]
    assert second.uid == first.uid[:-4] + "0001" and second.hash != first.hash
    assert second.versions.to_list() == [second, first]
    assert second.append(a).id == second.id  # it holds it already
    with pytest.raises(ValueError, match="not saved: call .save\\(\\) before you append"):
        ln.Collection([c], key="new", run=False).append(a)


def test_the_order_is_that_of_construction_also_for_artifacts_of_many_collections(artifact: Callable[..., Any]) -> None:
    import lamindb as ln

    members = [artifact(name) for name in "abcd"]
    forward = ln.Collection(members, key="forward", run=False).save()
    backward = ln.Collection(members[::-1], key="backward", run=False, skip_hash_lookup=True).save()
    assert list(forward.ordered_artifacts) == members
    assert list(backward.ordered_artifacts) == members[::-1]
    assert backward.data_artifact == members[3] and backward.hash == forward.hash
    assert [path.name for path in backward.cache()] == [artifact.path.name for artifact in members[::-1]]
    listed = ln.Collection(ln.models.SQLRecordList(members[:2]), key="listed", run=False).save()
    assert list(listed.ordered_artifacts) == members[:2]


def test_the_artifacts_of_a_saved_collection_dont_change(artifact: Callable[..., Any]) -> None:
    import lamindb as ln

    a, b = artifact("a"), artifact("b")
    collection = ln.Collection([a], key="study", run=False).save()
    attempts: list[Callable[[], Any]] = [
        lambda: collection.artifacts.add(b),
        lambda: collection.artifacts.remove(a),
        lambda: collection.artifacts.clear(),
        lambda: collection.artifacts.set([b]),
        lambda: b.collections.add(collection),
    ]
    for attempt in attempts:
        with pytest.raises(ValueError, match="make a new version with collection.append"):
            attempt()
    assert list(collection.ordered_artifacts) == [a]


def test_making_a_collection_makes_its_artifacts_and_its_predecessor_inputs_of_the_run(
    artifact: Callable[..., Any], run: Any
) -> None:
    import lamindb as ln

    a, b = artifact("a"), artifact("b")
    first = ln.Collection([a], key="study", run=False).save()
    assert run.input_artifacts.count() == 0
    unsaved = ln.Collection([a, b], key="study")
    assert run.input_artifacts.count() == 0  # nothing is written before it is saved
    second = unsaved.save()
    assert second.run == run
    assert set(run.input_artifacts.all()) == {a, b} and list(run.input_collections.all()) == [first]


def test_trash_restore_and_permanent_deletion(artifact: Callable[..., Any]) -> None:
    from django.db.models import ProtectedError

    import lamindb as ln

    a, b = artifact("a"), artifact("b")
    first = ln.Collection([a], key="study", run=False).save()
    second = first.append(b).save()
    second.delete()
    assert ln.Collection.filter(key="study").one() == first
    first.refresh_from_db()
    assert first.is_latest
    second.restore()
    first.refresh_from_db()
    assert second.is_latest and not first.is_latest
    with pytest.raises(ProtectedError):
        a.delete(permanent=True)
    a.delete()
    assert list(second.ordered_artifacts) == [a, b]  # also those in the trash
    a.restore()
    second.delete(permanent=True)
    first.delete(permanent=True)
    assert ln.Collection.filter(branch=None).count() == 0
    assert ln.Artifact.filter().count() == 2
    a.delete(permanent=True)


def test_artifacts_without_hash_make_different_collections(
    artifact: Callable[..., Any], log_text: Callable[[], str]
) -> None:
    import lamindb as ln

    ln.settings.creation.artifact_skip_size_hash = True
    a, b = artifact("a"), artifact("b")
    assert a.hash is None and b.hash is None
    one = ln.Collection([a], key="one", run=False).save()
    two = ln.Collection([b], key="two", run=False).save()
    assert one.id != two.id and one.hash != two.hash
    ln.settings.creation.artifact_skip_size_hash = False
    c = artifact("c")
    ln.Collection([c, c], key="twice", run=False)
    assert f"non-unique hashes: ['{c.hash}']" in log_text()


def test_a_collection_with_a_schema_holds_artifacts_of_that_schema(artifact: Callable[..., Any]) -> None:
    import lamindb as ln

    feature = ln.Feature(name="n", dtype=int).save()
    schema = ln.Schema([feature], name="numbers").save()
    a, b = artifact("a"), artifact("b")
    for one in (a, b):
        one.schema = schema
        one.save()
    c, d = artifact("c"), artifact("d")
    with pytest.raises(ln.errors.ValidationError, match="do not match the collection schema 'numbers': 1 of 2 .*c.txt"):
        ln.Collection([a, c], key="study", schema=schema, run=False)
    collection = ln.Collection([a], key="study", schema=schema, run=False).save()
    collection.verify_schema()
    assert collection.append(b).save().schema == schema
    with pytest.raises(ln.errors.ValidationError, match="Artifact schemas do not match"):
        collection.append(c)
    plain = ln.Collection([c, d], key="plain", run=False).save()
    with pytest.raises(AssertionError, match="has the same artifacts, but no schema"):
        for one in (c, d):
            one.schema = schema
            one.save()
        ln.Collection([c, d], key="plain", schema=schema, run=False)
    assert plain.schema is None


def test_collections_are_labelled_queried_and_described(artifact: Callable[..., Any]) -> None:
    import lamindb as ln

    label = ln.ULabel(name="pilot").save()
    collection = ln.Collection([artifact("a")], key="lab/study", reference="X-1", run=False).save()
    collection.labels.add(label)
    assert ln.Collection.filter(ulabels__name="pilot").one() == collection
    assert ln.Collection.get(key="lab/study").name == "study"
    text = collection.describe(return_str=True)
    assert "Collection: lab/study" in text and "pilot" in text and "X-1" in text
    assert ln.Collection.to_dataframe()["key"].tolist() == ["lab/study"]


def test_getting_a_collection_can_make_it_an_input(artifact: Callable[..., Any], run: Any) -> None:
    import lamindb as ln

    a = artifact("a")
    collection = ln.Collection([a], key="study", run=False).save()
    ln.Artifact.get(a.uid, is_run_input=True)  # has the same id in its registry
    ln.Collection.get(key="study")
    assert run.input_collections.count() == 0
    ln.Collection.get(key="study", is_run_input=True)
    assert list(run.input_collections.all()) == [collection] and list(run.input_artifacts.all()) == [a]


def test_making_a_trashed_collection_again_takes_it_out_of_the_trash(artifact: Callable[..., Any]) -> None:
    import lamindb as ln

    a = artifact("a")
    one = ln.Collection([a], key="one", run=False).save()
    one.delete()
    again = ln.Collection([a], key="one", run=False).save()
    assert again == one and ln.Collection.get(key="one") == one
    assert again.is_latest and list(again.ordered_artifacts) == [a]


def test_wrong_arguments_say_what_would_be_right(artifact: Callable[..., Any]) -> None:
    import lamindb as ln

    a = artifact("a")
    with pytest.raises(ValueError, match="schema has to be a Schema, not str 'numbers'"):
        ln.Collection([a], key="one", schema="numbers", run=False)
    with pytest.raises(TypeError, match="This query gives dict objects instead of artifacts"):
        ln.Artifact.filter().order_by("id").values("key").load()
    with pytest.raises(ln.errors.FieldValidationError, match="Only one non-keyword arg allowed: artifacts"):
        ln.Collection([a], [a], key="one")
