"""`create_skeleton` writes plugins that work at once, or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

from lamindb.plugins.skeleton import KINDS, create_skeleton


@pytest.mark.parametrize("kind", KINDS)
def test_a_skeleton_passes_its_own_test_unchanged(tmp_path, kind):
    folder = create_skeleton(f"new-{kind}-plugin", kind, tmp_path)
    assert folder == tmp_path / f"new-{kind}-plugin"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LAMIN", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error::UserWarning"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout and "skipped" not in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_an_installed_skeleton_is_found_by_its_entry_point(tmp_path, kind, pip_install):
    folder, site = create_skeleton(f"new-{kind}-plugin", kind, tmp_path), tmp_path / "site"
    pip_install(folder, site)
    code = f"""
    from lamindb.plugins import manager
    plugin = next(plugin for plugin in manager.describe_plugins() if plugin.name == "new_{kind}_plugin")
    assert plugin.distribution == "new-{kind}-plugin" and plugin.version == "0.1.0", plugin
    assert plugin.contributes and not plugin.errors and not plugin.conflicts, plugin
    """
    environment = {name: value for name, value in os.environ.items() if name != "LAMIN_LOAD_PLUGINS"}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        cwd=site,
        env={**environment, "PYTHONPATH": str(site), "_LAMIN_DEFER_CONNECT": "1"},
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "can't be the name"),
        ("My Lab", "such as 'my-lab'"),
        ("../up", "such as 'up'"),
        ("9lives", "such as 'lives'"),
        ("a--b", "such as 'a-b'"),
        ("class", "taken in Python"),
        ("json", "taken in Python"),
        ("lamindb", "taken in Python"),
        ("bionty", "taken in Python"),
        ("click", "installed already"),
    ],
)
def test_a_bad_name_is_refused_and_nothing_is_written(tmp_path, name, message):
    with pytest.raises(ValueError, match=message):
        create_skeleton(name, "format", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_kind_is_refused_with_the_near_one(tmp_path):
    with pytest.raises(ValueError, match=r"schema, format, storage. Did you mean 'format'"):
        create_skeleton("mylab", "formt", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("existing", ["folder", "file", "dangling link"])
def test_what_exists_is_left_alone(tmp_path, existing):
    target = tmp_path / "mylab"
    if existing == "folder":
        target.mkdir()
    elif existing == "file":
        target.write_text("mine")
    else:
        target.symlink_to("nowhere")
    with pytest.raises(FileExistsError, match="exists already"):
        create_skeleton("mylab", "schema", tmp_path)
    assert list(tmp_path.iterdir()) == [target]
    assert not target.is_dir() or list(target.iterdir()) == []


def test_the_folder_has_to_exist(tmp_path):
    with pytest.raises(NotADirectoryError, match="absent"):
        create_skeleton("mylab", "schema", tmp_path / "absent")


def test_a_full_disk_leaves_nothing_behind(tmp_path):
    code = f"""
    import os, resource, sys
    from lamindb.plugins.skeleton import create_skeleton
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # the models are larger than that
    try:
        create_skeleton("mylab", "schema", {str(tmp_path)!r})
    except OSError:
        sys.exit(0 if os.listdir({str(tmp_path)!r}) == [] else f"left {{os.listdir({str(tmp_path)!r})}}")
    sys.exit("nothing was raised")
    """
    done = subprocess.run([sys.executable, "-B", "-c", textwrap.dedent(code)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
