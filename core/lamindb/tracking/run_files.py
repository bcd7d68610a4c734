"""Files that belong to runs: log reports and environments, stored as artifacts of kind `__lamindb_run__`."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from lamindb.base import context
from lamindb.base.context import TRASH_BRANCH_ID
from lamindb.base.logging import logger
from lamindb.base.registries import registry
from lamindb.errors import NoStorageLocationForSpace
from lamindb.storage.hashing import hash_string
from lamindb.tracking.environment import Environment, environment
from lamindb.tracking.redaction import redact_urls

RUN_KIND = "__lamindb_run__"
#: Environment artifacts of this process: (uid of the instance, hash) -> artifact.
_environments: dict[tuple[str, str], Any] = {}
_environments_lock = threading.Lock()


def cache_dir() -> Path:
    """Return the cache folder of this machine."""
    from lamindb.setup import settings

    return settings.cache_dir_path


def log_path(run: Any) -> Path:
    """Return where the log of a run is written while it runs."""
    return cache_dir() / f"run_logs_{run.uid}.txt"


def save_report(run: Any, data: bytes) -> Any:
    """Store the content of a log, in UTF-8, as the report of a run, which is assigned but not saved."""
    path = log_path(run)
    run.report = _save(path, data, f"log streams of run {run.uid}")
    return run.report


def save_page(run: Any, html: str) -> Any:
    """Store an html page as the report of a run, which is assigned but not saved."""
    run.report = _save(cache_dir() / f"report_{run.uid}.html", html, f"Report of run {run.uid}")
    return run.report


def environment_artifact(instance_uid: str, known: Any = None) -> Any:
    """Return the artifact that holds the environment of this process; each content is stored once per instance.

    Args:
        instance_uid: uid of the connected instance.
        known: environment of the same code when it ran before, which is likely the same.
    """
    return _stored(environment(), instance_uid, known)


def foreign_environment(run: Any, instance_uid: str) -> Any:
    """Return the artifact of the environment that a client of another language left for a run; `None` if there is none.

    The R client writes `environments/run_<uid>/r_environment.txt` in the cache while the run is going on.
    """
    file = cache_dir() / "environments" / f"run_{run.uid}" / "r_environment.txt"
    try:
        text = redact_urls(file.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    if not text.strip():
        logger.warning("%s is empty: no environment of R is linked with run %s", file, run.uid)
        return None
    artifact = _stored(Environment(file.name, text), instance_uid)
    file.unlink(missing_ok=True)
    return artifact


def _stored(packages: Environment, instance_uid: str, known: Any = None) -> Any:
    key = (instance_uid, hash_string(packages.text))
    with _environments_lock:
        if key not in _environments:
            _environments[key] = _find_or_save(packages, key[1], known)
        return _environments[key]


def _find_or_save(packages: Environment, hash: str, known: Any) -> Any:
    if known is not None and known.hash == hash:
        return known
    stored = registry("Artifact").objects.filter(hash=hash, kind=RUN_KIND).exclude(branch_id=TRASH_BRANCH_ID)
    found = stored.exclude(_aux__so=1).order_by("-id").first()
    if found is not None:
        return found
    from lamindb.base.uids import base62_20

    # shared by all runs with these packages, hence not put where only the one run belongs
    variables = (context.run_space_var, context.run_branch_var, context.current_project_var)
    tokens = [(variable, variable.set(None)) for variable in variables]
    try:
        path = cache_dir() / "environments" / f"{base62_20()}{Path(packages.name).suffix}"
        return _save(path, packages.text, packages.name)
    finally:
        for variable, token in tokens:
            variable.reset(token)


def _save(path: Path, content: str | bytes, description: str) -> Any:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace"))
    try:
        return _artifact(path, description).save()
    finally:
        path.unlink(missing_ok=True)


def _artifact(path: Path, description: str) -> Any:
    """Make the artifact of a file; if the space of the run has no storage location, in the default one and its space."""
    fields = {"kind": RUN_KIND, "description": description, "run": False, "skip_hash_lookup": True}
    try:
        return registry("Artifact")(path, **fields)
    except NoStorageLocationForSpace as error:
        from lamindb.setup import settings

        storage = registry("Storage").objects.get(root=settings.instance.storage.root_as_str)
        logger.warning("storing the %s in %s: %s", description, storage.root, error)
        return registry("Artifact")(path, storage=storage, **fields)
