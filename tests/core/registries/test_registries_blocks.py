"""Readmes and comments: which block a call means, and how readmes are versioned."""

from __future__ import annotations

from typing import Any

import pytest

SUBJECTS = [
    "Record", "Artifact", "Run", "Schema", "Feature", "Project", "Space", "ULabel", "Transform", "Collection", "Branch",
]  # fmt: skip


def subject_of(name: str, tmp_path: Any) -> Any:
    """Return a saved record of a registry."""
    import lamindb as ln

    if name in ("Artifact", "Collection"):
        (tmp_path / "a.txt").write_text("a")
        artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
        return artifact if name == "Artifact" else ln.Collection(artifact, key="c").save()
    if name == "Run":
        return ln.Run(ln.Transform(key="a.py").save()).save()
    if name == "Transform":
        return ln.Transform(key="a.py").save()
    values = {"Feature": {"dtype": int}, "Schema": {"itype": ln.Feature}}.get(name, {})
    return getattr(ln, name)(name="subject", **values).save()


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_registry_has_readmes_and_comments(name: str, sqlite_instance: Any, tmp_path: Any) -> None:
    import lamindb.models as models

    subject, block_class = subject_of(name, tmp_path), getattr(models, f"{name}Block")
    word = name.lower()
    readme = block_class(**{word: subject}, kind="readme", content="# first").save()
    assert readme.uid.endswith("0000") and len(readme.uid) == 20 and len(readme.hash) == 22
    second = block_class(**{word: subject}, kind="readme", content="# second").save()
    assert second.uid == readme.uid[:-4] + "0001"
    comment = block_class(**{word: subject}, kind="comment", content="hm").save()
    assert comment.stem_uid != readme.stem_uid
    readme.refresh_from_db()
    assert (readme.is_latest, second.is_latest, comment.is_latest) == (False, True, True)
    assert {block.id for block in subject.ablocks.all()} == {readme.id, second.id, comment.id}
    second.delete()
    readme.refresh_from_db()
    assert readme.is_latest


def test_readmes_of_labels_on_both_databases(instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import ULabelBlock

    label = ln.ULabel(name="label").save()
    first = ULabelBlock(ulabel=label, kind="readme", content="text", version="1").save()
    same = ULabelBlock(ulabel=label, kind="readme", content="text").save()
    assert same.id == first.id and ULabelBlock.objects.count() == 1
    assert ULabelBlock(ulabel=label, kind="readme", content="text", version="2").save().uid.endswith("0001")
    assert ULabelBlock(ulabel=label, kind="readme", content="other").save().uid.endswith("0002")
    assert ULabelBlock(uid=first.uid, ulabel=label, kind="readme").id == first.id
    assert first.version == "1" and first.branch_id == 1
    comments = [ULabelBlock(ulabel=label, kind="comment", content="same").save() for _ in range(2)]
    assert comments[0].stem_uid != comments[1].stem_uid
    label.delete(permanent=True)
    assert not ULabelBlock.objects.exists()


def test_an_empty_readme_is_filled_and_no_text_is_dropped(instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import ULabelBlock

    label = ln.ULabel(name="label").save()
    empty = ULabelBlock(ulabel=label, kind="readme").save()
    assert empty.content == "" and empty.hash is None
    assert ULabelBlock(ulabel=label, kind="readme").id == empty.id
    filled = ULabelBlock(ulabel=label, kind="readme", content="text").save()
    assert filled.id == empty.id
    stored = ULabelBlock.get(uid=empty.uid)
    assert stored.content == "text" and stored.hash is not None


def test_wrong_arguments_of_attached_blocks(sqlite_instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import RecordBlock

    record = ln.Record(name="r").save()
    with pytest.raises(ValueError, match="record is required for RecordBlock"):
        RecordBlock(kind="readme")
    with pytest.raises(ValueError, match="kind is required for RecordBlock; use 'readme' or 'comment'"):
        RecordBlock(record=record)
    with pytest.raises(ValueError, match="kind must be 'readme' or 'comment', got 'note'"):
        RecordBlock(record=record, kind="note")
    with pytest.raises(ValueError, match="can be passed, but you passed"):
        RecordBlock(record=record, kind="readme", text="x")
    with pytest.raises(ValueError, match="Please only use keyword arguments to construct a RecordBlock"):
        RecordBlock(record)
    readme = RecordBlock(record=record, kind="readme", content="x").save()
    with pytest.raises(ValueError, match="revises is not allowed for kind='comment'"):
        RecordBlock(record=record, kind="comment", content="y", revises=readme)
    with pytest.raises(TypeError, match="`revises` has to be of type `RecordBlock`"):
        RecordBlock(record=record, kind="readme", content="y", revises=record)
    with pytest.raises(ValueError, match="not saved"):
        RecordBlock(record=ln.Record(name="unsaved"), kind="readme")
    with pytest.raises(ValueError, match="Soft delete is not possible"):
        readme.delete(permanent=False)


def test_blocks_of_branches_are_seen_from_every_branch(instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import BranchBlock, SpaceBlock

    branch = ln.Branch(name="b").save()
    block = BranchBlock(branch=branch, kind="comment", content="please review").save()
    assert BranchBlock.filter().one() == block
    space = ln.Space(name="s").save()
    assert SpaceBlock(space=space, kind="comment", content="x").save().space == space


def test_readmes_are_versioned_per_branch_until_merged(instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import ULabelBlock

    label, branch = ln.ULabel(name="label").save(), ln.Branch(name="b").save()
    main = ULabelBlock(ulabel=label, kind="readme", content="main").save()
    other = ULabelBlock(ulabel=label, kind="readme", content="other", branch=branch).save()
    main.refresh_from_db()
    assert other.stem_uid == main.stem_uid and other.created_on == branch
    assert main.is_latest and other.is_latest


def test_free_standing_blocks(instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import Block

    readme = Block(key="README.md", content="# hello").save()
    assert readme.kind == "readme"
    again = Block(key="README.md", content="# hello")
    assert again.id == readme.id
    new = Block(key="README.md", content="# changed").save()
    assert new.uid == readme.uid[:-4] + "0001"
    assert Block(key="__lamindb_artifact__", content="# changed").id == new.id  # the same text, its key is kept
    empty = Block(key="__lamindb_run__").save()
    filled = Block(key="__lamindb_run__", content="runs").save()
    assert filled.id == empty.id and Block.get(empty.uid).content == "runs"
    child = Block(content="part", anchor=new).save()
    assert list(new.children.all()) == [child]
    with pytest.raises(ValueError, match="Only kind = 'readme' is supported"):
        Block(key="README.md", content="x", kind="comment")
    with pytest.raises(ValueError, match=r"key must be one of RegistryId or README\.md"):
        Block(key="notes.md", content="x")
    with pytest.raises(TypeError, match="`revises`"):
        Block(content="x", revises=ln.ULabel(name="l").save())
    new.delete()
    assert Block.filter(branch__name="trash").one() == new
