"""Every hook is declared with an example that works when it is copied."""

from __future__ import annotations

import inspect
import textwrap

import pytest

from lamindb.plugins import hookspecs, manager
from lamindb.plugins.loading import DECLARATION_HOOKS

HOOKS = [name for name, found in vars(hookspecs).items() if inspect.isfunction(found) and name.startswith("lamindb_")]


def _example(hook):
    doc = inspect.getdoc(getattr(hookspecs, hook))
    _, marker, example = doc.partition("Example::\n")
    assert marker, f"{hook} has no example"
    return textwrap.dedent(example)


def test_every_hook_yields_declarations_or_is_an_event():
    assert sorted(HOOKS) == sorted([*DECLARATION_HOOKS, *hookspecs.EVENTS])


@pytest.mark.parametrize("hook", DECLARATION_HOOKS)
def test_the_example_of_a_hook_is_a_working_plugin(plugins, log, hook):
    name = plugins.add(_example(hook))
    if hook == "lamindb_reference_sources":
        registry = type("Strain", (), {"__get_name_with_module__": classmethod(lambda cls: "mylab.Strain")})
        found = manager.reference_sources(registry)
    else:
        found = [declaration for declaration in manager.declarations(hook) if declaration.plugin == name]
    assert [type(declaration) for declaration in found] == [DECLARATION_HOOKS[hook]]
    assert next(plugin for plugin in manager.describe_plugins() if plugin.name == name).contributes
    assert log == []


@pytest.mark.parametrize("event", hookspecs.EVENTS)
def test_the_example_of_an_event_is_a_working_plugin(plugins, log, caplog, event):
    plugins.add(_example(event))
    argument = next(iter(inspect.signature(getattr(hookspecs, event)).parameters))
    record = type("Record", (), {"uid": "uid-of-the-record", "status": "completed"})()
    with caplog.at_level("INFO", logger="mylab"):
        manager.call_event(event, **{argument: record})
    assert "uid-of-the-record" in caplog.text
    assert log == []
