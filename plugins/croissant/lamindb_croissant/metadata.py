"""Reads Croissant metadata: what a dataset is called, and where its files are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class DescribedFile:
    """A file or folder that belongs to a dataset.

    Attributes:
        id: its `@id`.
        path: where it is, as text: a local path or a URL.
    """

    id: str
    path: str


@dataclass(frozen=True)
class DescribedDataset:
    """What Croissant metadata says about a dataset."""

    name: str
    files: tuple[DescribedFile, ...]
    description: str | None = None
    version: str | None = None
    license: str | None = None
    project: str | None = None


def read_metadata(croissant_data: Any) -> DescribedDataset:
    """Read metadata.

    Args:
        croissant_data: a path of a JSON file, JSON text, or a dictionary.

    Raises:
        FileNotFoundError: if there is no such file.
        ValidationError: if a local file has not the checksum that the metadata names.
        ValueError: if it is none of these, no description of a dataset, or lacks a name, files, or the path of a file.

    Example:
        >>> read_metadata({"@type": "Dataset", "name": "x", "distribution": [{"@id": "a", "contentUrl": "s3://b/a"}]}).files
        (DescribedFile(id='a', path='s3://b/a'),)
    """
    data = _as_dictionary(croissant_data)
    if str(data.get("@type", "")).removeprefix("sc:") != "Dataset":
        raise ValueError(f"CroissantML @type must be 'Dataset'. It is {data.get('@type')!r}")
    name = data.get("name")
    if not name:
        raise ValueError("CroissantML must have a 'name' field: it becomes the description or the key of what is saved")
    distribution = data.get("distribution") or []
    if isinstance(distribution, Mapping):
        distribution = [distribution]
    if not distribution:
        raise ValueError("No file distributions found in croissant data: 'distribution' lists the files of the dataset")
    return DescribedDataset(
        name=name,
        files=tuple(_described_file(entry, data) for entry in distribution),
        description=data.get("description"),
        version=None if data.get("version") is None else str(data["version"]),
        license=_text(data.get("license")),
        project=_text(data.get("cr:projectName")),
    )


def _as_dictionary(croissant_data: Any) -> Mapping[str, Any]:
    if isinstance(croissant_data, Mapping):
        return croissant_data
    if isinstance(croissant_data, str) and croissant_data.lstrip().startswith("{"):
        return _parsed(croissant_data, "the text")
    if not isinstance(croissant_data, str) and not hasattr(croissant_data, "read_text"):
        raise ValueError(
            f"croissant_data must be a file path, JSON string, or dictionary. It is a {type(croissant_data).__name__}"
        )
    from lamindb.storage.upath import create_path

    path = create_path(croissant_data)
    if not path.exists():
        raise FileNotFoundError(
            f"File not found: {croissant_data}. Pass the path of a JSON file with Croissant metadata"
        )
    return _parsed(path.read_text(encoding="utf-8"), str(croissant_data))


def _parsed(text: str, where: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{where} is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise ValueError(
            f"croissant_data must be a file path, JSON string, or dictionary. {where} holds a {type(data).__name__}"
        )
    return data


def _described_file(entry: Mapping[str, Any], data: Mapping[str, Any]) -> DescribedFile:
    identifier = str(entry.get("@id") or entry.get("name") or "")
    if identifier and _exists(identifier):
        _verify(identifier, entry)
        return DescribedFile(identifier, identifier)
    path = entry.get("contentUrl") or data.get("url")
    if not path:
        raise ValueError(
            f"No file path found in croissant distribution: {identifier!r} is no existing file, and there is neither a 'contentUrl' "
            "nor a 'url' of the dataset"
        )
    if not _exists(path):
        raise ValueError(f"Inferred file path does not exist: {path} (of {identifier!r})")
    _verify(str(path), entry)
    return DescribedFile(identifier or Path(str(path)).name, str(path))


def _verify(path: str, entry: Mapping[str, Any]) -> None:
    """Compare a local file with the checksum that is named; remote ones would have to be downloaded."""
    import hashlib

    from lamindb.errors import ValidationError

    name = next((name for name in ("sha256", "md5") if entry.get(name)), None)
    local = Path(path.removeprefix("file://"))
    if name is None or not local.is_file():
        return
    with local.open("rb") as file:
        found = hashlib.file_digest(file, name).hexdigest()
    if found != str(entry[name]).strip().lower():
        raise ValidationError(
            f"{path} is not the file that the metadata describes: its {name} is {found}, but should be {entry[name]}. Get the file again, or "
            "mend the metadata"
        )


def _exists(path: str) -> bool:
    from lamindb.storage.upath import create_path

    try:
        return bool(create_path(path).exists())
    except (OSError, ValueError, ImportError):
        return False


def _text(value: Any) -> str | None:
    """Return the text of a value, which may be an object with a name or a URL."""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("url") or value.get("@id")
    return None if value is None else str(value)
