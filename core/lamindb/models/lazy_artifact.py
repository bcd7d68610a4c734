"""`LazyArtifact`: a reserved place in storage that data is written to first and that becomes an artifact afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import transaction

from lamindb.artifacts import staging
from lamindb.artifacts.keys import MANAGED_FOLDER, STEM_LENGTH, check_key
from lamindb.base.logging import logger
from lamindb.base.uids import base62
from lamindb.models.versioning import FIRST_VERSION
from lamindb.plugins.manager import data_format_for_path


class LazyArtifact:
    """A place in storage to write to; made by `Artifact.from_lazy`. Nothing is created on disk or in the database before `save`.

    Args:
        artifact_registry: the class `Artifact`.
        suffix: suffix of the data, `""` for a folder without one.
        overwrite_versions: whether all versions share one place.
        key: key of the artifact; one that exists gets a new version.
        **kwargs: other arguments of `Artifact`.

    Attributes:
        path: where to write the data, a file or folder.
        uid: uid of the artifact if its key is new; else `save` moves the data to the place of the next version.
        kwargs: arguments for the artifact.

    Example:
        >>> lazy = ln.Artifact.from_lazy(suffix=".parquet", overwrite_versions=False, key="big.parquet")  # doctest: +SKIP
        >>> polars_frame.sink_parquet(lazy.path)  # doctest: +SKIP
        >>> artifact = lazy.save()  # doctest: +SKIP
    """

    def __init__(
        self, artifact_registry: Any, suffix: str, overwrite_versions: bool, *, key: str | None = None, **kwargs: Any
    ) -> None:
        from lamindb.storage.suffixes import infer_suffix, stored_suffix

        if suffix and not suffix.startswith("."):
            raise ValueError(f"A suffix starts with a dot: pass suffix='.{suffix}', or '' for a folder without one")
        if key is not None:
            key = check_key(key)
            if infer_suffix(key) != suffix:
                raise ValueError(
                    "The suffix argument and the suffix of key should be the same. "
                    f"They are {suffix!r} and {infer_suffix(key)!r} (key {key!r})"
                )
        suffix = stored_suffix(suffix)  # the place is named by what the artifact will have
        root = _root(kwargs.get("storage"))
        self._registry = artifact_registry
        self.kwargs = {"key": key, "overwrite_versions": overwrite_versions, **kwargs}
        # a place of its own also where the key exists: several processes may write to it at once, and where versions share one
        # place, the previous version stays intact until the new one is complete
        stem = base62(STEM_LENGTH)
        self.uid = stem + FIRST_VERSION
        self.path = root / f"{MANAGED_FOLDER}/{stem if overwrite_versions else self.uid}{suffix}"

    def save(self, upload: bool | None = None, **kwargs: Any) -> Any:
        """Register what was written: where it is, or, for an existing key, at the place of the next version, to which it is moved.

        Content that is stored already gives the artifact that has it, and the copy is removed.

        Args:
            upload: as for `Artifact.save`.
            **kwargs: as for `Artifact.save`.

        Returns:
            The artifact.

        Raises:
            FileNotFoundError: if nothing was written to `path`.
        """
        if not self.path.exists():
            raise FileNotFoundError(
                f"Nothing was written to {self.path}: write a file or folder there, then call save()"
            )
        data_format = data_format_for_path(self.path)
        otype = data_format.otype if data_format is not None else None
        artifact = self._registry(self.path, uid=self.uid, **{"otype": otype, **self.kwargs})
        is_known = not artifact._state.adding
        with transaction.atomic():
            saved = artifact.save(upload=upload, **kwargs)
            self._settle(saved, is_known)
        return saved

    def _settle(self, artifact: Any, is_known: bool) -> None:
        """Bring what was written to the place of the artifact, or remove it if its content is stored already."""
        target = artifact.path
        if str(target) == str(self.path) or not self.path.exists():
            return
        if target.exists() and (is_known or not artifact._overwrite_versions):
            logger.important("removing %s, as its content is stored already: %s", self.path, target)
            _remove(self.path)
        elif isinstance(self.path, Path):
            staging.promote(self.path, target)
        else:
            if target.exists():
                target.fs.rm(target.path, recursive=True)
            self.path.fs.mv(self.path.path, target.path, recursive=True)

    def __repr__(self) -> str:
        shown = "".join(f", {name}={value!r}" for name, value in self.kwargs.items() if value is not None)
        return f"LazyArtifact(path={str(self.path)!r}{shown})"


def _root(storage: Any) -> Any:
    from lamindb.setup import settings
    from lamindb.storage.upath import local_or_remote

    if storage is not None:
        return local_or_remote(storage.root)
    instance = settings.instance
    return (instance.local_storage if instance.keep_artifacts_local else instance.storage).root


def _remove(path: Any) -> None:
    if isinstance(path, Path):
        staging.remove(path)
    else:
        path.fs.rm(path.path, recursive=True)
