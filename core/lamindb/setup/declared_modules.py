"""What plugins declare about schema modules: which package holds the registries, which other modules it needs, what it starts with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lamindb.base.logging import logger
from lamindb.setup.modules import ModuleNames, canonical_name, is_installed, is_same_module, missing_modules, package_of

if TYPE_CHECKING:
    from lamindb.plugins.types import SchemaModule
    from lamindb.setup.instance import InstanceSettings
    from lamindb.setup.raw_database import RawDatabase


def declaration_of(module: str) -> SchemaModule | None:
    """Return what a plugin declares about a module, whatever its spelling; `None` for a plain Django app. Loads the plugins.

    Raises:
        PluginConflictError: if two plugins claim the name.
    """
    from lamindb.plugins import manager

    found = manager.schema_module(module)
    if found is not None:
        return found
    names = {canonical_name(module), f"lnschema_{canonical_name(module)}"}
    return next((known for known in manager.schema_modules() if names & {canonical_name(known.name), known.app}), None)


def with_required(modules: Iterable[str]) -> ModuleNames:
    """Return modules together with those that they require, each before the first one that requires it.

    Raises:
        ImportError: if a required module is not installed; the message says what requires it.
    """
    ordered: list[str] = []

    def add(module: str, path: tuple[str, ...]) -> None:
        if any(is_same_module(module, known) for known in (*ordered, *path)):
            return
        if path and missing_modules([module]):
            raise ImportError(
                f"schema module {module!r} is not installed, and {path[-1]!r} requires it -> resolve via `pip install {module.replace('_', '-')}`"
            )
        declared = declaration_of(module)
        for required in declared.requires if declared is not None else ():
            add(required, (*path, module))
        ordered.append(module)

    for module in modules:
        add(module, ())
    return ModuleNames(ordered)


def mountable_packages(modules: Iterable[str]) -> list[str]:
    """Return the packages whose registries can be loaded: installed, and so is everything that they require."""
    mountable: list[str] = []
    for module in modules:
        if not is_installed(package_of(module)):
            continue
        try:
            packages = [package_of(name) for name in with_required([module])]
        except ImportError as error:
            logger.warning(f"the registries of {module} are left out: {error}")
            continue
        mountable += [package for package in packages if package not in mountable]
    return mountable


def unmet_requirements(modules: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each module that is required by another one, but not part of the instance."""
    modules = list(modules)
    for module in modules:
        declared = declaration_of(module)
        for required in declared.requires if declared is not None else ():
            if not any(is_same_module(required, known) for known in modules):
                yield f"{module} requires {required}, which the instance lacks; add it in a new process: ln.setup.add_modules({required!r})"


def in_listing_order(app_labels: Iterable[str]) -> list[str]:
    """Return labels of modules in the order in which people see them: by the position that they declare, then by name."""
    from lamindb.plugins import manager

    positions = {module.app_label: module.position for module in manager.schema_modules()}
    return sorted(app_labels, key=lambda label: (positions.get(label, 100), label))


def insert_first_rows(modules: Iterable[str], database: RawDatabase, user_id: int) -> None:
    """Let modules write the rows that they start with, with plain SQL in the caller's transaction."""
    for module in modules:
        declared = declaration_of(module)
        if declared is not None and declared.first_rows is not None:
            declared.resolve("first_rows")(database, user_id)


def seed_records(modules: Iterable[str], instance: InstanceSettings) -> None:
    """Let modules whose tables were just created insert the records that they start with, in the order of the modules.

    Raises:
        RuntimeError: if a module fails; nothing of its records is kept.
    """
    for module in modules:
        declared = declaration_of(module)
        if declared is None or declared.on_init is None:
            continue
        from django.db import transaction

        from lamindb.setup._django import setup_django

        setup_django()
        try:
            with transaction.atomic():
                declared.resolve("on_init")(instance)
        except Exception as error:
            raise RuntimeError(
                f"The schema module {module!r} of the plugin {declared.plugin!r} could not create the records that it starts with "
                f"(on_init={declared.on_init!r}): {type(error).__name__}: {error}"
            ) from error
