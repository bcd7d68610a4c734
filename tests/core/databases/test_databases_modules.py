"""Registries of schema modules on other databases: they work by declaration, in a process of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "example_plugin"

CODE = """
import lamindb as ln

ln.setup.init(storage="with", name="with", modules="lamindb_example")
with_module = ln.setup.settings.instance.slug
import lamindb_example
treatment = lamindb_example.Treatment(name="aspirin").save()
open("cells.txt", "w").write("cells")
ln.Artifact("cells.txt", key="cells.txt").save().treatments.add(treatment)
ln.setup.init(storage="also", name="also", modules="lamindb_example")
also = ln.setup.settings.instance.slug

db = ln.DB(with_module)
assert "lamindb_example" in dir(db), dir(db)
assert dir(db.lamindb_example) == ["Treatment"], dir(db.lamindb_example)
assert repr(db.lamindb_example.Treatment) == "<QuerySet [Treatment]>"
remote = db.lamindb_example.Treatment.get(name="aspirin")
assert remote._state.db == with_module
from lamindb.models.query_set import Lamindb_exampleDB
assert isinstance(db.lamindb_example, Lamindb_exampleDB)
local = remote.save()
assert local._state.db == "default"
assert lamindb_example.Treatment.get(name="aspirin") == local
try:
    db.lamindb_example.Treatmnt
except AttributeError as error:
    assert "Treatment" in str(error), error
else:
    raise SystemExit("a misspelled registry was found")
for _ in range(2):
    artifact = db.Artifact.get(key="cells.txt").save(transfer="annotations")
assert artifact.treatments.to_list("name") == ["aspirin"]
assert artifact.links_treatment.count() == 1

ln.setup.init(storage="without", name="without")
without = ln.setup.settings.instance.slug
assert ln.DB(with_module).lamindb_example.Treatment.filter(name="aspirin").count() == 1
skipped = ln.DB(with_module).Artifact.get(key="cells.txt").save(transfer="annotations")
assert skipped._state.db == "default"
ln.connect(also)
try:
    ln.DB(without).lamindb_example
except AttributeError as error:
    assert f"'lamindb_example' not available in instance '{without}'" in str(error), error
else:
    raise SystemExit("a module was found that the instance does not have")
try:
    lamindb_example.Treatment.connect(without)
except ln.setup.errors.ModuleWasntConfigured as error:
    assert without in str(error), error
else:
    raise SystemExit("a registry was found that the instance does not have")
"""


def test_a_module_is_reached_where_it_is_mounted_and_named_where_it_is_not(run_python, tmp_path):
    if not EXAMPLE.exists():
        pytest.skip("the example plugin is not here")
    environment = {"PYTHONPATH": str(EXAMPLE), "LAMIN_SETTINGS_DIR": str(tmp_path / "settings")}
    done = run_python(CODE, cwd=tmp_path, env=environment)
    assert "skipped 1 lamindb_example.ArtifactTreatment" in done.stdout + done.stderr
