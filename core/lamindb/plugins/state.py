"""What this process knows about its plugins: loaded at the first question, cached until a plugin is added."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from lamindb.plugins.claims import Claims
from lamindb.plugins.errors import PluginConflictError
from lamindb.plugins.loading import PluginSet
from lamindb.plugins.types import (
    Command,
    CuratorSpec,
    DataFormat,
    Integration,
    SchemaModule,
    StorageBackend,
    load_object,
)

T = TypeVar("T")


class State:
    """Everything that is known about plugins in this process."""

    def __init__(self) -> None:
        self.plugins = PluginSet()
        self.cache: dict[Any, Any] = {}
        self.formats_of_classes: WeakKeyDictionary[type, DataFormat | None] = WeakKeyDictionary()
        self.is_loading = False


_lock = threading.RLock()
_state = State()


def refresh_plugins() -> None:
    """Forget all plugins; the next question looks for them again (for tests, and after installing one in a running process)."""
    global _state
    with _lock:
        importlib.invalidate_caches()
        load_object.cache_clear()
        _state = State()


def plugin_set() -> PluginSet:
    """Return all plugins; the first call loads them."""
    return loaded().plugins


def declarations(hook: str) -> list[Any]:
    """Return what all plugins yield for a hook without arguments, such as `"lamindb_data_formats"`."""
    return list(cached(hook, lambda: loaded().plugins.ask(hook)))


def conflicts() -> list[PluginConflictError]:
    """Return an error for everything that several plugins claim; none of them is raised before someone asks for that very thing."""
    tables: list[Claims[Any]] = [
        module_claims(), protocol_claims(), suffix_claims(), otype_claims(), class_claims(), curator_claims(), command_claims(),
        integration_claims(),
    ]  # fmt: skip
    return [error for table in tables for error in table.conflicts()]


def loaded() -> State:
    """Return the state with all plugins loaded that can be loaded now."""
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


def _forget(state: State) -> None:
    state.cache.clear()
    state.formats_of_classes.clear()


def cached(key: Any, make: Callable[[], T]) -> T:
    """Return what `make` returned the first time since plugins were last added."""
    state = loaded()
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
    return cached((hook, what), lambda: Claims(what, declarations(hook), keys_of))


def suffix_claims() -> Claims[DataFormat]:
    return _claims("lamindb_data_formats", "the suffix", lambda found: found.suffixes)


def otype_claims() -> Claims[DataFormat]:
    return _claims("lamindb_data_formats", "the object type", lambda found: (found.otype,) if found.otype else ())


def class_claims() -> Claims[DataFormat]:
    return _claims("lamindb_data_formats", "the class", lambda found: found.classes)


def protocol_claims() -> Claims[StorageBackend]:
    return _claims("lamindb_storage_backends", "the protocol", lambda found: found.protocols)


def module_claims() -> Claims[SchemaModule]:
    return _claims("lamindb_schema_modules", "the module name", lambda found: (found.name,))


def curator_claims() -> Claims[CuratorSpec]:
    return _claims("lamindb_curators", "the curator of the object type", lambda found: (found.otype,))


def command_claims() -> Claims[Command]:
    return _claims("lamindb_commands", "the command", lambda found: (found.name,))


def integration_claims() -> Claims[Integration]:
    return _claims("lamindb_integrations", "the integration", lambda found: (found.name,))


def shared_suffixes() -> dict[str, list[DataFormat]]:
    def make() -> dict[str, list[DataFormat]]:
        shared: dict[str, list[DataFormat]] = {}
        for found in declarations("lamindb_data_formats"):
            for suffix in found.shared_suffixes:
                shared.setdefault(suffix, []).append(found)
        return shared

    return cached("shared suffixes", make)
