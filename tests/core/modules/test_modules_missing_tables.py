"""Errors about tables and columns that a database lacks say what helps."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

import lamindb as ln


def test_a_database_older_than_the_package_is_named_with_what_helps(instance):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE lamindb_project RENAME COLUMN abbr TO gone")
        cursor.execute("ALTER TABLE lamindb_reference RENAME TO lamindb_gone")
    for statement in (ln.Project.filter().first, ln.Project(name="P").save, ln.Reference.filter().count):
        with pytest.raises(DatabaseError) as error:
            statement()
        assert instance.slug in str(error.value)
        assert "lamin migrate deploy" in str(error.value)


@pytest.mark.parametrize("sql", ["SELECT * FROM nonsense", "SELECT lamindb_ulabel.nonsense FROM lamindb_ulabel"])
def test_what_no_package_has_is_left_as_the_database_says_it(instance, sql):
    from django.db import connection

    with connection.cursor() as cursor, pytest.raises(DatabaseError) as error:
        cursor.execute(sql)
    assert "nonsense" in str(error.value)
    assert "migrate" not in str(error.value)


def test_a_module_that_an_earlier_instance_of_the_process_had_is_named(lab, simple_models):
    lab.package("mylab", simple_models("mylab"))
    done = lab.run("""
import lamindb as ln
ln.setup.init(storage="plain")
ln.setup.init(storage="first", modules="mylab")
from mylab import Donor
Donor(name="D1").save()
ln.connect("plain")
print(">", ln.setup.settings.modules_warning)
try:
    Donor.filter().count()
except Exception as error:
    print(">", type(error).__name__, str(error).replace("\\n", " | "))
ln.setup.init(storage="second", modules="mylab")
print(">", ln.setup.settings.modules_warning, Donor.filter().count())
""")
    warning, error, after = (line.removeprefix("> ") for line in done.stdout.splitlines() if line.startswith("> "))
    assert "mylab: loaded, but not part of the instance" in warning
    assert error.startswith(
        "OperationalError no such table: mylab_donor | anonymous/plain has no schema module 'mylab'"
    )
    assert "new process" in error
    assert after == "None 0"


def test_a_module_that_is_installed_but_not_mounted_can_not_be_viewed(lab, simple_models):
    lab.package("mylab", simple_models("mylab"))
    done = lab.run("import lamindb as ln\nln.setup.init(storage='plain')\nln.view(modules='mylab')", check=False)
    assert "ModuleWasntConfigured: 'mylab'" in done.stderr
    done = lab.run("import lamindb as ln\nln.view(modules='nolab')", check=False)
    assert "schema module 'nolab' is not installed" in done.stderr
