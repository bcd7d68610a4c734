"""Errors of the plugin system: a plugin that is absent, two that claim the same thing, a heavy part that can't be imported."""

from __future__ import annotations


class MissingPluginError(ImportError):
    """A suffix, protocol or object type needs a package that is not installed (or that is installed and fails to load).

    Attributes:
        package: distribution to install, such as `lamindb-anndata`.
        asked: what was asked for, such as `the suffix '.h5ad'`.
    """

    def __init__(self, message: str, *, package: str, asked: str) -> None:
        super().__init__(message)
        self.package = package
        self.asked = asked


class PluginConflictError(Exception):
    """Two plugins claim the same suffix, protocol, object type, module, command or integration name.

    Attributes:
        plugins: names of the plugins.
        asked: what they both claim, such as `the suffix '.abc'`.
    """

    def __init__(self, message: str, *, plugins: tuple[str, ...], asked: str) -> None:
        super().__init__(message)
        self.plugins = plugins
        self.asked = asked


class PluginImportError(ImportError):
    """A plugin names an object `package.module:attribute` that can't be imported."""
