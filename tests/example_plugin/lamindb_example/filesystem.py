"""example:// paths: the folder that the environment variable LAMINDB_EXAMPLE_FOLDER names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from fsspec.implementations.dirfs import DirFileSystem
from fsspec.implementations.local import LocalFileSystem

from lamindb.plugins.types import ContentHash


class ExampleFileSystem(DirFileSystem):
    """A folder under another name; `info` has an ETag, as object stores do."""

    protocol = "example"
    sep = "/"  # paths are taken apart before there is a file system

    def __init__(self, folder: str, **options: Any) -> None:
        super().__init__(path=folder, fs=LocalFileSystem(auto_mkdir=True), **options)

    def info(self, path: str, **kwargs: Any) -> dict[str, Any]:
        info = super().info(path, **kwargs)
        if info["type"] == "file":
            import hashlib

            info["ETag"] = hashlib.md5(self.cat_file(path), usedforsecurity=False).hexdigest()
        return info


def credentials(path: Any) -> dict[str, Any]:
    return {"folder": os.environ["LAMINDB_EXAMPLE_FOLDER"]}


def region(path: Any) -> str:
    return "example-1"


def content_hash(info: Mapping[str, Any]) -> ContentHash | None:
    from lamindb.storage.hashing import b16_to_b64

    return ContentHash(b16_to_b64(info["ETag"]), "md5") if "ETag" in info else None


def modified(info: Mapping[str, Any]) -> float | None:
    return info.get("mtime")


def create_exclusive(path: Any, content: bytes) -> bool:
    from lamindb.storage.backends import local_create_exclusive

    return local_create_exclusive(os.path.join(os.environ["LAMINDB_EXAMPLE_FOLDER"], path.path), content)
