"""What the core asks plugins: one cached function per question. The first question of a process loads the plugins.

Lookups return `None` for what no plugin knows, and raise `PluginConflictError` for what two plugins claim. `missing_for` gives the
error that names the package to install.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from lamindb.base.logging import logger
from lamindb.plugins.claims import conflict_between
from lamindb.plugins.errors import MissingPluginError
from lamindb.plugins.folders import data_files
from lamindb.plugins.hookspecs import EVENTS
from lamindb.plugins.state import (
    cached,
    class_claims,
    command_claims,
    conflicts,
    curator_claims,
    declarations,
    integration_claims,
    loaded,
    module_claims,
    otype_claims,
    plugin_set,
    protocol_claims,
    refresh_plugins,
    shared_suffixes,
    suffix_claims,
)
from lamindb.plugins.types import (
    Command,
    CuratorSpec,
    DataFormat,
    DemoPart,
    Integration,
    ReferenceSource,
    SchemaModule,
    StorageBackend,
)
from lamindb.plugins.well_known import package_for

__all__ = [
    "call_event",
    "command",
    "commands",
    "conflicts",
    "curator_for",
    "curators",
    "data_format_for_object",
    "data_format_for_otype",
    "data_format_for_path",
    "data_format_for_suffix",
    "data_format_to_open",
    "data_formats",
    "declarations",
    "demo_parts",
    "describe_plugins",
    "integration",
    "integrations",
    "missing_for",
    "plugin_set",
    "reference_sources",
    "refresh_plugins",
    "require_data_format",
    "require_storage_backend",
    "schema_module",
    "schema_modules",
    "storage_backend_for",
    "storage_backends",
]

if TYPE_CHECKING:
    from lamindb.plugins.listing import PluginInfo

# -- data formats


def data_formats() -> list[DataFormat]:
    """Return all data formats."""
    return declarations("lamindb_data_formats")


def data_format_for_suffix(suffix: str) -> DataFormat | None:
    """Return the format of a suffix such as `".h5ad"` or `".csv.gz"`; case doesn't matter.

    A suffix that several formats share (`.zarr`) has none: ask `data_format_for_path`, which looks at the content.

    Raises:
        PluginConflictError: if two plugins claim the suffix.

    Example:
        >>> data_format_for_suffix(".json").resolve("loader")
        <function load_json at ...>
    """
    return suffix_claims().get(suffix.lower())


def data_format_for_otype(otype: str) -> DataFormat | None:
    """Return the format with an object type such as `"AnnData"`.

    Raises:
        PluginConflictError: if two plugins claim the object type.
    """
    return otype_claims().get(otype)


def data_format_for_object(obj: Any) -> DataFormat | None:
    """Return the format of an object in memory, by the names of its classes and their modules; imports nothing.

    Raises:
        PluginConflictError: if two plugins claim the class.
    """
    state, cls = loaded(), type(obj)
    if cls not in state.formats_of_classes:
        found = _format_of_class(cls)
        if not state.plugins.is_complete:
            return found
        state.formats_of_classes[cls] = found
    return state.formats_of_classes[cls]


def data_format_for_path(path: str | os.PathLike[str], *, look_remotely: bool = False) -> DataFormat | None:
    """Return the format of a file or folder, by its suffix, and by its content where formats share a suffix.

    The longest known suffix of the name counts (`a.b.h5ad.gz` has `.h5ad.gz`). Content is looked at only for local paths: where formats
    share a suffix, and in a folder without one, which may hold the shards of one dataset. A format without an object type, such as one for files of
    arrays of any kind, gives way to one that knows more.

    Args:
        path: path, URL or `UPath`; it need not exist.
        look_remotely: look at the content of a remote `UPath`, too, where formats share its suffix.

    Raises:
        PluginConflictError: if two plugins claim the suffix or recognise the content.
    """
    claims, shared = suffix_claims(), shared_suffixes()
    for suffix in _suffixes_of(path):
        if suffix in claims:
            return claims.get(suffix)
        if suffix in shared:
            return _recognised(path, shared[suffix], look_remotely)
    local = _local(path)
    return _format_of_shards(local) if local is not None and local.is_dir() else None


def data_format_to_open(path: Any, *, suffix: str, otype: str | None = None) -> DataFormat:
    """Return the format that opens data lazily: that of the object type, else of the suffix, else of the files in a folder.

    Args:
        path: where the data is; its content is looked at only if suffix and object type don't tell.
        suffix: suffix of the data, `""` for none.
        otype: object type of the data.

    Raises:
        MissingPluginError: if a package that is not installed brings it.
        ValueError: if no installed format opens it, or a folder holds files of several kinds.
    """
    suffix = suffix.lower()
    named = data_format_for_otype(otype) if otype else None
    if named is not None and named.opener is not None and (not suffix or suffix in named.opened_suffixes):
        return named
    asked = suffix or _suffix_of_folder(path)
    openers = [found for found in data_formats() if found.opener is not None and asked in found.opened_suffixes]
    if len(openers) == 1:
        return openers[0]
    recognised = data_format_for_path(path, look_remotely=True) if openers else None
    if recognised in openers and recognised is not None:
        return recognised
    owner = data_format_for_suffix(asked) if asked else None
    if owner is not None and owner in openers:
        return owner
    missing = missing_for(suffix=asked) if asked else None
    if missing is not None:
        raise missing
    opened = sorted({name for found in data_formats() if found.opener is not None for name in found.opened_suffixes})
    raise ValueError(
        f"Data with the suffix {asked!r} can't be opened lazily, only data with the suffixes {', '.join(opened) or '(none: no such plugin is installed)'}. "
        "Use .load() to read it into memory or .cache() to get a local path."
    )


def require_data_format(*, suffix: str | None = None, otype: str | None = None) -> DataFormat:
    """Return the format of an object type, else of a suffix, or raise the error that says what to install.

    Raises:
        MissingPluginError: if a package that is not installed brings it.
        NotImplementedError: if no package is known for it.
    """
    found = data_format_for_otype(otype) if otype else None
    if found is None and suffix:
        found = data_format_for_suffix(suffix)
    if found is not None:
        return found
    missing = (missing_for(suffix=suffix) if suffix else None) or (missing_for(otype=otype) if otype else None)
    if missing is not None:
        raise missing
    what = " or ".join(
        part for part in (otype and f"the object type {otype!r}", suffix and f"the suffix {suffix!r}") if part
    )
    raise NotImplementedError(
        f"No installed plugin reads {what or 'data without suffix'}: get the local path with .cache() and read it yourself"
    )


# -- storage


def storage_backends() -> list[StorageBackend]:
    """Return all storage backends."""
    return declarations("lamindb_storage_backends")


def storage_backend_for(protocol: str) -> StorageBackend | None:
    """Return the backend of a protocol (`"s3"`; `""` and `"file"` are `"local"`), and make fsspec and `UPath` know the protocol.

    Call it before making a `UPath` of a protocol that a plugin may bring.

    Raises:
        PluginConflictError: if two plugins claim the protocol.
    """
    protocol = protocol.removesuffix("://").lower() or "local"
    backend = protocol_claims().get(protocol)
    if backend is not None:
        cached(("registered", protocol), lambda: _make_known(protocol, backend))
    return backend


def require_storage_backend(protocol: str) -> StorageBackend:
    """Return the backend of a protocol, or raise the error that says what to install.

    Raises:
        MissingPluginError: if a package that is not installed brings it.
        ValueError: if no package is known for it; the message lists the protocols that work here.
    """
    backend = storage_backend_for(protocol)
    if backend is not None:
        return backend
    missing = missing_for(protocol=protocol)
    if missing is not None:
        raise missing
    known = [name for found in storage_backends() for name in found.protocols]
    near = difflib.get_close_matches(protocol, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"No installed plugin opens {protocol}:// paths, only {', '.join(known)}.{hint}")


# -- schema modules and curation


def schema_modules() -> list[SchemaModule]:
    """Return the schema modules that plugins declare, in the order of the plugins; those that two plugins claim are left out."""
    return list(module_claims().undisputed().values())


def schema_module(name: str) -> SchemaModule | None:
    """Return the declaration of a schema module, or `None` for a package that is a plain Django app without one.

    Raises:
        PluginConflictError: if two plugins claim the name.
    """
    return module_claims().get(name)


def reference_sources(registry: Any) -> list[ReferenceSource]:
    """Return the public vocabularies behind a registry class, in the order in which they are to be asked."""
    return list(
        cached(("sources", registry), lambda: loaded().plugins.ask("lamindb_reference_sources", registry=registry))
    )


def curators() -> list[CuratorSpec]:
    """Return all curators."""
    return declarations("lamindb_curators")


def curator_for(otype: str) -> CuratorSpec | None:
    """Return how schemas apply to objects of an object type.

    Raises:
        PluginConflictError: if two plugins claim the object type.
    """
    return curator_claims().get(otype)


# -- command line, integrations, events


def commands() -> list[Command]:
    """Return the verbs that plugins add to the command line, by name; those that two plugins claim are left out."""
    return sorted(command_claims().undisputed().values(), key=lambda found: found.name)


def command(name: str) -> Command | None:
    """Return one verb.

    Raises:
        PluginConflictError: if two plugins claim it.
    """
    return command_claims().get(name)


def integrations() -> list[Integration]:
    """Return the names that plugins add to `ln.integrations`; those that two plugins claim are left out."""
    return sorted(integration_claims().undisputed().values(), key=lambda found: found.name)


def integration(name: str) -> Integration | None:
    """Return one integration; `integration(name).load()` imports it.

    Raises:
        PluginConflictError: if two plugins claim the name.
    """
    return integration_claims().get(name)


def demo_parts() -> list[DemoPart]:
    """Return what plugins show in `lamin demo`, in the order in which it is shown."""
    return sorted(declarations("lamindb_demo_parts"), key=lambda part: (part.position, part.name))


def call_event(name: str, **arguments: Any) -> None:
    """Tell all plugins about an event. What they raise is logged with the plugin's name, never raised.

    Args:
        name: hook name, such as `"lamindb_artifact_saved"`.
        **arguments: the hook's arguments.

    Raises:
        ValueError: if there is no such event.

    Example:
        >>> call_event("lamindb_artifact_saved", artifact=artifact)  # doctest: +SKIP
    """
    if name not in EVENTS:
        near = difflib.get_close_matches(name, EVENTS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{name!r} is not an event, only {', '.join(EVENTS)}.{hint}")
    loaded().plugins.call_event(name, **arguments)


def describe_plugins() -> list[PluginInfo]:
    """Return every plugin with its version, what it contributes, and what is wrong with it; what `lamin plugins` prints."""
    from lamindb.plugins.listing import describe_plugins as describe

    return describe()


# -- what is not there


def missing_for(
    *,
    suffix: str | None = None,
    path: str | os.PathLike[str] | None = None,
    protocol: str | None = None,
    otype: str | None = None,
) -> MissingPluginError | None:
    """Return the error for something whose plugin is absent, ready to be raised; `None` if it is there, or nobody knows it.

    Args:
        suffix: such as `".h5ad"`.
        path: path or file name, whose suffix is taken, such as `"donor.1.h5ad"`.
        protocol: such as `"s3"`.
        otype: such as `"AnnData"`.

    Example:
        >>> print(missing_for(suffix=".h5mu"))
        The suffix '.h5mu' needs the package lamindb-mudata: pip install lamindb-mudata
    """
    if path is not None:
        for part in _suffixes_of(path):
            if _is_known_suffix(part) or package_for(suffix=part):
                return missing_for(suffix=part)
        return None
    if suffix is not None:
        suffix = suffix.lower()
        asked, is_there = f"the suffix {suffix!r}", _is_known_suffix(suffix)
    elif protocol is not None:
        asked, is_there = f"the protocol {protocol!r}", protocol in protocol_claims()
    elif otype is not None:
        asked, is_there = f"the object type {otype!r}", otype in otype_claims()
    else:
        raise ValueError("missing_for() needs one of suffix, path, protocol and otype")
    package = None if is_there else package_for(suffix=suffix, protocol=protocol, otype=otype)
    if package is None:
        return None
    return MissingPluginError(_missing_message(asked, package), package=package, asked=asked)


def _is_known_suffix(suffix: str) -> bool:
    return suffix in suffix_claims() or suffix in shared_suffixes()


def _missing_message(asked: str, package: str) -> str:
    subject = asked[0].upper() + asked[1:]
    broken = [plugin for plugin in plugin_set().plugins.values() if plugin.distribution == package]
    if broken:
        problems = "; ".join(broken[0].errors) or "it is installed, but doesn't contribute it in this version"
        return f"{subject} needs the package {package}, whose plugin doesn't work here: {problems}. To mend it: {broken[0].mend}"
    if _is_installed(package):
        return f"{subject} needs the plugin of {package}, which is installed, but not loaded: add it to LAMIN_LOAD_PLUGINS or unset that variable"
    return f"{subject} needs the package {package}: pip install {package}"


def _is_installed(package: str) -> bool:
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


# -- behind the questions


def _format_of_class(cls: type) -> DataFormat | None:
    claims = class_claims()
    by_name = cached("classes by name", lambda: _group_by_class_name(claims.keys()))
    for base in cls.__mro__:
        for key in by_name.get(base.__name__, ()):
            package = key.partition(":")[0]
            if base.__module__ == package or base.__module__.startswith(f"{package}."):
                return claims.get(key)
    return None


def _group_by_class_name(keys: Iterable[str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key in keys:
        grouped.setdefault(key.partition(":")[2], []).append(key)
    return grouped


def _suffixes_of(path: str | os.PathLike[str]) -> list[str]:
    """Return the possible suffixes of a path, the longest first, in lower case: `.b.h5ad.gz`, `.h5ad.gz`, `.gz`."""
    text = path if isinstance(path, str) else str(path)
    name = PurePosixPath(text.partition("?")[0] if "://" in text else text.replace(os.sep, "/")).name
    parts = PurePosixPath(name).suffixes
    return ["".join(parts[start:]).lower() for start in range(len(parts))]


def _local(path: str | os.PathLike[str]) -> Path | None:
    return path if isinstance(path, Path) else Path(path) if isinstance(path, str) and "://" not in path else None


def _format_of_shards(folder: Path) -> DataFormat | None:
    """Return the format whose sharded suffix all files of a folder have; stops at the first file that tells it is none."""
    suffixes = {suffix: found for found in data_formats() for suffix in found.sharded_suffixes}
    shared: str | None = None
    for file in data_files(folder) if suffixes else ():
        candidates = _suffixes_of(file.name)
        suffix = next((candidate for candidate in candidates if candidate in suffixes), None)
        if suffix is None and not candidates:
            continue  # files without suffix, such as notes
        if suffix is None or shared not in (None, suffix):
            return None
        shared = suffix
    return suffixes[shared] if shared is not None else None


def _suffix_of_folder(path: Any) -> str:
    """Return the one suffix that the files of a folder have, `""` for a file or a folder without such files."""
    if not hasattr(path, "is_dir") or not path.is_dir():
        return ""
    opened = {suffix for found in data_formats() if found.opener is not None for suffix in found.opened_suffixes}
    seen: set[str] = set()
    for file in data_files(path):
        candidates = _suffixes_of(file.name)
        seen.add(next((suffix for suffix in candidates if suffix in opened), candidates[-1] if candidates else ""))
        if len(seen - {""}) > 1:
            raise ValueError(
                f"The folder {path} holds files of several kinds ({', '.join(sorted(seen - {''}))}), so it can't be opened as one dataset"
            )
    return next(iter(seen - {""}), "")


def _recognised(path: str | os.PathLike[str], candidates: list[DataFormat], look_remotely: bool) -> DataFormat | None:
    local: Any = _local(path)
    if local is None and look_remotely and hasattr(path, "fs"):
        local = path
    if local is None or not local.exists():
        return None
    found = [candidate for candidate in candidates if _recognises(candidate, local)]
    found = [candidate for candidate in found if candidate.otype is not None] or found
    if len(found) > 1:
        raise conflict_between(f"the content of {local.name!r}", found)
    return found[0] if found else None


def _recognises(candidate: DataFormat, path: Path) -> bool:
    try:
        return bool(candidate.resolve("recognises")(path))
    except Exception as error:
        logger.warning(
            f"plugin {candidate.plugin!r} can't tell whether {path} is {candidate.label}: {type(error).__name__}: {error}"
        )
        return False


def _make_known(protocol: str, backend: StorageBackend) -> bool:
    """Tell fsspec and universal-pathlib about a protocol that they don't know by themselves."""
    if backend.filesystem is None or protocol in ("local", "file"):
        return True
    from fsspec.registry import known_implementations, register_implementation
    from fsspec.registry import registry as used_implementations

    if protocol not in known_implementations and protocol not in used_implementations:
        register_implementation(protocol, backend.resolve("filesystem"))
    from upath.registry import available_implementations
    from upath.registry import register_implementation as register_path_class

    if backend.path_class is not None:
        register_path_class(protocol, backend.path_class.replace(":", "."), clobber=True)
    elif protocol not in available_implementations(fallback=False):
        register_path_class(protocol, "upath.implementations.cloud.CloudPath")
    return True
