"""Query sets of other databases: their own branches, records matched by uid, and no writing."""

from __future__ import annotations

import pytest

import lamindb as ln
from lamindb.base import context
from lamindb.errors import NoWriteAccess


@pytest.fixture
def remote(other_instance):
    """Query set of the labels of another instance: `shared` with child `below`, and `gone` in the trash."""

    def fill():
        for number in range(3):  # so that ids differ between the two
            ln.ULabel(name=f"filler {number}").save()
        ln.ULabel(name="shared").save().children.add(ln.ULabel(name="below").save())
        ln.ULabel(name="gone").save().delete()
        ln.ULabel.filter(name="filler 0").update(branch=ln.Branch(name="theirs").save())

    return ln.ULabel.connect(other_instance(fill))


def test_all_branches_until_filtered_then_main_only(remote):
    assert remote.count() == 6
    assert remote.filter().count() == 4
    assert remote.filter(branch=None).count() == 6
    branch = ln.Branch(name="ours").save()
    assert branch.id == remote.get(name="filler 0", branch=None).branch_id  # the same number means another branch there
    token = context.run_branch_var.set(branch)
    try:
        assert remote.filter().count() == 4
    finally:
        context.run_branch_var.reset(token)
    assert remote.search("gone").to_list() == []
    assert "gone" not in remote.lookup()._fields
    assert "gone" not in remote.to_dataframe()["name"].tolist()
    assert remote.get(name="shared")._state.db == remote.db


def test_records_of_another_database_are_matched_by_uid(remote, caplog):
    shared = remote.get(name="shared")
    local = ln.ULabel(name="shared").save()
    ln.ULabel.objects.filter(id=local.id).update(uid=shared.uid)
    local.refresh_from_db()
    below = ln.ULabel(name="local below").save()
    below.parents.add(local)
    ln.logger.addHandler(caplog.handler)
    try:
        assert ln.ULabel.filter(parents=shared).to_list() == [below]
        assert f"passing record from database {remote.db} to query default" in caplog.text
        assert ln.ULabel.filter(parents__in=[shared]).to_list() == [below]
        assert remote.filter(parents=local).to_list("name") == ["below"]
    finally:
        ln.logger.removeHandler(caplog.handler)
    assert remote.filter(parents=shared).to_list("name") == ["below"]


def test_nothing_can_be_written(remote):
    shared, below = remote.get(name="shared"), remote.get(name="below")
    attempts = [
        lambda: remote.filter(name="shared").update(description="x"),
        lambda: remote.filter(name="shared").delete(),
        lambda: remote.filter(name="shared").delete(permanent=True),
        lambda: remote.create(name="new"),
        lambda: remote.bulk_create([ln.ULabel(name="new")]),
        lambda: remote.bulk_update([shared], ["name"]),
        lambda: shared.parents.add(below),
        lambda: shared.children.remove(below),
        lambda: shared.children.set([]),
        lambda: shared.children.clear(),
        lambda: shared.children.create(name="new"),
        lambda: shared.delete(),
    ]
    for attempt in attempts:
        with pytest.raises(NoWriteAccess, match="queries only"):
            attempt()
    assert remote.count() == 6
    assert shared.children.to_list("name") == ["below"]
    assert ln.ULabel.objects.count() == 0
    assert list(shared.children.to_dataframe()["name"]) == ["below"]


def test_view_shows_another_database(remote, capsys):
    from lamindb.query.view import view

    view(using=remote.db, registries=["ULabel"])
    assert "below" in capsys.readouterr().out
