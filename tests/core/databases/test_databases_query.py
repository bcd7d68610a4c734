"""`ln.DB` and `Registry.connect`: other instances, for queries only."""

from __future__ import annotations

import pytest


def fill():
    import lamindb as ln

    kind = ln.ULabel(name="Kind", is_type=True).save()
    parent = ln.ULabel(name="parent").save()
    child = ln.ULabel(name="child", type=kind).save()
    child.parents.add(parent)
    ln.ULabel(name="in trash").save().delete()
    ln.ULabel(name="on branch", branch=ln.Branch(name="contribution").save()).save()


@pytest.fixture
def other(other_instance):
    return other_instance(fill)


def test_a_handle_queries_the_other_instance_and_leaves_the_connected_one_alone(instance, other):
    import lamindb as ln

    db = ln.DB(other)
    assert repr(db) == f"DB('{other}')"
    assert repr(db.ULabel) == "<QuerySet [ULabel]>"
    assert db.ULabel is db.ULabel
    assert {"Artifact", "ULabel", "Record"} <= set(dir(db))
    assert sorted(db.ULabel.filter().to_list("name")) == ["Kind", "child", "parent"]
    assert db.ULabel.get(name="child")._state.db == other
    assert db.ULabel.search("chil").to_list("name") == ["child"]
    assert db.ULabel.lookup().child.name == "child"
    assert list(db.ULabel.to_dataframe()["name"]) == list(db.ULabel.filter().to_dataframe()["name"])
    assert db.ULabel.filter(name="child").one().name == "child"
    assert ln.setup.settings.instance.slug == instance.slug
    assert ln.ULabel.filter().count() == 0


def test_connect_shows_all_branches_until_it_is_filtered(instance, other):
    import lamindb as ln

    query_set = ln.ULabel.connect(other)
    assert query_set.count() == 5
    assert query_set.filter().count() == 3
    assert query_set.filter(branch__name="contribution").one().name == "on branch"


def test_queries_elsewhere_look_at_main_whatever_branch_is_current_here(instance, other):
    import lamindb as ln

    for name in "ab":
        ln.Branch(name=name).save()
    ln.setup.switch("a")  # has the id that `contribution` has in the other instance
    try:
        assert sorted(ln.DB(other).ULabel.filter().to_list("name")) == ["Kind", "child", "parent"]
    finally:
        ln.setup.switch("main")


def test_relations_and_hierarchies_stay_on_the_other_database(instance, other):
    import lamindb as ln

    ln.ULabel(name="local with the same id").save()
    child = ln.DB(other).ULabel.get(name="child")
    assert child.type.name == "Kind"
    assert child.type._state.db == other
    assert child.parents.to_list("name") == ["parent"]
    assert child.query_parents().to_list("name") == ["parent"]
    assert child.parents.get().children.to_list("name") == ["child"]
    assert child.type.ulabels.to_list("name") == ["child"]
    assert [kind.name for kind in child.query_types()] == ["Kind"]
    assert child.created_by.handle == "anonymous"
    assert "child" in child.describe(return_str=True)


def test_the_connected_instance_is_the_default_database_under_all_its_names(instance):
    import lamindb as ln

    ln.ULabel(name="a").save()
    for name in (None, "default", instance.slug, instance.name, f"https://lamin.ai/{instance.slug}"):
        found = ln.ULabel.connect(name).get(name="a")
        assert found._state.db == "default"


def test_an_instance_is_found_by_folder_too(instance, other, tmp_path):
    import lamindb as ln

    if instance.dialect == "postgresql":
        pytest.skip("the folder of a PostgreSQL instance names its database only to those who connected before")
    folder = tmp_path / other.split("/")[1]
    assert ln.DB(folder).ULabel.filter().count() == 3
    assert ln.DB(str(folder)).ULabel.get(name="child")._state.db == other


def test_unknown_instances_registries_and_modules_are_named(instance, other):
    import lamindb as ln

    with pytest.raises(ln.setup.errors.InstanceNotFoundError, match="nobody/nothing"):
        ln.DB("nobody/nothing")
    with pytest.raises(ln.setup.errors.InstanceNotFoundError):
        ln.ULabel.connect("nobody/nothing")
    with pytest.raises(ValueError):
        ln.ULabel.connect("a/b/c")
    db = ln.DB(other)
    with pytest.raises(AttributeError, match="Registry 'Ulabel' not found in lamindb core registries.*ULabel"):
        db.Ulabel
    with pytest.raises(TypeError, match="Cannot instantiate ULabel from DB"):
        db.ULabel(name="a")
    with pytest.raises(AttributeError, match="no_such_method"):
        db.ULabel.no_such_method


