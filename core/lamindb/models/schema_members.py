"""Members and slots of schemas: how they are passed, hashed, saved and read."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.db.models.query_utils import DeferredAttribute

from lamindb.annotation.dtypes import registry_text
from lamindb.annotation.row_keys import index_uid
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.dtypes import parse_registry
from lamindb.base.logging import logger
from lamindb.base.registries import registry as registry_called
from lamindb.base.uids import base62_16
from lamindb.errors import FieldValidationError, InvalidArgument
from lamindb.models.row_key_changes import change_row_key
from lamindb.storage.hashing import hash_string

#: Schemas that every instance may have get the same uid everywhere; they are recognised by their hash.
BUILT_IN_UIDS = {
    "kMi7B_N88uu-YnbTLDU-DA": "0000000000000000",
    "1gocc_TJ1RU2bMwDRK-WUA": "0000000000000001",
    "aqGWHvyY49W_PHELUMiBMw": "0000000000000002",
    "UR_ozz2VI2sY8ckXop2RAg": "0000000000000002",
}
#: Keys in `_aux`: uids of the optional features, and uid of the index feature.
_FIELDS, _OPTIONALS, _INDEX = "af", "1", "3"
#: Up to how many datasets a warning lists.
_MAX_DATASETS = 10
_SUFFIX = re.compile(r"^(\.[A-Za-z0-9_-]+)+$")


@dataclass
class PendingMembers:
    """Members and slots that were passed to the constructor and are written by `save()`."""

    members: list[Any] | None = None
    slots: dict[str, Any] = field(default_factory=dict)


def prepare_schema(registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Translate the arguments of `Schema(...)` to field values, or to `_existing` for a stored schema with the same hash."""
    _translate_former_names(kwargs)
    given, slots = kwargs.pop("features", None), kwargs.pop("slots", None) or {}
    index, dtype = kwargs.pop("index", None), kwargs.pop("dtype", None)
    if "_dtype_str" in kwargs or kwargs.get("hash") is not None:  # a row as it is stored elsewhere
        return kwargs
    if kwargs.get("itype") is not None:
        kwargs["itype"] = _itype_text(kwargs["itype"])
    if kwargs.get("suffix") is not None and not _SUFFIX.match(str(kwargs["suffix"])):
        raise FieldValidationError(
            f"suffix={kwargs['suffix']!r} is no suffix of files: write it with its dot, such as '.parquet'"
        )
    members, optionals = read_members(given, index)
    if members is not None:
        _take_members(kwargs, members)
    _check_slots(slots, kwargs.get("otype"))
    is_type = bool(kwargs.get("is_type"))
    if members is None and not slots and kwargs.get("itype") is None and not is_type:
        raise InvalidArgument("Please pass features or slots or itype or set is_type=True")
    kwargs["coerce"] = True if kwargs.get("coerce") else None
    if dtype is None and kwargs.get("itype") != "Feature" and not is_type:
        dtype = "num"
    kwargs["_dtype_str"] = dtype.__name__ if isinstance(dtype, type) else dtype
    if kwargs.get("flexible") is None:
        kwargs["flexible"] = kwargs.get("n_members") is None
    for flag, default in (("minimal_set", True), ("ordered_set", False), ("maximal_set", False)):
        if kwargs.get(flag) is None:
            kwargs[flag] = default
    _note_aux(kwargs, optionals, index)
    if not is_type:
        kwargs["hash"] = schema_hash(
            kwargs,
            [member.uid for member in members] if members is not None else None,
            {slot: component.hash for slot, component in slots.items()},
        )
        existing = (
            registry.objects.filter(hash=kwargs["hash"]).exclude(branch_id=TRASH_BRANCH_ID).order_by("id").first()
        )
        if existing is not None:
            logger.important("returning schema with same hash: %s", existing)
            return {"_existing": existing, **{name: kwargs.get(name) for name in ("description", "type")}}
    if kwargs.get("uid") is None:
        kwargs["uid"] = BUILT_IN_UIDS.get(kwargs.get("hash") or "", base62_16())
    kwargs["_pending"] = PendingMembers(members, dict(slots))
    return kwargs


