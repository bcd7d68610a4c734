"""Queries: query sets and managers, filters and the default branch scope, search, lookup, data frames.

This room works on the registries that it is handed; it never imports `lamindb.models`.
"""
