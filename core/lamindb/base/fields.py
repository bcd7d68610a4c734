"""Django model fields with keyword defaults that can express "required".

A field is *required* if it has `null=False` and the Python default `None`; constructors check that before anything reaches SQL.
Class access (`ULabel.name`) yields a field reference that is accepted wherever a field name is.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.expressions import DatabaseDefault
from django.db.models.query_utils import DeferredAttribute
from django.utils import timezone


class FieldAttr(DeferredAttribute):
    """Reference to a registry's field, such as `ULabel.name`."""

    def __repr__(self) -> str:
        return f"FieldAttr({self.field.model.__name__}.{self.field.name})"


class _Blank:
    """Mixin: `blank=True` unless told otherwise, and a readable field reference on the class."""

    descriptor_class = FieldAttr

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


class _Required(_Blank):
    """Mixin: additionally the Python default is `None`, which makes a not-null field required."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "db_default" not in kwargs:
            kwargs.setdefault("default", None)
        super().__init__(*args, **kwargs)


class CharField(_Required, models.CharField):
    """Text of at most `max_length` characters (default 255; first positional argument)."""

    def __init__(self, max_length: int = 255, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class TextField(_Required, models.TextField):
    """Text of any length."""


class BooleanField(_Required, models.BooleanField):
    """True or false."""


class BigIntegerField(_Required, models.BigIntegerField):
    """64-bit integer."""


class IntegerField(_Blank, models.IntegerField):
    """32-bit integer."""


class SmallIntegerField(_Blank, models.SmallIntegerField):
    """16-bit integer."""


class PositiveIntegerField(_Blank, models.PositiveIntegerField):
    """Non-negative 32-bit integer."""


class PositiveSmallIntegerField(_Blank, models.PositiveSmallIntegerField):
    """Non-negative 16-bit integer."""


class FloatField(_Blank, models.FloatField):
    """Double-precision number."""


class DecimalField(_Blank, models.DecimalField):
    """Fixed-point number."""


class JSONField(_Blank, models.JSONField):
    """Any JSON value."""


class DateField(_Blank, models.DateField):
    """Calendar date."""


class DateTimeField(_Blank, models.DateTimeField):
    """Point in time (UTC). With a database default, an unset value becomes the time of saving."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if add and self.has_db_default() and (value is None or isinstance(value, DatabaseDefault)):
            value = timezone.now()
            setattr(model_instance, self.attname, value)
        return value


class DurationField(_Blank, models.DurationField):
    """Length of time."""


class TimeField(_Blank, models.TimeField):
    """Time of day."""


class URLField(_Blank, models.URLField):
    """URL."""


class EmailField(_Blank, models.EmailField):
    """E-mail address."""


class SlugField(_Blank, models.SlugField):
    """Short label of letters, digits, hyphens and underscores."""


class UUIDField(_Blank, models.UUIDField):
    """UUID."""


class BinaryField(_Blank, models.BinaryField):
    """Bytes."""


class GenericIPAddressField(_Blank, models.GenericIPAddressField):
    """IPv4 or IPv6 address."""


class ForeignKey(_Blank, models.ForeignKey):
    """Reference to one record of another registry."""

    descriptor_class = models.ForeignKey.descriptor_class


class OneToOneField(_Blank, models.OneToOneField):
    """Reference to one record that nobody else may refer to."""

    descriptor_class = models.OneToOneField.descriptor_class


class AutoField(models.AutoField):
    """Integer primary key that is counted up by the database."""

    descriptor_class = FieldAttr


class SmallAutoField(models.SmallAutoField):
    """16-bit integer primary key that is counted up by the database."""

    descriptor_class = FieldAttr


class BigAutoField(models.BigAutoField):
    """64-bit integer primary key that is counted up by the database."""

    descriptor_class = FieldAttr


def is_required(field: models.Field) -> bool:
    """Tell whether a constructor must be given a value for `field`."""
    if field.null or field.primary_key or field.has_db_default():
        return False
    if field.is_relation:
        return not field.has_default()
    return field.has_default() and field.default is None