def schema_hash(values: dict[str, Any], member_uids: list[str] | None, slot_hashes: dict[str, str]) -> str:
    """Return the hash by which equal schemas are recognised.

    Args:
        values: field values: `_dtype_str`, `itype`, the three flags, `flexible`, `coerce`, `n_members`, `suffix` and `_aux`.
        member_uids: uids of the members in their order; `None` for an open set.
        slot_hashes: hashes of the slots' schemas.
    """
    parts = {
        "a": values.get("_dtype_str"),
        "b": values.get("itype"),
        "c": values.get("minimal_set"),
        "d": values.get("ordered_set"),
        "e": values.get("maximal_set"),
        "h": values.get("n_members"),
        "m": values.get("suffix"),
    }
    if values.get("flexible") != (values.get("n_members") is None):
        parts["f"] = values.get("flexible")
    if values.get("coerce"):
        parts["g"] = True
    aux = (values.get("_aux") or {}).get(_FIELDS, {})
    parts["k"] = aux.get(_INDEX)
    if member_uids:
        optionals = set(aux.get(_OPTIONALS) or ())
        uids = [f"{uid}(i)" if uid in optionals else uid for uid in member_uids]
        # sorted by what is hashed, as stored hashes are
        parts["j"] = hash_string(":".join(uids if values.get("ordered_set") else sorted(uids)))
    if slot_hashes:
        parts["l"] = hash_string(":".join(sorted(f"{slot}={hash}" for slot, hash in slot_hashes.items())))
    return hash_string(":".join(sorted(f"{code}={value}" for code, value in parts.items() if value is not None)))


def read_members(given: Any, index: Any) -> tuple[list[Any] | None, list[Any]]:
    """Return the members (index first, without duplicates) and the optional ones among them.

    Raises:
        TypeError: if they are no records, or of several registries.
        ValueError: if they are a single record, or not saved.
    """
    if index is not None and not isinstance(index, registry_called("Feature")):
        raise TypeError(f"index must be a Feature, not {type(index).__name__}")
    if given is None:
        return ([index] if index is not None else None), []
    if isinstance(given, models.Model):
        raise ValueError(f"Please pass a ListLike of features, not a single feature: [{given.name!r}]")
    members, optionals = ([index] if index is not None else []), []
    for item in given:
        member, config = item if isinstance(item, tuple) else (item, {})
        if not isinstance(member, models.Model):
            raise TypeError(
                f"features has to store feature records! use .from_values() otherwise: {member!r} is no record"
            )
        if config.get("optional"):
            optionals.append(member)
        members.append(member)
    if len({type(member) for member in members}) > 1:
        names = ", ".join(sorted({type(member).__name__ for member in members}))
        raise TypeError(f"schema can only contain a single type of members, but there are {names}")
    unsaved = [member for member in members if member._state.adding]
    if unsaved:
        raise ValueError(f"Can only construct feature sets from validated features: save {unsaved[0].name!r} first")
    return list(dict.fromkeys(members)), optionals


def save_schema(
    schema: Any, save: Callable[..., Any], *args: Any, index_name_conflict: str | None = None, **kwargs: Any
) -> Any:
    """Write the row, links to members and links to slots; the names of records follow the index."""
    original = getattr(schema, "_original_values", {})
    before = index_uid(original.get("_aux"))
    pending: PendingMembers | None = schema.__dict__.pop("_pending_members", None)
    was_new = schema._state.adding
    schema.__dict__.pop("_slots", None)
    try:
        with transaction.atomic():
            if not schema._state.adding and not schema.is_type and schema._state.db == "default":
                _follow_members(schema, pending)
            save(*args, **kwargs)
            if pending is not None and schema._state.db == "default":
                schema._pending = pending
                link_pending(schema)
            if not was_new and before != index_uid(schema._aux) and schema._state.db == "default":
                change_row_key(schema, before, index_uid(schema._aux), index_name_conflict)
    except BaseException:
        if pending is not None:
            schema._pending = pending
        schema._original_values = original
        if was_new:  # the row is gone with the transaction
            schema._state.adding, schema.pk = True, None
        raise
    return schema


def noted(schema: Any) -> dict[str, Any]:
    """Return what is noted about the members of a schema: optional ones under `"1"`, the index under `"3"`."""
    return (schema._aux or {}).get(_FIELDS) or {}


def write_note(schema: Any, key: str, value: Any) -> None:
    """Note something about the members of a schema; `None` takes the note away."""
    notes = {name: note for name, note in noted(schema).items() if name != key}
    if value is not None:
        notes[key] = value
    aux = {name: note for name, note in (schema._aux or {}).items() if name != _FIELDS}
    if notes:
        aux[_FIELDS] = notes
    schema._aux = aux or None


def link_pending(schema: Any) -> None:
    """Link the members and slots that were passed to the constructor of a schema whose row is written."""
    pending: PendingMembers | None = schema.__dict__.pop("_pending_members", None)
    if pending is not None:
        _link_members(schema, pending.members)
        _link_slots(schema, pending.slots)


