"""Mixin for registries with a `parents` relation (ontologies)."""

from __future__ import annotations

from typing import Any


class HasParents:
    """Queries and drawings along `parents` and `children`."""

    def query_parents(self) -> Any:
        """Return all ancestors as a query set: one recursive statement, unordered, without the record itself.

        Example:
            >>> cell_type.query_parents().to_list("name")
        """
        from lamindb.query.hierarchy import closure

        return closure(self, "parents")

    def query_children(self) -> Any:
        """Return all descendants as a query set: one recursive statement, unordered, without the record itself."""
        from lamindb.query.hierarchy import closure

        return closure(self, "children")

    def view_parents(self, field: Any = None, with_children: bool = False, distance: int = 5) -> None:
        """Draw the ancestors up to `distance` steps away.

        Args:
            field: field to label the nodes with (default: the name).
            with_children: also draw descendants.
            distance: how many steps to go.
        """
        from lamindb.lineage.hierarchy_view import view_hierarchy

        view_hierarchy(self, field=field, parents=True, children=with_children, distance=distance)

    def view_children(self, field: Any = None, distance: int = 5) -> None:
        """Draw the descendants up to `distance` steps away."""
        from lamindb.lineage.hierarchy_view import view_hierarchy

        view_hierarchy(self, field=field, parents=False, children=True, distance=distance)
