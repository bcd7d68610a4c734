"""Lineage as data: what belongs to it, in which direction, how far, and in how many statements."""

from __future__ import annotations

import pytest

import lamindb as ln


def _labels(graph, *kinds):
    return sorted(node.label for node in (graph.of_kind(*kinds) if kinds else graph))


def test_the_graph_goes_back_to_the_sources_and_on_to_the_results(pipelines):
    raw, reference = pipelines.artifact("raw"), pipelines.artifact("reference")
    [counts] = pipelines.made("count.py", [raw], "counts")
    genes, plot = pipelines.made("analyse.py", [counts, reference], "genes", "plot")
    graph = counts.query_lineage()
    assert _labels(graph, "artifact") == ["counts.txt", "genes.txt", "plot.txt", "raw.txt"]
    assert _labels(graph, "run") == _labels(graph, "transform") == ["analyse.py", "count.py"]
    assert _labels(counts.query_lineage("upstream"), "artifact") == ["counts.txt", "raw.txt"]
    assert _labels(counts.query_lineage("downstream"), "artifact") == ["counts.txt", "genes.txt", "plot.txt"]
    assert _labels(plot.query_lineage(), "artifact") == ["counts.txt", "plot.txt", "raw.txt", "reference.txt"]
    assert graph.records("artifact")[0] == counts
    assert genes in graph.records("artifact")


def test_nodes_and_edges_are_tables_that_fit_together(pipelines):
    raw = pipelines.artifact("raw")
    [clean] = pipelines.made("clean.py", [raw], "clean")
    graph = clean.query_lineage()
    nodes, edges = graph.nodes, graph.edges
    assert nodes["id"].is_unique and nodes["id"][0] == f"artifact:{clean.uid}"
    assert set(edges["source"]) | set(edges["target"]) <= set(nodes["id"])
    assert edges["relation"].tolist() == ["output", "executed", "input"]
    assert nodes.set_index("id")["distance"].to_dict() == {
        f"artifact:{clean.uid}": 0,
        f"run:{clean.run.uid}": 1,
        f"transform:{clean.transform.uid}": 2,
        f"artifact:{raw.uid}": 2,
    }
    assert nodes["created_by"].unique().tolist() == ["anonymous"]
    alone = raw.query_lineage("upstream")
    assert len(alone) == 1 and alone.edges.empty and list(alone.edges.columns) == ["source", "target", "relation"]


def test_runs_records_collections_and_transforms_have_lineage_too(pipelines):
    sample = ln.Record(name="sample").save()
    run = pipelines.run("measure.py", [sample])
    one, two = pipelines.artifact("one", run), pipelines.artifact("two", run)
    collection = ln.Collection([one, two], key="both", run=False).save()
    later = pipelines.run("train.py", [collection])
    model = pipelines.artifact("model", later)
    everything = ["both", "measure.py", "model.txt", "one.txt", "sample", "train.py", "two.txt"]
    for record in (sample, run, collection, model):
        graph = record.query_lineage()
        assert sorted({node.label for node in graph}) == everything, record
    assert collection.query_upstream(ln.Record).one() == sample
    assert run.query_downstream().to_list("key") == ["one.txt", "two.txt", "model.txt"]
    transform = run.transform
    assert "model.txt" in _labels(transform.query_lineage("downstream"))
    assert transform.query_downstream(ln.Collection).one() == collection
    assert transform.query_downstream("run").count() == 2


def test_a_transform_does_not_connect_what_its_runs_have_nothing_to_do_with(pipelines):
    one, other = pipelines.artifact("one"), pipelines.artifact("other")
    [result] = pipelines.made("same.py", [one], "result")
    pipelines.made("same.py", [other], "unrelated")
    assert _labels(result.query_lineage(), "artifact") == ["one.txt", "result.txt"]
    assert _labels(one.query_lineage(), "artifact") == ["one.txt", "result.txt"]


def test_the_depth_counts_generations_of_datasets(pipelines):
    artifact = pipelines.artifact("0")
    for at in range(1, 6):
        [artifact] = pipelines.made(f"step{at}.py", [artifact], str(at))
    middle = ln.Artifact.get(key="3.txt")
    assert _labels(middle.query_lineage(depth=1), "artifact") == ["2.txt", "3.txt", "4.txt"]
    assert _labels(middle.query_lineage(depth=1), "run") == ["step3.py", "step4.py"]
    assert _labels(middle.query_lineage("upstream", depth=2), "artifact") == ["1.txt", "2.txt", "3.txt"]
    assert middle.query_upstream(depth=1).to_list("key") == ["2.txt"]
    assert len(middle.query_lineage(depth=100)) == len(middle.query_lineage())


