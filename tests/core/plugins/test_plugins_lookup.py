"""What the core asks: formats by suffix, object, object type and path; modules, sources, curators, events."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamindb.plugins import PluginConflictError, PluginImportError, manager

FORMATS = """
@hookimpl
def lamindb_data_formats():
    yield DataFormat("Table", (".table", ".table.gz", ".deep.store"), classes=("decimal:Decimal",))
    yield DataFormat("A", (".a",), shared_suffixes=(".store",), recognises="store_content:is_a")
    yield DataFormat("B", (), shared_suffixes=(".store",), recognises="store_content:is_b")
"""


@pytest.fixture
def formats(plugins):
    (plugins.path / "store_content.py").write_text(
        "def is_a(path):\n    return 'a' in path.read_text()\n\n"
        "def is_b(path):\n    if 'boom' in path.read_text():\n        raise OSError('unreadable')\n    return 'b' in path.read_text()\n"
    )
    plugins.add(FORMATS)
    yield plugins
    sys.modules.pop("store_content", None)


def test_the_case_of_a_suffix_does_not_matter(formats):
    assert manager.data_format_for_suffix(".TABLE").otype == "Table"
    assert manager.data_format_for_path("x/DATA.Table.GZ").otype == "Table"


@pytest.mark.parametrize(
    ("path", "otype"),
    [
        ("a.b.c.table", "Table"),
        ("v1.2.table.gz", "Table"),
        (Path("folder.table/x.txt"), None),
        ("x.deep.store", "Table"),
        ("https://host/x.table?version=2.a", "Table"),
        ("s3://bucket/key.a", "A"),
        ("no_suffix", None),
        (".table", None),
        ("x.gz", None),
    ],
)
def test_the_longest_known_suffix_of_a_name_counts(formats, path, otype):
    found = manager.data_format_for_path(path)
    assert (found.otype if found else None) == otype


@pytest.mark.parametrize(("content", "otype"), [("a", "A"), ("b", "B"), ("c", None)])
def test_the_content_decides_where_formats_share_a_suffix(formats, tmp_path, content, otype):
    path = tmp_path / "x.store"
    path.write_text(content)
    for spelling in (path, str(path)):
        found = manager.data_format_for_path(spelling)
        assert (found.otype if found else None) == otype
    assert manager.data_format_for_suffix(".store") is None


def test_two_formats_that_recognise_the_same_content_are_named(formats, tmp_path):
    (tmp_path / "x.store").write_text("ab")
    with pytest.raises(PluginConflictError, match=r"content of 'x.store'"):
        manager.data_format_for_path(tmp_path / "x.store")


def test_a_format_that_fails_to_look_at_content_is_logged_and_left_out(formats, tmp_path, log):
    (tmp_path / "x.store").write_text("boom a")
    assert manager.data_format_for_path(tmp_path / "x.store").otype == "A"
    assert len(log) == 1 and "unreadable" in log[0]


def test_content_of_absent_and_remote_paths_is_not_looked_at(formats):
    assert manager.data_format_for_path("absent.store") is None
    assert manager.data_format_for_path("s3://bucket/x.store") is None


def test_objects_are_recognised_by_the_name_and_module_of_their_class(formats):
    from decimal import Decimal

    class Subclass(Decimal):
        pass

    namesake = type("Decimal", (), {})
    assert manager.data_format_for_object(Decimal(1)).otype == "Table"
    assert manager.data_format_for_object(Subclass(1)).otype == "Table"
    for other in (namesake(), "text", Path("x.table"), None, 3):
        assert manager.data_format_for_object(other) is None


def test_recognising_objects_and_paths_imports_no_library(run_python):
    code = """
    import sys
    from lamindb.plugins import manager
    manager.data_format_for_object(object()), manager.data_format_for_path("x.h5ad"), manager.describe_plugins()
    heavy = {"pandas", "numpy", "pyarrow", "anndata", "django", "fsspec", "click", "rich", "IPython"}
    print(sorted(heavy & set(sys.modules)))
    """
    import textwrap

    assert (
        run_python(textwrap.dedent(code), env={"_LAMIN_DEFER_CONNECT": "1", "LAMIN_LOAD_PLUGINS": ""}).stdout.strip()
        == "[]"
    )


def test_declarations_are_asked_once(plugins, tmp_path):
    calls = tmp_path / "calls"
    plugins.add(f"""
    @hookimpl
    def lamindb_data_formats():
        with open({str(calls)!r}, "a") as stream:
            stream.write("x")
        yield DataFormat("Once", (".once",))
    """)
    for _ in range(3):
        manager.data_format_for_suffix(".once"), manager.data_format_for_otype("Once"), manager.describe_plugins()
    assert calls.read_text() == "x"


def test_lists_can_be_changed_without_harm(formats):
    manager.data_formats().clear()
    assert manager.data_format_for_otype("Table") is not None


def test_a_module_without_declaration_is_none(plugins):
    plugins.add(
        "@hookimpl\ndef lamindb_schema_modules():\n    yield SchemaModule('my-lab', 'labs.mylab', requires=('bionty',))\n"
    )
    module = manager.schema_module("my-lab")
    assert (module.app, module.app_label, module.title, module.requires) == (
        "labs.mylab",
        "mylab",
        "My-lab",
        ("bionty",),
    )
    assert manager.schema_modules() == [module]
    assert manager.schema_module("plain_django_app") is None


def test_sources_are_asked_per_registry_in_order(plugins):
    for name in ("first", "second"):
        plugins.add(f"""
        @hookimpl
        def lamindb_reference_sources(registry):
            if registry.__name__ == "Tissue":
                yield ReferenceSource({name!r}, "lab.Tissue", validate="json:loads")
        """)
    tissue, other = type("Tissue", (), {}), type("Other", (), {})
    assert [source.name for source in manager.reference_sources(tissue)] == ["first", "second"]
    assert manager.reference_sources(other) == []


def test_a_source_can_ask_to_be_first_or_last(plugins):
    for name in ("trylast", "", "tryfirst", " "):
        mark = f"@hookimpl({name}=True)" if name.strip() else "@hookimpl"
        plugins.add(f"""
        {mark}
        def lamindb_reference_sources(registry):
            yield ReferenceSource({name!r}, "lab.Tissue", validate="json:loads")
        """)
    sources = manager.reference_sources(type("Tissue", (), {}))
    assert [source.name for source in sources] == ["tryfirst", "", " ", "trylast"]


@pytest.mark.parametrize("problem", ["ValueError('no network')", "SystemExit('no network')"])
def test_what_an_event_plugin_raises_is_logged_and_the_others_are_told(plugins, log, tmp_path, problem):
    notes = tmp_path / "notes"
    broken = plugins.add(f"@hookimpl\ndef lamindb_artifact_saved(artifact):\n    raise {problem}\n")
    plugins.add(f"@hookimpl\ndef lamindb_artifact_saved(artifact):\n    open({str(notes)!r}, 'w').write(artifact)\n")
    plugins.add("@hookimpl\ndef lamindb_artifact_saved():\n    pass\n")
    manager.call_event("lamindb_artifact_saved", artifact="the artifact")
    assert notes.read_text() == "the artifact"
    assert len(log) == 1 and broken in log[0] and "no network" in log[0]


def test_an_unknown_event_is_refused(plugins):
    with pytest.raises(ValueError, match="Did you mean 'lamindb_artifact_saved'"):
        manager.call_event("lamindb_artifact_save", artifact=None)


def test_an_integration_whose_library_is_absent_says_what_to_install(plugins):
    name = plugins.add("""
    @hookimpl
    def lamindb_integrations():
        yield Integration("report", "reports_of_lab")
    """)
    (plugins.path / "reports_of_lab.py").write_text("import library_that_is_absent")
    with pytest.raises(PluginImportError, match=f"'report'.*'{name}'.*pip install library_that_is_absent"):
        manager.integration("report").load()


def test_importing_lamindb_and_asking_nothing_loads_no_plugin(plugins):
    plugins.add("raise SystemExit('loaded too early')", name="too_early")
    code = "import lamindb, sys; from lamindb import hookimpl; sys.exit('too_early' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=plugins.path)
    assert done.returncode == 0, done.stderr
    assert "too_early" not in done.stdout + done.stderr


@given(
    st.text(st.characters(exclude_characters="/\\.?\0", exclude_categories=["Cs"]), min_size=1),
    st.sampled_from([str.lower, str.upper]),
)
def test_every_declared_suffix_is_recognised_behind_any_name(stem, change_case):
    for found in manager.data_formats():
        for suffix in found.suffixes:
            name = stem + change_case(suffix)
            assert manager.data_format_for_path(name) is manager.data_format_for_path(f"folder.txt/{name}") is found
