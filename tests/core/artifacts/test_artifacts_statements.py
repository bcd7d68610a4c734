"""How many statements the everyday calls send, and what they must still notice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection, transaction


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_saving_costs_five_statements_running_again_two_and_loading_two(
    instance: Any, tmp_path: Path, count_queries: Any
) -> None:
    import lamindb as ln

    ln.Artifact(_file(tmp_path, "warm.txt", "warm"), key="warm.txt", run=False).save()
    path = _file(tmp_path, "a.txt", "one")
    with count_queries() as queries:
        artifact = ln.Artifact(path, key="a.txt", run=False).save()
    assert len([sql for sql in queries if not sql.startswith(("BEGIN", "COMMIT"))]) <= 6
    assert artifact._aux is None and ln.Artifact.get(artifact.uid)._aux is None
    with count_queries() as queries:
        again = ln.Artifact(path, key="a.txt", run=False).save()
    assert again.pk == artifact.pk and len(queries) == 2
    assert not any(sql.startswith("UPDATE") for sql in queries)
    with count_queries() as queries:
        assert ln.Artifact.get(key="a.txt").load() == "one"
    assert len(queries) == 2


def test_what_is_changed_on_known_content_is_written(instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    path = _file(tmp_path, "a.txt", "one")
    ln.Artifact(path, key="a.txt", run=False).save()
    ln.Artifact(path, key="a.txt", description="first", run=False).save()
    assert ln.Artifact.get(key="a.txt").description == "first"
    known = ln.Artifact(path, key="a.txt", run=False)
    known.extra_data = {"site": "north"}
    known.save()
    known = ln.Artifact(path, key="a.txt", run=False)
    known.extra_data["site"] = "south"  # the value itself changes
    known.save()
    assert ln.Artifact.get(key="a.txt").extra_data == {"site": "south"}
    known = ln.Artifact(path, key="a.txt", run=False)
    known.description = "second"
    known.save()
    known.description = "first"
    known.save()
    assert ln.Artifact.get(key="a.txt").description == "first"


def test_known_content_can_be_trashed_and_brought_back(instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    path = _file(tmp_path, "a.txt", "one")
    ln.Artifact(path, key="a.txt", run=False).save()
    known = ln.Artifact(path, key="a.txt", run=False)
    known.delete(permanent=False)
    assert ln.Artifact.filter(key="a.txt").count() == 0
    known.branch_id = 1
    known.save()
    assert ln.Artifact.get(key="a.txt").uid == known.uid


def test_two_artifacts_prepared_for_one_new_key_become_versions(instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    first = ln.Artifact(_file(tmp_path, "a.txt", "one"), key="k.txt", run=False)
    second = ln.Artifact(_file(tmp_path, "b.txt", "two"), key="k.txt", run=False)
    first.save()
    second.save()
    assert second.stem_uid == first.stem_uid and second.uid != first.uid
    assert [one.load() for one in second.versions] == ["two", "one"]
    assert ln.Artifact.get(key="k.txt").uid == second.uid


def test_saving_inside_of_a_transaction_works_and_rolls_back(instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    path = _file(tmp_path, "a.txt", "one")
    with transaction.atomic():
        ln.Artifact(path, key="a.txt", run=False).save()
        transaction.set_rollback(True)
    assert ln.Artifact.filter(key="a.txt").count() == 0
    assert ln.Artifact(path, key="a.txt", run=False).save().load() == "one"


def test_a_finished_save_is_waited_for_until_it_is_on_disk(sqlite_instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    ln.Artifact(_file(tmp_path, "a.txt", "one"), key="a.txt", run=False).save()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
