"""Draws scenes as PNG with Pillow, which needs no program of the system and no installed font."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

from lamindb.lineage.diagram import STYLES
from lamindb.lineage.scene import DETAIL_SIZE, FONT_SIZE, ICONS, MARGIN, Box, Curve, Point, Scene, legend_step
from lamindb.lineage.svg import FAINT, INK, LINE

#: Pixels per unit, and the greatest number of pixels; bigger pictures are made smaller.
SCALE = 2.0
MAX_PIXELS = 60_000_000
_STEPS = 12


def to_png(scene: Scene) -> bytes:
    """Return a scene as the content of a PNG file.

    Raises:
        ModuleNotFoundError: if Pillow is not installed.
    """
    try:
        from PIL import Image, ImageDraw
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "PNG pictures are drawn by Pillow: pip install 'lamindb-core[lineage]' (.svg and .html need nothing)"
        ) from None
    area = max(scene.width * scene.height, 1)
    scale = min(SCALE, (MAX_PIXELS / area) ** 0.5)
    # Pillow draws hard edges: small pictures are drawn twice as big and made smaller
    finer = 2 if area * (2 * scale) ** 2 <= MAX_PIXELS else 1
    size = (max(1, round(scene.width * scale * finer)), max(1, round(scene.height * scale * finer)))
    image = Image.new("RGB", size, "white")
    _Painter(ImageDraw.Draw(image), scale * finer).paint(scene)
    image = image.reduce(finer) if finer > 1 else image
    stream = io.BytesIO()
    image.save(stream, format="PNG", optimize=True)
    return stream.getvalue()


class _Painter:
    """Draws the parts of a scene."""

    def __init__(self, draw: Any, scale: float) -> None:
        from PIL import ImageFont

        self.draw, self.scale = draw, scale
        self.fonts = {size: _font(ImageFont, size * scale) for size in (FONT_SIZE, DETAIL_SIZE)}

    def paint(self, scene: Scene) -> None:
        """Draw everything."""
        x = MARGIN
        for kind in scene.legend:
            self.icon(STYLES[kind].icon, (x, MARGIN - 9), STYLES[kind].stroke)
            self.text((x + 18, MARGIN + 1), kind, DETAIL_SIZE, FAINT)
            x += legend_step(kind)
        if scene.note:
            self.text((x, MARGIN + 1), scene.note, DETAIL_SIZE, "#b34700")
        for curve in scene.curves:
            self.curve(curve)
        for box in scene.boxes:
            self.box(box)

    def box(self, box: Box) -> None:
        """Draw a node."""
        style, node = STYLES[box.node.kind], box.node
        outline = {"radius": style.radius * self.scale, "fill": style.fill, "outline": style.stroke}
        for shift in (4, 0) if node.n_members > 1 else (0,):
            corners = [
                self.at((box.x + shift, box.y + shift)),
                self.at((box.x + box.width + shift, box.y + box.height + shift)),
            ]
            self.draw.rounded_rectangle(corners, width=self.pen(3 if node.is_start else 1.4), **outline)
        x, middle, lines = box.x + 10, box.y + box.height / 2, node.lines
        if style.icon:
            self.icon(style.icon, (x, middle - 6), style.stroke)
            x += 20
        if lines:
            self.text((x, middle + 4 if len(lines) == 1 else middle - 2.5), lines[0], FONT_SIZE, INK, node.is_start)
        if len(lines) > 1:
            self.text((x, middle + 11), lines[1], DETAIL_SIZE, FAINT)

    def curve(self, curve: Curve) -> None:
        """Draw an arrow."""
        points = [self.at(point) for point in _flattened(curve.points)]
        if curve.is_dashed:
            for piece in _dashes(points, 5 * self.scale, 4 * self.scale):
                self.draw.line(piece, fill=LINE, width=self.pen(1.2))
        else:
            self.draw.line(points, fill=LINE, width=self.pen(1.2), joint="curve")
        (x, y), (before_x, before_y) = points[-1], points[-2]
        length = ((x - before_x) ** 2 + (y - before_y) ** 2) ** 0.5 or 1.0
        ux, uy = (x - before_x) / length, (y - before_y) / length
        long, wide = 8 * self.scale, 3.4 * self.scale
        left = (x - ux * long - uy * wide, y - uy * long + ux * wide)
        right = (x - ux * long + uy * wide, y - uy * long - ux * wide)
        self.draw.polygon([(x, y), left, right], fill=LINE)

    def icon(self, name: str, corner: Point, color: str) -> None:
        """Draw the outlines of an icon."""
        for line in ICONS.get(name, ()):
            points = [self.at((corner[0] + x, corner[1] + y)) for x, y in line]
            self.draw.line(points, fill=color, width=self.pen(1.3), joint="curve")

    def text(self, baseline: Point, text: str, size: float, color: str, bold: bool = False) -> None:
        """Write a text that starts on a base line."""
        stroke = {"stroke_width": max(1, round(self.scale * 0.2)), "stroke_fill": color} if bold else {}
        self.draw.text(self.at(baseline), text, fill=color, font=self.fonts[size], anchor="ls", **stroke)

    def at(self, point: Point) -> Point:
        """Return a point in pixels."""
        return point[0] * self.scale, point[1] * self.scale

    def pen(self, width: float) -> int:
        """Return a width in whole pixels."""
        return max(1, round(width * self.scale))


def _font(fonts: Any, size: float) -> Any:
    # most Linux systems have DejaVu, which knows Greek and Cyrillic too; the font inside Pillow knows Latin letters
    try:
        return fonts.truetype("DejaVuSans.ttf", max(6, size * 0.92))
    except OSError:
        return fonts.load_default(max(6, size))


def _flattened(points: list[Point]) -> list[Point]:
    """Return points along Bézier segments."""
    flat = [points[0]]
    for at in range(1, len(points) - 2, 3):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = flat[-1], points[at], points[at + 1], points[at + 2]
        if y0 == y1 == y2 == y3 or ((x0, y0) == (x1, y1) and (x2, y2) == (x3, y3)):  # a straight line
            flat.append((x3, y3))
            continue
        for step in range(1, _STEPS + 1):
            t = step / _STEPS
            s = 1 - t
            a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
            flat.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return flat


def _dashes(points: list[Point], on: float, off: float) -> list[list[Point]]:
    """Cut a line into dashes."""
    pieces: list[list[Point]] = []
    is_on, left = True, on
    piece = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        done = 0.0
        while length - done > left:
            done += left
            here = (x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length)
            if is_on:
                pieces.append([*piece, here])
            piece, is_on = [here], not is_on
            left = on if is_on else off
        left -= length - done
        piece.append((x1, y1))
    return [*pieces, piece] if is_on and len(piece) > 1 else pieces
