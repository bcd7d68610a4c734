"""Defects that users of such a system have met (numbered as in the registry contract), and what happens here instead."""

from __future__ import annotations

import inspect
import time

import pytest

import lamindb as ln
from lamindb.errors import FieldValidationError, NoWriteAccess, ObjectDoesNotExist, ValidationError


@pytest.fixture
def contribution(instance):
    """A saved contribution branch; the current branch stays main."""
    return ln.Branch(name="contribution").save()


@pytest.fixture
def on_contribution(contribution):
    """The same branch, as the current one."""
    ln.setup.switch("contribution")
    yield contribution
    ln.setup.switch("main")


@pytest.fixture
def logged(caplog):
    ln.logger.addHandler(caplog.handler)
    yield caplog
    ln.logger.removeHandler(caplog.handler)


def test_q01_updated_at_advances_whenever_a_record_is_changed(instance):
    label = ln.ULabel(name="a").save()
    before = label.updated_at
    time.sleep(0.002)
    label.description = "changed"
    label.save()
    saved = ln.ULabel.get(label.uid).updated_at
    assert saved == label.updated_at > before
    time.sleep(0.002)
    ln.ULabel.filter(name="a").update(description="again")
    updated = ln.ULabel.get(label.uid)
    assert updated.updated_at > saved
    time.sleep(0.002)
    updated.description = "in bulk"
    ln.save([updated, ln.ULabel(name="b")])
    assert ln.ULabel.get(label.uid).updated_at > saved


@pytest.mark.parametrize(
    "make",
    [
        lambda **given: ln.ULabel(name="a", **given),
        lambda **given: ln.Record(name="a", **given),
        lambda **given: ln.Feature(name="a", dtype=int, **given),
        lambda **given: ln.Schema(itype=ln.Feature, name="a", **given),
        lambda **given: ln.Transform(key="a.py", **given),
        lambda **given: ln.Project(name="a", **given),
        lambda **given: ln.Reference(name="a", **given),
    ],
    ids=["ULabel", "Record", "Feature", "Schema", "Transform", "Project", "Reference"],
)
def test_q02_an_explicit_branch_or_space_wins_as_record_and_as_id(contribution, make):
    space = ln.Space(name="lab").save()
    by_record = make(branch=contribution, space=space).save()
    assert (by_record.branch_id, by_record.created_on_id, by_record.space_id) == (
        contribution.id,
        contribution.id,
        space.id,
    )
    by_record.delete(permanent=True)
    by_id = make(branch_id=contribution.id, space_id=space.id).save()
    assert (by_id.branch_id, by_id.created_on_id, by_id.space_id) == (contribution.id, contribution.id, space.id)
    with pytest.raises(ValueError, match="Do not pass both Branch and its id"):
        make(branch=contribution, branch_id=contribution.id)


def test_q03_reusing_a_record_of_main_on_a_contribution_branch_does_not_move_it(on_contribution):
    ln.setup.switch("main")
    label = ln.ULabel(name="shared").save()
    ln.setup.switch("contribution")
    ln.ULabel(name="shared", description="touched").save()
    stored = ln.ULabel.get(label.uid)
    assert (stored.branch_id, stored.created_on_id, stored.description) == (1, 1, "touched")


def test_q04_one_version_is_the_latest_through_deletion_restoring_and_revising(instance):
    first = ln.Transform(key="a.py").save()
    second = ln.Transform(key="a.py", revises=first).save()
    second.delete()
    assert ln.Transform.get(first.uid).is_latest
    third = ln.Transform(key="a.py", revises=ln.Transform.get(first.uid)).save()  # while the head is in the trash
    second = ln.Transform.get(second.uid)
    second.restore()
    fourth = ln.Transform(key="a.py", revises=ln.Transform.get(third.uid)).save()
    family = ln.Transform.objects.filter(uid__startswith=first.stem_uid).order_by("uid")
    assert family.to_list("is_latest") == [False, False, False, True]
    assert family.to_list("uid")[-1] == fourth.uid and len(set(family.to_list("uid"))) == 4


