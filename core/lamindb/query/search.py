"""Text search as a query set: records of which a field contains the string, in the order of their rank, the same on every database.

Each row is tested cheaply; only those that contain the string are ranked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Value
from django.db.models.expressions import Func, OrderBy
from django.db.models.functions import Length, StrIndex
from django.db.models.lookups import Exact

from lamindb.base import text_search
from lamindb.query import search_index
from lamindb.query.branch_scope import BranchScope, InDefaultBranches, is_scoped
from lamindb.query.hierarchy import visible_branch_ids
from lamindb.query.names import field_name, name_field

#: Separates fields in the joined text; a control character that no name holds.
_SEPARATOR = "\x1f"
#: Tables with greater ids are not scanned for similar names when a record is constructed.
SIMILAR_NAMES_MAX_ID = 50_000
#: Of the names that contain a string, only so many are ranked to suggest a few.
SIMILAR_CANDIDATES = 200
#: Of a string that very many records of a table with a search index contain, so many are ranked, and so many whose name starts with it.
_STAGED_CANDIDATES = 200
_PG_BLANK = " \\t\\n\\r"


def search(queryset: Any, string: str, field: Any = None, limit: int | None = 20, case_sensitive: bool = False) -> Any:
    """Return the records that contain `string`, best match first; see `QuerySet.search`.

    Example:
        >>> search(ln.ULabel.filter(), "t cell", field="name")
    """
    if string is None:
        raise ValueError("Cannot search for None value! Please pass a valid string.")
    if not isinstance(string, str):
        raise TypeError(f"search() takes a text, not {string!r}")
    registry = queryset.model
    fields = searched_fields(registry, field)
    string = string.strip()
    if queryset.query.is_sliced or queryset.query.combinator:
        queryset = registry.objects.using(queryset.db).filter(pk__in=queryset.values("pk"))
    if string:
        fields = [name for name in fields if _can_contain(registry._meta.get_field(name), string)]
        found = _containing(queryset, fields, string, case_sensitive)
        found = found.order_by(*_by_rank(registry, fields, string, case_sensitive))
    else:
        found = queryset.order_by("pk")
    if limit is None:
        return found
    found = found[:limit]
    found._search_marks = (found.query.low_mark, found.query.high_mark)
    return found


def similar_names(queryset: Any, field: str, string: str, limit: int = 3) -> list[str]:
    """Return values of `field` that resemble `string`, best first: one statement, none of it on very big tables.

    Args:
        queryset: the records that count.
        field: name of a text field.
        string: the name that somebody is about to give.
        limit: greatest number of names.
    """
    string = text_search.shortened(string.strip())
    if not string or limit < 1:
        return []
    greatest = models.Subquery(queryset.model._base_manager.using(queryset.db).order_by("-pk").values("pk")[:1])
    small = models.QuerySet.filter(queryset.alias(_greatest=greatest), _greatest__lt=SIMILAR_NAMES_MAX_ID)
    candidates = (
        _containing(small, [field], string, case_sensitive=False).order_by("pk").values("pk")[:SIMILAR_CANDIDATES]
    )
    found = models.QuerySet(queryset.model, using=queryset.db).filter(pk__in=candidates)
    order = _by_rank(queryset.model, [field], string, case_sensitive=False, name_start=field)
    return list(dict.fromkeys(found.order_by(*order).values_list(field, flat=True)[:limit]))


def _can_contain(field: Any, string: str) -> bool:
    """Tell whether a value of a field can contain a string at all, so that the others need not be read."""
    if field.max_length is not None and len(string) > field.max_length:
        return False
    return field.name != "uid" or not any(character.isspace() for character in string)


def searched_fields(registry: Any, field: Any = None) -> list[str]:
    """Return the names of the text fields to search.

    Raises:
        TypeError: if a field is neither a name nor a field reference.
        FieldError: if a field is unknown.
    """
    if field is None:
        return [text_field.name for text_field in search_index.text_fields(registry)]
    chosen = field if isinstance(field, list | tuple) else [field]
    names = []
    for one in chosen:
        try:
            if one is None:
                raise TypeError("None is no field")
            names.append(field_name(registry, one))
        except TypeError:
            raise TypeError(
                f"Please pass a SQLRecord string field, e.g., `CellType.name`! This is none: {one!r}"
            ) from None
    return list(dict.fromkeys(names))


class Folded(Func):
    """A text without differences of case, as far as they matter for comparing it with one string."""

    output_field = models.TextField()

    def __init__(self, expression: Any, string: str) -> None:
        super().__init__(expression)
        self.string = string

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        inner, parameters = compiler.compile(self.source_expressions[0])
        return _replaced(f"LOWER({inner})", list(parameters), self.string)  # lowers ASCII letters only

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        inner, parameters = compiler.compile(self.source_expressions[0])
        return _translated(inner, list(parameters), self.string)


class Contains(Func):
    """Whether one of several text fields contains a string: what decides about each row of a table, hence made cheap."""

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, string: str, case_sensitive: bool, staged: Any = None) -> None:
        super().__init__(*expressions)
        self.string, self.case_sensitive = string, case_sensitive
        #: Registry of which no record is filtered out otherwise: of very common strings, only the best and some others are ranked.
        self.staged = staged

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        if self.case_sensitive:
            return self._any("INSTR({}, %s) > 0", self.string, compiler)
        # LIKE ignores the case of ASCII letters, and is the fastest test that SQLite has
        pattern = "".join(f"\\{c}" if c in "\\%_" else c for c in self.string)
        test = "{} LIKE %s" if pattern == self.string else "{} LIKE %s ESCAPE '\\'"
        return self._any(test, f"%{pattern}%", compiler, replaced=_replaced)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        test, parameters = self._postgresql_test(compiler)
        if self.staged is None or not search_index.has_search_index(connection, self.staged):
            return test, parameters
        table = self.staged._meta.db_table
        if any(expression.alias != table for expression in self.source_expressions):
            return test, parameters
        visible, branches = "", []
        if is_scoped(self.staged):
            branches = list(visible_branch_ids(connection.alias))
            visible = f' AND "{table}"."branch_id" IN ({", ".join(["%s"] * len(branches))})'
        found = search_index.candidates_sql(
            connection,
            self.staged,
            text_search.fold(self.string),
            f"{test}{visible}",
            [*parameters, *branches],
            _STAGED_CANDIDATES,
        )
        key = connection.ops.quote_name(self.staged._meta.pk.column)
        return f'"{table}".{key} IN ({found[0]})', found[1]

    def _postgresql_test(self, compiler: Any) -> tuple[str, list[Any]]:
        if _SEPARATOR in self.string or len(self.source_expressions) == 1:
            return self._any(
                "STRPOS({}, %s) > 0", self.string, compiler, replaced=None if self.case_sensitive else _translated
            )
        parts, parameters = [], []
        for expression in self.source_expressions:
            sql, more = compiler.compile(expression)
            parts.append(f"COALESCE({sql}, '')" if expression.target.null else sql)
            parameters.extend(more)
        joined = f"({' || chr(31) || '.join(parts)})"
        if not self.case_sensitive:
            joined, parameters = _translated(joined, parameters, self.string)
        return f"STRPOS({joined}, %s) > 0", [*parameters, self.string]

    def _any(self, test: str, value: str, compiler: Any, replaced: Any = None) -> tuple[str, list[Any]]:
        tests, parameters = [], []
        for expression in self.source_expressions:
            column, more = compiler.compile(expression)
            sql = column
            if replaced is not None:
                sql, more = replaced(sql, list(more), self.string)
            # most optional texts are missing, and asking for that is cheaper than comparing
            tests.append(
                f"({column} IS NOT NULL AND {test.format(sql)})" if expression.target.null else test.format(sql)
            )
            parameters.extend([*more, value])
        return f"({' OR '.join(tests)})", parameters


def _replaced(sql: str, parameters: list[Any], string: str) -> tuple[str, list[Any]]:
    """Return SQL for SQLite that replaces the non-ASCII characters of other case that matter for `string`."""
    for variant, character in text_search.unfolded_characters(string).items():
        sql, parameters = f"REPLACE({sql}, %s, %s)", [*parameters, variant, character]
    return sql, parameters


def _translated(sql: str, parameters: list[Any], string: str) -> tuple[str, list[Any]]:
    """Return SQL for PostgreSQL that folds case as far as it matters for `string`."""
    # the C collation lowers ASCII letters only, whatever the locale of the database
    sql, replaced = f'LOWER(({sql})::text COLLATE "C")', text_search.unfolded_characters(string)
    if replaced:
        sql, parameters = f"TRANSLATE({sql}, %s, %s)", [*parameters, "".join(replaced), "".join(replaced.values())]
    return sql, parameters


class Rank(Func):
    """Points of a record for a string: `lamindb.base.text_search.rank` over (folded) fields."""

    output_field = models.IntegerField()

    def __init__(self, *expressions: Any, string: str) -> None:
        super().__init__(*expressions)
        self.string = string

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        compiled = [compiler.compile(expression) for expression in self.source_expressions]
        arguments = ", ".join(["%s", *(sql for sql, _ in compiled)])
        return f"lamin_search_rank({arguments})", [self.string, *(p for _, parameters in compiled for p in parameters)]

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:
        points, parameters = [], []
        for expression in self.source_expressions:
            sql, more = compiler.compile(expression)
            field_points, field_parameters = self._points(f"COALESCE({sql}, '')", list(more))
            points.append(field_points)
            parameters.extend(field_parameters)
        return f"({' + '.join(points)})", parameters

    def _points(self, text: str, text_parameters: list[Any]) -> tuple[str, list[Any]]:
        string, escaped = self.string, "".join(f"\\{c}" if c.isascii() and not c.isalnum() else c for c in self.string)
        bound = f"[{_PG_BLANK}|.,;:]"
        conditions = [
            (text_search.EQUAL + text_search.SYNONYM, "{} = %s", string),
            (text_search.PHRASE, "{} ~ %s", f"(^|{bound}){escaped}({bound}|$)"),
            (text_search.PART_START, "{} ~ %s", f"(^|\\|){escaped}[^{_PG_BLANK}|]*(\\||$)"),
            (text_search.WORD_START, "{} ~ %s", f"(^|[{_PG_BLANK}|]){escaped}"),
            (text_search.WORD_END, "{} ~ %s", f"{escaped}({bound}|$)"),
            (text_search.CONTAINS, "TRUE", None),
        ]
        if "|" not in string:
            part = (text_search.SYNONYM, "STRPOS({0}, '|') > 0 AND STRPOS('|' || {0} || '|', %s) > 0", f"|{string}|")
            conditions.append(part)
        # text is computed once per field, and compared byte by byte, whatever the collation of the column
        cases = " + ".join(
            f"CASE WHEN {condition.format('s.t')} THEN {points} ELSE 0 END" for points, condition, _ in conditions
        )
        given = [parameter for _, _, parameter in conditions if parameter is not None]
        sql = f'(SELECT CASE WHEN STRPOS(s.t, %s) > 0 THEN {cases} ELSE 0 END FROM (SELECT ({text}) COLLATE "C" AS t OFFSET 0) s)'
        return sql, [string, *given, *text_parameters]


def _containing(queryset: Any, fields: list[str], string: str, case_sensitive: bool) -> Any:
    if not fields:
        return queryset.none()
    folded = string if case_sensitive else text_search.fold(string)
    staged = queryset.model if _shows_default_branches_only(queryset) else None
    contains = Contains(*map(F, fields), string=folded, case_sensitive=case_sensitive, staged=staged)
    # through Django's own filter: this is no condition of the user
    return models.QuerySet.filter(queryset, contains)


def _shows_default_branches_only(queryset: Any) -> bool:
    """Tell whether the branch scope is the only condition of a query set."""
    return all(isinstance(child, InDefaultBranches) for child in queryset.query.where.children) and (
        queryset._branch_scope is BranchScope.DEFAULT
    )


def _by_rank(
    registry: Any, fields: Iterable[str], string: str, case_sensitive: bool, name_start: str | None = None
) -> list[Any]:
    """Order: points, then shorter name, then id."""
    folded = string if case_sensitive else text_search.fold(string)
    texts = [F(name) if case_sensitive else Folded(F(name), folded) for name in fields]
    rank: Any = Rank(*texts, string=folded)
    if name_start is not None:
        text = F(name_start) if case_sensitive else Folded(F(name_start), folded)
        starts = models.Case(
            models.When(Exact(StrIndex(text, Value(folded)), 1), then=text_search.NAME_START), default=0
        )
        rank = rank + starts
    order: list[Any] = [OrderBy(rank, descending=True)]
    try:
        name = registry._meta.get_field(name_field(registry))
    except ValueError:
        name = None
    if isinstance(name, models.CharField | models.TextField):
        order.append(OrderBy(Length(name.name), nulls_last=True))
    return [*order, "pk"]
