"""Base classes of all registries: the metaclass `Registry`, `BaseSQLRecord` and `SQLRecord`.

What records do is written elsewhere (construction, saving, deletion, versions, queries); these classes only connect it.
"""

from __future__ import annotations

import copy
import warnings
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.base import ModelBase

from lamindb.base.fields import BooleanField, ForeignKey, JSONField
from lamindb.base.registries import qualified_name
from lamindb.base.utils import class_and_instance_method
from lamindb.query.manager import QueryManager

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from lamindb.models import Branch, Space
    from lamindb.query.query_set import QuerySet

_LISTED = ("filter", "get", "to_dataframe", "search", "lookup", "describe", "connect")


class Registry(ModelBase):
    """Metaclass of registries: makes the class itself queryable."""

    def filter(cls, *queries: Any, **expressions: Any) -> QuerySet:
        """Query records.

        Args:
            *queries: `Q` objects, and for Artifact, Run and Record feature predicates.
            **expressions: fields and lookups, such as `name__startswith="batch"`.

        Returns:
            A lazy query set. Unless a branch, id, uid or hash is addressed, it holds the records of the current branch and of main.

        Raises:
            FieldError: if a field is unknown; the message lists the fields and near matches.

        Example:
            >>> ln.ULabel.filter(name="batch 1").one_or_none()
        """
        from lamindb.query.query_set import filter_registry

        return filter_registry(cls, *queries, **expressions)

    def get(cls, idlike: int | str | None = None, **expressions: Any) -> Any:
        """Get the one record with this id, uid (or uid prefix), or field values.

        Raises:
            ObjectDoesNotExist: if nothing matches.
            MultipleObjectsReturned: if several records match.

        Example:
            >>> ln.ULabel.get(name="batch 1")
        """
        from lamindb.query.query_set import get_record

        return get_record(cls, idlike, **expressions)

    def to_dataframe(
        cls,
        *,
        include: str | list[str] | None = None,
        features: str | list[str] | None = None,
        limit: int | None = 100,
        order_by: str | None = "-id",
        record_metadata: bool = True,
    ) -> pd.DataFrame:
        """Return the latest records as a data frame; see `QuerySet.to_dataframe`."""
        return cls.filter().to_dataframe(
            include=include, features=features, limit=limit, order_by=order_by, record_metadata=record_metadata
        )

    def order_by(cls, *keys: Any) -> QuerySet:
        """Return the records sorted by fields or features; see `QuerySet.order_by`."""
        return cls.filter().order_by(*keys)

    def df(cls, *args: Any, **kwargs: Any) -> pd.DataFrame:
        """Former name of `to_dataframe`."""
        warnings.warn(
            "Use to_dataframe instead of df, df will be removed in the future.", DeprecationWarning, stacklevel=2
        )
        return cls.to_dataframe(*args, **kwargs)

    def search(
        cls, string: str, *, field: Any = None, limit: int | None = 20, case_sensitive: bool = False
    ) -> QuerySet:
        """Search records by a piece of text, best match first; see `QuerySet.search`."""
        return cls.filter().search(string, field=field, limit=limit, case_sensitive=case_sensitive)

    def lookup(cls, field: Any = None, return_field: Any = None, keep: Any = "first") -> Any:
        """Return an object that completes the names of records on tab; see `QuerySet.lookup`."""
        return cls.filter().lookup(field=field, return_field=return_field, keep=keep)

    def connect(cls, instance: str | None) -> QuerySet:
        """Return a query set on another instance's database.

        Args:
            instance: `owner/name`, or `name` of an own instance; `None` is the current one.

        Raises:
            InstanceNotFoundError: if the instance is unknown here.
        """
        from lamindb.models.db import query_set_of

        return query_set_of(cls, instance)

    def using(cls, instance: str | None) -> QuerySet:
        """Former name of `connect`."""
        warnings.warn("Use connect instead of using, using will be removed.", DeprecationWarning, stacklevel=2)
        return cls.connect(instance)

    def __get_module_name__(cls) -> str:
        module = cls.__module__.split(".")[0].removeprefix("lnschema_")
        return "core" if module == "lamindb" else module

    def __get_name_with_module__(cls) -> str:
        return qualified_name(cls)

    def __dir__(cls) -> list[str]:
        names = [name for name in super().__dir__() if not callable(getattr(cls, name, None)) or name.startswith("_")]
        return sorted({*names, *_LISTED})

    def __repr__(cls) -> str:
        return qualified_name(cls) if "_meta" in vars(cls) else super().__repr__()


class IsLink:
    """Marks a model that links two registries; it is hidden from listings."""

    _is_link: ClassVar[bool] = True


