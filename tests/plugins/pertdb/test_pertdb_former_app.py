"""Databases whose tables were made by `wetlab`, the former name of `pertdb`, are taken over."""

from __future__ import annotations

import pytest

FORMER = """
import lamindb as ln
ln.setup.init(storage={folder!r}, name="former", db={db!r}, modules="bionty,pertdb")
import pertdb
pertdb.Biologic(name="IL-2", type="cytokine").save()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM django_migrations WHERE app = 'pertdb'")
    cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('wetlab', {last!r}, CURRENT_TIMESTAMP)")
    for sql in {changes!r}:
        cursor.execute(sql)
"""
DEPLOY = """
import lamindb as ln
ln.connect("former")
ln.setup.migrate.deploy()
import pertdb
record = pertdb.Biologic.get(name="IL-2")
assert (record.type, record.created_on.name, record.branch.name) == ("cytokine", "main", "main")
pertdb.Biologic(name="IL-4", type="cytokine").save()
pertdb.Compound(name="aspirin").save()
assert ln.setup.migrate.check() and ln.setup.migrate.status().is_compatible
ln.setup.migrate.deploy()
print(pertdb.Biologic.filter().count(), pertdb.Compound.get(name="aspirin").name)
"""
LAST = "0049_remove_biosample_artifacts_and_more"
#: What columns and tables `pertdb` added since; SQLite can't drop a column that is a foreign key.
ADDED_SINCE = {
    "sqlite": ["ALTER TABLE wetlab_biologic DROP COLUMN description", "DROP TABLE wetlab_compound_parents"],
    "postgresql": ["ALTER TABLE wetlab_biologic DROP COLUMN created_on_id", "DROP TABLE wetlab_compound_parents"],
}


def _former(run_python, folder, db, last, changes=()):
    code = FORMER.format(folder=str(folder / "data"), db=db, last=last, changes=list(changes))
    env = {"LAMIN_SETTINGS_DIR": str(folder / "settings")}
    run_python(code, env=env)
    return env


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_the_tables_of_the_former_app_are_completed_and_keep_their_rows(vendor, run_python, tmp_path, request) -> None:
    db = None if vendor == "sqlite" else request.getfixturevalue("postgres_database")()
    env = _former(run_python, tmp_path, db, LAST, ADDED_SINCE[vendor])
    assert run_python(DEPLOY, env=env).stdout.splitlines()[-1] == "2 aspirin"


def test_an_older_state_of_the_former_app_is_refused(run_python, tmp_path) -> None:
    env = _former(run_python, tmp_path, None, "0031_older")
    done = run_python(DEPLOY, env=env, check=False)
    assert "ImproperlyConfigured" in done.stderr and "migrate up to v2 before migrating pertdb" in done.stderr
    assert "0031_older" in done.stderr
