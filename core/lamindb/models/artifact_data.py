"""What artifacts do with their data: made from it, stored, read back, deleted. The work is done in `lamindb.artifacts`."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from django.db import transaction

from lamindb.annotation.pending_features import check_pending, write_pending
from lamindb.artifacts import datasets, deletion, families, ingest, moving, reading, replacing, storing
from lamindb.artifacts.deduplication import stored_values
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.models.artifact_constructors import DatasetConstructors
from lamindb.models.saving import transfer_options
from lamindb.models.versioning import start_version
from lamindb.plugins.manager import call_event


class ArtifactData(DatasetConstructors):
    """Mixin of `Artifact`: constructor from data, save, path, cache, load, delete."""

    _positional = ("path",)
    _init_params = ingest.PARAMETERS
    _hidden_params = ingest.OTHER_PARAMETERS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kwargs.get("features") and kwargs.get("schema") is not None:
            check_pending(self)

    @classmethod
    def _prepare_kwargs(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        features = kwargs.pop("features", None)
        fields = ingest.prepare(cls, kwargs)
        if features:
            fields.setdefault("_attributes", {})["_features"] = features
        if "_existing" not in fields:
            start_version(cls, fields, revises=fields.pop("revises"), version=fields.pop("version"))
        return fields

    def _register_change(self, run: Any = None) -> None:
        """Become the next version, after the data was changed in place."""
        from lamindb.models.artifact_changes import register_change

        register_change(self, run)

    def save(
        self, upload: bool | None = None, transfer: str | None = None, move: bool | None = None, **kwargs: Any
    ) -> Any:
        """Store the data and write the record; a second call writes changes, and moves the data if they ask for it.

        A changed real key, suffix, space or storage location moves the data within the locations that this instance manages.

        Args:
            upload: `True` also stores data in the cloud that is kept local.
            transfer: how a record of another instance comes here: `"record"`, `"notes"` with its readme, or `"annotations"` also with its
                features and labels.
            move: `True` moves data without asking, `False` cancels; by default a question is asked.
            **kwargs: `print_progress`, `store_kwargs`, `using`.

        Returns:
            The artifact; `None` if a move was cancelled, then nothing is saved.

        Raises:
            FileExistsError: if there is something at the place that the data would move to.
            FileNotFoundError: if the data is gone.
            InvalidArgument: if key or suffix can't become what they were set to.
            OSError: if the data changed while it was stored, or can't be written; the record is what it was before.
            ValueError: if the storage location is managed by another instance, or the key is another artifact's.

        Example:
            >>> ln.Artifact("counts.csv", key="raw/counts.csv").save()
        """
        how = transfer_options(transfer, kwargs.pop("depth", 0))
        kwargs.pop("access_token", None)
        if self._state.db not in (None, "default") or kwargs.get("using") not in (None, "default"):
            for name in ("print_progress", "store_kwargs"):
                kwargs.pop(name, None)
            return super().save(**kwargs, **how)
        had_data = "_local_source" in self.__dict__
        facts = check_pending(self)  # before anything is stored
        if self._state.adding:
            saved = self._save_new(upload=upload, **kwargs)
        elif upload:
            saved = storing.save_artifact(self, super().save, upload=upload, **kwargs)
        else:
            saved = self._save_changes(move, **kwargs)
        if saved is None:
            return None
        curator = self.__dict__.pop("_curator", None)
        if curator is not None and not curator.is_annotated(self):
            curator.annotate(self)
        write_pending(self, facts)
        if had_data:
            call_event("lamindb_artifact_saved", artifact=self)
        return saved

    def _save_new(self, **kwargs: Any) -> Any:
        moving.check_unsaved(self)
        _refuse_to_overwrite(self)
        saved = storing.save_artifact(self, self._insert, **kwargs)
        if self.__dict__.get("_original_values", {}).get("branch_id", self.branch_id) != self.branch_id:
            super().save()  # it became a record of the trash
        self.__dict__.pop("_as_constructed", None)
        return saved

    def _insert(self, **kwargs: Any) -> Any:
        curator = self.__dict__.get("_curator")
        if curator is None:
            return super().save(**kwargs)
        with transaction.atomic():
            saved = super().save(**kwargs)
            self._annotate(curator)
            return saved

    def _settle_family(self) -> None:
        from lamindb.models.versioning import next_uid

        families.continue_family_of_key(self, next_uid)

    def _annotate(self, curator: Any) -> None:
        """Write what validation found, in the transaction that writes the row; if that fails, there is no row either."""
        was_adding = self.__dict__.get("_as_constructed") is not None
        try:
            curator.annotate(self)
        except BaseException:
            if was_adding:
                self._state.adding, self.pk = True, None
            raise

    def _save_changes(self, move: bool | None, **kwargs: Any) -> Any:
        original = self.__dict__.get("_original_values", {})
        if not self.is_latest and self.branch_id != TRASH_BRANCH_ID and original.get("is_latest") is False:
            logger.warning("you are saving to a non-latest version of the artifact: %s", self)
        if self._is_as_stored():
            return self
        if replacing.is_replaced(self):
            return replacing.save_replacement(self, super().save, **kwargs)
        if (
            replacing.BEFORE in (self._aux or {}) and not self._storage_ongoing
        ):  # only the former object was left to remove
            replacing.finish(self, self._aux[replacing.BEFORE])
        if moving.MOVING in (self._aux or {}) and not moving.finish_move(self):
            logger.warning("the data of %s was not moved completely: see lamin doctor", self.uid)
        try:
            wanted = moving.prepare_move(self) if original else None
            is_cancelled = wanted is not None and not moving.confirmed(wanted, move)
        except moving.MoveCancelled:
            is_cancelled = True
        if is_cancelled:
            logger.warning("saving was cancelled")
            return None
        if wanted is None:
            return self._save_latest(original, **kwargs)
        return moving.save_move(self, wanted, super().save, **kwargs)

    def _is_as_stored(self) -> bool:
        """Tell whether nothing has changed since the constructor found this artifact by its content; asked once, then forgotten."""
        as_stored = self.__dict__.pop("_as_stored", None)
        if as_stored is None or self._aux or self.extra_data or self.__dict__.get("_local_source") is not None:
            return False
        return stored_values(self) == as_stored

    def _save_latest(self, original: dict[str, Any], **kwargs: Any) -> Any:
        """Save; a version that was made the latest by hand takes that from the others."""
        was_interrupted = replacing.BEFORE in (self._aux or {}) and "_local_source" in self.__dict__
        if self.is_latest and original.get("is_latest") is False:
            from lamindb.models.versioning import family, lock_families

            with transaction.atomic():
                lock_families(type(self), [self.stem_uid])
                others = family(type(self), self.stem_uid).filter(branch_id=self.branch_id, is_latest=True)
                others.exclude(pk=self.pk).update(is_latest=False)
                return storing.save_artifact(self, super().save, **kwargs)
        saved = storing.save_artifact(self, super().save, **kwargs)
        if was_interrupted:
            replacing.finish(self, (self._aux or {})[replacing.BEFORE])
        return saved

    @classmethod
    def from_dir(cls, path: Any, *, key: str | None = None, run: Any = None, verify: bool = False) -> Any:
        """Make an unsaved artifact of every file below a local folder, in the order of their paths.

        Known content gives the stored artifact. The number of statements doesn't depend on the number of files, also when the list is saved.

        Args:
            path: folder.
            key: key of the folder; by default its path in its storage location, else its name.
            run: run that made the files; default: the current run, `False` for none.
            verify: read every byte, also of files that did not change since they were hashed before.

        Returns:
            A list with `.save()`, `.to_dataframe()` and `.one()`.

        Raises:
            FileNotFoundError: if there is no such folder.
            InvalidArgument: if a file name can't be a key, or there is a pipe or the like.

        Example:
            >>> ln.Artifact.from_dir("sequencing-run-7").save()  # doctest: +SKIP
        """
        from lamindb.artifacts.folders import artifacts_of_folder
        from lamindb.models.artifact_bulk import make_prepared, mark_looked_up, number_versions
        from lamindb.query.record_list import SQLRecordList

        artifacts = artifacts_of_folder(
            cls,
            path,
            lambda fields, attributes: make_prepared(cls, fields, attributes),
            lambda made: number_versions(cls, made),
            key=key,
            run=run,
            verify=verify,
        )
        for artifact in artifacts:
            if not artifact._state.adding and artifact.__dict__.get("_local_source") is None:
                mark_looked_up(artifact)
        return SQLRecordList(artifacts)

    @classmethod
    def from_lazy(
        cls,
        suffix: str,
        overwrite_versions: bool,
        key: str | None = None,
        description: str | None = None,
        run: Any = None,
        **kwargs: Any,
    ) -> Any:
        """Reserve a place in storage to write data to; calling `save()` on it makes the artifact.

        Args:
            suffix: suffix of the data, `""` for a folder without one.
            overwrite_versions: whether all versions share one place.
            key: path-like key with this suffix; one that exists gets a new version.
            description: what it is.
            run: run that makes the data; default: the current run, `False` for none.
            **kwargs: other arguments of `Artifact`.

        Returns:
            A `LazyArtifact` with `path` and `save()`; nothing is created yet.

        Raises:
            ValueError: if the key has another suffix.

        Example:
            >>> lazy = ln.Artifact.from_lazy(suffix=".parquet", overwrite_versions=False, key="big.parquet")  # doctest: +SKIP
            >>> df.to_parquet(lazy.path)  # doctest: +SKIP
            >>> lazy.save()  # doctest: +SKIP
        """
        from lamindb.models.lazy_artifact import LazyArtifact

        return LazyArtifact(cls, suffix, overwrite_versions, key=key, description=description, run=run, **kwargs)

    def replace(self, data: Any, run: Any = None, format: str | None = None) -> Any:
        """Give the artifact other content under the same uid; call `save()` to store it.

        Args:
            data: local path outside of all storage locations, or an object such as a data frame.
            run: run that made the new content; default: the current run, `False` for none.
            format: how an object is written.

        Returns:
            The artifact with this content if there is one already (nothing changes then), else `None`.

        Raises:
            InvalidArgument: if the artifact isn't saved.
            ValueError: if the data lies in a storage location, or is a folder instead of a file or the other way round.

        Example:
            >>> artifact.replace("corrected.csv")  # doctest: +SKIP
            >>> artifact.save()  # doctest: +SKIP
        """
        return replacing.replace(self, data, run=run, format=format)

    def delete(self, permanent: bool | None = None, storage: bool | None = None, using_key: Any = None) -> Any:
        """Move the artifact to the trash, or delete record and data for good.

        Args:
            permanent: `True` deletes for good; by default that is asked for what is in the trash already.
            storage: whether the data goes, too; by default data that lamindb placed goes, and is asked for data at a real key.
            using_key: not used.

        Raises:
            IntegrityError: if another instance manages the storage location and `storage` is not `False`.
            ProtectedError: if something refers to the artifact.

        Example:
            >>> artifact.delete(permanent=True)  # doctest: +SKIP
        """
        self.__dict__.pop("_as_stored", None)
        if not self._state.adding and self._state.db in (None, "default"):
            deletion.check_deletable(self, storage)
        return super().delete(permanent=permanent, storage=storage)

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

    @property
    def _cache_path(self) -> Path:
        """Where the local copy of the data is, or would be; the path itself if it is local."""
        return reading.cache_path_of(self)

    def cache(self, *, is_run_input: Any = None, mute: bool = False, verify: bool = False, **kwargs: Any) -> Path:
        """Return a local path of the data; the artifact becomes an input of the current run.

        Args:
            is_run_input: `False` does not track, `True` does, or a run.
            mute: do not show progress.
            verify: read every byte, and compare its hash with that of the artifact.
            **kwargs: `print_progress`, and what is passed to the file system.

        Raises:
            FileNotFoundError: if the data was moved or deleted outside of lamindb.
        """
        return reading.cache(self, is_run_input=is_run_input, mute=mute, verify=verify, **kwargs)

    def load(self, *, is_run_input: Any = None, mute: bool = False, **kwargs: Any) -> Any:
        """Return the data as an object, by the loader of its format; the artifact becomes an input of the current run.

        Args:
            is_run_input: as for `cache`.
            mute: do not show progress.
            **kwargs: passed to the loader.

        Raises:
            NotImplementedError: if no installed format loads the suffix.
        """
        return reading.load(self, is_run_input=is_run_input, mute=mute, **kwargs)

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
            schema: schema that the table is validated for before anything is stored, or `"valid_features"` for all registered features.
            features: values of features that are not in the table.
            parquet_kwargs: passed to the writer if the table is written as parquet.
            csv_kwargs: passed to the writer if the table is written as delimited text.
            **kwargs: other arguments of `Artifact`.

        Raises:
            InvalidArgument: if the path is no table, or the key has a suffix in which tables aren't written.
            MissingPluginError: if the package that knows tables is not installed.
            NotImplementedError: if the data is neither a path nor a table.
            ValidationError: if the table is not valid; the error lists all problems.

        Example:
            >>> ln.Artifact.from_dataframe(df, key="measurements.parquet").save()  # doctest: +SKIP
        """
        options = {"parquet_kwargs": parquet_kwargs, "csv_kwargs": csv_kwargs}
        passed = {name: value for name, value in options.items() if value is not None}
        record = {"key": key, "description": description, "run": run, "revises": revises, **kwargs}
        return datasets.make(cls, "DataFrame", df, record, schema=schema, features=features, to_disk_kwargs=passed)

    @classmethod
    def from_df(cls, *args: Any, **kwargs: Any) -> Any:
        """Former name of `from_dataframe`."""
        warnings.warn("Use from_dataframe() instead of from_df()", DeprecationWarning, stacklevel=2)
        return cls.from_dataframe(*args, **kwargs)

    def _delete_permanently(self, storage: bool | None = None, using_key: Any = None) -> Any:
        from lamindb.models.deletion import _delete_row

        deleted = deletion.delete_permanently(self, _delete_row, storage=storage)
        call_event("lamindb_artifact_deleted", artifact=self)
        return deleted


def _refuse_to_overwrite(artifact: Any) -> None:
    """Refuse to store at a real key where something lies already."""
    if artifact.__dict__.get("_local_source") is None or artifact._key_is_virtual or artifact.storage.type != "local":
        return
    target = storing.target_path(artifact)
    if target.exists():
        raise FileExistsError(
            f"{target} exists already, and the artifact would be stored there, since its key is real: choose another key, or leave "
            "out _key_is_virtual=False"
        )
