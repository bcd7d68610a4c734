"""Tables are recognised by names, importing nothing; without the plugin, the package to install is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import lamindb as ln
from lamindb.errors import MissingPluginError
from lamindb.plugins import manager

_REGISTER = """
import sys
import lamindb as ln
artifact = ln.Artifact.from_dataframe({path!r}, key={key!r}, run=False).save()
assert artifact.n_observations == 2 and artifact.otype == "DataFrame"
print(sorted({{"pandas", "pyarrow", "polars", "duckdb"}} & set(sys.modules)))
"""


@pytest.mark.parametrize(("suffix", "imported"), [(".csv", "[]"), (".jsonl", "[]"), (".parquet", "['pyarrow']")])
def test_registering_a_file_imports_no_pandas(
    suffix: str, imported: str, sqlite_instance: Any, tmp_path: Path, run_python: Any
) -> None:
    path = tmp_path / f"t{suffix}"
    df = pd.DataFrame({"a": [1, 2]})
    if suffix == ".parquet":
        df.to_parquet(path)
    else:
        path.write_text("a\n1\n2\n" if suffix == ".csv" else '{"a": 1}\n{"a": 2}\n')
    code = _REGISTER.format(path=str(path), key=f"t{suffix}")
    done = run_python(code, env={"LAMIN_CURRENT_INSTANCE": sqlite_instance.slug})
    assert done.stdout.strip().splitlines()[-1] == imported


def test_finding_the_plugin_imports_no_library(run_python: Any) -> None:
    done = run_python(
        "import sys\nfrom lamindb.plugins import manager\n"
        "assert manager.data_format_for_suffix('.parquet').otype == 'DataFrame'\n"
        "print(sorted({'pandas', 'pyarrow', 'polars', 'duckdb', 'numpy'} & set(sys.modules)))"
    )
    assert done.stdout.strip() == "[]"


def test_classes_of_other_packages_with_the_same_name_are_no_tables() -> None:
    DataFrame = type("DataFrame", (), {"__module__": "somebody.else"})
    assert manager.data_format_for_object(DataFrame()) is None
    assert manager.data_format_for_object(pd.DataFrame()).otype == "DataFrame"


def test_a_folder_is_recognised_by_the_files_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "x" / "year=2024"
    folder.mkdir(parents=True)
    pd.DataFrame({"a": [1]}).to_parquet(folder / "a.snappy.PARQUET")
    (folder / "README").write_text("notes")
    assert manager.data_format_for_path(tmp_path / "x").otype == "DataFrame"
    (folder / "a.csv").write_text("a\n1\n")
    assert manager.data_format_for_path(tmp_path / "x") is None
    assert manager.data_format_for_path(tmp_path / "absent") is None


@pytest.fixture
def without_plugins(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LAMIN_LOAD_PLUGINS", "")
    manager.refresh_plugins()
    yield
    monkeypatch.undo()
    manager.refresh_plugins()


def test_without_the_plugin_the_package_is_named(instance: Any, tmp_path: Path, without_plugins: None) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n")
    artifact = ln.Artifact(path, key="t.csv", run=False).save()
    for call in (
        lambda: ln.Artifact.from_dataframe(pd.DataFrame({"a": [1]}), key="t.parquet", run=False),
        lambda: ln.Artifact.from_dataframe(path, key="u.csv", run=False),
        lambda: ln.Artifact(pd.DataFrame({"a": [1]}), key="t.parquet", run=False),
        artifact.load,
        artifact.open,
    ):
        with pytest.raises(MissingPluginError, match="lamindb-dataframe"):
            call()
    assert ln.Artifact.filter().count() == 1


def test_without_the_library_of_an_engine_the_extra_is_named(tmp_path: Path, run_python: Any) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n")
    for engine in ("polars", "duckdb"):
        (tmp_path / f"without_{engine}").mkdir()
        done = run_python(
            f"import sys\nsys.modules[{engine!r}] = None\nfrom lamindb_dataframe import open_table\n"
            f"open_table({str(path)!r}, engine={engine!r})",
            check=False,
        )
        assert f"Please install {engine}" in done.stderr and f"lamindb-dataframe[{engine}]" in done.stderr
