"""Several processes write to one instance at once: nothing is lost, and nobody is told that the database is locked."""

from __future__ import annotations

import os
import subprocess
import sys

N_PROCESSES = 8

WRITER = """
import sys
import lamindb as ln

number = sys.argv[1]
for i in range(3):
    ln.ULabel(name=f"single {number} {i}").save()
    ln.Transform(key="shared.py", source_code=f"{number} {i}").save()
ln.settings.creation.search_names = False
ln.save([ln.ULabel(name=f"bulk {number} {i}") for i in range(50)])
shared = ln.Transform.get(key="shared.py")
ln.save([ln.Transform(revises=shared, source_code=f"{number} bulk {i}") for i in range(2)])
"""


def test_eight_processes_write_labels_and_versions_of_one_key_at_once(instance):
    import lamindb as ln

    ln.Transform(key="shared.py", source_code="first").save()
    environment = {**os.environ, "LAMIN_CURRENT_INSTANCE": instance.slug}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
        )
        for number in range(N_PROCESSES)
    ]  # fmt: skip
    outputs = [process.communicate(timeout=300)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * N_PROCESSES, "\n".join(outputs)
    assert "database is locked" not in "".join(outputs)
    assert ln.ULabel.filter(name__startswith="single").count() == N_PROCESSES * 3
    assert ln.ULabel.filter(name__startswith="bulk").count() == N_PROCESSES * 50
    versions = ln.Transform.filter(key="shared.py")
    assert versions.count() == 1 + N_PROCESSES * 5
    assert len({uid[:12] for uid in versions.to_list("uid")}) == 1
    assert len(set(versions.to_list("source_code"))) == 1 + N_PROCESSES * 5
    assert versions.filter(is_latest=True).count() == 1
