"""Mixin for registries that take part in lineage: artifacts, collections, records, runs and transforms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamindb.lineage.graph import LineageGraph


class HasLineage:
    """Where a record comes from and what became of it."""

    def query_lineage(
        self, direction: str = "both", *, depth: int | None = None, max_nodes: int = 10_000
    ) -> LineageGraph:
        """Return the lineage as a graph: data frames of nodes and edges, pictures, exports.

        The number of statements does not depend on the number of nodes.

        Args:
            direction: `"upstream"` (what it was made from), `"downstream"` (what was made from it) or `"both"`.
            depth: how many generations of datasets to go; a run and its inputs are one. Default: all.
            max_nodes: how many nodes to read at most per direction; the nearest ones are read.

        Raises:
            ValueError: for an unknown direction, a depth below 1 or an unsaved record.

        Example:
            >>> artifact.query_lineage("upstream").nodes
        """
        from lamindb.lineage.read import read_lineage

        return read_lineage(self, direction, depth=depth, max_nodes=max_nodes)

    def query_upstream(self, registry: Any = None, *, depth: int | None = None) -> Any:
        """Return a query set of what this was made from.

        Args:
            registry: which records: `ln.Artifact`, `ln.Collection`, `ln.Record`, `ln.Run` or `ln.Transform`. Default: the
                own registry; for runs and transforms artifacts.
            depth: as for `query_lineage`.

        Example:
            >>> artifact.query_upstream().filter(suffix=".fastq.gz")
            >>> artifact.query_upstream(ln.Transform).to_list("key")
        """
        from lamindb.lineage.read import query_reached

        return query_reached(self, "upstream", registry, depth)

    def query_downstream(self, registry: Any = None, *, depth: int | None = None) -> Any:
        """Return a query set of what was made from this; arguments as for `query_upstream`.

        Example:
            >>> artifact.query_downstream(ln.Run).filter(created_by__handle="anna")
        """
        from lamindb.lineage.read import query_reached

        return query_reached(self, "downstream", registry, depth)

    def view_lineage(
        self,
        with_children: bool = True,
        return_graph: bool = False,
        *,
        depth: int | None = None,
        path: str | Path | None = None,
        return_str: bool = False,
    ) -> LineageGraph | str | None:
        """Show the lineage: in notebooks as a picture to zoom and search in, in scripts as text, or in a file.

        Args:
            with_children: also show what was made from this.
            return_graph: return the graph instead of showing it.
            depth: how many generations of datasets to go; a run and its inputs are one. Default: all.
            path: write a picture there instead; the suffix decides how (`.svg`, `.png`, `.html`, `.mmd`, `.dot`).
            return_str: return the text instead of showing it.

        Example:
            >>> artifact.view_lineage()
            >>> artifact.view_lineage(path="lineage.svg")
        """
        from lamindb.lineage.show import show

        graph = self.query_lineage("both" if with_children else "upstream", depth=depth)
        return show(graph, return_graph=return_graph, path=path, return_str=return_str, downstream=with_children)


class HasDeclaredOrder(HasLineage):
    """Lineage of transforms, whose order can also be declared."""

    def view_lineage(  # type: ignore[override]
        self,
        with_successors: bool = False,
        distance: int = 5,
        *,
        return_graph: bool = False,
        path: str | Path | None = None,
        return_str: bool = False,
    ) -> LineageGraph | str | None:
        """Show the declared predecessors: in notebooks as a picture, in scripts as text, or in a file.

        What the runs of the transform read and made is in `query_lineage()`.

        Args:
            with_successors: also show the declared successors.
            distance: how many steps to go.
            return_graph: return the graph instead of showing it.
            path: write a picture there instead; the suffix decides how.
            return_str: return the text instead of showing it.

        Example:
            >>> align.predecessors.add(trim)
            >>> align.view_lineage()
        """
        from lamindb.lineage.read import read_declared_order
        from lamindb.lineage.show import show

        graph = read_declared_order(self, with_successors, distance)
        return show(graph, return_graph=return_graph, path=path, return_str=return_str, downstream=with_successors)
