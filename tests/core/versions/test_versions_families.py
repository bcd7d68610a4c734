"""Families of versions: exactly one latest version per family and branch, whatever happens."""

from __future__ import annotations

import pytest


def versions_of(key):
    import lamindb as ln

    rows = ln.Transform.filter(branch=None, key=key).order_by("uid")
    return [(row.uid[-4:], row.branch.name, row.is_latest) for row in rows]


def make(key="a.py", n=1):
    import lamindb as ln

    made = []
    for _ in range(n):
        made.append(ln.Transform(key=key, source_code=f"{key} {len(made)}", revises=made[-1] if made else None).save())
    return made


def test_a_new_version_demotes_its_predecessor_also_the_object_at_hand(instance):
    import lamindb as ln

    first = ln.Transform(key="a.py", source_code="1").save()
    second = ln.Transform(revises=first, source_code="2").save()
    assert (first.is_latest, second.is_latest) == (False, True)
    assert second.description == first.description
    assert versions_of("a.py") == [("0000", "main", False), ("0001", "main", True)]
    assert first.versions.to_list("uid") == [second.uid, first.uid]


def test_deleting_the_latest_promotes_the_newest_of_the_rest_and_restoring_takes_it_back(instance):
    _, second = make(n=2)
    second.delete()
    assert versions_of("a.py") == [("0000", "main", True), ("0001", "trash", False)]
    second.restore()
    assert versions_of("a.py") == [("0000", "main", False), ("0001", "main", True)]
    second.delete(permanent=True)
    assert versions_of("a.py") == [("0000", "main", True)]


def test_revising_after_a_restore_and_while_the_head_is_in_the_trash(instance):
    import lamindb as ln

    first, second = make(n=2)
    second.delete()
    second.restore()
    third = ln.Transform(revises=second, source_code="3").save()
    assert versions_of("a.py") == [("0000", "main", False), ("0001", "main", False), ("0002", "main", True)]
    third.delete()
    fourth = ln.Transform(revises=first, source_code="4").save()
    assert fourth.uid.endswith("0003")
    assert versions_of("a.py") == [
        ("0000", "main", False), ("0001", "main", False), ("0002", "trash", False), ("0003", "main", True),
    ]  # fmt: skip


def test_the_only_version_stays_the_latest_in_the_trash(instance):
    (first,) = make()
    first.delete()
    assert versions_of("a.py") == [("0000", "trash", True)]
    first.restore()
    assert versions_of("a.py") == [("0000", "main", True)]


def test_each_branch_has_its_own_latest_version(instance):
    import lamindb as ln

    (first,) = make()
    ln.setup.switch("contribution", create=True)
    try:
        ln.Transform(revises=first, source_code="2").save()
    finally:
        ln.setup.switch("main")
    assert versions_of("a.py") == [("0000", "main", True), ("0001", "contribution", True)]
    first.refresh_from_db()
    assert first.is_latest


def test_deleting_many_versions_at_once_keeps_the_invariant(instance, count_queries):
    import lamindb as ln

    for key in ("a.py", "b.py"):
        make(key, 3)
    ln.Transform.filter(is_latest=True).delete()
    assert versions_of("a.py") == [("0000", "main", False), ("0001", "main", True), ("0002", "trash", False)]
    ln.Transform.filter(is_latest=True).delete(permanent=True)
    assert versions_of("b.py") == [("0000", "main", True), ("0002", "trash", False)]


def test_deleting_many_versions_for_good_takes_as_many_statements_as_deleting_few(instance, count_queries):
    import lamindb as ln

    def statements(key, n):
        make(key, n)
        with count_queries() as executed:
            ln.Transform.filter(key=key).exclude(uid__endswith="0000").delete(permanent=True)
        assert versions_of(key) == [("0000", "main", True)]
        return len(executed)

    assert statements("few.py", 3) == statements("many.py", 9)


