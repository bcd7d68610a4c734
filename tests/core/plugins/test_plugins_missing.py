"""Asking for something whose plugin is absent says which package to install."""

from __future__ import annotations

import pytest

from lamindb.plugins import MissingPluginError, manager
from lamindb.plugins.well_known import KNOWN_PLUGINS


@pytest.fixture(autouse=True)
def only_defaults(monkeypatch):
    monkeypatch.setenv("LAMIN_LOAD_PLUGINS", "")
    manager.refresh_plugins()
    yield
    monkeypatch.undo()
    manager.refresh_plugins()


@pytest.mark.parametrize(
    ("asked", "package"),
    [
        ({"suffix": ".h5ad"}, "lamindb-anndata"),
        ({"suffix": ".H5AD"}, "lamindb-anndata"),
        ({"path": "x/donor.1.h5ad.gz"}, "lamindb-anndata"),
        ({"suffix": ".parquet"}, "lamindb-dataframe"),
        ({"protocol": "s3"}, "lamindb-s3"),
        ({"otype": "SpatialData"}, "lamindb-spatialdata"),
    ],
)
def test_the_error_names_the_package(asked, package):
    error = manager.missing_for(**asked)
    assert isinstance(error, MissingPluginError) and isinstance(error, ImportError)
    assert error.package == package
    assert package in str(error)


@pytest.mark.parametrize(
    "asked",
    [
        {"suffix": ".json"},
        {"path": "a.b.json"},
        {"suffix": ".unheard"},
        {"path": "x"},
        {"protocol": "https"},
        {"otype": "X"},
    ],
)
def test_nothing_is_missing_for_what_is_there_or_unheard_of(asked):
    assert manager.missing_for(**asked) is None


def test_missing_for_needs_a_question():
    with pytest.raises(ValueError, match="needs one of"):
        manager.missing_for()


def test_requiring_a_format_raises_what_is_missing():
    with pytest.raises(
        MissingPluginError, match=r"pip install lamindb-dataframe|lamindb-dataframe, which is installed"
    ):
        manager.require_data_format(suffix=".csv", otype="DataFrame")
    with pytest.raises(NotImplementedError, match=r"'.unheard'"):
        manager.require_data_format(suffix=".unheard")
    assert manager.require_data_format(suffix=".json").resolve("loader")


def test_requiring_a_backend_raises_what_is_missing():
    with pytest.raises(MissingPluginError, match="lamindb-s3"):
        manager.require_storage_backend("s3")
    with pytest.raises(ValueError, match="Did you mean 'http'"):
        manager.require_storage_backend("htp")
    assert manager.require_storage_backend("").rename_is_atomic


def test_a_known_package_that_is_installed_but_broken_is_named_with_its_problem(plugins):
    folder = plugins.path / "lamindb_anndata-3.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: lamindb-anndata\nVersion: 3\n")
    (folder / "entry_points.txt").write_text("[lamindb]\nbroken_anndata = broken_anndata_plugin\n")
    (plugins.path / "broken_anndata_plugin.py").write_text("import library_that_is_absent")
    plugins.select("broken_anndata")
    error = manager.missing_for(suffix=".h5ad")
    assert "library_that_is_absent" in str(error) and "pip install --upgrade lamindb-anndata" in str(error)
    plugins.monkeypatch.setenv("LAMIN_LOAD_PLUGINS", "")
    manager.refresh_plugins()
    assert "installed, but not loaded" in str(manager.missing_for(suffix=".h5ad"))


def test_no_suffix_protocol_or_object_type_belongs_to_two_packages():
    for field in ("suffixes", "protocols", "otypes"):
        names = [name for known in KNOWN_PLUGINS for name in getattr(known, field)]
        assert len(names) == len(set(names))
        assert [name for name in names if field != "otypes" and name != name.lower()] == []


def test_the_errors_are_public():
    from lamindb import errors, plugins

    for name in ("MissingPluginError", "PluginConflictError", "PluginImportError"):
        assert getattr(errors, name) is getattr(plugins, name)
