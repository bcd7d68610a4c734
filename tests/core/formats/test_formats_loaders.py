"""Loading by suffix: the functions of `ln.core.loaders`, compressed text, and artifacts of every plain kind."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from typing import Any

import pytest

import lamindb as ln
from lamindb.plugins import manager

_LISTED = (
    ".csv", ".csv.gz", ".csv.tar.gz", ".tsv", ".tsv.gz", ".tsv.tar.gz", ".parquet", ".fcs", ".json", ".vitessce.json", ".yaml",
    ".txt", ".fasta", ".html", ".svg", ".jpg", ".png", ".gif",
)  # fmt: skip


def test_loaders_know_every_suffix_of_the_installed_formats() -> None:
    pytest.importorskip("lamindb_dataframe")
    loaders = ln.core.loaders
    assert set(_LISTED) <= set(loaders.SUPPORTED_SUFFIXES) == set(loaders.FILE_LOADERS) - {".rds"}
    assert len(loaders.FILE_LOADERS) == len(set(loaders.FILE_LOADERS))
    assert loaders.FILE_LOADERS[".json"] is manager.data_format_for_suffix(".json").resolve("loader")
    with pytest.raises(KeyError):
        loaders.FILE_LOADERS[".docx"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt.gz", "µ\nx", "µ\nx"),
        ("a.fasta.gz", ">s\nACGT\n", ">s\nACGT\n"),
        ("a.json.gz", '{"a": 1}', {"a": 1}),
        ("a.yaml.gz", "a: [1, µ]", {"a": [1, "µ"]}),
    ],
)
def test_compressed_text_is_read(tmp_path: Path, name: str, text: str, expected: Any) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()))
    assert ln.core.loaders.load_to_memory(path) == expected
    assert ln.core.loaders.load_to_memory(str(path)) == expected


def test_each_function_loads_its_kind(tmp_path: Path) -> None:
    pytest.importorskip("lamindb_dataframe")
    import pandas as pd

    loaders, df = ln.core.loaders, pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    df.to_csv(tmp_path / "t.csv", index=False)
    df.to_csv(tmp_path / "t.tsv", index=False, sep="\t")
    df.to_parquet(tmp_path / "t.parquet")
    for function, name in (("load_csv", "t.csv"), ("load_tsv", "t.tsv"), ("load_parquet", "t.parquet")):
        pd.testing.assert_frame_equal(getattr(loaders, function)(str(tmp_path / name)), df)
    assert loaders.load_csv(tmp_path / "t.csv", usecols=["b"]).columns.tolist() == ["b"]
    (tmp_path / "t.json").write_text("[1]")
    (tmp_path / "t.yaml").write_text("- 1")
    (tmp_path / "t.txt").write_text("1")
    assert loaders.load_json(tmp_path / "t.json") == loaders.load_yaml(tmp_path / "t.yaml") == [1]
    assert loaders.load_txt(tmp_path / "t.txt") == "1"
    for function in ("load_html", "load_image", "load_svg", "load_rds"):
        (tmp_path / "x").write_bytes(b"")
        assert getattr(loaders, function)(str(tmp_path / "x")) == tmp_path / "x"


def test_what_nothing_loads_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"")
    (tmp_path / "plain").write_bytes(b"")
    with pytest.raises(
        NotImplementedError, match=r"There is no loader for \.docx files\. Use \.cache\(\) to get the path"
    ):
        ln.core.loaders.load_to_memory(tmp_path / "a.docx")
    with pytest.raises(NotImplementedError, match="There is no loader for suffix-less files"):
        ln.core.loaders.load_to_memory(tmp_path / "plain")


def test_a_missing_plugin_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMIN_LOAD_PLUGINS", "")
    manager.refresh_plugins()
    try:
        for function, name in (("load_to_memory", "a.h5ad"), ("load_h5ad", "a.h5ad"), ("load_csv", "a.csv")):
            (tmp_path / name).write_bytes(b"")
            with pytest.raises(ln.errors.MissingPluginError, match="lamindb-(anndata|dataframe)"):
                getattr(ln.core.loaders, function)(tmp_path / name)
    finally:
        monkeypatch.undo()
        manager.refresh_plugins()


def test_files_of_flow_cytometry_name_their_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "readfcs", None)
    with pytest.raises(ImportError, match="pip install readfcs"):
        ln.core.loaders.load_fcs(tmp_path / "a.fcs")


def test_files_of_flow_cytometry_are_read(tmp_path: Path) -> None:
    pytest.importorskip("readfcs")
    from lamindb.examples.datasets.flow_cytometry import write_fcs

    write_fcs(tmp_path / "a.fcs", ["FSC-A", "CD3"], n_events=5)
    adata = ln.core.loaders.load_fcs(tmp_path / "a.fcs")
    assert adata.shape == (5, 2) and list(adata.var_names) == ["FSC-A", "CD3"]


def test_pictures_are_shown_in_ipython(tmp_path: Path, run_python: Any) -> None:
    pytest.importorskip("IPython")
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>')
    (tmp_path / "a.html").write_text("<b>bold</b>")
    code = f"""
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
InteractiveShell.instance()
from lamindb.core import loaders
with capture_output() as captured:
    assert loaders.load_svg({str(tmp_path / "a.svg")!r}) is None
    assert loaders.load_html({str(tmp_path / "a.html")!r}) is None
print(sorted(kind for shown in captured.outputs for kind in shown.data))
"""
    assert run_python(code).stdout.splitlines()[-1] == "['image/svg+xml', 'text/html', 'text/plain', 'text/plain']"


def test_artifacts_load_by_their_suffix(sqlite_instance: Any, tmp_path: Path) -> None:
    texts = {"a.json": "[1]", "a.yaml": "x: 1", "a.txt": "text", "a.fasta": ">s\nA\n", "a.md": "# t"}
    expected = [[1], {"x": 1}, "text", ">s\nA\n", "# t"]
    for (name, text), value in zip(texts.items(), expected, strict=True):
        (tmp_path / name).write_text(text)
        assert ln.Artifact(tmp_path / name, key=name, run=False).save().load() == value
    for name in ("a.html", "a.svg", "a.png", "a.rds"):
        (tmp_path / name).write_text(name)
        artifact = ln.Artifact(tmp_path / name, key=name, run=False).save()
        assert artifact.load() == artifact.path
    (tmp_path / "a.docx").write_text("x")
    with pytest.raises(NotImplementedError, match=r"There is no loader for .*\.docx"):
        ln.Artifact(tmp_path / "a.docx", key="a.docx", run=False).save().load()
