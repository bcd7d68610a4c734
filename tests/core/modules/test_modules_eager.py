"""Packages that import their registries at the top of `__init__`, as the documentation of the original shows it."""

from __future__ import annotations

import pytest

EAGER_INIT = """
from lamindb_setup import _check_instance_setup
_check_instance_setup(from_module="mylab")
from .models import Donor
__all__ = ["Donor"]
"""


@pytest.fixture
def eager(lab, simple_models):
    path = lab.package("mylab", simple_models("mylab"))
    (path / "__init__.py").write_text(EAGER_INIT)
    return lab


@pytest.mark.parametrize(
    "imports", ["import mylab\nimport lamindb as ln", "import lamindb as ln\nln.Artifact\nimport mylab"]
)
def test_a_package_may_import_its_registries_at_once(eager, imports):
    eager.run("import lamindb as ln\nln.setup.init(storage='data', modules='mylab')")
    done = eager.run(
        f"{imports}\nmylab.Donor(name='D1').save()\nprint('names', mylab.Donor.filter().to_list('name'), ln.setup.migrate.check())"
    )
    assert done.stdout.splitlines()[-1] == "names ['D1'] True"


def test_a_package_that_imports_its_registries_at_once_has_to_be_configured(eager):
    done = eager.run("import mylab", check=False)
    assert "ModuleWasntConfigured: 'mylab'" in done.stderr
    done = eager.run("import mylab; print(mylab.Donor.__name__)", LAMINDB_MODULES="mylab")
    assert done.stdout.splitlines()[-1] == "Donor"
