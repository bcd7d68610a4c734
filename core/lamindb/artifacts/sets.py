"""Several artifacts read as one: loaded and joined, opened lazily, cached, or mapped for training.

All functions take saved artifacts in the order in which their data is to be read; none of them tracks run inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db.models import prefetch_related_objects

from lamindb.artifacts import cached_copies
from lamindb.artifacts.reading import check_readable
from lamindb.base.logging import logger

_JOINS = ("inner", "outer")
#: So many artifacts are downloaded at a time; each may be a folder whose files are downloaded in parallel.
_AT_A_TIME = 8


def artifacts_of(queryset: Any) -> list[Any]:
    """Return the artifacts of a query set in its order, by id if it has none; two statements, storage locations included."""
    if not queryset.ordered:
        logger.warning(
            "this query set is unordered, consider using `.order_by()` first to avoid opening the artifacts in an arbitrary order"
        )
        if not queryset.query.is_sliced and not queryset.query.combinator:
            queryset = queryset.order_by("pk")
    return with_storage(queryset)


def with_storage(artifacts: Iterable[Any]) -> list[Any]:
    """Return the artifacts as a list, with their storage locations read in one statement.

    Raises:
        TypeError: if they are no artifacts.
    """
    listed = list(artifacts)
    if listed and not hasattr(listed[0], "_meta"):
        raise TypeError(
            f"This query gives {type(listed[0]).__name__} objects instead of artifacts: leave out .values() and .values_list()"
        )
    prefetch_related_objects(listed, "storage")
    return listed


def load_joined(artifacts: Sequence[Any], *, join: str = "outer", **kwargs: Any) -> Any:
    """Load the data of all artifacts and join it, as the format of the data does it.

    Args:
        artifacts: artifacts with the same suffix.
        join: `"outer"` keeps the columns (variables) of all, `"inner"` those that all have.
        **kwargs: passed to the joining function of the format, such as `pandas.concat`.

    Raises:
        MissingPluginError: if the package that reads them is not installed.
        ValueError: if there are none, their suffixes differ, or their format can't be joined.
    """
    _check_some(artifacts, "load")
    if join not in _JOINS:
        raise ValueError(f"join has to be 'inner' or 'outer', not {join!r}")
    suffixes = _suffixes(artifacts)
    if len(suffixes) > 1:
        raise ValueError(
            f"Can only load collections where all artifacts have the same suffix, these have {_listed(suffixes)}: "
            "filter by suffix first, e.g. .filter(suffix='.parquet')"
        )
    formats = _by_name(_format_of(artifact) for artifact in _one_of_each_kind(artifacts))
    if len(formats) != 1 or formats[0].concatenator is None:
        raise ValueError(
            f"Unable to concatenate {suffixes[0]} objects. Load them one by one: [artifact.load() for artifact in …]"
        )
    concatenate = formats[0].resolve("concatenator")
    if sum(_lies_elsewhere(artifact) for artifact in artifacts) > 1:
        cache_all(artifacts, mute=True)  # at once, instead of one after the other
    objects = [artifact.load(is_run_input=False) for artifact in artifacts]
    return concatenate(objects, keys=[artifact.uid for artifact in artifacts], join=join, **kwargs)


def open_together(artifacts: Sequence[Any], engine: str | None = None, **kwargs: Any) -> Any:
    """Open the stored data of all artifacts lazily, as one dataset; nothing is downloaded.

    Args:
        artifacts: artifacts with one format; folders stand for the files in them.
        engine: library that opens them; default: the first one of the format (`"pyarrow"` for tables).
        **kwargs: passed to the opener of the format.

    Raises:
        FileNotFoundError: if data was moved or deleted outside of lamindb.
        MissingPluginError: if the package that opens them is not installed.
        ValueError: if there are none, their formats differ, or no installed format opens them with this engine.
    """
    from lamindb.plugins import manager

    _check_some(artifacts, "open")
    suffixes = [suffix for suffix in _suffixes(artifacts) if suffix]
    if len(suffixes) > 1:
        raise ValueError(
            f"The artifacts in the collection have different file formats: {_listed(suffixes)}. Open those of one format: "
            "filter by suffix first"
        )
    for artifact in artifacts:
        check_readable(artifact)
    paths = [artifact.path for artifact in artifacts]
    kinds = {(artifact.suffix, artifact.otype): path for artifact, path in zip(artifacts, paths, strict=True)}
    formats = _by_name(
        manager.data_format_to_open(path, suffix=suffix, otype=otype) for (suffix, otype), path in kinds.items()
    )
    if len(formats) > 1:
        raise ValueError(
            f"The artifacts in the collection have different file formats: {_listed(found.label for found in formats)}"
        )
    data_format = formats[0]
    if data_format.set_opener is None:
        raise ValueError(
            f"Several {data_format.label} artifacts can't be opened as one: open each with artifact.open(), or join them with .load()"
        )
    if engine is not None:
        if engine not in data_format.engines:
            raise ValueError(f"Unknown engine: {engine!r}. It should be {_listed(data_format.engines, ' or ')}.")
        kwargs["engine"] = engine
    open_set = data_format.resolve("set_opener")
    try:
        return open_set(paths, **kwargs)
    except FileNotFoundError:
        _check_exist(artifacts, paths)
        raise


def cache_all(
    artifacts: Sequence[Any],
    *,
    mute: bool = False,
    verify: bool = False,
    print_progress: bool = True,
    **options: Any,
) -> list[Any]:
    """Return local paths of the data of all artifacts, in their order; what the cache lacks is downloaded several at a time.

    Args:
        artifacts: artifacts whose storage locations are loaded.
        mute: draw no bar.
        verify: read every byte, and compare its hash with that of the artifact.
        print_progress: draw a bar where somebody looks.
        **options: passed to the file system of remote data.
    """
    is_shown = print_progress and not mute
    remote = {id(artifact): artifact for artifact in artifacts if _lies_elsewhere(artifact)}
    if len(remote) < 2:
        return [
            artifact.cache(is_run_input=False, mute=mute, verify=verify, print_progress=print_progress, **options)
            for artifact in artifacts
        ]
    for artifact in remote.values():
        check_readable(artifact)
    copies = _copy_all(list(remote.values()), is_shown, verify=verify, **options)
    paths = dict(zip(remote, copies, strict=True))
    return [
        paths[id(artifact)] if id(artifact) in paths else artifact.cache(is_run_input=False, verify=verify)
        for artifact in artifacts
    ]


def _lies_elsewhere(artifact: Any) -> bool:
    return artifact.__dict__.get("_local_source") is None and artifact.storage.type != "local"


def _copy_all(artifacts: Sequence[Any], is_shown: bool, **options: Any) -> list[Path]:
    """Bring the copies of remote artifacts up to date; after the first failure no further one is begun."""
    from lamindb.storage.progress import TransferProgress

    sizes = {
        id(one): 0 if cached_copies.is_usable(one, cached_copies.cache_path(one)) else one.size or 0
        for one in artifacts
    }
    total, name = sum(sizes.values()), f"{len(artifacts)} artifacts"
    with TransferProgress("synchronizing", name, total, is_shown=is_shown and total > 0) as shown:

        def copy(artifact: Any) -> Path:
            path = cached_copies.cached_copy(artifact, progress=False, **options)
            shown.add(sizes[id(artifact)])
            return path

        with ThreadPoolExecutor(min(_AT_A_TIME, len(artifacts)), thread_name_prefix="lamindb-cache") as pool:
            futures = [pool.submit(copy, artifact) for artifact in artifacts]
            try:
                return [future.result() for future in futures]
            except BaseException:
                for future in futures:
                    future.cancel()
                raise


def map_together(artifacts: Sequence[Any], *, stream: bool = False, **kwargs: Any) -> Any:
    """Make one map-style dataset of all artifacts whose format can be read for training; others are named and left out.

    Args:
        artifacts: the artifacts.
        stream: read from where the data is stored, instead of caching it first.
        **kwargs: arguments of `Collection.mapped`.

    Raises:
        MissingPluginError: if the package that reads them for training is not installed.
        ValueError: if none is left, or they have several formats.
    """
    _check_some(artifacts, "read for training")
    chosen, formats = [], {}
    kinds: dict[tuple[str, str | None], Any] = {}
    for artifact in artifacts:
        kind = (artifact.suffix, artifact.otype)
        if kind not in kinds:
            kinds[kind] = _format_of(artifact)
        data_format = kinds[kind]
        if data_format is None or data_format.mapper is None:
            logger.warning("ignoring artifact with suffix %s", artifact.suffix)
            continue
        chosen.append(artifact)
        formats[data_format.label] = data_format
    if not chosen:
        raise _nothing_to_map(artifacts)
    if len(formats) > 1:
        raise ValueError(f"Data of several formats can't be one dataset for training: {_listed(formats)}")
    for artifact in chosen:
        check_readable(artifact)
    paths = [artifact.path for artifact in chosen] if stream else cache_all(chosen, mute=True)
    (data_format,) = formats.values()
    return data_format.resolve("mapper")(paths, **kwargs)


def _nothing_to_map(artifacts: Sequence[Any]) -> Exception:
    from lamindb.plugins import manager
    from lamindb.plugins.errors import MissingPluginError
    from lamindb.plugins.well_known import packages_for_training

    suffixes = _listed(_suffixes(artifacts))
    able = [found.label for found in manager.data_formats() if found.mapper is not None]
    if able:
        return ValueError(f"No artifact can be read for training: they have {suffixes}, but it takes {_listed(able)}")
    package = packages_for_training()[0]
    return MissingPluginError(
        f"Reading for training needs the package {package}: pip install {package}. "
        f"It reads AnnData, but these artifacts have {suffixes}",
        package=package,
        asked="reading for training",
    )


def _check_some(artifacts: Sequence[Any], verb: str) -> None:
    if not artifacts:
        raise ValueError(f"There is no artifact to {verb}: the query set is empty")


def _check_exist(artifacts: Sequence[Any], paths: Sequence[Any]) -> None:
    for artifact, path in zip(artifacts, paths, strict=True):
        if isinstance(path, Path) and not path.exists():
            raise FileNotFoundError(
                f"The data of {artifact} is not at {path}: it was moved or deleted outside of lamindb"
            )


def _format_of(artifact: Any) -> Any:
    """Return the format of the data of an artifact, `None` if nobody knows it."""
    from lamindb.plugins import manager

    suffix, otype = artifact.suffix, artifact.otype
    found = manager.data_format_for_otype(otype) if otype else None
    if found is None and suffix:
        found = manager.data_format_for_suffix(suffix)
    if found is None:
        found = manager.data_format_for_path(artifact.path)
    if found is None:
        missing = (manager.missing_for(suffix=suffix) if suffix else None) or (
            manager.missing_for(otype=otype) if otype else None
        )
        if missing is not None:
            raise missing
    return found


def _one_of_each_kind(artifacts: Sequence[Any]) -> list[Any]:
    return list({(artifact.suffix, artifact.otype): artifact for artifact in artifacts}.values())


def _by_name(formats: Iterable[Any]) -> list[Any]:
    return list({found.label: found for found in formats if found is not None}.values())


def _suffixes(artifacts: Iterable[Any]) -> list[str]:
    return sorted({artifact.suffix for artifact in artifacts})


def _listed(names: Iterable[str], last: str = ", ") -> str:
    quoted = [repr(name) for name in names]
    return last.join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)
