"""Links between registries of modules and those of the core: `linked_to` writes the link tables, `check_links` finds what hand-written ones lack."""

from __future__ import annotations

import difflib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.apps import apps
from django.core import checks
from django.db import models

from lamindb.base.fields import BigAutoField, ForeignKey
from lamindb.base.logging import logger
from lamindb.base.registries import qualified_name
from lamindb.models.link_bases import TracksCreation, unique_link
from lamindb.models.sqlrecord import BaseSQLRecord, IsLink
from lamindb.models.tracks import TracksRun

T = TypeVar("T", bound=type)


@dataclass(frozen=True)
class _Host:
    """How records of a module are linked to a registry of the core."""

    #: field on the registry of the module
    field: str
    #: name of the key to the linked record; `None`: the name of its class in lower case
    value: str | None = None
    #: beginning of the accessor of the link table on the host
    links: str = "links"
    has_feature: bool = True
    tracks: type | None = TracksRun


HOSTS: Final = {
    "Artifact": _Host("artifacts"),
    "Record": _Host("records", value="value", links="values"),
    "Schema": _Host("schemas", has_feature=False, tracks=None),
    "Collection": _Host("collections"),
    "Run": _Host("runs", tracks=TracksCreation),  # its `run` is the host
}
_DEFAULT_HOSTS: Final = ("Artifact", "Record", "Schema")


def linked_to(*hosts: str | type, plural: str | None = None) -> Callable[[T], T]:
    """Link a registry of a module to registries of the core: a class decorator that writes the link tables and many-to-many fields.

    With the link to `Artifact`, records label artifacts and are values of their features; with `Record`, they are values of features of
    records; with `Schema`, they are members of schemas. The link classes are called `ArtifactDonor`, `RecordDonor`, ... and can be imported
    from the module of the registry.

    Args:
        *hosts: any of Artifact, Record, Schema, Collection and Run, as classes or names; without, the first three.
        plural: what the linked records are called on the host (`artifact.donors`); default: the class name in snake case with an s.

    Raises:
        TypeError: if it is used without parentheses, or on a class that is no concrete registry.
        ValueError: for another host, or an unusable `plural`.

    Example:
        >>> @linked_to("Artifact", "Record")  # doctest: +SKIP
        ... class Mouse(SQLRecord, CanCurate): ...
    """
    names = [_host_name(host) for host in hosts or _DEFAULT_HOSTS]
    if plural is not None and not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", plural):
        raise ValueError(f"plural={plural!r} can't be used: write it in snake case, such as 'cell_types'")
    _check_accessor(plural)

    def decorate(registry: T) -> T:
        if not isinstance(registry, models.base.ModelBase) or registry._meta.abstract:
            raise TypeError(f"linked_to() is for registries with a table, and {registry!r} is none")
        for name in names:
            _link(registry, name, plural or _plural(_snake(registry.__name__)))
        return registry

    return decorate


