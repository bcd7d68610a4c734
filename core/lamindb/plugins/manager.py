"""What the core asks plugins: one cached function per question. The first question of a process loads the plugins.

Lookups return `None` for what no plugin knows, and raise `PluginConflictError` for what two plugins claim. `missing_for` gives the
error that names the package to install.
"""

from __future__ import annotations

import difflib
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from lamindb.base.logging import logger
from lamindb.plugins.claims import Claims, conflict_between
from lamindb.plugins.errors import MissingPluginError, PluginConflictError
from lamindb.plugins.hookspecs import EVENTS, hookimpl
from lamindb.plugins.loading import PluginSet
from lamindb.plugins.types import (
    Command,
    CuratorSpec,
    DataFormat,
    Integration,
    ReferenceSource,
    SchemaModule,
    StorageBackend,
    load_object,
)

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
    "data_formats",
    "declarations",
    "describe_plugins",
    "hookimpl",
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

T = TypeVar("T")


class _State:
    """Everything that is known about plugins in this process."""

    def __init__(self) -> None:
        self.plugins = PluginSet()
        self.cache: dict[Any, Any] = {}
        self.formats_of_classes: WeakKeyDictionary[type, DataFormat | None] = WeakKeyDictionary()
        self.is_loading = False


_lock = threading.RLock()
_state = _State()


def plugin_set() -> PluginSet:
    """Return all plugins; the first call loads them."""
    return _loaded().plugins


def declarations(hook: str) -> list[Any]:
    """Return what all plugins yield for a hook without arguments, such as `"lamindb_data_formats"`."""
    return list(_cached(hook, lambda: _loaded().plugins.ask(hook)))


def refresh_plugins() -> None:
    """Forget all plugins; the next question looks for them again (for tests, and after installing one in a running process)."""
    global _state
    import importlib

    with _lock:
        importlib.invalidate_caches()
        load_object.cache_clear()
        _state = _State()


# -- data formats ------------------------------------------------------------------------------------------------------------------------


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
    return _suffix_claims().get(suffix.lower())


def data_format_for_otype(otype: str) -> DataFormat | None:
    """Return the format with an object type such as `"AnnData"`.

    Raises:
        PluginConflictError: if two plugins claim the object type.
    """
    return _otype_claims().get(otype)


def data_format_for_object(obj: Any) -> DataFormat | None:
    """Return the format of an object in memory, by the names of its classes and their modules; imports nothing.

    Raises:
        PluginConflictError: if two plugins claim the class.
    """
    known = _loaded().formats_of_classes
    cls = type(obj)
    if cls not in known:
        found = _format_of_class(cls)
        if not _state.plugins.is_complete:
            return found
        known[cls] = found
    return known[cls]


def data_format_for_path(path: str | os.PathLike[str]) -> DataFormat | None:
    """Return the format of a file or folder, by its suffix, and by its content where formats share a suffix.

    The longest known suffix of the name counts (`a.b.h5ad.gz` has `.h5ad.gz`). Content is looked at only for local paths.

    Args:
        path: path, URL or `UPath`; it need not exist.

    Raises:
        PluginConflictError: if two plugins claim the suffix or recognise the content.
    """
    claims, shared = _suffix_claims(), _shared_suffixes()
    for suffix in _suffixes_of(path):
        if suffix in claims:
            return claims.get(suffix)
        if suffix in shared:
            return _recognised(path, suffix, shared[suffix])
    return None


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


# -- storage -----------------------------------------------------------------------------------------------------------------------------


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
    backend = _protocol_claims().get(protocol)
    if backend is not None:
        _cached(("registered", protocol), lambda: _make_known(protocol, backend))
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


# -- schema modules and curation ---------------------------------------------------------------------------------------------------------


def schema_modules() -> list[SchemaModule]:
    """Return the schema modules that plugins declare, in the order of the plugins; those that two plugins claim are left out."""
    return list(_module_claims().undisputed().values())


def schema_module(name: str) -> SchemaModule | None:
    """Return the declaration of a schema module, or `None` for a package that is a plain Django app without one.

    Raises:
        PluginConflictError: if two plugins claim the name.
    """
    return _module_claims().get(name)


def reference_sources(registry: Any) -> list[ReferenceSource]:
    """Return the public vocabularies behind a registry class, in the order in which they are to be asked."""
    return list(
        _cached(("sources", registry), lambda: _loaded().plugins.ask("lamindb_reference_sources", registry=registry))
    )


def curators() -> list[CuratorSpec]:
    """Return all curators."""
    return declarations("lamindb_curators")


def curator_for(otype: str) -> CuratorSpec | None:
    """Return how schemas apply to objects of an object type.

    Raises:
        PluginConflictError: if two plugins claim the object type.
    """
    return _curator_claims().get(otype)


# -- command line, integrations, events ---------------------------------------------------------------------------------------------------


def commands() -> list[Command]:
    """Return the verbs that plugins add to the command line, by name; those that two plugins claim are left out."""
    return sorted(_command_claims().undisputed().values(), key=lambda found: found.name)


def command(name: str) -> Command | None:
    """Return one verb.

    Raises:
        PluginConflictError: if two plugins claim it.
    """
    return _command_claims().get(name)


def integrations() -> list[Integration]:
    """Return the names that plugins add to `ln.integrations`; those that two plugins claim are left out."""
    return sorted(_integration_claims().undisputed().values(), key=lambda found: found.name)


def integration(name: str) -> Integration | None:
    """Return one integration; `integration(name).load()` imports it.

    Raises:
        PluginConflictError: if two plugins claim the name.
    """
    return _integration_claims().get(name)


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
    _loaded().plugins.call_event(name, **arguments)


