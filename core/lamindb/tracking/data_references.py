"""References to artifacts in the arguments of a program: `lamin://owner/name/artifact/<uid>[/part]`, `lamin://owner/name/artifact/key/<key>`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from lamindb.base.registries import registry
from lamindb.errors import InvalidArgument

_REFERENCE = re.compile(r"lamin://\S+")
_FORMS = "lamin://<owner>/<instance>/artifact/<uid>[/part] or lamin://<owner>/<instance>/artifact/key/<key>[?branch=&space=&version=]"


@dataclass(frozen=True)
class DataReference:
    """What a reference names: an artifact of an instance, by uid or key, and a part of it if it is a folder."""

    slug: str
    uid: str | None = None
    key: str | None = None
    part: str | None = None
    conditions: dict[str, str] = field(default_factory=dict)


def parse_reference(text: str) -> DataReference:
    """Read a reference.

    Raises:
        InvalidArgument: if it has another form.

    Example:
        >>> parse_reference("lamin://lab/data/artifact/key/raw/counts.csv").key
        'raw/counts.csv'
    """
    url = urlsplit(text)
    parts = [unquote(part) for part in (url.netloc + url.path).strip("/").split("/")]
    if url.scheme != "lamin" or len(parts) < 4 or parts[2] != "artifact" or not all(parts):
        raise InvalidArgument(f"{text!r} is no reference to an artifact: write {_FORMS}")
    slug = f"{parts[0]}/{parts[1]}"
    conditions = dict(parse_qsl(url.query))
    unknown = set(conditions) - {"space", "branch", "version"}
    if unknown:
        raise InvalidArgument(f"{text!r} has the unknown condition {sorted(unknown)[0]!r}: write {_FORMS}")
    if parts[3] == "key":
        if len(parts) < 5:
            raise InvalidArgument(f"{text!r} has no key: write {_FORMS}")
        return DataReference(slug, key="/".join(parts[4:]), conditions=conditions)
    part = "/".join(parts[4:]) or None
    if part is not None and ".." in part.split("/"):
        raise InvalidArgument(f"{text!r} leads out of the artifact: name a part of it without '..'")
    return DataReference(slug, uid=parts[3], part=part, conditions=conditions)


def find_referenced(reference: DataReference, slug: str) -> Any:
    """Return the artifact.

    Args:
        reference: what is named.
        slug: owner and name of the connected instance.

    Raises:
        InvalidArgument: if it belongs to another instance, or doesn't exist.
    """
    if reference.slug != slug:
        raise InvalidArgument(
            f"lamin:// references name artifacts of the current instance {slug}, not of {reference.slug}: connect to it, or transfer the artifact first"
        )
    model = registry("Artifact")
    conditions: dict[str, Any] = {}
    for name, value in reference.conditions.items():
        conditions["version_tag" if name == "version" else f"{name}__name"] = value
    if reference.uid is not None:
        found = model.objects.filter(uid__startswith=reference.uid, **conditions).order_by("-created_at", "-id").first()
    elif conditions:
        found = model.objects.filter(key=reference.key, **conditions).order_by("-created_at", "-id").first()
    else:
        found = model.filter(key=reference.key, is_latest=True).order_by("-created_at", "-id").first()
    if found is None:
        named = f"uid {reference.uid}" if reference.uid is not None else f"key {reference.key}"
        raise InvalidArgument(f"There is no artifact with {named} in {slug}: lamin list artifact shows what is there")
    return found


def replace_references(argument: str, local_path: Any) -> str:
    """Return an argument in which each reference is replaced by what `local_path(reference)` returns for it."""
    return _REFERENCE.sub(lambda match: str(local_path(parse_reference(match[0]))), argument)


def path_of_part(path: Path, part: str | None) -> Path:
    """Return the path of a part of an artifact.

    Raises:
        InvalidArgument: if the artifact has no such part.
    """
    if part is None:
        return path
    if not (path / part).exists():
        raise InvalidArgument(f"The artifact at {path} has no part {part!r}")
    return path / part
