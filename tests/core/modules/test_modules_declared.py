"""What plugins declare about modules: the package of the registries, required modules, records to start with."""

from __future__ import annotations

import pytest

PLUGIN = """
from lamindb import hookimpl
from lamindb.plugins.types import SchemaModule

@hookimpl
def lamindb_schema_modules():
    yield SchemaModule({arguments})
"""
SEEDS = """
def create_first(instance):
    from {package}.models import Donor
    Donor(name="first of " + instance.name).save()
"""


def _plugin(**keywords):
    name, app = keywords.pop("name"), keywords.pop("app")
    return PLUGIN.format(
        arguments=", ".join([repr(name), repr(app), *(f"{key}={value!r}" for key, value in keywords.items())])
    )


def test_the_declared_package_is_mounted_under_the_name_of_the_module(lab, simple_models):
    lab.package(
        "mylab_registries", simple_models("mylab_registries"), plugin=_plugin(name="mylab", app="mylab_registries")
    )
    env = {"LAMIN_LOAD_PLUGINS": "mylab_registries.plugin"}
    lab.run("import lamindb as ln; ln.setup.init(storage='data', modules='mylab')", **env)
    code = """
import mylab_registries
import lamindb as ln
assert list(ln.setup.settings.instance.modules) == ["mylab"]
mylab_registries.Donor(name="D1").save()
assert ln.setup.settings.modules_warning is None
assert ln.DB("data").mylab_registries.Donor.get(name="D1").name == "D1"
"""
    lab.run(code, **env)


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_required_modules_are_mounted_too_and_records_to_start_with_are_there(lab, simple_models, vendor, request):
    db = None if vendor == "sqlite" else request.getfixturevalue("postgres_database")()
    lab.package("alpha", simple_models("alpha"), seeds=SEEDS.format(package="alpha"),
                plugin=_plugin(name="alpha", app="alpha", requires=("beta",), on_init="alpha.seeds:create_first"))  # fmt: skip
    lab.package("beta", simple_models("beta"), plugin=_plugin(name="beta", app="beta"))
    code = f"""
import lamindb as ln
ln.setup.init(storage="data", modules="alpha", db={db!r}, name="data")
assert list(ln.setup.settings.instance.modules) == ["beta", "alpha"], ln.setup.settings.instance.modules
import alpha, beta
assert [donor.name for donor in alpha.Donor.filter()] == ["first of data"]
assert beta.Donor.filter().count() == 0
ln.setup.init(storage="data", modules="alpha", db={db!r}, name="data")
ln.connect("data")
assert alpha.Donor.filter().count() == 1
"""
    lab.run(code, LAMIN_LOAD_PLUGINS="alpha.plugin,beta.plugin")


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_modules_that_are_added_later_bring_theirs_too(lab, simple_models, vendor, request):
    db = None if vendor == "sqlite" else request.getfixturevalue("postgres_database")()
    lab.package("alpha", simple_models("alpha"), seeds=SEEDS.format(package="alpha"),
                plugin=_plugin(name="alpha", app="alpha", requires=("beta",), on_init="alpha.seeds:create_first"))  # fmt: skip
    lab.package("beta", simple_models("beta"), plugin=_plugin(name="beta", app="beta"))
    env = {"LAMIN_LOAD_PLUGINS": "alpha.plugin,beta.plugin"}
    lab.run(
        f"import lamindb as ln; ln.setup.init(storage='data', db={db!r}, name='data'); ln.ULabel(name='kept').save()",
        **env,
    )
    lab.run("import lamindb as ln; ln.setup.add_modules('alpha')", **env)
    code = """
import lamindb as ln, alpha, beta
assert list(ln.setup.settings.instance.modules) == ["beta", "alpha"]
assert [donor.name for donor in alpha.Donor.filter()] == ["first of data"]
assert beta.Donor.filter().count() == 0 and ln.ULabel.filter(name="kept").count() == 1
"""
    lab.run(code, **env)