def test_q05_a_chained_filter_keeps_the_branch_that_was_addressed(contribution):
    ln.ULabel(name="there", branch=contribution).save()
    trashed = ln.ULabel(name="trashed").save()
    trashed.delete()
    assert ln.ULabel.filter(branch=contribution).filter(name="there").count() == 1
    assert ln.ULabel.filter(branch__name="trash").filter(name="trashed").one() == trashed
    assert ln.ULabel.filter(branch=None).filter(name__in=["there", "trashed"]).count() == 2
    assert ln.ULabel.filter(name__in=["there", "trashed"]).filter(branch=None).count() == 2
    assert ln.ULabel.filter(name__in=["there", "trashed"]).filter(description=None).count() == 0


def test_q06_search_and_lookup_hide_trash_and_archive(instance):
    ln.ULabel(name="cell visible").save()
    ln.ULabel(name="cell trashed").save().delete()
    ln.ULabel(name="cell archived", branch_id=0).save()
    assert ln.ULabel.search("cell").to_list("name") == ["cell visible"]
    assert list(ln.ULabel.lookup().dict()) == ["cell visible"]


def test_q07_blocks_of_every_branch_are_shown(contribution):
    block = ln.models.BranchBlock(branch=contribution, content="what this is about", kind="readme").save()
    assert ln.models.BranchBlock.filter().one() == block
    assert ln.models.BranchBlock.filter(content__contains="about").one() == block


def test_q08_a_list_of_records_gives_the_frame_of_a_query(instance):
    labels = [ln.ULabel(name=name).save() for name in "ab"]
    frame = ln.models.SQLRecordList(labels).to_dataframe()
    assert list(frame.columns) == list(ln.ULabel.to_dataframe().columns)
    assert frame["name"].tolist() == ["a", "b"] and frame.index.tolist() == [label.id for label in labels]
    empty = ln.models.SQLRecordList([]).to_dataframe()
    assert len(empty) == 0 and empty.index.name == "id"


def test_q09_names_that_filters_understand_are_columns_too(instance):
    run = ln.Run(ln.Transform(key="a.py", version="1").save()).save()
    assert ln.Run.filter(transform__version="1").one() == run
    frame = ln.Run.to_dataframe(include=["transform__version", "transform__key", "status"])
    assert list(frame.columns)[2:4] == ["transform__version", "transform__key"]
    assert frame["transform__version"].tolist() == ["1"] and frame["status"].tolist() == [run.status]
    assert ln.Transform.to_dataframe(include="version")["version"].tolist() == ["1"]
    assert list(ln.Artifact.to_dataframe(include="transform__key").columns)[2:] == ["transform__key"]


def test_q10_limit_counts_records_whatever_is_joined(instance, count_queries):
    kind = ln.ULabel(name="kind", is_type=True).save()
    parents = [ln.ULabel(name=f"parent {number}", type=kind).save() for number in range(3)]
    for parent in parents:
        parent.children.set([ln.ULabel(name=f"{parent.name}, child {letter}").save() for letter in "abc"])
    frame = ln.ULabel.filter(type=kind).to_dataframe(include=["children__name", "ulabels__name"], limit=2)
    assert len(frame) == 2
    assert frame["children__name"].tolist()[0] == {f"parent 2, child {letter}" for letter in "abc"}
    assert frame["ulabels__name"].tolist() == [{None}, {None}]
    assert len(ln.ULabel.filter(children__name__contains="parent").to_dataframe(limit=2)) == 2


def test_q11_exactly_the_asked_features_are_columns_with_exact_values(instance):
    asked, other = ln.Feature(name="asked", dtype=dict).save(), ln.Feature(name="other", dtype=int).save()
    record = ln.Record(name="r").save()
    ln.models.RecordJson.objects.create(record=record, feature=asked, value={"a": 1})
    ln.models.RecordJson.objects.create(record=record, feature=other, value=3)
    for features in (["asked"], "asked"):
        frame = ln.Record.to_dataframe(features=features)
        assert list(frame.columns) == ["uid", "name", "asked"]
        assert frame["asked"].tolist() == [{"a": 1}]


