"""Registries with public sources, and datasets whose slots a plugin knows: the example plugin, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

_EXAMPLE = Path(__file__).resolve().parents[2] / "example_plugin"
_HEAD = """
import lamindb as ln
import pathlib
ln.setup.init(storage="./store", name=pathlib.Path.cwd().name.replace("_", "-"), modules="lamindb_example")
import pandas as pd
import lamindb_example as ex
from lamindb_example.spectra import Spectrum

def problems(curator):
    try:
        curator.validate()
    except ln.errors.ValidationError as error:
        return str(error)
    return ""
"""


@pytest.fixture
def run_with_example(run_python, tmp_path):
    def run(code):
        environment = {
            "PYTHONPATH": str(_EXAMPLE),
            "LAMIN_SETTINGS_DIR": str(tmp_path / "settings"),  # no instance of an earlier test is the current one
            "LAMIN_LOAD_PLUGINS": "lamindb_example.plugin,lamindb_dataframe.plugin",
        }
        return run_python(_HEAD + code, env=environment, cwd=tmp_path).stdout

    return run


def test_terms_of_a_public_source_are_saved_and_its_synonyms_standardised(run_with_example):
    run_with_example("""
schema = ln.Schema([ln.Feature(name="drug", dtype=ex.Treatment).save()]).save()
values = ["aspirin", "acetaminophen", "ibuprofen", "paracetamol", "phenacetin", "zzz"]
frame = pd.DataFrame({"drug": pd.Categorical(values)})
curator = ln.curators.DataFrameCurator(frame, schema)
text = problems(curator)
assert "3 terms not validated in feature 'drug': 'acetaminophen', 'phenacetin', 'zzz'" in text, text
assert '2 synonyms found: "acetaminophen" → "paracetamol"' in text
assert '→ curate synonyms via: curator.cat.standardize("drug")' in text
assert sorted(ex.Treatment.filter().to_list("name")) == ["aspirin", "control", "ibuprofen", "paracetamol"]
try:
    curator.cat.add_new_from("drug")
    raise SystemExit("synonyms were taken for terms")
except ln.errors.ValidationError as error:
    assert "Please run `.standardize()` before adding new values" in str(error)
curator.cat.standardize("drug")
assert str(frame["drug"].dtype) == "category" and frame["drug"].tolist().count("paracetamol") == 3
assert problems(curator).startswith("1 term not validated in feature 'drug': 'zzz'")
curator.cat.add_new_from("drug")
artifact = curator.save_artifact(key="x.parquet")
assert artifact.features.get_values()["drug"] == {"aspirin", "ibuprofen", "paracetamol", "zzz"}
assert ln.Artifact.filter(drug="zzz").one() == artifact
""")


def test_identifiers_of_other_registries_are_looked_up(run_with_example):
    run_with_example("""
frame = pd.DataFrame({"aspirin": [1], "unknown": [2]})
schema = ln.Schema(itype=ex.Treatment.name).save()
curator = ln.curators.DataFrameCurator(frame, schema)
artifact = curator.save_artifact(key="x.parquet")
assert artifact.features.slots["columns"].members.to_list("name") == ["aspirin"]
strict = ln.Schema(itype=ex.Treatment.name, maximal_set=True).save()
assert "1 term not validated in feature 'columns': 'unknown'" in problems(ln.curators.DataFrameCurator(frame, strict))
members = ln.Schema([ex.Treatment.get(name="control")], maximal_set=True).save()
assert "'aspirin', 'unknown'" in problems(ln.curators.DataFrameCurator(frame, members))
by_values = ln.Schema.from_values(["aspirin", "ibuprofen"], field=ex.Treatment.name)
assert by_values.n_members == 2 and by_values.dtype == "num"
assert ln.Schema.from_dataframe(frame, field=ex.Treatment.name).n_members == 1
try:
    ln.Schema.from_dataframe(frame.assign(ibuprofen=[1.5]), field=ex.Treatment.name)
    raise SystemExit("dtypes differ")
except ValueError as error:
    assert "data types are heterogeneous" in str(error)
""")


def test_slots_of_a_plugin_are_validated_together_and_converted_tables_are_put_back(run_with_example):
    run_with_example("""
peak, height = ln.Feature(name="peak", dtype=ex.Treatment).save(), ln.Feature(name="height", dtype=float, coerce=True).save()
component = ln.Schema([peak, height], coerce=True).save()
schema = ln.Schema(slots={"peaks": component}, otype="Spectrum").save()
spectrum = Spectrum(["aspirin", "x"], ["1.5", "2"])
curator = ln.curators.SlotsCurator(spectrum, schema)
assert repr(curator).endswith("(Spectrum), slots: ['peaks'], unvalidated)"), repr(curator)
text = problems(curator)
assert "1 term not validated in feature 'peak' in slot 'peaks': 'x'" in text, text
assert "curator.slots['peaks'].cat.add_new_from('peak')" in text
curator.slots["peaks"].cat.add_new_from("peak")
curator.validate()
assert spectrum.heights == [1.5, 2.0]
try:
    ln.curators.SlotsCurator({}, schema)
    raise SystemExit("a dictionary is no Spectrum")
except ln.errors.InvalidArgument as error:
    assert "dataset must be Spectrum-like." in str(error)
""")


def test_curators_of_plugins_that_are_missing_name_the_package(run_with_example):
    run_with_example("""
try:
    ln.curators.MuDataCurator
    raise SystemExit("nobody brings it")
except ln.errors.MissingPluginError as error:
    assert "lamindb-mudata" in str(error)
""")
