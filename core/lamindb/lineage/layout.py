"""Places the nodes of a directed graph in layers, so that edges point one way and cross little (Sugiyama's method).

Written here because the libraries that do this without Graphviz are under the GPL (igraph, grandalf) or have wheels for
recent systems only; pictures shall work wherever the package does. Coordinates: `x` goes along the edges, `y` across.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean

#: Distances in pixels.
GAP_BETWEEN_LAYERS = 56.0
GAP_BETWEEN_NODES = 14.0
_GAP_AT_BENDS = 8.0
_SWEEPS = 12


@dataclass
class Placed:
    """Where a node lies: its centre."""

    x: float
    y: float
    layer: int


@dataclass
class Layout:
    """Where all nodes lie, and through which points the edges go, ends not included."""

    nodes: dict[Hashable, Placed]
    bends: dict[tuple[Hashable, Hashable], list[tuple[float, float]]]
    layers: list[tuple[float, float]] = field(default_factory=list)
    """Where each layer starts and ends along the edges."""


@dataclass(frozen=True)
class _Bend:
    """A place in a layer that an edge over several layers goes through."""

    edge: tuple[Hashable, Hashable]
    layer: int


def place(sizes: dict[Hashable, tuple[float, float]], edges: Iterable[tuple[Hashable, Hashable]]) -> Layout:
    """Place nodes.

    Args:
        sizes: of each node the length along and the length across the direction of the edges, in pixels.
        edges: pairs of nodes; cycles are allowed, edges from a node to itself are ignored.

    Example:
        >>> layout = place({"a": (80, 30), "b": (80, 30)}, [("a", "b")])
        >>> layout.nodes["a"].x < layout.nodes["b"].x
        True
    """
    unique = list(dict.fromkeys((a, b) for a, b in edges if a != b))
    forward = _without_cycles(list(sizes), unique)
    layer_of = _layers(list(sizes), forward)
    rows, neighbours = _rows_with_bends(list(sizes), forward, layer_of)
    rows = _order(rows, neighbours)
    across = {node: sizes[node][1] if node in sizes else 0.0 for row in rows for node in row}
    y = _positions(rows, neighbours, across)
    starts: list[tuple[float, float]] = []
    at = 0.0
    for row in rows:
        length = max((sizes[node][0] for node in row if node in sizes), default=0.0)
        starts.append((at, at + length))
        at += length + GAP_BETWEEN_LAYERS
    middle = [(start + end) / 2 for start, end in starts]
    nodes = {node: Placed(middle[layer_of[node]], y[node], layer_of[node]) for node in sizes}
    passed: dict[tuple[Hashable, Hashable], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        for node in row:
            if isinstance(node, _Bend):  # two points, so that the edge passes the nodes of the layer straight
                passed[node.edge] += [(end, y[node]) for end in starts[node.layer]]
    # edges that close a cycle run backwards through the points of the edge that they were turned into
    bends = {(a, b): passed[a, b] if layer_of[a] < layer_of[b] else passed[b, a][::-1] for a, b in unique}
    return Layout(nodes, bends, starts)


def _without_cycles(nodes: list[Hashable], edges: list[tuple[Hashable, Hashable]]) -> list[tuple[Hashable, Hashable]]:
    """Turn round the edges that close a cycle."""
    following: dict[Hashable, list[Hashable]] = defaultdict(list)
    for a, b in edges:
        following[a].append(b)
    state: dict[Hashable, int] = {}
    back: set[tuple[Hashable, Hashable]] = set()
    for root in nodes:
        if root in state:
            continue
        state[root] = 1
        stack = [(root, iter(following[root]))]
        while stack:
            here, rest = stack[-1]
            there = next(rest, None)
            if there is None:
                state[here] = 2
                stack.pop()
            elif state.get(there) == 1:
                back.add((here, there))
            elif there not in state:
                state[there] = 1
                stack.append((there, iter(following[there])))
    return list(dict.fromkeys((b, a) if (a, b) in back else (a, b) for a, b in edges))


def _layers(nodes: list[Hashable], edges: list[tuple[Hashable, Hashable]]) -> dict[Hashable, int]:
    """Give each node the length of the longest path to it; what nothing leads to moves next to what it leads to."""
    following: dict[Hashable, list[Hashable]] = defaultdict(list)
    waiting = dict.fromkeys(nodes, 0)
    for a, b in edges:
        following[a].append(b)
        waiting[b] += 1
    has_sources = {node for node in nodes if waiting[node]}
    layer = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not waiting[node]]
    while ready:
        here = ready.pop()
        for there in following[here]:
            layer[there] = max(layer[there], layer[here] + 1)
            waiting[there] -= 1
            if not waiting[there]:
                ready.append(there)
    for node in nodes:
        if node not in has_sources and following[node]:
            layer[node] = min(layer[there] for there in following[node]) - 1
    return layer


def _rows_with_bends(
    nodes: list[Hashable], edges: list[tuple[Hashable, Hashable]], layer: dict[Hashable, int]
) -> tuple[list[list[Hashable]], dict[int, dict[Hashable, list[Hashable]]]]:
    """Return the nodes and bends by layer, and their neighbours in the layer before (-1) and after (+1)."""
    rows: list[list[Hashable]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    neighbours: dict[int, dict[Hashable, list[Hashable]]] = {-1: defaultdict(list), 1: defaultdict(list)}
    paths: list[list[Hashable]] = []
    following: dict[Hashable, list[Hashable]] = defaultdict(list)
    for edge in edges:
        path = [edge[0], *(_Bend(edge, at) for at in range(layer[edge[0]] + 1, layer[edge[1]])), edge[1]]
        paths.append(path)
        for a, b in pairwise(path):
            neighbours[1][a].append(b)
            neighbours[-1][b].append(a)
            following[a].append(b)
    # first order: what hangs together lies together
    met: set[Hashable] = set()
    level = {**layer, **{bend: bend.layer for path in paths for bend in path[1:-1] if isinstance(bend, _Bend)}}
    for root in sorted(nodes, key=lambda node: layer[node]):
        stack = [root]
        while stack:
            here = stack.pop()
            if here in met:
                continue
            met.add(here)
            rows[level[here]].append(here)
            stack.extend(reversed(neighbours[-1][here]))
            stack.extend(reversed(neighbours[1][here]))
    return rows, neighbours


def _order(rows: list[list[Hashable]], neighbours: dict[int, dict[Hashable, list[Hashable]]]) -> list[list[Hashable]]:
    """Order each layer by the mean place of the neighbours, to and fro; keep the order with the fewest crossings."""
    best, fewest = [list(row) for row in rows], _crossings(rows, neighbours)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        side = -1 if sweep % 2 == 0 else 1
        for at in range(len(rows)) if side == -1 else reversed(range(len(rows))):
            if not 0 <= at + side < len(rows):
                continue
            place_of = {node: position for position, node in enumerate(rows[at + side])}
            mean = {
                node: fmean(place_of[other] for other in neighbours[side][node]) if neighbours[side][node] else position
                for position, node in enumerate(rows[at])
            }
            rows[at] = sorted(rows[at], key=mean.__getitem__)
        crossings = _crossings(rows, neighbours)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    return best


def _crossings(rows: list[list[Hashable]], neighbours: dict[int, dict[Hashable, list[Hashable]]]) -> int:
    """Count the crossings between neighbouring layers with a binary indexed tree (Barth, Jünger, Mutzel 2002)."""
    total = 0
    for row, after in pairwise(rows):
        place_of = {node: position for position, node in enumerate(after)}
        tree = [0] * (len(after) + 1)
        n_before = 0
        for node in row:
            ends = sorted(place_of[other] for other in neighbours[1][node])
            for end in ends:
                at, not_beyond = end + 1, 0
                while at:
                    not_beyond += tree[at]
                    at -= at & -at
                total += n_before - not_beyond
            for end in ends:
                at = end + 1
                while at < len(tree):
                    tree[at] += 1
                    at += at & -at
            n_before += len(ends)
    return total


def _positions(
    rows: list[list[Hashable]], neighbours: dict[int, dict[Hashable, list[Hashable]]], across: dict[Hashable, float]
) -> dict[Hashable, float]:
    """Move each node towards its neighbours as far as the order and the gaps in its layer allow."""
    y: dict[Hashable, float] = {}
    offsets: list[list[float]] = []
    for row in rows:
        offset, places = 0.0, []
        for position, node in enumerate(row):
            if position:
                before = row[position - 1]
                is_bend = isinstance(node, _Bend) or isinstance(before, _Bend)
                offset += (across[node] + across[before]) / 2 + (_GAP_AT_BENDS if is_bend else GAP_BETWEEN_NODES)
            places.append(offset)
        offsets.append(places)
        y.update({node: place - offset / 2 for node, place in zip(row, places, strict=True)})
    for sweep in range(2 * _SWEEPS):
        sides = ((-1,), (1,), (-1, 1))[sweep % 3 if sweep < 2 * _SWEEPS - 3 else 2]
        order = range(len(rows)) if sweep % 2 == 0 else range(len(rows) - 1, -1, -1)
        for at in order:
            wanted, weights = [], []
            for node in rows[at]:
                near = [other for side in sides for other in neighbours[side][node]]
                bent = isinstance(node, _Bend) and any(isinstance(other, _Bend) for other in near)
                wanted.append(fmean(y[other] for other in near) if near else y[node])
                weights.append(8.0 if bent else 1.0 if near else 0.1)
            for node, value in zip(rows[at], _spread(wanted, weights, offsets[at]), strict=True):
                y[node] = value
    return y


def _spread(wanted: Sequence[float], weights: Sequence[float], offsets: Sequence[float]) -> list[float]:
    """Return the places nearest to the wanted ones that keep order and gaps: weighted isotonic regression."""
    blocks: list[tuple[float, float, int]] = []  # (mean, weight, number of nodes)
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, total, count = want - offset, weight, 1
        while blocks and blocks[-1][0] > mean:
            other, other_weight, other_count = blocks.pop()
            mean = (mean * total + other * other_weight) / (total + other_weight)
            total, count = total + other_weight, count + other_count
        blocks.append((mean, total, count))
    means = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
