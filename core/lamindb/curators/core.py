"""The parts that curators are made of, under the names by which other packages import them."""

from __future__ import annotations

from typing import Any

from lamindb.curators.categories import CatLookup, CatVector, DataFrameCatManager
from lamindb.curators.component import ComponentCurator
from lamindb.curators.curator import Curator, SlotsCurator
from lamindb.curators.dataframe import DataFrameCurator
from lamindb.curators.dictionary import DictCurator, ExperimentalDictCurator
from lamindb.curators.report import Problem, ValidationReport

__all__ = [
    "CatLookup", "CatVector", "ComponentCurator", "Curator", "DataFrameCatManager", "DataFrameCurator", "DictCurator",
    "ExperimentalDictCurator", "Problem", "SlotsCurator", "ValidationReport",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    import lamindb.curators as curators

    return getattr(curators, name)
