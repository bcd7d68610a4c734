"""The plain formats that the core reads without another library."""

from __future__ import annotations

from datetime import date

import pytest

from lamindb.plugins import manager


@pytest.fixture(autouse=True)
def only_defaults(monkeypatch):
    monkeypatch.setenv("LAMIN_LOAD_PLUGINS", "")
    manager.refresh_plugins()
    yield
    monkeypatch.undo()
    manager.refresh_plugins()


def _load(path):
    return manager.data_format_for_path(path).resolve("loader")(path)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".fasta"])
def test_text_is_read_as_utf_8(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes("µm\n>seq\n".encode())
    assert _load(path) == "µm\n>seq\n"


def test_text_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "a.txt").write_bytes("µm".encode("latin-1"))
    with pytest.raises(UnicodeDecodeError):
        _load(tmp_path / "a.txt")


@pytest.mark.parametrize("name", ["a.json", "a.b.vitessce.json"])
def test_json_is_read(tmp_path, name):
    (tmp_path / name).write_text('{"a": [1, "µ", null]}', encoding="utf-8")
    assert _load(tmp_path / name) == {"a": [1, "µ", None]}


@pytest.mark.parametrize("suffix", [".yaml", ".yml"])
def test_yaml_is_read(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_text("a: [1, µ]\nwhen: 2025-01-31\n", encoding="utf-8")
    assert _load(path) == {"a": [1, "µ"], "when": date(2025, 1, 31)}


def test_yaml_that_asks_for_python_objects_is_refused(tmp_path):
    import yaml

    marker = tmp_path / "executed"
    (tmp_path / "a.yaml").write_text(f"!!python/object/apply:os.mkdir ['{marker}']")
    with pytest.raises(yaml.YAMLError):
        _load(tmp_path / "a.yaml")
    assert not marker.exists()


@pytest.mark.parametrize("suffix", [".html", ".svg", ".png", ".jpg", ".jpeg", ".gif"])
def test_pictures_and_pages_give_their_path_outside_of_ipython(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"content")
    assert _load(path) == path


def test_files_of_r_give_their_path_and_say_what_reads_them(tmp_path, log):
    path = tmp_path / "a.rds"
    path.write_bytes(b"content")
    assert _load(path) == path
    assert len(log) == 1 and "laminr" in log[0]
