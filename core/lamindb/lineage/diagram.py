"""What a picture of a graph shows: boxes with a few lines of text and arrows, written as text or drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

#: Characters that no XML document may hold.
_NOT_IN_XML = dict.fromkeys([*range(0x20), 0x7F, *range(0x80, 0xA0), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], " ")
_MAX_LABEL = 36
SUFFIXES = (".svg", ".png", ".html", ".mmd", ".dot")


@dataclass(frozen=True)
class Style:
    """How a kind of node looks. Kinds differ in shape and icon, not by colour alone."""

    fill: str
    stroke: str
    radius: float
    icon: str
    dot_shape: str
    mermaid: tuple[str, str]


# the colours are those of Okabe and Ito, which people with any kind of colour vision tell apart, and light tints of them
STYLES = {
    "artifact": Style("#ffffff", "#0072b2", 3, "file", "box", ("[", "]")),
    "collection": Style("#ffffff", "#0072b2", 3, "stack", "box3d", ("[[", "]]")),
    "record": Style("#fff8e1", "#9a6a00", 3, "tag", "note", (">", "]")),
    "run": Style("#f3e3f0", "#a0407c", 18, "play", "ellipse", ("([", "])")),
    "transform": Style("#e3f4ee", "#00785a", 10, "code", "component", ("[/", "/]")),
    "term": Style("#ffffff", "#56606b", 8, "", "box", ("(", ")")),
}


@dataclass(frozen=True)
class DiagramNode:
    """A box: identifier, kind (a key of `STYLES`), up to two lines of text, what is told on pointing at it."""

    id: str
    kind: str
    title: str
    detail: str = ""
    tooltip: str = ""
    is_start: bool = False
    n_members: int = 1

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of text as they are drawn: short, on one line each, without control characters."""
        return tuple(shortened(line) for line in (self.title, self.detail) if line)


@dataclass(frozen=True)
class DiagramEdge:
    """An arrow between two boxes."""

    source: str
    target: str
    label: str = ""
    is_dashed: bool = False


@dataclass
class Diagram:
    """Boxes and arrows; `direction` is that of the arrows: left to right, or top to bottom."""

    nodes: list[DiagramNode]
    edges: list[DiagramEdge]
    direction: Literal["LR", "TB"] = "LR"
    title: str = ""
    note: str = ""
    legend: list[str] = field(default_factory=list)

    def to_dot(self) -> str:
        """Return the diagram in Graphviz' language."""
        number = {node.id: f"n{position}" for position, node in enumerate(self.nodes)}
        lines = [
            "digraph {",
            f'  rankdir="{self.direction}";',
            '  node [style="filled", fontname="Helvetica", fontsize=10];',
        ]
        for node in self.nodes:
            style = STYLES[node.kind]
            label = "\\n".join(_dot_text(line) for line in node.lines)
            border = ", penwidth=3" if node.is_start else ""
            lines.append(
                f'  {number[node.id]} [label="{label}", shape={style.dot_shape}, fillcolor="{style.fill}",'
                f' color="{style.stroke}", tooltip="{_dot_text(node.tooltip or node.title)}"{border}];'
            )
        for edge in self.edges:
            dashed = " [style=dashed]" if edge.is_dashed else ""
            lines.append(f"  {number[edge.source]} -> {number[edge.target]}{dashed};")
        return "\n".join([*lines, "}"])

    def to_mermaid(self) -> str:
        """Return the diagram as a mermaid flowchart."""
        number = {node.id: f"n{position}" for position, node in enumerate(self.nodes)}
        lines = [f"flowchart {self.direction}"]
        for node in self.nodes:
            before, after = STYLES[node.kind].mermaid
            label = "<br/>".join(_mermaid_text(line) for line in node.lines)
            lines.append(f'  {number[node.id]}{before}"{label}"{after}:::{node.kind}')
        for edge in self.edges:
            lines.append(f"  {number[edge.source]} {'-.->' if edge.is_dashed else '-->'} {number[edge.target]}")
        for kind in dict.fromkeys(node.kind for node in self.nodes):
            style = STYLES[kind]
            lines.append(f"  classDef {kind} fill:{style.fill},stroke:{style.stroke},color:#1b1f24")
        lines += [f"  style {number[node.id]} stroke-width:3px" for node in self.nodes if node.is_start]
        return "\n".join(lines)

    def to_svg(self) -> str:
        """Return the diagram as an SVG picture that needs no other file."""
        from lamindb.lineage.scene import draw
        from lamindb.lineage.svg import to_svg

        return to_svg(draw(self))

    def to_html(self) -> str:
        """Return the diagram as a page to zoom, move and search in, which loads nothing from anywhere."""
        from lamindb.lineage.html_page import page

        return page(self)

    def _repr_html_(self) -> str:
        return self.to_html_frame()

    def to_html_frame(self) -> str:
        """Return the page in a frame, for the output of a notebook cell."""
        from lamindb.lineage.html_page import frame

        return frame(self)

    def save(self, path: str | Path) -> Path:
        """Write the diagram to a file whose suffix decides how: one of `SUFFIXES`.

        Raises:
            ValueError: for another suffix.
            ModuleNotFoundError: for `.png` if Pillow is not installed.
        """
        path = Path(path)
        writers = {".svg": self.to_svg, ".html": self.to_html, ".mmd": self.to_mermaid, ".dot": self.to_dot}
        if path.suffix == ".png":
            from lamindb.lineage.png import to_png
            from lamindb.lineage.scene import draw

            path.write_bytes(to_png(draw(self)))
        elif path.suffix in writers:
            path.write_text(writers[path.suffix](), encoding="utf-8")
        else:
            raise ValueError(f"Pictures are written as {', '.join(SUFFIXES)}; {path.name!r} has none of these suffixes")
        return path


def printable(text: str) -> str:
    """Return a text on one line without characters that XML forbids."""
    return " ".join(text.translate(_NOT_IN_XML).split())


def shortened(text: str, length: int = _MAX_LABEL) -> str:
    """Return a text of limited length; the middle goes, since paths differ at their ends.

    Example:
        >>> shortened("raw/plate_1/well_a1/measurements_of_the_day.csv", 24)
        'raw/plat…_of_the_day.csv'
    """
    text = printable(text)
    if len(text) <= length:
        return text
    end = (length - 1) * 2 // 3
    return f"{text[: length - 1 - end]}…{text[-end:]}"


def _dot_text(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace('"', '\\"')


def _mermaid_text(text: str) -> str:
    # mermaid writes characters as # and their number; backticks would start markdown
    return "".join(f"#{ord(one)};" if one in "&<>\"'#;`\\" else one for one in printable(text))
