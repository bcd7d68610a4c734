"""What collections do with the data of their artifacts: load, open, cache, mapped, append. The work is done in `lamindb.artifacts.sets`."""

from __future__ import annotations

from typing import Any

from lamindb.artifacts import sets
from lamindb.artifacts.run_inputs import track_run_inputs
from lamindb.base.logging import logger


class CollectionData:
    """Mixin of `Collection`. Reading makes the collection an input of the current run, not its artifacts."""

    def load(self, join: str = "outer", is_run_input: Any = None, **kwargs: Any) -> Any:
        """Load the data of all artifacts and join it, in the order of the collection.

        Args:
            join: `"outer"` keeps the columns (variables) of all artifacts, `"inner"` those that all have.
            is_run_input: `False` does not track the collection as an input, `True` does, or a run.
            **kwargs: passed to the joining function of the format, such as `pandas.concat`.

        Returns:
            One object, such as a `pandas.DataFrame`.

        Raises:
            MissingPluginError: if the package that reads the data is not installed.
            ValueError: if the suffixes of the artifacts differ, or their format can't be joined.

        Example:
            >>> ln.Collection.get(key="my-study").load(join="inner")  # doctest: +SKIP
        """
        loaded = sets.load_joined(self._artifacts_to_read(), join=join, **kwargs)
        track_run_inputs([self], is_run_input)
        return loaded

    def open(self, engine: str | None = None, is_run_input: Any = None, **kwargs: Any) -> Any:
        """Open the data of all artifacts lazily as one dataset, in the order of the collection; nothing is read or downloaded.

        Args:
            engine: library that opens it, for tables `"pyarrow"` (default), `"polars"` or `"duckdb"`.
            is_run_input: as for `load`.
            **kwargs: passed to the opener of the format.

        Returns:
            For tables a `pyarrow.dataset.Dataset`; for the other engines a context manager that gives a lazy table.

        Raises:
            MissingPluginError: if the package that opens the data is not installed.
            ValueError: if the formats or file systems of the artifacts differ, or the engine can't open them.

        Example:
            >>> collection.open().to_table(columns=["gene"])  # doctest: +SKIP
        """
        opened = sets.open_together(self._artifacts_to_read(), engine, **kwargs)
        track_run_inputs([self], is_run_input)
        return opened

    def cache(self, *, is_run_input: Any = None, mute: bool = False, **kwargs: Any) -> list[Any]:
        """Return local paths of the data of all artifacts, in the order of the collection.

        Args:
            is_run_input: as for `load`.
            mute: do not show progress.

        Raises:
            FileNotFoundError: if data was moved or deleted outside of lamindb.
        """
        paths = sets.cache_all(self._artifacts_to_read(), mute=mute, **kwargs)
        track_run_inputs([self], is_run_input)
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
        """Make one map-style dataset (`len(dataset)`, `dataset[i]`) of all artifacts, for training.

        Args:
            layers_keys: layers that each item holds; default: `"X"`.
            obs_keys: columns of the observations that each item holds.
            obsm_keys: multi-dimensional annotations of the observations that each item holds.
            obs_filter: values that columns of the observations must have.
            join: `"inner"` or `"outer"` join of the variables, `None` for none.
            encode_labels: whether labels are integers, for all or for the listed `obs_keys`.
            unknown_label: label that is encoded as -1, for all columns or by column.
            cache_categories: keep categories in memory.
            parallel: hold no open files, for several worker processes.
            dtype: type of the numbers of layers.
            stream: read from where the data is stored, instead of caching it first.
            is_run_input: as for `load`.

        Raises:
            MissingPluginError: if the package that reads the data for training is not installed.
            ValueError: if no artifact can be read for training.

        Example:
            >>> dataset = collection.mapped(obs_keys="cell_type")  # doctest: +SKIP
        """
        dataset = sets.map_together(
            self._artifacts_to_read(),
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
        track_run_inputs([self], is_run_input)
        return dataset

    def append(self, artifact: Any, run: Any = None) -> Any:
        """Return a new, unsaved version with one more artifact at the end; this version stays as it is.

        Args:
            artifact: saved artifact.
            run: run that makes the new version; default: the current run.

        Returns:
            The new version; the existing collection with these artifacts if there is one.

        Raises:
            ValueError: if the artifact or this collection is not saved.

        Example:
            >>> longer = collection.append(artifact).save()  # doctest: +SKIP
        """
        if self._state.adding:
            raise ValueError(f"The collection {self.key!r} is not saved: call .save() before you append to it")
        registry: Any = type(self)
        return registry(
            [*self.ordered_artifacts, artifact], key=self.key, description=self.description, revises=self, run=run
        )

    def verify_schema(self) -> None:
        """Check that all artifacts were validated with the schema of the collection, if it has one.

        Raises:
            ValidationError: if some were not; the message names the first ones.
        """
        from lamindb.models.collection_members import check_schemas

        check_schemas(self.schema, self._artifacts_to_read())

    def _artifacts_to_read(self) -> list[Any]:
        if self._state.adding:
            logger.warning("the collection isn't saved, consider calling `.save()`")
            return sets.with_storage(self._pending_artifacts)
        return sets.with_storage(self.ordered_artifacts)
