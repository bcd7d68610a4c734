"""Repositories on Hugging Face as storage locations of LaminDB."""

__version__ = "0.1.0"
