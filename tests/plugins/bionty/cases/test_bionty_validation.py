"""Validating values, obsolete and alternative terms, dtypes, labels, other instances."""

from __future__ import annotations

from typing import Any

import pytest


def test_validation_looks_at_the_registry_only_and_inspection_at_the_source_too(bio, caplog) -> None:
    import bionty as bt

    values = ["T cell", "T-cell", "neuron", "nonsense"]
    assert bt.CellType.validate(values, mute=True).tolist() == [False] * 4
    bt.CellType.from_source(name="T cell").save()
    assert bt.CellType.validate(values).tolist() == [True, False, False, False]
    assert bt.CellType.validate("T cell", mute=True)
    with caplog.at_level("INFO", logger="lamindb"):
        result = bt.CellType.inspect([*values, None, "T cell"])
    assert result.validated == ["T cell"] and result.non_validated == ["T-cell", "neuron", "nonsense"]
    assert result.synonyms_mapper == {"T-cell": "T cell"} and result.n_empty == 2
    text = caplog.text
    assert "detected 1 CellType term" in text and "'neuron'" in text and ".from_values()" in text
    caplog.clear()
    bt.CellType.inspect(["nerve cell", "nonsense"])
    assert "detected 1 CellType term in public source as synonym: 'nerve cell'" in caplog.text
    assert "couldn't validate 1 term: 'nonsense'" in caplog.text
    assert bt.CellType.standardize(["T-cell", "nerve cell", "x"], mute=True) == ["T cell", "neuron", "x"]
    assert bt.CellType.standardize(["nerve cell"], from_source=False, mute=True) == ["nerve cell"]
    with pytest.raises(TypeError, match="class"):
        bt.CellType.get(name="T cell").validate(["x"])


def test_obsolete_terms_are_known_but_no_records(bio, caplog) -> None:
    import bionty as bt

    bt.CellType.import_source()
    assert (
        bt.CellType.validate(["obsolete native cell", "native cell", "CL:0000003"], mute=True).tolist() == [False] * 3
    )
    with caplog.at_level("INFO", logger="lamindb"):
        bt.CellType.inspect(["native cell"])
    assert "'native cell' is obsolete, replaced by 'cell'" in caplog.text
    assert bt.CellType.standardize(["native cell", "obsolete native cell"], mute=True) == ["cell", "cell"]
    assert bt.CellType.standardize(["CL:0000003"], field="ontology_id", mute=True) == ["CL:0000000"]
    assert bt.CellType.from_values(["native cell"])[0].ontology_id == "CL:0000000"


def test_alternative_identifiers_lead_to_their_term(bio, ontologies) -> None:
    import bionty as bt

    source = bt.CellType.add_source(str(ontologies / "obo" / "cl-basic.2022-11-25.obo.gz"))
    table = bt.CellType.public(source=source)._table
    alternative, row = next(iter(table.alternatives.items()))
    expected = table.column("ontology_id")[row]
    assert bt.CellType.standardize([alternative], field="ontology_id", source=source, mute=True) == [expected]
    assert bt.CellType.public(source=source).standardize([alternative], field="ontology_id") == [expected]


def test_a_source_restricts_only_strictly(bio) -> None:
    import bionty as bt

    record = bt.CellType.from_source(name="T cell").save()
    other = bt.Source(entity="bionty.CellType", name="cl", organism="all", version="2025-04-10").save()
    assert bt.CellType.validate(["T cell"], source=other, mute=True).tolist() == [True]
    assert bt.CellType.validate(["T cell"], source=other, strict_source=True, mute=True).tolist() == [False]
    assert bt.CellType.validate(["T cell"], source=record.source, strict_source=True, mute=True).tolist() == [True]


