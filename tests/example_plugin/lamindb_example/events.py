"""Notes events in the file that the environment variable LAMINDB_EXAMPLE_EVENTS names."""

import os


def note(event: str, uid: str) -> None:
    path = os.environ.get("LAMINDB_EXAMPLE_EVENTS")
    if path is not None:
        with open(path, "a", encoding="utf-8") as stream:
            stream.write(f"{event} {uid}\n")
