"""Where feature values of a host (Artifact, Run, Record) lie: its link tables with a feature, found from the tables' own declarations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models

_NOT_VALUES = ("feature", "created_by")
_RUN = "run"


@dataclass(frozen=True)
class FeatureLink:
    """A link table of a host.

    Attributes:
        model: the link model.
        host: name of its foreign key to the host.
        value: path to the value: a foreign key for labels, a JSON field for plain values.
        feature: path to the feature.
        labels: registry of the labels; `None` for plain values.
    """

    model: Any
    host: str
    value: str
    feature: str
    labels: Any

    @property
    def is_json(self) -> bool:
        return self.labels is None


@cache
def feature_links(registry: Any) -> tuple[FeatureLink, ...]:
    """Return the link tables that hold feature values of records of `registry`.

    Example:
        >>> [link.model.__name__ for link in feature_links(ln.Run)]
        ['RunJsonValue', 'RunRecord', 'RunArtifact']
    """
    found = []
    for relation in registry._meta.get_fields(include_hidden=True):
        model = relation.related_model if relation.auto_created and not relation.concrete else None
        if model is None or not getattr(model, "_is_link", False) or not relation.one_to_many:
            continue
        link = _link(model, relation.field)
        if link is not None:
            found.append(link)
    return tuple(found)


def _link(model: Any, host: Any) -> FeatureLink | None:
    keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    owners = [key for key in keys if key.remote_field.on_delete is models.CASCADE]
    if not owners or owners[0].name != host.name:  # the annotated side cascades; of two such sides, the first
        return None
    names = {field.name: field for field in model._meta.concrete_fields}
    if "jsonvalue" in names:
        return FeatureLink(model, host.name, "jsonvalue__value", "jsonvalue__feature", None)
    if "feature" not in names or names["feature"].name == host.name:
        return None
    values = [key for key in keys if key.name not in _NOT_VALUES and key.name != host.name]
    if len(values) > 1:  # the run that created the link is no value
        values = [key for key in values if key.name != _RUN]
    if values:
        return FeatureLink(model, host.name, values[0].name, "feature", values[0].related_model)
    if isinstance(names.get("value"), models.JSONField):
        return FeatureLink(model, host.name, "value", "feature", None)
    return None
