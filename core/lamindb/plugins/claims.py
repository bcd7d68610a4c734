"""Who claims what: tables from suffix, protocol, object type or name to the one declaration, or to an error that names both claimants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from lamindb.plugins.errors import PluginConflictError
from lamindb.plugins.types import Declaration

D = TypeVar("D", bound=Declaration)


class Claims(Generic[D]):
    """A table from keys to declarations.

    Args:
        what: what a key is, such as `"the suffix"`.
        declarations: everything that plugins yield of one kind.
        keys_of: the keys that a declaration claims.
    """

    def __init__(self, what: str, declarations: Iterable[D], keys_of: Callable[[D], Iterable[str]]) -> None:
        self.what = what
        self._claims: dict[str, list[D]] = {}
        for declaration in declarations:
            for key in dict.fromkeys(keys_of(declaration)):
                self._claims.setdefault(key, []).append(declaration)

    def get(self, key: str) -> D | None:
        """Return the declaration that claims a key, or `None`.

        Raises:
            PluginConflictError: if several do; the message names the plugins.
        """
        claims = self._claims.get(key)
        if not claims:
            return None
        if len(claims) > 1:
            raise self.conflict(key)
        return claims[0]

    def __contains__(self, key: str) -> bool:
        return key in self._claims

    def keys(self) -> list[str]:
        """Return all keys, in the order of the plugins."""
        return list(self._claims)

    def undisputed(self) -> dict[str, D]:
        """Return what exactly one declaration claims."""
        return {key: claims[0] for key, claims in self._claims.items() if len(claims) == 1}

    def conflicts(self) -> Iterator[PluginConflictError]:
        """Yield an error for every key that several declarations claim."""
        for key, claims in self._claims.items():
            if len(claims) > 1:
                yield self.conflict(key)

    def conflict(self, key: str) -> PluginConflictError:
        """Return the error for a key that several declarations claim."""
        return conflict_between(f"{self.what} {key!r}", self._claims[key])


def conflict_between(asked: str, claims: Iterable[Declaration]) -> PluginConflictError:
    """Return the error that says which plugins claim the same thing, and how to choose."""
    plugins = tuple(dict.fromkeys(claim.plugin for claim in claims))
    if len(plugins) == 1:
        return PluginConflictError(
            f"The plugin {plugins[0]!r} claims {asked} twice: it has to declare it once", plugins=plugins, asked=asked
        )
    names = " and ".join(repr(name) for name in plugins)
    return PluginConflictError(
        f"The plugins {names} both claim {asked}: uninstall one of them, or list the plugins to load in the environment "
        "variable LAMIN_LOAD_PLUGINS (`lamin plugins` shows where they come from)",
        plugins=plugins,
        asked=asked,
    )
