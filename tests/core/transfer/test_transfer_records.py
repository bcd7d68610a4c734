"""`record.save()` of a record of another instance."""

from __future__ import annotations

import pytest


def test_a_label_is_copied_with_what_it_refers_to_and_keeps_its_identity(instance, other_instance):
    import lamindb as ln

    def fill():
        top = ln.ULabel(name="Top", is_type=True).save()
        kind = ln.ULabel(name="Kind", is_type=True, type=top).save()
        ln.ULabel(name="label", type=kind, description="d").save()

    other = other_instance(fill)
    ln.ULabel(name="takes the first ids").save()
    remote = ln.DB(other).ULabel.get(name="label")
    uid, created_at, updated_at = remote.uid, remote.created_at, remote.updated_at
    saved = remote.save()
    assert saved is remote
    assert remote._state.db == "default"
    local = ln.ULabel.get(uid)
    assert local == remote
    assert (local.description, local.created_at, local.updated_at) == ("d", created_at, updated_at)
    assert local.type.type.name == "Top"
    assert local.type._state.db == "default"
    assert local.created_by.handle == ln.setup.settings.user.handle
    assert ln.ULabel.filter().count() == 4


def test_the_transfer_run_names_its_source_and_is_made_once_per_initiating_run(instance, other_instance):
    import lamindb as ln

    other = other_instance(lambda: ln.save([ln.ULabel(name=name) for name in "abc"]))
    label = ln.DB(other).ULabel.get(name="a").save()
    transform = label.run.transform
    source_uid = ln.DB(other)._opened.instance.uid
    assert transform.uid == f"{source_uid}0000"
    assert transform.key == f"__lamindb_transfer__/{source_uid}"
    assert transform.description == f"Transfer from `{other}`"
    assert transform.kind == "function"
    assert label.run.initiated_by_run is None
    assert label.run.status == "completed"
    assert ln.DB(other).ULabel.get(name="b").save().run == label.run
    from lamindb.base import context

    active = ln.Run(ln.Transform(key="mine.py").save()).save()
    token = context.current_run_var.set(active)
    try:
        third = ln.DB(other).ULabel.get(name="c").save()
    finally:
        context.current_run_var.reset(token)
    assert third.run.transform == transform
    assert third.run.initiated_by_run == active


def test_repeating_a_transfer_maps_to_the_local_record_and_changes_nothing(instance, other_instance, capsys):
    import lamindb as ln

    other = other_instance(lambda: ln.ULabel(name="a").save())
    first = ln.DB(other).ULabel.get(name="a").save()
    assert f"transferred: ULabel(uid='{first.uid}')" in "".join(capsys.readouterr())
    first.name = "renamed here"
    first.save()
    again = ln.DB(other).ULabel.get(name="a").save()
    assert f"mapped: ULabel(uid='{first.uid}')" in "".join(capsys.readouterr())
    assert again == first
    assert again.name == "renamed here"
    assert ln.ULabel.filter(branch=None).count() == 1


def test_a_record_that_lies_in_the_local_trash_is_mapped_there(instance, other_instance):
    import lamindb as ln

    other = other_instance(lambda: ln.ULabel(name="a").save())
    first = ln.DB(other).ULabel.get(name="a").save()
    first.delete()
    again = ln.DB(other).ULabel.get(name="a").save()
    assert again == first
    assert again.branch.name == "trash"


def test_branches_and_spaces_are_mapped_by_uid_and_never_by_number(instance, other_instance):
    import lamindb as ln

    def fill():
        branch, space = ln.Branch(name="contribution").save(), ln.Space(name="lab").save()
        ln.ULabel(name="a", branch=branch, space=space).save()
        ln.ULabel(name="on main").save()

    other = other_instance(fill)
    ln.Branch(name="unrelated").save()
    ln.Space(name="unrelated").save()
    remote = ln.ULabel.connect(other).filter(branch=None).get(name="a")
    assert ln.Branch.get(id=remote.branch_id).name == "unrelated"  # the number alone would mislead
    remote.save()
    assert (remote.branch.name, remote.created_on.name, remote.space.name) == ("main", "main", "all")
    assert ln.Branch.filter().count() == 4
    ln.setup.switch("unrelated")
    try:
        on_main = ln.DB(other).ULabel.get(name="on main").save()
    finally:
        ln.setup.switch("main")
    assert on_main.branch.name == "main"


def test_a_failing_transfer_leaves_nothing_behind(instance, other_instance):
    from django.db import IntegrityError

    import lamindb as ln

    def fill():
        kind = ln.ULabel(name="Kind", is_type=True).save()
        ln.ULabel(name="a", type=kind).save()

    other = other_instance(fill)
    remote = ln.DB(other).ULabel.get(name="a")
    remote.name = None
    with pytest.raises(IntegrityError):
        remote.save()
    assert remote._state.db == other
    for registry in (ln.ULabel, ln.Transform, ln.Run):
        assert registry.filter(branch=None).count() == 0


