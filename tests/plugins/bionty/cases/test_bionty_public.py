"""Public ontologies as objects: look-up, search, standardisation, inspection, comparison, and where unknown ones are looked for."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_COLUMNS = ["ontology_id", "name", "definition", "synonyms", "parents"]
_ROWS = [
    ("OWN:1", "lambda", "A keyword.", "first|shared", []),
    ("OWN:2", "3D culture", "Starts with a digit.", "second|shared|SHARED2", ["OWN:1"]),
    ("OWN:3", "gamma-delta T cell", "Spelled with a hyphen.", None, ["OWN:2"]),
    ("OWN:4", "gamma delta T cell", "Another spelling that completes to the same name.", None, []),
    ("OWN:5", "Größe", "Not ASCII.", "grösse", []),
    ("X:1", "foreign", "Imported from elsewhere.", None, []),
]


@pytest.fixture
def own(tmp_path: Path) -> Any:
    """A small vocabulary, which needs no instance."""
    import pandas as pd

    import bionty as bt
    from bionty import loading

    pd.DataFrame(_ROWS, columns=_COLUMNS).to_parquet(tmp_path / "df_all__own__1__CellType.parquet")
    pd.DataFrame(
        [("OWN:1", "lambda", "Changed.", "first|shared", []), *_ROWS[1:4], ("OWN:6", "new", None, None, ["OWN:1"])], columns=_COLUMNS
    ).to_parquet(tmp_path / "df_all__own__2__CellType.parquet")  # fmt: skip
    manifest = tmp_path / "root" / "sources.yaml"
    manifest.parent.mkdir()
    manifest.write_text(
        "CellType: {own: {all: {latest-version: '2', url: 'http://127.0.0.1:9/{version}.owl'}, name: Own}}"
    )
    before, bt.base.settings.root_dir = bt.base.settings._root, manifest.parent
    bt.settings.sources_mirror = tmp_path
    loading.forget_tables()
    yield bt.base.CellType(version="1")
    bt.base.settings._root = before
    loading.forget_tables()


def test_terms_are_completed_under_python_names(own: Any, caplog: Any) -> None:
    lookup = own.lookup()
    assert lookup.lambda_.ontology_id == "OWN:1" and lookup.bt_3d_culture.ontology_id == "OWN:2"
    assert lookup.gamma_delta_t_cell.ontology_id == "OWN:3" and "2 terms are called" in caplog.text
    assert type(lookup.lambda_).__name__ == "CellType" and lookup.dict()["Größe"].ontology_id == "OWN:5"
    assert own.lookup(own.ontology_id).own_1.name == "lambda"
    with pytest.raises(AttributeError, match="Did you mean 'bt_3d_culture'"):
        lookup.bt_3d_cultur
    with pytest.raises(AssertionError, match="No nme column exists!.*'name'"):
        own.lookup("nme")


def test_search_ranks_literal_matches_first_and_finds_other_spellings(own: Any) -> None:
    assert own.search("lambda").index[0] == "OWN:1"
    assert own.search("gamma delta T cell").index.tolist() == ["OWN:4", "OWN:3"]
    assert own.search("shared").index.tolist() == ["OWN:1", "OWN:2"]
    assert own.search("OWN:3", field="ontology_id").name.tolist() == ["gamma-delta T cell"]
    assert own.search("LAMBDA", field=["name", "synonyms"]).index.tolist() == ["OWN:1"]
    assert (
        len(own.search("LAMBDA", case_sensitive=True)) == len(own.search("nothing like it")) == len(own.search("")) == 0
    )
    assert own.search("größe").index.tolist() == ["OWN:5"] and len(own.search("a", limit=2)) == 2
    with pytest.raises(KeyError, match="No nme column"):
        own.search("x", field="nme")
    with pytest.raises(ValueError, match="Cannot search for None value!"):
        own.search(None)


def test_values_are_mapped_by_case_then_synonym(own: Any, caplog: Any) -> None:
    with caplog.at_level("INFO", logger="lamindb"):
        assert own.standardize(["Lambda", "FIRST", "grösse", "zz", None]) == ["lambda", "lambda", "Größe", "zz", None]
    assert "standardized 3/4 terms" in caplog.text
    assert own.standardize("first") == "lambda"
    assert own.standardize(["Lambda", "FIRST", "first"], case_sensitive=True) == ["Lambda", "FIRST", "lambda"]
    assert own.standardize(["shared"]) == ["lambda"] and own.standardize(["shared"], keep="last") == ["3D culture"]
    assert own.standardize(["shared", "first"], keep=False) == [["lambda", "3D culture"], "lambda"]
    assert "several terms" in caplog.text
    assert own.standardize(["lambda", "first", "zz"], return_mapper=True) == {"first": "lambda"}
    mapper = own.standardize(["lambda", "first", "zz"], return_field="ontology_id", return_mapper=True)
    assert mapper == {"lambda": "OWN:1", "first": "OWN:1"} and {type(key) for key in mapper} == {str}
    assert own.standardize(["first"], synonyms_field="definition") == ["first"]
    with pytest.raises(ValueError, match="keep must be"):
        own.standardize(["x"], keep="any")


def test_inspection_counts_and_names_what_is_not_a_term(own: Any, caplog: Any) -> None:
    with caplog.at_level("INFO", logger="lamindb"):
        result = own.inspect(["lambda", "Lambda", "first", "zz", None, "", "lambda"])
    assert (result.validated, result.non_validated) == (["lambda"], ["Lambda", "first", "zz"])
    assert result.synonyms_mapper == {"Lambda": "lambda", "first": "lambda"}
    assert (result.frac_validated, result.n_unique, result.n_empty) == (25.0, 4, 3)
    assert result["validated"] == result["mapped"] == ["lambda"] and result["not_mapped"] == result["non_validated"]
    with pytest.raises(KeyError, match="invalid key"):
        result["other"]
    assert result.df.loc["zz", "__validated__"] == False  # noqa: E712 (a numpy bool)
    for text in (
        "received 4 unique terms, 3 empty/duplicated",
        "1 unique term",
        "3 unique terms (75.0%)",
        ".standardize()",
    ):
        assert text in caplog.text
    caplog.clear()
    assert own.inspect(["lambda"], return_df=True, mute=True).columns.tolist() == ["__validated__"]
    assert own.inspect(["first"], standardize=False, mute=True).synonyms_mapper == {} and not caplog.text
    assert own.validate("lambda").tolist() == [True] and own.validate(["Größe", "lambda "], own.name).tolist() == [
        True,
        False,
    ]
    for call in (own.validate, own.inspect):
        with pytest.raises(
            TypeError, match="Type mismatch: identifiers are 'numeric' but field_values are 'str/categorical'"
        ):
            call([1.5], "name")


def test_tables_show_own_terms_only_and_are_compared_by_version(own: Any) -> None:
    import bionty as bt

    assert own.to_dataframe().index.tolist() == own.df().index.tolist() == [f"OWN:{i}" for i in range(1, 6)]
    assert repr(own).splitlines() == [
        "PublicOntology",
        "Entity: CellType",
        "Organism: all",
        "Source: own, 1",
        "#terms: 6",
    ]
    assert own.validate(["foreign"]).all()  # questions are about all terms
    assert len(bt.base.CellType(version="1", filter_prefix=False).to_dataframe()) == 6
    assert own.fields == set(_COLUMNS) and (str(own.name), repr(own.name)) == ("name", "name")
    new = bt.base.CellType(version="2")
    entries, modified = new.diff(own)
    assert entries.attrs == {"added": ["OWN:6"], "removed": ["OWN:5"], "modified": ["OWN:1"]}
    assert sorted(entries.index) == ["OWN:1", "OWN:1", "OWN:5", "OWN:6"] and modified.index.tolist() == ["OWN:1"]
    assert modified.loc["OWN:1", ("definition", "self")] == "Changed."
    with pytest.raises(ValueError, match="pass another version"):
        new.diff(new)


def test_prefixes_and_a_relation_can_be_chosen(tmp_path: Path) -> None:
    import bionty as bt

    text = "format-version: 1.2\nontology: cl\n\n[Term]\nid: CL:1\nname: cell\n\n[Term]\nid: CL:2\nname: part\nis_a: UBERON:1\n"
    text += "relationship: part_of CL:1\n\n[Term]\nid: UBERON:1\nname: organ\n"
    (tmp_path / "cl.2020-01-01.obo").write_text(text)
    bt.settings.sources_mirror = tmp_path
    named = {"entity": "CellType", "source": "cl", "version": "2020-01-01"}
    assert bt.base.PublicOntology(**named).to_dataframe().loc["CL:2"].parents.tolist() == []
    with_parts = bt.base.PublicOntology(**named, include_rel="part_of")
    assert with_parts.to_dataframe().loc["CL:2"].parents.tolist() == ["CL:1"]
    chosen = bt.base.PublicOntology(**named, include_rel="part_of", include_id_prefixes={"cl": ["CL:2"]})
    assert chosen.to_dataframe().index.tolist() == ["CL:2"] and chosen.to_dataframe().parents.iloc[0].tolist() == []
    assert bt.base.CellType(version="2020-01-01", include_rel="part_of").validate(["cell", "part"]).all()
    with pytest.raises(ValueError, match="pass entity='CellType'"):
        bt.base.PublicOntology()


@pytest.fixture
def lookup_service(tmp_path: Path) -> Iterator[str]:
    """A server that answers as the ontology lookup service does, and publishes one ontology."""
    text = "format-version: 1.2\nontology: oba\n\n[Term]\nid: OBA:1\nname: amount of sugar\n"

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place = f"http://127.0.0.1:{self.server.server_port}/releases"
            config = {
                "title": "Ontology of attributes",
                "homepage": "https://example.org",
                "versionIri": f"{place}/2025-03-05/oba.obo",
            }
            answers = {
                "/api/oba": json.dumps({"ontologyId": "oba", "version": "2025-03-05", "config": {**config, "fileLocation": f"{place}/oba.obo"}}),
                "/releases/2025-03-05/oba.obo": text,
                "/releases/2024-01-01/oba.obo": text,
            }  # fmt: skip
            if self.path not in answers:
                self.send_error(404)
                return
            content = answers[self.path].encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/{{prefix}}"
    server.shutdown()


def test_an_ontology_that_is_not_listed_is_looked_up(sqlite_bio: Any, lookup_service: str, monkeypatch: Any) -> None:
    import bionty as bt
    from bionty import ols

    bt.settings.sources_mirror = None
    monkeypatch.setattr(ols, "URL", lookup_service)
    source = bt.Phenotype.add_source("oba")
    assert (source.name, source.version, source.organism) == ("oba", "2025-03-05", "all")
    assert source.url.endswith("/releases/2025-03-05/oba.obo") and source.description == "Ontology of attributes"
    bt.Phenotype.import_source(source)
    assert bt.Phenotype.get(ontology_id="OBA:1").name == "amount of sugar"
    assert bt.base.Phenotype(source="oba", version="2024-01-01").validate(["amount of sugar"]).all()
    for call in (lambda: bt.Phenotype.add_source("nowhere"), lambda: bt.base.Phenotype(source="nowhere")):
        with pytest.raises(ValueError, match="No source is available with .*'nowhere'"):
            call()
    with pytest.raises(ValueError, match="No source is available"):
        bt.base.Gene(source="oba")  # tables only, so nobody is asked
    monkeypatch.setattr(ols, "URL", "http://127.0.0.1:9/{prefix}")
    with pytest.raises(ValueError, match=r"can't be asked .*127\.0\.0\.1:9 is not reachable"):
        bt.Phenotype.add_source("oba2")
    assert bt.Source.filter(name__in=["nowhere", "oba2"]).count() == 0


def test_tables_of_millions_are_scanned_with_the_same_answers(own: Any, monkeypatch: Any, ontologies: Path) -> None:
    import bionty as bt
    from bionty import loading, term_table
    from bionty.term_table import TermTable

    bt.settings.sources_mirror = ontologies
    tables = [own._table, loading.load(term_table.SourceSpec("bionty.CellType", "all", "cl", "2026-03-26"))]
    values = [
        "lambda",
        "Lambda",
        "shared",
        "SHARED",
        "grösse",
        "GRÖSSE",
        "zz",
        "T cell",
        "t-CELL",
        "native cell",
        "T lymphocyte",
    ]
    answers = []
    for scan_from in (10**9, 0):
        monkeypatch.setattr(term_table, "_SCAN_FROM", scan_from)
        fresh = [TermTable(table.data, table.spec, table.origin) for table in tables]
        answers.append(
            [
                (
                    one.rows_of("name", [*values, None, 5]), one.spelled(values, "name"), one.spelled(values, "name", synonyms=None),
                    one.spelled(values, "name", case_sensitive=True), one.value("parents", 2), one.value("nothing", 0),
                    one.row(1), one.former_names.get("native cell"),
                )
                for one in fresh
            ]
        )  # fmt: skip
        assert bool(fresh[0]._positions) is (scan_from > 0)
    assert answers[0] == answers[1]
    assert answers[0][0][0] == {"lambda": [0]} and answers[0][0][1]["shared"] == [0, 1]
