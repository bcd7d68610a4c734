"""Settings of a type that rule the records below it: `type_record.settings`."""

from __future__ import annotations

from typing import Any

from lamindb.base.registries import registry as find_registry
from lamindb.errors import ValidationError

#: Key in `_aux` under which `single_space` is stored: `True`, or the uid of a space.
_SINGLE_SPACE = "ss"


class TypeSettings:
    """What a type says about its records.

    Example:
        >>> samples.settings.single_space = True  # doctest: +SKIP
        >>> samples.save()  # doctest: +SKIP
    """

    def __init__(self, record: Any) -> None:
        self._record = record

    def __repr__(self) -> str:
        return f"TypeSettings(single_space={self.single_space!r})"

    @property
    def single_space(self) -> Any:
        """Whether all records of this type lie in one space: `False`, `True` (the space of the type) or a space; set it and save the type.

        New records of the type default to that space, and can't be in another one.

        Raises:
            TypeError: if it is set to something else.
            ValueError: if it is set on a record that is no type, or to a space that is not saved.
        """
        stored = (self._record._aux or {}).get(_SINGLE_SPACE, False)
        if isinstance(stored, bool):
            return stored
        return find_registry("Space").objects.using(self._record._state.db).get(uid=stored)

    @single_space.setter
    def single_space(self, value: Any) -> None:
        record = self._record
        if not record.is_type:
            raise ValueError(
                f"{type(record).__name__} {record.name!r} is not a type: `single_space` rules the records of a type"
            )
        if not isinstance(value, bool):
            if not isinstance(value, find_registry("Space")):
                raise TypeError(f"single_space is True, False or a space, not {value!r}")
            if value._state.adding:
                raise ValueError(f"Space {value.name!r} is not saved: call .save() on it first")
            value = value.uid
        aux = dict(record._aux or {})
        if value is False:
            aux.pop(_SINGLE_SPACE, None)
        else:
            aux[_SINGLE_SPACE] = value
        record._aux = aux or None


def single_space_id(parent: Any) -> int | None:
    """Return the id of the space that records of this type lie in, `None` if they may lie anywhere."""
    if not (parent._aux or {}).get(_SINGLE_SPACE):
        return None
    space = TypeSettings(parent).single_space
    return parent.space_id if space is True else space.pk


def check_single_space(record: Any) -> None:
    """Raise `ValidationError` if the record's type keeps its records in another space."""
    parent = getattr(record, "type", None)
    wanted = None if parent is None else single_space_id(parent)
    if wanted is None or record.space_id == wanted:
        return
    space = find_registry("Space").objects.using(parent._state.db).get(pk=wanted)
    raise ValidationError(
        f"{type(record).__name__} {record.name!r} can't be in space {record.space.name!r}: all records of type {parent.name!r} are in "
        f"{space.name!r}. Leave `space` out, or allow others: .settings.single_space = False on the type"
    )
