"""Finds plugins, imports and registers them, and runs their hooks one plugin at a time, so that a broken one never stops the rest."""

from __future__ import annotations

import difflib
import inspect
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.metadata import EntryPoint, PathDistribution, distributions
from pathlib import Path
from typing import Any, Final

import pluggy

from lamindb.base.logging import logger
from lamindb.plugins import hookspecs, types
from lamindb.plugins.hookspecs import EVENTS, PROJECT

#: Environment variable: comma list of entry-point names or dotted modules to load instead of all; empty for the core's
#: defaults only.
LOAD_PLUGINS: Final = "LAMIN_LOAD_PLUGINS"
#: The core's own plugins: they use the same hooks as everybody.
DEFAULT_PLUGINS: Final = ("default_storage", "default_formats", "default_demo")
#: hook -> the only type it may yield
DECLARATION_HOOKS: Final[dict[str, type[types.Declaration]]] = {
    "lamindb_schema_modules": types.SchemaModule,
    "lamindb_reference_sources": types.ReferenceSource,
    "lamindb_storage_backends": types.StorageBackend,
    "lamindb_data_formats": types.DataFormat,
    "lamindb_curators": types.CuratorSpec,
    "lamindb_commands": types.Command,
    "lamindb_integrations": types.Integration,
    "lamindb_demo_parts": types.DemoPart,
}


@dataclass
class Plugin:
    """One plugin: where it comes from, and what went wrong with it so far."""

    name: str
    #: Dotted module, and after a colon the object in it if the plugin isn't the module itself.
    target: str
    distribution: str | None = None
    version: str | None = None
    is_default: bool = False
    #: Hooks that it implements.
    hooks: tuple[str, ...] = ()
    errors: list[str] = field(default_factory=list)

    @property
    def mend(self) -> str:
        """What to do when it is broken."""
        if self.distribution is None:
            return f"correct the module {self.target!r}, or take it out of {LOAD_PLUGINS}"
        return f"pip install --upgrade {self.distribution}, or pip uninstall {self.distribution}"

    def report(self, problem: str) -> None:
        """Keep a problem, and log it the first time."""
        if problem in self.errors:
            return
        self.errors.append(problem)
        source = f" ({self.distribution} {self.version})" if self.distribution else ""
        logger.warning(
            f"plugin {self.name!r}{source}: {problem}; everything else goes on working. To mend it: {self.mend}"
        )


class _Manager(pluggy.PluginManager):
    """Looks at functions that are really there: packages with lazy names must not be loaded by being looked at."""

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> Any:
        if inspect.ismodule(plugin) and name not in vars(plugin):
            return None
        return super().parse_hookimpl_opts(plugin, name)


def _installed_entry_points() -> list[EntryPoint]:
    """Return the entry points of our group.

    `importlib.metadata.entry_points` reads and parses those of every installed distribution; here only files that name the group are parsed.
    """
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except NotADirectoryError:  # an archive
            names = []
            found += [point for one in distributions(path=[folder]) for point in one.entry_points.select(group=PROJECT)]
        except OSError:
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info")):
                continue
            distribution = name.rpartition(".")[0].partition("-")[0].lower()
            if distribution in seen:  # the first on the path is the one that is imported
                continue
            seen.add(distribution)
            path = Path(folder or ".") / name
            try:
                text = (path / "entry_points.txt").read_bytes()
            except OSError:
                continue
            if f"[{PROJECT}]".encode() in text.replace(b" ", b""):
                found += PathDistribution(path).entry_points.select(group=PROJECT)
    return found