def test_only_the_latest_version_is_transferred(instance, other_instance):
    import lamindb as ln

    def fill():
        for text in "12":
            ln.Transform(key="a.py", source_code=text).save()

    other = other_instance(fill)
    old = ln.Transform.connect(other).get(is_latest=False, key="a.py")
    with pytest.raises(NotImplementedError, match="not the latest"):
        old.save()
    assert ln.DB(other).Transform.get(key="a.py").save().is_latest


def test_a_later_version_takes_over_as_the_latest(instance, instances):
    import lamindb as ln

    source = instances.create()
    ln.Transform(key="a.py", source_code="1").save()
    ln.connect(instance.slug)
    first = ln.DB(source.slug).Transform.get(key="a.py").save()
    ln.connect(source.slug)
    ln.Transform(key="a.py", source_code="2").save()
    ln.connect(instance.slug)
    second = ln.DB(source.slug).Transform.get(key="a.py").save()
    assert second.stem_uid == first.stem_uid
    assert ln.Transform.get(first.uid).is_latest is False
    assert ln.Transform.filter(key="a.py", is_latest=True).one() == second


def test_an_unknown_mode_is_refused(instance, other_instance):
    import lamindb as ln

    other = other_instance(lambda: ln.ULabel(name="a").save())
    with pytest.raises(ValueError, match="transfer should be either 'record' or 'annotations', not foo"):
        ln.DB(other).ULabel.get(name="a").save(transfer="foo")
    with pytest.raises(ValueError, match="not foo"):  # of local records, too: a typing error does not pass unseen
        ln.ULabel(name="b").save(transfer="foo")
    with pytest.raises(ValueError, match="depth is how many levels .* not -1"):
        ln.DB(other).ULabel.get(name="a").save(depth=-1)


def test_remote_records_in_a_list_are_transferred_and_overwrite_nothing(instance, other_instance):
    import lamindb as ln

    other = other_instance(lambda: ln.save([ln.ULabel(name=f"remote {i}") for i in range(3)]))
    local = [ln.ULabel(name=f"local {i}").save() for i in range(3)]
    remote = list(ln.DB(other).ULabel.filter())
    assert {label.pk for label in remote} & {label.pk for label in local}
    ln.save([*remote, ln.ULabel(name="new")])
    assert sorted(ln.ULabel.filter().to_list("name")) == [
        "local 0", "local 1", "local 2", "new", "remote 0", "remote 1", "remote 2",
    ]  # fmt: skip
    assert all(label._state.db == "default" for label in remote)


def test_the_number_of_statements_does_not_grow_with_the_number_of_records(instance, other_instance, count_queries):
    import lamindb as ln

    def fill():
        kind = ln.ULabel(name="Kind", is_type=True).save()
        ln.settings.creation.search_names = False
        ln.save([ln.ULabel(name=f"a{i}", type=kind) for i in range(40)])
        ln.settings.creation.search_names = True

    other = other_instance(fill)
    labels = list(ln.DB(other).ULabel.filter(is_type=False).order_by("id"))
    labels[0].save()
    with count_queries() as few:
        ln.save(labels[1:3])
    with count_queries() as many:
        ln.save(labels[3:])
    assert len(few) == len(many) <= 14


def test_records_below_a_type_come_along_on_request(instance, other_instance):
    import lamindb as ln

    sync = ln.core.sync

    def fill():
        top = ln.ULabel(name="Top", is_type=True).save()
        sub = ln.ULabel(name="Sub", is_type=True, type=top).save()
        ln.ULabel(name="leaf", type=sub).save()

    other = other_instance(fill)
    uid = ln.DB(other).ULabel.get(name="Top").uid
    top = sync(registry="ULabel", uid=uid, source_db=other, depth=1)
    assert sorted(top.query_ulabels().to_list("name")) == ["Sub"]
    ln.DB(other).ULabel.get(uid).save(depth=2)
    assert sorted(top.query_ulabels().to_list("name")) == ["Sub", "leaf"]


def test_saving_to_another_instance_finds_references_there(instance, other_instance):
    import lamindb as ln

    other = other_instance(lambda: ln.ULabel(name="Kind", is_type=True, uid="kindkind").save())
    ln.ULabel(name="shift the ids").save()
    kind = ln.ULabel(name="Kind", is_type=True, uid="kindkind").save()
    label = ln.ULabel(name="a", type=kind).save(using=other)
    assert label._state.db == other
    there = ln.DB(other).ULabel.get(name="a")
    assert there.type.name == "Kind"
    assert there.run is None
    assert ln.ULabel.filter(name="a").count() == 0
    own = ln.ULabel(name="Own", is_type=True).save()
    with pytest.raises(ValueError, match=rf"type of this ULabel is ULabel {own.uid}"):
        ln.ULabel(name="b", type=own).save(using=other)
    ln.save([ln.ULabel(name="c"), ln.ULabel(name="d")], using=other)
    assert ln.DB(other).ULabel.filter(name__in=["c", "d"]).count() == 2
    with pytest.raises(ValueError, match="Please use the transfer flow instead"):
        ln.save([own, kind], using=other)
