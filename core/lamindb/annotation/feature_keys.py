"""From the keys of `{"temperature": 21.5, feature: value}` to features: looked up by name, the topmost one where several share it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Value

from lamindb.base import context
from lamindb.base.dtype_inference import UNKNOWN, infer_dtype
from lamindb.base.registries import registry
from lamindb.errors import ValidationError
from lamindb.query.hierarchy import visible_branch_ids


@dataclass
class KeyedFeature:
    """A feature with what was passed for it.

    Attributes:
        feature: the feature, on the database of the host.
        value: what was passed.
        is_measured: whether it is measured within the dataset of the host.
    """

    feature: Any
    value: Any
    is_measured: bool = False


def resolve_keys(
    values: dict[Any, Any],
    using: str,
    *,
    field: str = "name",
    artifact: Any = None,
    members: Iterable[Any] | None = None,
) -> tuple[list[KeyedFeature], dict[str, Any]]:
    """Return the features for the keys of a dictionary.

    Args:
        values: names of features, or features, and what is to be stored.
        using: alias of the database.
        field: field that texts are values of.
        artifact: an artifact whose own (measured) features are marked.
        members: features of a schema; texts name these only.

    Returns:
        The features in the order of the keys, and what was passed for names that the schema lacks.

    Raises:
        TypeError: for keys that are neither.
        ValidationError: for unknown names, features that are not saved, or several values for one feature.
    """
    if not isinstance(values, dict):
        raise TypeError(f"feature values are passed as a dictionary {{feature: value}}, not as {type(values).__name__}")
    names = [key for key in values if isinstance(key, str)]
    passed = [key for key in values if not isinstance(key, str)]
    _check_keys(passed)
    foreign = [feature for feature in passed if feature._state.db not in (None, using)]
    here = {feature.uid: feature for feature in passed if feature._state.db in (None, using)}
    by_name: dict[str, Any] = {}
    measured: set[int] = set()
    if members is not None:
        by_name = {getattr(member, field): member for member in members}
    elif names or foreign or (artifact is not None and passed):
        candidates = _candidates(names, [*foreign, *(passed if artifact is not None else [])], using, field, artifact)
        measured = {feature.pk for feature in candidates if feature._is_measured}
        uids = {feature.uid for feature in foreign}
        here |= {feature.uid: feature for feature in candidates if feature.uid in uids}
        wanted = set(names)
        by_name = topmost([c for c in candidates if getattr(c, field) in wanted and not c.is_type], using, field)
    for feature in foreign:
        if feature.uid not in here and members is None:
            raise ValidationError(
                f"Feature '{feature.name}' (uid='{feature.uid}') is not in this instance: save it here first"
            )
    unknown = [name for name in names if name not in by_name]
    if unknown and members is None:
        by_name |= _by_path(unknown, using)
        unknown = [name for name in unknown if name not in by_name]
        if unknown:
            raise ValidationError(_unknown_names(unknown, values, using))
    if members is not None:
        here |= {member.uid: member for member in members}
    pairs = [
        (key, by_name[key] if isinstance(key, str) else here[key.uid], value)
        for key, value in values.items()
        if not (isinstance(key, str) and key not in by_name)
    ]
    keyed = [KeyedFeature(feature, value, feature.pk in measured) for _, feature, value in _without_repeats(pairs)]
    return keyed, {name: values[name] for name in unknown}


def topmost(candidates: list[Any], using: str, field: str = "name") -> dict[str, Any]:
    """Return one record per name: one without type before others, else the one with the shortest way to the root.

    Raises:
        ValidationError: if several are equally near.
    """
    by_name: dict[str, list[Any]] = {}
    for record in candidates:
        by_name.setdefault(getattr(record, field), []).append(record)
    chosen = {name: found[0] for name, found in by_name.items() if len(found) == 1}
    crowded = {name: found for name, found in by_name.items() if len(found) > 1}
    if not crowded:
        return chosen
    nested = {name: found for name, found in crowded.items() if all(one.type_id is not None for one in found)}
    depths = depths_of_types(type(candidates[0]), {one.type_id for found in nested.values() for one in found}, using)
    for name, found in crowded.items():
        kind = type(found[0]).__name__
        roots = [one for one in found if one.type_id is None]
        if len(roots) > 1:
            raise ValidationError(
                f"Ambiguous match for {kind} '{name}': found {len(roots)} root-level {kind.lower()}s "
                f"({_uids(roots)}). Pass the {kind.lower()} itself, e.g. ln.{kind}.get('{roots[0].uid}')"
            )
        if roots:
            chosen[name] = roots[0]
            continue
        nearest = min(depths[one.type_id].depth for one in found)
        near = [one for one in found if depths[one.type_id].depth == nearest]
        if len(near) > 1:
            types = [depths[one.type_id].name for one in near]
            raise ValidationError(
                f"Ambiguous match for {kind} '{name}': found {len(near)} {kind.lower()}s at depth {nearest} (under types: {types}). "
                f"Pass the {kind.lower()} itself, e.g. ln.{kind}.get('{near[0].uid}')"
            )
        chosen[name] = near[0]
    return chosen


@dataclass(frozen=True)
class TypePlace:
    """Where a type is in its hierarchy: its name, and the number of steps from the root to its members."""

    name: str | None
    depth: int


def depths_of_types(model: Any, type_ids: set[Any], using: str) -> dict[Any, TypePlace]:
    """Return the places of types: one statement per level."""
    rows: dict[Any, tuple[Any, Any]] = {}
    wanted = set(type_ids)
    while wanted:
        found = model.objects.using(using).filter(pk__in=wanted).values_list("pk", "name", "type_id")
        rows |= {pk: (name, parent) for pk, name, parent in found}
        wanted = {rows[pk][1] for pk in wanted if pk in rows and rows[pk][1] is not None} - set(rows)
    places = {}
    for type_id in type_ids:
        depth, at, seen = 0, type_id, set()
        while at is not None and at in rows and at not in seen:
            seen.add(at)
            depth, at = depth + 1, rows[at][1]
        places[type_id] = TypePlace(rows[type_id][0] if type_id in rows else None, depth)
    return places


def _check_keys(keys: list[Any]) -> None:
    feature_registry = registry("Feature")
    for key in keys:
        if not isinstance(key, feature_registry):
            raise TypeError(
                f"Feature-value dictionary keys must be `str` or `Feature`, got {type(key).__name__}: {key!r}"
            )
        if key._state.adding:
            raise ValidationError(f"Please save feature '{key.name}' before annotation.")


def _candidates(names: list[str], passed: list[Any], using: str, field: str, artifact: Any) -> list[Any]:
    from django.db.models import Q

    condition = Q(uid__in=[feature.uid for feature in passed]) if passed else Q(pk__in=[])
    if names:
        condition |= Q(**{f"{field}__in": names}, branch_id__in=visible_branch_ids(using))
    query = registry("Feature").objects.using(using).filter(condition)
    if artifact is None:
        return list(query.annotate(_is_measured=Value(False)).order_by("id"))
    links = registry("ArtifactSchema").objects.using(using).filter(artifact_id=artifact.pk).exclude(slot="__external__")
    measured = Exists(links.filter(schema__links_feature__feature_id=OuterRef("pk")))
    return list(query.annotate(_is_measured=measured).order_by("id"))


def _by_path(names: list[str], using: str) -> dict[str, Any]:
    """Return features that are named with the types above them, as in `"Assay/Imaging/exposure"`."""
    paths = {name: name.split("/") for name in names if "/" in name.strip("/")}
    found = {}
    for name, parts in paths.items():
        lookup, path = {"name": parts[-1]}, ""
        for part in reversed(parts[:-1]):
            path += "type__"
            lookup[f"{path}name"] = part
        query = registry("Feature").objects.using(using).filter(branch_id__in=visible_branch_ids(using), **lookup)
        matches = list(query[:2])
        if len(matches) == 1:
            matches[0]._is_measured = False
            found[name] = matches[0]
    return found


def _without_repeats(pairs: list[tuple[Any, Any, Any]]) -> list[tuple[Any, Any, Any]]:
    """Leave out keys that mean a feature that was passed with the same value already."""
    kept: dict[int, tuple[Any, Any, Any]] = {}
    for key, feature, value in pairs:
        if feature.pk not in kept:
            kept[feature.pk] = (key, feature, value)
        elif not _same(kept[feature.pk][2], value):
            raise ValidationError(
                f"Conflicting values for feature '{feature.name}'. "
                f"It is passed twice, with {kept[feature.pk][2]!r} and {value!r}"
            )
    return list(kept.values())


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one is other or one == other)
    except (TypeError, ValueError):  # arrays
        return False


def _unknown_names(names: list[str], values: dict[Any, Any], using: str) -> str:
    run = context.current_run()
    typed, lines = "", []
    if run is not None:
        kind, key = getattr(run.transform, "kind", None), getattr(run.transform, "key", None)
        lines.append(f"  feature_type = ln.Feature(name='{kind}[{key}]', is_type=True).save()")
        typed = ", type=feature_type"
    for name in names:
        dtype = infer_dtype(values[name], mute=True).dtype
        remark = "  # say what it is: no dtype can be inferred from the value" if dtype == UNKNOWN else ""
        lines.append(f"  ln.Feature(name={name!r}, dtype={dtype!r}{typed}).save(){remark}")
    known = registry("Feature").objects.using(using).filter(is_type=False, branch_id__in=visible_branch_ids(using))
    existing = list(known.order_by("-id").values_list("name", flat=True)[:10_000])
    near = {name: difflib.get_close_matches(name, existing, n=1) for name in names}
    hints = [f"'{found[0]}' instead of '{name}'" for name, found in near.items() if found]
    hint = f"\nDid you mean {', '.join(hints)}?" if hints else ""
    return (
        f"These keys could not be validated: {names}{hint}\n"
        f"Here is how to create {'a feature' if len(names) == 1 else 'features'}:\n\n" + "\n".join(lines)
    )


def _uids(records: list[Any]) -> str:
    return ", ".join(record.uid for record in records[:5])
