"""Collects everything that is wrong with feature values, to be told in one error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from lamindb.errors import ValidationError

_MAX_VALUES = 10
_MAX_PROBLEMS = 50
_MAX_REPR = 60


@dataclass
class MissingRecords:
    """Values for which a registry has no record.

    Attributes:
        registry: qualified name, such as `"Record"` or `"bionty.CellType"`.
        field: field that was compared.
        values: the values, each once.
        type: the type that the records have to belong to.
        is_curated: whether the registry makes records from values.
    """

    registry: str
    field: str
    values: list[str]
    type: Any = None
    is_curated: bool = True

    @property
    def hint(self) -> str:
        """Code that makes the records."""
        name = self.registry if "." in self.registry else f"ln.{self.registry}"
        create = "" if self.registry.startswith("bionty.") else ", create=True"
        if not self.is_curated:
            return f"Some of these values for {self.registry} do not exist: {self.values} (compared with the field '{self.field}')"
        if self.type is None or create == "":
            return f"  records = {name}.from_values({self.values}, field='{self.field}'{create}).save()"
        return (
            f"  records = {name}.from_values({self.values}, field='{self.field}'{create})  # new ones get the type below\n"
            f"  for record in records: record.type = {name}.get('{self.type.uid}')  # {self.type.name}\n"
            "  ln.save(records)"
        )


@dataclass
class ValueProblems:
    """Problems of one call: each feature's values that don't fit, and values without records.

    Attributes:
        texts: one sentence per problem.
        culprits: what was passed for the features that don't fit, as `'n' (int)='x'`.
        missing: values for which there are no records.
    """

    texts: list[str] = field(default_factory=list)
    culprits: list[str] = field(default_factory=list)
    missing: list[MissingRecords] = field(default_factory=list)

    def add(self, text: str, feature: Any = None, values: Iterable[Any] = ()) -> None:
        """Note a problem, and the values of a feature that have it."""
        self.texts.append(text)
        if feature is not None:
            for value in list(values)[:1]:
                self.culprits.append(f"'{feature.name}' ({feature._dtype_str})={shown(value)}")

    def add_missing(self, feature: Any, missing: MissingRecords) -> None:
        """Note values of a feature for which there are no records."""
        n = len(missing.values)
        listed = ", ".join(map(repr, missing.values[:_MAX_VALUES])) + (", ..." if n > _MAX_VALUES else "")
        where = f" among those of type '{missing.type.name}'" if missing.type is not None else ""
        self.texts.append(f"{n} term{'' if n == 1 else 's'} not validated in feature '{feature.name}'{where}: {listed}")
        self.culprits.append(f"'{feature.name}' ({feature._dtype_str})={shown(missing.values[0])}")
        for known in self.missing:
            same_type = (known.type and known.type.uid) == (missing.type and missing.type.uid)
            if known.registry == missing.registry and known.field == missing.field and same_type:
                known.values += [value for value in missing.values if value not in known.values]
                return
        self.missing.append(missing)

    def raise_if_any(self, subject: str) -> None:
        """Raise one error with all problems.

        Args:
            subject: what failed, such as `"Failed to add features on Artifact (uid=…)"`.

        Raises:
            ValidationError: if there is a problem.
        """
        if not self.texts and not self.missing:
            return
        parts = []
        if self.missing:
            by_registry: dict[str, tuple[str, list[str]]] = {}
            for missing in self.missing:
                field_name, values = by_registry.get(missing.registry, (missing.field, []))
                by_registry[missing.registry] = (field_name, [*values, *missing.values])
            hints = "\n".join(missing.hint for missing in self.missing)
            parts.append(
                f"These values could not be validated: {by_registry}\nHere is how to create records for them:\n\n{hints}\n"
            )
        culprits = ", ".join(self.culprits[:_MAX_VALUES]) + (", ..." if len(self.culprits) > _MAX_VALUES else "")
        listed = self.texts[:_MAX_PROBLEMS]
        if len(self.texts) > _MAX_PROBLEMS:
            listed.append(f"… and {len(self.texts) - _MAX_PROBLEMS} more problems")
        parts.append(f"{subject}{f': {culprits}' if culprits else ''}. " + "\n".join(listed))
        raise ValidationError("\n".join(parts))


def shown(value: Any) -> str:
    """Return a short form of a value for messages."""
    text = repr(value)
    return text if len(text) <= _MAX_REPR else f"{text[:_MAX_REPR]}…"


def rows_text(rows: list[int], n_rows: int) -> str:
    """Return in which rows of a table a problem is; nothing for a single row."""
    if n_rows <= 1:
        return ""
    listed = ", ".join(map(str, rows[:_MAX_VALUES])) + (", ..." if len(rows) > _MAX_VALUES else "")
    return f" in {len(rows)} row{'' if len(rows) == 1 else 's'} ({listed})"
