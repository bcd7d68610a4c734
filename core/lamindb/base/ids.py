"""Former name of :mod:`lamindb.base.uids`, kept because users' migrations refer to it."""

from lamindb.base.uids import *  # noqa: F403
