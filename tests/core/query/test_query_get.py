"""Getting and filtering records: statements, aliases, errors."""

from __future__ import annotations

import pytest

import lamindb as ln
from lamindb.errors import DoesNotExist, FieldError, InvalidArgument, MultipleObjectsReturned


@pytest.fixture
def labels(instance):
    for name in ("batch 1", "batch 2", "sample-x"):
        ln.ULabel(name=name).save()
    return ln.ULabel.filter().order_by("id").to_list()


def test_get_by_id_uid_prefix_and_field_takes_one_statement(labels, count_queries):
    label = labels[0]
    for arguments, keywords in [
        ((label.id,), {}),
        ((label.uid,), {}),
        ((label.uid[:6],), {}),
        ((), {"name": "batch 1"}),
    ]:
        with count_queries() as statements:
            assert ln.ULabel.get(*arguments, **keywords) == label
        assert len(statements) == 1
        assert "LIMIT" in statements[0]


def test_get_finds_records_in_the_trash_by_uid_and_id_but_not_by_name(labels):
    label = labels[0]
    label.delete()
    assert ln.ULabel.get(label.uid).id == label.id
    assert ln.ULabel.get(label.uid[:7]).id == label.id
    assert ln.ULabel.get(label.id) == label
    assert ln.ULabel.get(uid=label.uid) == label
    with pytest.raises(ln.ULabel.DoesNotExist):
        ln.ULabel.get(name="batch 1")
    assert ln.ULabel.filter(name="batch 1").one_or_none() is None


def test_get_says_what_was_not_found(labels):
    with pytest.raises(
        DoesNotExist,
        match=r"No record found with uid 'foo'\. Did you forget a keyword as in ULabel\.get\(name='foo'\)\?",
    ):
        ln.ULabel.get("foo")
    with pytest.raises(ln.ULabel.DoesNotExist, match=r"ULabel matching query does not exist\."):
        ln.ULabel.get(name="batch 9")
    with pytest.raises(ln.ULabel.DoesNotExist):
        ln.ULabel.get(123456)
    with pytest.raises(MultipleObjectsReturned, match="get\\(\\) returned more than one"):
        ln.ULabel.get(name__startswith="batch")
    with pytest.raises(ValueError, match="at least one character"):
        ln.ULabel.get("")
    with pytest.raises(TypeError, match=r"not 1\.5"):
        ln.ULabel.get(1.5)
    with pytest.raises(ValueError, match="only possible for artifacts"):
        ln.ULabel.get(path="s3://bucket/x")


def test_first_one_and_one_or_none_load_at_most_two_rows(labels, count_queries):
    with count_queries() as statements:
        assert ln.ULabel.filter().first() == labels[0]
        assert ln.ULabel.filter(name="batch 2").one() == labels[1]
        assert ln.ULabel.filter(name="none").one_or_none() is None
        with pytest.raises(MultipleObjectsReturned):
            ln.ULabel.filter().one()
        with pytest.raises(MultipleObjectsReturned):
            ln.ULabel.filter().one_or_none()
        with pytest.raises(DoesNotExist):
            ln.ULabel.filter(name="none").one()
    assert len(statements) == 6
    assert all("LIMIT" in statement for statement in statements)
    assert ln.ULabel.filter(name="none").first() is None


def test_unknown_fields_are_named_with_the_fields_there_are(labels):
    with pytest.raises(
        FieldError, match=r"Unknown field 'nme'\. Available fields: .*name, .*Did you mean 'name'\?"
    ) as info:
        ln.ULabel.filter(nme="x")
    listed = str(info.value)
    assert "type_id" in listed
    assert "links_" not in listed
    assert "_aux" not in listed
    with pytest.raises(FieldError, match="Unknown field 'nme'"):
        ln.ULabel.get(nme="x")
    with pytest.raises(FieldError, match="Unknown field 'foo'"):
        ln.Artifact.get(foo="x")
    with pytest.raises(InvalidArgument, match=r"available fields: .*transform(?s:.*)fix invalid feature names: foo"):
        ln.Artifact.filter(foo="x")
    with pytest.raises(FieldError, match="Unsupported lookup 'foo' for CharField or join on the field not permitted"):
        ln.ULabel.filter(name__foo="x")


def test_comparing_a_relation_with_a_text_suggests_the_field(labels):
    with pytest.raises(FieldError, match=r"Invalid lookup 'Donor' for type\. Did you mean type__name\?"):
        ln.ULabel.filter(type="Donor")
    with pytest.raises(FieldError, match=r"Did you mean created_by__handle\?"):
        ln.ULabel.get(created_by="my-art 1")
    with pytest.raises(ValueError, match="expected a number"):
        ln.ULabel.filter(id="x").first()


def test_keywords_stand_for_other_fields_also_inside_q(labels):
    branch = ln.Branch(name="b1").save()
    assert branch in ln.Branch.filter(status="standalone")
    assert branch in ln.Branch.filter(ln.Q(status="standalone"))
    assert branch not in ln.Branch.filter(status__in=["draft", "closed"])
    with pytest.raises(ValueError, match=r"Invalid Branch status 'foo'\. Expected one of:.*'draft'"):
        ln.Branch.filter(status="foo")
    feature = ln.Feature(name="f", dtype=str).save()
    with pytest.warns(DeprecationWarning):
        assert ln.Feature.filter(dtype="str").one() == feature
    assert ln.Feature.filter(dtype_as_str="str").one() == feature
    transform = ln.Transform(key="t.py", version="1").save()
    assert ln.Transform.filter(version="1").one() == transform
    assert ln.Transform.filter(version__in=["2"]).count() == 0
    assert str(ln.Artifact.filter(transform=transform).query).count("transform_id") >= 1


