"""Declarations refuse values that have no meaning, and import their heavy parts on first use."""

from __future__ import annotations

import dataclasses

import pytest

from lamindb.plugins import (
    Command,
    CuratorSpec,
    DataFormat,
    Integration,
    PluginImportError,
    SchemaModule,
    StorageBackend,
)
from lamindb.plugins.types import load_object


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DataFormat("A", ".a"), "tuple of strings"),
        (lambda: DataFormat("A", ("a",)), "starts with a dot"),
        (lambda: DataFormat("A", ("./a",)), "starts with a dot"),
        (lambda: DataFormat("A", ()), "needs suffixes or classes"),
        (lambda: DataFormat("A", (".a",), loader="module.function"), "package.module:attribute"),
        (lambda: DataFormat("A", (".a",), loader=print), "package.module:attribute"),
        (lambda: DataFormat("A", (".a",), classes=("pandas.DataFrame",)), "package:Class"),
        (lambda: DataFormat("A", (".a",), shared_suffixes=(".zarr",)), "recognises"),
        (lambda: StorageBackend(()), "at least one"),
        (lambda: StorageBackend(("s3://",)), "without '://'"),
        (lambda: StorageBackend("s3"), "tuple of strings"),
        (lambda: SchemaModule("my lab", "mylab"), "my lab"),
        (lambda: Command("Hello World", "a:b"), "Hello World"),
        (lambda: Integration("_x", "a"), "public Python name"),
        (lambda: Integration("x", "a b"), "package.module"),
        (lambda: CuratorSpec("A", get_table="x"), "package.module:attribute"),
    ],
)
def test_a_meaningless_value_is_refused(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_declarations_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DataFormat("A", (".a",)).otype = "B"


def test_suffixes_are_kept_in_lower_case_as_a_tuple():
    assert DataFormat("A", [".A", ".A.GZ"]).suffixes == (".a", ".a.gz")


def test_the_format_that_a_user_names_gives_the_suffix():
    found = DataFormat("AnnData", (".h5ad", ".h5ad.gz", ".anndata.zarr"), written_suffixes=(".h5ad", ".anndata.zarr"))
    assert [found.suffix_for(name) for name in (None, "h5ad", ".anndata.zarr", "H5AD")] == [
        ".h5ad",
        ".h5ad",
        ".anndata.zarr",
        ".h5ad",
    ]
    with pytest.raises(ValueError, match=r"\.h5ad\.gz.*use one of \.h5ad, \.anndata\.zarr"):
        found.suffix_for("h5ad.gz")
    with pytest.raises(ValueError, match="can't be written"):
        DataFormat("A", (), classes=("a:A",)).suffix_for()


def test_a_part_is_imported_when_it_is_asked():
    found = DataFormat("A", (".a",), loader="json:loads", plugin="lab")
    assert found.resolve("loader")("[1]") == [1]
    with pytest.raises(NotImplementedError, match="'A' of the plugin 'lab' has no writer"):
        found.resolve("writer")
    with pytest.raises(AttributeError, match="loder"):
        found.resolve("loder")


@pytest.mark.parametrize(
    ("reference", "mend"),
    [
        ("json:lods", "json has no 'lods'"),
        ("json.absent_part:x", "reinstall the plugin 'lab'"),
        ("library_that_is_absent.io:read", "reinstall the plugin 'lab'"),
    ],
)
def test_a_part_that_cannot_be_imported_names_plugin_and_attribute(reference, mend):
    with pytest.raises(PluginImportError) as error:
        load_object(reference, "lab")
    for part in ("'lab'", reference, mend):
        assert part in str(error.value)


def test_a_part_whose_library_is_absent_names_the_library(tmp_path, monkeypatch):
    (tmp_path / "needs_a_library.py").write_text("import library_that_is_absent.io")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PluginImportError, match="pip install library_that_is_absent"):
        load_object("needs_a_library:read", "lab")


def test_a_backend_without_parts_answers_with_nothing():
    backend = StorageBackend(("plain",))
    assert backend.storage_options("plain://x") == {}
    assert backend.region_of("x") is backend.hash_of({}) is backend.modified_at({}) is None


def test_the_public_curator_is_named_without_importing_it():
    assert CuratorSpec("A", get_table="a:b", curator="absent.module:ACurator").curator_name == "ACurator"
    assert CuratorSpec("A", get_table="a:b").curator_name is None
