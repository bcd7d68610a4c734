"""Former home of the query sets, and of the classes behind `ln.DB(...).<module>`, which are named `<Module>DB`."""

from __future__ import annotations

import re
from typing import Any

from lamindb.models.db import DB, ModuleNamespace, QueryOnlyRegistry, namespace_class
from lamindb.query.query_set import BasicQuerySet, QuerySet, SQLRecordList

__all__ = ["DB", "BasicQuerySet", "ModuleNamespace", "QueryOnlyRegistry", "QuerySet", "SQLRecordList"]


def __getattr__(name: str) -> Any:
    match = re.fullmatch(r"([A-Z]\w*)DB", name)
    if match is not None:
        from lamindb.setup.modules import importable_packages

        module = match[1][0].lower() + match[1][1:]
        if importable_packages([module]):
            return namespace_class(module)
        raise AttributeError(
            f"module {__name__!r} has no attribute {name!r}: the schema module {module!r} is not installed"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
