"""What artifacts do with their data: made from it, stored, read back, deleted. The work is done in `lamindb.artifacts`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.artifacts import datasets, deletion, ingest, reading, storing
from lamindb.models.versioning import start_version
from lamindb.plugins.manager import call_event


class ArtifactData:
    """Mixin of `Artifact`: constructor from data, save, path, cache, load, delete."""

    _positional = ("path",)
    _init_params = ingest.PARAMETERS
    _hidden_params = ingest.OTHER_PARAMETERS

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        fields = ingest.prepare(cls, kwargs)
        if "_existing" not in fields:
            start_version(cls, fields, revises=fields.pop("revises"), version=fields.pop("version"))
        return fields

    def save(self, **kwargs: Any) -> Any:
        """Store the data and write the record; a second call writes changed fields only.

        Returns:
            The artifact.

        Raises:
            FileNotFoundError: if the data is gone.
            ValueError: if the storage location is managed by another instance.

        Example:
            >>> ln.Artifact("counts.csv", key="raw/counts.csv").save()
        """
        for name in ("upload", "print_progress", "store_kwargs", "access_token"):
            kwargs.pop(name, None)
        had_data = "_local_source" in self.__dict__
        saved = storing.save_artifact(self, super().save, **kwargs)  # type: ignore[misc]
        if had_data:
            call_event("lamindb_artifact_saved", artifact=self)
        return saved

    def _forget_row(self) -> None:
        """Take back the row after its data could not be stored; the object can be saved again."""
        from lamindb.models.deletion import _delete_row

        _delete_row(self)
        self.pk = None  # type: ignore[assignment]
        self._state.adding = True  # type: ignore[attr-defined]
        self.__dict__.pop("_original_values", None)

    @property
    def path(self) -> Any:
        """Where the data is: in its storage location, or before saving at its source."""
        return reading.path_of(self)

    def cache(self, *, is_run_input: Any = None, mute: bool = False, **kwargs: Any) -> Path:
        """Return a local path of the data; the artifact becomes an input of the current run.

        Args:
            is_run_input: `False` does not track, `True` warns if there is no run, or a run.
            mute: do not show progress.

        Raises:
            FileNotFoundError: if the data was moved or deleted outside of lamindb.
        """
        return reading.cache(self, is_run_input=is_run_input)

    def load(self, *, is_run_input: Any = None, mute: bool = False, **kwargs: Any) -> Any:
        """Return the data as an object, by the loader of its format; the artifact becomes an input of the current run.

        Args:
            is_run_input: as for `cache`.
            mute: do not show progress.
            **kwargs: passed to the loader.

        Raises:
            NotImplementedError: if no installed format loads the suffix.
        """
        return reading.load(self, is_run_input=is_run_input, **kwargs)

    def open(self, mode: str = "r", engine: str | None = None, is_run_input: Any = None, **kwargs: Any) -> Any:
        """Open the data lazily, without reading it; the artifact becomes an input of the current run.

        Args:
            mode: `"r"`, or a writing mode of the format if all versions share their files (`overwrite_versions`).
            engine: library that opens it, for formats that can choose; default: the first of the format (`"pyarrow"` for tables).
            is_run_input: as for `cache`.
            **kwargs: passed to the opener of the format.

        Returns:
            What the format opens to; for tables a `pyarrow.dataset.Dataset`, or for the other engines a context manager that gives a lazy table.

        Raises:
            FileNotFoundError: if the data was moved or deleted outside of lamindb.
            MissingPluginError: if the package that opens it is not installed.
            ValueError: if no installed format opens it, or not in this mode or with this engine.

        Example:
            >>> artifact.open().to_table(columns=["gene"])  # doctest: +SKIP
        """
        return reading.open_lazily(self, mode, engine=engine, is_run_input=is_run_input, **kwargs)

    @classmethod
    def from_dataframe(
        cls,
        df: Any,
        *,
        key: str | None = None,
        description: str | None = None,
        run: Any = None,
        revises: Any = None,
        schema: Any = None,
        features: dict[str, Any] | None = None,
        parquet_kwargs: dict[str, Any] | None = None,
        csv_kwargs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Make an artifact of kind `dataset` from a table, in memory or in a file or folder.

        Args:
            df: table of an installed data format, such as a `pandas.DataFrame`, or a path.
            key: path-like key; its suffix decides how a table in memory is written.
            description: what it is.
            run: run that made it; default: the current run; `False` for none.
            revises: previous version.
            schema: not available in this release.
            features: not available in this release.
            parquet_kwargs: passed to the writer if the table is written as parquet.
            csv_kwargs: passed to the writer if the table is written as delimited text.
            **kwargs: other arguments of `Artifact`.

        Raises:
            InvalidArgument: if the path is no table, or the key has a suffix in which tables aren't written.
            MissingPluginError: if the package that knows tables is not installed.
            NotImplementedError: if `schema` or `features` is passed, or the data is neither a path nor a table.

        Example:
            >>> ln.Artifact.from_dataframe(df, key="measurements.parquet").save()  # doctest: +SKIP
        """
        options = {"parquet_kwargs": parquet_kwargs, "csv_kwargs": csv_kwargs}
        passed = {name: value for name, value in options.items() if value is not None}
        record = {"key": key, "description": description, "run": run, "revises": revises, **kwargs}
        return datasets.make(cls, "DataFrame", df, record, schema=schema, features=features, to_disk_kwargs=passed)

    def _delete_permanently(self, storage: bool | None = None, using_key: Any = None) -> Any:
        from lamindb.models.deletion import _delete_row

        deleted = deletion.delete_permanently(self, lambda: _delete_row(self), storage=storage)
        call_event("lamindb_artifact_deleted", artifact=self)
        return deleted
