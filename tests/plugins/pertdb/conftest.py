"""The cases need a process whose registries include those of the modules; `test_pertdb_process.py` starts one."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("LAMINDB_TEST_MODULES") else ["cases/*"]
