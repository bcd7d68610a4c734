"""What `lamin plugins` prints: each plugin, where it comes from, what it contributes, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from lamindb.plugins import manager
from lamindb.plugins.hookspecs import EVENTS
from lamindb.plugins.loading import DECLARATION_HOOKS
from lamindb.plugins.types import DataFormat, Declaration


@dataclass(frozen=True)
class PluginInfo:
    """One plugin as `lamin plugins` lists it."""

    #: Name of its entry point, or the dotted module of `LAMIN_LOAD_PLUGINS`.
    name: str
    #: Distribution that brings it, if it is installed as one, and its version.
    distribution: str | None
    version: str | None
    #: Whether it belongs to the core.
    is_default: bool
    #: Kind of contribution -> what, such as `{"data formats": ("AnnData: .h5ad, .h5ad.gz",)}`.
    contributes: dict[str, tuple[str, ...]]
    #: What went wrong; the rest of the plugin works.
    errors: tuple[str, ...]
    #: What it and another plugin claim.
    conflicts: tuple[str, ...]
    #: What to do about the errors, `None` if there are none.
    mend: str | None


def describe_plugins() -> list[PluginInfo]:
    """Return all plugins: those of the core first, then by name.

    Example:
        >>> [plugin.name for plugin in describe_plugins() if plugin.is_default]
        ['default_storage', 'default_formats', 'default_demo']
    """
    plugins = manager.plugin_set()
    contributions: dict[str, dict[str, list[str]]] = {name: {} for name in plugins.plugins}
    for hook in DECLARATION_HOOKS:
        if hook == "lamindb_reference_sources":
            continue  # these are asked per registry
        for declaration in manager.declarations(hook):
            contributions[declaration.plugin].setdefault(_kind(hook), []).append(_summary(declaration))
    conflicts = manager.conflicts()
    infos = []
    for plugin in plugins.plugins.values():
        found = {kind: tuple(what) for kind, what in contributions[plugin.name].items()}
        if "lamindb_reference_sources" in plugin.hooks:
            found["reference sources"] = ("asked per registry",)
        if events := tuple(_kind(hook) for hook in plugin.hooks if hook in EVENTS):
            found["events"] = events
        disputed = tuple(str(error) for error in conflicts if plugin.name in error.plugins)
        errors = tuple(plugin.errors)
        infos.append(
            PluginInfo(
                plugin.name,
                plugin.distribution,
                plugin.version,
                plugin.is_default,
                found,
                errors,
                disputed,
                plugin.mend if errors else None,
            )
        )
    return infos


def _kind(hook: str) -> str:
    return hook.removeprefix("lamindb_").replace("_", " ")


def _summary(declaration: Declaration) -> str:
    if isinstance(declaration, DataFormat) and declaration.otype:
        suffixes = ", ".join((*declaration.suffixes, *declaration.shared_suffixes))
        return f"{declaration.otype}: {suffixes}" if suffixes else declaration.otype
    return declaration.label