class ValidateFields:
    """Marks a registry whose constructor runs Django's field validators."""


class NotOnRecords(TypeError, AttributeError):
    """A method of a registry was called on one of its records."""


class _MethodOfRegistry:
    """Descriptor: a method of the metaclass that is refused on records, with the call that is meant."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, record: Any, owner: type) -> Any:
        if record is not None:
            raise NotOnRecords(f"{self.name}() queries a registry, not a record of it: {owner.__name__}.{self.name}(…)")
        return getattr(type(owner), self.name).__get__(owner)


class BaseSQLRecord(models.Model, metaclass=Registry):
    """Base of every table: queryable class, validated constructor, saving that explains what went wrong."""

    class Meta:
        abstract = True
        base_manager_name = "objects"

    objects = QueryManager()
    if not TYPE_CHECKING:
        filter, get = _MethodOfRegistry(), _MethodOfRegistry()

    _is_registry: ClassVar[bool] = True
    #: Field that people know a record by; see `query.names.name_field`.
    _name_field: ClassVar[str | None] = None
    #: Keyword arguments that the constructor takes; `None` means every field.
    _init_params: ClassVar[tuple[str, ...] | None] = None
    #: Keyword arguments that may be given by position.
    _positional: ClassVar[tuple[str, ...]] = ()
    #: Keyword arguments that are understood, too, but not advertised (former names, aliases).
    _hidden_params: ClassVar[tuple[str, ...]] = ()
    #: What the error says when too many arguments are given by position.
    _positional_message: ClassVar[str | None] = None
    #: Allowed values of a field.
    _choices: ClassVar[dict[str, tuple[str, ...]]] = {}
    #: Whether new records take the branch and space in force.
    _inherits_branch: ClassVar[bool] = True
    _inherits_space: ClassVar[bool] = True
    #: Whether `filter` shows the current branch and main only.
    _default_branch_filter: ClassVar[bool] = True
    #: Names in queries that stand for other fields, and names of status codes.
    _query_aliases: ClassVar[dict[str, str]] = {}
    _status_codes: ClassVar[dict[str, int]] = {}
    #: Mixin of query sets of this registry.
    _query_set_mixin: ClassVar[type | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if args and len(args) == len(self._meta.concrete_fields):
            super().__init__(*args, **kwargs)
            return
        from lamindb.models.construction import construct

        construct(self, args, kwargs)

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Translate public constructor arguments to field values; registries override it."""
        return kwargs

    @classmethod
    def _complete(cls, kwargs: dict[str, Any]) -> None:
        """Fill, in place, defaults that depend on other arguments; they do not count as passed explicitly."""

    @classmethod
    def _find_existing(cls, explicit: dict[str, Any]) -> Any:
        """Return the stored record that these arguments mean, or `None`: by default the visible one of the same name and type."""
        from lamindb.models.construction import find_by_name

        return find_by_name(cls, explicit)

    @classmethod
    def _complete_scope(
        cls, field: str, values: Any, organism: Any, source: Any, *, create: bool = False
    ) -> tuple[Any, Any]:
        """Complete the organism and source with which values are validated or looked up; registries with such fields override it.

        Args:
            field: name of the field that the values belong to.
            values: distinct values, none empty.
            organism: what the user passed.
            source: what the user passed.
            create: whether records are to be made from the values.

        Returns:
            Organism and source; `None` is every organism.
        """
        return organism, source

    @classmethod
    def _learn_scope(cls, records: list[Any], organism: Any, source: Any) -> tuple[Any, Any]:
        """Complete organism and source for values that no record has, by the `records` of the other values of the same call."""
        return organism, source

    def _on_reuse(self, explicit: dict[str, Any]) -> None:
        """Called when this object became the stored record of the same name, before `explicit` arguments are assigned.

        Registries override it to refuse arguments that contradict the stored record, or to take some out of `explicit`.
        """

    @classmethod
    def from_db(cls, db: str | None, field_names: Iterable[str], values: Iterable[Any], **kwargs: Any) -> Any:
        record = super().from_db(db, field_names, values, **kwargs)  # type: ignore[misc]
        record._remember_original()
        return record

    def _remember_original(self) -> None:
        """Keep the stored values of the fields whose changes matter when saving."""
        tracked = self._tracked_fields()
        if tracked:
            loaded = self.__dict__
            self._original_values = {name: loaded[name] for name in tracked if name in loaded}

    @classmethod
    def _tracked_fields(cls) -> tuple[str, ...]:
        """Column names whose stored value is remembered: the name, branch, space and type, and `_TRACK_FIELDS`."""
        tracked = cls.__dict__.get("_tracked_cache")
        if tracked is None:
            columns = {field.attname for field in cls._meta.concrete_fields}
            names = [cls._name_field or "name", "branch_id", "space_id", "type_id", "is_latest"]
            names += getattr(cls, "_TRACK_FIELDS", None) or ()
            tracked = tuple(name for name in dict.fromkeys(names) if name in columns)
            cls._tracked_cache = tracked
        return tracked

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Write the record to the connected instance.

        A record of another database is transferred. A unique field whose value exists already gives the existing record.

        Args:
            **kwargs: `using` (write to another instance), and for records of another instance `transfer` (`"record"`, `"notes"` or
                `"annotations"`) and `depth` (how many levels of the records below a type are copied, too).

        Returns:
            The record itself.

        Raises:
            NoWriteAccess: if the connection or the record does not permit writing.
            IntegrityError: if a constraint that has no such rule is violated.

        Example:
            >>> ln.ULabel(name="batch 1").save()
        """
        from lamindb.models.saving import save_record

        return save_record(self, *args, **kwargs)

    def _write_elsewhere(self, write_row: Callable[[], None], alias: str, home: str) -> None:
        """Write the record to another instance, whose rows it refers to already; registries that keep more than a row override it.

        Args:
            write_row: writes the row.
            alias: connection to write with, in a transaction.
            home: connection to read with.
        """
        write_row()

    def _save_row(self, **kwargs: Any) -> None:
        """Django's own save, without any of our rules."""
        from lamindb.models.bulk_insert import insert_one

        if not (self._state.adding and kwargs == {"using": "default"} and insert_one(self)):
            super().save(**kwargs)
        self._remember_original()

    def delete(self, permanent: bool | None = None, **kwargs: Any) -> Any:
        """Delete the record.

        Args:
            permanent: `True` deletes the row; `None` moves the record to the trash where the registry has one, and asks when it
                lies there already; `False` never goes beyond the trash.
        """
        from lamindb.models.deletion import delete_record

        return delete_record(self, permanent=permanent, **kwargs)

    def _delete_row(self, **kwargs: Any) -> Any:
        """Django's own delete, without any of our rules."""
        return super().delete(**kwargs)

    @classmethod
    def _delete_queryset(cls, queryset: QuerySet, permanent: bool | None, **kwargs: Any) -> Any:
        from lamindb.models.deletion import delete_query_set

        return delete_query_set(queryset, permanent=permanent, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._remember_original()

    @class_and_instance_method
    def describe(cls_or_self: Any, *args: Any, **kwargs: Any) -> str | None:
        """Print what a registry's fields are, or what is known about a record.

        Args:
            return_str: return the text instead of printing it.
            include: `"comments"` adds the comments (records only).
        """
        if isinstance(cls_or_self, type):
            from lamindb.display.registry import describe_registry

            return describe_registry(cls_or_self, *args, **kwargs)
        from lamindb.display.record import describe_record

        return describe_record(cls_or_self, *args, **kwargs)

    def __repr__(self) -> str:
        from lamindb.display.values import repr_record

        return repr_record(self)

    __str__ = __repr__

    def __copy__(self) -> Any:
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._state = copy.copy(self._state)
        return made


class SQLRecord(BaseSQLRecord):
    """Base of the domain registries: adds branch, space, lock and trash."""

    class Meta(BaseSQLRecord.Meta):
        abstract = True

    branch: Branch = ForeignKey("lamindb.Branch", models.PROTECT, default=1, db_default=1, related_name="+")
    created_on: Branch = ForeignKey(
        "lamindb.Branch", models.PROTECT, default=1, db_default=1, related_name="+", editable=False
    )
    space: Space = ForeignKey("lamindb.Space", models.PROTECT, default=1, db_default=1, related_name="+")
    is_locked: bool = BooleanField(default=False, db_default=False)
    _aux: dict[str, Any] | None = JSONField(default=None, null=True)

    def restore(self) -> None:
        """Bring the record back from the trash or archive to the main branch."""
        from lamindb.models.deletion import restore_record

        restore_record(self)


#: Former names of the classes here, which packages and migrations for the original import.
_FORMER_NAMES = {"LinkORM": IsLink, "Record": SQLRecord, "BasicRecord": BaseSQLRecord}


def __getattr__(name: str) -> Any:
    if name in _FORMER_NAMES:
        return _FORMER_NAMES[name]
    if name in ("SQLRecordInfo", "RecordInfo"):
        from lamindb.display.registry import SQLRecordInfo

        return SQLRecordInfo
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
