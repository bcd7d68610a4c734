"""A few terms of the default sources, so that the examples run on a machine that has nothing else: identifiers, names, parents, and
the synonyms that the examples use.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bionty.term_table import SourceSpec, TermTable


def extract_of(spec: SourceSpec) -> TermTable | None:
    """Return the extract that stands in for a source, whatever its version; `None` if there is none."""
    import pyarrow as pa

    from bionty.term_table import TermTable

    entry = _content().get(f"{spec.entity.removeprefix('bionty.')}/{spec.name}/{spec.organism}")
    if entry is None:
        return None
    columns: dict[str, Any] = {
        name: pa.array([row[i] for row in entry["rows"]], pa.list_(pa.string()) if name == "parents" else pa.string())
        for i, name in enumerate(entry["columns"])
    }
    return TermTable(pa.table(columns), spec, origin="the packaged extract", is_extract=True)


def organisms() -> list[dict[str, str]]:
    """Return the well-known organisms: name, scientific name, taxon, and the beginning of their Ensembl gene ids."""
    entry = _content()["Organism/ensembl/vertebrates"]
    return [dict(zip(entry["columns"], row, strict=True)) for row in entry["rows"]]


@cache
def _content() -> dict[str, dict[str, Any]]:
    return json.loads((Path(__file__).parent / "terms.json").read_text(encoding="utf-8"))