def test_the_public_ontology_answers_without_the_registry(sqlite_bio) -> None:
    import numpy as np

    import bionty as bt

    public = bt.CellType.public()
    lines = [
        "PublicOntology",
        "Entity: CellType",
        "Organism: all",
        "Source: cl, 2026-03-26",
        f"#terms: {len(public._table)}",
    ]
    assert repr(public) == "\n".join(lines) + "\n"
    assert {"ontology_id", "name", "definition", "synonyms", "parents"} <= public.fields and str(public.name) == "name"
    assert public.to_dataframe().index.name == "ontology_id"
    assert isinstance(public.validate("T cell", public.name), np.ndarray)
    assert public.validate(["T cell", "t cell"], "name", mute=True).tolist() == [True, False]
    assert public.inspect(["T-cell", "T cell"], mute=True).synonyms_mapper == {"T-cell": "T cell"}
    assert public.standardize(["t CELL", "T-lymphocyte"], return_field="ontology_id", mute=True) == ["CL:0000084"] * 2
    assert public.standardize(["T-lymphocyte"], case_sensitive=True, mute=True) == ["T cell"]
    assert public.search("gamma delta T cell").name.iloc[0] == "gamma-delta T cell"
    assert public.search("T cell").index[0] == "CL:0000084"
    assert len(public.search("cell", limit=5)) == 5
    lookup = public.lookup()
    assert lookup.cd8_positive_alpha_beta_t_cell.ontology_id == "CL:0000625"
    assert lookup.dict()["T cell"].name == "T cell"
    for call in (public.validate, public.inspect):
        with pytest.raises(KeyError, match="No nme column exists!.*'name'"):
            call(["x"], "nme")
    with pytest.raises(AssertionError):
        public.standardize(["x"], "nme")
    with pytest.raises(
        TypeError, match="Type mismatch: identifiers are 'numeric' but field_values are 'str/categorical'."
    ):
        public.validate([1], "name")
    assert bt.CellType.filter().count() == 0


def test_organisms_of_genes_and_prefixes_in_the_public_tables(sqlite_bio, mirror) -> None:
    import bionty as bt

    assert len(bt.Gene.public(organism="human").to_dataframe()) == 78_894
    assert bt.base.Organism(taxa="vertebrates").to_dataframe().loc["human"].scientific_name == "Homo sapiens"
    frame = bt.Ethnicity.public().to_dataframe()
    assert len(frame) == 632 and all(frame.index.str.startswith("HANCESTRO:"))
    assert len(bt.Ethnicity.public()._table) == 1023
    with pytest.raises(ValueError, match="No source is available with"):
        bt.base.CellType(source="nothing")


def test_terms_are_dtypes_labels_and_members_of_schemas(bio, tmp_path) -> None:
    import bionty as bt
    import lamindb as ln
    from lamindb.errors import ValidationError

    assert ln.Feature(name="a", dtype=bt.CellType).dtype_as_str == "cat[bionty.CellType]"
    assert ln.Feature(name="b", dtype=bt.CellType.ontology_id).dtype_as_str == "cat[bionty.CellType.ontology_id]"
    assert ln.Feature(name="c", dtype=list[bt.CellLine]).dtype_as_str == "list[cat[bionty.CellLine]]"
    assert ln.Feature(name="d", dtype=[bt.Tissue, bt.CellType]).dtype_as_str == "cat[bionty.Tissue|bionty.CellType]"
    feature = ln.Feature(name="cell_type", dtype=bt.CellType).save()
    path = tmp_path / "a.txt"
    path.write_text("a")
    artifact = ln.Artifact(str(path), key="a.txt").save()
    t_cell = bt.CellType.from_source(name="T cell").save()
    artifact.labels.add(t_cell, feature=feature)
    assert artifact.links_cell_type.one().feature == feature
    assert ln.Artifact.get(cell_type="T cell") == artifact and ln.Artifact.get(cell_types__name="T cell") == artifact
    lymphocytes = bt.CellType.get(name="lymphocyte").query_children()
    assert ln.Artifact.filter(cell_types__in=lymphocytes).one() == artifact
    schema = ln.Schema.from_values(["BRCA2", "TP53"], bt.Gene.symbol, organism="human")
    assert schema is not None
    with pytest.raises(ValidationError):
        ln.Schema.from_values(["NOGENE1"], bt.Gene.symbol, organism="human")


def test_another_instance_is_queried_and_its_terms_are_transferred_once(bio, instances: Any) -> None:
    import bionty as bt
    import lamindb as ln

    bt.CellType.from_source(name="T cell").save()
    bt.Gene.from_source(symbol="BRCA2", organism="human").save()
    slug = bio.slug
    instances.create(modules="bionty,pertdb")
    there = ln.DB(slug)
    assert there.bionty.CellType.filter(name="T cell").one().uid == "22LvKd01YyNA1a"
    assert "CellType" in dir(there.bionty)
    for _ in range(2):
        gene = there.bionty.Gene.get(symbol="BRCA2").save()
        assert gene.organism.name == "human" and bt.Gene.filter().count() == 1
    local = bt.CellType.from_source(name="T cell").save()
    assert there.bionty.CellType.get(name="T cell").save() == local


