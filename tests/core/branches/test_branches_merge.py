"""Merging branches."""

from __future__ import annotations

import pytest


@pytest.fixture
def on_branch(instance):
    """Switch to a new branch, and back to main in the end."""
    import lamindb as ln

    ln.setup.switch("contribution", create=True)
    yield ln.Branch.get(name="contribution")
    ln.setup.switch("main")


def test_everything_on_a_branch_moves_and_the_branch_is_marked_as_merged(on_branch):
    import lamindb as ln

    label = ln.ULabel(name="a").save()
    record = ln.Record(name="r").save()
    readme = ln.models.RecordBlock(record=record, kind="readme", content="x").save()
    transform = ln.Transform(key="a.py", source_code="1").save()
    comment = ln.models.BranchBlock(branch=on_branch, kind="comment", content="please review").save()
    assert {row.branch_id for row in (label, record, readme, transform)} == {on_branch.id}
    ln.setup.switch("main")
    ln.setup.merge("contribution")
    for row in (label, record, readme, transform):
        row.refresh_from_db()
        assert row.branch_id == 1
        assert row.created_on_id == on_branch.id
    comment.refresh_from_db()
    assert comment.branch_id == on_branch.id  # what is said about the branch stays with it
    assert ln.Branch.get(name="contribution").status == "merged"
    assert ln.ULabel.filter().one().name == "a"


def test_merging_again_changes_nothing(on_branch):
    import lamindb as ln

    ln.ULabel(name="a").save()
    ln.setup.switch("main")
    ln.setup.merge(on_branch)
    before = ln.ULabel.get(name="a").updated_at
    ln.setup.merge(on_branch.uid)
    assert ln.ULabel.get(name="a").updated_at == before
    assert ln.Branch.get(name="contribution").status == "merged"


def test_each_family_has_one_latest_version_after_a_merge(on_branch):
    import lamindb as ln

    ln.setup.switch("main")
    firsts = [ln.Transform(key=f"{i}.py", source_code=f"{i} first").save() for i in range(3)]
    ln.setup.switch("contribution")
    seconds = [ln.Transform(revises=first, source_code=f"{first.uid} second").save() for first in firsts]
    assert ln.Transform.filter(branch=None, is_latest=True).count() == 6
    ln.setup.switch("main")
    thirds = [ln.Transform(revises=seconds[0], source_code="third").save()]
    ln.setup.merge("contribution")
    assert set(ln.Transform.filter(is_latest=True)) == {thirds[0], seconds[1], seconds[2]}
    assert ln.Transform.filter(branch=None, is_latest=True).count() == 3


def test_the_number_of_statements_does_not_grow_with_the_number_of_records(instance, count_queries):
    import lamindb as ln
    from lamindb.models.merge import merge

    lengths = []
    for name, n in (("small", 2), ("large", 30)):
        branch = ln.Branch(name=name).save()
        ln.save([ln.Transform(key=f"{name}{i}.py", source_code=f"{name}{i}", branch=branch) for i in range(n)])
        with count_queries() as queries:
            merge(branch)
        lengths.append(len(queries))
    assert lengths[0] == lengths[1]


def test_built_in_branches_are_neither_merged_nor_is_anything_merged_into_the_trash(on_branch):
    import lamindb as ln
    from lamindb.models.merge import merge

    trashed = ln.ULabel(name="a").save()
    trashed.delete()
    for name in ("trash", "archive", "main"):
        with pytest.raises(ValueError, match=name):
            ln.setup.merge(name)
    trashed.refresh_from_db()
    assert trashed.branch_id == -1
    assert ln.Branch.get(name="trash").status == "standalone"
    for name in ("trash", "archive"):
        with pytest.raises(ValueError, match=name):
            merge("contribution", target=name)


def test_a_target_other_than_the_current_branch_can_be_named(on_branch):
    import lamindb as ln
    from lamindb.models.merge import merge

    label = ln.ULabel(name="a").save()
    review = ln.Branch(name="review").save()
    merge("contribution", target=review)
    label.refresh_from_db()
    assert label.branch == review


def test_unknown_unsaved_and_identical_branches_are_named(on_branch, capsys):
    import lamindb as ln

    with pytest.raises(ln.errors.ObjectDoesNotExist, match="Branch 'contribtion' not found.*contribution"):
        ln.setup.merge("contribtion")
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="Branch must be saved"):
        ln.setup.merge(ln.Branch(name="new"))
    with pytest.raises(TypeError, match="3"):
        ln.setup.merge(3)
    capsys.readouterr()
    ln.setup.merge("contribution")
    assert "already on branch, nothing to merge" in "".join(capsys.readouterr())
    assert ln.Branch.get(name="contribution").status == "standalone"


def test_a_failing_merge_moves_nothing(on_branch, monkeypatch):
    import lamindb as ln

    label = ln.ULabel(name="a").save()
    ln.setup.switch("main")
    monkeypatch.setattr(ln.Branch, "_status_codes", {})
    with pytest.raises(ValueError):
        ln.setup.merge(on_branch)
    label.refresh_from_db()
    assert label.branch_id == on_branch.id


def test_branches_and_spaces_need_a_name_that_differs_in_more_than_case(instance):
    from django.db import IntegrityError

    import lamindb as ln

    for registry in (ln.Branch, ln.Space):
        with pytest.raises(ln.errors.FieldValidationError, match="name"):
            registry()
        with pytest.raises((ValueError, IntegrityError)):
            registry(name="").save()
        registry(name="Lab").save()
        with pytest.raises(IntegrityError):
            registry(name="lab").save()


def test_an_implicit_match_on_a_contribution_branch_does_not_move_the_record(instance):
    import lamindb as ln

    existing = ln.ULabel(name="x").save()
    ln.setup.switch("contribution", create=True)
    try:
        again = ln.ULabel(name="x", description="more").save()
    finally:
        ln.setup.switch("main")
    assert again == existing
    found = ln.ULabel.get(name="x")
    assert (found.branch_id, found.created_on_id, found.description) == (1, 1, "more")


def test_explicit_branch_and_space_win_in_both_forms(instance):
    import lamindb as ln

    branch, space = ln.Branch(name="b").save(), ln.Space(name="s").save()
    ln.settings.creation.search_names = False
    try:
        for registry in (ln.ULabel, ln.Record, ln.Project, ln.Reference):
            by_record = registry(name="a", branch=branch, space=space).save()
            by_id = registry(name="b", branch_id=branch.id, space_id=space.id).save()
            for record in (by_record, by_id):
                record.refresh_from_db()
                assert (record.branch_id, record.created_on_id, record.space_id) == (branch.id, branch.id, space.id)
            with pytest.raises(ValueError, match="Do not pass both"):
                registry(name="c", branch=branch, branch_id=branch.id)
    finally:
        ln.settings.creation.search_names = True
    transform = ln.Transform(key="a.py", branch=branch, space=space).save()
    feature = ln.Feature(name="f", dtype=str, branch=branch, space=space).save()
    for record in (transform, feature):
        assert (record.branch_id, record.space_id) == (branch.id, space.id)
