"""`ln.save`: many records at once."""

from __future__ import annotations

import pytest


@pytest.fixture
def no_name_search():
    import lamindb as ln

    ln.settings.creation.search_names = False
    yield
    ln.settings.creation.search_names = True


def test_a_list_of_labels_is_saved_with_one_statement_whatever_its_length(instance, count_queries, no_name_search):
    import lamindb as ln

    small = [ln.ULabel(name=f"a{i}") for i in range(3)]
    large = [ln.ULabel(name=f"b{i}") for i in range(500)]
    with count_queries() as few:
        ln.save(small)
    with count_queries() as many:
        ln.save(large)
    assert len(few) == len(many) == 1
    assert ln.ULabel.filter().count() == 503
    assert all(label.pk is not None and not label._state.adding and label.created_at is not None for label in large)
    assert {label.created_by_id for label in large} == {ln.User.get(handle=ln.setup.settings.user.handle).id}


def test_constructing_records_without_name_search_asks_the_database_nothing(instance, count_queries, no_name_search):
    import lamindb as ln

    ln.ULabel(name="warm up")
    with count_queries() as queries:
        [ln.ULabel(name=f"a{i}") for i in range(100)]
    assert queries == []


def test_changes_of_many_saved_records_are_written_with_a_constant_number_of_statements(
    instance, count_queries, no_name_search
):
    import lamindb as ln

    labels = [ln.ULabel(name=f"a{i}") for i in range(200)]
    ln.save(labels)
    before = ln.ULabel.get(labels[0].uid)
    for label in labels:
        label.description = f"about {label.name}"
    with count_queries() as queries:
        ln.save(labels)
    assert len(queries) == 1
    after = ln.ULabel.get(labels[0].uid)
    assert after.description == "about a0"
    assert after.updated_at > before.updated_at
    assert after.created_at == before.created_at
    assert ln.ULabel.filter().count() == 200


def test_empty_lists_generators_and_mixed_registries_are_saved(instance, no_name_search):
    import lamindb as ln

    ln.save([])
    ln.save(ln.ULabel(name=name) for name in "ab")
    ln.save([ln.ULabel(name="c"), ln.Project(name="p"), ln.Feature(name="f", dtype=str)])
    assert ln.ULabel.filter().count() == 3
    assert ln.Project.filter().count() == ln.Feature.filter(name="f").count() == 1


def test_a_type_and_its_members_are_saved_in_one_list_in_any_order(instance, no_name_search):
    import lamindb as ln

    kind = ln.ULabel(name="Kind", is_type=True)
    sub = ln.ULabel(name="Sub", is_type=True, type=kind)
    members = [ln.ULabel(name=f"m{i}", type=sub) for i in range(3)]
    ln.save([*members, sub, kind])
    assert ln.ULabel.get(name="m1").type == ln.ULabel.get(name="Sub")
    assert ln.ULabel.get(name="Sub").type == ln.ULabel.get(name="Kind")


def test_a_single_record_and_things_that_are_no_records_are_refused_before_anything_is_written(instance):
    import lamindb as ln

    with pytest.raises(ValueError, match=r"use record\.save\(\)"):
        ln.save(ln.ULabel(name="a"))
    with pytest.raises(TypeError, match="'b'"):
        ln.save([ln.ULabel(name="a"), "b"])
    assert ln.ULabel.filter().count() == 0


def test_a_failing_list_leaves_neither_rows_nor_records_that_claim_to_be_saved(instance, no_name_search):
    import lamindb as ln

    taken = ln.Branch(name="taken").save()
    labels = [ln.ULabel(name="a"), ln.ULabel(name="b")]
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        ln.save([*labels, ln.Branch(name=taken.name)])
    assert ln.ULabel.filter().count() == 0
    assert all(label._state.adding and label.pk is None for label in labels)
    ln.save(labels)
    assert ln.ULabel.filter().count() == 2


