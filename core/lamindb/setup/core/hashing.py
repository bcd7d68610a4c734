"""Hashes: public names of :mod:`lamindb.storage.hashing`."""

from lamindb.storage.hashing import (
    HASH_LENGTH,
    b16_to_b64,
    hash_code,
    hash_dict,
    hash_dir,
    hash_file,
    hash_from_hashes_list,
    hash_set,
    hash_small_bytes,
    hash_string,
    to_b64_str,
)

__all__ = [
    "HASH_LENGTH",
    "b16_to_b64",
    "hash_code",
    "hash_dict",
    "hash_dir",
    "hash_file",
    "hash_from_hashes_list",
    "hash_set",
    "hash_small_bytes",
    "hash_string",
    "to_b64_str",
]
