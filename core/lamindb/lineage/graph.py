"""The lineage graph: what was made from what, by which runs of which transforms, as data, text, pictures and exports."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.lineage.walk import REGISTRIES, NodeKey

if TYPE_CHECKING:
    import pandas as pd

    from lamindb.lineage.diagram import Diagram

#: What the edges mean; all of them point from the earlier to the later.
RELATIONS = {
    "input": "a dataset was read by a run",
    "output": "a run made a dataset, or wrote down a transform",
    "recreated": "a run made a dataset that existed already, with the same content",
    "member": "an artifact is part of a collection",
    "executed": "a run is a run of a transform",
    "initiated": "a run started another run",
    "precedes": "a transform was declared to come before another one",
}


@dataclass(frozen=True)
class LineageNode:
    """An artifact, collection, record, run or transform of a lineage graph.

    Attributes:
        kind: `"artifact"`, `"collection"`, `"record"`, `"run"` or `"transform"`.
        record: the record of the registry.
        distance: number of edges to the nearest record that the graph was made for.
    """

    kind: str
    record: Any = field(compare=False, repr=False)
    uid: str
    distance: int | None = field(default=None, compare=False)

    @property
    def key(self) -> NodeKey:
        """What edges refer to: the kind and the id."""
        return self.kind, self.record.pk

    @property
    def id(self) -> str:
        """Identifier that is unique in the graph and readable: the kind and the uid."""
        return f"{self.kind}:{self.uid}"

    @property
    def label(self) -> str:
        """Key, else description or name, else uid; of a run the transform's key and the entrypoint."""
        record = self.record
        if self.kind == "run":
            entrypoint = f": {record.entrypoint}" if record.entrypoint else ""
            return f"{record.transform.key}{entrypoint}"
        if self.kind == "record":
            return record.name or self.uid
        return record.key or getattr(record, "description", None) or self.uid

    @property
    def detail(self) -> str:
        """Second line of a label: version, or when a run started."""
        record = self.record
        if self.kind == "run":
            return f"run at {record.started_at:%Y-%m-%d %H:%M:%S}"
        if self.kind == "record":
            return record.type.name if record.type_id is not None else "record"
        described = self.kind if self.kind == "collection" else record.kind
        return " · ".join(part for part in (described, f"version {record.version}") if part)


@dataclass(frozen=True)
class LineageEdge:
    """An edge from the earlier to the later node; `RELATIONS` tells what the relations mean."""

    source: NodeKey
    target: NodeKey
    relation: str


