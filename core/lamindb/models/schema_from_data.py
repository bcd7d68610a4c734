"""Schemas whose members are found by values, or by the columns of a data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.query_utils import DeferredAttribute

from lamindb.annotation.dtypes import registry_text
from lamindb.base.dtype_inference import dtype_of_pandas
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name
from lamindb.errors import ValidationError
from lamindb.query.names import name_field

if TYPE_CHECKING:
    from lamindb.models import Schema


def schema_of_values(
    schema_registry: Any, values: Any, field: Any, *, dtype: Any = None, name: str | None = None, mute: bool = False,
    organism: Any = None, source: Any = None, raise_validation_error: bool = True,
) -> Schema | None:  # fmt: skip
    """Return an unsaved schema of the records that values name; see `Schema.from_values`."""
    registry = _registry_of(field)
    given = [values] if isinstance(values, str) else list(values)
    if not given:
        raise ValueError("Provide a list of at least one value")
    unique = list(dict.fromkeys(given))
    records = _records(registry, unique, field, organism=organism, source=source, mute=mute)
    known = {getattr(record, field.field.name) for record in records}
    unknown = [value for value in unique if value not in known]
    if unknown and raise_validation_error:
        raise ValidationError(
            f"These values could not be validated: {unknown}\nIf there are no typos, add them to their registry: "
            f"{qualified_name(registry)}"
        )
    if not records:
        logger.warning("no validated values, skip creating schema")
        return None
    return schema_registry(features=records, name=name, dtype=dtype, itype=_itype(field))


def schema_of_dataframe(
    schema_registry: Any, df: Any, field: Any, *, name: str | None = None, mute: bool = False, organism: Any = None,
    source: Any = None,
) -> Schema | None:  # fmt: skip
    """Return an unsaved schema of the columns that are known; see `Schema.from_dataframe`."""
    registry = _registry_of(field)
    columns = [column for column in df.columns if isinstance(column, str)]
    records = _records(registry, columns, field, organism=organism, source=source, mute=mute) if columns else []
    if not records:
        logger.warning("no validated features, skip creating schema")
        return None
    if registry.__name__ == "Feature":
        return schema_registry(features=records, name=name, otype="DataFrame")
    known = {getattr(record, field.field.name) for record in records}
    dtypes = {
        dtype_of_pandas(df.iloc[:, position].dtype, column)
        for position, column in enumerate(df.columns)
        if column in known
    }
    if len(dtypes) > 1:
        raise ValueError(
            f"data types are heterogeneous: {dtypes}. Members of {qualified_name(registry)} share one dtype: convert the columns"
        )
    return schema_registry(features=records, name=name, dtype=dtypes.pop(), itype=_itype(field))


def _registry_of(field: Any) -> Any:
    if not isinstance(field, DeferredAttribute):
        raise TypeError(f"field must be a field of a registry, such as ln.Feature.name, not {field!r}")
    return field.field.model


def _itype(field: Any) -> str:
    """Return the itype: the registry alone where values are its names."""
    registry = field.field.model
    is_name = field.field.name == name_field(registry)
    return registry_text(registry if is_name else field)


def _records(registry: Any, values: list[Any], field: Any, **scope: Any) -> list[Any]:
    """Return one record per value that is known; records from a public source are saved, since only those are members."""
    found = registry.from_values(values, field=field, standardize=False, **scope)
    attribute, by_value = field.field.name, {}
    for record in found:
        key = getattr(record, attribute)
        best = by_value.get(key)
        if best is None or (getattr(best, "type_id", None) is not None and getattr(record, "type_id", None) is None):
            by_value[key] = record
    records = list(by_value.values())
    unsaved = [record for record in records if record._state.adding]
    if unsaved:
        type(found)(unsaved).save()
    return records
