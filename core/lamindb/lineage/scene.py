"""Geometry of a diagram: boxes, lines of text, icons and curves with coordinates, which SVG and PNG are written from."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import inf, log

from lamindb.lineage.diagram import STYLES, Diagram, DiagramNode, printable
from lamindb.lineage.layout import Layout, place

Point = tuple[float, float]

MARGIN = 24.0
FONT_SIZE = 12.0
DETAIL_SIZE = 10.0
#: Widths of characters of a sans-serif font as parts of its size; characters of East Asian scripts take a whole one.
_NARROW, _MEAN, _BROAD, _WIDE = 0.33, 0.56, 0.74, 1.0
_NARROW_CHARACTERS, _BROAD_CHARACTERS = frozenset("iljft.,;:'|!()[]/ -"), frozenset("mwMW@%…ABCDEGHKNOPQRSUVXYZ&")
_BOX_HEIGHT, _BOX_HEIGHT_WITHOUT_DETAIL = 40.0, 30.0
_PADDING, _ICON = 10.0, 14.0
_LEGEND_HEIGHT = 30.0
#: A picture that is more than this longer than high is broken into bands, like text into lines.
_MAX_ASPECT = 4.0
_WANTED_ASPECT = 1.8
_MAX_CROSSING_BANDS = 12
_MAX_BANDS = 60
_GAP_BETWEEN_BANDS = 75.0

#: Outlines of icons in a square of 12 by 12, lines by lines.
ICONS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "file": (((2, 0.5), (7.5, 0.5), (10, 3), (10, 11.5), (2, 11.5), (2, 0.5)), ((7.5, 0.5), (7.5, 3), (10, 3))),
    "stack": (
        ((0.5, 4), (6, 1), (11.5, 4), (6, 7), (0.5, 4)),
        ((0.5, 6.5), (6, 9.5), (11.5, 6.5)),
        ((0.5, 8.8), (6, 11.8), (11.5, 8.8)),
    ),
    "tag": (((0.5, 0.5), (6.5, 0.5), (11.5, 5.5), (6, 11), (0.5, 5.8), (0.5, 0.5)), ((2.6, 2.2), (3.8, 3.4))),
    "play": (((2.5, 1), (10.5, 6), (2.5, 11), (2.5, 1)),),
    "code": (((4, 2), (0.5, 6), (4, 10)), ((8, 2), (11.5, 6), (8, 10)), ((7, 1), (5, 11))),
}


@dataclass
class Box:
    """A node with its upper left corner and size."""

    node: DiagramNode
    x: float
    y: float
    width: float
    height: float


@dataclass
class Curve:
    """An arrow: a start, and then cubic Bézier segments of three points each."""

    source: str
    target: str
    points: list[Point]
    is_dashed: bool = False


@dataclass
class Scene:
    """Everything that is drawn."""

    width: float
    height: float
    boxes: list[Box]
    curves: list[Curve]
    title: str = ""
    note: str = ""
    legend: list[str] = field(default_factory=list)


def draw(diagram: Diagram) -> Scene:
    """Return a diagram with coordinates."""
    sizes = {node.id: box_size(node) for node in diagram.nodes}
    is_flat = diagram.direction == "LR"
    along = {node: size if is_flat else size[::-1] for node, size in sizes.items()}
    layout = place(dict(along), [(edge.source, edge.target) for edge in diagram.edges])
    pieces = _curves(diagram, layout, {str(node): size for node, size in along.items()})
    if is_flat:
        bands = _bands(diagram, layout, pieces, along)
        if bands:
            _fold(diagram, layout, pieces, along, bands)
    if not is_flat:
        pieces = {key: [(y, x) for x, y in points] for key, points in pieces.items()}
    boxes = []
    for node in diagram.nodes:
        placed, (width, height) = layout.nodes[node.id], sizes[node.id]
        x, y = (placed.x, placed.y) if is_flat else (placed.y, placed.x)
        boxes.append(Box(node, x - width / 2, y - height / 2, width, height))
    curves = [Curve(edge.source, edge.target, pieces[edge.source, edge.target], edge.is_dashed)
              for edge in diagram.edges if edge.source != edge.target]  # fmt: skip
    return _framed(diagram, boxes, curves)


def box_size(node: DiagramNode) -> tuple[float, float]:
    """Return width and height of a box."""
    lines = node.lines
    sizes = (FONT_SIZE, DETAIL_SIZE)
    text = max((text_width(line, size) for line, size in zip(lines, sizes, strict=False)), default=0.0)
    icon = _ICON + 6 if STYLES[node.kind].icon else 0.0
    height = _BOX_HEIGHT if len(lines) > 1 else _BOX_HEIGHT_WITHOUT_DETAIL
    return max(60.0, text + icon + 2 * _PADDING), height


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in a sans-serif font."""
    return size * sum(map(_character_width, text))


