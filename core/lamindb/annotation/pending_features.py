"""Feature values that were passed to a constructor: checked before the record is saved, written after it."""

from __future__ import annotations

from typing import Any

from lamindb.annotation.facts import Facts
from lamindb.annotation.feature_manager import FeatureManager

#: Attribute of a record that holds the values until it is saved.
ATTRIBUTE = "_features"


def check_pending(record: Any) -> Facts | None:
    """Check the values that are to be written with a record, `None` if there are none.

    Raises:
        ValidationError: if one is not valid.
    """
    values = record.__dict__.get(ATTRIBUTE)
    if values is None:
        return None
    manager = FeatureManager(record)
    return manager.check(values, schema=manager.schema_to_set())


def write_pending(record: Any, facts: Facts | None) -> None:
    """Write checked values of a record that is saved now; they replace those that it had."""
    if facts is None:
        return
    FeatureManager(record).replace_all(facts)
    record.__dict__.pop(ATTRIBUTE, None)
