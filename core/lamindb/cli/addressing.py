"""How the command line names records: an object URL, or an entity word with a uid, key or name; and files by their suffix."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import click

#: entity word -> registry
ENTITIES = {
    name.lower(): name
    for name in (
        "Artifact", "Transform", "Collection", "Record", "Project", "ULabel", "Branch", "Run", "Feature", "Schema", "Space", "Reference",
    )
}  # fmt: skip
#: further registries that can be listed
LISTED = {**ENTITIES, "user": "User", "storage": "Storage"}
#: registries whose records are known by key, not by name
KEYED = ("artifact", "transform", "collection")
_TRANSFORM_SUFFIXES = (".py", ".ipynb", ".R", ".qmd", ".Rmd", ".sh")


@dataclass(frozen=True)
class ObjectURL:
    """What a URL of the form `https://<host>/<owner>/<name>/<entity>/<uid>` names."""

    slug: str
    entity: str
    uid: str


@dataclass(frozen=True)
class Address:
    """What a command is about: an entity word with a uid, key or name, of which all may be missing."""

    entity: str
    uid: str | None = None
    key: str | None = None
    name: str | None = None

    @property
    def is_complete(self) -> bool:
        """Whether one record is named."""
        return any(value is not None for value in (self.uid, self.key, self.name))


def parse_url(text: str) -> ObjectURL | None:
    """Read an object URL by position; query, fragment and a trailing slash are ignored.

    Returns:
        `None` if the text is no `https://` URL.

    Raises:
        ClickException: if it has other parts or names an unknown entity.

    Example:
        >>> parse_url("https://lamin.ai/acc/transform-db/artifact/abc/?tab=1")
        ObjectURL(slug='acc/transform-db', entity='artifact', uid='abc')
    """
    if not text.startswith("https://"):
        return None
    parts = [unquote(part) for part in urlsplit(text).path.strip("/").split("/")]
    if len(parts) != 4 or not all(parts):
        raise click.ClickException(
            f"{text!r} is no URL of an object: it must be https://<host>/<owner>/<name>/<entity>/<uid>"
        )
    owner, name, entity, uid = parts
    if entity not in ENTITIES:
        raise click.ClickException(
            f"{text!r} names the unknown entity {entity!r}.{_near(entity, ENTITIES)} Use: {', '.join(ENTITIES)}"
        )
    return ObjectURL(f"{owner}/{name}", entity, uid)


def check_entity(entity: str, allowed: Sequence[str], command: str) -> None:
    """Refuse an entity that a command doesn't know.

    Raises:
        ClickException: naming the entities that it knows.
    """
    if entity not in allowed:
        raise click.ClickException(
            f"{command} does not support {entity!r}.{_near(entity, allowed)} Use: {', '.join(sorted(allowed))}"
        )


def resolve(entity: str, uid: str | None, key: str | None, name: str | None) -> Address:
    """Connect to the instance that is meant (that of a URL, else the current one) and return what is addressed there."""
    from lamindb.cli.connection import require_instance, use_instance_for_process

    url = parse_url(entity)
    if url is None:
        require_instance()
        return Address(entity, uid=uid, key=key, name=name)
    use_instance_for_process(url.slug)
    if url.entity == "branch" and _registry("Branch").objects.filter(name=url.uid).exists():
        return Address("branch", name=url.uid)
    return Address(url.entity, uid=url.uid)


def entity_of_file(path: str) -> str:
    """Return what a file with this name is saved as: `transform` for scripts and notebooks, else `artifact`.

    Example:
        >>> entity_of_file("scripts/qc.py")
        'transform'
    """
    return "transform" if PurePosixPath(path).suffix in _TRANSFORM_SUFFIXES else "artifact"


def find(address: Address, *, all_branches: bool = False, unambiguous: bool = False) -> Any:
    """Return the record that an address names: by uid or its beginning on any branch, by key the latest version, by name.

    Args:
        address: a complete address.
        all_branches: look for a key on all branches, the newest wins; else on the current branch and main.
        unambiguous: refuse a beginning of a uid that several families share.

    Raises:
        ClickException: if nothing is named or nothing matches, or if several match.
    """
    model = _registry(ENTITIES[address.entity])
    if any(value is not None and not value.strip() for value in (address.uid, address.key, address.name)):
        raise click.ClickException(f"--uid, --key and --name of {article(address.entity)} can't be empty")
    if address.uid is not None:
        return _by_uid(model, address.uid, unambiguous)
    by = "key" if address.entity in KEYED else "name"
    value = address.key if by == "key" else address.name
    if address.entity == "run" or value is None:
        options = "--uid" if address.entity == "run" else f"--uid or --{by}"
        raise click.ClickException(f"For entity '{address.entity}' you must pass {options}")
    return _by_key(model, value, all_branches) if by == "key" else _by_name(model, value, all_branches)


def find_label(registry_name: str, name_or_uid: str) -> Any:
    """Return the record with exactly this name, else with exactly this uid.

    Raises:
        ClickException: if there is none; the message has near matches.
    """
    model = _registry(registry_name)
    found = model.filter(name=name_or_uid).first() or model.objects.filter(uid=name_or_uid).first()
    if found is None:
        names = model.filter().values_list("name", flat=True)[:1000]
        raise click.ClickException(
            f"{registry_name} '{name_or_uid}' not found, please check the name or uid.{_near(name_or_uid, [n for n in names if n])}"
            + (
                f" To create it: lamin create {registry_name.lower()} {name_or_uid}"
                if registry_name in ("Project", "Branch")
                else ""
            )
        )
    return found


def label_of(record: Any) -> str:
    """Return what people call a record: its key, else description, else name, else uid."""
    for field in ("key", "description", "name"):
        value = getattr(record, field, None)
        if value:
            return str(value)
    return str(record.uid)


def listed_registry(text: str) -> Any:
    """Return the registry that `lamin list` is asked for: a word such as `branch`, or `module.Registry`.

    Raises:
        ClickException: if there is none; the message has near matches.
    """
    import lamindb.models  # noqa: F401  (loads the registries)
    from lamindb.base.registries import all_registries, qualified_name

    if text in LISTED:
        return _registry(LISTED[text])
    known = {qualified_name(registry).lower(): registry for registry in all_registries()}
    if text.lower() in known:
        return known[text.lower()]
    raise click.ClickException(
        f"There is no registry {text!r}.{_near(text.lower(), [*LISTED, *known])} Use: {', '.join(LISTED)}"
    )


def _by_uid(model: Any, uid: str, unambiguous: bool) -> Any:
    candidates = model.objects.filter(uid__startswith=uid).order_by("-created_at", "-id")
    exact = candidates.filter(uid=uid).first()
    if exact is not None:
        return exact
    found = candidates.first()
    if found is None:
        raise click.ClickException(f"{model.__name__} with uid={uid} does not exist.")
    if unambiguous and candidates.exclude(uid__startswith=getattr(found, "stem_uid", found.uid)).exists():
        uids = ", ".join(candidates.values_list("uid", flat=True)[:5])
        raise click.ClickException(
            f"Several records of {model.__name__} have a uid that starts with {uid}: pass more of it ({uids})"
        )
    return found


def _by_key(model: Any, key: str, all_branches: bool) -> Any:
    candidates = model.objects.filter(key=key) if all_branches else model.filter(key=key, is_latest=True)
    found = candidates.order_by("-created_at", "-id").first()
    if found is None:
        keys = model.filter().order_by("-id").values_list("key", flat=True)[:1000]
        raise click.ClickException(
            f"{model.__name__} with key={key} does not exist.{_near(key, [k for k in keys if k])}"
        )
    return found


def _by_name(model: Any, name: str, all_branches: bool) -> Any:
    candidates = list(
        (model.objects.filter(name=name) if all_branches else model.filter(name=name)).order_by("-id")[:6]
    )
    if not candidates:
        names = model.filter().order_by("-id").values_list("name", flat=True)[:1000]
        raise click.ClickException(
            f"{model.__name__} with name={name} does not exist.{_near(name, [n for n in names if n])}"
        )
    if len(candidates) > 1:
        uids = ", ".join(record.uid for record in candidates)
        raise click.ClickException(f"Several records of {model.__name__} are called {name!r}: pass --uid ({uids})")
    return candidates[0]


def _registry(name: str) -> Any:
    from importlib import import_module

    return getattr(import_module("lamindb.models"), name)


def article(noun: str) -> str:
    """Return a noun with its article.

    Example:
        >>> article("artifact")
        'an artifact'
    """
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def _near(text: str, known: Any) -> str:
    """Return the question for what is spelt alike, whatever its case; empty if there is nothing."""
    spelling = {name.lower(): name for name in reversed(list(known))}
    near = difflib.get_close_matches(text.lower(), list(spelling), n=3)
    return f" Did you mean {' or '.join(repr(spelling[name]) for name in near)}?" if near else ""
