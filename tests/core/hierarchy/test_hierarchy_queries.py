"""Walking along `parents`, `children` and `type`."""

from __future__ import annotations

import pytest


def _ontology(ln, *edges):
    """Make labels from (child, parent) pairs of names."""
    labels = {name: ln.ULabel(name=name).save() for name in dict.fromkeys(name for edge in edges for name in edge)}
    for child, parent in edges:
        labels[child].parents.add(labels[parent])
    return labels


def test_parents_and_children_are_followed_to_the_end_in_one_statement(instance, count_queries):
    import lamindb as ln

    labels = _ontology(ln, ("T cell", "lymphocyte"), ("lymphocyte", "leukocyte"), ("B cell", "lymphocyte"), ("x", "y"))
    with count_queries() as statements:
        assert set(labels["T cell"].query_parents().to_list("name")) == {"lymphocyte", "leukocyte"}
    assert len(statements) == 1
    with count_queries() as statements:
        assert set(labels["leukocyte"].query_children().to_list("name")) == {"lymphocyte", "T cell", "B cell"}
    assert len(statements) == 1


def test_closures_can_be_filtered_further(instance):
    import lamindb as ln

    labels = _ontology(ln, ("T cell", "lymphocyte"), ("lymphocyte", "leukocyte"))
    assert labels["T cell"].query_parents().filter(name__startswith="leuk").one() == labels["leukocyte"]
    assert labels["T cell"].query_parents().count() == 2


def test_a_cycle_ends_and_does_not_give_the_start(instance):
    import lamindb as ln

    labels = _ontology(ln, ("a", "b"), ("b", "c"), ("c", "a"))
    assert set(labels["a"].query_parents().to_list("name")) == {"b", "c"}
    assert set(labels["a"].query_children().to_list("name")) == {"b", "c"}


def test_records_in_the_trash_are_not_passed_through(instance):
    import lamindb as ln

    labels = _ontology(ln, ("a", "b"), ("b", "c"), ("a", "d"))
    labels["b"].delete()
    assert labels["a"].query_parents().to_list("name") == ["d"]


def test_types_come_nearest_first_in_one_statement(instance, count_queries):
    import lamindb as ln

    top = ln.ULabel(name="top", is_type=True).save()
    middle = ln.ULabel(name="middle", is_type=True, type=top).save()
    label = ln.ULabel(name="label", type=middle).save()
    with count_queries() as statements:
        assert [record.name for record in label.query_types()] == ["middle", "top"]
    assert len(statements) == 1
    middle.delete()
    assert list(ln.ULabel.get(label.id).query_types()) == []


def test_a_type_gives_all_its_descendants_in_one_statement(instance, count_queries):
    import lamindb as ln
    from lamindb.query.hierarchy import descendants_by_type

    top = ln.Record(name="top", is_type=True).save()
    middle = ln.Record(name="middle", is_type=True, type=top).save()
    ln.Record(name="sample", type=middle).save()
    with count_queries() as statements:
        assert set(top.query_records().to_list("name")) == {"middle", "sample"}
    assert len(statements) == 1
    assert descendants_by_type(top, depth=1).to_list("name") == ["middle"]
    assert set(descendants_by_type(top, depth=2).to_list("name")) == {"middle", "sample"}
    with pytest.raises(ValueError, match="depth must be at least 1"):
        descendants_by_type(top, depth=0)


def test_hierarchies_of_another_instance_are_walked_there(instance, other_instance):
    import lamindb as ln

    def fill():
        _ontology(ln, ("T cell", "lymphocyte"), ("lymphocyte", "leukocyte"))
        top = ln.ULabel(name="top", is_type=True).save()
        ln.ULabel(name="below", type=top).save()

    slug = other_instance(fill)
    there = ln.ULabel.connect(slug)
    assert set(there.get(name="T cell").query_parents().to_list("name")) == {"lymphocyte", "leukocyte"}
    assert there.get(name="top").query_ulabels().to_list("name") == ["below"]
    assert [record.name for record in there.get(name="below").query_types()] == ["top"]
    assert ln.ULabel.filter().count() == 0


def test_the_walk_uses_indexes_only(sqlite_instance):
    from django.db import connection

    import lamindb as ln

    label = ln.ULabel(name="a", is_type=True).save()
    for query in (label.query_parents(), label.query_children(), label.query_ulabels()):
        sql, parameters = query.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql, parameters)
            plan = [row[3] for row in cursor.fetchall()]
        scans = [
            step for step in plan if step.startswith("SCAN") and step.split()[1] not in ("c", "walked", "CONSTANT")
        ]
        assert scans == [], plan
        assert not any("branch" in step for step in plan), plan


