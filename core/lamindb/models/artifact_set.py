"""`ArtifactSet`: what query sets of artifacts do with the data of all their artifacts. The work is done in `lamindb.artifacts.sets`."""

from __future__ import annotations

from typing import Any

from lamindb.artifacts import sets
from lamindb.artifacts.run_inputs import track_run_inputs


class ArtifactSet:
    """Mixin of query sets over `Artifact`, such as `Artifact.filter(…)`, `collection.artifacts.all()`, `run.output_artifacts.all()`.

    The data is read in the order of the query; a query set without order warns and is read by id.

    Example:
        >>> ln.Artifact.filter(key__startswith="runs/").order_by("key").load()  # doctest: +SKIP
    """

    def load(self, join: str = "outer", is_run_input: Any = None, **kwargs: Any) -> Any:
        """Load the data of all artifacts and join it.

        Args:
            join: `"outer"` keeps the columns (variables) of all artifacts, `"inner"` those that all have.
            is_run_input: `False` does not track the artifacts as inputs, `True` does, or a run.
            **kwargs: passed to the joining function of the format, such as `pandas.concat`.

        Returns:
            One object, such as a `pandas.DataFrame`.

        Raises:
            ValueError: if there are no artifacts, their suffixes differ, or their format can't be joined.

        Example:
            >>> ln.Artifact.filter(suffix=".parquet").order_by("key").load(join="inner")  # doctest: +SKIP
        """
        artifacts = sets.artifacts_of(self)
        loaded = sets.load_joined(artifacts, join=join, **kwargs)
        track_run_inputs(artifacts, is_run_input)
        return loaded

    def open(self, engine: str | None = None, is_run_input: Any = None, **kwargs: Any) -> Any:
        """Open the data of all artifacts lazily as one dataset; nothing is read or downloaded.

        Args:
            engine: library that opens them, for tables `"pyarrow"` (default), `"polars"` or `"duckdb"`.
            is_run_input: as for `load`.
            **kwargs: passed to the opener of the format.

        Returns:
            For tables a `pyarrow.dataset.Dataset`; for the other engines a context manager that gives a lazy table.

        Raises:
            ValueError: if there are no artifacts, their formats or file systems differ, or the engine can't open them.

        Example:
            >>> with ln.Artifact.filter(suffix=".parquet").order_by("key").open(engine="polars") as table:  # doctest: +SKIP
            ...     table.select("gene").collect()
        """
        artifacts = sets.artifacts_of(self)
        opened = sets.open_together(artifacts, engine, **kwargs)
        track_run_inputs(artifacts, is_run_input)
        return opened

    def cache(self, is_run_input: Any = None, mute: bool = False, **kwargs: Any) -> list[Any]:
        """Return local paths of the data of all artifacts, in the order of the query.

        Args:
            is_run_input: as for `load`.
            mute: do not show progress.
        """
        artifacts = sets.artifacts_of(self)
        paths = sets.cache_all(artifacts, mute=mute, **kwargs)
        track_run_inputs(artifacts, is_run_input)
        return paths

    def mapped(
        self,
        layers_keys: str | list[str] | None = None,
        obs_keys: str | list[str] | None = None,
        obsm_keys: str | list[str] | None = None,
        obs_filter: dict[str, Any] | None = None,
        join: str | None = "inner",
        encode_labels: bool | list[str] = True,
        unknown_label: str | dict[str, str] | None = None,
        cache_categories: bool = True,
        parallel: bool = False,
        dtype: str | None = None,
        stream: bool = False,
        is_run_input: Any = None,
    ) -> Any:
        """Make one map-style dataset of all artifacts, for training; see `Collection.mapped`."""
        artifacts = sets.artifacts_of(self)
        dataset = sets.map_together(
            artifacts,
            stream=stream,
            layers_keys=layers_keys,
            obs_keys=obs_keys,
            obsm_keys=obsm_keys,
            obs_filter=obs_filter,
            join=join,
            encode_labels=encode_labels,
            unknown_label=unknown_label,
            cache_categories=cache_categories,
            parallel=parallel,
            dtype=dtype,
        )
        track_run_inputs(artifacts, is_run_input)
        return dataset
