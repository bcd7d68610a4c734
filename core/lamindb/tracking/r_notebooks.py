"""R notebooks (`.Rmd`, `.qmd`): their title, and the html page that their editor exported beside them."""

from __future__ import annotations

import re
from pathlib import Path

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE_LINE = re.compile(r'(?m)^title:[ \t]*"((?:\\.|[^"\\])*)"[ \t]*$')
_HTML_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_SAVE_PROMPT = re.compile(r"please\s+hit\s+.{0,40}?\s+to\s+save\s+the\s+notebook\s+in\s+your\s+editor", re.DOTALL)


def title_of_r_notebook(text: str) -> str | None:
    """Return the title in the front matter of an R notebook.

    Example:
        >>> title_of_r_notebook('---\\ntitle: "Counts"\\n---\\ntext')
        'Counts'
    """
    block = _FRONT_MATTER.match(text)
    match = _TITLE_LINE.search(block[1]) if block else None
    return match[1] if match else None


def with_title(text: str, title: str | None) -> str:
    """Return the text of an R notebook with this title in its front matter, if it has one."""
    block = _FRONT_MATTER.match(text)
    if not title or not block:
        return text
    line = f'title: "{title}"'
    head = _TITLE_LINE.sub(lambda _: line, block[1]) if _TITLE_LINE.search(block[1]) else f"{line}\n{block[1]}"
    return f"---\n{head}\n---\n{text[block.end() :]}"


def exported_pages(path: Path) -> list[Path]:
    """Return the html pages that lie beside an R notebook: `<stem>.nb.html`, `<stem>.html`."""
    return [page for suffix in (".nb.html", ".html") if (page := path.with_suffix(suffix)).is_file()]


def clean_page(html: str) -> tuple[str, str | None]:
    """Return a page without its title and our prompt to save, and the title."""
    match = _HTML_TITLE.search(html)
    title = match[1].strip() if match else None
    if match:
        html = html[: match.start()] + html[match.end() :]
    if title:
        html = re.sub(rf"<h1\b[^>]*>\s*{re.escape(title)}\s*</h1>", "", html, count=1)
    return _SAVE_PROMPT.sub("", html), title
