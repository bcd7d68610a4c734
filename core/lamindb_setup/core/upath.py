"""Alias of `lamindb.setup.core.upath`."""

import sys

from lamindb.setup.core import upath

sys.modules[__name__] = upath
