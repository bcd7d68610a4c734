"""Feature values and sheets, side by side with the original: annotate, register, import, export, show.

Example:
    python benchmarks/features.py --original /tmp/original/bin/python --rows 1000 --rounds 3
"""

from __future__ import annotations

import argparse
import re
import sys

from foundation import versions
from side_by_side import Package, Scenario, as_markdown, compare

_TEN_FEATURES = """
import datetime
import lamindb as ln
labels = [ln.ULabel(name=name).save() for name in "abc"]
dtypes = {"i": int, "f": float, "s": str, "b": bool, "d": datetime.date, "t": datetime.datetime, "u": ln.ULabel, "v": ln.ULabel, "w": ln.ULabel, "x": int}
for name, dtype in dtypes.items():
    ln.Feature(name=name, dtype=dtype).save()
open("a.txt", "w").write("a")
ln.Artifact("a.txt", key="a.txt").save()
"""
_ADD = """
import datetime, time
import lamindb as ln
artifact = ln.Artifact.get(key="a.txt")
values = {"i": 1, "f": 2.5, "s": "text", "b": True, "d": datetime.date(2024, 5, 1), "t": datetime.datetime(2024, 5, 1, 10), "u": "a", "v": "b", "w": "c", "x": 5}
artifact.features.add_values({"i": 7})
artifact.features.remove_values("i")
start = time.perf_counter()
artifact.features.add_values(values)
seconds = time.perf_counter() - start
print(seconds)
"""
_LABELS = """
import time
import lamindb as ln
ln.ULabel(name="warm").save()
start = time.perf_counter()
ln.ULabel.from_values([f"new {i}" for i in range(LABELS)], create=True)
print(time.perf_counter() - start)
"""
_SHEET = """
import datetime
import lamindb as ln
for i in range(20):
    ln.ULabel(name=f"u{i}").save()
sample = ln.Record(name="Sample", is_type=True).save()
for i in range(20):
    ln.Record(name=f"s{i}", type=sample).save()
dtypes = {"i": int, "f": float, "s": str, "t": datetime.datetime, "u": ln.ULabel, "r": sample}
features = [ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()]
ln.Record(name="Sheet", is_type=True, schema=ln.Schema(features, name="sheet").save()).save()
"""
_IMPORT = """
import time
import numpy as np, pandas as pd
import lamindb as ln
sheet = ln.Record.get(name="Sheet")
n = ROWS
df = pd.DataFrame({
    "__lamindb_record_name__": [f"row {i}" for i in range(n)], "i": range(n), "f": np.linspace(0, 1, n), "s": [f"text {i}" for i in range(n)],
    "t": pd.date_range("2024-01-01", periods=n, freq="min"), "u": [f"u{i % 20}" for i in range(n)], "r": [f"s{i % 20}" for i in range(n)],
})
start = time.perf_counter()
ln.Record.from_dataframe(df, type=sheet).save()
print(time.perf_counter() - start)
"""
_EXPORT = """
import time
import pandas
import lamindb as ln
sheet = ln.Record.get(name="Sheet")
ln.ULabel.to_dataframe()
start = time.perf_counter()
assert len(sheet.to_dataframe()) == ROWS
print(time.perf_counter() - start)
"""
#: One annotated artifact, of which the others are copies in the database: making thousands through the API would take hours.
_ANNOTATED = """
import lamindb as ln
from django.db import connection
label = ln.ULabel(name="lung").save()
tissue, number = ln.Feature(name="tissue", dtype=ln.ULabel).save(), ln.Feature(name="number", dtype=int).save()
with open("0.txt", "w") as stream:
    stream.write("0")
first = ln.Artifact("0.txt", key="0.txt").save()
first.features.add_values({"tissue": "lung", "number": 0})
def copy(table, rows, **changed):
    with connection.cursor() as cursor:
        names = [row[1] for row in cursor.execute(f"PRAGMA table_info({table})").fetchall() if row[1] != "id"]
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(changed.get(name, f'"{name}"') for name in names)
        cursor.execute(
            f"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {ARTIFACTS - 1}) "
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} AS row, c WHERE row.id = {rows} ORDER BY i"
        )
copy("lamindb_artifact", first.pk, uid="printf('%016d0000', i)", key="i || '.txt'", hash="printf('%022d', i)")
value = ln.models.JsonValue.filter(feature=number).first()
copy("lamindb_jsonvalue", value.pk, value="CAST(i AS text)", hash="printf('%022d', i)")
label_link = first.links_ulabel.first()
value_link = ln.models.ArtifactJsonValue.filter(artifact=first).first()
copy("lamindb_artifactulabel", label_link.pk, artifact_id=f"{first.pk} + i")
copy("lamindb_artifactjsonvalue", value_link.pk, artifact_id=f"{first.pk} + i", jsonvalue_id=f"{value.pk} + i")
"""
_SHOW = """
import time
import pandas
import lamindb as ln
ln.ULabel.to_dataframe()
start = time.perf_counter()
frame = ln.Artifact.filter().to_dataframe(include="features", limit=None)
seconds = time.perf_counter() - start
assert len(frame) == ARTIFACTS and sorted(frame["number"]) == list(range(ARTIFACTS)) and set(frame["tissue"]) == {"lung"}
print(seconds)
"""


def scenarios(n_rows: int, n_labels: int, n_artifacts: int) -> list[Scenario]:
    """Return the programs for given sizes."""

    def sized(code: str) -> str:
        return code.replace("ROWS", str(n_rows)).replace("LABELS", str(n_labels)).replace("ARTIFACTS", str(n_artifacts))

    return [
        Scenario("`add_values` of 10 features on an artifact", 10, sized(_ADD), _TEN_FEATURES),
        Scenario(f"`from_values(create=True)` of {n_labels:,} new labels", 10, sized(_LABELS)),
        Scenario(f"`Record.from_dataframe` of {n_rows:,} rows × 6 features", 10, sized(_IMPORT), _SHEET),
        Scenario(
            f"`sheet.to_dataframe()` of {n_rows:,} rows × 6 features", 10, sized(_EXPORT), _SHEET + sized(_IMPORT)
        ),
        Scenario(
            f'`to_dataframe(include="features")` of {n_artifacts:,} artifacts', 3, sized(_SHOW), sized(_ANNOTATED)
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--original", required=True, help="Python interpreter of the environment with the original")
    parser.add_argument("--ours", default=sys.executable, help="Python interpreter with this package")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--labels", type=int, default=10_000)
    parser.add_argument("--artifacts", type=int, default=10_000)
    parser.add_argument("--only", default="", help="regular expression on scenario names")
    arguments = parser.parse_args()
    packages = (Package("original", arguments.original), Package("this", arguments.ours))
    chosen = scenarios(arguments.rows, arguments.labels, arguments.artifacts)
    chosen = [scenario for scenario in chosen if re.search(arguments.only, scenario.name)]
    print(as_markdown(compare(chosen, packages, arguments.rounds), packages, versions(packages)))


if __name__ == "__main__":
    main()
