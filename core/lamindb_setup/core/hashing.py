"""Alias of `lamindb.setup.core.hashing`."""

import sys

from lamindb.setup.core import hashing

sys.modules[__name__] = hashing
