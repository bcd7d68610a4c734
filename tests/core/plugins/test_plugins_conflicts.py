"""What two plugins claim gives an error that names both, when it is asked for; everything else goes on working."""

from __future__ import annotations

import pytest

from lamindb.plugins import PluginConflictError, manager

CLAIMS = {
    "suffix": (
        "lamindb_data_formats",
        'DataFormat(None, (".twice", ".only{n}"))',
        lambda: manager.data_format_for_suffix(".twice"),
        lambda n: manager.data_format_for_suffix(f".only{n}"),
        "'.twice'",
    ),
    "path": (
        "lamindb_data_formats",
        'DataFormat(None, (".twice", ".only{n}"))',
        lambda: manager.data_format_for_path("folder/a.b.twice"),
        lambda n: manager.data_format_for_path(f"a.only{n}"),
        "'.twice'",
    ),
    "otype": (
        "lamindb_data_formats",
        'DataFormat("Twice", (".only{n}",))',
        lambda: manager.data_format_for_otype("Twice"),
        lambda n: manager.data_format_for_suffix(f".only{n}"),
        "'Twice'",
    ),
    "class": (
        "lamindb_data_formats",
        'DataFormat("Only{n}", (".only{n}",), classes=("decimal:Decimal",))',
        lambda: manager.data_format_for_object(__import__("decimal").Decimal(1)),
        lambda n: manager.data_format_for_otype(f"Only{n}"),
        "'decimal:Decimal'",
    ),
    "protocol": (
        "lamindb_storage_backends",
        'StorageBackend(("twice", "only{n}"))',
        lambda: manager.storage_backend_for("twice"),
        lambda n: manager.storage_backend_for(f"only{n}"),
        "'twice'",
    ),
    "module": (
        "lamindb_schema_modules",
        'SchemaModule("twice", "app{n}"); yield SchemaModule("only{n}", "only{n}")',
        lambda: manager.schema_module("twice"),
        lambda n: manager.schema_module(f"only{n}"),
        "'twice'",
    ),
    "curator": (
        "lamindb_curators",
        'CuratorSpec("Twice", get_table="json:load"); yield CuratorSpec("Only{n}", get_table="json:load")',
        lambda: manager.curator_for("Twice"),
        lambda n: manager.curator_for(f"Only{n}"),
        "'Twice'",
    ),
    "command": (
        "lamindb_commands",
        'Command("twice", "json:load"); yield Command("only{n}", "json:load")',
        lambda: manager.command("twice"),
        lambda n: manager.command(f"only{n}"),
        "'twice'",
    ),
    "integration": (
        "lamindb_integrations",
        'Integration("twice", "json"); yield Integration("only{n}", "json")',
        lambda: manager.integration("twice"),
        lambda n: manager.integration(f"only{n}"),
        "'twice'",
    ),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_error_names_both_plugins_and_the_rest_works(plugins, log, claim):
    hook, declaration, ask, ask_other, asked = CLAIMS[claim]
    names = [plugins.add(f"@hookimpl\ndef {hook}():\n    yield {declaration.format(n=n)}\n") for n in (1, 2)]
    with pytest.raises(PluginConflictError) as error:
        ask()
    assert error.value.plugins == tuple(names)
    for part in (*names, asked, "LAMIN_LOAD_PLUGINS"):
        assert part in str(error.value)
    for number, name in enumerate(names, start=1):
        assert ask_other(number).plugin == name
    for plugin in manager.describe_plugins():
        assert [str(error.value)] == list(plugin.conflicts) if plugin.name in names else not plugin.conflicts
    assert log == []


def test_a_plugin_that_claims_what_the_core_does_is_named_with_the_core(plugins):
    name = plugins.add('@hookimpl\ndef lamindb_data_formats():\n    yield DataFormat("Mine", (".json",))\n')
    with pytest.raises(PluginConflictError, match=f"'default_formats' and '{name}'"):
        manager.data_format_for_suffix(".json")
    assert manager.data_format_for_suffix(".yaml") is not None


def test_choosing_one_of_the_plugins_settles_the_conflict(plugins):
    declaration = "@hookimpl\ndef lamindb_data_formats():\n    yield DataFormat(None, ('.twice',))\n"
    first, _ = plugins.add(declaration), plugins.add(declaration)
    plugins.select(first)
    assert manager.data_format_for_suffix(".twice").plugin == first


def test_lists_leave_out_what_is_disputed(plugins):
    for hook, declarations in {
        "lamindb_commands": ("Command('twice', 'json:load')", "Command('once', 'json:load')"),
        "lamindb_integrations": ("Integration('twice', 'json')", "Integration('once', 'json')"),
        "lamindb_schema_modules": ("SchemaModule('twice', 'a')", "SchemaModule('once', 'b')"),
    }.items():
        plugins.add(f"@hookimpl\ndef {hook}():\n    yield {declarations[0]}\n")
        plugins.add(f"@hookimpl\ndef {hook}():\n    yield {declarations[0]}\n    yield {declarations[1]}\n")
    assert [found.name for found in manager.commands()] == ["once"]
    assert [found.name for found in manager.integrations()] == ["once"]
    assert [found.name for found in manager.schema_modules()] == ["once"]


def test_a_plugin_that_claims_something_twice_is_told_so(plugins):
    name = plugins.add(
        "@hookimpl\ndef lamindb_data_formats():\n    yield DataFormat(None, ('.twice',))\n    yield DataFormat('A', ('.twice',))\n"
    )
    with pytest.raises(PluginConflictError, match=f"{name}.*'.twice' twice"):
        manager.data_format_for_suffix(".twice")
