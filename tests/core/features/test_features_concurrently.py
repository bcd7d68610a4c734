"""Several processes annotate the same artifact with the same and with other values at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

_CODE = """
import lamindb as ln
artifact = ln.Artifact.get(key="notes.txt")
for i in range(15):
    artifact.features.add_values({{"whole": i, "text": "the same", "label": "a", "flag": i % 2 == 0}})
    artifact.features.add_values({{"real": {number} + i / 100}})
"""


def test_processes_that_annotate_at_once_lose_nothing(
    artifact: Any, features: Any, instance: Any, run_python: Any
) -> None:
    import lamindb as ln

    environment = {"LAMIN_CURRENT_INSTANCE": instance.slug}
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: run_python(_CODE.format(number=number), env=environment), (1, 2)))
    values = artifact.features.get_values()
    assert values["whole"] == set(range(15)) and values["text"] == "the same" and values["label"] == "a"
    assert len(values["real"]) == 30 and values["flag"] == {True, False}
    assert ln.models.JsonValue.filter().count() == 15 + 1 + 2 + 30
