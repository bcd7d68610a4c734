"""Imports every registry and link table, for Django: this is the models module of the app."""

from __future__ import annotations

from lamindb.models.artifact import Artifact
from lamindb.models.artifact_links import (
    ArtifactArtifact,
    ArtifactJsonValue,
    ArtifactProject,
    ArtifactRecord,
    ArtifactReference,
    ArtifactRun,
    ArtifactSchema,
    ArtifactULabel,
    ArtifactUser,
)
from lamindb.models.block import (
    ArtifactBlock,
    AttachedBlock,
    BaseBlock,
    Block,
    BranchBlock,
    CollectionBlock,
    FeatureBlock,
    ProjectBlock,
    RecordBlock,
    RunBlock,
    SchemaBlock,
    SpaceBlock,
    TransformBlock,
    ULabelBlock,
)
from lamindb.models.branch import Branch, BranchProject, BranchULabel, BranchUser
from lamindb.models.collection import Collection
from lamindb.models.collection_links import (
    CollectionArtifact,
    CollectionProject,
    CollectionRecord,
    CollectionReference,
    CollectionULabel,
)
from lamindb.models.feature import Feature
from lamindb.models.json_value import JsonValue
from lamindb.models.migration import Migration
from lamindb.models.project import Project
from lamindb.models.project_links import (
    BlockProject,
    FeatureProject,
    ProjectRecord,
    ProjectUser,
    ReferenceRecord,
    ULabelProject,
)
from lamindb.models.record import Record
from lamindb.models.record_links import (
    RecordArtifact,
    RecordCollection,
    RecordJson,
    RecordProject,
    RecordRecord,
    RecordReference,
    RecordRun,
    RecordTransform,
    RecordULabel,
    RecordUser,
)
from lamindb.models.reference import Reference
from lamindb.models.run import Run
from lamindb.models.run_links import (
    RunArtifact,
    RunCollection,
    RunJsonValue,
    RunProject,
    RunRecord,
    RunReference,
    RunRun,
    RunTransform,
    RunULabel,
    RunUser,
)
from lamindb.models.schema import Schema
from lamindb.models.schema_links import SchemaComponent, SchemaFeature, SchemaProject
from lamindb.models.space import Space
from lamindb.models.storage import Storage
from lamindb.models.transform import Transform
from lamindb.models.transform_links import (
    TransformProject,
    TransformRecord,
    TransformReference,
    TransformTransform,
    TransformULabel,
)
from lamindb.models.ulabel import ULabel
from lamindb.models.user import User

__all__ = [
    "Artifact",
    "ArtifactArtifact",
    "ArtifactBlock",
    "ArtifactJsonValue",
    "ArtifactProject",
    "ArtifactRecord",
    "ArtifactReference",
    "ArtifactRun",
    "ArtifactSchema",
    "ArtifactULabel",
    "ArtifactUser",
    "AttachedBlock",
    "BaseBlock",
    "Block",
    "BlockProject",
    "Branch",
    "BranchBlock",
    "BranchProject",
    "BranchULabel",
    "BranchUser",
    "Collection",
    "CollectionArtifact",
    "CollectionBlock",
    "CollectionProject",
    "CollectionRecord",
    "CollectionReference",
    "CollectionULabel",
    "Feature",
    "FeatureBlock",
    "FeatureProject",
    "JsonValue",
    "Migration",
    "Project",
    "ProjectBlock",
    "ProjectRecord",
    "ProjectUser",
    "Record",
    "RecordArtifact",
    "RecordBlock",
    "RecordCollection",
    "RecordJson",
    "RecordProject",
    "RecordRecord",
    "RecordReference",
    "RecordRun",
    "RecordTransform",
    "RecordULabel",
    "RecordUser",
    "Reference",
    "ReferenceRecord",
    "Run",
    "RunArtifact",
    "RunBlock",
    "RunCollection",
    "RunJsonValue",
    "RunProject",
    "RunRecord",
    "RunReference",
    "RunRun",
    "RunTransform",
    "RunULabel",
    "RunUser",
    "Schema",
    "SchemaBlock",
    "SchemaComponent",
    "SchemaFeature",
    "SchemaProject",
    "Space",
    "SpaceBlock",
    "Storage",
    "Transform",
    "TransformBlock",
    "TransformProject",
    "TransformRecord",
    "TransformReference",
    "TransformTransform",
    "TransformULabel",
    "ULabel",
    "ULabelBlock",
    "ULabelProject",
    "User",
]
