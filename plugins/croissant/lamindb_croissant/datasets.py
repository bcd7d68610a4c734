"""Saves the datasets that Croissant metadata describes."""

from __future__ import annotations

from typing import Any

from lamindb.base.logging import logger
from lamindb_croissant.metadata import DescribedDataset, DescribedFile, read_metadata


def curate_from_croissant(croissant_data: Any, run: Any = None) -> Any:
    """Save the files that Croissant metadata describes, and label them with the licence and the project.

    Files in a storage location of the instance stay where they are; others are copied into the storage. No schema is validated.

    Args:
        croissant_data: a path of a JSON file, JSON text, or a dictionary.
        run: run that made the dataset.

    Returns:
        The saved artifact; of several files a collection of artifacts.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no description of a dataset, or a file that it names doesn't exist.

    Example:
        >>> artifact = ln.integrations.curate_from_croissant("metadata.json")  # doctest: +SKIP
    """
    from lamindb.models import Collection

    dataset = read_metadata(croissant_data)
    license_label, project = _license(dataset.license), _project(dataset.project)
    is_single = len(dataset.files) == 1
    description = _description(dataset) if is_single else None
    artifacts = [_save_artifact(file, dataset, description, run) for file in dataset.files]
    for artifact in artifacts:
        _label(artifact, license_label, project)
    if is_single:
        return artifacts[0]
    collection = Collection(
        artifacts, key=dataset.name, description=dataset.description, version=dataset.version, run=run
    ).save()
    _label(collection, license_label, project)
    return collection


def _description(dataset: DescribedDataset) -> str:
    return f"{dataset.name} - {dataset.description}" if dataset.description else dataset.name


def _save_artifact(file: DescribedFile, dataset: DescribedDataset, description: str | None, run: Any) -> Any:
    from lamindb.models import Artifact

    key = None
    if not _is_in_known_storage(file.path):
        logger.warning(
            "file path %s is not part of a known storage location, will be duplicated to: %s",
            file.path,
            _current_root(),
        )
        key = file.id
    return Artifact(
        file.path, key=key, description=description, version=dataset.version, kind="dataset", run=run
    ).save()


def _is_in_known_storage(path: str) -> bool:
    from lamindb.models import Storage
    from lamindb.storage.roots import path_as_text
    from lamindb.storage.upath import create_path

    made = create_path(path)
    text = path_as_text(made) if "://" in str(made) else made.absolute().resolve().as_posix()
    return any(text.startswith(f"{root.rstrip('/')}/") for root in Storage.filter().to_list("root"))


def _current_root() -> str:
    from lamindb import settings

    return str(settings.storage.root)


def _license(name: str | None) -> Any:
    from lamindb.models import ULabel

    if name is None:
        return None
    kind = ULabel.filter(name="License", is_type=True).first()
    if kind is None:
        kind = ULabel(name="License", is_type=True, description="Dataset license", _skip_validation=True).save()
    existing = ULabel.filter(name=name, type=kind).first()
    return existing or ULabel(name=name, type=kind, description="Dataset license", _skip_validation=True).save()


def _project(name: str | None) -> Any:
    from lamindb.models import Project

    if name is None:
        return None
    return Project.filter(name=name).first() or Project(name=name).save()


def _label(record: Any, license_label: Any, project: Any) -> None:
    if license_label is not None:
        record.ulabels.add(license_label)
    if project is not None:
        record.projects.add(project)
