"""The registries and everything that records do. A lazy façade: importing it sets up Django, names are loaded on first access."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_REGISTRIES = "lamindb.models._registries"
#: public name -> module that defines it (all other names come from the registries' own modules)
_NAMES = {
    "Registry": "lamindb.models.sqlrecord",
    "BaseSQLRecord": "lamindb.models.sqlrecord",
    "SQLRecord": "lamindb.models.sqlrecord",
    "IsLink": "lamindb.models.sqlrecord",
    "ValidateFields": "lamindb.models.sqlrecord",
    "IsVersioned": "lamindb.models.is_versioned",
    "HasType": "lamindb.models.has_type",
    "HasEmoji": "lamindb.models.has_emoji",
    "HasParents": "lamindb.models.has_parents",
    "CanCurate": "lamindb.models.can_curate",
    "HasSynonyms": "lamindb.models.can_curate",
    "HasAbbr": "lamindb.models.can_curate",
    "TracksRun": "lamindb.models.tracks",
    "TracksUpdates": "lamindb.models.tracks",
    "current_run": "lamindb.models.tracks",
    "InspectResult": "lamindb.models.can_curate",
    "SchemaOptionals": "lamindb.models.schema_optionals",
    "FeatureManager": "lamindb.annotation.feature_manager",
    "LabelManager": "lamindb.annotation.labels",
    "DB": "lamindb.models.db",
    "ArtifactSet": "lamindb.models.artifact_set",
    "LazyArtifact": "lamindb.models.lazy_artifact",
    "save": "lamindb.models.bulk",
    "BasicQuerySet": "lamindb.query.query_set",
    "QuerySet": "lamindb.query.query_set",
    "SQLRecordList": "lamindb.query.query_set",
    "QueryManager": "lamindb.query.manager",
    "RelatedManager": "lamindb.query.manager",
    "linked_to": "lamindb.models.module_links",
    "view": "lamindb.query.view",
    "format_field_value": "lamindb.display.values",
}
_ALIASES = {"FeatureValue": "JsonValue", "LinkORM": "IsLink", "Param": "Feature"}


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    name_there = _ALIASES.get(name, name)
    try:
        value = getattr(import_module(_NAMES.get(name_there, _REGISTRIES)), name_there)
    except AttributeError:
        raise AttributeError(f"module 'lamindb.models' has no attribute {name!r}") from None
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    registries = [name for name in vars(import_module(_REGISTRIES)) if name[0].isupper()]
    return sorted({*_NAMES, *_ALIASES, *registries})


from lamindb.setup._django import setup_django  # noqa: E402  (needs __getattr__ above: the module apps import from here)

setup_django()
