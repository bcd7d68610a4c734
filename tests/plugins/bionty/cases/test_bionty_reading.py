"""Reading ontology files: terms in parts, merged and obsolete ones, and files with millions of terms."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_OBO = "http://purl.obolibrary.org/obo/"
_HEAD = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#" '
    'xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:oboInOwl="http://www.geneontology.org/formats/oboInOwl#" '
    f'xmlns:obo="{_OBO}"><owl:Ontology rdf:about="{_OBO}own.owl"><owl:versionInfo>2020-01-01</owl:versionInfo></owl:Ontology>'
)


def _obo(n: int) -> str:
    stanzas = (f"[Term]\nid: OWN:{i}\nname: term {i}\nis_a: OWN:1\n\n" for i in range(1, n + 1))
    return "format-version: 1.2\nontology: own\ndata-version: 2020-01-01\n\n" + "".join(stanzas)


def _owl(n: int) -> str:
    classes = (
        f'<owl:Class rdf:about="{_OBO}OWN_{i}"><rdfs:label>term {i}</rdfs:label><rdfs:subClassOf rdf:resource="{_OBO}OWN_1"/></owl:Class>\n'
        for i in range(1, n + 1)
    )
    return f"{_HEAD}{''.join(classes)}</rdf:RDF>"


@pytest.mark.parametrize("write", [_obo, _owl])
def test_terms_of_big_files_are_not_in_memory_together(write: Any, tmp_path: Path) -> None:
    from bionty.parsing import Term, opened_ontology
    from bionty.parsing.columns import to_table

    path = tmp_path / "own"
    path.write_text(write(25_000))
    alive = []

    def watched(terms: Any) -> Iterator[Any]:
        for number, term in enumerate(terms):
            if number == 24_000:
                alive.append(sum(type(one) is Term for one in gc.get_objects()))
            yield term

    with opened_ontology(path) as ontology:
        table = to_table(watched(ontology.terms))
    assert alive[0] < 10 and table.num_rows == 25_000 and (ontology.name, ontology.version) == ("own", "2020-01-01")
    assert table["parents"].slice(24_000, 1).to_pylist() == [["OWN:1"]] and table["parents"][0].as_py() == []


def test_what_a_file_says_about_a_term_in_several_places_is_put_together(tmp_path: Path) -> None:
    from bionty.parsing import opened_ontology, read_ontology
    from bionty.parsing.columns import to_table

    owl = (
        f'{_HEAD}<owl:Class rdf:about="{_OBO}OWN_1"><rdfs:label>one</rdfs:label></owl:Class>'
        f'<rdf:Description rdf:about="{_OBO}OWN_2"><rdf:type rdf:resource="http://www.w3.org/2002/07/owl#Class"/></rdf:Description>'
        f'<owl:Class rdf:about="{_OBO}OWN_2"><rdfs:label>two</rdfs:label><oboInOwl:hasExactSynonym>a</oboInOwl:hasExactSynonym></owl:Class>'
        f'<owl:Class rdf:about="{_OBO}OWN_9"><owl:deprecated>true</owl:deprecated><obo:IAO_0100001 rdf:resource="{_OBO}OWN_1"/></owl:Class>'
        f'<owl:Class rdf:about="{_OBO}OWN_2"><rdfs:subClassOf rdf:resource="{_OBO}OWN_1"/>'
        "<oboInOwl:hasExactSynonym>b|c</oboInOwl:hasExactSynonym></owl:Class></rdf:RDF>"
    )
    (tmp_path / "a.owl").write_text(owl)
    obo = (
        "[Term]\nid: OWN:1\nname: one\n\n[Term]\nid: OWN:2\nname: two\nsynonym: \"a\" EXACT []\n\n[Term]\nid: OWN:9\nis_obsolete: true\n"
        'replaced_by: OWN:1\n\n[Term]\nid: OWN:2\nname: two\nis_a: OWN:1\nsynonym: "b|c" EXACT []\n'
    )  # fmt: skip
    (tmp_path / "a.obo").write_text(obo)
    for name in ("a.owl", "a.obo"):
        with opened_ontology(tmp_path / name) as ontology:
            rows = to_table(ontology.terms, ("OWN:",)).to_pylist()
        assert [row["ontology_id"] for row in rows] == ["OWN:1", "OWN:2"]
        assert (rows[1]["synonyms"], rows[1]["parents"], rows[0]["alternative_ids"]) == ("a|b/c", ["OWN:1"], "OWN:9")
        terms = {term.ontology_id: term for term in read_ontology(tmp_path / name).terms}
        assert terms["OWN:2"].synonyms == ["a", "b|c"] and terms["OWN:9"].replaced_by == "OWN:1"


def test_a_source_in_a_big_file_is_named_by_its_header(sqlite_bio: Any, tmp_path: Path) -> None:
    import bionty as bt

    (tmp_path / "export.obo").write_text(_obo(50) + "[Term]\nid: OWN:1x\nno tag here\n")
    with pytest.raises(ValueError, match=r"Corrupted ontology file: .*export\.obo .*line \d+ has no tag"):
        bt.CellType.add_source(str(tmp_path / "export.obo"))
    assert bt.Source.filter(name="own").count() == 0
    (tmp_path / "export.obo").write_text(_obo(50))
    source = bt.CellType.add_source(str(tmp_path / "export.obo"))
    assert (source.name, source.version) == ("own", "2020-01-01")
    bt.CellType.import_source(source)
    assert bt.CellType.filter().count() == 50 and bt.CellType.get(name="term 7").parents.one().ontology_id == "OWN:1"