def test_several_handles_coexist(instance, other, other_instance):
    import lamindb as ln

    third = other_instance(lambda: ln.ULabel(name="in the third").save())
    one, two = ln.DB(other), ln.DB(third)
    assert two.ULabel.filter().to_list("name") == ["in the third"]
    assert one.ULabel.filter(name="child").count() == 1
    assert two.ULabel.filter(name="child").count() == 0


def _writes(ln, other):
    child = ln.DB(other).ULabel.get(name="child")
    parent = ln.DB(other).ULabel.get(name="parent")
    query_set = ln.DB(other).ULabel.filter()
    local = ln.ULabel(name="local").save()
    return {
        "query_set.update": lambda: query_set.update(description="x"),
        "query_set.delete": lambda: query_set.delete(permanent=True),
        "manager.update": lambda: child.parents.update(description="x"),
        "record.delete": lambda: child.delete(),
        "record.delete permanently": lambda: child.delete(permanent=True),
        "record.restore": lambda: child.restore(),
        "relation.add": lambda: parent.parents.add(child),
        "relation.add local": lambda: parent.parents.add(local),
        "relation.remove": lambda: child.parents.remove(parent),
        "relation.clear": lambda: child.parents.clear(),
        "relation.set": lambda: child.parents.set([]),
        "relation.create": lambda: child.parents.create(name="y"),
        "local relation.add": lambda: local.parents.add(child),
        "get_or_create": lambda: query_set.get_or_create(name="never seen"),
        "bulk_create": lambda: query_set.bulk_create([ln.ULabel(name="z")]),
        "bulk_update": lambda: query_set.bulk_update([child], ["name"]),
        "update_or_create": lambda: query_set.update_or_create(name="child", defaults={"description": "x"}),
    }


def test_every_way_to_write_elsewhere_is_refused_and_changes_nothing(instance, other):
    import lamindb as ln

    before = ln.DB(other).ULabel.to_dataframe(limit=None)
    for what, write in _writes(ln, other).items():
        try:
            write()
        except (ln.errors.NoWriteAccess, ValueError) as error:
            assert other in str(error), what
        else:
            pytest.fail(f"{what} was not refused")
    assert ln.DB(other).ULabel.to_dataframe(limit=None).equals(before)
    assert ln.DB(other).ULabel.get(name="child").parents.to_list("name") == ["parent"]
    assert ln.ULabel.filter(branch=None).to_list("name") == ["local"]


def test_the_database_itself_refuses_writes_too(instance, other):
    from django.db import connections

    import lamindb as ln

    ln.DB(other).ULabel.filter().count()
    with pytest.raises(Exception, match="read-?only"), connections[other].cursor() as cursor:
        cursor.execute("UPDATE lamindb_ulabel SET name = 'x'")
    assert ln.DB(other).ULabel.filter(name="child").count() == 1


def test_a_database_that_is_gone_is_said_to_be_gone(instance, other, tmp_path):
    import lamindb as ln

    if instance.dialect == "postgresql":
        pytest.skip("SQLite files only")
    (tmp_path / other.split("/")[1] / ".lamindb" / "lamin.db").unlink()
    with pytest.raises(ln.setup.errors.InstanceNotFoundError, match=r"lamin\.db"):
        ln.DB(other)


def test_other_instances_are_queried_without_a_connected_one(instance, other):
    import lamindb as ln

    ln.setup.disconnect()
    assert sorted(ln.DB(other).ULabel.filter().to_list("name")) == ["Kind", "child", "parent"]
    with pytest.raises(ln.setup.errors.CurrentInstanceNotConfigured):
        ln.ULabel.filter().count()


def test_the_class_names_of_module_namespaces_are_importable_by_name():
    import lamindb.models.query_set as query_set

    assert query_set.ModuleNamespace.__subclasses__() is not None
    with pytest.raises(AttributeError, match="Nosuch"):
        query_set.NosuchModuleDB


def test_records_of_two_instances_are_not_related_and_the_error_says_what_helps(instance, other):
    import lamindb as ln

    remote = ln.DB(other).ULabel.get(name="parent")
    kind = ln.DB(other).ULabel.get(name="Kind")
    local = ln.ULabel(name="local").save()
    with pytest.raises(ValueError, match=rf"Cannot label a record from instance '{other}'.*\.save\(\)"):
        local.parents.add(remote)
    with pytest.raises(ValueError, match=rf"Cannot label a record from instance '{other}'"):
        local.type = kind
    with pytest.raises(ln.errors.NoWriteAccess, match=r"call \.save\(\) on the record first"):
        ln.ULabel(name="new", type=kind)
    local.parents.add(remote.save())
    assert local.parents.to_list("name") == ["parent"]