def test_deleting_the_latest_readmes_in_bulk_brings_the_former_ones_back(instance):
    import lamindb as ln

    record = ln.Record(name="r").save()
    for content in ("one", "two"):
        ln.models.RecordBlock(record=record, content=content, kind="readme").save()
    ln.models.RecordBlock.filter(record=record, is_latest=True).delete()
    assert record.notes == "one"


def test_version_numbers_go_on_after_the_digits_in_base_62(instance):
    import lamindb as ln

    (first,) = make()
    stem = first.stem_uid
    for old, new in (("0009", "000A"), ("000Z", "000a"), ("000z", "0010")):
        ln.Transform.objects.filter(key="a.py", is_latest=True).update(uid=stem + old)
        latest = ln.Transform.get(stem)
        assert latest.uid == stem + old
        following = ln.Transform(revises=latest, source_code=new).save()
        assert following.uid == stem + new


def test_families_whose_stems_differ_in_case_only_are_different_families(instance):
    import lamindb as ln

    lower = ln.Transform(uid="abcdefghijkl0000", key="lower.py", source_code="1").save()
    upper = ln.Transform(uid="ABCDEFGHIJKL0000", key="upper.py", source_code="2").save()
    second = ln.Transform(revises=lower, source_code="3").save()
    assert second.uid == "abcdefghijkl0001"
    upper.refresh_from_db()
    assert upper.is_latest


def test_an_old_version_may_be_passed_as_revises_and_the_latest_is_taken(instance, capsys):
    import lamindb as ln

    first, _ = make(n=2)
    capsys.readouterr()
    third = ln.Transform(revises=first, source_code="3").save()
    assert "didn't pass the latest version" in "".join(capsys.readouterr())
    assert third.uid.endswith("0002")


def test_version_tags_are_text_and_not_those_of_the_predecessor(instance):
    import lamindb as ln

    first = ln.Transform(key="a.py", source_code="1", version="1.0").save()
    assert first.version == "1.0"
    with pytest.raises(ValueError, match="Please change the version tag or leave it `None`, '1.0' is already taken"):
        ln.Transform(revises=first, source_code="2", version="1.0")
    with pytest.raises(ValueError, match="`version` parameter must be `None` or `str`"):
        ln.Transform(revises=first, source_code="2", version=2)
    with pytest.raises(TypeError, match="`revises` has to be of type `Transform`"):
        ln.Transform(revises=ln.ULabel(name="a").save(), source_code="2")
    second = ln.Transform(revises=first, source_code="2").save()
    assert second.version == "0001"


def test_a_saved_record_can_join_another_family(instance):
    import lamindb as ln

    first = ln.Transform(key="a.py", source_code="1").save()
    other = ln.Transform(key="b.py", source_code="2").save()
    other._add_to_version_family(first, version_tag="2")
    assert other.uid == first.stem_uid + "0001"
    first.refresh_from_db()
    assert (first.is_latest, other.is_latest, other.version) == (False, True, "2")


def test_versions_are_counted_up_by_tag():
    from lamindb.models.versioning import bump_version, set_version

    assert [bump_version("2"), bump_version("2", "major"), bump_version("2.1"), bump_version("1.2.3")] == [
        "2.1", "3", "2.2", "1.3",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="Cannot auto-increment"):
        bump_version("x")
    assert bump_version("x", behavior="ignore") == "?"
    assert (set_version("a", "1"), set_version(None, "1.2"), set_version()) == ("a", "2", None)


def test_saving_an_object_that_is_out_of_date_does_not_make_it_the_latest_again(instance):
    import lamindb as ln

    make()
    one, other = (ln.Transform.get(key="a.py") for _ in range(2))
    second = ln.Transform(key="a.py", source_code="second").save()
    one.description = "changed by one"
    one.save()
    other.reference = "changed by other"
    ln.save([other])
    assert versions_of("a.py") == [("0000", "main", False), ("0001", "main", True)]
    assert ln.Transform.get(key="a.py") == second
    assert ln.Transform.get(one.uid).reference == "changed by other"