class PluginSet:
    """All plugins of this process. Made empty; `load()` fills it, and can be called again at any time."""

    def __init__(self) -> None:
        self.plugins: dict[str, Plugin] = {}
        self._manager = _Manager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._pending: list[Plugin] | None = None  # None: not discovered yet

    def load(self) -> bool:
        """Import and register what is not registered yet.

        A plugin that is just being imported (its module asks for something of lamindb at its top) is left for the next call.

        Returns:
            Whether plugins were added.
        """
        if self._pending is None:
            self._pending = []
            found = self._discover()
            self.plugins = {plugin.name: plugin for plugin in found}
            self._pending = [plugin for plugin in found if not plugin.errors]
        ready = [plugin for plugin in self._pending if not _is_being_imported(plugin.target)]
        if not ready:
            return False
        waiting = [plugin for plugin in self._pending if plugin not in ready]
        for plugin in ready:
            self._register(plugin)
        self._pending = waiting  # only now: until then, others must not take the plugins for complete
        return True

    @property
    def is_complete(self) -> bool:
        """Whether no plugin waits for its import to end."""
        return self._pending is not None and not self._pending

    def ask(self, hook: str, **arguments: Any) -> list[Any]:
        """Return the declarations that plugins yield, each with the name of its plugin."""
        return [
            declaration
            for plugin, function in self._implementations(hook)
            for declaration in _collect(plugin, hook, function, arguments)
        ]

    def call_event(self, hook: str, **arguments: Any) -> None:
        """Tell all plugins about an event; what they raise is logged."""
        for plugin, function in self._implementations(hook):
            try:
                function(arguments)
            except (Exception, SystemExit) as error:
                logger.warning(f"plugin {plugin.name!r} failed in {hook}: {type(error).__name__}: {error}")
                logger.debug("the plugin's traceback:", exc_info=True)

    def _implementations(self, hook: str) -> Iterator[tuple[Plugin, Any]]:
        found = getattr(self._manager.hook, hook).get_hookimpls()
        for implementation in sorted(found, key=lambda one: (not one.tryfirst, one.trylast)):  # else as loaded
            plugin = self.plugins[implementation.plugin_name]
            if implementation.hookwrapper or getattr(implementation, "wrapper", False):
                plugin.report(f"{hook} is marked as a wrapper, which hooks of lamindb can't be: use a plain @hookimpl")
                continue
            names, function = implementation.argnames, implementation.function
            yield (
                plugin,
                lambda arguments, names=names, function=function: function(**{name: arguments[name] for name in names}),
            )

    def _discover(self) -> list[Plugin]:
        defaults = [
            Plugin(name, f"lamindb.plugins.{name}", "lamindb-core", _core_version(), is_default=True)
            for name in DEFAULT_PLUGINS
        ]
        wanted = os.environ.get(LOAD_PLUGINS)
        if wanted is not None and not wanted.strip():
            return defaults
        installed = sorted(_installed_entry_points(), key=lambda point: point.name)
        if wanted is None:
            return [*defaults, *_unique(_of_entry_point(point) for point in installed)]
        names = list(dict.fromkeys(name.strip() for name in wanted.split(",") if name.strip()))
        return [*defaults, *_unique(plugin for name in names for plugin in _of_name(name, installed))]

    def _register(self, plugin: Plugin) -> None:
        try:
            module_name, _, attribute = plugin.target.partition(":")
            found = import_module(module_name)
            for name in attribute.split(".") if attribute else ():
                found = getattr(found, name)
        except (Exception, SystemExit) as error:
            plugin.report(_import_problem(error))
            return
        try:
            if self._manager.register(found, plugin.name) is None:
                plugin.report(f"{plugin.target} is None, not a module with hooks")
                return
        except pluggy.PluginValidationError as error:
            plugin.report(f"a hook takes arguments that it doesn't get: {_one_line(error)}")
            return
        except ValueError:  # the same module under two entry points
            twin = self._manager.get_name(found)
            plugin.report(f"{plugin.target} is already loaded as the plugin {twin!r}: declare one entry point only")
            return
        callers = self._manager.get_hookcallers(found) or []
        for unknown in [caller.name for caller in callers if not caller.has_spec()]:
            plugin.report(f"there is no hook {unknown!r}{_near(unknown)}")
        plugin.hooks = tuple(sorted(caller.name for caller in callers if caller.has_spec()))
        if not callers:
            plugin.report(f"{plugin.target} has no function marked with @hookimpl, so it contributes nothing")


def _collect(plugin: Plugin, hook: str, function: Any, arguments: dict[str, Any]) -> list[Any]:
    expected = DECLARATION_HOOKS[hook]
    try:
        result = function(arguments)
        items = list(result) if isinstance(result, Iterable) else [] if result is None else [result]
    except (Exception, SystemExit) as error:
        plugin.report(f"{hook} raised {type(error).__name__}: {_one_line(error)}; none of what it yields is used")
        return []
    declarations = []
    for item in items:
        if isinstance(item, expected):
            declarations.append(replace(item, plugin=plugin.name))
        else:
            plugin.report(
                f"{hook} yields {item!r}, a {type(item).__name__}, but has to yield {expected.__name__} of lamindb.plugins.types"
            )
    return declarations


def _of_entry_point(point: EntryPoint) -> Plugin:
    distribution = point.dist
    return Plugin(
        point.name,
        point.value.partition("[")[0].strip(),
        distribution.name if distribution else None,
        distribution.version if distribution else None,
    )


def _of_name(name: str, installed: Iterable[EntryPoint]) -> list[Plugin]:
    points = [point for point in installed if point.name == name]
    if points:
        return [_of_entry_point(point) for point in points]
    return [Plugin(name, name)]


def _unique(plugins: Iterable[Plugin]) -> Iterator[Plugin]:
    """Give a second plugin of the same name its distribution's name, too."""
    seen = set(DEFAULT_PLUGINS)
    for plugin in plugins:
        if plugin.name in seen:
            plugin.name = f"{plugin.name} of {plugin.distribution or plugin.target}"
        if plugin.name not in seen:
            seen.add(plugin.name)
            yield plugin


def _is_being_imported(target: str) -> bool:
    """Tell whether the module, or a package around it, is in the middle of its import."""
    parts = target.partition(":")[0].split(".")
    if parts[0] == "lamindb":
        return False  # the defaults; their package may well be in its import
    for end in range(1, len(parts) + 1):
        spec = getattr(sys.modules.get(".".join(parts[:end])), "__spec__", None)
        if getattr(spec, "_initializing", False):
            return True
    return False


def _import_problem(error: BaseException) -> str:
    text = f"can't be imported ({type(error).__name__}: {_one_line(error)})"
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("lamindb."):
        return f"{text}; if {error.name.partition('.')[0]!r} is a library that it needs: pip install {error.name.partition('.')[0]}"
    return text


def _near(hook: str) -> str:
    near = difflib.get_close_matches(hook, [*DECLARATION_HOOKS, *EVENTS], n=1)
    return f". Did you mean {near[0]!r}?" if near else f", only {', '.join([*DECLARATION_HOOKS, *EVENTS])}"


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _core_version() -> str:
    import lamindb

    return lamindb.__version__
