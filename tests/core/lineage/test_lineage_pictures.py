"""Pictures and texts of lineage: complete, escaped, readable, and made without Graphviz or network."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from types import SimpleNamespace

import pytest

import lamindb as ln
from lamindb.lineage.diagram import Diagram, DiagramEdge, DiagramNode, shortened
from lamindb.lineage.layout import place
from lamindb.lineage.scene import draw

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def pipelines(sqlite_instance, tmp_path, make_pipelines):
    """Pictures do not depend on the database."""
    return make_pipelines(tmp_path)


@pytest.fixture
def graph(pipelines):
    raw = pipelines.artifact("raw/plate_1")
    [counts] = pipelines.made("count.py", [raw], "counts")
    pipelines.made("analyse.py", [counts], "genes", "plot")
    return counts.query_lineage()


def _overlaps(boxes):
    found = 0
    for at, a in enumerate(boxes):
        for b in boxes[at + 1 :]:
            found += (
                a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height
            )  # fmt: skip
    return found


def test_the_svg_shows_every_node_and_edge_and_loads_nothing(graph):
    svg = graph.to_svg()
    root = ElementTree.fromstring(svg)
    nodes = [one for one in root.iter(f"{SVG}g") if one.get("class") == "node"]
    edges = [one for one in root.iter(f"{SVG}path") if one.get("class") == "edge"]
    assert len(nodes) == 6 and len(edges) == 5  # transforms are named in the labels of their runs
    texts = {one.text for one in root.iter(f"{SVG}text")}
    assert {"raw/plate_1.txt", "count.py", "genes.txt"} <= texts
    assert any(text.startswith("run at 20") for text in texts)
    assert not re.search(r"(?:href|src|url)\s*=\s*[\"'](?!#)", svg)
    assert _overlaps(draw(graph.diagram()).boxes) == 0


def test_pictures_are_saved_by_their_suffix(graph, tmp_path):
    for suffix, start in ((".svg", "<svg"), (".html", "<!doctype html>"), (".mmd", "flowchart LR"), (".dot", "digraph"), (".txt", "Artifact counts.txt")):  # fmt: skip
        assert graph.save(tmp_path / f"lineage{suffix}").read_text().startswith(start)
    from PIL import Image

    scene = draw(graph.diagram())
    with Image.open(graph.save(tmp_path / "lineage.png")) as image:
        assert image.size == (round(scene.width * 2), round(scene.height * 2))
        colors = image.convert("RGB").getcolors(1_000_000)
    assert (243, 227, 240) in {color for _, color in colors}  # runs are violet
    with pytest.raises(ValueError, match=r"\.svg, \.png.*'lineage.gif'"):
        graph.save(tmp_path / "lineage.gif")


def test_a_missing_pillow_names_what_to_install(graph, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ModuleNotFoundError, match=r"lamindb-core\[lineage\]"):
        graph.save(tmp_path / "lineage.png")


def test_names_can_not_break_out_of_any_picture(pipelines):
    name = "\"]<script>alert(1)</script>`\\\x1b\n'#;é"
    record = ln.Record(name=name).save()
    run = pipelines.run("x.py", [record])
    pipelines.artifact("y", run)
    graph = record.query_lineage()
    svg = graph.to_svg()
    ElementTree.fromstring(svg)
    assert "<script" not in svg and "\x1b" not in svg
    page = graph.to_html()
    assert page.count("<script>") == 1 and "alert(1)</script>" not in page
    frame = graph._repr_html_()
    assert "<script" not in frame and frame.count("<iframe") == 1 and 'sandbox="allow-scripts"' in frame
    mermaid = graph.to_mermaid()
    [line] = [line for line in mermaid.splitlines() if "alert" in line]
    assert line.count('"') == 2 and "<script" not in line and "`" not in line
    dot = graph.to_dot()
    [line] = [line for line in dot.splitlines() if "alert" in line]
    assert re.fullmatch(r'  n\d+ \[(?:\w+=(?:"(?:[^"\\]|\\.)*"|\w+)(?:, )?)+\];', line)


def test_the_page_for_notebooks_is_one_file_without_any_address(graph):
    page = graph.to_html()
    addresses = set(re.findall(r"https?://[^\"' <]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert 'type="search"' in page


def test_datasets_that_play_the_same_role_are_drawn_as_one(pipelines):
    run = pipelines.run("merge.py")
    for at in range(60):
        pipelines.artifact(f"part-{at}", run)
    graph = run.query_lineage()
    diagram = graph.diagram()
    assert [node.title for node in diagram.nodes] == ["merge.py", "60 artifacts"]
    assert "part-0.txt" in run.view_lineage(return_str=True) and len(graph.nodes) == 62


def test_long_chains_are_broken_into_bands(chain):
    graph = chain(250).query_lineage()
    scene = draw(graph.diagram())
    assert len(scene.boxes) == 501 and len(scene.curves) == 500
    assert 0.5 < scene.width / scene.height < 4
    assert _overlaps(scene.boxes) == 0
    for curve in scene.curves:
        assert all(0 <= x <= scene.width and 0 <= y <= scene.height for x, y in curve.points)


def test_five_hundred_nodes_do_not_overlap_and_edges_point_forward():
    layers = [[f"n{layer}-{at}" for at in range(25)] for layer in range(20)]
    nodes = [DiagramNode(name, "artifact", name, "version 0000") for layer in layers for name in layer]
    edges = [
        DiagramEdge(a, following[(at * 7 + step) % 25])
        for layer, following in pairwise(layers)
        for at, a in enumerate(layer)
        for step in (0, 1)
    ]
    edges.append(DiagramEdge("n0-0", "n19-3"))
    scene = draw(Diagram(nodes, edges))
    assert len(scene.boxes) == 500 and _overlaps(scene.boxes) == 0
    by_id = {box.node.id: box for box in scene.boxes}
    assert all(by_id[edge.source].x + by_id[edge.source].width < by_id[edge.target].x for edge in edges)


def test_the_layout_places_cycles_single_nodes_and_nothing():
    sizes = dict.fromkeys("abcd", (50.0, 20.0))
    layout = place(sizes, [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")])
    assert layout.nodes["a"].x < layout.nodes["b"].x < layout.nodes["c"].x
    assert set(layout.nodes) == set("abcd")
    assert place({}, []).nodes == {}


def test_labels_keep_the_ends_of_long_paths():
    assert shortened("a" * 100 + ".csv").endswith("a.csv") and len(shortened("a" * 100)) == 36


def test_the_text_tells_both_directions(graph, capsys):
    start = graph.records("artifact")[0]
    start.view_lineage()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Artifact counts.txt ({start.uid})"
    assert lines[1].startswith("└── made by run ") and "of script count.py" in lines[1]
    assert lines[2].startswith("    └── from Artifact raw/plate_1.txt")
    assert sum("made Artifact" in line for line in lines) == 2
    assert "genes" not in start.view_lineage(with_children=False, return_str=True)


def test_the_picture_can_be_returned_or_written(graph, tmp_path, capsys):
    start = graph.records("artifact")[0]
    returned = start.view_lineage(return_graph=True)
    assert returned.source.startswith("digraph {") and "6 edges" not in repr(returned)
    start.view_lineage(path=tmp_path / "x.svg")
    assert (tmp_path / "x.svg").exists() and capsys.readouterr().out == ""


def test_a_notebook_shows_the_page(graph, monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setattr(IPython.display, "display", shown.append)
    graph.records("artifact")[0].view_lineage()
    assert shown[0]._repr_html_().startswith("<iframe")


def test_tables_and_pictures_agree_on_what_a_notebook_is(graph, monkeypatch, capsys):
    import IPython.display

    monkeypatch.setitem(sys.modules, "ipykernel", SimpleNamespace())  # a package that was merely imported
    ln.view(registries=["Artifact"])
    graph.records("artifact")[0].view_lineage()
    assert "uid" in capsys.readouterr().out

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    monkeypatch.setattr(IPython.display, "display", shown.append)
    ln.view(registries=["Artifact"])
    assert shown[0].data == "<b>Artifact</b>" and len(shown[1]) > 0
