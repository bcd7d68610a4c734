"""What happens when a registry's class is called with keyword arguments: checks, defaults from the context, reuse by name."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import models

from lamindb.base import context
from lamindb.base.fields import is_required
from lamindb.base.logging import logger
from lamindb.base.settings import creation_settings
from lamindb.base.types import UNSET
from lamindb.errors import FieldValidationError, ValidationError

if TYPE_CHECKING:
    from lamindb.models.sqlrecord import BaseSQLRecord

#: Registries that check the exact length of a uid that is passed (03 §3).
_EXACT_UID = {"Artifact", "Collection", "Transform", "ULabel", "Feature", "Schema"}
#: Greatest number of bytes of an indexed text: PostgreSQL takes 2704 per entry, of which other columns of the index need some.
MAX_INDEXED_BYTES = 2600
#: Fields of the existing row that a reuse by name never "updates".
_NEVER_UPDATED = {"uid", "_dtype_str", "otype", "hash", "id", "_revises"}


def construct(record: BaseSQLRecord, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Initialise `record` from keyword arguments.

    Raises:
        FieldValidationError: for positional, unknown, missing, too long or otherwise invalid values.
    """
    registry = type(record)
    skip_validation = kwargs.pop("_skip_validation", False)
    skip_name_search = kwargs.pop("_skip_name_search", False)  # for callers that looked for many names at once
    kwargs = _name_positional(registry, args, kwargs)
    if kwargs.get("type") is UNSET:
        del kwargs["type"]
    if not skip_validation:
        check_keywords(registry, kwargs)
        check_branch_and_space(registry, kwargs)
    uid_given = kwargs.get("uid") is not None
    kwargs = registry._prepare_kwargs(kwargs)
    existing = kwargs.pop("_existing", None)
    attributes = kwargs.pop("_attributes", {})
    if existing is not None:
        _become(record, existing)
        record.__dict__.update(attributes)
        _update_in_memory(record, {name: value for name, value in kwargs.items() if name not in ("name", "key")})
        return
    revises = kwargs.pop("_revises", None)
    explicit = dict(kwargs)
    registry._complete(kwargs)
    add_context_defaults(registry, kwargs)
    if not skip_validation:
        check_required(registry, kwargs)
        check_values(registry, kwargs)
        search_names = creation_settings.search_names and not skip_name_search
        if getattr(registry, "_reuse_by_name", False) and not uid_given and search_names:
            existing = registry._find_existing(explicit)
            if existing is not None:
                _become(record, existing)
                record._on_reuse(explicit)
                logger.important(
                    "returning %s with same name: '%s'", _word(registry), getattr(existing, _name(registry))
                )
                _take_current_run(record)
                _update_in_memory(record, explicit)
                return
    models.Model.__init__(record, **kwargs)
    if revises is not None:
        record._revises = revises  # type: ignore[attr-defined]
    record.__dict__.update(attributes)
    _blank_database_defaults(record)


def _word(registry: type[BaseSQLRecord]) -> str:
    return registry.__name__.lower()


def _name(registry: type[BaseSQLRecord]) -> str:
    from lamindb.query.names import name_field

    return name_field(registry)


