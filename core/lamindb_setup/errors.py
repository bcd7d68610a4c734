"""Alias of `lamindb.setup.errors`."""

import sys

from lamindb.setup import errors

sys.modules[__name__] = errors