def members_of(schema: Any) -> Any:
    """Return the members in their order: a query set, or a list before the schema is saved."""
    pending: PendingMembers | None = schema._pending
    if pending is not None and pending.members is not None:
        from lamindb.query.query_set import SQLRecordList

        return SQLRecordList(pending.members)
    feature = registry_called("Feature")
    if schema._state.adding or schema.is_type or not schema.itype or schema.itype == "Composite":
        return feature.objects.using(schema._state.db).none()
    relation = _relation_to_schema(_registry_of(schema.itype))
    if relation is None:
        return feature.objects.using(schema._state.db).none()
    link = relation.remote_field.through
    order = link._meta.get_field(relation.m2m_field_name()).remote_field.name
    members = relation.model.objects.using(schema._state.db)
    return members.filter(**{relation.name: schema}).order_by(f"{order}__id")


def slots_of(schema: Any) -> dict[str, Any]:
    """Return the schemas of the slots, in the order in which they were passed."""
    pending: PendingMembers | None = schema._pending
    if pending is not None:
        return dict(pending.slots)
    if schema._state.adding:
        return {}
    cached: dict[str, Any] | None = schema.__dict__.get("_slots")
    if cached is None:
        links = schema.links_component.select_related("component").order_by("id")
        cached = schema.__dict__["_slots"] = {link.slot: link.component for link in links}
    return dict(cached)


def index_of(schema: Any) -> Any:
    """Return the index feature, or `None`."""
    uid = noted(schema).get(_INDEX)
    if uid is None:
        return None
    pending: PendingMembers | None = schema._pending
    if pending is not None and pending.members is not None:
        return next((member for member in pending.members if member.uid == uid), None)
    return registry_called("Feature").objects.using(schema._state.db).filter(uid=uid).first()


def set_index(schema: Any, feature: Any) -> None:
    """Let a feature be the index; it becomes the first member. `None` takes the present index out."""
    if feature is not None and not isinstance(feature, registry_called("Feature")):
        raise TypeError(f"index must be a Feature, not {type(feature).__name__}")
    if feature is not None and feature._state.adding:
        raise ValueError(f"Save the feature {feature.name!r} before it becomes the index: call .save() on it")
    before = noted(schema).get(_INDEX)
    if feature is None and before is None:
        return
    leaving = {before, feature.uid if feature is not None else None}  # comparing features makes predicates
    members = [member for member in members_of(schema) if member.uid not in leaving]
    members = members if feature is None else [feature, *members]
    write_note(schema, _INDEX, None if feature is None else feature.uid)
    if schema._state.adding:
        schema._pending = PendingMembers(members, slots_of(schema))
        schema.n_members = len(members)
        return
    if (
        registry_called("Record").objects.filter(schema_id=schema.pk).exists()
    ):  # records get their names when it is saved
        schema._pending = PendingMembers(members, slots_of(schema))
        return
    with transaction.atomic():
        _link_members(schema, members)
        type(schema).objects.filter(pk=schema.pk).update(_aux=schema._aux)


def _translate_former_names(kwargs: dict[str, Any]) -> None:
    if kwargs.get("components") is not None:
        logger.warning("pass slots instead of components")
        kwargs.setdefault("slots", kwargs["components"])
    kwargs.pop("components", None)
    for former, name in (("n", "n_members"), ("coerce_dtype", "coerce")):
        if former in kwargs:
            warnings.warn(
                f"Use {name} instead of {former}, {former} will be removed.", DeprecationWarning, stacklevel=6
            )
            kwargs.setdefault(name, kwargs.pop(former))


def _itype_text(itype: Any) -> str:
    if isinstance(itype, str):
        if itype == "Composite":
            logger.warning("itype='Composite' is no longer needed: pass slots")
        else:
            _check_module(parse_registry(itype).registry)
            try:
                _registry_of(itype)
            except LookupError as error:
                raise AttributeError(f"itype {itype!r} names no registry. {error}") from None
        return itype
    if isinstance(itype, type | DeferredAttribute):
        return registry_text(itype)
    raise TypeError(
        f"itype must be a registry or a field of one, such as ln.Feature or bt.Gene.ensembl_gene_id, not {itype!r}"
    )


def _check_module(registry_name: str) -> None:
    from django.apps import apps

    from lamindb.setup import settings
    from lamindb.setup.errors import ModuleWasntConfigured

    module = registry_name.rpartition(".")[0]
    if module and module not in apps.app_configs:
        raise ModuleWasntConfigured(module, settings.instance.slug if settings.is_configured else None)


def _registry_of(itype: str) -> Any:
    name = itype.partition("[")[0]
    try:
        return registry_called(name)
    except LookupError:
        return registry_called(name.rpartition(".")[0] or name)


