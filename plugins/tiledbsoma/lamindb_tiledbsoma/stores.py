"""Opens TileDB-SOMA stores, local or in S3, and counts their observations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Local path, or a path of universal-pathlib.
AnyPath = Any

_MODES = ("r", "w")


def open_soma(path: AnyPath, mode: Any = "r", *, on_change: Callable[[], None] | None = None, **kwargs: Any) -> Any:
    """Open a store as what it is: an experiment, a measurement, or a collection.

    Args:
        path: local path, or a path in S3.
        mode: `"r"` or `"w"`.
        on_change: called once, after an object that was opened for writing was closed.
        **kwargs: passed to `tiledbsoma.open`.

    Returns:
        A `tiledbsoma.Experiment`, `Measurement` or `Collection`, to be closed or used in a `with` block. Opened for writing, its class is a subclass of
        that, called `ExperimentTrack` and so on.

    Raises:
        ValueError: for another mode.
    """
    if mode not in _MODES:
        raise ValueError(f"TileDB-SOMA stores are opened with mode 'r' or 'w', not {mode!r}")
    import tiledbsoma

    options = {"context": context_for(path), **kwargs}
    opened = tiledbsoma.open(uri_of(path), mode=mode, **options)
    return opened if on_change is None else _tracked(opened, on_change)


def uri_of(path: AnyPath) -> str:
    """Return a path as TileDB takes it."""
    return str(path) if isinstance(path, (str, Path)) else str(path).replace("s3a://", "s3://", 1)


def context_for(path: AnyPath) -> Any:
    """Return a context with the region, endpoint and credentials that the file system of a remote path has, else `None`.

    Credentials that expire are those of the moment of opening: an object that stays open longer has to be opened again.
    """
    if getattr(path, "protocol", "") not in ("s3", "s3a"):
        return None
    import tiledbsoma

    filesystem = path.fs
    client = getattr(filesystem, "client_kwargs", None) or {}
    endpoint = getattr(filesystem, "endpoint_url", None) or client.get("endpoint_url")
    config: dict[str, Any] = {"vfs.s3.region": client.get("region_name") or ("" if endpoint else "us-east-1")}
    if endpoint:
        scheme, _, host = endpoint.partition("://")
        config["vfs.s3.scheme"], config["vfs.s3.endpoint_override"] = scheme, host.rstrip("/")
        config["vfs.s3.use_virtual_addressing"] = "false"
    if getattr(filesystem, "anon", False):
        config["vfs.s3.no_sign_request"] = "true"
    else:
        config |= _credentials(filesystem, client)
    return tiledbsoma.SOMATileDBContext(tiledb_config=config)


def _credentials(filesystem: Any, client: dict[str, Any]) -> dict[str, str]:
    known = {
        "vfs.s3.aws_access_key_id": getattr(filesystem, "key", None) or client.get("aws_access_key_id"),
        "vfs.s3.aws_secret_access_key": getattr(filesystem, "secret", None) or client.get("aws_secret_access_key"),
        "vfs.s3.aws_session_token": getattr(filesystem, "token", None) or client.get("aws_session_token"),
    }
    # without these, TileDB looks for credentials where every S3 client does
    return {name: value for name, value in known.items() if value}


def _tracked(opened: Any, on_change: Callable[[], None]) -> Any:
    """Give an open object a class whose `close` tells that it was closed, once."""
    original = type(opened)

    def close(self: Any) -> None:
        was_open = not self.closed
        original.close(self)
        if was_open:
            on_change()

    opened.__class__ = type(f"{original.__name__}Track", (original,), {"__slots__": (), "close": close})
    return opened


def count_observations(data: Any) -> int | None:
    """Return the number of observations of a store, from its metadata.

    Args:
        data: path of a store, or an open object of tiledbsoma.

    Raises:
        ValueError: if it has no observations, as an empty collection.
    """
    if hasattr(data, "n_obs"):
        return int(data.n_obs)
    if hasattr(data, "soma_type"):
        return _count(data)
    with open_soma(data) as opened:
        return _count(opened)


def _count(opened: Any) -> int:
    kind = opened.soma_type
    if kind == "SOMAExperiment":
        return _count(opened.obs)
    if kind == "SOMAMeasurement":
        for name in ("X", "obsm", "obsp"):
            if name in opened:
                return _count(next(iter(opened[name].values())))
    elif kind == "SOMADataFrame":
        return int(opened.count)
    elif kind in ("SOMASparseNDArray", "SOMADenseNDArray"):
        return int(opened.non_empty_domain()[0][1]) + 1
    elif kind == "SOMACollection" and len(opened):
        return sum(_count(member) for member in opened.values())
    raise ValueError(f"{opened.uri} is a {kind} without observations")
