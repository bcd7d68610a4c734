"""Keeps categories that files forget: of tables without rows, and in parquet also those of numbers and dates, and very many ones.

They are kept as an entry of the file's own metadata, so that every other reader sees an ordinary file.
"""

from __future__ import annotations

import base64
import json
from typing import Any

_KEY = b"lamindb_dataframe:categories"
#: Parquet keeps text categories in dictionary pages; above 1 MiB a page is given up (`dictionary_pagesize_limit`).
_SAFE_BYTES = 512 * 1024


def keep_categories(table: Any, encoding: str) -> Any:
    """Return an Arrow table whose metadata holds the categories that a file with this encoding would forget."""
    import pyarrow as pa

    kept = {}
    for field, column in zip(table.schema, table.columns, strict=True):
        if not pa.types.is_dictionary(field.type) or column.num_chunks == 0:
            continue
        categories = column.combine_chunks().dictionary if column.num_chunks > 1 else column.chunk(0).dictionary
        if _is_remembered(categories, table.num_rows, encoding):
            continue
        kept[field.name] = {"categories": _encode(categories), "ordered": field.type.ordered}
    if not kept:
        return table
    return table.replace_schema_metadata({**(table.schema.metadata or {}), _KEY: json.dumps(kept)})


def restore_categories(table: Any) -> Any:
    """Return an Arrow table in which the kept categories are those of its columns again."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if _KEY not in (table.schema.metadata or {}):
        return table
    for name, entry in json.loads(table.schema.metadata[_KEY]).items():
        if name not in table.column_names:
            continue
        categories = _decode(entry["categories"])
        position = table.column_names.index(name)
        values = table.column(position).cast(_plain(categories).type)
        codes = pc.index_in(values, value_set=_plain(categories)).combine_chunks()
        if isinstance(codes, pa.ChunkedArray):
            codes = pa.concat_arrays(codes.chunks) if codes.num_chunks else pa.array([], pa.int32())
        restored = pa.DictionaryArray.from_arrays(codes, categories, ordered=entry["ordered"])
        table = table.set_column(position, pa.field(name, restored.type), restored)
    return table


def _is_remembered(categories: Any, n_rows: int, encoding: str) -> bool:
    import pyarrow as pa

    if encoding != "parquet":
        return n_rows > 0
    is_text = pa.types.is_string(categories.type) or pa.types.is_large_string(categories.type)
    return n_rows > 0 and is_text and categories.nbytes < _SAFE_BYTES


def _plain(array: Any) -> Any:
    """Return the storage of an array of an extension type, since comparing needs plain values."""
    return getattr(array, "storage", array)


def _encode(categories: Any) -> str:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, pa.schema([pa.field("c", categories.type)])) as stream:
        stream.write(pa.record_batch([categories], names=["c"]))
    return base64.b64encode(sink.getvalue()).decode("ascii")


def _decode(text: str) -> Any:
    import pyarrow as pa

    column = pa.ipc.open_stream(base64.b64decode(text)).read_all().column("c")
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
