"""Bytes and where they live: paths, transfer, hashing, storage roots and their markers, the cache. Knows nothing of instances or registries."""
