"""Features: the variables that datasets and records are described by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

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
from lamindb.base.uids import base62_12
from lamindb.errors import ValidationError
from lamindb.models.can_curate import CanCurate
from lamindb.models.has_type import HasType
from lamindb.models.naming import resolve_type
from lamindb.models.simple_dtypes import SIMPLE_DTYPES, dtype_text
from lamindb.models.sqlrecord import SQLRecord
from lamindb.models.tracks import TracksRun, TracksUpdates
from lamindb.query.feature_filters import ComparesValues

if TYPE_CHECKING:
    from lamindb.models import Schema

#: Fields that say how values are understood: an existing feature is not returned for other values of them.
_MEANING = ("_dtype_str", "unit", "nullable", "coerce", "default_value")


class Feature(ComparesValues, SQLRecord, HasType, CanCurate, TracksRun, TracksUpdates):
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
        ValidationError: if no dtype is given, or a feature of this name exists with another meaning.

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
        dtype, cat_filters = kwargs.pop("dtype", None), kwargs.pop("cat_filters", None)
        if dtype is not None:
            kwargs["_dtype_str"] = dtype_text(dtype, cat_filters)
        elif kwargs.get("_dtype_str") is None and not kwargs.get("is_type") and kwargs.get("name") is not None:
            raise ValidationError(
                f"Please pass dtype for feature '{kwargs['name']}', one of {', '.join(SIMPLE_DTYPES)} or a composed categorical "
                "dtype such as a registry (ln.ULabel) or 'cat[ULabel]'"
            )
        return kwargs

    @classmethod
    def _complete(cls, kwargs: dict[str, Any]) -> None:
        if kwargs.get("nullable") is None and not kwargs.get("is_type"):
            kwargs["nullable"] = True

    def _on_reuse(self, explicit: dict[str, Any]) -> None:
        """Refuse to pass off the existing feature of this name for one with another meaning."""
        for name in _MEANING:
            passed, stored = explicit.get(name), getattr(self, name)
            if passed is None or passed == stored:
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

    def with_config(self, optional: bool | None = None) -> tuple[Feature, dict[str, bool]]:
        """Return the feature with settings for a schema.

        Example:
            >>> ln.Schema([feature1, feature2.with_config(optional=True)])
        """
        return self, {} if optional is None else {"optional": optional}