def test_get_prefers_the_latest_version(instance):
    first = ln.Transform(key="t.py", source_code="1").save()
    second = ln.Transform(key="t.py", source_code="2", revises=first).save()
    assert ln.Transform.get(key="t.py") == second
    assert ln.Transform.get(first.uid) == first
    assert ln.Transform.get(first.stem_uid) == second
    assert ln.Transform.get(first.uid[:5]) == second
    assert ln.Transform.get(key="t.py", is_latest=False) == first
    assert ln.Transform.get(key="t.py", source_code="1") == first


def test_a_record_list_keeps_its_order_and_has_the_columns_of_a_query_set(labels):
    listed = ln.models.SQLRecordList(labels[::-1])
    assert listed.to_list("name") == ["sample-x", "batch 2", "batch 1"]
    frame = listed.to_dataframe()
    assert list(frame.columns) == list(ln.ULabel.to_dataframe().columns)
    assert list(frame.index) == [label.id for label in labels[::-1]]
    assert ln.models.SQLRecordList([]).to_dataframe().empty
    with pytest.raises(MultipleObjectsReturned):
        listed.one()
    given = [labels[0]]
    kept = ln.models.SQLRecordList(given)
    kept.append(labels[1])
    assert given == labels[:2]


def test_bulk_changes_advance_updated_at(labels):
    before = labels[0].updated_at
    ln.ULabel.filter(name="batch 1").update(description="new")
    changed = ln.ULabel.get(name="batch 1")
    assert changed.description == "new"
    assert changed.updated_at > before
    changed.description = "newer"
    ln.ULabel.objects.bulk_update([changed], ["description"])
    again = ln.ULabel.get(name="batch 1")
    assert again.description == "newer"
    assert again.updated_at > before


def test_relations_have_the_methods_of_query_sets(labels):
    labels[0].parents.add(labels[1], labels[2])
    labels[0].parents.add(labels[1])
    assert sorted(labels[0].parents.to_list("name")) == ["batch 2", "sample-x"]
    assert list(labels[0].parents.to_dataframe().index) == [labels[2].id, labels[1].id]
    assert labels[0].parents.search("sample").to_list() == [labels[2]]
    assert labels[0].parents.lookup().batch_2 == labels[1]
    with pytest.warns(DeprecationWarning):
        labels[0].parents.df()
    labels[1].delete()
    assert labels[1] in labels[0].parents.all()


def test_artifacts_are_found_by_path(instance, tmp_path):
    file = tmp_path / "outside.txt"
    file.write_text("content")
    artifact = ln.Artifact(file, key="folder/outside.txt").save()
    assert ln.Artifact.get(path=artifact.path) == artifact
    assert ln.Artifact.filter(suffix=".txt").get(path=str(artifact.path)) == artifact
    inside = artifact.path.parent.parent / "registered" / "inside.txt"
    inside.parent.mkdir()
    inside.write_text("other content")
    registered = ln.Artifact(inside).save()
    assert ln.Artifact.get(path=inside) == registered
    with pytest.raises(ln.Artifact.DoesNotExist):
        ln.Artifact.get(path=inside.with_name("none.txt"))


def test_getting_an_artifact_can_link_it_as_input_of_a_run(instance, tmp_path):
    file = tmp_path / "x.txt"
    file.write_text("content")
    artifact = ln.Artifact(file, key="x.txt").save()
    run = ln.Run(ln.Transform(key="t.py").save()).save()
    assert ln.Artifact.get(key="x.txt", is_run_input=False) == artifact
    assert run.input_artifacts.count() == 0
    ln.Artifact.get(key="x.txt", is_run_input=run)
    assert run.input_artifacts.to_list() == [artifact]
    with pytest.raises(ValueError, match="can't be inputs"):
        ln.ULabel.get(name="x", is_run_input=run)


def test_one_record_that_a_join_repeats_is_one(instance, tmp_path):
    (tmp_path / "x.txt").write_text("1")
    artifact = ln.Artifact(tmp_path / "x.txt", key="x.txt", run=False).save()
    label = ln.ULabel(name="twice").save()
    artifact.labels.add(label)
    artifact.labels.add(label, feature=ln.Feature(name="where", dtype=ln.ULabel).save())
    found = ln.Artifact.filter(ulabels__name="twice")
    assert found.one() == found.one_or_none() == ln.Artifact.get(ulabels__name="twice") == artifact


@pytest.mark.parametrize("text", ["%", "a%s", "É", "é", "it's", '"x"', "a\nb", "+1", " ", "%(name)s"])
def test_texts_are_compared_as_they_are(instance, text):
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("other", "e", "a")])
    with pytest.raises(ln.ULabel.DoesNotExist):
        ln.ULabel.get(name=text)
    label = ln.ULabel(name=text).save()
    assert ln.ULabel.get(name=text) == ln.ULabel.filter(name=text).one() == label


def test_a_record_that_is_got_is_whole(instance, count_queries):
    import lamindb as ln

    kind = ln.Record(name="Kind", is_type=True).save()
    made = ln.Record(name="r", type=kind, description="d", reference="x", extra_data={"a": [1]}).save()
    for expected in (ln.Record.filter(name="r").one(), ln.Record.filter(uid=made.uid).one()):
        with count_queries() as statements:
            found = [ln.Record.get(name="r", description="d"), ln.Record.get(made.uid), ln.Record.get(uid=made.uid)]
        assert len(statements) == 3
        for record in found:
            assert {k: v for k, v in vars(record).items() if k != "_state"} == {
                k: v for k, v in vars(expected).items() if k != "_state"
            }
            assert record._state.db == "default" and not record._state.adding and record.type == kind
    record.name = "s"
    record.save()
    assert ln.Record.get(made.uid).name == "s"
