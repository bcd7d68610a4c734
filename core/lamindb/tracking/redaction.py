"""Takes secrets out of parameters, source code and logs before they are stored."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass

from lamindb.base.redaction import (
    CAMEL,
    ISSUED_KEYS,
    REDACTED,
    is_sensitive_name,
    redact_arguments,
    redact_urls,
    redact_value,
    replace_url_passwords,
)

__all__ = [
    "REDACTED",
    "RedactedText",
    "is_sensitive_name",
    "redact_arguments",
    "redact_log",
    "redact_log_file",
    "redact_source",
    "redact_urls",
    "redact_value",
]

#: In source code, names with these endings tell something about a secret and do not hold it (`token_type = "bearer"`).
_ABOUT_A_SECRET = re.compile(
    r"[_.\-](?:type|kind|name|names|class|url|uri|endpoint|prompt|header|field|label|regex|re|pattern|env|var|variable|path|file|filename|dir|chars|error|message|help|doc|range|format|template)$"
)
_BEARER = re.compile(r"(?i)\b(authorization\s*[:=]\s*['\"]?(?:bearer|basic)\s+)([^\s'\"]+)")
_QUOTED = r"""(?P<quote>['"`])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n])+)(?P=quote)"""
#: A name is read once, from its beginning and up to a limit: logs hold words of a million letters.
_ASSIGNMENT = re.compile(
    r"""(?P<head>(?<!\w)(?P<key>[A-Za-z_][\w.\-]{0,127}+)['"`]?\]?\s*(?:=|:=|:|<-)\s*)""" + _QUOTED, re.VERBOSE
)
_SHELL = re.compile(r"(?m)^(?P<head>[ \t]*export[ \t]+(?P<key>\w+)=)(?P<value>[^\s'\"`$;&|#][^\s;&|#]*)")
_STRING_PREFIX = re.compile(r"(?i)^(?P<prefix>[a-z]*)(?P<quote>'''|\"\"\"|'|\")")
#: Every name of a secret holds one of these, once it is in lower case (`apiKey`).
_HINTS = (
    "api_key", "apikey", "api-key", "access_key", "accesskey", "private_key", "privatekey", "secret", "token", "password", "passwd",
)  # fmt: skip
#: The same hints and `authorization` in bytes; expressions that begin with a literal are searched for in half the time of `in`.
_SIGNS = tuple(
    re.compile(sign)
    for sign in (
        b"key(?:" + b"|".join(b"(?<=%b)" % hint.encode() for hint in _HINTS if hint.endswith("key")) + b")",
        *(hint.encode() for hint in _HINTS if not hint.endswith("key")),
        b"authorization",
    )
)
#: How issued keys begin.
_ISSUED = ("sk-", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "hf_", "AKIA", "ASIA", "xox")
#: A character that each of them needs, and the beginning.
_ISSUED_SIGNS = tuple(
    (b"_" if "_" in beginning else b"A" if "A" in beginning else b"-", re.compile(beginning.encode()))
    for beginning in _ISSUED
)
#: A shorter text is found too often in a log by chance.
_LEAST_LITERAL = 6


@dataclass(frozen=True)
class RedactedText:
    """A text without secrets, and how many were taken out."""

    text: str
    count: int


def redact_log_file(data: bytes, secrets: frozenset[str] = frozenset()) -> bytes:
    """Return the content of a log, in UTF-8, without what `redact_log` takes out; most logs hold nothing of it, which is seen quickly."""
    known = (secret.encode("utf-8", "backslashreplace") for secret in secrets if len(secret) >= _LEAST_LITERAL)
    if not _may_hold_secret(data) and not any(secret in data for secret in known):
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:  # what was printed in another encoding
            return data.decode("utf-8", "replace").encode("utf-8")
        return data
    return redact_log(data.decode("utf-8", "replace"), secrets).encode("utf-8", "backslashreplace")


def _may_hold_secret(data: bytes) -> bool:
    """Tell whether `redact_log` might change a text. Single characters are found many times as fast as words, so they are asked first."""
    if b"@" in data and b"://" in data:
        return True
    if any(character in data and sign.search(data) for character, sign in _ISSUED_SIGNS):
        return True
    if not (b"=" in data or b":" in data or b"<-" in data):
        return False
    lower = data.lower()
    return any(sign.search(lower) for sign in _SIGNS)


def redact_log(text: str, secrets: frozenset[str] = frozenset()) -> str:
    """Return the text of a log without passwords in URLs, issued keys, quoted secrets and the given secret values."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _LEAST_LITERAL:
            text = text.replace(secret, REDACTED)
    text = redact_urls(text)
    if any(beginning in text for beginning in _ISSUED):
        text = ISSUED_KEYS.sub(REDACTED, text)
    if "authorization" in text.lower():
        text = _BEARER.sub(rf"\g<1>{REDACTED}", text)
    return _redact_assignments(text).text


def redact_source(text: str, *, python: bool = True) -> RedactedText:
    """Return source code in which the literal values of secret names and the passwords of URLs are replaced.

    Names that are merely forwarded, annotated or read from the environment stay. Everything else is kept to the byte.

    Args:
        text: the code.
        python: whether it is Python; other languages are searched for quoted assignments and shell exports.
    """
    redacted = _redact_python(text) if python else None
    if redacted is None:
        redacted = _redact_assignments(text)
    without_passwords, n_urls = replace_url_passwords(redacted.text)
    keys, count = ISSUED_KEYS.subn(REDACTED, without_passwords)
    return RedactedText(keys, redacted.count + n_urls + count)


def _holds_secret(name: str) -> bool:
    normal = CAMEL.sub("_", name).lower()
    return is_sensitive_name(name) and _ABOUT_A_SECRET.search(normal) is None


def _redact_assignments(text: str) -> RedactedText:
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return RedactedText(text, 0)
    count = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal count
        if not _holds_secret(match["key"]) or match["value"] == REDACTED:
            return match[0]
        count += 1
        quote = match.groupdict().get("quote") or ""
        return f"{match['head']}{quote}{REDACTED}{quote}"

    return RedactedText(_SHELL.sub(replace, _ASSIGNMENT.sub(replace, text)), count)


# Python -----------------------------------------------------------------------------------------------------------------

_SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)
_FSTRING_START = getattr(tokenize, "FSTRING_START", -1)
_FSTRING_END = getattr(tokenize, "FSTRING_END", -1)


@dataclass(frozen=True)
class _Piece:
    """A token, or a whole f-string: kind, text, and where it is in the code."""

    kind: str
    text: str
    start: int
    end: int


def _redact_python(text: str) -> RedactedText | None:
    """Return the redacted text, or `None` if it is no complete Python."""
    pieces = _pieces_of(text)
    if pieces is None:
        return None
    replacements: list[tuple[int, int, str]] = []
    brackets: list[str] = []
    for index, piece in enumerate(pieces):
        if piece.kind == "op" and piece.text in "([{":
            brackets.append(piece.text)
        elif piece.kind == "op" and piece.text in ")]}" and brackets:
            brackets.pop()
        if piece.kind != "string" or _continues_string(pieces, index):
            continue
        name = _target_of(pieces, index, brackets[-1] if brackets else "")
        if name is None or not _holds_secret(name):
            continue
        while index < len(pieces) and pieces[index].kind == "string":
            replacement = _redact_literal(pieces[index].text)
            if replacement is not None:
                replacements.append((pieces[index].start, pieces[index].end, replacement))
            index += 1
    for start, end, replacement in reversed(replacements):
        text = text[:start] + replacement + text[end:]
    return RedactedText(text, len(replacements))


def _pieces_of(text: str) -> list[_Piece] | None:
    lines = io.StringIO(text).readlines()
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    pieces: list[_Piece] = []
    fstring_depth, fstring_start = 0, 0
    try:
        for token in tokenize.generate_tokens(iter([*lines, ""]).__next__):
            if token.type in _SKIPPED or token.type == tokenize.ENDMARKER:
                continue
            start = offsets[token.start[0] - 1] + token.start[1]
            end = offsets[min(token.end[0], len(offsets)) - 1] + token.end[1]
            if token.type == _FSTRING_START:
                fstring_start = start if fstring_depth == 0 else fstring_start
                fstring_depth += 1
            elif token.type == _FSTRING_END:
                fstring_depth -= 1
                if fstring_depth == 0:
                    pieces.append(_Piece("string", text[fstring_start:end], fstring_start, end))
            elif fstring_depth == 0:
                if text[start:end] != token.string and token.type != tokenize.NEWLINE:
                    return None  # line ends that the tokenizer changed: positions can't be trusted
                pieces.append(_Piece(_kind(token), token.string, start, end))
    except (tokenize.TokenError, SyntaxError, IndexError, StopIteration):
        return None
    return None if any(piece.kind == "error" for piece in pieces) else pieces


def _kind(token: tokenize.TokenInfo) -> str:
    kinds = {tokenize.STRING: "string", tokenize.OP: "op", tokenize.NAME: "name", tokenize.NEWLINE: "newline"}
    if token.type == tokenize.ERRORTOKEN and token.string.strip():
        return "error"
    return kinds.get(token.type, "other")


def _continues_string(pieces: list[_Piece], index: int) -> bool:
    return index > 0 and pieces[index - 1].kind == "string"


def _target_of(pieces: list[_Piece], index: int, bracket: str) -> str | None:
    """Return the name or key that the string at `index` is assigned to."""
    at = index - 1
    if at >= 0 and pieces[at].text == "(" and at >= 1 and pieces[at - 1].text in ("=", ":="):
        at -= 1  # a value in parentheses, as in a concatenation over several lines
    if at < 1:
        return None
    operator, before = pieces[at].text, pieces[at - 1]
    if operator == ":" and bracket == "{":
        if before.kind == "string":
            return _literal_text(before.text)
        return before.text if before.kind == "name" else None
    if operator not in ("=", ":="):
        return None
    annotated = _annotated_name(pieces, at)
    if annotated is not None:
        return annotated
    if before.kind == "name":
        return before.text
    if before.text == "]" and at >= 3 and pieces[at - 2].kind == "string" and pieces[at - 3].text == "[":
        return _literal_text(pieces[at - 2].text)
    return None


def _annotated_name(pieces: list[_Piece], equals: int) -> str | None:
    """Return the name before `: annotation =`, whose `=` is at `equals`."""
    depth = 0
    for at in range(equals - 1, 0, -1):
        piece = pieces[at]
        if piece.kind == "newline" or piece.text in ("=", ";"):
            return None
        if piece.kind == "op" and piece.text in ")]}":
            depth += 1
        elif piece.kind == "op" and piece.text in "([{":
            depth -= 1
            if depth < 0:
                return None
        elif piece.kind == "op" and piece.text == "," and depth == 0:
            return None
        elif piece.kind == "op" and piece.text == ":" and depth == 0:
            return pieces[at - 1].text if pieces[at - 1].kind == "name" else None
    return None


def _literal_text(literal: str) -> str:
    match = _STRING_PREFIX.match(literal)
    return literal[match.end() : -len(match["quote"])] if match else literal


def _redact_literal(literal: str) -> str | None:
    match = _STRING_PREFIX.match(literal)
    content = _literal_text(literal)
    if match is None or len(content.strip()) < 2 or content == REDACTED or _is_only_a_field(match["prefix"], content):
        return None
    return f"{match['prefix']}{match['quote']}{REDACTED}{match['quote']}"


def _is_only_a_field(prefix: str, content: str) -> bool:
    """Tell whether an f-string forwards one expression and holds no text of its own."""
    return "f" in prefix.lower() and re.fullmatch(r"\{[^{}]*\}", content) is not None
