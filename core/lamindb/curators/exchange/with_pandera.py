"""Schemas as pandera's `DataFrameSchema`, and back."""

from __future__ import annotations

import datetime
from typing import Any

from lamindb.curators.exchange.outline import Column, Converted, Outline, outline_of, schema_of
from lamindb.errors import InvalidArgument


def to_pandera(schema: Any) -> Converted:
    """Return a schema as `pandera.pandas.DataFrameSchema`.

    Args:
        schema: a saved schema of features.

    Returns:
        The pandera schema, and what could not be expressed.

    Raises:
        ImportError: if pandera is not installed.

    Example:
        >>> ln.curators.exchange.to_pandera(schema).result.validate(df)  # doctest: +SKIP
    """
    pa = _pandera()
    outline, lost = outline_of(schema)
    columns = {}
    for column in outline.columns:
        options = _options(pa, column)
        columns[column.name] = pa.Column(**options, required=column.required, name=column.name, default=column.default)
        lost += _lost(column)
    index = None
    if outline.index is not None:
        options = _options(pa, outline.index)
        if outline.index.kind == "cat":
            options["dtype"] = str
        index = pa.Index(**{**options, "nullable": False}, name=None)
        lost += _lost(outline.index)
    result = pa.DataFrameSchema(
        columns, index=index, name=outline.name, description=outline.description, coerce=outline.coerce,
        strict=outline.closed, ordered=outline.ordered,
    )  # fmt: skip
    return Converted(result, lost)


def _pandera() -> Any:
    try:
        import pandera.pandas
    except ImportError as error:
        raise ImportError("Please install pandera: pip install pandera") from error
    return pandera.pandas


def _options(pa: Any, column: Column) -> dict[str, Any]:
    """Return the arguments of a column: its dtype where pandera has one, checks where several dtypes are meant."""
    from pandas.api import types

    checks: list[Any] = []
    dtype: Any = None
    if column.is_list:
        checks.append(pa.Check(_is_list_or_null, element_wise=True, name="list", ignore_na=True))
    elif column.kind == "cat":
        dtype = "category"
        if column.values is not None:
            checks.append(pa.Check.isin(column.values))
    elif column.kind == "str" or column.kind in ("path", "url"):
        dtype = str
    elif column.kind == "datetime":
        dtype = "datetime64[ns]" if column.coerce else None
        checks.append(pa.Check(lambda series: types.is_datetime64_dtype(series.dtype), name="datetime"))
    elif column.kind == "date":
        checks.append(pa.Check(_is_date, element_wise=True, name="date", ignore_na=True))
    elif column.kind == "dict":
        checks.append(pa.Check(_is_dict, element_wise=True, name="dict", ignore_na=True))
    elif column.kind == "object":
        dtype = object
    else:
        tests = {
            "int": types.is_integer_dtype,
            "float": types.is_float_dtype,
            "num": types.is_numeric_dtype,
            "bool": types.is_bool_dtype,
        }
        test = tests[column.kind]
        checks.append(pa.Check(lambda series: bool(test(series.dtype)), name=column.kind))
    return {
        "dtype": dtype, "checks": checks or None, "nullable": column.nullable, "coerce": column.coerce and dtype is not None,
        "description": column.description,
    }  # fmt: skip


def _is_list_or_null(value: Any) -> bool:
    return isinstance(value, list | tuple) or type(value).__name__ == "ndarray"


def _is_date(value: Any) -> bool:
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _is_dict(value: Any) -> bool:
    return isinstance(value, dict)


def _lost(column: Column) -> list[str]:
    lost = []
    if column.is_list:
        lost.append(f"{column.name}: of lists pandera checks that they are lists, not their items")
    if column.coerce and (column.is_list or column.kind in ("int", "float", "num", "bool", "date", "dict")):
        lost.append(f"{column.name}: conversion to {column.kind} of any width")
    if column.unit:
        lost.append(f"{column.name}: unit {column.unit}")
    return lost


def from_pandera(document: Any, name: str | None = None) -> Converted:
    """Return an unsaved schema for a pandera `DataFrameSchema` or `DataFrameModel`; features, and labels for `isin`, are saved.

    Args:
        document: the pandera schema or model.
        name: name of the schema (default: that of the pandera schema).

    Raises:
        InvalidArgument: if it is neither.
        ValidationError: if a feature of one of the names exists with another dtype.
    """
    _pandera()
    if isinstance(document, type) and hasattr(document, "to_schema"):
        document = document.to_schema()
    if not hasattr(document, "columns") or not hasattr(document, "strict"):
        raise InvalidArgument(f"Pass a pandera DataFrameSchema or DataFrameModel, not {type(document).__name__}")
    lost, columns = [], []
    for key, found in document.columns.items():
        if getattr(found, "regex", False):
            lost.append(f"{key}: columns whose names match a pattern")
            continue
        column, problems = _column(str(key), found)
        columns.append(column)
        lost += problems
    index = None
    if document.index is not None:
        if hasattr(document.index, "indexes"):
            lost.append("index: an index of several levels")
        else:
            index, problems = _column(document.index.name or "index", document.index)
            lost += problems
    if document.checks:
        lost.append(f"checks of the whole table: {', '.join(str(check) for check in document.checks)}")
    if document.unique:
        lost.append(f"unique: {document.unique}")
    if document.strict == "filter":
        lost.append("strict='filter': columns are never dropped")
    outline = Outline(
        name or document.name, columns, document.description, closed=document.strict is True, ordered=bool(document.ordered),
        coerce=bool(document.coerce), index=index,
    )  # fmt: skip
    return schema_of(outline, lost)


def _column(name: str, found: Any) -> tuple[Column, list[str]]:
    lost, values, kind = [], None, None
    for check in found.checks or ():
        statistics = getattr(check, "statistics", None) or {}
        if "allowed_values" in statistics:
            values = [str(value) for value in statistics["allowed_values"]]
        elif check.name in ("int", "float", "num", "bool", "datetime", "date", "dict"):
            kind = check.name
        else:
            lost.append(f"{name}: check {check}")
    if getattr(found, "unique", False):
        lost.append(f"{name}: unique")
    text = str(found.dtype) if found.dtype is not None else ""
    if kind is None:
        kind = _kind_of(text)
        if kind is None:
            lost.append(f"{name}: dtype {text or 'any'} is taken as any object")
            kind = "object"
    if kind == "cat" and values is None and getattr(found.dtype, "categories", None) is not None:
        values = [str(value) for value in found.dtype.categories]
    if values is not None and kind not in ("str", "cat"):
        lost.append(f"{name}: the allowed values become texts")
    column = Column(
        name, "cat" if values is not None else kind, False, bool(found.nullable), bool(getattr(found, "required", True)), values,
        bool(found.coerce), getattr(found, "default", None), found.description,
    )  # fmt: skip
    return column, lost


def _kind_of(dtype: str) -> str | None:
    from lamindb.base.dtype_inference import dtype_of_pandas
    from lamindb.errors import DtypeError

    if dtype == "object":
        return "object"
    try:
        found = dtype_of_pandas(dtype)
    except DtypeError:
        return None
    return "cat" if found.startswith("cat") else found
