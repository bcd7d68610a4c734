"""Several processes transfer the same records at once."""

from __future__ import annotations

import os
import subprocess
import sys

CODE = """
import sys
import lamindb as ln

db = ln.DB(sys.argv[1])
for label in db.ULabel.filter(is_type=False).order_by("id"):
    label.save()
db.Transform.get(key="a.py").save()
"""


def test_processes_that_transfer_the_same_records_end_with_one_of_each(instance, other_instance):
    import lamindb as ln

    def fill():
        kind = ln.ULabel(name="Kind", is_type=True).save()
        ln.settings.creation.search_names = False
        ln.save([ln.ULabel(name=f"a{i}", type=kind) for i in range(10)])
        ln.settings.creation.search_names = True
        ln.Transform(key="a.py", source_code="1").save()

    other = other_instance(fill)
    environment = {**os.environ, "LAMIN_CURRENT_INSTANCE": instance.slug}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CODE, other],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        for _ in range(4)
    ]
    outputs = [process.communicate(timeout=300)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, "\n".join(outputs)
    assert ln.ULabel.filter(branch=None).count() == 11
    assert ln.Transform.filter(key="a.py").count() == 1
    assert ln.Transform.filter(key__startswith="__lamindb_transfer__").count() == 1
