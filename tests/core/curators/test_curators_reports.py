"""Reports: text, JSON, HTML, terminal, data frame."""

from __future__ import annotations

import json

import pandas as pd
import pytest


@pytest.fixture
def report(sqlite_instance):
    import lamindb as ln

    ln.ULabel(name="lung").save()
    schema = ln.Schema(
        [ln.Feature(name="tissue", dtype=ln.ULabel).save(), ln.Feature(name="x", dtype=float, nullable=False).save()],
        name="<b>mini</b>",
    ).save()
    frame = pd.DataFrame({"tissue": pd.Categorical(["lung", "<i>lunge</i>", "lunge"]), "x": [1.0, None, 2.0]})
    curator = ln.curators.DataFrameCurator(frame, schema)
    with pytest.raises(ln.errors.ValidationError):
        curator.validate()
    return curator.report


def test_a_report_is_plain_data(report):
    found = json.loads(report.to_json())
    assert found["is_valid"] is False and found["n_rows"] == {"columns": 3}
    assert [problem["rule"] for problem in found["problems"]] == ["SERIES_CONTAINS_NULLS", "TERM_NOT_VALIDATED"]
    assert found["problems"][1]["examples"][1] == {"row": 2, "value": "lunge"}
    assert found["problems"][1]["suggestions"]["lunge"] == "lung"


def test_a_report_is_a_table_of_failures(report):
    frame = report.to_dataframe()
    assert list(frame.columns) == ["slot", "column", "row", "value", "rule", "count", "hint", "message"]
    assert frame["row"].tolist() == [1, 1, 2]
    assert frame.loc[2, "hint"] == "did you mean 'lung'?"


def test_a_report_escapes_what_it_shows_in_notebooks(report):
    html = report._repr_html_()
    assert "<table>" in html and "<i>lunge" not in html and "&lt;i&gt;lunge" in html and "<b>mini" not in html


def test_a_report_is_shown_in_the_terminal(report):
    from io import StringIO

    from rich.console import Console

    console = Console(file=StringIO(), width=200)
    console.print(report)
    text = console.file.getvalue()
    assert "TERM_NOT_VALIDATED" in text and "'lunge' (row 2)" in text
    assert repr(report) == "ValidationReport(<b>mini</b>, 2 problems)"
    assert str(report) == report.to_text() and "\x1b" not in str(report)


def test_a_report_without_problems_says_so(sqlite_instance):
    import lamindb as ln

    schema = ln.Schema([ln.Feature(name="x", dtype=float).save()], name="fine").save()
    curator = ln.curators.DataFrameCurator(pd.DataFrame({"x": [1.0]}), schema)
    curator.validate()
    assert str(curator.report) == "fine is valid" and len(curator.report) == 0
    assert curator.report.to_dataframe().empty and "is valid" in curator.report._repr_html_()