def test_circular_lineage_ends(pipelines):
    a, b = pipelines.artifact("a"), pipelines.artifact("b")
    for source, target in ((a, b), (b, a)):
        target.run = pipelines.run(f"to-{target.key}.py", [source])
        target.save()
    for depth in (None, 3):
        graph = a.query_lineage(depth=depth)
        assert _labels(graph, "artifact") == ["a.txt", "b.txt"] and len(graph.of_kind("run")) == 2
    assert "(see above)" in graph.to_text()
    assert a.query_upstream().one() == b
    for picture in (graph.to_svg(), graph.to_mermaid(), graph.to_dot()):
        assert "b.txt" in picture


def test_what_is_made_again_belongs_to_both_runs(pipelines):
    raw = pipelines.artifact("raw")
    [clean] = pipelines.made("clean.py", [raw], "clean")
    again = pipelines.run("clean.py", [raw])
    clean.recreating_runs.add(again)
    graph = clean.query_lineage()
    assert sorted(graph.edges["relation"]) == ["executed", "executed", "input", "input", "output", "recreated"]
    assert set(graph.records("run")) == {clean.run, again}
    assert again.query_downstream().one() == clean


def test_what_is_input_and_output_of_a_run_is_output_only(pipelines, log_messages):
    raw = pipelines.artifact("raw")
    run = pipelines.run("sort.py", [raw])
    result = pipelines.artifact("result", run)
    result.input_of_runs.add(run)
    again = pipelines.artifact("again")
    again.recreating_runs.add(run)
    again.input_of_runs.add(run)
    graph = result.query_lineage()
    # another output of the run is no lineage of this one
    assert _labels(graph, "artifact") == ["raw.txt", "result.txt"]
    assert any(f"artifact {result.uid} is input and output of run {run.uid}" in message for message in log_messages)
    assert "input" not in set(graph.edges[graph.edges["source"] == f"artifact:{result.uid}"]["relation"])
    assert result.query_downstream().count() == 0


def test_what_a_run_has_read_is_not_made_again_by_it(pipelines, tmp_path):
    made = pipelines.made("make.py", [], "x", "y")
    folder = tmp_path / "folder"
    folder.mkdir()
    for artifact in made:
        (folder / artifact.key).write_bytes(artifact.path.read_bytes())
    run = pipelines.run("copy.py", made[:1])
    for artifact in made:
        assert ln.Artifact(folder / artifact.key, key=artifact.key, run=run).save() == artifact
    assert list(ln.Artifact.filter(recreating_runs=run)) == made[1:]
    from_folder = pipelines.run("copy-folder.py", made[:1])
    ln.save(ln.Artifact.from_dir(folder, run=from_folder))
    assert list(ln.Artifact.filter(recreating_runs=from_folder)) == made[1:]
    without_run = pipelines.artifact("z")
    (folder / "z.txt").write_bytes(without_run.path.read_bytes())
    reads = pipelines.run("read.py", [without_run])
    assert ln.Artifact(folder / "z.txt", key="z.txt", run=reads).save() == without_run
    without_run.refresh_from_db()
    assert without_run.run is None


def test_records_in_the_trash_and_on_other_branches_are_not_shown(pipelines):
    raw = pipelines.artifact("raw")
    kept, trashed, elsewhere = pipelines.made("split.py", [raw], "kept", "trashed", "elsewhere")
    trashed.delete()
    branch = ln.Branch(name="contribution").save()
    ln.Artifact.filter(id=elsewhere.id).update(branch=branch)
    assert _labels(raw.query_lineage(), "artifact") == ["kept.txt", "raw.txt"]
    assert raw.query_downstream().to_list("key") == ["kept.txt"]
    assert _labels(kept.query_lineage("upstream"), "artifact") == ["kept.txt", "raw.txt"]
    # what somebody asks for is always there
    assert _labels(trashed.query_lineage("upstream"), "artifact") == ["raw.txt", "trashed.txt"]


def test_reports_and_environments_of_runs_are_no_results(pipelines):
    run = pipelines.run("x.py")
    report = pipelines.artifact("report", run)
    ln.Artifact.filter(id=report.id).update(kind="__lamindb_run__")
    result = pipelines.artifact("result", run)
    assert _labels(run.query_lineage(), "artifact") == [result.key]


def test_runs_that_started_each_other_are_connected_but_not_followed(pipelines):
    flow = pipelines.run("flow.py")
    step = pipelines.run("flow.py", initiated_by_run=flow, entrypoint="step")
    made = pipelines.artifact("made", step)
    unrelated = pipelines.artifact("unrelated", flow)
    assert unrelated not in made.query_lineage().records("artifact")
    step_reads = pipelines.artifact("source", flow)
    step_reads.input_of_runs.add(step)
    graph = made.query_lineage()
    assert "initiated" in graph.edges["relation"].tolist()
    assert "flow.py: step" in _labels(graph, "run")