def test_a_uid_that_is_on_main_already_gives_the_existing_record(instance, no_name_search, caplog):
    import lamindb as ln

    existing = ln.ULabel(name="a", uid="abcdefgh").save()
    again, new = ln.ULabel(name="other name", uid="abcdefgh"), ln.ULabel(name="b")
    ln.save([again, new])
    assert again.pk == existing.pk
    assert again.name == "a"
    assert new.pk is not None
    assert ln.ULabel.filter().count() == 2


def test_the_same_uid_twice_in_a_list_ends_with_one_row(instance, no_name_search):
    import lamindb as ln

    first, second = ln.ULabel(name="a", uid="abcdefgh"), ln.ULabel(name="b", uid="abcdefgh")
    ln.save([first, second])
    assert first.pk == second.pk
    assert ln.ULabel.filter().to_list("name") == ["a"]


def test_the_same_object_twice_in_a_list_is_saved_once(instance, no_name_search):
    import lamindb as ln

    label = ln.ULabel(name="a")
    ln.save([label, label])
    assert ln.ULabel.filter().count() == 1
    ln.save([label, label])
    assert ln.ULabel.filter().count() == 1


def test_a_uid_in_the_trash_is_revived(instance, no_name_search):
    import lamindb as ln

    ln.ULabel(name="a", uid="abcdefgh").save().delete()
    assert ln.ULabel.filter().count() == 0
    revived = ln.ULabel(name="new name", uid="abcdefgh")
    ln.save([revived, ln.ULabel(name="b")])
    assert revived.branch_id == 1
    assert sorted(ln.ULabel.filter().to_list("name")) == ["b", "new name"]


def test_conflicts_are_left_out_silently_on_request(instance, no_name_search):
    import lamindb as ln

    ln.ULabel(name="a", uid="abcdefgh").save()
    ln.save([ln.ULabel(name="x", uid="abcdefgh"), ln.ULabel(name="b")], ignore_conflicts=True)
    assert sorted(ln.ULabel.filter().to_list("name")) == ["a", "b"]


def test_long_lists_are_cut_into_batches_and_say_so(instance, no_name_search, capsys):
    import lamindb as ln

    ln.save([ln.ULabel(name=f"a{i}") for i in range(5)], batch_size=2)
    assert ln.ULabel.filter().count() == 5
    assert "starting creation of 5 ULabel records in batches of 2" in "".join(capsys.readouterr())
    with pytest.raises(ValueError, match="batch_size"):
        ln.save([], batch_size=0)


def test_two_new_transforms_of_one_key_become_two_versions(instance):
    import lamindb as ln

    first = ln.Transform(key="a.py", source_code="1")
    second = ln.Transform(key="a.py", source_code="2")
    ln.save([first, second])
    assert first.stem_uid == second.stem_uid
    assert (first.is_latest, second.is_latest) == (False, True)
    assert ln.Transform.filter(key="a.py", is_latest=True).one() == second


def test_a_revised_version_is_demoted_in_bulk(instance, count_queries):
    import lamindb as ln

    heads = [ln.Transform(key=f"{i}.py", source_code=f"old {i}").save() for i in range(4)]
    following = [ln.Transform(revises=head, source_code=f"new {i}") for i, head in enumerate(heads)]
    with count_queries() as queries:
        ln.save(following)
    assert len(queries) <= 6
    assert ln.Transform.filter(is_latest=True).count() == 4
    assert not any(head.is_latest for head in heads)
    assert [t.uid[:-4] for t in following] == [t.uid[:-4] for t in heads]


def test_two_revisions_of_one_record_in_a_list_get_consecutive_versions(instance):
    import lamindb as ln

    head = ln.Transform(key="a.py", source_code="1").save()
    second, third = (ln.Transform(revises=head, source_code=text) for text in "23")
    ln.save([second, third])
    assert [second.uid[-4:], third.uid[-4:]] == ["0001", "0002"]
    assert [second.is_latest, third.is_latest] == [False, True]
    assert ln.Transform.filter(key="a.py", is_latest=True).count() == 1