@dataclass
class LineageGraph:
    """Where data comes from and what became of it.

    Made by `.query_lineage()` of artifacts, collections, records, runs and transforms.

    Attributes:
        starts: keys of the nodes that the graph was made for.
        is_cut: whether there are more nodes than were asked for.

    Example:
        >>> graph = artifact.query_lineage("upstream")
        >>> graph.nodes[["kind", "label"]]
        >>> graph.save("lineage.svg")
    """

    starts: tuple[NodeKey, ...]
    by_key: dict[NodeKey, LineageNode]
    links: list[LineageEdge]
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.by_key)

    def __iter__(self) -> Iterator[LineageNode]:
        return iter(self.by_key.values())

    def __repr__(self) -> str:
        counts = {kind: len(self.of_kind(kind)) for kind in REGISTRIES}
        described = ", ".join(f"{n} {kind}{'s' if n > 1 else ''}" for kind, n in counts.items() if n)
        start = ", ".join(self.by_key[key].label for key in self.starts[:3])
        return f"LineageGraph of {start}: {described}, {len(self.links)} edges"

    # as data ----------------------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> pd.DataFrame:
        """The nodes as a table: `id`, `kind`, `uid`, `label`, `version`, `distance`, `created_at`, `created_by`."""
        import pandas as pd

        columns = ["id", "kind", "uid", "label", "version", "distance", "created_at", "created_by"]
        rows = [
            (
                node.id,
                node.kind,
                node.uid,
                node.label,
                getattr(node.record, "version", None),
                node.distance,
                node.record.created_at,
                node.record.created_by.handle,
            )
            for node in self
        ]
        return pd.DataFrame(rows, columns=columns)

    @property
    def edges(self) -> pd.DataFrame:
        """The edges as a table: `source` and `target` are the `id` of nodes, `relation` is one of `RELATIONS`."""
        import pandas as pd

        rows = [(self.by_key[edge.source].id, self.by_key[edge.target].id, edge.relation) for edge in self.links]
        return pd.DataFrame(rows, columns=["source", "target", "relation"])

    def of_kind(self, *kinds: str) -> list[LineageNode]:
        """Return the nodes of some kinds, nearest first."""
        return [node for node in self if node.kind in kinds]

    def records(self, kind: str) -> list[Any]:
        """Return the records of one kind, nearest first.

        Example:
            >>> [artifact.key for artifact in graph.records("artifact")]
        """
        if kind not in REGISTRIES:
            raise ValueError(f"A lineage graph has nodes of the kinds {', '.join(REGISTRIES)}; got {kind!r}")
        return [node.record for node in self.of_kind(kind)]

    @cached_property
    def links_from(self) -> dict[NodeKey, list[LineageEdge]]:
        """The edges by the node that they start at."""
        return _grouped(self.links, "source")

    @cached_property
    def links_to(self) -> dict[NodeKey, list[LineageEdge]]:
        """The edges by the node that they end at."""
        return _grouped(self.links, "target")

    # as text and pictures ---------------------------------------------------------------------------------------------

    def to_text(self, *, downstream: bool = False) -> str:
        """Return the graph as an indented tree that goes back to the sources, or with `downstream` on to the results."""
        from lamindb.lineage.text import render

        return render(self, downstream=downstream)

    def diagram(self, *, transforms: bool | None = None) -> Diagram:
        """Return what a picture shows.

        Args:
            transforms: draw transforms as nodes of their own. By default they are, if the graph was made for one; else
                they are named in the labels of their runs.
        """
        from lamindb.lineage.lineage_diagram import make_diagram

        return make_diagram(self, transforms=transforms)

    @property
    def source(self) -> str:
        """The graph in Graphviz' language."""
        return self.to_dot()

    def to_dot(self, **kwargs: Any) -> str:
        """Return the graph in Graphviz' language; arguments as for `diagram`."""
        return self.diagram(**kwargs).to_dot()

    def to_mermaid(self, **kwargs: Any) -> str:
        """Return the graph as a mermaid flowchart; arguments as for `diagram`."""
        return self.diagram(**kwargs).to_mermaid()

    def to_svg(self, **kwargs: Any) -> str:
        """Return the graph as an SVG picture that needs nothing else; arguments as for `diagram`."""
        return self.diagram(**kwargs).to_svg()

    def to_html(self, **kwargs: Any) -> str:
        """Return the graph as a page to zoom, move and search in, which loads nothing; arguments as for `diagram`."""
        return self.diagram(**kwargs).to_html()

    def save(self, path: str | Path, **kwargs: Any) -> Path:
        """Write the graph to a file whose suffix decides how: `.svg`, `.png`, `.html`, `.mmd`, `.dot`, `.txt`.

        Args:
            path: where to.
            **kwargs: as for `diagram`.

        Raises:
            ValueError: for another suffix.
            ModuleNotFoundError: for `.png` if Pillow is not installed.

        Example:
            >>> artifact.query_lineage().save("lineage.png")
        """
        path = Path(path)
        if path.suffix == ".txt":
            path.write_text(self.to_text() + "\n", encoding="utf-8")
            return path
        return self.diagram(**kwargs).save(path)

    def _repr_html_(self) -> str:
        return self.diagram().to_html_frame()

    # as exports -------------------------------------------------------------------------------------------------------

    def to_prov(self) -> dict[str, Any]:
        """Return the graph as a W3C PROV-JSON document. Secrets in parameters, URLs and texts are replaced.

        Example:
            >>> import json
            >>> text = json.dumps(graph.to_prov())
        """
        from lamindb.lineage.prov import to_prov

        return to_prov(self)

    def to_openlineage(self, namespace: str | None = None) -> list[dict[str, Any]]:
        """Return the runs as OpenLineage events, oldest first: a start and an end of each run.

        Args:
            namespace: namespace of the jobs (default: `lamindb://` and the slug of the instance).
        """
        from lamindb.lineage.openlineage import to_openlineage

        return to_openlineage(self, namespace)

    def to_ro_crate(
        self, path: str | Path, *, with_data: bool = False, name: str | None = None, license: str | None = None
    ) -> Path:
        """Write the graph as an RO-Crate: a folder with `ro-crate-metadata.json`, the picture and maybe the data.

        Args:
            path: an empty or new folder; a path that ends in `.zip` is written as an archive.
            with_data: also copy the data of the artifacts into the crate. Without, the crate tells where they are.
            name: name of the crate.
            license: licence of the data, best a URL such as `"https://spdx.org/licenses/CC-BY-4.0"`.

        Raises:
            FileExistsError: if the folder is not empty or the archive exists.

        Returns:
            The path.
        """
        from lamindb.lineage.ro_crate import to_ro_crate

        return to_ro_crate(self, Path(path), with_data=with_data, name=name, license=license)


def distances(starts: Iterable[NodeKey], edges: Iterable[LineageEdge]) -> dict[NodeKey, int]:
    """Return for all nodes that are connected with a start the number of edges in between."""
    neighbours: dict[NodeKey, list[NodeKey]] = {}
    for edge in edges:
        neighbours.setdefault(edge.source, []).append(edge.target)
        neighbours.setdefault(edge.target, []).append(edge.source)
    found = dict.fromkeys(starts, 0)
    queue = deque(found)
    while queue:
        here = queue.popleft()
        for there in neighbours.get(here, ()):
            if there not in found:
                found[there] = found[here] + 1
                queue.append(there)
    return found


def _grouped(edges: list[LineageEdge], end: str) -> dict[NodeKey, list[LineageEdge]]:
    grouped: dict[NodeKey, list[LineageEdge]] = {}
    for edge in edges:
        grouped.setdefault(getattr(edge, end), []).append(edge)
    return grouped
