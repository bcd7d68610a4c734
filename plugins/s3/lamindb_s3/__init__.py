"""Buckets on Amazon S3, and on servers that speak S3, as storage locations of LaminDB."""

__version__ = "0.1.0"