def test_moving_versions_to_another_branch_in_bulk_keeps_one_latest_per_branch(instance):
    import lamindb as ln

    branch = ln.Branch(name="contribution").save()
    first = ln.Transform(key="a.py", source_code="1").save()
    second = ln.Transform(key="a.py", source_code="2").save()
    second.branch = branch
    ln.save([second])
    assert ln.Transform.get(first.uid).is_latest
    assert ln.Transform.get(second.uid).is_latest


def test_a_cycle_of_types_is_refused_in_bulk(instance):
    import lamindb as ln

    top = ln.ULabel(name="Top", is_type=True).save()
    sub = ln.ULabel(name="Sub", is_type=True, type=top).save()
    top.type = sub
    with pytest.raises(ln.errors.ValidationError, match="cycle"):
        ln.save([top])
    with pytest.raises(ln.errors.ValidationError, match="cycle"):
        top.save()
    assert ln.ULabel.get(name="Top").type_id is None


def test_saving_artifacts_stops_at_the_first_failure_and_tells_which_are_stored(instance, tmp_path):
    import lamindb as ln

    files = []
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(name)
        files.append(ln.Artifact(tmp_path / f"{name}.txt", key=f"{name}.txt"))
    (tmp_path / "b.txt").unlink()
    with pytest.raises(RuntimeError, match="successfully uploaded and committed to the database") as caught:
        ln.save(files)
    assert files[0].uid in str(caught.value)
    assert ln.Artifact.filter().to_list("key") == ["a.txt"]
    with pytest.raises(RuntimeError, match="No entries were uploaded or committed to the database"):
        ln.save(files[1:])
    ln.save([files[0], files[2]])
    assert sorted(ln.Artifact.filter().to_list("key")) == ["a.txt", "c.txt"]


def test_a_list_of_records_saves_itself(instance, no_name_search):
    import lamindb as ln
    from lamindb.models import SQLRecordList

    labels = SQLRecordList([ln.ULabel(name=name) for name in "ab"])
    assert labels.save() is labels
    assert ln.ULabel.filter().count() == 2


def test_who_listens_to_signals_hears_of_new_records(instance):
    from django.db.models.signals import post_save

    import lamindb as ln

    heard = []

    def listen(instance, created, **kwargs):
        heard.append((instance.name, created))

    post_save.connect(listen, sender=ln.ULabel)
    try:
        label = ln.ULabel(name="heard").save()
        label.description = "again"
        label.save()
    finally:
        post_save.disconnect(listen, sender=ln.ULabel)
    ln.ULabel(name="not heard").save()
    assert heard == [("heard", True), ("heard", False)]


def test_a_related_record_has_to_be_saved_first(instance):
    import lamindb as ln

    kind = ln.ULabel(name="kind", is_type=True)
    label = ln.ULabel(name="x")
    label.type = kind
    with pytest.raises(ValueError, match="unsaved"):
        label.save()
    kind.save()
    assert label.save().type_id == kind.id


@pytest.mark.parametrize("together", [False, True])
def test_values_of_another_type_are_converted_or_refused_by_their_field(instance, together):
    import lamindb as ln

    def save(record):
        ln.save([record]) if together else record.save()
        return type(record).get(record.id)

    reference = ln.Reference(name="r")
    reference.pubmed_id = "123"
    assert save(reference).pubmed_id == 123
    label = ln.ULabel(name="l")
    label.description, label.is_type = 5, 1
    assert (save(label).description, save(label).is_type) == ("5", True)
    for name, value in (("pubmed_id", "abc"), ("branch_id", "abc"), ("is_type", "maybe")):
        wrong = ln.Reference(name=f"wrong {name}")
        setattr(wrong, name, value)
        with pytest.raises(Exception, match=value):
            save(wrong)
    assert ln.Reference.filter(name__startswith="wrong").count() == 0