def describe_plugins() -> list[PluginInfo]:
    """Return every plugin with its version, what it contributes, and what is wrong with it; what `lamin plugins` prints."""
    from lamindb.plugins.listing import describe_plugins as describe

    return describe()


# -- what is not there -------------------------------------------------------------------------------------------------------------------


def missing_for(
    *, suffix: str | None = None, protocol: str | None = None, otype: str | None = None
) -> MissingPluginError | None:
    """Return the error for something whose plugin is absent, ready to be raised; `None` if it is there, or nobody knows it.

    Args:
        suffix: such as `".h5ad"`.
        protocol: such as `"s3"`.
        otype: such as `"AnnData"`.

    Example:
        >>> print(missing_for(suffix=".h5mu"))
        The suffix '.h5mu' needs the package lamindb-mudata: pip install lamindb-mudata
    """
    from lamindb.plugins.well_known import package_for

    if suffix is not None:
        suffix = suffix.lower()
        asked, is_there = f"the suffix {suffix!r}", suffix in _suffix_claims() or suffix in _shared_suffixes()
    elif protocol is not None:
        asked, is_there = f"the protocol {protocol!r}", storage_backend_for(protocol) is not None
    elif otype is not None:
        asked, is_there = f"the object type {otype!r}", otype in _otype_claims()
    else:
        raise ValueError("missing_for() needs one of suffix, protocol and otype")
    package = None if is_there else package_for(suffix=suffix, protocol=protocol, otype=otype)
    if package is None:
        return None
    return MissingPluginError(_missing_message(asked, package), package=package, asked=asked)


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


def conflicts() -> list[PluginConflictError]:
    """Return an error for everything that several plugins claim; none of them is raised before someone asks for that very thing."""
    tables: list[Claims[Any]] = [
        _module_claims(), _protocol_claims(), _suffix_claims(), _otype_claims(), _class_claims(), _curator_claims(), _command_claims(),
        _integration_claims(),
    ]  # fmt: skip
    return [error for table in tables for error in table.conflicts()]


# -- behind the questions ----------------------------------------------------------------------------------------------------------------


def _loaded() -> _State:
    state = _state
    if state.plugins.is_complete:
        return state
    with _lock:
        if state.is_loading:  # a plugin asks while it is being imported: it sees what is there so far
            return state
        state.is_loading = True
        try:
            if state.plugins.load():
                _forget(state)
        finally:
            state.is_loading = False
    return state


def _forget(state: _State) -> None:
    state.cache.clear()
    state.formats_of_classes.clear()


def _cached(key: Any, make: Callable[[], T]) -> T:
    state = _loaded()
    if key not in state.cache:
        with _lock:
            if key in state.cache:
                return state.cache[key]
            made = make()
            if state.is_loading or not state.plugins.is_complete:
                return made  # may lack a plugin that is being imported
            state.cache[key] = made
    return state.cache[key]


def _claims(hook: str, what: str, keys_of: Callable[[Any], Iterable[str]]) -> Claims[Any]:
    return _cached((hook, what), lambda: Claims(what, declarations(hook), keys_of))


def _suffix_claims() -> Claims[DataFormat]:
    return _claims("lamindb_data_formats", "the suffix", lambda found: found.suffixes)


def _otype_claims() -> Claims[DataFormat]:
    return _claims("lamindb_data_formats", "the object type", lambda found: (found.otype,) if found.otype else ())


def _class_claims() -> Claims[DataFormat]:
    return _claims("lamindb_data_formats", "the class", lambda found: found.classes)


def _protocol_claims() -> Claims[StorageBackend]:
    return _claims("lamindb_storage_backends", "the protocol", lambda found: found.protocols)


def _module_claims() -> Claims[SchemaModule]:
    return _claims("lamindb_schema_modules", "the module name", lambda found: (found.name,))


def _curator_claims() -> Claims[CuratorSpec]:
    return _claims("lamindb_curators", "the curator of the object type", lambda found: (found.otype,))


def _command_claims() -> Claims[Command]:
    return _claims("lamindb_commands", "the command", lambda found: (found.name,))


def _integration_claims() -> Claims[Integration]:
    return _claims("lamindb_integrations", "the integration", lambda found: (found.name,))


def _shared_suffixes() -> dict[str, list[DataFormat]]:
    def make() -> dict[str, list[DataFormat]]:
        shared: dict[str, list[DataFormat]] = {}
        for found in data_formats():
            for suffix in found.shared_suffixes:
                shared.setdefault(suffix, []).append(found)
        return shared

    return _cached("shared suffixes", make)


def _format_of_class(cls: type) -> DataFormat | None:
    claims = _class_claims()
    by_name = _cached("classes by name", lambda: _group_by_class_name(claims.keys()))
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


def _recognised(path: str | os.PathLike[str], suffix: str, candidates: list[DataFormat]) -> DataFormat | None:
    local = path if isinstance(path, Path) else Path(path) if isinstance(path, str) and "://" not in path else None
    if local is None or not local.exists():
        return None
    found = [candidate for candidate in candidates if _recognises(candidate, local)]
    if len(found) > 1:
        raise conflict_between(f"the content of {local.name!r}", found)
    return found[0] if found else None


def _recognises(candidate: DataFormat, path: Path) -> bool:
    try:
        return bool(candidate.resolve("recognises")(path))
    except Exception as error:  # noqa: BLE001  (whatever a plugin raises)
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
        register_implementation(protocol, backend.filesystem.replace(":", "."))
    from upath.registry import available_implementations
    from upath.registry import register_implementation as register_path_class

    if backend.path_class is not None:
        register_path_class(protocol, backend.path_class.replace(":", "."), clobber=True)
    elif protocol not in available_implementations(fallback=False):
        register_path_class(protocol, "upath.implementations.cloud.CloudPath")
    return True