def test_q12_search_folds_case_alike_on_every_database(instance):
    for name in ("CAFÉ", "café", "Übung", "plain"):
        ln.ULabel(name=name).save()
    assert (
        sorted(ln.ULabel.search("É").to_list("name"))
        == sorted(ln.ULabel.search("é").to_list("name"))
        == ["CAFÉ", "café"]
    )
    assert ln.ULabel.search("übung").to_list("name") == ["Übung"]
    assert ln.ULabel.search("café", case_sensitive=True).to_list("name") == ["café"]
    assert ln.ULabel.search("PLAIN", case_sensitive=True).to_list() == []


def test_q13_records_of_other_databases_are_read_only(instance, other_instance):
    there = other_instance(lambda: ln.ULabel(name="remote").save())
    record = ln.ULabel.connect(there).get(name="remote")
    for write in (
        lambda: ln.ULabel.connect(there).filter(name="remote").update(description="x"),
        lambda: ln.ULabel.connect(there).filter(name="remote").delete(),
        lambda: record.delete(permanent=True),
        lambda: record.delete(),
        lambda: record.children.add(record),
        lambda: ln.DB(there).ULabel.filter().update(description="x"),
    ):
        with pytest.raises(NoWriteAccess):
            write()
    assert ln.ULabel.connect(there).get(name="remote").description is None
    assert ln.ULabel.filter(branch=None).count() == 0


def test_q14_a_branch_of_another_database_is_never_taken_by_its_number(instance, other_instance):
    ln.Branch(name="unrelated").save()

    def fill():
        ln.ULabel(name="remote", branch=ln.Branch(name="elsewhere").save()).save()

    there = other_instance(fill)
    copied = ln.ULabel.connect(there).filter(branch=None).get(name="remote").save()
    assert (copied.branch_id, copied.created_on_id) == (1, 1)
    assert not ln.Branch.filter(name="elsewhere").exists()


def test_q15_bulk_saving_never_writes_over_a_row_with_the_same_number(instance, other_instance):
    local = ln.ULabel(name="local").save()
    there = other_instance(lambda: ln.ULabel(name="remote").save())
    remote = ln.ULabel.connect(there).get(name="remote")
    assert remote.id == local.id
    try:
        ln.save([remote, ln.ULabel(name="new")])
    except (ValueError, NoWriteAccess):
        pass
    assert ln.ULabel.get(local.uid).name == "local"


def test_q16_bulk_saving_what_exists_ends_like_saving_one(instance, count_queries):
    existing = ln.ULabel(name="existing").save()
    twin = ln.ULabel(name="twin", uid=existing.uid)
    pair = [ln.ULabel(name="one", uid="aaaaaaaa"), ln.ULabel(name="two", uid="aaaaaaaa")]
    with count_queries() as statements:
        ln.save([twin, *pair, ln.ULabel(name="fresh")])
    assert len(statements) < 20
    assert ln.ULabel.get(existing.uid).name == "existing"
    assert ln.ULabel.filter(uid="aaaaaaaa").one().name in ("one", "two") and ln.ULabel.filter(name="fresh").exists()


def test_q17_types_make_no_cycle_and_traversal_ends(instance):
    for registry in (ln.ULabel, ln.Record, ln.Project, ln.Reference):
        top = registry(name="Top", is_type=True).save()
        below = registry(name="Below", is_type=True, type=top).save()
        top.type = below
        with pytest.raises(ValidationError, match="cycle"):
            top.save()
        top.type = top
        with pytest.raises(ValidationError, match="cycle"):
            top.save()
        assert registry.get(below.uid).query_types().to_list("name") == ["Top"]


def test_q18_built_in_branches_are_not_merged_and_nothing_into_trash(contribution):
    label = ln.ULabel(name="trashed").save()
    label.delete()
    for name in ("trash", "archive"):
        with pytest.raises(ValueError, match=name):
            ln.setup.merge(name)
    assert ln.ULabel.filter(uid=label.uid).one().branch_id == -1
    assert ln.Branch.get(name="trash").status == "standalone"
    with pytest.raises(ValueError, match="trash"):
        ln.setup.merge(contribution, target="trash")


