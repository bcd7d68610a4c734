"""Switches of the running process that several rooms read; `ln.settings` shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class CreationSettings:
    """How records are created."""

    #: Look for records with the same or a similar name when one is constructed.
    search_names: bool = True
    #: Look for artifacts with the same hash when one is constructed.
    artifact_if_hash_exists: str = "return_latest"
    #: Do not warn about a missing run when an artifact is created.
    artifact_silence_missing_run_warning: bool = False
    #: Skip hashing files; only their size is stored.
    artifact_skip_size_hash: bool = False
    #: Keep the data of a keyed artifact under its uid, so that a key can change without moving bytes.
    _artifact_use_virtual_keys: bool = True


@dataclass
class AnnotationSettings:
    """How datasets are annotated."""

    #: Up to how many records are created from values in one go.
    n_max_records: int = 1000


@dataclass
class TrackingSettings:
    """What is recorded about runs."""

    #: Record what a run reads as its input.
    track_run_inputs: bool = True
    #: Repository that source code is synchronised with; `None` leaves it to the environment and the instance.
    sync_git_repo: str | None = None


creation_settings = CreationSettings()
annotation_settings = AnnotationSettings()
tracking_settings = TrackingSettings()
