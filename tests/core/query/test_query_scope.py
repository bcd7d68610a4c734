"""The default branch scope: applied once, lifted by addressing a branch or records, seen by every way to evaluate."""

from __future__ import annotations

import pickle

import pytest
from django.db.models import Count
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lamindb as ln

_VISIBLE, _ARCHIVED, _TRASHED = {"a1", "b1"}, {"a2", "b2"}, {"a3", "b3"}
_ALL = _VISIBLE | _ARCHIVED | _TRASHED


@pytest.fixture
def labels(instance):
    made = {name: ln.ULabel(name=name).save() for name in sorted(_ALL)}
    ln.ULabel.objects.filter(name__endswith="2").update(branch_id=0)
    ln.ULabel.objects.filter(name__endswith="3").update(branch_id=-1)
    return made


def _names(queryset):
    return set(queryset.to_list("name"))


def test_filter_shows_the_current_branch_and_main(labels):
    assert _names(ln.ULabel.filter()) == _VISIBLE
    assert _names(ln.ULabel.objects.all()) == _ALL
    assert _names(ln.ULabel.filter(branch=None)) == _ALL
    assert _names(ln.ULabel.filter(branch_id=None)) == _ALL
    assert _names(ln.ULabel.filter(branch__name="trash")) == _TRASHED
    assert _names(ln.ULabel.filter(branch_id__in=[0, -1])) == _ARCHIVED | _TRASHED
    assert _names(ln.ULabel.filter(ln.Q(name="a1") | ln.Q(branch_id=0))) == {"a1"} | _ARCHIVED
    assert _names(ln.ULabel.filter(uid=labels["a3"].uid)) == {"a3"}
    assert _names(ln.ULabel.filter(ln.Q(uid=labels["a3"].uid))) == set()
    assert _names(ln.ULabel.filter(id__in=[labels["a3"].id, labels["a2"].id])) == {"a2", "a3"}


def test_later_filters_do_not_bring_the_scope_back(labels):
    assert _names(ln.ULabel.filter(branch__name="trash").filter(name="a3")) == {"a3"}
    assert _names(ln.ULabel.filter(branch=None).filter(name__startswith="a")) == {"a1", "a2", "a3"}
    assert _names(ln.ULabel.filter(name__startswith="a").filter(branch=None)) == {"a1", "a2", "a3"}
    assert _names(ln.ULabel.filter(name__startswith="a").filter(branch_id=-1).exclude(name="b3")) == {"a3"}


def test_every_way_to_evaluate_sees_the_scope(labels):
    scoped = ln.ULabel.filter()
    assert scoped.count() == len(scoped) == len(scoped.values("name")) == 2
    assert scoped.exists()
    assert not scoped.contains(labels["a3"])
    assert [label.name for label in scoped.order_by("name")[:10]] == ["a1", "b1"]
    assert scoped.aggregate(n=Count("id"))["n"] == 2
    assert _names(ln.ULabel.objects.filter(id__in=scoped)) == _VISIBLE
    assert _names(scoped | ln.ULabel.filter(branch_id=0)) == _VISIBLE | _ARCHIVED
    assert _names(scoped.union(ln.ULabel.filter(branch_id=0))) == _VISIBLE | _ARCHIVED
    assert {label.name for label in pickle.loads(pickle.dumps(scoped))} == _VISIBLE
    restored = ln.ULabel.filter()
    restored.query = pickle.loads(pickle.dumps(scoped.query))
    assert _names(restored) == _VISIBLE
    assert "branch_id" in str(scoped.query).split("WHERE")[1]


def test_update_and_delete_touch_only_what_the_query_shows(labels):
    ln.ULabel.filter().update(description="seen")
    assert _names(ln.ULabel.objects.filter(description="seen")) == _VISIBLE
    ln.ULabel.filter(name__startswith="a").delete(permanent=True)
    assert _names(ln.ULabel.objects.all()) == _ALL - {"a1"}
    ln.ULabel.filter().delete()
    assert _names(ln.ULabel.filter(branch_id=-1)) == {"b1"} | _TRASHED


