"""What artifacts do with their data: made from it, stored, read back, deleted. The work is done in `lamindb.artifacts`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.artifacts import deletion, ingest, reading, storing
from lamindb.models.versioning import start_version
from lamindb.plugins.manager import call_event


class ArtifactData:
    """Mixin of `Artifact`: constructor from data, save, path, cache, load, delete, lineage."""

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

    def _delete_permanently(self, storage: bool | None = None, using_key: Any = None) -> Any:
        from lamindb.models.deletion import _delete_row

        deleted = deletion.delete_permanently(self, lambda: _delete_row(self), storage=storage)
        call_event("lamindb_artifact_deleted", artifact=self)
        return deleted

    def view_lineage(self, return_str: bool = False) -> str | None:
        """Print what the artifact was made from: runs, transforms and inputs, back to the sources.

        Args:
            return_str: return the text instead of printing it.
        """
        from lamindb.lineage.text import render, upstream

        text = render(upstream(self))
        if return_str:
            return text
        print(text)
        return None