def _host_name(host: Any) -> str:
    name = host if isinstance(host, str) else getattr(host, "__name__", str(host))
    if isinstance(host, models.base.ModelBase) and host._meta.app_label != "lamindb":
        raise TypeError("linked_to() takes the registries of the core to link to: write @linked_to() above the class")
    if name not in HOSTS:
        near = difflib.get_close_matches(name, HOSTS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise ValueError(f"{name!r} can't be linked to, only {', '.join(HOSTS)}.{hint}")
    return name


def _link(registry: Any, name: str, plural: str) -> None:
    host, label, module = HOSTS[name], registry._meta.app_label, registry.__module__
    class_name = f"{name}{registry.__name__}"
    host_key, value_key = name.lower(), host.value or registry.__name__.lower()
    annotated = [host_key, value_key]
    attributes: dict[str, Any] = {
        "__module__": module,
        "__qualname__": class_name,
        "__doc__": f"Links of {registry.__name__} to {name}; written by `linked_to`.",
        "id": BigAutoField(primary_key=True),
        host_key: ForeignKey(
            f"lamindb.{name}", models.CASCADE, related_name=f"{host.links}_{_snake(registry.__name__)}"
        ),
        value_key: ForeignKey(registry, models.PROTECT, related_name=f"links_{host_key}"),
    }
    if host.has_feature:
        attributes["feature"] = ForeignKey(
            "lamindb.Feature", models.PROTECT, null=True, default=None, related_name=f"links_{class_name.lower()}"
        )
    constraints = unique_link(
        f"{label}_{class_name.lower()}", *annotated, nullable="feature" if host.has_feature else None
    )
    prefix = registry._meta.db_table.removesuffix(registry.__name__.lower())  # links lie beside the registry's table
    meta = {"app_label": label, "constraints": constraints, "db_table": f"{prefix}{class_name.lower()}"}
    attributes["Meta"] = type("Meta", (), meta)
    bases = (BaseSQLRecord, IsLink, *((host.tracks,) if host.tracks else ()))
    link = type(BaseSQLRecord)(class_name, bases, attributes)
    setattr(sys.modules[module], class_name, link)
    field = models.ManyToManyField(f"lamindb.{name}", through=link, related_name=plural)
    registry.add_to_class(host.field, field)


# what hand-written links lack --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LinkProblem:
    """Something about a link that keeps the core from using it."""

    model: Any
    text: str


def check_links(labels: Iterable[str] | None = None) -> list[LinkProblem]:
    """Return what is wrong with the links of modules.

    Args:
        labels: labels of the modules; default: all that are loaded.

    Example:
        >>> [problem.text for problem in check_links()]
        []
    """
    wanted = {config.label for config in apps.get_app_configs()} - {"lamindb"} if labels is None else set(labels)
    problems: list[LinkProblem] = []
    for model in apps.get_models():
        if model._meta.app_label not in wanted:
            continue
        if getattr(model, "_is_link", False):
            problems += _problems_of_link(model)
        elif hasattr(model, "_is_registry"):
            for field in model._meta.local_many_to_many:
                problems += _problems_of_field(model, field)
    return problems + list(_clashes(wanted))


def report_problems() -> None:
    """Log what is wrong with the links of the loaded modules, and make `ln.setup.django("check")` tell it, too."""
    checks.register(_django_check, checks.Tags.models)
    for problem in check_links():
        logger.warning(problem.text)


def _django_check(app_configs: Any = None, **kwargs: Any) -> list[checks.Warning]:
    labels = None if app_configs is None else [config.label for config in app_configs]
    return [checks.Warning(problem.text, obj=problem.model, id="lamindb.W001") for problem in check_links(labels)]


def _problems_of_field(registry: Any, field: Any) -> Iterator[LinkProblem]:
    host = _core_host(field.related_model)
    if host is None:
        return
    name = f"{qualified_name(registry)}.{field.name}"
    link = field.remote_field.through
    accessor = field.remote_field.get_accessor_name()
    if link._meta.auto_created:
        if accessor is not None and accessor.startswith("_"):
            return  # a private relation, which is no label
        yield LinkProblem(
            registry,
            f"{name} has no link table of its own, so {host} can't use it: write @lamindb.models.linked_to({host!r}) above "
            f"{registry.__name__} instead of the field, or add through='{host}{registry.__name__}'",
        )
        return
    if not getattr(link, "_is_link", False):
        yield LinkProblem(link, f"{qualified_name(link)} has to inherit lamindb.models.IsLink, because it links {name}")
        yield from _problems_of_link(link)
    if field.remote_field.hidden or accessor is None or _is_reserved(accessor):
        wanted = _plural(_snake(registry.__name__))
        yield LinkProblem(
            registry,
            f"{name} has the related_name {field.remote_field.related_name!r}, under which {host} can't find it: "
            f"use a plural such as {wanted!r} that doesn't begin with '_', 'links_' or 'linked_in_'",
        )


def _problems_of_link(link: Any) -> Iterator[LinkProblem]:
    keys = [field for field in link._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    own = [
        key for key in keys if _core_host(key.related_model) is None and key.related_model._meta.app_label != "lamindb"
    ]
    candidates = [
        key for key in keys if _core_host(key.related_model) and (key.name != "run" or link.__name__.startswith("Run"))
    ]
    if len(own) != 1 or not candidates:
        return  # links registries of modules with each other
    host = next((key for key in candidates if key.remote_field.on_delete is models.CASCADE), candidates[0])
    value, called, host_name = own[0], qualified_name(link), host.related_model.__name__
    if host.remote_field.on_delete is not models.CASCADE:
        yield LinkProblem(
            link, f"{called}.{host.name} has to be declared with on_delete=CASCADE: the link goes with its {host_name}"
        )
    if value.remote_field.on_delete is not models.PROTECT:
        yield LinkProblem(
            link,
            f"{called}.{value.name} has to be declared with on_delete=PROTECT: a {value.related_model.__name__} in use must not vanish",
        )
    feature = next((key for key in keys if key.name == "feature"), None)
    if host_name == "Record" and feature is None:
        yield LinkProblem(
            link,
            f"{called} has no foreign key 'feature' to lamindb.Feature, so {qualified_name(value.related_model)} can't be a value of records",
        )
    if feature is not None and host_name != "Record" and not feature.null:
        yield LinkProblem(
            link, f"{called}.feature has to be declared with null=True, default=None: labels have no feature"
        )


def _clashes(labels: set[str]) -> Iterator[LinkProblem]:
    """Yield accessors on the core's registries that two modules claim."""
    for name in HOSTS:
        host = apps.get_model("lamindb", name)
        relations = [relation for relation in host._meta.related_objects if not relation.hidden]
        counted = Counter(relation.get_accessor_name() for relation in relations)
        for relation in relations:
            accessor = relation.get_accessor_name()
            if counted[accessor] > 1 and relation.related_model._meta.app_label in labels:
                others = [
                    qualified_name(other.related_model)
                    for other in relations
                    if other.get_accessor_name() == accessor and other is not relation
                ]
                yield LinkProblem(
                    relation.related_model,
                    f"{name}.{accessor} is claimed by {qualified_name(relation.related_model)} and {', '.join(others)}: rename one class or its related_name",
                )


def _core_host(model: Any) -> str | None:
    meta = getattr(model, "_meta", None)
    return model.__name__ if meta is not None and meta.app_label == "lamindb" and model.__name__ in HOSTS else None


def _is_reserved(accessor: str) -> bool:
    return accessor.startswith(("_", "links_", "linked_in_"))


def _check_accessor(plural: str | None) -> None:
    if plural is not None and _is_reserved(plural):
        raise ValueError(f"plural={plural!r} can't be used: '_', 'links_' and 'linked_in_' are beginnings for links")


def _snake(name: str) -> str:
    """Return the snake case of a class name: `CellType` is `cell_type`, `RNASample` is `rna_sample`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _plural(name: str) -> str:
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if re.search(r"(s|x|z|ch|sh)$", name) else f"{name}s"
