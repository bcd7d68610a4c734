"""The example plugin, installed as a distribution of its own, proves each hook with its real entry point."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


def test_it_is_listed_with_everything_that_it_contributes(run_with_example):
    printed = run_with_example("""
    import json
    from dataclasses import asdict
    from lamindb.plugins import manager
    print(json.dumps([asdict(plugin) for plugin in manager.describe_plugins()]))
    """)
    example = next(plugin for plugin in json.loads(printed) if plugin["name"] == "example")
    assert (example["distribution"], example["version"], example["is_default"]) == ("lamindb-example", "1.2.3", False)
    assert example["errors"] == example["conflicts"] == []
    assert example["contributes"] == {
        "schema modules": ["lamindb_example"],
        "storage backends": ["example"],
        "data formats": ["Spectrum: .spectrum, .spectrum.gz, .bundle"],
        "curators": ["Spectrum"],
        "commands": ["hello-example"],
        "integrations": ["export_spectrum", "example_spectra"],
        "reference sources": ["asked per registry"],
        "events": ["artifact deleted", "artifact saved", "run finished", "run started"],
    }


def test_listing_it_imports_only_the_plugin_module(run_with_example):
    printed = run_with_example("""
    import sys
    from lamindb.plugins import manager
    manager.describe_plugins()
    print(sorted(name for name in sys.modules if name.startswith("lamindb_example")))
    """)
    assert printed.split("\n")[-2] == "['lamindb_example', 'lamindb_example.plugin']"


def test_it_is_not_loaded_when_the_environment_says_so(run_with_example):
    code = """
    from lamindb.plugins import manager
    print([plugin.name for plugin in manager.describe_plugins()], manager.data_format_for_suffix(".spectrum"))
    """
    assert "['default_storage', 'default_formats', 'default_demo'] None" in run_with_example(
        code, LAMIN_LOAD_PLUGINS=""
    )
    assert "'default_demo', 'example']" in run_with_example(code, LAMIN_LOAD_PLUGINS="example")


def test_its_format_recognises_writes_loads_opens_counts_and_concatenates(run_with_example):
    run_with_example("""
    from pathlib import Path
    from lamindb.plugins import manager
    from lamindb_example.spectra import Spectrum
    spectrum = Spectrum(["b4", "y7"], [1.5, 2.0])
    found = manager.data_format_for_object(spectrum)
    for suffix in (".spectrum", ".spectrum.gz"):
        path = Path("measured" + suffix)
        found.resolve("writer")(spectrum, path)
        assert manager.data_format_for_path(path) == manager.data_format_for_suffix(suffix) == found
        assert found.resolve("loader")(path) == spectrum
        assert found.resolve("counter")(path) == found.resolve("counter")(spectrum) == 2
    with found.resolve("opener")(Path("measured.spectrum")) as stream:
        assert "b4" in stream.read()
    assert found.resolve("concatenator")([spectrum, spectrum], keys=["u1", "u2"], join="inner").peaks == ["b4", "y7"] * 2
    bundle, other = Path("x.bundle"), Path("y.bundle")
    bundle.mkdir(), other.mkdir()
    found.resolve("writer")(spectrum, bundle / "spectrum.json")
    assert manager.data_format_for_path(bundle) == found and manager.data_format_for_path(other) is None
    assert found.resolve("loader")(bundle) == spectrum
    """)


def test_its_curator_turns_a_slot_into_a_table_and_back(run_with_example):
    run_with_example("""
    from lamindb.plugins import manager
    from lamindb_example.spectra import Spectrum
    spectrum = Spectrum(["b4", "y7"], [1.5, 2.0])
    curator = manager.curator_for("Spectrum")
    assert curator.resolve("slots")(spectrum) == ["peaks"]
    table = curator.resolve("get_table")(spectrum, "peaks")
    curator.resolve("set_table")(spectrum, "peaks", table.assign(height=[3.0, 4.0]))
    assert spectrum == Spectrum(["b4", "y7"], [3.0, 4.0])
    """)


def test_its_protocol_opens_paths_and_tells_hash_time_region_and_locks(run_with_example, tmp_path):
    (tmp_path / "files").mkdir()
    run_with_example(
        """
        import os, warnings
        warnings.simplefilter("error")
        from lamindb.plugins import manager
        from lamindb.storage.hashing import hash_file
        from lamindb.storage.upath import create_path
        path = create_path("example://project/a.txt")
        path.write_bytes(b"hello")
        assert path.read_bytes() == b"hello" and os.path.exists("files/project/a.txt")
        assert [child.name for child in path.parent.iterdir()] == ["a.txt"]
        backend = manager.storage_backend_for("example")
        info = path.fs.info(path.path)
        assert tuple(backend.hash_of(info)) == hash_file("files/project/a.txt")[1:]
        assert backend.modified_at(info) == os.stat("files/project/a.txt").st_mtime
        assert backend.region_of(path) == "example-1" and backend.rename_is_atomic
        create = backend.resolve("create_exclusive")
        assert [create(path.parent / "lock", b"x"), create(path.parent / "lock", b"y")] == [True, False]
        """,
        LAMINDB_EXAMPLE_FOLDER=str(tmp_path / "files"),
    )


def test_its_vocabulary_answers_for_its_registry(run_with_example):
    run_with_example("""
    from lamindb.plugins import manager
    registry = type("Treatment", (), {})
    [source] = manager.reference_sources(registry)
    values = ["aspirin", "acetaminophen", "phenacetin", "unheard"]
    assert source.resolve("validate")(registry, values, "name", organism="human") == {"aspirin"}
    assert source.resolve("records")(registry, values, "name") == {"aspirin": {"name": "aspirin"}}
    assert source.resolve("standardize")(registry, values, "name") == {"acetaminophen": "paracetamol"}
    assert source.resolve("obsolete")(registry, values, "name") == {"phenacetin": "paracetamol"}
    """)


def test_its_integrations_are_imported_when_they_are_touched(run_with_example):
    run_with_example("""
    import sys
    from lamindb.plugins import manager
    function, module = manager.integration("export_spectrum"), manager.integration("example_spectra")
    assert "lamindb_example.integration" not in sys.modules
    spectrum = module.load().Spectrum(["b4"], [1.5])
    assert function.load()(spectrum) == '{"b4": 1.5}'
    """)


def test_it_is_told_about_every_event(run_with_example, tmp_path):
    run_with_example(
        """
        from types import SimpleNamespace
        from lamindb.plugins import manager
        for event in ("artifact_saved", "artifact_deleted"):
            manager.call_event(f"lamindb_{event}", artifact=SimpleNamespace(uid="a1"))
        for event in ("run_started", "run_finished"):
            manager.call_event(f"lamindb_{event}", run=SimpleNamespace(uid="r1"))
        """,
        LAMINDB_EXAMPLE_EVENTS=str(tmp_path / "events"),
    )
    assert (tmp_path / "events").read_text().splitlines() == [
        "artifact saved a1",
        "artifact deleted a1",
        "run started r1",
        "run finished r1",
    ]


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_its_schema_module_gives_an_instance_a_registry_whose_records_label_artifacts(
    run_with_example, request, vendor
):
    url = request.getfixturevalue("postgres_database")() if vendor == "postgresql" else ""
    code = """
    import sys
    import lamindb as ln
    ln.setup.init(storage="./storage", name="with-example", db=sys.argv[1] or None, modules="lamindb_example")
    import lamindb_example as le
    treatment = le.Treatment(name="drug A", dose=1.5).save()
    assert le.Treatment.get(name="drug A") == treatment
    open("notes.txt", "w").write("hello")
    artifact = ln.Artifact("notes.txt", key="notes.txt").save()
    artifact.treatments.add(treatment)
    assert ln.Artifact.filter(treatments__name="drug A").one() == artifact
    assert ln.setup.migrate.check()
    from lamindb.plugins import manager
    module = manager.schema_module("lamindb_example")
    assert (module.app, module.registries) == ("lamindb_example", ("Treatment",))
    module.resolve("on_init")(ln.setup.settings.instance)
    assert le.Treatment.get(name="control").dose == 0
    """
    run_with_example(code, url)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["hello-example", "World"], "Hello, World!"),
        (["--help"], "Greet somebody."),
        (["plugins"], "lamindb-example 1.2.3"),
    ],
)
def test_its_verb_joins_the_command_line(example_site, tmp_path, arguments, expected):
    environment = {name: value for name, value in os.environ.items() if name != "LAMIN_LOAD_PLUGINS"}
    done = subprocess.run(
        [sys.executable, "-c", "import lamin_cli; lamin_cli.main()", *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(example_site), "LAMIN_SETTINGS_DIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout


def test_an_artifact_of_its_object_is_recognised_written_and_loaded(run_with_example):
    run_with_example("""
    import lamindb as ln
    ln.setup.init(storage="./storage", name="with-format")
    from lamindb_example.spectra import Spectrum, write
    spectrum = Spectrum(["b4", "y7"], [1.5, 2.0])
    artifact = ln.Artifact(spectrum, key="measured.spectrum").save()
    assert (artifact.otype, artifact.suffix) == ("Spectrum", ".spectrum")
    assert ln.Artifact.get(key="measured.spectrum").load() == spectrum
    write(Spectrum(["x"], [1.0]), "file.spectrum.gz")
    artifact = ln.Artifact("file.spectrum.gz", key="file.spectrum.gz").save()
    assert artifact.otype == "Spectrum"
    assert ln.Artifact.get(key="file.spectrum.gz").load() == Spectrum(["x"], [1.0])
    """)
