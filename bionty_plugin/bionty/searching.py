"""Search in a vocabulary: literal matches first, then terms that have all words."""

from __future__ import annotations

import heapq
import re

from bionty.term_table import TermTable
from lamindb.base.text_search import fold

_WORDS = re.compile(r"[\s\-_/,;:.|]+")
_BOUNDS = re.compile(r"[\s|.,;:]")


def ranked_rows(
    table: TermTable, string: str, names: list[str] | None, limit: int | None, case_sensitive: bool
) -> list[int]:
    """Return the rows that match, best first.

    Args:
        table: the vocabulary.
        string: what to look for.
        names: columns to search; default: all texts.
        limit: greatest number of rows.
        case_sensitive: distinguish upper and lower case.
    """
    if not isinstance(string, str) or not string.strip():
        return []
    columns = names or [name for name in table.names if _is_text(table, name)]
    folded = (lambda text: text) if case_sensitive else fold
    wanted = folded(string.strip())
    words = [word for word in _WORDS.split(wanted) if word]
    scores: dict[int, float] = {}
    for name in columns:
        weight = 1.0 if name in ("name", "symbol", "synonyms") else 0.5
        for position, value in enumerate(table.column(name)):
            if value is None:
                continue
            text = folded(value if isinstance(value, str) else ", ".join(map(str, value)))
            score = _score(wanted, words, text)
            if score:
                scores[position] = scores.get(position, 0) + score * weight
    order = [(-score, table.is_obsolete[position], position) for position, score in scores.items()]
    best = sorted(order) if limit is None else heapq.nsmallest(limit, order)
    return [position for _, _, position in best]


def _score(wanted: str, words: list[str], text: str) -> float:
    start = text.find(wanted)
    if start < 0:
        if len(words) < 2 or not all(word in text for word in words):
            return 0
        parts = [" ".join(part for part in _WORDS.split(name) if part) for name in text.split("|")]
        return 0.8 if " ".join(words) in parts else 0.4
    if text == wanted:
        return 200
    score = 1.0
    if wanted in (part.strip() for part in text.split("|")):
        score += 200
    end = start + len(wanted)
    opened = start == 0 or bool(_BOUNDS.match(text[start - 1]))
    closed = end == len(text) or bool(_BOUNDS.match(text[end]))
    score += 10 * (opened and closed) + 2 * opened + 2 * closed
    if start == 0 or text[start - 1] == "|":
        score += 8
    return score


def _is_text(table: TermTable, name: str) -> bool:
    import pyarrow as pa

    kind = table.data.schema.field(name).type
    return pa.types.is_string(kind) or pa.types.is_list(kind)