def test_parents_are_drawn_as_text(instance, capsys):
    import lamindb as ln

    labels = _ontology(
        ln, ("T cell", "lymphocyte"), ("lymphocyte", "leukocyte"), ("T cell", "leukocyte"), ("Treg", "T cell")
    )
    labels["T cell"].view_parents(with_children=True)
    assert capsys.readouterr().out.splitlines() == [
        "T cell",
        "parents",
        "├── leukocyte",
        "└── lymphocyte",
        "    └── leukocyte",
        "children",
        "└── Treg",
    ]
    labels["T cell"].view_children(field=ln.ULabel.uid)
    assert labels["Treg"].uid in capsys.readouterr().out


def test_the_distance_limits_the_drawing(instance, capsys):
    import lamindb as ln

    labels = _ontology(ln, ("a", "b"), ("b", "c"))
    labels["a"].view_parents(distance=1)
    assert "c" not in capsys.readouterr().out.split()


def test_projects_have_parents_like_labels(instance, capsys):
    import lamindb as ln

    top, middle, leaf = (ln.Project(name=name).save() for name in ("atlas", "heart", "valve"))
    middle.parents.add(top)
    leaf.parents.add(middle)
    assert sorted(leaf.query_parents().to_list("name")) == ["atlas", "heart"]
    assert sorted(top.query_children().to_list("name")) == ["heart", "valve"]
    leaf.view_parents()
    assert "atlas" in capsys.readouterr().out


def test_registries_without_parents_say_so(instance):
    import lamindb as ln
    from lamindb.lineage.hierarchy_view import view_hierarchy

    with pytest.raises(NotImplementedError, match="Parents view is not supported for Feature"):
        view_hierarchy(ln.Feature(name="x", dtype=str).save())


def test_labels_can_not_break_out_of_the_drawing(instance):
    import lamindb as ln
    from lamindb.lineage.hierarchy_view import read_graph

    label = ln.ULabel(name='"</pre><script>x\\').save()
    diagram = read_graph(label, None, parents=True, children=True, distance=5).diagram()
    assert "<script>x" not in diagram.to_html() and "<script" not in diagram.to_html_frame()
    assert '[label="\\"</pre><script>x\\\\"' in diagram.to_dot()


def test_parents_are_drawn_above_their_children(instance):
    import lamindb as ln
    from lamindb.lineage.hierarchy_view import read_graph
    from lamindb.lineage.scene import draw

    labels = _ontology(ln, ("a", "b"), ("b", "c"), ("a", "c"))
    graph = read_graph(labels["a"], None, parents=True, children=True, distance=5)
    boxes = {box.node.id: box for box in draw(graph.diagram()).boxes}
    assert len(graph.edges) > 1 and {box.node.title for box in boxes.values()} == {"a", "b", "c"}
    for parent, child in graph.edges:
        assert boxes[str(parent)].y + boxes[str(parent)].height < boxes[str(child)].y


def test_the_name_field_follows_the_registry(instance):
    import lamindb as ln
    from lamindb.errors import FieldError
    from lamindb.query.names import field_name, name_field

    assert [name_field(registry) for registry in (ln.User, ln.Run, ln.Storage, ln.Artifact, ln.ULabel)] == [
        "handle",
        "started_at",
        "root",
        "key",
        "name",
    ]
    assert name_field(ln.Branch) == "name"
    assert field_name(ln.ULabel, ln.ULabel.description) == "description"
    with pytest.raises(TypeError, match="please pass a SQLRecord string field"):
        field_name(ln.ULabel, ln.ULabel)
    with pytest.raises(FieldError, match="Did you mean 'description'"):
        field_name(ln.ULabel, "descripton")
    with pytest.raises(FieldError, match="Feature.unit is no field of ULabel"):
        field_name(ln.ULabel, ln.Feature.unit)


def test_an_unsaved_record_has_to_be_saved_first(instance):
    import lamindb as ln

    for ask in (ln.ULabel(name="x").query_parents, ln.ULabel(name="x").query_children):
        with pytest.raises(ValueError, match=r"unsaved ULabel.*\.save\(\)"):
            ask()
