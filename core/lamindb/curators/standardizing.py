"""Adding missing columns and filling missing values with defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamindb.base.dtype_inference import pandas_dtype_of
from lamindb.base.logging import logger
from lamindb.errors import ValidationError

if TYPE_CHECKING:
    from lamindb.curators.component import ComponentCurator


def add_columns_and_defaults(component: ComponentCurator) -> None:
    """Let every member of the schema be a column, with its default where values are missing.

    Raises:
        ValidationError: if a missing column has no default value and may not have missing values; nothing is changed then.
    """
    there = set(component.table.column_names)
    members = component.rules.members_of_schema
    impossible = [
        feature.name
        for feature in members
        if feature.name not in there and feature.default_value is None and feature.nullable is False
    ]
    if impossible:
        names = ", ".join(impossible)
        raise ValidationError(
            f"Missing column {names} cannot be added because is not nullable and has no default value: add the values, or set "
            "feature.default_value"
        )
    for feature in members:
        if feature.name not in there:
            value = feature.default_value
            component.replace(feature.name, _new_column(component, feature, value))
            logger.important("added column %s with fill value %s", feature.name, "<NA>" if value is None else value)
        elif feature.default_value is not None:
            series = component.table.series(feature.name)
            if series.isna().any():
                component.replace(feature.name, _filled(series, feature.default_value))
    component.forget_rules()


def _new_column(component: ComponentCurator, feature: Any, value: Any) -> Any:
    import pandas as pd

    n_rows = component.table.n_rows
    index = component.table.data.index if hasattr(component.table.data, "index") else None
    dtype = pandas_dtype_of(feature._dtype_str or "object")
    if value is None:
        return pd.Series([None] * n_rows, index=index, dtype=dtype)
    if feature._dtype_str == "date":
        import datetime

        value = datetime.date.fromisoformat(value) if isinstance(value, str) else value
    if dtype in ("Int64", "boolean"):
        dtype = {"Int64": "int64", "boolean": "bool"}[dtype]
    return pd.Series([value] * n_rows, index=index, dtype=dtype)


def _filled(series: Any, value: Any) -> Any:
    import pandas as pd

    if isinstance(series.dtype, pd.CategoricalDtype):
        if value not in series.cat.categories:
            series = series.cat.add_categories([value])
        return series.fillna(value)
    if isinstance(value, list | dict):
        filled = series.astype(object)
        for row in filled.index[filled.isna()]:
            filled.at[row] = value
        return filled
    return series.fillna(value)
