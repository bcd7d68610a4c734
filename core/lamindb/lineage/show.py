"""Shows graphs where the user is: as a picture in a notebook, as text in a terminal or script, or in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.base.notebook import in_notebook
from lamindb.lineage.graph import LineageGraph


def show(
    graph: LineageGraph,
    *,
    return_graph: bool = False,
    path: str | Path | None = None,
    return_str: bool = False,
    downstream: bool = False,
) -> LineageGraph | str | None:
    """Show a lineage graph, or return it.

    Args:
        graph: what to show.
        return_graph: return the graph and show nothing.
        path: write a picture to this file and show nothing.
        return_str: return the text and show nothing.
        downstream: the text also tells what was made from the start.
    """
    if path is not None:
        graph.save(path)
    if return_graph:
        return graph
    if return_str:
        return _text(graph, downstream)
    if path is None:
        display(graph) if in_notebook() else print(_text(graph, downstream))
    return None


def display(picture: Any) -> None:
    """Show what has a `_repr_html_` in the output of a notebook cell."""
    from IPython.display import display as show_in_cell

    show_in_cell(picture)


def _text(graph: LineageGraph, downstream: bool) -> str:
    text = graph.to_text()
    if downstream and any(graph.links_from.get(start) for start in graph.starts):
        text += "\n\nwhat was made from it\n" + graph.to_text(downstream=True)
    return text