def _character_width(character: str) -> float:
    if ord(character) > 0x2E7F:
        return _WIDE
    if character in _NARROW_CHARACTERS:
        return _NARROW
    return _BROAD if character in _BROAD_CHARACTERS else _MEAN


def _curves(
    diagram: Diagram, layout: Layout, along: dict[str, tuple[float, float]]
) -> dict[tuple[str, str], list[Point]]:
    curves = {}
    for edge in diagram.edges:
        if edge.source == edge.target:
            continue
        a, b = layout.nodes[edge.source], layout.nodes[edge.target]
        forward = 1 if a.layer <= b.layer else -1
        start = (a.x + forward * along[edge.source][0] / 2, a.y)
        end = (b.x - forward * along[edge.target][0] / 2, b.y)
        # the curve bends between the layers only, where no boxes are
        leaves, enters = layout.layers[a.layer][forward > 0], layout.layers[b.layer][forward < 0]
        points = [start, (leaves, a.y), *layout.bends[edge.source, edge.target], (enters, b.y), end]
        curves[edge.source, edge.target] = _smooth(points)
    return curves


def _smooth(points: list[Point]) -> list[Point]:
    """Return Bézier segments that go through points and are level at each of them."""
    curve = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(x1 - x0) < 0.05 and abs(y1 - y0) < 0.05:  # a segment without length has no direction for its arrow
            continue
        half = (x0 + x1) / 2
        curve += [(half, y0), (half, y1), (x1, y1)]
    return curve


# bands ----------------------------------------------------------------------------------------------------------------


