"""Features: the variables that datasets and records are described by."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from lamindb.annotation.dtypes import checked, dtype_of, object_of, same_meaning, with_filters, with_type_names
from lamindb.base.dtypes import UTC_DTYPE, parse_dtype, valid_dtypes
from lamindb.base.fields import (
    AutoField,
    BooleanField,
    CharField,
    ForeignKey,
    IntegerField,
    JSONField,
    SmallIntegerField,
    TextField,
)
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name
from lamindb.base.uids import base62_12
from lamindb.base.utils import deprecated, strict_classmethod
from lamindb.errors import ValidationError
from lamindb.models.can_curate import CanCurate
from lamindb.models.has_notes import HasNotes
from lamindb.models.has_type import HasType
from lamindb.models.naming import resolve_type
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates
from lamindb.query.feature_dtypes import registry_names
from lamindb.query.feature_filters import ComparesValues

if TYPE_CHECKING:
    import pandas as pd

    from lamindb.models import Schema
    from lamindb.query.record_list import SQLRecordList

#: Fields that say how values are understood: an existing feature is not returned for other values of them.
_MEANING = ("_dtype_str", "unit", "nullable", "coerce", "default_value")
#: Texts that have no Python object, so that nothing else can be passed.
_ONLY_TEXTS = ("num", "path", "url")


class Feature(ComparesValues, SQLRecord, HasType, CanCurate, TracksRun, TracksUpdates, HasNotes):
    """Features (columns, variables, parameters).

    Args:
        name: name of the feature.
        dtype: type of its values: a Python type, a registry for categories, or a text such as `"cat[ULabel]"`.
        type: feature with `is_type=True` that this one belongs to.
        is_type: whether other features may belong to this one.
        unit: unit of the values, such as `"m"`.
        description: free text.
        synonyms: further names, separated by `|`.
        nullable: whether values may be missing (default: yes).
        default_value: what stands in for missing values when data is standardised.
        coerce: whether values are converted to the dtype when data is validated.
        cat_filters: which records of a registry are categories, such as `{"source__name": "cellosaurus"}`.

    Raises:
        ValidationError: if no dtype is given, it names what does not exist, or a feature of this name exists with another meaning.
        ValueError: if an object stands for no dtype.
        InvalidArgument: if a record that is unsaved or no type is passed as dtype.

    Example:
        >>> temperature = ln.Feature(name="temperature", dtype=float, unit="K").save()
        >>> ln.Artifact.filter(temperature > 290)
    """

    class Meta(SQLRecord.Meta, HasType.Meta, TracksRun.Meta, TracksUpdates.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(is_type=True) | Q(_dtype_str__isnull=False),
                name="feature_dtype_str_not_null_when_is_type_false",
            )
        ]

    _name_field = "name"
    _positional_message = "Only keyword args allowed, e.g.: Feature(name='temperature', dtype=float)"
    _init_params = (
        "name", "dtype", "type", "is_type", "unit", "description", "synonyms", "nullable", "default_value", "coerce", "cat_filters",
    )  # fmt: skip
    _hidden_params = ("coerce_dtype",)
    _query_aliases = {"dtype": "_dtype_str", "dtype_as_str": "_dtype_str"}
    _deprecated_aliases = ("dtype",)

    id: int = AutoField(primary_key=True)
    uid: str = CharField(editable=False, unique=True, db_index=True, max_length=12, default=base62_12)
    name: str = CharField(max_length=150, db_index=True)
    _dtype_str: str | None = CharField(db_index=True, null=True)
    type: Feature | None = ForeignKey("self", models.PROTECT, null=True, related_name="features")
    unit: str | None = CharField(max_length=30, db_index=True, null=True)
    description: str | None = TextField(null=True)
    array_rank: int = SmallIntegerField(default=0, db_index=True)
    array_size: int = IntegerField(default=0, db_index=True)
    array_shape: list[int] | None = JSONField(default=None, null=True)
    synonyms: str | None = TextField(null=True)
    default_value: Any = JSONField(default=None, null=True)
    nullable: bool | None = BooleanField(null=True)
    coerce: bool | None = BooleanField(null=True)
    schemas: Schema = models.ManyToManyField("lamindb.Schema", through="lamindb.SchemaFeature", related_name="features")

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        kwargs = resolve_type(cls, kwargs)
        if "coerce_dtype" in kwargs:
            warnings.warn(
                "Use coerce instead of coerce_dtype, coerce_dtype will be removed.", DeprecationWarning, stacklevel=4
            )
            kwargs.setdefault("coerce", kwargs.pop("coerce_dtype"))
        dtype, cat_filters = kwargs.pop("dtype", None), kwargs.pop("cat_filters", None)
        if dtype is not None:
            kwargs["_dtype_str"] = _dtype_text(dtype, cat_filters)
        elif cat_filters:
            raise ValidationError("cat_filters restrict the records of a registry: pass it as dtype")
        elif kwargs.get("_dtype_str") is None and not kwargs.get("is_type") and kwargs.get("name") is not None:
            raise ValidationError(
                f"Please pass dtype, one of {{{valid_dtypes()}}} or a composed categorical dtype such as a registry (ln.ULabel), "
                f"for feature '{kwargs['name']}'"
            )
        if kwargs.get("default_value") is not None:
            kwargs["default_value"] = _default_as_json(kwargs["default_value"], kwargs.get("_dtype_str"))
        return kwargs

    @classmethod
    def _complete(cls, kwargs: dict[str, Any]) -> None:
        if kwargs.get("nullable") is None and not kwargs.get("is_type"):
            kwargs["nullable"] = True

    def _on_reuse(self, explicit: dict[str, Any]) -> None:
        """Refuse to pass off the existing feature of this name for one with another meaning."""
        for name in _MEANING:
            passed, stored = explicit.get(name), getattr(self, name)
            if passed is None or passed == stored or (name == "_dtype_str" and same_meaning(stored, passed)):
                continue
            word = name.strip("_").removesuffix("_str")
            raise ValidationError(
                f"Feature {self.name} already exists with {word} {stored}, you passed {passed}. To get it, pass what is stored; "
                "to have another one, choose another name or a `type` under which the name is free"
            )

    def save(self, *args: Any, **kwargs: Any) -> Feature:
        """Save the feature; when it was renamed, the former name becomes a synonym."""
        renamed = not self._state.adding and getattr(self, "_original_values", {}).get("name") not in (None, self.name)
        super().save(*args, **kwargs)
        if renamed and self._state.db == "default":
            self.refresh_from_db(fields=["synonyms", "_aux"])  # the database noted the former name
        return self

    @property
    def dtype_as_str(self) -> str | None:
        """The dtype as it is stored, such as `"float"` or `"cat[ULabel]"`."""
        return self._dtype_str

    @property
    def dtype_as_object(self) -> Any:
        """The dtype as a Python object, `None` where there is none (`path`, `object`, bare `cat`, and features that are types).

        It is a class such as `float`, a field of a registry such as `ULabel.name`, the record of a type, a list of fields and types for
        unions, and `list[...]` of these for lists.

        Example:
            >>> ln.Feature(name="tissue", dtype=ln.ULabel).dtype_as_object
            FieldAttr(ULabel.name)
        """
        return None if self._dtype_str is None else object_of(parse_dtype(self._dtype_str), self._state.db)

    @property
    def dtype(self) -> str | None:
        """Former name of `dtype_as_str`, with types by their names."""
        warnings.warn("Use dtype_as_str instead of dtype, dtype will be removed.", DeprecationWarning, stacklevel=2)
        if self._dtype_str is None:
            return None
        dtype = parse_dtype(self._dtype_str)
        if not any(member.types for member in dtype.members):
            return self._dtype_str
        return with_type_names(dtype, self._state.db)

    @strict_classmethod
    def from_dataframe(cls, df: pd.DataFrame, field: Any = None, *, mute: bool = False) -> SQLRecordList:
        """Return one feature per column: the one that exists, else a new one that is not saved.

        Args:
            df: its columns are the names, their pandas dtypes give the dtypes; categoricals become `cat[ULabel]`.
            field: field that the columns are values of (default: the name).
            mute: do not log.

        Raises:
            ValueError: if `field` is no field of Feature.
            DtypeError: if a column has a pandas dtype without counterpart.

        Example:
            >>> ln.Feature.from_dataframe(df).save()
        """
        from lamindb.models.features_from_data import features_of_dataframe

        return features_of_dataframe(cls, df, field, mute=mute)

    @strict_classmethod
    @deprecated("from_dataframe")
    def from_df(cls, df: pd.DataFrame, field: Any = None, *, mute: bool = False) -> SQLRecordList:
        """Former name of `from_dataframe`."""
        return cls.from_dataframe(df, field, mute=mute)

    @strict_classmethod
    def from_dict(
        cls, dictionary: dict[str, Any], field: Any = None, *, type: Feature | str | None = None, mute: bool = False
    ) -> SQLRecordList:
        """Return one feature per key: the one that exists, else a new one that is not saved.

        Args:
            dictionary: its keys are the names, the dtypes are inferred from the values; texts that are no dates become `str`.
            field: field that the keys are values of (default: the name).
            type: feature with `is_type=True` that the features belong to.
            mute: do not log.

        Raises:
            ValueError: if `field` is no field of Feature, or nothing can be inferred from a value.

        Example:
            >>> ln.Feature.from_dict({"temperature": 21.5, "tissues": ["lung", "skin"]}).save()
        """
        from lamindb.models.features_from_data import features_of_dict

        return features_of_dict(cls, dictionary, field, type=type, mute=mute)

    def with_config(self, optional: bool | None = None) -> tuple[Feature, dict[str, bool]]:
        """Return the feature with settings for a schema.

        Example:
            >>> ln.Schema([feature1, feature2.with_config(optional=True)])
        """
        return self, {} if optional is None else {"optional": optional}


def _dtype_text(dtype: Any, cat_filters: dict[str, Any] | None) -> str:
    """Return the text that is stored for what was passed as dtype; every name in it exists."""
    read = dtype_of(dtype)
    if isinstance(dtype, str):
        _recommend_object(dtype)
        if not read.members and not cat_filters:
            return str(read)
    if cat_filters:
        read = with_filters(read, cat_filters)
    return str(checked(read))


def _recommend_object(text: str) -> None:
    if text == "cat":
        warnings.warn(
            "dtype 'cat' does not say which categories are meant: pass a registry, such as ln.Record or ln.ULabel",
            DeprecationWarning,
            stacklevel=6,
        )
    elif text not in _ONLY_TEXTS:
        logger.warning(
            "rather than passing a string '%s' to dtype, consider passing a Python object such as float, list[str], ln.ULabel or bt.CellType.ontology_id",
            text,
        )


def _default_as_json(value: Any, dtype: str | None) -> Any:
    """Return a default as it is stored: dates as texts, records by the field that their dtype names.

    Raises:
        ValidationError: if the value does not have the dtype.
    """
    from lamindb.annotation.simple_values import check_column
    from lamindb.query.feature_dtypes import label_field, value_field

    if dtype is None:
        return value
    read = parse_dtype(dtype)
    if not read.is_categorical:
        is_text_of_time = isinstance(value, str) and read.base in ("date", "datetime", UTC_DTYPE)
        stored, mismatches = check_column(read, [value], coerce=is_text_of_time)
        if mismatches:
            reason = f" ({mismatches[0].reason})" if mismatches[0].reason else ""
            raise ValidationError(f"default_value {value!r} does not have the dtype {dtype} of the feature{reason}")
        return stored[0]
    names = registry_names(dtype)

    def text(item: Any) -> Any:
        if isinstance(item, models.Model):
            if names and qualified_name(type(item)) not in names:
                raise ValidationError(
                    f"default_value {item!r} is a record of {qualified_name(type(item))}, but dtype {dtype} names {' and '.join(names)}"
                )
            return getattr(item, label_field(dtype, type(item)) or value_field(type(item)))
        if not isinstance(item, str):
            raise ValidationError(f"default_value {item!r} is neither a name nor a record, as dtype {dtype} asks for")
        return item

    if read.is_list != isinstance(value, list | tuple):
        raise ValidationError(
            f"default_value {value!r} does not have the dtype {dtype} of the feature: {'a' if read.is_list else 'no'} list is expected"
        )
    return [text(item) for item in value] if isinstance(value, list | tuple) else text(value)
