"""Records of single terms: uids, constructors, `from_source`, `from_values`, organisms, ancestors, hierarchies."""

from __future__ import annotations

import pytest


def test_uids_are_encoded_as_specified() -> None:
    from bionty import uids

    specified = {
        "CL:0000084": "22LvKd01YyNA1a", "CL:0000236": "ryEtgi1yGtAcX2", "CL:0000540": "3QnZfoBkwSvMUz",
        "UBERON:0002048": "7Tt4iEKcwoe1EE", "NCBITaxon:9606": "1dpCL6TduFJ3AP", "NCBITaxon:10090": "3RZqbcSLWNGQGZ",
        "ENSG00000081059": "7IkHKPl0ScQRSB", "ENSG00000139618": "1DQZiYQ1wP6xYy", "testhuman": "2dZ52W9noUDKVE",
        "CHEMBL443684": "3UNOwwsV9c12kn",
    }  # fmt: skip
    assert {text: uids.ontology(text) for text in specified} == specified
    assert uids.record_uids(specified) == list(specified.values())


def test_uids_of_sources_and_of_digests_that_begin_with_zeros() -> None:
    from bionty import uids

    assert uids.source("bionty.Diseasemondoall2023-04-04") == "Hgw08Vk3"
    assert uids.source("bionty.CellTypeclall2025-12-17") == "6Z0wRdof"
    assert uids.source("bionty.Proteinuniprotrattus norvegicus2026-01") == "011Fr1Pp"
    texts = [f"X:{i}" for i in range(5_000)]  # about twenty of them begin with a zero byte
    assert uids.record_uids(texts) == [uids.ontology(text) for text in texts]
    assert len(uids.gene()) == 12 and uids.gene() != uids.gene()


def test_a_term_is_saved_with_all_its_ancestors_and_the_links_between_them(bio, count_queries) -> None:
    import bionty as bt

    t_cell = bt.CellType.from_source(name="T cell")
    assert t_cell._state.adding and t_cell.uid == "22LvKd01YyNA1a"
    with count_queries() as queries:
        t_cell.save()
    assert len(queries) <= 10
    assert bt.CellType.filter().count() == 10
    assert t_cell.parents.to_list("name") == ["lymphocyte"]
    assert set(t_cell.query_parents().to_list("ontology_id")) == {
        "CL:0000000", "CL:0000219", "CL:0000226", "CL:0000255", "CL:0000542", "CL:0000738", "CL:0000842", "CL:0000988", "CL:0002242"
    }  # fmt: skip
    own = bt.CellType(name="my parent").save()
    t_cell.parents.add(own)
    t_cell.save()  # parents that were added by hand stay
    assert set(t_cell.parents.to_list("name")) == {"lymphocyte", "my parent"}


def test_the_number_of_statements_does_not_depend_on_that_of_the_terms(bio, count_queries) -> None:
    import bionty as bt

    names = bt.Tissue.public()._table.column("ontology_id")
    few, many = names[3000:3005], names[4000:4300]
    counts = []
    for values in (few, many):
        records = bt.Tissue.from_values(values, field="ontology_id", mute=True)
        with count_queries() as queries:
            records.save()
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2 and counts[1] <= 14


def test_from_values_keeps_the_order_and_makes_one_record_of_a_name_and_its_synonym(bio) -> None:
    import bionty as bt

    bt.CellType.from_source(name="neuron").save()
    records = bt.CellType.from_values(["T-cell", "nobody's cell", "neuron", "B cell", "T cell", None, ""])
    assert [record.name for record in records] == ["T cell", "neuron", "B cell"]
    assert [record._state.adding for record in records] == [True, False, True]
    records.save()
    assert bt.CellType.get(name="B cell").parents.exists()
    again = bt.CellType.from_values(["B cell"])
    again.save()
    assert bt.CellType.filter(name="B cell").count() == 1


def test_from_source_says_what_is_wrong(sqlite_bio) -> None:
    import bionty as bt
    from lamindb.errors import DoesNotExist, InvalidArgument

    with pytest.raises(InvalidArgument, match="No field passed to generate records from source"):
        bt.CellType.from_source()
    with pytest.raises(InvalidArgument, match="Only one field can be passed to generate records from source"):
        bt.CellType.from_source(name="T cell", ontology_id="CL:0000084")
    with pytest.raises(
        DoesNotExist, match="no CellType found in source for the given field value: name='T-cellx'.*'T cell'"
    ):
        bt.CellType.from_source(name="T-cellx")
    with pytest.raises(DoesNotExist):  # a field is compared exactly, only the positional form knows synonyms
        bt.CellType.from_source(name="T-cell")
    assert bt.CellType.from_source("T-cell").name == "T cell"


