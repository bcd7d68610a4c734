"""The constructor of artifacts: which arguments are refused with which error, where data goes, and what known content takes over."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.errors import FieldValidationError, NoStorageLocationForSpace, ValidationError


def test_wrong_arguments_are_told_by_class_and_text(instance: Any, write: Any) -> None:
    path, run = write("a.txt"), ln.Run(ln.Transform(key="t").save()).save()
    with pytest.raises(ValueError, match="Only one non-keyword arg allowed: path"):
        ln.Artifact(path, "second")
    with pytest.raises(TypeError, match="needs data"):
        ln.Artifact(key="a.txt")
    with pytest.raises(TypeError, match="`revises` has to be of type `Artifact`"):
        ln.Artifact(path, revises="first")
    with pytest.raises(FieldValidationError, match="can be passed, but you passed: 'colour'"):
        ln.Artifact(path, key="a.txt", colour="red")
    with pytest.raises(ValueError, match="Pass one of key, run or description as a parameter"):
        ln.Artifact(path)
    with pytest.raises(ValueError, match="key that contains a managed storage path"):
        ln.Artifact(path, key=".lamindb/a.txt")
    records = {
        "run": run,
        "schema": ln.Schema(name="s", itype="Feature").save(),
        "branch": ln.Branch.get(1),
        "space": ln.Space.get(1),
        "storage": ln.Storage.get(1),
    }
    for name, record in records.items():
        with pytest.raises(ValueError, match=f"Do not pass both {name.capitalize()} and its id at the same time"):
            ln.Artifact(path, key="a.txt", **{name: record, f"{name}_id": record.id})
        with pytest.raises(AssertionError, match=f"Expected {name.capitalize()}, got Transform"):
            ln.Artifact(path, key="a.txt", **{name: run.transform})
    with pytest.raises(ValueError, match="mean the same"):
        ln.Artifact(path, key="a.txt", key_is_virtual=True, _key_is_virtual=True)
    assert ln.Artifact.filter().count() == 0


def test_ids_and_former_names_are_taken(instance: Any, write: Any) -> None:
    run = ln.Run(ln.Transform(key="t").save()).save()
    schema = ln.Schema(name="s", itype="Feature").save()
    ids = {"run_id": run.id, "storage_id": 1, "space_id": 1, "branch_id": 1, "schema_id": schema.id}
    made = ln.Artifact(write("a.txt"), key="a.txt", **ids).save()
    assert {name: getattr(made, name) for name in ids} == ids
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        former = ln.Artifact(data=write("b.txt", "b"), key="b.txt", type="model")
    assert former.kind == "model" and caught[0].category is DeprecationWarning
    assert ln.Artifact(write("c.txt", "c"), key="c.txt", otype="Mine", kind="my own kind").save().otype == "Mine"
    with pytest.raises(FieldValidationError, match="kind: the text has 21 characters"):
        ln.Artifact(write("d.txt", "d"), key="d.txt", kind="k" * 21)
    row = [getattr(made, field.attname) for field in ln.Artifact._meta.concrete_fields]
    assert ln.Artifact(*row) == made, "as many values as columns are a row"


def test_a_version_tag_is_a_text_that_no_other_version_has(instance: Any, write: Any) -> None:
    for number in ("1", "2"):
        ln.Artifact(write("a.txt", number), key="a.txt", version=number).save()
    with pytest.raises(ValueError, match="`version` parameter must be `None` or `str`"):
        ln.Artifact(write("a.txt", "3"), key="a.txt", version=3)
    for taken in ("1", "2"):
        with pytest.raises(ValueError, match=f"change the version tag or leave it `None`, '{taken}' is already taken"):
            ln.Artifact(write("a.txt", "3"), key="a.txt", version=taken)
    third = ln.Artifact(write("a.txt", "3"), key="a.txt", version="3").save()
    assert [one.version for one in third.versions] == ["3", "2", "1"]
    assert ln.Artifact.get(key="a.txt", version="1").version_tag == "1"


def test_external_features_are_validated_before_anything_is_stored(instance: Any, write: Any) -> None:
    temperature = ln.Feature(name="temperature", dtype=float).save()
    schema = ln.Schema([temperature], name="external").save()
    with pytest.raises(ValidationError, match="temperature"):
        ln.Artifact(write("a.txt"), key="a.txt", features={"temperature": "warm"}, schema=schema)
    made = ln.Artifact(write("a.txt"), key="a.txt", features={temperature: 21.5}, schema=schema).save()
    assert made.features.get_values() == {"temperature": 21.5} and made.schema == schema


def test_the_space_decides_where_data_goes(instance: Any, write: Any, tmp_path: Path, capsys: Any) -> None:
    space = ln.Space(name="lab").save()
    path = write("a.txt")
    with pytest.raises(NoStorageLocationForSpace):
        ln.Artifact(path, key="a.txt", space=space)
    first, second = (ln.Storage(str(tmp_path / name), space=space).save() for name in ("first", "second"))
    capsys.readouterr()
    made = ln.Artifact(path, key="a.txt", space=space, storage=ln.Storage.get(1))
    told = capsys.readouterr().out
    assert (
        made.storage == first and "storage information from space takes precedence" in told and "took the first" in told
    )
    named = ln.Artifact(path, key="a.txt", storage=second)
    assert named.storage == second and named.space == space


def test_known_content_takes_what_it_lacks_and_keeps_the_rest(instance: Any, write: Any) -> None:
    path = write("a.txt")
    first = ln.Artifact(path, description="no key").save()
    again = ln.Artifact(path, key="named/a.txt", kind="model", version="9").save()
    assert again == first and again.key == "named/a.txt" and again.kind is None and again.version_tag is None
    assert ln.Artifact(path, key="named/a.txt", description="other words").save().description == "other words"
    run, later = (ln.Run(ln.Transform(key="t").save()).save() for _ in range(2))
    assert ln.Artifact(path, key="named/a.txt", run=run).save().run == run
    assert ln.Artifact(path, key="named/a.txt", run=later).run == run
    assert list(first.recreating_runs.all()) == [later]
    copy = ln.Artifact(path, key="copy.txt", skip_hash_lookup=True).save()
    assert copy != first and copy.hash == first.hash and ln.Artifact.filter().count() == 2


def test_size_and_hash_can_be_skipped(instance: Any, write: Any) -> None:
    ln.settings.creation.artifact_skip_size_hash = True
    first = ln.Artifact(write("a.txt", "1"), key="a.txt").save()
    assert (first.size, first.hash, first._hash_type, first.n_files) == (None,) * 4 and first.load() == "1"
    second = ln.Artifact(write("a.txt", "1"), key="a.txt").save()
    assert second.stem_uid == first.stem_uid and second.uid != first.uid


def test_keys_are_real_where_they_are_wanted(instance: Any, write: Any) -> None:
    root = Path(instance.storage.root_as_str)
    ln.settings.creation._artifact_use_virtual_keys = False
    real = ln.Artifact(write("a.txt"), key="real/a.txt").save()
    assert not real._key_is_virtual and real.path == root / "real" / "a.txt" and real.load() == "x"
    assert ln.Artifact(write("b.txt", "b"), description="has no key")._key_is_virtual
    ln.settings.creation._artifact_use_virtual_keys = True
    assert not ln.Artifact(write("c.txt", "c"), key="c.txt", key_is_virtual=False)._key_is_virtual
    here = root / "here.txt"
    here.write_text("here")
    with pytest.raises(ValueError, match="without a virtual key and _key_is_virtual=True"):
        ln.Artifact(here, _key_is_virtual=True)
    with pytest.raises(ValueError, match="with a virtual key and _key_is_virtual=False"):
        ln.Artifact(here, key="other.txt", _key_is_virtual=False)
    beside = Path(f"{root}-1") / "x.txt"
    beside.parent.mkdir()
    beside.write_text("beside")
    assert ln.Artifact(beside, key="beside.txt")._key_is_virtual, "a root is left only at the end of a folder name"


def test_formats_are_recognised_by_name_and_by_the_attributes_of_zarr(sqlite_instance: Any, write: Any) -> None:
    for plugin in ("lamindb_dataframe", "lamindb_anndata", "lamindb_mudata", "lamindb_spatialdata"):
        pytest.importorskip(plugin)
    names = {
        "a.parquet": "DataFrame",
        "a.csv": "DataFrame",
        "a.ipc": "DataFrame",
        "a.h5ad.gz": "AnnData",
        "a.h5mu": "MuData",
        "a.fcs": None,
    }
    for number, (name, otype) in enumerate(names.items()):
        made = ln.Artifact(write(f"files/{name}", f"{number}"), key=name)
        assert (made.otype, made.kind, made.n_observations) == (otype, None, None), name
    attributes = {
        '{"encoding-type": "anndata"}': "AnnData", '{"encoding-type": "MuData"}': "MuData", '{"spatialdata_attrs": {}}': "SpatialData", "{}": None,
    }  # fmt: skip
    for number, (text, otype) in enumerate(attributes.items()):
        second = write(f"v2-{number}.zarr/.zattrs", text)
        write(f"v2-{number}.zarr/.zgroup", '{"zarr_format": 2}')
        third = write(
            f"v3-{number}.zarr/zarr.json", f'{{"zarr_format": 3, "node_type": "group", "attributes": {text}}}'
        )
        for path in (second, third):
            assert ln.Artifact(path.parent, key=path.parent.name).otype == otype, path
    with pytest.raises(TypeError, match="data has to be a string, Path, UPath"):
        ln.Artifact(3, key="three")


def test_only_registries_are_queried(sqlite_instance: Any, write: Any) -> None:
    made = ln.Artifact(write("a.txt"), key="a.txt").save()
    for name in ("get", "filter"):
        with pytest.raises(TypeError, match=rf"Artifact\.{name}"):
            getattr(made, name)
        assert not hasattr(made, name)
    assert ln.Artifact.get(made.uid[:5]) == made and ln.Artifact.filter(key="a.txt").one() == made
