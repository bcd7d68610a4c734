"""Type aliases and literals of the public interface."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lamindb.base.fields import FieldAttr

ArtifactKind: TypeAlias = Literal["dataset", "model", "plan", "__lamindb_run__", "__lamindb_config__"]
TransformKind: TypeAlias = Literal["pipeline", "notebook", "script", "function"]
TransformType: TypeAlias = TransformKind
BlockKind: TypeAlias = Literal["readme", "comment"]
BranchStatus: TypeAlias = Literal["standalone", "draft", "review", "merged", "closed"]
RunStatus: TypeAlias = Literal["scheduled", "restarted", "started", "completed", "errored", "aborted"]
StorageType: TypeAlias = Literal["local", "s3", "gs", "hf", "http", "https"]
TransferMode: TypeAlias = Literal["sqlrecord", "notes", "annotations", "record"]
RegistryId: TypeAlias = Literal[
    "__lamindb_artifact__",
    "__lamindb_block__",
    "__lamindb_collection__",
    "__lamindb_feature__",
    "__lamindb_jsonvalue__",
    "__lamindb_project__",
    "__lamindb_record__",
    "__lamindb_run__",
    "__lamindb_schema__",
    "__lamindb_storage__",
    "__lamindb_transform__",
    "__lamindb_ulabel__",
]
DtypeStr: TypeAlias = Literal[
    "int", "float", "num", "str", "bool", "date", "datetime", "dict", "path", "url", "object"
]  # the simple ones, as lamindb.base.dtypes.SIMPLE_DTYPES
Dtype: TypeAlias = DtypeStr
AnyPathStr: TypeAlias = "str | Path"


class Unset(Enum):
    """Class of `UNSET`, which tells "not passed" from an explicit `None`."""

    UNSET = "unset"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"


#: Default of `type` in constructors: a record of this name under any type is meant, while `None` means one without type.
UNSET = Unset.UNSET

if TYPE_CHECKING:
    StrField: TypeAlias = str | FieldAttr
    ListLike: TypeAlias = Iterable[Any]
else:
    StrField = Any
    ListLike = Any


def __getattr__(name: str) -> Any:
    if name == "FieldAttr":  # lives with the fields, because it needs Django
        from lamindb.base.fields import FieldAttr

        return FieldAttr
    if name == "CanonicalSuffix":  # knows hundreds of suffixes
        from lamindb.base.canonical_suffix import CanonicalSuffix

        return CanonicalSuffix
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
