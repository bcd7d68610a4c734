"""Fisher's measurements of iris flowers, with the values that scikit-learn has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_MEASURED = ("sepal length", "sepal width", "petal length", "petal width")
_SPECIES = ("setosa", "versicolor", "virginica")


def df_iris() -> pd.DataFrame:
    """Return 150 flowers: four lengths in cm, and the species as the number 0, 1 or 2 in the column `target`.

    Example:
        >>> df_iris().shape
        (150, 5)
    """
    import pandas as pd

    df = pd.read_csv(Path(__file__).with_name("iris.csv"))
    return df.astype({"target": "int64"})


def df_iris_in_meter() -> pd.DataFrame:
    """Return the flowers with lengths in metres and the names of the species in the column `iris_organism_name`."""
    df = df_iris()
    targets = df.pop("target")
    df = df / 100
    df.columns = [name.replace(" ", "_") for name in _MEASURED]
    df["iris_organism_name"] = targets.map(dict(enumerate(_SPECIES))).astype("object")
    return df


def df_iris_in_meter_study1() -> pd.DataFrame:
    """Return the first 75 flowers of `df_iris_in_meter`."""
    return df_iris_in_meter().iloc[:75]


def df_iris_in_meter_study2() -> pd.DataFrame:
    """Return the last 75 flowers of `df_iris_in_meter`; the index goes on."""
    return df_iris_in_meter().iloc[75:]