def test_a_required_module_that_is_not_installed_stops_init_and_is_named(lab, simple_models):
    lab.package("alpha", simple_models("alpha"), plugin=_plugin(name="alpha", app="alpha", requires=("beta",)))
    done = lab.run(
        "import lamindb as ln; ln.setup.init(storage='data', modules='alpha')",
        check=False,
        LAMIN_LOAD_PLUGINS="alpha.plugin",
    )
    assert "ImportError: schema module 'beta' is not installed, and 'alpha' requires it" in done.stderr
    assert not (lab.folder / "work" / "data").exists()


def test_an_init_whose_first_records_fail_leaves_nothing_behind(lab, simple_models):
    lab.package("alpha", simple_models("alpha"), seeds="def create_first(instance):\n    raise ValueError('no water')",
                plugin=_plugin(name="alpha", app="alpha", on_init="alpha.seeds:create_first"))  # fmt: skip
    done = lab.run(
        "import lamindb as ln; ln.setup.init(storage='data', modules='alpha')",
        check=False,
        LAMIN_LOAD_PLUGINS="alpha.plugin",
    )
    assert "RuntimeError: The schema module 'alpha'" in done.stderr and "no water" in done.stderr
    assert not (lab.folder / "work" / "data").exists()
    assert not list((lab.folder / "settings" / ".lamin").glob("*instance*"))


def test_an_instance_stays_readable_without_a_module_that_was_uninstalled(lab, simple_models):
    lab.package("alpha", simple_models("alpha"), plugin=_plugin(name="alpha", app="alpha", requires=("beta",)))
    lab.package("beta", simple_models("beta"))
    env = {"LAMIN_LOAD_PLUGINS": "alpha.plugin"}
    lab.run(
        "import lamindb as ln; ln.setup.init(storage='data', modules='beta,alpha'); ln.ULabel(name='kept').save()",
        **env,
    )
    (lab.packages / "beta").rename(lab.packages / "elsewhere")
    done = lab.run("import lamindb as ln; print(ln.ULabel.get(name='kept').name)", **env)
    assert done.stdout.splitlines()[-1] == "kept"
    assert "schema module 'beta' is not installed, and 'alpha' requires it" in done.stdout + done.stderr
    done = lab.run("import alpha; alpha.Donor", check=False, **env)
    assert "ImportError: schema module 'beta' is not installed, and 'alpha' requires it" in done.stderr
    (lab.packages / "alpha").rename(lab.packages / "elsewhere2")
    done = lab.run("import lamindb as ln; print(ln.ULabel.get(name='kept').name)", LAMIN_LOAD_PLUGINS="")
    assert "not installed here: beta, alpha" in done.stdout + done.stderr


def test_a_module_that_can_not_be_loaded_is_named(lab, simple_models):
    lab.package("alpha", simple_models("alpha"))
    lab.run("import lamindb as ln; ln.setup.init(storage='data', modules='alpha')")
    (lab.packages / "alpha" / "models.py").write_text("import a_library_that_is_not_here")
    for _ in range(2):
        done = lab.run("import lamindb as ln\ntry:\n  ln.ULabel\nexcept ImportError: pass\nln.ULabel", check=False)
        assert "ImportError: The registries of 'alpha' can't be loaded" in done.stderr.splitlines()[-1]
        assert "a_library_that_is_not_here" in done.stderr.splitlines()[-1]


def test_a_module_that_requires_one_which_the_instance_lacks_is_reported_at_connect(lab, simple_models):
    lab.package("alpha", simple_models("alpha"))
    lab.package("beta", simple_models("beta"))
    lab.run("import lamindb as ln; ln.setup.init(storage='data', modules='alpha')")
    (lab.packages / "alpha" / "plugin.py").write_text(_plugin(name="alpha", app="alpha", requires=("beta",)))
    done = lab.run(
        "import lamindb as ln; ln.setup.disconnect(); ln.connect('data'); import alpha; print(alpha.Donor.filter().count())",
        LAMIN_LOAD_PLUGINS="alpha.plugin",
    )
    assert "alpha requires beta, which the instance lacks" in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "0"
