"""Features for the columns of a data frame or the keys of a dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.query_utils import DeferredAttribute

from lamindb.annotation.dtypes import same_meaning
from lamindb.base.dtype_inference import AMBIGUOUS, UNKNOWN, dtype_of_pandas, infer_dtype, is_null
from lamindb.base.logging import logger
from lamindb.errors import DtypeError
from lamindb.models.naming import resolve_type
from lamindb.query.hierarchy import visible_branch_ids
from lamindb.query.record_list import SQLRecordList

if TYPE_CHECKING:
    import pandas as pd

#: Databases limit the number of parameters of a statement: SQLite to 32766, PostgreSQL to 65535.
_NAMES_PER_STATEMENT = 10_000


def features_of_dataframe(registry: Any, df: pd.DataFrame, field: Any = None, *, mute: bool = False) -> SQLRecordList:
    """Return one feature per column; see `Feature.from_dataframe`."""
    name = _field_name(registry, field)
    dtypes: dict[str, str] = {}
    for position, column in enumerate(df.columns):
        series = df.iloc[:, position]
        dtypes.setdefault(str(column), _dtype_of_column(series, column))
        if not mute and dtypes[str(column)] == "str" and _has_few_values(series):
            logger.hint("You have few permissible values for feature %s, consider dtype 'cat' instead of 'str'", column)
    return _features(registry, name, dtypes, None, mute)


def features_of_dict(
    registry: Any, dictionary: dict[str, Any], field: Any = None, *, type: Any = None, mute: bool = False
) -> SQLRecordList:
    """Return one feature per key; see `Feature.from_dict`."""
    name = _field_name(registry, field)
    dtypes = {}
    for key, value in dictionary.items():
        dtype = infer_dtype(value, mute=mute).dtype.replace(AMBIGUOUS, "str")
        if UNKNOWN in dtype:
            raise DtypeError(
                f"No dtype can be inferred for {key!r} from {value!r}. Make the feature yourself: ln.Feature(name={str(key)!r}, dtype=...).save()",
                dtype,
            )
        dtypes[str(key)] = dtype
    return _features(registry, name, dtypes, resolve_type(registry, {"type": type})["type"], mute)


def _field_name(registry: Any, field: Any) -> str:
    if field is None:
        return "name"
    if not isinstance(field, DeferredAttribute) or field.field.model is not registry:
        raise ValueError(f"field must be a Feature FieldAttr, such as ln.Feature.name, not {field!r}")
    return field.field.name


def _dtype_of_column(series: pd.Series, column: Any) -> str:
    """Return the dtype of a column; objects that are all of one other kind than text are that, such as dates or lists."""
    if series.dtype == object:
        present = [value for value in series if not is_null(value)]
        kinds = {infer_dtype(value, "str", mute=True).dtype.replace(AMBIGUOUS, "str") for value in present}
        if len(kinds) == 1 and not any(UNKNOWN in kind or kind.startswith("cat[") for kind in kinds):
            return kinds.pop()
    return dtype_of_pandas(series.dtype, column)


def _has_few_values(series: pd.Series) -> bool:
    try:
        return 0 < series.nunique() < series.count()
    except TypeError:  # unhashable cells
        return False


def _features(registry: Any, field: str, dtypes: dict[str, str], type: Any, mute: bool) -> SQLRecordList:
    existing: dict[str, Any] = {}
    values = list(dtypes)
    for start in range(0, len(values), _NAMES_PER_STATEMENT):
        records = registry.objects.filter(
            branch_id__in=visible_branch_ids("default"),
            type=type,
            **{f"{field}__in": values[start : start + _NAMES_PER_STATEMENT]},
        )
        for record in records.order_by("id"):
            existing.setdefault(getattr(record, field), record)
    features = []
    for value, dtype in dtypes.items():
        feature = existing.get(value)
        if feature is None:
            feature = registry(**{field: value, "type": type, "_dtype_str": dtype, "_skip_name_search": True})
        elif not mute and not same_meaning(feature._dtype_str, dtype):
            logger.warning(
                "feature '%s' exists with dtype %s, although the data suggests %s", value, feature._dtype_str, dtype
            )
        features.append(feature)
    return SQLRecordList(features)