def _take_members(kwargs: dict[str, Any], members: list[Any]) -> None:
    registry_name = registry_text(type(members[0])) if members else "Feature"
    if kwargs.get("itype") is None:
        kwargs["itype"] = registry_name
    elif not kwargs["itype"].startswith(registry_name):
        raise InvalidArgument(f"itype is {kwargs['itype']}, but the members are records of {registry_name}")
    if members and _relation_to_schema(type(members[0])) is None:
        name = type(members[0]).__name__
        raise ValueError(
            f"Can't create feature sets from {name} because it's not related to it! Add a many-to-many field from {name} to Schema"
        )
    n_members = kwargs.get("n_members")
    if n_members is not None and n_members != len(members):
        logger.important("updating to n %d %s features", len(members), registry_name)
    kwargs["n_members"] = len(members)


def _check_slots(slots: dict[str, Any], otype: str | None) -> None:
    if slots and otype is None:
        raise InvalidArgument("Please pass otype != None for composite schemas, such as otype='AnnData'")
    for slot, component in slots.items():
        if component._state.adding:
            raise InvalidArgument(
                f"schema for {' '.join(filter(None, (slot, component.name)))} must be saved before use: call .save() on it"
            )


def _note_aux(kwargs: dict[str, Any], optionals: list[Any], index: Any) -> None:
    noted: dict[str, Any] = {}
    if optionals:
        noted[_OPTIONALS] = [feature.uid for feature in dict.fromkeys(optionals)]
    if index is not None:
        noted[_INDEX] = index.uid
    if noted:
        kwargs["_aux"] = {**(kwargs.get("_aux") or {}), _FIELDS: noted}


def _relation_to_schema(registry: Any) -> Any:
    """Return the many-to-many field through which records of `registry` are members of schemas, or `None`."""
    schema = registry_called("Schema")
    return next((field for field in registry._meta.many_to_many if field.related_model is schema), None)


def _follow_members(schema: Any, pending: PendingMembers | None) -> None:
    """Let the hash and the number of members of a saved schema follow its present members, slots and settings."""
    if pending is not None:
        uids = [member.uid for member in pending.members] if pending.members is not None else None
        slots = pending.slots
    else:
        uids = list(members_of(schema).values_list("uid", flat=True)) or None
        slots = slots_of(schema)
    before, n_before = schema.hash, schema.n_members
    if uids is not None or n_before is not None:
        schema.n_members = len(uids or ())
    hash = schema_hash(schema.__dict__, uids, {slot: component.hash for slot, component in slots.items()})
    if hash == before:
        return
    schema.hash = hash
    if schema.__dict__.get("_is_compatible_change"):
        return
    datasets = list(schema.validated_artifacts.order_by("id").values_list("uid", "key")[:_MAX_DATASETS])
    if datasets:
        if pending is not None:
            _warn_removed(schema, pending)
        logger.warning(
            "you updated the schema hash and might invalidate datasets that were previously validated with this schema:\n%s",
            "\n".join(f"  {uid}  {key or ''}".rstrip() for uid, key in datasets),
        )


def _warn_removed(schema: Any, pending: PendingMembers) -> None:
    """Say which members datasets were checked for and that are dropped now."""
    if pending.members is None or not schema.n_members:
        return
    kept = {member.pk for member in pending.members}
    removed = [member for member in members_of(schema) if member.pk not in kept]
    if removed:
        logger.warning("you're removing these features: %s", [getattr(one, "name", one.uid) for one in removed])


def _link_members(schema: Any, members: list[Any] | None) -> None:
    if members is None:
        return
    relation = _relation_to_schema(type(members[0]) if members else _registry_of(schema.itype or "Feature"))
    if relation is None:
        return
    link, member_name = relation.remote_field.through, relation.m2m_field_name()
    links = link.objects.filter(schema=schema)
    linked = list(links.order_by("id").values_list(f"{member_name}_id", flat=True))
    wanted = [member.pk for member in members]
    if linked == wanted:
        return
    links.delete()  # written anew, because the order of the links is the order of the members
    link.objects.bulk_create([link(**{"schema": schema, f"{member_name}_id": pk}) for pk in wanted])


def _link_slots(schema: Any, slots: dict[str, Any]) -> None:
    if not slots:
        return
    link = registry_called("SchemaComponent")
    linked = dict(link.objects.filter(composite=schema).values_list("slot", "component_id"))
    if linked == {slot: component.pk for slot, component in slots.items()}:
        return
    link.objects.filter(composite=schema).delete()
    link.objects.bulk_create([link(composite=schema, component=part, slot=slot) for slot, part in slots.items()])
