"""Paths: public names of :mod:`lamindb.storage`."""

from lamindb.storage.progress import TransferProgress
from lamindb.storage.roots import storage_type_of as get_storage_type
from lamindb.storage.suffixes import infer_suffix as extract_suffix_from_path
from lamindb.storage.upath import UPath, create_path, local_or_remote
from lamindb.storage.view_tree import view_tree

__all__ = [
    "TransferProgress",
    "UPath",
    "create_path",
    "extract_suffix_from_path",
    "get_storage_type",
    "local_or_remote",
    "view_tree",
]