def test_q19_a_storage_is_found_by_any_spelling_of_its_root(instance, tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    storage = ln.Storage(str(tmp_path / "data")).save()
    assert ln.Storage(f"{tmp_path}/data/").save() == storage
    monkeypatch.chdir(tmp_path)
    assert ln.Storage("data").save() == ln.Storage("./data/../data").save() == storage
    assert ln.Storage.filter(root=storage.root).count() == 1


def test_q20_instances_and_storage_need_no_network(run_python, tmp_path):
    run_python(
        f"""
import socket
def refuse(*args, **kwargs): raise AssertionError("network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import lamindb as ln
ln.setup.init(storage={str(tmp_path / "offline")!r}, name="offline-{tmp_path.name}")
ln.Storage({str(tmp_path / "more")!r}).save()
ln.ULabel(name="x").save()
ln.setup.disconnect()
"""
    )


def test_q21_text_for_an_empty_readme_is_kept(instance):
    record = ln.Record(name="r").save()
    ln.models.RecordBlock(record=record, kind="readme", content="").save()
    ln.models.RecordBlock(record=record, kind="readme", content="text").save()
    latest = record.ablocks.filter(is_latest=True, kind="readme").one()
    assert latest.content == "text"


def test_q22_a_slice_becomes_a_frame_in_its_order(instance):
    for name in "cab":
        ln.ULabel(name=name).save()
    assert ln.ULabel.filter().order_by("name")[:2].to_dataframe()["name"].tolist() == ["a", "b"]
    assert ln.ULabel.filter()[1:3].to_dataframe()["name"].tolist() == ["a", "b"]
    assert ln.ULabel.search("a")[:1].to_dataframe(include="created_by__handle")["name"].tolist() == ["a"]


def test_q23_branches_and_spaces_need_a_name(instance):
    for registry in (ln.Branch, ln.Space):
        for given in ({}, {"name": None}, {"name": ""}):
            with pytest.raises(FieldValidationError, match=r"\['name'\] are required"):
                registry(**given)


def test_q24_messages_of_errors_hold_no_colour_codes(instance):
    mistakes = [
        lambda: ln.ULabel(nam="x"),
        lambda: ln.ULabel.get(name="nothing"),
        lambda: ln.ULabel.get("nothing"),
        lambda: ln.ULabel.filter(nam="x"),
        lambda: ln.Transform(key="a.py", kind="nonsense"),
        lambda: ln.Feature(name="f", dtype="nonsense"),
        lambda: ln.Reference(name="r", doi="nonsense"),
        lambda: ln.Artifact(),
        lambda: ln.setup.switch("nothing"),
    ]
    for mistake in mistakes:
        with pytest.raises(Exception) as caught:
            mistake()
        assert "\x1b" not in str(caught.value) and len(str(caught.value)) > 10, inspect.getsource(mistake)


def test_q25_unsaved_records_print_none_and_keys_as_ids(instance, count_queries):
    transform = ln.Transform(key="a.py").save()
    unsaved = [
        ln.ULabel(name="x"),
        transform,
        ln.Run(transform),
        ln.models.RecordBlock(record=ln.Record(name="r").save(), kind="readme", content="x"),
    ]
    with count_queries() as statements:
        texts = [repr(record) for record in unsaved]
    assert statements == []
    assert "created_at=None" in texts[0] and "DatabaseDefault" not in " ".join(texts)
    assert all(text.count("(") == 1 for text in texts)
    assert "transform_id=" in texts[2] and "record_id=" in texts[3]


def test_q26_constructing_with_an_existing_name_loads_no_other_records(instance, count_queries):
    kind = ln.ULabel(name="kind", is_type=True).save()
    ln.ULabel(name="x", type=kind).save()
    with count_queries() as statements:
        ln.ULabel(name="x", type=kind)
    assert len(statements) <= 2


def test_nothing_found_is_one_error_everywhere(instance):
    for find in (
        lambda: ln.ULabel.get(name="x"),
        lambda: ln.ULabel.get("x" * 8),
        lambda: ln.ULabel.get(99),
        lambda: ln.ULabel.filter(name="x").one(),
    ):
        with pytest.raises(ObjectDoesNotExist):
            find()
