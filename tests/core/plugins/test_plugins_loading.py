"""Plugins are found lazily, loaded once, and a broken one is reported by name without harm to the rest."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import pytest

from lamindb.plugins import manager

GOOD = """
@hookimpl
def lamindb_data_formats():
    yield DataFormat("Good", (".good",), loader="json:load")
"""


def _info(name):
    return next(plugin for plugin in manager.describe_plugins() if plugin.name == name)


def _assert_good_works():
    assert manager.data_format_for_suffix(".good").otype == "Good"
    assert manager.data_format_for_suffix(".json") is not None


def test_a_plugin_named_in_the_environment_is_loaded(plugins):
    name = plugins.add(GOOD)
    _assert_good_works()
    assert _info(name).contributes == {"data formats": ("Good: .good",)}
    assert _info(name).errors == ()


def test_an_empty_list_leaves_the_defaults_of_the_core(plugins):
    plugins.monkeypatch.setenv("LAMIN_LOAD_PLUGINS", "")
    manager.refresh_plugins()
    assert [plugin.name for plugin in manager.describe_plugins()] == [
        "default_storage",
        "default_formats",
        "default_demo",
    ]
    assert all(plugin.is_default and plugin.distribution == "lamindb-core" for plugin in manager.describe_plugins())


def test_a_name_that_is_no_plugin_is_reported_once(plugins, log):
    plugins.add(GOOD)
    plugins.select("no_such_plugin", *plugins.names)
    _assert_good_works()
    manager.describe_plugins()
    assert len(log) == 1
    assert "no_such_plugin" in log[0] and "LAMIN_LOAD_PLUGINS" in log[0]


def test_a_plugin_that_needs_an_absent_library_is_reported_with_the_mend(plugins, log):
    broken = plugins.add("import library_that_is_absent")
    plugins.add(GOOD)
    _assert_good_works()
    assert len(log) == 1
    assert broken in log[0] and "pip install library_that_is_absent" in log[0]
    assert "pip install library_that_is_absent" in _info(broken).errors[0]


@pytest.mark.parametrize("statement", ["raise RuntimeError('no luck')", "raise SystemExit(3)", "1 / 0", "def f(:"])
def test_a_plugin_whose_module_fails_does_not_stop_the_rest(plugins, log, statement):
    broken = plugins.add(statement)
    plugins.add(GOOD)
    _assert_good_works()
    assert len(log) == 1 and repr(broken) in log[0]
    assert _info(broken).contributes == {}


def test_a_hook_that_raises_is_reported_and_the_plugins_other_hooks_work(plugins, log):
    broken = plugins.add("""
    @hookimpl
    def lamindb_data_formats():
        yield DataFormat("Half", (".half",))
        raise KeyError("lost")

    @hookimpl
    def lamindb_curators():
        yield CuratorSpec("Half", get_table="json:load")
    """)
    plugins.add(GOOD)
    _assert_good_works()
    assert manager.data_format_for_suffix(".half") is None
    assert manager.curator_for("Half").plugin == broken
    assert len(log) == 1
    assert "lamindb_data_formats" in log[0] and "lost" in log[0]


def test_a_declaration_with_a_wrong_value_is_reported(plugins, log):
    plugins.add("""
    @hookimpl
    def lamindb_data_formats():
        yield DataFormat("NoDot", ("nodot",))
    """)
    plugins.add(GOOD)
    _assert_good_works()
    assert len(log) == 1 and "'nodot'" in log[0] and "starts with a dot" in log[0]


def test_what_has_the_wrong_type_is_reported_and_left_out(plugins, log):
    broken = plugins.add("""
    @hookimpl
    def lamindb_data_formats():
        return ["a string", DataFormat("Fine", (".fine",)), StorageBackend(("fine",))]
    """)
    assert manager.data_format_for_suffix(".fine").otype == "Fine"
    assert len(_info(broken).errors) == 2 == len(log)
    assert "'a string', a str" in log[0] and "DataFormat" in log[0]
    assert "StorageBackend" in log[1]


def test_a_single_declaration_and_none_are_accepted(plugins, log):
    plugins.add("""
    @hookimpl
    def lamindb_data_formats():
        return DataFormat("Single", (".single",))

    @hookimpl
    def lamindb_curators():
        return None
    """)
    assert manager.data_format_for_suffix(".single").otype == "Single"
    assert manager.curators() == []
    assert log == []


def test_a_misspelled_hook_is_reported_with_the_right_name(plugins, log):
    plugins.add("""
    @hookimpl
    def lamindb_data_format():
        return []
    """)
    manager.describe_plugins()
    assert len(log) == 1 and "Did you mean 'lamindb_data_formats'?" in log[0]


def test_a_hook_with_unknown_arguments_is_reported(plugins, log):
    plugins.add("""
    @hookimpl
    def lamindb_data_formats(files):
        return []
    """)
    plugins.add(GOOD)
    _assert_good_works()
    assert len(log) == 1 and "files" in log[0]


def test_a_wrapper_is_refused(plugins, log):
    plugins.add("""
    @hookimpl(wrapper=True)
    def lamindb_data_formats():
        return (yield)
    """)
    plugins.add(GOOD)
    _assert_good_works()
    assert len(log) == 1 and "wrapper" in log[0]


def test_a_module_without_hooks_is_reported(plugins, log):
    plugins.add("def lamindb_data_formats():\n    return []\n")
    manager.describe_plugins()
    assert len(log) == 1 and "@hookimpl" in log[0]


def test_lazy_names_of_a_plugin_module_are_not_touched(plugins, log):
    plugins.add(
        GOOD
        + textwrap.dedent("""
        def __getattr__(name):
            raise RuntimeError(f"{name} was touched")

        def __dir__():
            return ["Registry", "lamindb_data_formats"]
        """)
    )
    _assert_good_works()
    assert log == []


def test_a_plugin_that_asks_while_it_is_loaded_gets_an_answer_and_is_complete_later(plugins, log):
    plugins.add(
        """
        from lamindb.plugins import manager
        seen = manager.data_format_for_suffix(".good")
        """
        + textwrap.indent(GOOD, "        ")
    )
    _assert_good_works()
    assert log == []


def test_a_plugin_that_is_imported_before_lamindb_looks_for_plugins_is_registered(plugins):
    plugins.add(GOOD, name="early_bird")
    code = """
    import early_bird, sys
    from lamindb.plugins import manager
    assert manager.data_format_for_suffix(".good").plugin == "early_bird"
    assert [error for plugin in manager.describe_plugins() for error in plugin.errors] == []
    """
    _run(code, plugins)


def test_a_plugin_that_asks_at_the_top_of_its_own_import_is_registered_afterwards(plugins):
    source = """
    from lamindb.plugins import manager
    seen_by_itself = manager.data_format_for_suffix(".good")
    others_are_there = manager.data_format_for_suffix(".json") is not None
    """
    plugins.add(textwrap.dedent(source) + GOOD, name="impatient")
    code = """
    import impatient
    from lamindb.plugins import manager
    assert impatient.seen_by_itself is None and impatient.others_are_there
    assert manager.data_format_for_suffix(".good").plugin == "impatient"
    assert [error for plugin in manager.describe_plugins() for error in plugin.errors] == []
    """
    _run(code, plugins)


def _run(code, plugins):
    environment = {**os.environ, "PYTHONPATH": str(plugins.path), "LAMIN_LOAD_PLUGINS": ",".join(plugins.names)}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def installed(plugins):
    """Write distributions with entry points, as they lie in site-packages."""

    def write(distribution, version, entry_points):
        folder = plugins.path / f"{distribution.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        lines = [f"{name} = {target}" for name, target in entry_points.items()]
        (folder / "entry_points.txt").write_text("\n".join(["[lamindb]", *lines, ""]))

    return write


def test_name_and_version_of_an_installed_plugin_are_known(plugins, installed):
    module = plugins.add(GOOD)
    installed("lab-formats", "2.5", {"lab": module})
    plugins.select("lab")
    _assert_good_works()
    assert (_info("lab").distribution, _info("lab").version) == ("lab-formats", "2.5")


def test_the_mend_of_an_installed_plugin_names_its_distribution(plugins, installed, log):
    module = plugins.add("import library_that_is_absent")
    installed("lab-formats", "2.5", {"lab": module})
    plugins.select("lab")
    assert _info("lab").mend == "pip install --upgrade lab-formats, or pip uninstall lab-formats"
    assert "lab-formats 2.5" in log[0]


def test_two_installed_plugins_of_the_same_name_are_both_loaded(plugins, installed):
    first = plugins.add(GOOD)
    second = plugins.add(GOOD.replace("Good", "Other").replace(".good", ".other"))
    installed("lab-a", "1", {"lab": first})
    installed("lab-b", "1", {"lab": second})
    plugins.select("lab")
    _assert_good_works()
    assert manager.data_format_for_suffix(".other").otype == "Other"


def test_an_entry_point_can_name_an_object_in_a_module(plugins, installed):
    module = plugins.add("""
    class _Hooks:
        @hookimpl
        def lamindb_data_formats(self):
            yield DataFormat("Good", (".good",))

    hooks = _Hooks()
    """)
    installed("lab-a", "1", {"lab": f"{module}:hooks"})
    plugins.select("lab")
    _assert_good_works()


def test_one_module_under_two_entry_points_counts_once(plugins, installed, log):
    module = plugins.add(GOOD)
    installed("lab-a", "1", {"one": module, "two": module})
    plugins.select("one", "two")
    _assert_good_works()
    assert len(log) == 1 and "already loaded as the plugin 'one'" in log[0]


def test_threads_that_ask_at_the_same_time_load_a_plugin_once(plugins, tmp_path):
    calls = tmp_path / "calls"
    slow = f"import time\ntime.sleep(0.2)\nopen({str(calls)!r}, 'a').write('x')\n"
    plugins.add(slow + GOOD)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: manager.data_format_for_suffix(".good"), range(16)))
    assert {format.otype for format in found} == {"Good"}
    assert calls.read_text() == "x"


def test_a_plugin_that_another_thread_is_importing_is_registered_when_that_is_done(plugins, log):
    name = plugins.add("import time\ntime.sleep(0.5)\n" + GOOD)
    with ThreadPoolExecutor(1) as pool:
        imported = pool.submit(importlib.import_module, name)
        while name not in sys.modules:
            assert not imported.done() or imported.result()
        assert manager.data_format_for_suffix(".json") is not None
        imported.result()
    _assert_good_works()
    assert log == []


def test_a_failing_import_that_was_waited_for_is_reported(plugins, log):
    plugins.add(GOOD)
    source = "from lamindb.plugins import manager\nmanager.data_formats()\nraise RuntimeError('no luck')\n"
    broken = plugins.add(source)
    with pytest.raises(RuntimeError, match="no luck"):
        importlib.import_module(broken)
    _assert_good_works()
    assert len(log) == 1 and broken in log[0] and "no luck" in log[0]
