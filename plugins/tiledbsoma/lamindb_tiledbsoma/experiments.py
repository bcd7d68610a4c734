"""Writes AnnData objects to a new TileDB-SOMA experiment, or appends them to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamindb_tiledbsoma.stores import context_for, count_observations, uri_of

#: Column of `obs` that says which run wrote an observation.
RUN_COLUMN = "lamin_run_uid"


@dataclass
class ExperimentToWrite:
    """AnnData objects that become an experiment when the artifact is made.

    Attributes:
        adatas: the objects.
        run_uid: uid of the run that writes them.
        options: arguments of `_write`.
    """

    adatas: list[Any]
    run_uid: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def n_obs(self) -> int:
        """Number of observations."""
        return sum(adata.n_obs for adata in self.adatas)


def save_tiledbsoma_experiment(
    adatas: Sequence[Any],
    key: str | None = None,
    description: str | None = None,
    run: Any = None,
    revises: Any = None,
    measurement_name: str = "RNA",
    obs_id_name: str = "obs_id",
    var_id_name: str = "var_id",
    append_obsm_varm: bool = False,
    **kwargs: Any,
) -> Any:
    """Write AnnData objects to a new experiment, or append them to an existing one, and save it as an artifact.

    Each observation gets the uid of the run in the column `lamin_run_uid` of `obs`, also in the objects that are passed.

    Args:
        adatas: AnnData objects, or paths of h5ad files and zarr stores.
        key: key of the artifact, with the suffix `.tiledbsoma`.
        description: what it is.
        run: the run that writes it; default: the current one.
        revises: artifact with an experiment to append to; its versions share one store.
        measurement_name: name of the measurement.
        obs_id_name: column that names observations.
        var_id_name: column that names variables.
        append_obsm_varm: whether `obsm` and `varm` are appended.
        **kwargs: passed to `tiledbsoma.io.from_anndata`.

    Returns:
        The saved artifact; of an appended one, the next version.

    Raises:
        ValueError: if there is no run, an object is a view, or `revises` isn't an experiment.

    Example:
        >>> ln.integrations.save_tiledbsoma_experiment([adata], key="atlas.tiledbsoma")  # doctest: +SKIP
    """
    from lamindb import Artifact
    from lamindb.base import context

    given = [adatas] if hasattr(adatas, "obs") or isinstance(adatas, (str, Path)) else list(adatas)
    if not given:
        raise ValueError("There is no AnnData to write: the list is empty")
    run = context.current_run() if run is None else run
    options = {
        "measurement_name": measurement_name,
        "obs_id_name": obs_id_name,
        "var_id_name": var_id_name,
        "append_obsm_varm": append_obsm_varm,
        **kwargs,
    }
    opened = [_open(adata) for adata in given]
    try:
        if revises is not None:
            return _append(revises, opened, run, options, key=key, description=description)
        if run is None:
            raise ValueError("Pass `run`, or call ln.track() first: observations carry the run that wrote them")
        experiment = ExperimentToWrite(opened, run.uid, options)
        artifact = Artifact(
            experiment,
            key=key,
            description=description,
            kind="dataset",
            otype="tiledbsoma",
            run=run,
            overwrite_versions=True,
            n_observations=experiment.n_obs,
        )
        artifact.save()
    finally:
        for adata, original in zip(opened, given, strict=True):
            if adata is not original and getattr(adata, "isbacked", False):
                adata.file.close()
    artifact.__dict__.pop("_memory", None)
    return artifact


def write_experiment(experiment: ExperimentToWrite, path: Path) -> None:
    """Write a new experiment to a folder."""
    _write(str(path), experiment.adatas, experiment.run_uid, is_new=True, context=None, **experiment.options)


def _append(
    revises: Any, adatas: list[Any], run: Any, options: dict[str, Any], *, key: str | None, description: str | None
) -> Any:
    from lamindb import Artifact
    from lamindb.base.logging import logger

    if not isinstance(revises, Artifact) or revises.suffix != ".tiledbsoma":
        raise ValueError(f"revises has to be an artifact with a TileDB-SOMA experiment, not {revises!r}")
    if not revises.is_latest:
        raise ValueError(
            f"{revises.uid} is not the latest version, whose store was appended to since: pass "
            f"revises=ln.Artifact.get('{revises.stem_uid}')"
        )
    path = revises.path
    column_type = _run_column_type(path)
    if column_type is not None and run is None:
        raise ValueError("Pass `run`, or call ln.track() first: observations carry the run that wrote them")
    artifact = Artifact.get(revises.uid)
    artifact.key, artifact.description = key or artifact.key, description or artifact.description
    logger.important("writing the tiledbsoma store to %s", path)
    _write(
        uri_of(path),
        adatas,
        None if column_type is None else run.uid,
        is_new=False,
        context=context_for(path),
        run_column_is_text=column_type == "text",
        **options,
    )
    artifact._register_change(run=run)
    return artifact


def _write(
    uri: str,
    adatas: list[Any],
    run_uid: str | None,
    *,
    is_new: bool,
    context: Any,
    measurement_name: str,
    obs_id_name: str,
    var_id_name: str,
    append_obsm_varm: bool,
    run_column_is_text: bool = False,
    **kwargs: Any,
) -> None:
    import tiledbsoma.io as soma_io

    for adata in adatas:
        if run_uid is not None:
            adata.obs[RUN_COLUMN] = run_uid
            if not run_column_is_text:
                adata.obs[RUN_COLUMN] = adata.obs[RUN_COLUMN].astype("category")
    mapping = kwargs.pop("registration_mapping", None)
    if mapping is None and (len(adatas) > 1 or not is_new):
        mapping = soma_io.register_anndatas(
            None if is_new else uri,
            adatas,
            measurement_name=measurement_name,
            obs_field_name=obs_id_name,
            var_field_name=var_id_name,
            append_obsm_varm=append_obsm_varm,
            context=context,
        )
    prepared = is_new  # a new store has to be there before it can be prepared for what follows
    for number, adata in enumerate(adatas):
        if mapping is not None and (number == 1 if is_new else not prepared):
            mapping.prepare_experiment(uri, context=context)
            prepared = True
        soma_io.from_anndata(
            uri,
            adata,
            measurement_name,
            obs_id_name=obs_id_name,
            var_id_name=var_id_name,
            registration_mapping=mapping,
            context=context,
            **kwargs,
        )


def _run_column_type(path: Any) -> str | None:
    """Return how a store keeps the runs of its observations: `"category"`, `"text"`, or `None` if it doesn't."""
    import pyarrow as pa

    from lamindb_tiledbsoma.stores import open_soma

    with open_soma(path) as experiment:
        schema = experiment.obs.schema
        if RUN_COLUMN not in schema.names:
            return None
        return "category" if pa.types.is_dictionary(schema.field(RUN_COLUMN).type) else "text"


def _open(adata: Any) -> Any:
    """Return an AnnData: an object as it is, an h5ad file backed, anything remote or in zarr loaded."""
    if hasattr(adata, "obs"):
        if adata.is_view:
            raise ValueError("Can not write an `AnnData` view, please do `adata.copy()` before passing.")
        return adata
    import anndata
    from upath import UPath

    from lamindb_anndata.files import load

    path = UPath(adata)
    if path.protocol in ("", "file", "local"):
        local = Path(str(path))
        return anndata.read_h5ad(local, backed="r") if local.suffix == ".h5ad" else load(local)
    if str(path).endswith(".zarr"):
        from lamindb_anndata import open_anndata

        accessor: Any = open_anndata(path)
        with accessor:
            return accessor.to_memory()
    with path.open("rb") as file:
        return anndata.read_h5ad(file)


__all__ = ["ExperimentToWrite", "count_observations", "save_tiledbsoma_experiment", "write_experiment"]