def test_a_hit_of_a_look_up_becomes_a_record(sqlite_bio) -> None:
    import bionty as bt

    public = bt.CellType.public()
    record = bt.CellType(public.lookup().neuron)
    assert record._state.adding and record.ontology_id == "CL:0000540" and record.source.name == "cl"
    record.save()
    assert record.parents.exists()
    assert bt.CellType(public.lookup().neuron) == record


def test_another_identifier_with_the_same_name_is_another_record(sqlite_bio) -> None:
    import bionty as bt

    t_cell = bt.CellType.from_source(name="T cell").save()
    other = bt.CellType(name="T cell", ontology_id="OWN:1")
    assert other._state.adding and other.uid != t_cell.uid
    assert bt.CellType(name="T cell") == t_cell
    assert bt.CellType(name="T cell", ontology_id="CL:0000084") == t_cell


def test_constructors_refuse_what_identifies_nothing(sqlite_bio) -> None:
    import bionty as bt
    from bionty._organism import OrganismNotSet
    from lamindb.errors import FieldValidationError

    with pytest.raises(AssertionError, match="must provide ontology_id or name"):
        bt.CellType()
    with pytest.raises(ValueError, match="Invalid parents kwarg passed. Provide a list of ontology ids."):
        bt.CellType(name="x", parents=[1])
    with pytest.raises(FieldValidationError, match="keyword arguments"):
        bt.CellType("T cell")
    with pytest.raises(OrganismNotSet, match="`organism` is required to create new Gene records!"):
        bt.Gene(symbol="X")
    with pytest.raises(SystemExit):  # what code for the original catches
        bt.Gene(symbol="X")
    with pytest.raises(TypeError, match="organism must be a `bionty.Organism` record."):
        bt.Gene(symbol="X", organism="human")
    assert bt.CellType(name="mine", parents=["CL:0000084"]).save().parents.one().name == "T cell"


def test_genes_without_ids_are_identified_by_symbol_and_organism(sqlite_bio) -> None:
    import bionty as bt
    from bionty import uids

    human, mouse = (bt.Organism.from_source(name=name).save() for name in ("human", "mouse"))
    one = bt.Gene(symbol="NEW1", organism=human).save()
    other = bt.Gene(symbol="NEW1", organism=mouse).save()
    assert one.uid == uids.ontology("NEW1human") and other.uid == uids.ontology("NEW1mouse")
    assert bt.CellMarker(name="test", organism=human).uid == "2dZ52W9noUDKVE"
    assert bt.Gene(symbol="NEW1", organism=human) == one


def test_an_organism_is_understood_in_every_form(sqlite_bio) -> None:
    import bionty as bt

    human = bt.Organism.from_source(name="human").save()
    forms = {"name": "human", "capitals": "Human", "scientific": "Homo sapiens", "record": human, "settings": None}
    for form, passed in forms.items():
        if form == "settings":
            bt.settings.organism = "human"
        gene = bt.Gene.from_source(symbol="BRCA2", organism=passed).save()
        assert gene.uid == "1DQZiYQ1wP6xYy" and gene.organism.uid == "1dpCL6TduFJ3AP", form
        assert list(bt.Gene.validate(["BRCA2", "BRCA3"], organism=passed)) == [True, False], form
        assert bt.Organism.filter().count() == 1, form
        gene.delete(permanent=True)
        if form == "name":  # the organism is found without a record of it, too
            human.delete(permanent=True)
            assert bt.Gene.from_source(symbol="BRCA2", organism="Homo sapiens").save().organism.name == "human"
            bt.Gene.get(symbol="BRCA2").delete(permanent=True)
            forms["record"] = bt.Organism.get(name="human")


def test_rules_of_organisms(sqlite_bio) -> None:
    import bionty as bt
    from bionty._organism import OrganismNotSet
    from lamindb.errors import DoesNotExist

    assert bt.Gene.require_organism() and not bt.Gene.require_organism(bt.Gene.ensembl_gene_id)
    assert bt.Gene.require_organism("symbol") and not bt.Protein.require_organism(bt.Protein.uniprotkb_id)
    assert not bt.CellType.require_organism()
    with pytest.raises(OrganismNotSet, match="`organism` is required to get Source record for Gene!"):
        bt.Gene.public()
    with pytest.raises(OrganismNotSet, match="`organism` is required to create new Gene records from source!"):
        bt.Gene.from_values(["BRCA2"])
    with pytest.raises(OrganismNotSet, match="to get Source record for Protein!"):
        bt.Protein.from_source(uniprotkb_id="P01275")
    with pytest.raises(OrganismNotSet, match="to get Source record for CellMarker!"):
        bt.CellMarker.import_source()
    with pytest.raises(OrganismNotSet):
        bt.Gene.from_values(["x"], create=True)
    with pytest.raises(ValueError, match="No source record found for filter"):
        bt.CellType.public(organism="human")
    with pytest.raises(DoesNotExist):
        bt.settings.organism = "unicorn"
    assert list(bt.Gene.validate(["BRCA2"], organism="mouse")) == [False]
    assert bt.CellType.public(organism="all").source == "cl"
    assert bt.Phenotype.public().source == "pato" and bt.Disease.public().source == "mondo"
    assert bt.Organism.filter().count() == 0  # asking creates none
    assert bt.Gene.from_source(symbol="BRCA2", organism="human").save()
    assert len(bt.Gene.from_values(["BRCA2", "TP53"])) == 2  # the organism of the record that is there


