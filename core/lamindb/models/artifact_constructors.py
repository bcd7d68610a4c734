"""The constructors of artifacts for object types that plugins bring: `from_anndata`, `from_mudata`, `from_spatialdata`, `from_tiledbsoma`."""

from __future__ import annotations

import os
from typing import Any

from lamindb.artifacts import datasets
from lamindb.errors import InvalidArgument


class DatasetConstructors:
    """Mixin of `Artifact`; a format whose package is absent is an error that names the package."""

    @classmethod
    def from_anndata(
        cls,
        adata: Any,
        *,
        key: str | None = None,
        description: str | None = None,
        run: Any = None,
        revises: Any = None,
        schema: Any = None,
        features: dict[str, Any] | None = None,
        format: str | None = None,
        h5ad_kwargs: dict[str, Any] | None = None,
        zarr_kwargs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Make an artifact of kind `dataset` from an `AnnData`, in memory or stored.

        Args:
            adata: object, or path of an `.h5ad` file or a zarr folder.
            key: path-like key; its suffix decides how an object is written.
            description: what it is.
            run: run that made it; default: the current run; `False` for none.
            revises: previous version.
            schema: schema that it is validated for before anything is stored.
            features: values of features that are not in the data.
            format: `"h5ad"` (default), `"zarr"` or `"anndata.zarr"`.
            h5ad_kwargs: passed to the writer of `.h5ad`.
            zarr_kwargs: passed to the writer of zarr.
            **kwargs: other arguments of `Artifact`.

        Raises:
            MissingPluginError: if the package that knows `AnnData` is not installed.
            ValidationError: if the data is not valid.
            ValueError: for other data, or an unknown format.
        """
        if format is not None and format.removeprefix(".") not in ("h5ad", "zarr", "anndata.zarr"):
            raise ValueError(
                f"Error when specifying AnnData storage format, it should be 'h5ad', 'zarr' or 'anndata.zarr', not {format!r}"
            )
        name = key if format is None and key is not None else f".{(format or 'h5ad').removeprefix('.')}"
        passed = zarr_kwargs if name.endswith(".zarr") else h5ad_kwargs
        record = {"key": key, "description": description, "run": run, "revises": revises, **kwargs}
        return _make(
            cls,
            "AnnData",
            "an AnnData",
            adata,
            {**record, "format": format},
            schema=schema,
            features=features,
            options=passed,
        )

    @classmethod
    def from_mudata(
        cls,
        mdata: Any,
        *,
        key: str | None = None,
        description: str | None = None,
        run: Any = None,
        revises: Any = None,
        schema: Any = None,
        features: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Make an artifact of kind `dataset` from a `MuData` object (stored as `.h5mu`), or from a path of one.

        Args:
            mdata: object or path.
            key, description, run, revises, schema, features: as for `from_anndata`.
            **kwargs: other arguments of `Artifact`.

        Raises:
            MissingPluginError: if the package that knows `MuData` is not installed.
            ValueError: for other data.
        """
        record = {"key": key, "description": description, "run": run, "revises": revises, **kwargs}
        return _make(cls, "MuData", "a MuData", mdata, record, schema=schema, features=features)

    @classmethod
    def from_spatialdata(
        cls,
        sdata: Any,
        *,
        key: str | None = None,
        description: str | None = None,
        run: Any = None,
        revises: Any = None,
        schema: Any = None,
        features: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Make an artifact of kind `dataset` from a `SpatialData` object (stored as a zarr folder), or from a path of one.

        Args:
            sdata: object or path.
            key, description, run, revises, schema, features: as for `from_anndata`.
            **kwargs: other arguments of `Artifact`.

        Raises:
            MissingPluginError: if the package that knows `SpatialData` is not installed.
            ValueError: for other data.
        """
        record = {"key": key, "description": description, "run": run, "revises": revises, **kwargs}
        return _make(cls, "SpatialData", "a SpatialData", sdata, record, schema=schema, features=features)

    @classmethod
    def from_tiledbsoma(
        cls,
        exp: Any,
        *,
        key: str | None = None,
        description: str | None = None,
        run: Any = None,
        revises: Any = None,
        schema: Any = None,
        features: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Make an artifact of kind `dataset` from the store of a `tiledbsoma.Experiment`.

        Args:
            exp: experiment, or path that ends in `.tiledbsoma`.
            key, description, run, revises, schema, features: as for `from_anndata`.
            **kwargs: other arguments of `Artifact`.

        Raises:
            MissingPluginError: if the package that knows TileDB-SOMA is not installed.
            ValueError: for other data.
        """
        is_path = isinstance(exp, (str, os.PathLike))
        uri = None if is_path else getattr(exp, "uri", None)
        data = exp if uri is None else str(uri).removeprefix("file://")
        record = {"key": key, "description": description, "run": run, "revises": revises, **kwargs}
        from lamindb.plugins import manager

        manager.require_data_format(otype="tiledbsoma")
        if not isinstance(data, (str, os.PathLike)) or not str(data).rstrip("/").endswith(".tiledbsoma"):
            raise ValueError(
                f"data has to be a SOMA Experiment object or a path to SOMA Experiment store., not {type(exp).__name__} {exp!r}"
            )
        return _make(cls, "tiledbsoma", "a SOMA Experiment", data, record, schema=schema, features=features)


def _make(
    registry: Any,
    otype: str,
    words: str,
    data: Any,
    record: dict[str, Any],
    *,
    schema: Any = None,
    features: Any = None,
    options: dict[str, Any] | None = None,
) -> Any:
    try:
        datasets.check_data(otype, data)
    except (NotImplementedError, InvalidArgument) as error:
        if type(error) not in (NotImplementedError, InvalidArgument):  # such as that of an absent package
            raise
        raise ValueError(f"data has to be {words} object or a path to {otype}-like: {error}") from None
    return datasets.make(registry, otype, data, record, schema=schema, features=features, to_disk_kwargs=options)