def _bands(
    diagram: Diagram, layout: Layout, curves: dict[tuple[str, str], list[Point]], along: dict[str, tuple[float, float]]
) -> list[int]:
    """Return the layers at which a long picture is broken, or none if it isn't or too many arrows would be cut."""
    if len(layout.layers) < 8:
        return []
    extents = _extents(layout, along)
    length = layout.layers[-1][1]
    if length <= _MAX_ASPECT * max(_height(extents), 160):
        return []
    cut = [0] * (len(layout.layers) + 1)
    for source, target in curves:
        low, high = sorted((layout.nodes[source].layer, layout.nodes[target].layer))
        for at in range(low + 1, high + 1):
            cut[at] += 1
    best: list[int] = []
    nearest = log(length / max(_height(extents), 160) / _WANTED_ASPECT)
    for n_bands in range(2, min(_MAX_BANDS, len(layout.layers) // 4) + 1):
        breaks = _breaks(layout, cut, n_bands)
        bands = list(pairwise([0, *breaks, len(layout.layers)]))
        width = max(layout.layers[end - 1][1] - layout.layers[start][0] for start, end in bands)
        height = sum(_height(extents[start:end]) + _GAP_BETWEEN_BANDS for start, end in bands)
        distance = abs(log(width / height / _WANTED_ASPECT))
        if distance < nearest and all(cut[at] <= _MAX_CROSSING_BANDS for at in breaks):
            best, nearest = breaks, distance
    return best


def _breaks(layout: Layout, cut: list[int], n_bands: int) -> list[int]:
    """Return where to break into about equally long bands, near there where the fewest arrows are cut."""
    breaks: list[int] = []
    length = layout.layers[-1][1]
    reach = max(1, len(layout.layers) // n_bands // 6)
    for band in range(1, n_bands):
        wanted = next(at for at, (_, end) in enumerate(layout.layers) if end >= length * band / n_bands)
        near = range(max(1, wanted - reach), min(len(layout.layers) - 1, wanted + reach) + 1)
        best = min(near, key=lambda at: (cut[at], abs(at - wanted)))
        if not breaks or best > breaks[-1]:
            breaks.append(best)
    return breaks


def _extents(layout: Layout, along: dict[str, tuple[float, float]]) -> list[Point]:
    """Return from where to where each layer reaches across the edges."""
    extents = [(inf, -inf)] * len(layout.layers)
    for node, placed in layout.nodes.items():
        half, (low, high) = along[str(node)][1] / 2, extents[placed.layer]
        extents[placed.layer] = (min(low, placed.y - half), max(high, placed.y + half))
    return extents


def _height(extents: list[Point]) -> float:
    return max(high for _, high in extents) - min(low for low, _ in extents)


def _fold(
    diagram: Diagram,
    layout: Layout,
    curves: dict[tuple[str, str], list[Point]],
    along: dict[str, tuple[float, float]],
    breaks: list[int],
) -> None:
    """Put the layers from each break on into a band below, and lead the arrows that are cut to the next band."""
    first = [0, *breaks]
    band_of = [sum(at >= start for start in first) - 1 for at in range(len(layout.layers))]
    ys: dict[int, list[float]] = {}
    for node, placed in layout.nodes.items():
        half = along[str(node)][1] / 2
        ys.setdefault(band_of[placed.layer], []).extend([placed.y - half, placed.y + half])
    for (source, target), points in curves.items():
        band = band_of[layout.nodes[source].layer]
        if band == band_of[layout.nodes[target].layer]:
            ys[band].extend(y for _, y in points)
    moves: list[Point] = []
    ends: list[tuple[float, float]] = []  # top and bottom of each band
    top = 0.0
    for band, start in enumerate(first):
        low, high = min(ys[band]), max(ys[band])
        moves.append((-layout.layers[start][0], top - low))
        ends.append((top, top + high - low))
        top += high - low + _GAP_BETWEEN_BANDS
    lane: dict[int, int] = {}
    for placed in layout.nodes.values():
        dx, dy = moves[band_of[placed.layer]]
        placed.x, placed.y = placed.x + dx, placed.y + dy
    for (source, target), points in list(curves.items()):
        a, b = layout.nodes[source], layout.nodes[target]
        band, other = band_of[a.layer], band_of[b.layer]
        if band == other:
            dx, dy = moves[band]
            curves[source, target] = [(x + dx, y + dy) for x, y in points]
            continue
        lane[band] = lane.get(band, -1) + 1
        shift = 4.0 * (lane[band] % 7)
        # down between two layers, along below the band, up or down between two layers: never behind a box
        below, above = ends[band][1] + 16 + shift, ends[other][0] - 16 - shift
        leaves = layout.layers[a.layer][1] + moves[band][0] + 12 + shift
        enters = layout.layers[b.layer][0] + moves[other][0] - 12 - shift
        start, end = (a.x + along[source][0] / 2, a.y), (b.x - along[target][0] / 2, b.y)
        if other == band + 1:
            way = [(leaves, below), (enters, below)]
        else:
            way = [(leaves, below), (-24 - shift, below), (-24 - shift, above), (enters, above)]
        curves[source, target] = _angular([start, (leaves, a.y), *way, (enters, b.y), end])


def _angular(corners: list[Point], radius: float = 7.0) -> list[Point]:
    """Return Bézier segments along straight lines with rounded corners."""
    curve = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        into, out = _towards(corner, before, radius), _towards(corner, after, radius)
        curve += [curve[-1], into, into, corner, corner, out]
    return [*curve, curve[-1], corners[-1], corners[-1]]


def _towards(a: Point, b: Point, distance: float) -> Point:
    length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
    part = min(0.5, distance / length) if length else 0.0
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _framed(diagram: Diagram, boxes: list[Box], curves: list[Curve]) -> Scene:
    """Move everything so that it starts at the margin, below the legend."""
    xs = [value for box in boxes for value in (box.x, box.x + box.width)]
    ys = [value for box in boxes for value in (box.y, box.y + box.height)]
    for curve in curves:
        xs += [x for x, _ in curve.points]
        ys += [y for _, y in curve.points]
    has_legend = len(diagram.legend) > 0
    dx = MARGIN - min(xs, default=0.0)
    dy = MARGIN + (_LEGEND_HEIGHT if has_legend else 0.0) - min(ys, default=0.0)
    for box in boxes:
        box.x, box.y = box.x + dx, box.y + dy
    for curve in curves:
        curve.points = [(x + dx, y + dy) for x, y in curve.points]
    legend = diagram.legend
    legend_width = sum(legend_step(kind) for kind in legend) + text_width(diagram.note, DETAIL_SIZE)
    width = max(max(xs, default=0.0) + dx, legend_width + MARGIN) + MARGIN
    return Scene(
        width, max(ys, default=0.0) + dy + MARGIN, boxes, curves, printable(diagram.title), diagram.note, legend
    )


def legend_step(kind: str) -> float:
    """Return the width of an entry of the legend."""
    return _ICON + 8 + text_width(kind, DETAIL_SIZE) + 18
