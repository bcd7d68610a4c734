"""Reads tables of a store: the index, single columns, or selected rows, also of files from before anndata 0.7."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamindb_anndata.selection import Positions, take


def column_names(element: Any) -> list[str]:
    """Return the names of the columns of a stored table, in their order."""
    if element is None:
        return []
    if not hasattr(element, "keys"):
        return [name for name in element.dtype.names if name != _index_name(element)]
    order = element.attrs.get("column-order")
    if order is not None:
        return [_text(name) for name in np.asarray(order).tolist()]
    return [name for name in element if name not in (_index_name(element), "__categories")]


def index_length(element: Any) -> int:
    """Return the number of rows of a stored table without reading a value."""
    if not hasattr(element, "keys"):
        return int(element.shape[0])
    name = _index_name(element)
    if name not in element:
        raise ValueError(f"the table {element.name} has no index {name!r}")
    return _length(element[name])


def read_index(element: Any, positions: Positions | None = None) -> Any:
    """Read the index of a stored table as a `pandas.Index`; the names of entries are texts, so numbers become texts."""
    import pandas as pd

    name = _index_name(element)
    if not hasattr(element, "keys"):
        rows = element[name] if name in element.dtype.names else np.arange(element.shape[0])
        values = _decode(rows if positions is None else take(rows, positions))
    else:
        values = read_values(element[name], positions)
    index = pd.Index(values, name=None if name == "_index" else name)
    if index.dtype.kind in "iufb":
        index = index.astype(str)
    return index


def read_column(frame: Any, name: str, positions: Positions | None = None) -> Any:
    """Read one column of a stored table, whole or at some positions, as pandas takes it.

    Raises:
        KeyError: if the table has no such column.
    """
    import pandas as pd

    if not hasattr(frame, "keys"):
        values = frame[name]  # one field of a structured array
        return _decode(values if positions is None else take(values, positions))
    if name not in frame:
        raise KeyError(f"{name!r} is no column of {frame.name}: it has {', '.join(column_names(frame)) or 'none'}")
    column = frame[name]
    if "__categories" in frame and name in frame["__categories"]:  # as anndata 0.7 wrote them
        categories = frame["__categories"][name]
        ordered = bool(categories.attrs.get("ordered", False))
        return pd.Categorical.from_codes(_rows(column, positions), categories=_rows(categories, None), ordered=ordered)
    return read_values(column, positions)


def read_values(column: Any, positions: Positions | None = None) -> Any:
    """Read values that are stored as an array, categories, or nullable values, whole or at some positions."""
    import pandas as pd

    from lamindb_anndata.elements import encoding_of, is_group, read_selected

    if not is_group(column):
        return _rows(column, positions)
    encoding = encoding_of(column)
    if encoding == "categorical":
        codes = _rows(column["codes"], positions)
        categories = read_values(column["categories"])
        return pd.Categorical.from_codes(codes, categories=categories, ordered=bool(column.attrs.get("ordered", False)))
    if encoding.startswith("nullable-"):
        values, mask = _rows(column["values"], positions), _rows(column["mask"], positions)
        return _nullable(encoding, values, mask, column)
    return read_selected(column, [range(_length(column)) if positions is None else positions])


def read_frame(element: Any, positions: Positions | None = None, columns: list[str] | None = None) -> Any:
    """Read a stored table.

    Args:
        element: group or structured array of a store.
        positions: rows to read; default: all.
        columns: names of columns to read; default: all.

    Returns:
        A `pandas.DataFrame`.
    """
    import pandas as pd

    names = column_names(element) if columns is None else columns
    index = read_index(element, positions)
    data = {name: read_column(element, name, positions) for name in names}
    return pd.DataFrame(data, index=index, columns=None if data else pd.Index([], dtype=object))


def read_window(array: Any, window: Any) -> Any:
    """Read a part of an array; texts come as `str`, which HDF5 hands over as bytes, and zarr in a type that pandas doesn't know."""
    if hasattr(array, "asstr"):
        import h5py

        if h5py.check_string_dtype(array.dtype) is not None:
            return array.asstr()[window]
    values = array[window]
    return values.astype(object) if values.dtype.kind == "T" else _decode(values)


def _rows(array: Any, positions: Positions | None) -> Any:
    from lamindb_anndata.elements import read_dense

    return read_window(array, slice(None)) if positions is None else read_dense(array, [positions])


def _nullable(encoding: str, values: Any, mask: Any, column: Any) -> Any:
    import pandas as pd

    if encoding == "nullable-integer":
        return pd.arrays.IntegerArray(values, mask=mask)
    if encoding == "nullable-boolean":
        return pd.arrays.BooleanArray(values, mask=mask)
    texts = values.astype(object)
    missing = column.attrs.get("na-value")
    dtype = pd.StringDtype(na_value=np.nan) if missing == "NaN" else pd.StringDtype()
    texts[mask] = np.nan if missing == "NaN" else pd.NA
    return pd.array(texts, dtype=dtype)


def _length(column: Any) -> int:
    from lamindb_anndata.elements import is_group

    if not is_group(column):
        return int(column.shape[0])
    return int(column["codes" if "codes" in column else "values"].shape[0])


def _index_name(element: Any) -> str:
    name = element.attrs.get("_index")
    if name is not None:
        return _text(name)
    names = element.dtype.names if not hasattr(element, "keys") else element
    return next((known for known in ("_index", "index") if known in names), "_index")


def _decode(values: Any) -> Any:
    if values.dtype.kind == "S":
        return np.char.decode(values, "utf-8").astype(object)
    if values.dtype.kind == "O" and any(isinstance(value, bytes) for value in values.flat):
        flat = [value.decode("utf-8") if isinstance(value, bytes) else value for value in values.flat]
        made = np.empty(len(flat), dtype=object)
        made[:] = flat
        return made.reshape(values.shape)
    return values


def _text(name: Any) -> str:
    return name.decode("utf-8") if isinstance(name, bytes) else str(name)
