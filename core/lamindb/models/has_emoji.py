"""Mixin for records that are shown with an emoji: types, what belongs to them, and branches."""

from __future__ import annotations

from typing import Any

#: Key in `_aux` under which the emoji is stored.
_EMOJI = "ei"


class HasEmoji:
    """Adds `emoji`."""

    _aux: Any

    @property
    def emoji(self) -> str | None:
        """The emoji of the record, else that of its type (nearest first), else `None`; set it and save the record.

        Raises:
            TypeError: if it is set to something that is not a text.
            ValueError: if it is set on a record that is neither a type nor a branch, or is longer than one symbol.
        """
        record, seen = self, set()
        while record is not None and record.pk not in seen:
            own = (record._aux or {}).get(_EMOJI)
            if own is not None:
                return own
            seen.add(record.pk)
            record = getattr(record, "type", None)
        return None

    @emoji.setter
    def emoji(self, value: str | None) -> None:
        if getattr(self, "is_type", True) is False:
            raise ValueError(
                f"{type(self).__name__} {getattr(self, 'name', None)!r} is not a type: set the emoji of its type, which it inherits"
            )
        aux = dict(self._aux or {})
        if value is None:
            aux.pop(_EMOJI, None)
        else:
            if not isinstance(value, str):
                raise TypeError(f"an emoji is a text, not {type(value).__name__}")
            # one symbol can be a sequence: base, skin tone, joiner, variation selector
            if not value.strip() or len(value) > 12 or value.isascii():
                raise ValueError(f"{value!r} is not an emoji")
            aux[_EMOJI] = value
        self._aux = aux or None