def _name_positional(registry: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    allowed = registry._positional
    if len(args) > len(allowed):
        if registry._positional_message is not None:
            raise FieldValidationError(registry._positional_message)
        if allowed:
            raise FieldValidationError(
                f"Only one non-keyword arg allowed: {allowed[0]}"
                if len(allowed) == 1
                else f"Only {len(allowed)} non-keyword args allowed: {', '.join(allowed)}"
            )
        raise FieldValidationError(
            f"Please only use keyword arguments to construct a {registry.__name__}. "
            f"Use keyword arguments instead of positional arguments, e.g.: {registry.__name__}({_example_keyword(registry)}='...')."
        )
    for name, value in zip(allowed, args, strict=False):
        if name in kwargs:
            raise FieldValidationError(f"{registry.__name__}() got two values for {name!r}: by position and by keyword")
        kwargs[name] = value
    return kwargs


def _example_keyword(registry: Any) -> str:
    try:
        return _name(registry)
    except ValueError:
        return registry._meta.concrete_fields[-1].name


@cache
def accepted_keywords(registry: Any) -> frozenset[str]:
    """Return every keyword that the constructor of `registry` understands."""
    fields = {field.name for field in registry._meta.fields} | {field.attname for field in registry._meta.fields}
    properties = registry._meta._property_names if registry._init_params is None else set()
    return frozenset(fields.union(properties, registry._init_params or (), registry._hidden_params))


def check_keywords(registry: Any, kwargs: dict[str, Any]) -> None:
    """Raise `FieldValidationError` for keywords that the registry does not know, with near matches and what is missing besides."""
    unknown = sorted(kwargs.keys() - accepted_keywords(registry))
    if not unknown:
        return
    public = registry._init_params or sorted(
        field.name for field in registry._meta.fields if not field.name.startswith("_") and field.editable
    )
    near = difflib.get_close_matches(unknown[0], list(public), n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    passed = ", ".join(repr(name) for name in unknown)
    # registries with parameters of their own may derive what is missing from others
    missing = _missing(registry, kwargs) if registry._init_params is None else []
    required = f"{missing} are required. " if missing else ""
    raise FieldValidationError(
        f"{required}{registry.__name__}() got unexpected keyword arguments: {passed}.{hint} "
        f"Only {', '.join(public)} are valid keyword arguments and can be passed, but you passed: {passed}"
    )


def check_branch_and_space(registry: Any, kwargs: dict[str, Any]) -> None:
    """Raise `ValueError` if a branch or space is passed both as record and by id, or as a text."""
    names = field_facts(registry).names
    for name, registry_name in (("branch", "Branch"), ("space", "Space")):
        value = kwargs.get(name)
        if value is None or name not in names:
            continue
        if kwargs.get(f"{name}_id") is not None:
            raise ValueError(f"Do not pass both {registry_name} and its id at the same time.")
        if isinstance(value, str):
            raise ValueError(
                f"Cannot assign {value!r} as {name}: it must be a {registry_name} record, "
                f"e.g. ln.{registry_name}.get(name={value!r})"
            )


def add_context_defaults(registry: Any, kwargs: dict[str, Any]) -> None:
    """Fill branch, created_on and space: what is passed explicitly wins over the run's and the user's current ones."""
    names = field_facts(registry).names
    for key in ("branch", "branch_id", "space", "space_id"):
        if key.removesuffix("_id") in names and key in kwargs and kwargs[key] is None:
            del kwargs[key]
    if "branch" in names and "created_on" in names:
        if "branch" not in kwargs and "branch_id" not in kwargs and registry._inherits_branch:
            kwargs["branch_id"] = context.current_branch_id()
        if "created_on" not in kwargs and "created_on_id" not in kwargs:
            branch = kwargs.get("branch")
            kwargs["created_on_id"] = (
                branch.id if branch is not None else kwargs.get("branch_id", context.MAIN_BRANCH_ID)
            )
    if "space" in names and "space" not in kwargs and "space_id" not in kwargs and registry._inherits_space:
        kwargs["space_id"] = _space_of_type(kwargs.get("type")) or context.current_space_id()


def _space_of_type(parent: Any) -> int | None:
    if getattr(parent, "_aux", None) is None:
        return None
    from lamindb.models.type_settings import single_space_id

    return single_space_id(parent)


@dataclass(frozen=True)
class FieldFacts:
    """What construction asks about the fields of a registry again and again."""

    names: frozenset[str]
    #: (name, column attribute, whether an empty text counts as missing) of fields that must have a value
    required: tuple[tuple[str, str, bool], ...]
    #: (name, column attribute, greatest length, greatest number of bytes) of text fields
    texts: tuple[tuple[str, str, int | None, int | None], ...]


@cache
def field_facts(registry: Any) -> FieldFacts:
    """Return the facts of a registry, read once from its fields."""
    fields = registry._meta.concrete_fields
    name = registry._name_field or "name"
    return FieldFacts(
        names=frozenset(field.name for field in fields),
        required=tuple((field.name, field.attname, field.name == name) for field in fields if is_required(field)),
        texts=tuple(
            (field.name, field.attname, field.max_length, _max_bytes(field))
            for field in fields
            if isinstance(field, (models.CharField, models.TextField))
        ),
    )


def _max_bytes(field: models.Field) -> int | None:
    if not (field.db_index or field.unique) or (field.max_length or 0) * 4 <= MAX_INDEXED_BYTES:
        return None
    return MAX_INDEXED_BYTES


def check_required(registry: Any, kwargs: dict[str, Any]) -> None:
    """Raise `FieldValidationError` that names every required field without a value."""
    missing = _missing(registry, kwargs)
    if missing:
        raise FieldValidationError(f"{missing} are required.")


def _missing(registry: Any, kwargs: dict[str, Any]) -> list[str]:
    """Return the required fields without a value."""
    missing = []
    for name, attname, is_name in field_facts(registry).required:
        value = kwargs.get(name)
        if value is None:
            value = kwargs.get(attname)
        if value is None or (is_name and value == ""):
            missing.append(name)
    return missing


def check_values(registry: Any, kwargs: dict[str, Any]) -> None:
    """Check uid length, text lengths, literals, types and (where asked for) Django's validators."""
    for name, value in kwargs.items():
        if value is None:
            continue
        if name == "uid" and registry.__name__ in _EXACT_UID:
            length = registry._meta.get_field("uid").max_length
            if len(value) != length:
                raise ValidationError(f"`uid` must be exactly {length} characters long, got {len(value)}.")
        if name in registry._choices and value not in registry._choices[name]:
            raise FieldValidationError(
                f"{name}: {value} is not a valid value\n→ Valid values are: {', '.join(sorted(registry._choices[name]))}"
            )
    check_lengths(registry, kwargs)
    parent = kwargs.get("type")
    if parent is not None and isinstance(parent, models.Model):
        check_type(registry, parent)
    from lamindb.models.sqlrecord import ValidateFields

    if issubclass(registry, ValidateFields):
        run_validators(registry, kwargs)


def check_lengths(registry: Any, values: dict[str, Any]) -> None:
    """Raise `FieldValidationError` for texts that are longer than their column, or hold a NUL character (on every database)."""
    for name, attname, limit, max_bytes in field_facts(registry).texts:
        value = values.get(attname)
        if not isinstance(value, str):
            continue
        if limit is not None and len(value) > limit:
            raise FieldValidationError(
                f"{name}: the text has {len(value)} characters, but at most {limit} can be stored: {value[:40]!r}…"
            )
        if max_bytes is not None and len(value) * 4 > max_bytes and len(value.encode(errors="replace")) > max_bytes:
            raise FieldValidationError(
                f"{name}: the text takes {len(value.encode(errors='replace'))} bytes, but at most {max_bytes} can be stored and indexed: {value[:40]!r}…"
            )
        if "\x00" in value:
            raise FieldValidationError(f"{name}: {value[:40]!r} holds a NUL character, which can't be stored")


def check_type(registry: Any, parent: Any) -> None:
    """Raise `ValueError` unless `parent` is a type of this registry."""
    word = _word(registry)
    if not isinstance(parent, registry):
        raise ValueError(f"`type` of a {word} must be a {registry.__name__} record, not {parent!r}")
    if not parent.is_type:
        raise ValueError(
            f"You can only assign a {word} with `is_type=True` as `type` to another {word}, but this doesn't have it: {parent}"
        )


def run_validators(registry: Any, kwargs: dict[str, Any]) -> None:
    problems = []
    for field in registry._meta.fields:
        value = kwargs.get(field.name)
        if value is None or field.is_relation:
            continue
        try:
            kwargs[field.name] = field.clean(value, None)
        except DjangoValidationError as error:
            lines = "\n".join(f"→ {message}" for message in error.messages)
            problems.append(f"{field.name}: {value} is not valid\n{lines}")
    if problems:
        raise FieldValidationError("\n".join(problems))


def find_by_name(registry: Any, kwargs: dict[str, Any]) -> Any:
    """Return the visible record with the same name and type (whichever type, if none was passed), or `None` after a hint at similar names."""
    from lamindb.query import name_lookup

    name_field = _name(registry)
    value = kwargs.get(name_field)
    if not isinstance(value, str):
        return None
    type_id, is_typed = name_lookup.ANY_TYPE, hasattr(registry, "type_id")
    if is_typed and ("type" in kwargs or "type_id" in kwargs):
        parent = kwargs.get("type")
        type_id = parent.pk if parent is not None else kwargs.get("type_id")
    existing = name_lookup.find_by_name(registry, name_field, value, type_id)
    if existing is not None:
        if type_id is name_lookup.ANY_TYPE and is_typed and existing.type_id is not None:
            logger.warning(
                "tip: pass `type` to map %s into a type hierarchy; '%s' was found below a type. For one without type, pass type=None",
                _word(registry),
                value,
            )
        return existing
    similar = name_lookup.find_similar_names(registry, name_field, value, type_id)
    if similar:
        listed = ", ".join(f"'{name}'" for name in similar)
        one = len(similar) == 1
        logger.warning(
            "you are trying to create a record with %s='%s' but %s: %s. Did you mean to load %s?",
            name_field,
            value,
            "a record with similar name exists" if one else "records with similar names exist",
            listed,
            "it" if one else "one of them",
        )
    return None


def _become(record: Any, existing: Any) -> None:
    """Make `record` the stored row `existing`: all columns, saved state, home, and the related records that are at hand."""
    record.__dict__.update({key: value for key, value in existing.__dict__.items() if key != "_state"})
    if "_state" not in record.__dict__:
        record._state = models.base.ModelState()
    record._state.fields_cache = dict(existing._state.fields_cache)
    record._state.adding = existing._state.adding
    record._state.db = existing._state.db
    record._remember_original()


def _take_current_run(record: Any) -> None:
    run = context.current_run()
    if run is not None and hasattr(record, "run_id") and record.run_id is None:
        record.run = run
        logger.warning("run was not set on %s, setting to current run", record)


def _update_in_memory(record: Any, explicit: dict[str, Any]) -> None:
    """Assign what was passed explicitly and differs; nothing is written before `save()`."""
    for name, value in explicit.items():
        if value is None:
            continue
        try:
            field = record._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if field.is_relation:
            new = value.pk if isinstance(value, models.Model) else value
            old = getattr(record, field.attname)
        else:
            new, old = value, getattr(record, field.attname)
        if new == old:
            continue
        if name in _NEVER_UPDATED:
            logger.debug("ignoring tentative value for %s: %s", name, value)
            continue
        logger.warning("updated %s from %s to %s", field.name, old, value)
        setattr(record, name, value)


def _blank_database_defaults(record: Any) -> None:
    """Show `None` instead of Django's placeholder for times that are filled in when the record is saved."""
    from django.db.models import DateTimeField
    from django.db.models.expressions import DatabaseDefault

    state, meta = record.__dict__, record._meta
    for name in [name for name, value in state.items() if isinstance(value, DatabaseDefault)]:
        if isinstance(meta.get_field(name), DateTimeField):
            state[name] = None
