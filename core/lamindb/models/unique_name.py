"""Mixin for registries whose names are unique whatever the case of their letters."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError


class HasUniqueName:
    """Refuses, when saving, a name that another record has in another case.

    The database refuses it, too, but knows the case of ASCII letters only (SQLite, and PostgreSQL with the C locale).
    """

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Write the record to the connected instance.

        Raises:
            IntegrityError: if another record has this name, whatever the case of its letters.
        """
        if kwargs.get("using") in (None, "default") and self._state.db in (None, "default"):  # type: ignore[attr-defined]
            self._refuse_taken_name()
        return super().save(*args, **kwargs)  # type: ignore[misc]

    def _refuse_taken_name(self) -> None:
        name, registry = self.name, type(self)  # type: ignore[attr-defined]
        if not isinstance(name, str) or getattr(self, "_original_values", {}).get("name") == name:
            return
        others = registry.objects.exclude(pk=self.pk).exclude(uid=self.uid)  # type: ignore[attr-defined]
        taken = next((other for other in others.values_list("name", flat=True) if other.lower() == name.lower()), None)
        if taken is None:
            return
        word = registry.__name__.lower()
        raise IntegrityError(
            f"Names are unique whatever their case (unique_{word}_name_lower): cannot save {word} {name!r}, because {taken!r} exists. "
            f"To get it, call ln.{registry.__name__}.get(name={taken!r})"
        )
