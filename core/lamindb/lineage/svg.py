"""Writes scenes as SVG without any reference to another file; every text is escaped."""

from __future__ import annotations

import html

from lamindb.lineage.diagram import STYLES, printable
from lamindb.lineage.scene import DETAIL_SIZE, FONT_SIZE, ICONS, MARGIN, Box, Curve, Scene, legend_step

_FONT = "Helvetica, Arial, 'DejaVu Sans', 'Noto Sans', sans-serif"
INK, FAINT, LINE = "#1b1f24", "#56606b", "#6b7480"


def to_svg(scene: Scene) -> str:
    """Return a scene as the text of an SVG file."""
    width, height = round(scene.width), round(scene.height)
    title = html.escape(scene.title)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{title}" font-family="{_FONT}" font-size="{FONT_SIZE:g}">',
        f"<title>{title}</title>",
        f'<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0,0.5 L8,4 L0,7.5 z" fill="{LINE}"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_legend(scene),
        f'<g fill="none" stroke="{LINE}" stroke-width="1.2">',
        *(_curve(curve) for curve in scene.curves),
        "</g>",
        *(_box(box) for box in scene.boxes),
        "</svg>",
    ]
    return "\n".join(lines)


def _legend(scene: Scene) -> list[str]:
    lines, x, y = [], MARGIN, MARGIN
    for kind in scene.legend:
        lines.append(_icon(STYLES[kind].icon, x, y - 9, STYLES[kind].stroke))
        lines.append(f'<text x="{x + 18:.1f}" y="{y + 1:.1f}" font-size="{DETAIL_SIZE:g}" fill="{FAINT}">{kind}</text>')
        x += legend_step(kind)
    if scene.note:
        note = html.escape(scene.note)
        lines.append(f'<text x="{x:.1f}" y="{y + 1:.1f}" font-size="{DETAIL_SIZE:g}" fill="#b34700">{note}</text>')
    return lines


def _curve(curve: Curve) -> str:
    start, *rest = [f"{x:.1f},{y:.1f}" for x, y in curve.points]
    dashed = ' stroke-dasharray="5 4"' if curve.is_dashed else ""
    source, target = html.escape(curve.source), html.escape(curve.target)
    return (
        f'<path class="edge" data-source="{source}" data-target="{target}" d="M{start} C{" ".join(rest)}"'
        f'{dashed} marker-end="url(#arrow)"/>'
    )


def _box(box: Box) -> str:
    style, node = STYLES[box.node.kind], box.node
    thickness = 3 if node.is_start else 1.4
    parts = [
        f'<g class="node" data-id="{html.escape(node.id)}">',
        f"<title>{html.escape(printable(node.tooltip or node.title))}</title>",
    ]
    outline = f'rx="{style.radius:g}" fill="{style.fill}" stroke="{style.stroke}" stroke-width="{thickness}"'
    if node.n_members > 1:
        parts.append(
            f'<rect x="{box.x + 4:.1f}" y="{box.y + 4:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" {outline}/>'
        )
    parts.append(f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" {outline}/>')
    x = box.x + 10
    if style.icon:
        parts.append(_icon(style.icon, x, box.y + box.height / 2 - 6, style.stroke))
        x += 20
    lines = node.lines
    middle = box.y + box.height / 2
    if lines:
        y = middle + 4 if len(lines) == 1 else middle - 2.5
        weight = ' font-weight="bold"' if node.is_start else ""
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}" fill="{INK}"{weight}>{html.escape(lines[0])}</text>')
    if len(lines) > 1:
        parts.append(
            f'<text x="{x:.1f}" y="{middle + 11:.1f}" font-size="{DETAIL_SIZE:g}" fill="{FAINT}">{html.escape(lines[1])}</text>'
        )
    return "".join([*parts, "</g>"])


def _icon(name: str, x: float, y: float, color: str) -> str:
    path = " ".join("M" + " L".join(f"{x + px:.1f},{y + py:.1f}" for px, py in line) for line in ICONS.get(name, ()))
    return f'<path d="{path}" fill="none" stroke="{color}" stroke-width="1.3" stroke-linejoin="round"/>'
