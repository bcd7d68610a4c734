"""Alias of `lamindb.setup.core.django`."""

import sys

from lamindb.setup.core import django

sys.modules[__name__] = django