def test_a_diamond_of_many_levels_is_read_in_a_constant_number_of_statements(pipelines, count_queries):
    artifacts = [pipelines.artifact("0")]
    for level in range(1, 9):
        artifacts = pipelines.made(f"{level}.py", artifacts, f"{level}a", f"{level}b")
    last = artifacts[0]
    with count_queries() as queries:
        graph = last.query_lineage("upstream")
    # the walk, the edges, three kinds of nodes, and the users who made them
    assert len(queries) == 6
    assert len(graph.of_kind("artifact")) == 16 and len(graph.of_kind("run")) == 8


def test_a_chain_of_a_thousand_runs_is_read_in_a_constant_number_of_statements(chain, count_queries):
    last = chain(1000)
    with count_queries() as queries:
        graph = last.query_lineage()
    assert len(queries) == 7  # one walk in each direction, the edges, artifacts, runs, transforms and users
    assert (len(graph.of_kind("run")), len(graph.of_kind("artifact")), len(graph.links)) == (1000, 1001, 3000)
    with count_queries() as queries:
        assert last.query_upstream().count() == 1000
    assert len(queries) == 1
    assert len(graph.to_text().splitlines()) < 500
    assert "(and more)" in graph.to_text()


def test_a_big_graph_is_cut_and_says_so(chain, log_messages):
    last = chain(100)
    graph = last.query_lineage(max_nodes=20)
    assert graph.is_cut and len(graph) <= 20
    assert any("more than 20 nodes" in message and "max_nodes" in message for message in log_messages)
    # the nearest ones are kept
    assert {node.label for node in graph.of_kind("artifact")} >= {"step-100.txt", "step-99.txt"}


def test_wrong_arguments_are_refused_with_a_hint(pipelines):
    artifact = pipelines.artifact("x")
    with pytest.raises(ValueError, match="'upstream', 'downstream', 'both', not 'up'"):
        artifact.query_lineage("up")
    for depth in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="depth is a whole number from 1 on"):
            artifact.query_lineage(depth=depth)
    with pytest.raises(ValueError, match="call .save"):
        ln.Record(name="new").query_lineage()
    with pytest.raises(ValueError, match="not to 'ULabel'"):
        artifact.query_upstream(ln.ULabel)
    with pytest.raises(ValueError, match="got 'ulabel'"):
        artifact.query_lineage().records("ulabel")
    from lamindb.lineage.read import read_lineage

    with pytest.raises(TypeError, match="ULabel has no lineage"):
        read_lineage(ln.ULabel(name="x").save())


def test_a_transform_shows_its_declared_predecessors(pipelines, capsys):
    trim, align, count = (pipelines.transform(key) for key in ("trim.py", "align.py", "count.py"))
    align.predecessors.add(trim)
    count.predecessors.add(align)
    pipelines.artifact("unrelated", pipelines.run("align.py"))
    align.view_lineage()
    assert capsys.readouterr().out.splitlines() == [
        f"Transform align.py ({align.uid}, version {align.version})",
        f"└── after Transform trim.py ({trim.uid}, version {trim.version})",
    ]
    graph = align.view_lineage(with_successors=True, return_graph=True)
    assert _labels(graph) == ["align.py", "count.py", "trim.py"]
    assert _labels(count.view_lineage(distance=1, return_graph=True)) == ["align.py", "count.py"]
    assert "trim.py" in count.view_lineage(return_graph=True).to_svg()


def test_the_lineage_of_another_instance_is_read_there(pipelines, other_instance, tmp_path):
    def fill():
        path = tmp_path / "there.txt"
        path.write_text("there")
        run = ln.Run(ln.Transform(key="there.py").save()).save()
        ln.Artifact(path, key="there.txt", run=run).save()

    slug = other_instance(fill)
    there = ln.DB(slug).Artifact.get(key="there.txt")
    graph = there.query_lineage()
    assert _labels(graph) == ["there.py", "there.py", "there.txt"]
    assert there.query_upstream(ln.Run).count() == 1


@pytest.mark.parametrize("direction", ["upstream", "downstream"])
@pytest.mark.parametrize("kind", ["artifact", "collection", "record", "run", "transform"])
def test_every_step_of_a_walk_is_a_look_up_in_an_index(sqlite_instance, kind, direction):
    from django.db import connection

    from lamindb.lineage.walk import walk_statement

    ln.Artifact.filter().count()
    statement, parameters = walk_statement(kind, 1, direction, "default", None)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement} SELECT kind, id FROM walked", parameters)
        plan = [row[3] for row in cursor.fetchall()]
    assert sum(step.startswith("SEARCH") for step in plan) > 10
    # the queue of the walk itself, `w`, is the only thing that is read from end to end
    assert [
        step for step in plan if step.startswith("SCAN") and step.split()[1] not in ("w", "walked", "CONSTANT")
    ] == []
