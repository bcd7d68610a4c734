"""Pipelines for the tests of lineage: small ones with real files, big ones copied from one row."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln


class Pipelines:
    """Makes transforms, runs and artifacts with real files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, count(1)

    def transform(self, key: str, kind: str = "script") -> Any:
        return ln.Transform.filter(key=key).one_or_none() or ln.Transform(key=key, kind=kind).save()

    def artifact(self, key: str, run: Any = False) -> Any:
        number = next(self.number)
        path = self.folder / f"{number}.txt"
        path.write_text(f"{key} {number}")
        return ln.Artifact(path, key=f"{key}.txt", run=run).save()

    def run(self, key: str, inputs: Iterable[Any] = (), **fields: Any) -> Any:
        run = ln.Run(self.transform(key), **fields).save()
        for record in inputs:
            record.input_of_runs.add(run)
        return run

    def made(self, key: str, inputs: Iterable[Any], *outputs: str) -> list[Any]:
        """Let a run read records and make artifacts."""
        run = self.run(key, inputs)
        return [self.artifact(output, run=run) for output in outputs]


@pytest.fixture
def make_pipelines() -> type[Pipelines]:
    return Pipelines


@pytest.fixture
def pipelines(instance: Any, tmp_path: Path) -> Pipelines:
    return Pipelines(tmp_path)


@pytest.fixture
def log_messages() -> Iterator[list[str]]:
    """What is logged during the test."""
    messages: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("lamindb").addHandler(handler)
    yield messages
    logging.getLogger("lamindb").removeHandler(handler)


def copy_rows(record: Any, changes: list[dict[str, Any]]) -> None:
    """Insert copies of a saved record's row with other values, in a few statements."""
    from django.db import connection

    table = f'"{record._meta.db_table}"'
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [record.pk])
        columns = [column[0] for column in cursor.description]
        row = dict(zip(columns, cursor.fetchone(), strict=True))
        named = ", ".join(f'"{column}"' for column in columns)
        places = ", ".join(["%s"] * len(columns))
        rows = [[{**row, **change}[column] for column in columns] for change in changes]
        cursor.executemany(f"INSERT INTO {table} ({named}) VALUES ({places})", rows)


def insert_links(through: Any, **ids: list[int]) -> None:
    """Insert rows of a link table."""
    through.objects.bulk_create(
        [through(**dict(zip(ids, row, strict=True))) for row in zip(*ids.values(), strict=True)]
    )


@pytest.fixture
def chain(pipelines: Pipelines) -> Callable[[int], Any]:
    """Factory: makes a chain of `n` runs that each read one artifact and make the next; returns the last artifact."""

    def make(n: int) -> Any:
        first = pipelines.artifact("step-0")
        run = pipelines.run("step.py")
        copy_rows(run, [{"id": 100_000 + at, "uid": f"chainrun{at:08}"} for at in range(n)])
        copy_rows(
            first,
            [
                {"id": 100_000 + at, "uid": f"chainartifact{at:07}", "key": f"step-{at + 1}.txt", "hash": f"h{at}",
                 "run_id": 100_000 + at}
                for at in range(n)
            ],
        )  # fmt: skip
        artifacts = [first.pk, *(100_000 + at for at in range(n - 1))]
        insert_links(ln.Artifact.input_of_runs.through, artifact_id=artifacts, run_id=[100_000 + at for at in range(n)])
        return ln.Artifact.get(uid=f"chainartifact{n - 1:07}")

    return make
