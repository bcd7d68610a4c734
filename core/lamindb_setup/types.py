"""Alias of `lamindb.setup.types`."""

import sys

from lamindb.setup import types

sys.modules[__name__] = types
