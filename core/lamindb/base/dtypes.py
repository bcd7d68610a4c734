"""The grammar of dtypes: one parser from texts such as `"list[cat[bionty.Gene.symbol]]"` to one abstract form, and back.

What names mean (registries, fields, records that are types) is looked up in `lamindb.annotation.dtypes`; this module knows texts only.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import Final

from lamindb.errors import DtypeError

SIMPLE_DTYPES: Final = ("int", "float", "num", "str", "bool", "date", "datetime", "dict", "path", "url", "object")
#: The one simple dtype whose name has brackets: a point in time with time zone, as pandas names it.
UTC_DTYPE: Final = "datetime64[ns, UTC]"

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_FILTER_START = re.compile(r"\s*(?:[A-Za-z_]\w*\s*)?=")
_FILTER_KEY = re.compile(r"\s*([^=,\[\]'\"]*?)\s*=\s*")
_FILTER_END = re.compile(r"\s*(?:\]|,\s*[A-Za-z_]\w*\s*=)")
_QUOTES: Final = ("'", '"')


@dataclass(frozen=True)
class Member:
    """One registry whose records are the categories of a dtype.

    Attributes:
        registry: name of the registry, `"ULabel"` or `"bionty.CellType"`.
        field: field whose values name the records; `None` is the registry's name field.
        types: what restricts the records to those of a type: its uid, or (in the legacy form) the names of types, outermost first.
        filters: further restrictions, as pairs of a path of fields and a value.
    """

    registry: str
    field: str | None = None
    types: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        field = f".{self.field}" if self.field else ""
        if self.types:
            return f"{self.registry}[{'['.join(self.types)}{']' * len(self.types)}{field}"
        return f"{self.registry}{field}{f'[{self.filter_text}]' if self.filters else ''}"

    @property
    def filter_text(self) -> str:
        """The filters as they are written in the dtype, such as `"organism='human', rank='2'"`; empty without filters."""
        return ", ".join(f"{key}={_quoted(key, value)}" for key, value in self.filters)


@dataclass(frozen=True)
class Dtype:
    """The abstract form of a dtype; `str()` of it gives the text that is stored.

    Attributes:
        base: a simple dtype such as `"int"`, or `"cat"`.
        members: the registries of a categorical dtype; none means any.
        lists: how many lists the values are nested in.

    Example:
        >>> Dtype("cat", (Member("ULabel"), Member("bionty.Tissue", field="ontology_id")), lists=1).text
        'list[cat[ULabel|bionty.Tissue.ontology_id]]'
    """

    base: str
    members: tuple[Member, ...] = ()
    lists: int = 0

    def __str__(self) -> str:
        item = f"{self.base}[{'|'.join(map(str, self.members))}]" if self.members else self.base
        return f"{'list[' * self.lists}{item}{']' * self.lists}"

    @property
    def text(self) -> str:
        """The dtype as it is stored."""
        return str(self)

    @property
    def is_categorical(self) -> bool:
        """Whether values, or the items of lists, are records."""
        return self.base == "cat"

    @property
    def is_list(self) -> bool:
        """Whether a value is a list."""
        return self.lists > 0

    @property
    def item(self) -> Dtype:
        """The dtype of the items of a list; of anything else the dtype itself."""
        return replace(self, lists=self.lists - 1) if self.lists else self


def parse_dtype(text: str) -> Dtype:
    """Read the text of a dtype, in the present form or in one of the former ones.

    Former forms are a bare `cat`, types by name (`cat[Record[LabA[Experiment]]]`), filters without quotes, and unions of types without `|`.
    Whether registries, fields and records exist is not looked at.

    Args:
        text: such as `"float"`, `"list[str]"` or `"cat[bionty.Gene.ensembl_gene_id[organism='human']]"`.

    Raises:
        DtypeError: if the text is malformed; the message points at the position (also in `error.position`).

    Example:
        >>> parse_dtype("cat[ULabel|Record[aB3dEfGh1jKlMn0p]]").members
        (Member(registry='ULabel', ...), Member(registry='Record', field=None, types=('aB3dEfGh1jKlMn0p',), filters=()))
    """
    return _Parser(text).dtype()


def parse_registry(text: str) -> Member:
    """Read the text of a registry or of one of its fields, without `cat[...]`, as it is stored in `Schema.itype`.

    Raises:
        DtypeError: if the text is malformed.

    Example:
        >>> parse_registry("bionty.Gene.ensembl_gene_id")
        Member(registry='bionty.Gene', field='ensembl_gene_id', types=(), filters=())
    """
    parser = _Parser(text)
    member = parser.member()
    parser.end()
    return member


def is_dtype(text: str) -> bool:
    """Tell whether a text is a well-formed dtype."""
    try:
        parse_dtype(text)
    except DtypeError:
        return False
    return True


def valid_dtypes() -> str:
    """Return what a dtype can be, as one phrase for messages."""
    return f"{', '.join(SIMPLE_DTYPES)}, {UTC_DTYPE}, cat[<Registry>] (such as cat[ULabel] or cat[bionty.CellType]), list[<dtype>]"


class _Parser:
    """Reads one text from left to right; every method consumes what it is named after."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def dtype(self) -> Dtype:
        lists = 0
        while self.take("list["):
            lists += 1
        if self.take("cat["):
            members = self.members()
            self.expect("]", "'cat[' is not closed" if self.is_done else "expected '|' and another registry, or ']'")
            made = Dtype("cat", members, lists)
        else:
            made = Dtype(self.simple(), (), lists)
        for _ in range(lists):
            self.expect("]", "'list[' is not closed")
        self.end()
        return made

    def simple(self) -> str:
        start = self.at
        if self.take(UTC_DTYPE):
            return UTC_DTYPE
        word = re.compile(r"[^\[\]|,]*").match(self.text, start)
        assert word is not None
        name = word.group()
        if name in SIMPLE_DTYPES or name == "cat":
            self.at = word.end()
            return name
        if not name.strip():
            raise self.error("a dtype is missing here", start)
        if name == "list":
            raise self.error("a list needs the dtype of its items, such as list[str]", start)
        if name != name.strip() and name.strip() in (*SIMPLE_DTYPES, "cat", "list"):
            raise self.error("there must be no blanks", start)
        if name[:1].isupper() or "." in name:
            raise self.error(f"registries are written cat[{name}]", start)
        near = difflib.get_close_matches(name, (*SIMPLE_DTYPES, "cat", "list"), n=1)
        raise self.error(f"{name!r} is no dtype. Did you mean '{near[0]}'?" if near else f"{name!r} is no dtype", start)

    def members(self) -> tuple[Member, ...]:
        if self.peek() == "]":
            return ()
        found = [self.member()]
        while self.take("|") or self.is_glued():
            found.append(self.member())
        return tuple(found)

    def is_glued(self) -> bool:
        """Tell whether another member follows a bracket without `|`, as unions of types were once written."""
        return self.text[self.at - 1] == "]" and self.peek().isupper()

    def member(self) -> Member:
        start = self.at
        registry = self.identifier("a registry is expected here, such as ULabel or bionty.CellType")
        if registry in ("cat", "list") and self.peek() == "[":
            raise self.error(f"'{registry}[' can't stand inside of 'cat['", start)
        if not registry[0].isupper() and self.take("."):
            registry = f"{registry}.{self.identifier('the name of a registry is expected here, such as CellType')}"
        types: tuple[str, ...] = ()
        if self.peek() == "[" and not _FILTER_START.match(self.text, self.at + 1):
            types = self.types()
        field = self.identifier("the name of a field is expected here") if self.take(".") else None
        filters: tuple[tuple[str, str], ...] = ()
        if self.peek() == "[":
            if types:
                raise self.error("filters can't be combined with a type", self.at)
            if not _FILTER_START.match(self.text, self.at + 1):
                raise self.error("a type stands before the field, filters are written key='value'", self.at + 1)
            filters = self.filters()
            if self.peek() == ".":
                raise self.error("the field stands before the filters", self.at)
        return Member(registry, field, types, filters)

    def types(self) -> tuple[str, ...]:
        names = []
        while self.take("["):
            start = self.at
            while not self.is_done and self.peek() not in "[]":
                self.at += 1
            name = self.text[start : self.at]
            if not name.strip():
                raise self.error("the uid or the name of a type is missing here", start)
            names.append(name)
        for _ in names:
            self.expect("]", "'[' is not closed")
        return tuple(names)

    def filters(self) -> tuple[tuple[str, str], ...]:
        self.expect("[", "filters are expected here")
        found = []
        while True:
            found.append(self.filter())
            if not self.take(","):
                break
        self.expect("]", "the filters are not closed")
        return tuple(found)

    def filter(self) -> tuple[str, str]:
        key = _FILTER_KEY.match(self.text, self.at)
        if key is None:
            raise self.error("a filter is expected here, written key='value'", self.at)
        if _IDENTIFIER.fullmatch(key.group(1)) is None:
            raise self.error("a filter needs the name of a field before '='", self.at)
        self.at = start = key.end()
        value = self.quoted_value() if self.peek() in _QUOTES else self.bare_value()
        if not value.strip():
            raise self.error(f"the value of the filter {key.group(1)} is empty", start)
        return key.group(1), value

    def quoted_value(self) -> str:
        """Read to the first closing quote that is followed by the end of the filters or by another filter."""
        quote, start = self.peek(), self.at + 1
        end = self.text.find(quote, start)
        while end >= 0 and not _FILTER_END.match(self.text, end + 1):
            end = self.text.find(quote, end + 1)
        if end < 0:
            raise self.error(f"the quote {quote} is not closed, or something stands between it and ',' or ']'", self.at)
        self.at = end + 1
        while self.peek().isspace():
            self.at += 1
        return self.text[start:end]

    def bare_value(self) -> str:
        start = self.at
        while not self.is_done and self.peek() not in ",[]":
            self.at += 1
        return self.text[start : self.at].strip()

    @property
    def is_done(self) -> bool:
        return self.at >= len(self.text)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, token: str) -> bool:
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def expect(self, token: str, problem: str) -> None:
        if not self.take(token):
            raise self.error(problem, self.at)

    def end(self) -> None:
        if not self.is_done:
            raise self.error(f"nothing more is expected, but there is {self.text[self.at :]!r}", self.at)

    def identifier(self, problem: str) -> str:
        found = _IDENTIFIER.match(self.text, self.at)
        if found is None:
            raise self.error(problem, self.at)
        self.at = found.end()
        return found.group()

    def error(self, problem: str, position: int) -> DtypeError:
        shown = self.text.replace("\n", " ").replace("\t", " ")
        return DtypeError(
            f"dtype is {self.text!r} but has to be one of {{{valid_dtypes()}}}! At position {position}: {problem}\n"
            f"  {shown}\n  {' ' * position}^",
            self.text,
            position,
        )


def _quoted(key: str, value: str) -> str:
    for quote in _QUOTES:
        text = f"{quote}{value}{quote}"
        parser = _Parser(f"{text}]")
        try:
            if parser.quoted_value() == value and value.strip() and parser.peek() == "]":
                return text
        except DtypeError:
            continue
    raise DtypeError(
        f"The value {value!r} of the filter {key} can't be written in a dtype: it is empty, or mixes quotes with commas or brackets. "
        "Filter by another field, such as the uid",
        value,
        0,
    )
