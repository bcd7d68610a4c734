"""Alias of `lamindb.setup.io`."""

import sys

from lamindb.setup import io

sys.modules[__name__] = io