def test_identifiers_of_several_species_need_no_organism(bio, mirror) -> None:
    import bionty as bt

    ids = ["ENSMUSG00000049562", "ENSG00000139618", "ENSMUSG00000000001"]
    genes = bt.Gene.from_values(ids, field=bt.Gene.ensembl_gene_id).save()
    assert [gene.ensembl_gene_id for gene in genes] == ids
    assert [gene.organism.name for gene in genes] == ["mouse", "human", "mouse"]
    assert bt.Gene.validate([*ids, "ENSG0"], field=bt.Gene.ensembl_gene_id).tolist() == [True, True, True, False]
    yeast = bt.Gene.public(organism="human")
    assert yeast.organism == "human"


def test_ambiguous_symbols_and_aliases_that_collide(bio, mirror) -> None:
    import bionty as bt

    bt.settings.organism = "human"
    assert bt.Gene.from_source(symbol="BRCA2").ncbi_gene_ids == "675"
    several = bt.Gene.from_source(symbol="Y_RNA", mute=True)
    assert len(several) > 700 and len({gene.ensembl_gene_id for gene in several}) == len(several)
    public = bt.Gene.public()
    assert set(public.standardize(["ABC1"], keep=False)[0]) == {"ABCA1", "HEATR6"}
    assert public.standardize(["ABC1"], keep="first") != public.standardize(["ABC1"], keep="last")
    assert public.standardize(["FANCD1"]) == ["BRCA2"]
    assert public.standardize(["FANCD1", "BRCA2"], return_field="ensembl_gene_id", return_mapper=True) == {
        "FANCD1": "ENSG00000139618", "BRCA2": "ENSG00000139618"
    }  # fmt: skip
    # what a spreadsheet made of a symbol is not guessed: MARCHF1 and MTARC1 were both called MARCH1 or MARC1
    result = bt.Gene.inspect(["1-Mar", "BRCA2"], mute=True)
    assert "1-Mar" in result.non_validated and "1-Mar" not in result.synonyms_mapper


def test_cycles_and_many_parents_are_no_problem(bio, count_queries) -> None:
    import pandas as pd

    import bionty as bt

    many = [f"OWN:{i}" for i in range(1, 51)]
    rows = [
        ("OWN:0", "Größe – 大きさ", many),
        *((one, f"parent {one}", ["OWN:0"] if one == "OWN:7" else []) for one in many),
    ]
    table = pd.DataFrame(rows, columns=["ontology_id", "name", "parents"])
    source = bt.Phenotype.add_source("own", df=table, version="1")
    record = bt.Phenotype.from_source(name="Größe – 大きさ", source=source).save()
    assert record.parents.count() == 50
    with count_queries() as queries:
        assert len(record.query_parents()) == 50
    assert len(queries) == 1
    with count_queries() as queries:
        assert [one.ontology_id for one in bt.Phenotype.get(ontology_id="OWN:7").query_children()] == ["OWN:0"]
    assert len(queries) <= 2


def test_a_record_comes_back_from_the_trash(bio) -> None:
    import bionty as bt

    record = bt.CellType.from_source(name="neuron").save()
    record.delete()
    assert bt.CellType.filter(name="neuron").count() == 0
    again = bt.CellType.from_source(name="neuron").save()
    assert again.id == record.id and again.branch_id == 1


def test_records_in_use_are_protected(bio, tmp_path) -> None:
    from django.db.models import ProtectedError

    import bionty as bt
    import lamindb as ln

    gene = bt.Gene.from_source(symbol="BRCA2", organism="human").save()
    with pytest.raises(ProtectedError):
        gene.organism.delete(permanent=True)
    path = tmp_path / "a.txt"
    path.write_text("a")
    artifact = ln.Artifact(str(path), key="a.txt").save()
    artifact.genes.add(gene)
    with pytest.raises(ProtectedError, match="ArtifactGene.gene"):
        gene.delete(permanent=True)
    assert artifact.links_gene.count() == 1
    schema = ln.Schema([gene]).save()
    assert schema.genes.one() == gene and schema.links_gene.count() == 1


