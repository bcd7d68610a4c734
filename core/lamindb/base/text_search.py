"""What a text search finds and how it ranks: folding of case, and points per field. Pure Python; databases evaluate the same rules.

Case folding maps single characters to single characters, so that every database can do it: ASCII letters to lower case, other letters to
their simple case folding. The three non-ASCII letters whose folding is ASCII (Kelvin sign, long s, dotted capital I) stay as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: Characters that bound a phrase (besides the start and end of a text).
_BLANK = " \t\n\r"
_LEFT = f"[{_BLANK}|.,;:]"
_RIGHT = f"[{_BLANK}|.,;:]"
_LEFT_WORD = f"[{_BLANK}|]"
_BOUND = frozenset(_BLANK + "|.,;:")
_WORD_BOUND = frozenset(_BLANK + "|")
_BLANKS = frozenset(_BLANK)

EQUAL, SYNONYM, PHRASE, PART_START, WORD_START, WORD_END, CONTAINS, NAME_START = 200, 200, 10, 8, 2, 2, 1, 2
#: Greatest code point with a case (Adlam letters), rounded up.
_LAST_CASED = 0x1E950


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    table = {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    for code in range(0x80, _LAST_CASED):
        character = chr(code)
        folded = character.casefold()
        if len(folded) != 1:
            folded = character.lower()
        if len(folded) == 1 and folded != character and not folded.isascii():
            table[code] = folded
    return table


@lru_cache(maxsize=1)
def _variants() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, folded in _folding().items():
        if code >= 0x80:
            found[folded] = found.get(folded, "") + chr(code)
    return found


def fold(text: str) -> str:
    """Return `text` without differences of case; the number of characters stays.

    Example:
        >>> fold("Ångström K")
        'ångström k'
    """
    return text.lower() if text.isascii() else text.translate(_folding())


def unfolded_characters(folded: str) -> dict[str, str]:
    """Return which non-ASCII characters have to be replaced in a text (and by what) before it is compared with `folded`.

    A database lowers ASCII letters by itself; only these few characters remain.

    Example:
        >>> unfolded_characters("café")
        {'É': 'é'}
    """
    if folded.isascii():
        return {}
    variants = _variants()
    return {variant: character for character in dict.fromkeys(folded) for variant in variants.get(character, "")}


def shortened(string: str) -> str:
    """Return what similar names have to contain: the first four fifths of strings longer than 5 characters."""
    return string[: int(0.8 * len(string))] if len(string) > 5 else string


@lru_cache(maxsize=64)
def patterns(string: str) -> tuple[re.Pattern[str], ...]:
    """Return the compiled conditions of `rank` that need more than containment: phrase, start of a part, start and end of a word."""
    escaped = re.escape(string)
    return (
        re.compile(rf"(?:^|(?<={_LEFT})){escaped}(?={_RIGHT}|\Z)"),
        re.compile(rf"(?:^|(?<=\|)){escaped}[^{_BLANK}|]*(?=\||\Z)"),
        re.compile(rf"(?:^|(?<={_LEFT_WORD})){escaped}"),
        re.compile(rf"{escaped}(?={_RIGHT}|\Z)"),
    )


def rank(string: str, texts: tuple[str | None, ...]) -> int:
    """Return the points of a record; 0 means that no field contains the string.

    Args:
        string: what is searched, folded if case does not matter.
        texts: the fields of the record, folded likewise.
    """
    points = 0
    for text in texts:  # most fields do not contain the string
        if text and string in text:
            points += _rank_of_field(string, text)
    return points


def _rank_of_field(string: str, text: str) -> int:
    start = text.find(string)
    if text.find(string, start + 1) >= 0:
        return _rank_of_several(string, text)
    end = start + len(string)
    before, after = text[start - 1 : start], text[end : end + 1]
    ends_word = not after or after in _BOUND
    points = CONTAINS
    if text == string:
        points += EQUAL + SYNONYM
    elif (not before or before == "|") and (not after or after == "|") and "|" not in string:
        points += SYNONYM
    if ends_word:
        points += WORD_END
        if not before or before in _BOUND:
            points += PHRASE
    if not before or before in _WORD_BOUND:
        points += WORD_START
    if not before or before == "|":
        rest = text[end:].partition("|")[0]
        if _BLANKS.isdisjoint(rest):
            points += PART_START
    return points


def _rank_of_several(string: str, text: str) -> int:
    """Return the points of a text in which the string occurs more than once: any occurrence may earn each of them."""
    phrase, part_start, word_start, word_end = patterns(string)
    points = CONTAINS
    if text == string:
        points += EQUAL
    if string in text.split("|") or text == string:
        points += SYNONYM
    if phrase.search(text):
        points += PHRASE
    if part_start.search(text):
        points += PART_START
    if word_start.search(text):
        points += WORD_START
    if word_end.search(text):
        points += WORD_END
    return points