def test_terms_of_another_instance_get_their_place_in_the_hierarchy(bio, instances: Any, tmp_path) -> None:
    import bionty as bt
    import lamindb as ln

    path = tmp_path / "a.txt"
    path.write_text("a")
    artifact = ln.Artifact(str(path), key="a.txt").save()
    terms = {"T cell": "CL:0000084", "my own cell": None, "no such cell": "CL:9999999"}
    for name, identifier in terms.items():  # as somebody made them who had no ontology
        artifact.cell_types.add(bt.CellType(name=name, ontology_id=identifier).save())
    slug = bio.slug
    instances.create(modules="bionty,pertdb")
    for _ in range(2):
        moved = ln.Artifact.connect(slug).get(key="a.txt").save(transfer="annotations")
        assert set(moved.cell_types.to_list("name")) == set(terms)
        t_cell = bt.CellType.get(name="T cell")
        assert t_cell.uid == "22LvKd01YyNA1a" and t_cell.parents.to_list("name") == ["lymphocyte"]
        assert moved in ln.Artifact.filter(cell_types__in=bt.CellType.get(name="leukocyte").query_children())
        assert bt.CellType.filter().count() == 12  # three terms and nine ancestors


def test_deep_hierarchies_take_one_statement(bio, count_queries) -> None:
    import bionty as bt

    bt.Tissue.import_source()
    lung = bt.Tissue.get(ontology_id="UBERON:0002048")
    with count_queries() as queries:
        above = lung.query_parents().to_list("ontology_id")
    assert len(queries) == 1 and "UBERON:0000062" in above  # organ
    frame = bt.Tissue.public().to_dataframe()
    known, waiting = set(), [p for p in frame.loc["UBERON:0002048"].parents]
    while waiting:
        one = waiting.pop()
        if one not in known:
            known.add(one)
            waiting += list(frame.loc[one].parents)
    assert set(above) == known
    assert bt.Tissue.get(ontology_id="UBERON:0000062").query_children().filter(ontology_id="UBERON:0002048").exists()


def test_public_terms_are_converted_to_other_fields_without_records(bio, caplog) -> None:
    import bionty as bt

    values = ["T-cell", "neuron", "native cell", "nonsense", None]
    assert bt.CellType.standardize(values, return_field="ontology_id") == ["CL:0000084", "CL:0000540", "CL:0000000", "nonsense", None]  # fmt: skip
    assert "please add corresponding CellType records via: `.from_values(['T cell', 'cell'])`" in caplog.text
    mapper = bt.CellType.standardize(values, return_field="ontology_id", return_mapper=True, mute=True)
    assert mapper == {"T-cell": "CL:0000084", "neuron": "CL:0000540", "native cell": "CL:0000000"}
    assert bt.CellType.standardize(values, return_field="ontology_id", from_source=False, mute=True) == values
    bt.CellType.from_source(name="T cell").save()
    assert bt.CellType.standardize(["T-cell", "neuron"], return_field="ontology_id", mute=True) == ["CL:0000084", "CL:0000540"]  # fmt: skip
    assert bt.Gene.standardize(["FANCD1", "BRCA2"], organism="human", return_field="ensembl_gene_id", mute=True) == ["ENSG00000139618"] * 2  # fmt: skip
    assert bt.Organism.filter().count() == 0  # asking creates none


def test_an_organism_without_a_source_of_its_own_has_that_of_all_organisms(sqlite_bio) -> None:
    import bionty as bt
    from lamindb.errors import DoesNotExist

    assert bt.Tissue.from_source(name="lung", organism="human").ontology_id == "UBERON:0002048"
    assert bt.CellType.from_values(["neuron"], organism="mouse", mute=True)[0].source.name == "cl"
    assert bt.Disease.from_values(["asthma"], organism="mouse", mute=True)[0].source.name == "mondo"
    with pytest.raises(ValueError, match="No source record found for filter.*'homo sapiens'"):
        bt.Tissue.public(organism="human")
    with pytest.raises(DoesNotExist, match="no DevelopmentalStage found in source"):
        bt.DevelopmentalStage.from_source(name="adult stage", organism="zebrafish")