def test_a_renamed_record_stays_the_one_of_its_term(bio) -> None:
    import bionty as bt

    renamed = bt.CellType.from_source(name="T cell").save()
    renamed.name = "my T cell"
    renamed.save()
    for make in (
        lambda: bt.CellType.from_source(name="T cell"),
        lambda: bt.CellType.from_values(["T cell"]).one(),
        lambda: bt.CellType(name="T cell", ontology_id="CL:0000084"),
    ):
        assert make().save().pk == renamed.pk
    assert bt.CellType.filter(ontology_id="CL:0000084").one().name == "my T cell"
    count = bt.CellType.filter().count()
    bt.CellType.from_values(["T cell", "lymphocyte"]).save()
    assert bt.CellType.filter().count() == count


def test_what_protects_an_organism_is_shown_abridged(sqlite_bio, mirror) -> None:
    from django.db.models import ProtectedError

    import bionty as bt

    genes = bt.Gene.from_source(symbol="Y_RNA", organism="human", mute=True)
    bt.Gene.from_values(["Y_RNA"], organism="human", mute=True).save()
    with pytest.raises(ProtectedError) as error:
        bt.Organism.get(name="human").delete(permanent=True)
    assert len(error.value.protected_objects) == len(genes) > 700
    assert "Gene.organism" in str(error.value) and len(str(error.value)) < 1000 and "more}" in str(error.value)
    assert "Gene(id=" in str(error.value)
    with pytest.raises(ProtectedError, match="more}"):
        bt.Organism.filter().delete(permanent=True)


def test_synonyms_and_abbreviations(bio) -> None:
    import bionty as bt
    from lamindb.errors import ValidationError

    t_cell, neuron = (bt.CellType.from_source(name=name).save() for name in ("T cell", "neuron"))
    t_cell.add_synonym("my T cell")
    assert "my T cell" in bt.CellType.get(t_cell.uid).synonyms
    assert bt.CellType.standardize(["my T cell"], mute=True) == ["T cell"]
    with pytest.raises(ValidationError):
        neuron.add_synonym("my T cell")
    with pytest.raises(ValidationError, match=r"can't contain '\|'"):
        neuron.add_synonym("a|b")
    neuron.set_abbr("NRN")
    assert neuron.abbr == "NRN" and "NRN" in neuron.synonyms
    with pytest.raises(ValidationError, match="'NRN' is the abbreviation of another CellType record: 'neuron'"):
        t_cell.set_abbr("NRN")
    assert bt.CellType.get(t_cell.uid).abbr is None and "NRN" not in t_cell.synonyms
    t_cell.set_abbr("T cell")  # the name is no synonym
    assert "T cell" not in t_cell.synonyms.split("|")
    assert bt.CellType.get("22LvKd01") == t_cell


def test_an_organism_is_recognised_by_its_identifier_under_another_name(bio, mirror) -> None:
    import bionty as bt

    own = bt.Organism(name="house mouse", ontology_id="NCBITaxon:10090").save()
    genes = bt.Gene.from_values(["ENSMUSG00000041147"], field="ensembl_gene_id").save()
    assert genes[0].organism == own and bt.Organism.filter().count() == 1
    assert bt.Gene.validate(["Brca2"], organism="mouse", mute=True).tolist() == [True]
    bt.settings.organism = "mouse"
    assert bt.settings.organism == own and bt.Gene.public().organism == "mouse"
    bt.settings.organism = None


def test_a_source_that_is_not_reachable_is_named_once(sqlite_bio, caplog) -> None:
    import bionty as bt

    bt.settings.sources_mirror = None
    yeast = {"field": bt.Gene.stable_id, "organism": "saccharomyces cerevisiae"}
    assert len(bt.Gene.from_values(["YAL001C"], **yeast)) == 0
    assert (
        caplog.text.count("The source ensembl, release-114 (bionty.Gene, saccharomyces cerevisiae) can't be read") == 1
    )


def test_ancestors_can_be_added_later(bio) -> None:
    import bionty as bt

    neuron = bt.CellType(name="neuron", ontology_id="CL:0000540").save()
    bt.core.add_ontology([neuron])
    assert neuron.query_parents().filter(ontology_id="CL:0000000").exists() and neuron.parents.count() > 0
    count = bt.CellType.filter().count()
    bt.core.add_ontology([neuron])
    assert bt.CellType.filter().count() == count