def test_search_and_lookup_hide_archive_and_trash(labels):
    assert _names(ln.ULabel.search("a", field="name")) == {"a1"}
    assert set(ln.ULabel.lookup()._fields) == _VISIBLE
    assert _names(ln.ULabel.filter(branch=None).search("a", field="name")) == {"a1", "a2", "a3"}


def test_the_scope_follows_the_branch_in_force(labels):
    from lamindb.base import context

    branch = ln.Branch(name="contribution").save()
    ln.ULabel.objects.filter(name="a3").update(branch_id=branch.id)
    made_before = ln.ULabel.filter()
    token = context.run_branch_var.set(branch)
    try:
        assert _names(ln.ULabel.filter()) == _VISIBLE | {"a3"}
        assert _names(made_before) == _VISIBLE | {"a3"}
    finally:
        context.run_branch_var.reset(token)
    assert _names(ln.ULabel.filter()) == _VISIBLE


def test_registries_without_a_branch_and_blocks_of_branches_are_not_scoped(instance):
    assert ln.Branch.filter().count() == ln.Branch.objects.count() >= 3
    branch = ln.Branch(name="contribution").save()
    ln.models.BranchBlock(branch=branch, content="text", kind="readme").save()
    assert ln.models.BranchBlock.filter().count() == 1


_CALLS = {
    "name": {"name__startswith": "a"},
    "other": {"description__isnull": True},
    "branch": {"branch_id": -1},
    "branches": {"branch__name__in": ["archive", "trash"]},
    "none": {"branch": None},
}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.lists(st.tuples(st.sampled_from(["filter", "exclude"]), st.sampled_from(sorted(_CALLS))), max_size=5))
def test_any_chain_of_filters_means_the_conjunction_of_its_conditions(labels, calls):
    rows = [{"name": name, "branch": {"1": 1, "2": 0, "3": -1}[name[1]]} for name in _ALL]
    queryset, addressed = ln.ULabel.filter(), False
    for method, key in calls:
        if method == "exclude" and key == "none":
            continue
        queryset = getattr(queryset, method)(**_CALLS[key])
        addressed = addressed or (method == "filter" and key in ("branch", "branches", "none"))
        tests = {
            "name": lambda row: row["name"].startswith("a"),
            "other": lambda row: True,
            "branch": lambda row: row["branch"] == -1,
            "branches": lambda row: row["branch"] in (0, -1),
            "none": lambda row: True,
        }
        rows = [row for row in rows if tests[key](row) == (method == "filter")]
    if not addressed:
        rows = [row for row in rows if row["branch"] == 1]
    expected = {row["name"] for row in rows}
    assert _names(queryset) == expected
    assert queryset.count() == len(expected)
    assert _names(ln.ULabel.objects.filter(pk__in=queryset)) == expected


def test_query_sets_of_a_registry_with_a_mixin_have_it_through_every_step(instance, monkeypatch):
    from lamindb.query import query_set

    class Loading:
        def load_all(self):
            return [record.name for record in self]

    monkeypatch.setattr(ln.Project, "_query_set_mixin", Loading)
    query_set.query_set_class.cache_clear()
    try:
        ln.Project(name="p").save()
        for queryset in (
            ln.Project.filter(),
            ln.Project.objects.all(),
            ln.Project.search("p"),
            ln.Project.filter()[:1],
        ):
            assert isinstance(queryset, Loading)
            assert queryset.load_all() == ["p"]
            assert isinstance(pickle.loads(pickle.dumps(queryset)), Loading)
        assert isinstance(ln.Project.filter(), ln.models.QuerySet)
        assert not isinstance(ln.ULabel.filter(), Loading)
    finally:
        query_set.query_set_class.cache_clear()
