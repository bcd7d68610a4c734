"""Times loading of artifacts whose data lies in a bucket and is in the cache, on a server that speaks S3, in turn with the original.

    python benchmarks/cached_loads.py --original /tmp/original/bin/python --rounds 5

Data that is registered where it is has to be compared with the store at each load, by both packages. Data that this package stored itself is
loaded without asking the store; the original stores in a bucket only in instances of its hub, so there is nothing to compare that with.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

#: Both packages run this unchanged: it saves small artifacts to the bucket, then loads them from the cache.
_PROGRAM = """
import json, os, sys, time
try:  # the original asks its hub about new paths; these lines keep it local
    import lamindb_setup.core._settings_instance as s
    s.InstanceSettings.is_on_hub = property(lambda self: False)
except Exception:
    pass
import lamindb as ln
n, root, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
artifacts = []
for i in range(n):
    path = ln.UPath(f"{root.partition('?')[0]}/raw/x{i}.json?{root.partition('?')[2]}")
    artifacts.append(ln.Artifact(path, key=f"raw/x{i}.json", run=False).save())
for a in artifacts:
    a.load()
uids = [a.uid for a in artifacts]
start = time.perf_counter()
for uid in uids:
    assert ln.Artifact.get(uid).load()["a"] is not None
print(json.dumps(time.perf_counter() - start))
"""
_STORED = _PROGRAM.replace(
    """    path = ln.UPath(f"{root.partition('?')[0]}/raw/x{i}.json?{root.partition('?')[2]}")
""",
    """    path = os.path.join(folder, f"x{i}.json")
    open(path, "w").write(json.dumps({"a": i}))
""",
).replace("artifacts = []", "ln.settings.storage = root\nartifacts = []")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--original", required=True, help="Python interpreter that has the original")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--number", type=int, default=50, help="artifacts to load")
    arguments = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(url)
        seconds: dict[str, list[float]] = {}
        for number in range(arguments.rounds):
            for label, python, program in (
                ("original", arguments.original, _PROGRAM),
                ("ours", sys.executable, _PROGRAM),
                ("ours-stored", sys.executable, _STORED),
            ):
                taken = _run(python, program, url, f"{label}{number}", arguments.number)
                seconds.setdefault(label, []).append(taken)
                print(f"round {number + 1}, {label}: {taken * 1000 / arguments.number:.1f} ms per load", flush=True)
    finally:
        server.kill()
        server.wait()
    medians = {label: statistics.median(values) / arguments.number * 1000 for label, values in seconds.items()}
    for label in ("ours", "ours-stored"):
        ratio = medians["original"] / medians[label]
        print(
            f"{label}: {medians[label]:.1f} ms, original {medians['original']:.1f} ms (registered in place): ratio {ratio:.1f}"
        )


def _wait(url: str) -> None:
    for _ in range(300):
        with suppress(OSError):
            urllib.request.urlopen(f"{url}/moto-api/data.json", timeout=5)
            return
        time.sleep(0.1)
    raise SystemExit("the S3 server did not start")


def _run(python: str, program: str, url: str, name: str, number: int) -> float:
    import boto3

    client = boto3.client(
        "s3", endpoint_url=url, region_name="us-east-1", aws_access_key_id="me", aws_secret_access_key="mine"
    )
    client.create_bucket(Bucket=name)
    for i in range(number):
        client.put_object(Bucket=name, Key=f"raw/x{i}.json", Body=json.dumps({"a": i, "b": name}).encode())
    folder = Path(tempfile.mkdtemp(prefix="lamin-bench-"))
    for part in ("cache", "work", "data"):
        (folder / part).mkdir()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("LAMIN", "AWS"))},
        "LAMIN_SETTINGS_DIR": str(folder),
        "LAMIN_CACHE_DIR": str(folder / "cache"),
        "AWS_ACCESS_KEY_ID": "me",
        "AWS_SECRET_ACCESS_KEY": "mine",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    root = f"s3://{name}?endpoint_url={url}"
    register = f"import lamindb as ln; ln.Storage({root!r}).save()"
    keep_local = program.partition("import lamindb as ln\n")[0]
    try:
        steps = [
            [str(Path(python).parent / "lamin"), "init", "--storage", str(folder / "work" / "inst"), "--name", "bench"],
            [python, "-c", keep_local + register],
        ]
        for step in steps:
            subprocess.run(step, env=environment, cwd=folder / "work", check=True, capture_output=True, timeout=120)
        done = subprocess.run(
            [python, "-c", program, str(number), root, str(folder / "data")],
            env=environment, cwd=folder / "work", capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        if done.returncode != 0:
            raise SystemExit(f"{python} failed:\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}")
        return float(json.loads(done.stdout.strip().splitlines()[-1]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
