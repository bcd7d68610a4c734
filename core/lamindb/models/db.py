"""Query-only access to other instances: `ln.DB("owner/name")`, `Registry.connect(...)`, and `save(using=...)`."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

from lamindb.base.registries import all_registries, qualified_name
from lamindb.setup.databases import DEFAULT, OpenDatabase, app_labels, has_registry, open_database

_CORE = "lamindb"


class DB:
    """A handle to query another instance; the connected instance stays the same.

    Args:
        instance: `owner/name`, `name` of an own instance, a folder with an instance, or a database URL.

    Raises:
        InstanceNotFoundError: if there is no such instance, or its database can't be opened.

    Example:
        >>> db = ln.DB("laminlabs/cellxgene")  # doctest: +SKIP
        >>> db.Artifact.filter(suffix=".h5ad").to_dataframe()  # doctest: +SKIP
        >>> db.bionty.CellType.lookup()  # doctest: +SKIP
    """

    def __init__(self, instance: str | os.PathLike[str]) -> None:
        self._opened = open_database(instance)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        opened = self._opened
        registries = _registries(_CORE)
        if name in registries:
            value: Any = QueryOnlyRegistry(registries[name], opened.alias)
        else:
            value = self._module(name)
        self.__dict__[name] = value
        return value

    def _module(self, name: str) -> ModuleNamespace:
        opened = self._opened
        slug = opened.instance.slug
        if name in app_labels(opened) - {_CORE}:
            return namespace_class(name)(opened)
        known = _known_modules() | {module.replace("-", "_") for module in opened.instance.modules}
        if name in {module.replace("-", "_") for module in opened.missing}:
            raise AttributeError(
                f"Schema {name!r} is part of instance {slug!r}, but this process has not loaded it: install it, and add it to the "
                f"connected instance with lamin settings modules set"
            )
        if name in known:
            raise AttributeError(f"Schema {name!r} not available in instance {slug!r}.")
        where = ", ".join(f".{label}.{name}" for label in sorted(app_labels(opened) - {_CORE}))
        hint = f" For the registry of a module use {where}." if where else ""
        raise AttributeError(
            f"Registry {name!r} not found in lamindb core registries.{_near(name, _registries(_CORE))}{hint}"
        )

    def view(self, **kwargs: Any) -> None:
        """Print the latest records of each registry of the instance; takes the arguments of `ln.view`."""
        from lamindb.query.view import view

        view(using=self._opened.alias, **kwargs)

    def __dir__(self) -> list[str]:
        return sorted({*_registries(_CORE), *(app_labels(self._opened) - {_CORE}), "view"})

    def __repr__(self) -> str:
        return f"DB({self._opened.instance.slug!r})"


class QueryOnlyRegistry:
    """A registry of another database: offers what a query set offers, and refuses to make records."""

    def __init__(self, registry: Any, alias: str) -> None:
        self._registry = registry
        self._alias = alias

    def _query_set(self) -> Any:
        """Return what the registry shows by default: main, until a filter addresses other branches."""
        return query_set_on(self._registry, self._alias).filter()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        query_set = self._query_set()
        if hasattr(query_set, name):
            return getattr(query_set, name)
        if any(field.name == name for field in self._registry._meta.get_fields()):
            return getattr(self._registry, name)
        raise AttributeError(
            f"{self._registry.__name__} of another database has no {name!r}{_near(name, dir(type(query_set)))}. "
            "Use .filter(), .get(), .search(), .lookup() or .to_dataframe()"
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        name = self._registry.__name__
        raise TypeError(f"Cannot instantiate {name} from DB. Use {name}.filter(), {name}.get(), etc. to query records.")

    def __iter__(self) -> Iterator[Any]:
        return iter(self._query_set())

    def __len__(self) -> int:
        return int(self._query_set().count())

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        return self._query_set()[key]

    def __dir__(self) -> list[str]:
        fields = (field.name for field in self._registry._meta.concrete_fields if not field.name.startswith("_"))
        return sorted({*(name for name in dir(self._query_set()) if not name.startswith("_")), *fields})

    def __repr__(self) -> str:
        return f"<QuerySet [{self._registry.__name__}]>"


class ModuleNamespace:
    """The registries of one schema module on another database, such as `db.bionty`."""

    #: App label of the module; set by `namespace_class`.
    module: ClassVar[str] = ""

    def __init__(self, opened: OpenDatabase) -> None:
        self._opened = opened

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        registries = _registries(self.module)
        if name not in registries:
            core = f" The core has it: .{name}." if name in _registries(_CORE) else ""
            raise AttributeError(f"Registry {name!r} not found in {self.module}.{_near(name, registries)}{core}")
        value = self.__dict__[name] = QueryOnlyRegistry(registries[name], self._opened.alias)
        return value

    def __dir__(self) -> list[str]:
        return sorted(_registries(self.module))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._opened.instance.slug!r})"


@cache
def namespace_class(module: str) -> type[ModuleNamespace]:
    """Return the namespace class of a module, called `<Module>DB`.

    Example:
        >>> namespace_class("bionty").__name__
        'BiontyDB'
    """
    name = f"{module[:1].upper()}{module[1:]}DB"
    return type(name, (ModuleNamespace,), {"module": module, "__doc__": f"Registries of {module} on another database."})


def query_set_of(registry: Any, instance: str | os.PathLike[str] | None) -> Any:
    """Return a query set of a registry on an instance's database; it covers all branches until it is filtered.

    Args:
        registry: any registry.
        instance: as for `DB`; `None`, `"default"` and the connected instance mean the connected database.

    Raises:
        InstanceNotFoundError: if there is no such instance, or its database can't be opened.
        ModuleWasntConfigured: if the instance has no such registry.
    """
    opened = open_database(instance)
    if opened.alias != DEFAULT and not has_registry(opened, registry):
        from lamindb.setup.errors import ModuleWasntConfigured

        raise ModuleWasntConfigured(registry._meta.app_label, opened.instance.slug)
    return query_set_on(registry, opened.alias)


def query_set_on(registry: Any, alias: str) -> Any:
    """Return an unfiltered query set of a registry on an opened database."""
    from lamindb.query.query_set import QuerySet, query_set_class

    return query_set_class(QuerySet, registry)(model=registry, using=None if alias == DEFAULT else alias)


def save_to(record: Any, using: str | os.PathLike[str], **kwargs: Any) -> Any:
    """Write a record to another instance's database; what it refers to is found there by uid.

    Args:
        record: an unsaved record, or one that lives in that database.
        using: the instance, as for `DB`.

    Raises:
        ValueError: if the record lives elsewhere, or refers to something that the other database does not have.
    """
    from lamindb.models.save_elsewhere import save_elsewhere

    return save_elsewhere([record], using, **kwargs)[0]


@cache
def _registries(app_label: str) -> dict[str, Any]:
    """Return the registries of an app that people query, by class name."""
    return {
        registry.__name__: registry
        for registry in all_registries()
        if registry._meta.app_label == app_label and registry._meta.managed
    }


def _known_modules() -> frozenset[str]:
    """Names of the modules that this process has loaded, and of those that installed packages declare."""
    from django.apps import apps

    from lamindb.plugins.manager import schema_modules

    loaded = {config.label for config in apps.get_app_configs()}
    return frozenset(loaded | {module.app_label for module in schema_modules()}) - {_CORE}


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def home(record: Any) -> str:
    """Name the database that a record lives in, for messages.

    Example:
        >>> home(record)  # doctest: +SKIP
        'ULabel of laminlabs/cellxgene'
    """
    return f"{qualified_name(type(record))} of {record._state.db or 'no database yet'}"
