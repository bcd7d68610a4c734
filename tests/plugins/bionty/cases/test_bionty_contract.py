"""What registries, link tables and helpers are called, and which fields and rules they have: the parts that other code builds on."""

from __future__ import annotations

from typing import Any

import pytest

_ONTOLOGIES = (
    "Tissue", "CellType", "Disease", "CellLine", "Phenotype", "Pathway", "ExperimentalFactor", "DevelopmentalStage", "Ethnicity",
)  # fmt: skip
_REGISTRIES = ("Organism", "Gene", "Protein", "CellMarker", *_ONTOLOGIES)
#: Own fields of registries: kind, greatest length, whether it may be null, whether it is unique.
_OWN_FIELDS = {
    "Organism": {"scientific_name": ("CharField", 255, True, True)},
    "Gene": {
        "symbol": ("CharField", 64, True, False),
        "stable_id": ("CharField", 255, True, True),
        "ensembl_gene_id": ("CharField", 64, True, True),
        "ncbi_gene_ids": ("TextField", None, True, False),
        "biotype": ("CharField", 64, True, False),
    },
    "Protein": {
        "name": ("CharField", 255, True, False),
        "uniprotkb_id": ("CharField", 10, True, True),
        "length": ("BigIntegerField", None, True, False),
        "gene_symbol": ("CharField", 255, True, False),
        "ensembl_gene_ids": ("TextField", None, True, False),
    },
    "CellMarker": {
        "name": ("CharField", 64, False, False),
        "gene_symbol": ("CharField", 64, True, False),
        "ncbi_gene_id": ("CharField", 32, True, False),
        "uniprotkb_id": ("CharField", 10, True, False),
    },
}
_COMMON_FIELDS = {
    "uid": ("CharField", 14, False, True),
    "abbr": ("CharField", 32, True, True),
    "synonyms": ("TextField", None, True, False),
    "description": ("TextField", None, True, False),
    "source": ("ForeignKey", None, True, False),
    "branch": ("ForeignKey", None, False, False),
    "created_on": ("ForeignKey", None, False, False),
    "space": ("ForeignKey", None, False, False),
    "is_locked": ("BooleanField", None, False, False),
    "_aux": ("JSONField", None, True, False),
    "created_at": ("DateTimeField", None, False, False),
    "updated_at": ("DateTimeField", None, False, False),
    "created_by": ("ForeignKey", None, False, False),
    "run": ("ForeignKey", None, True, False),
}
_ONTOLOGY_FIELDS = {"name": ("CharField", 255, False, False), "ontology_id": ("CharField", 255, True, False)}
_SOURCE_FIELDS = {
    "uid": ("CharField", 8, False, True),
    **{name: ("CharField", 255, False, False) for name in ("entity", "organism", "name", "version")},
    **{name: ("BooleanField", None, False, False) for name in ("in_db", "currently_used")},
    **{name: ("TextField", None, True, False) for name in ("description", "url", "md5", "source_website")},
    "dataframe_artifact": ("ForeignKey", None, True, False),
}


def _facts(registry: Any, names: Any) -> dict[str, tuple[Any, ...]]:
    fields = {field.name: field for field in registry._meta.concrete_fields}
    return {n: (type(fields[n]).__name__, fields[n].max_length, fields[n].null, fields[n].unique) for n in names}


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).strip("_")


def test_registries_have_the_documented_fields() -> None:
    import bionty as bt

    for name in _REGISTRIES:
        registry = getattr(bt, name)
        wanted = {**_COMMON_FIELDS, **(_ONTOLOGY_FIELDS if name in (*_ONTOLOGIES, "Organism") else {}), **_OWN_FIELDS.get(name, {})}  # fmt: skip
        assert _facts(registry, wanted) == wanted, name
        assert registry._meta.db_table == f"bionty_{name.lower()}"
        is_of_organism = name in ("Gene", "Protein", "CellMarker")
        extra = {f.name for f in registry._meta.concrete_fields} - set(wanted) - {"id"}
        assert extra == ({"organism"} if is_of_organism else set()), name
        assert registry.require_organism() is is_of_organism
        assert any(field.name == "parents" for field in registry._meta.many_to_many) is (not is_of_organism)
    assert _facts(bt.Source, _SOURCE_FIELDS) == _SOURCE_FIELDS
    assert bt.Source._meta.unique_together == (("entity", "name", "organism", "version"),)
    assert bt.CellMarker._meta.unique_together == (("name", "organism"),)
    assert bt.CellType._meta.unique_together == (("name", "ontology_id"),)
    assert not hasattr(bt.Source, "set_abbr") and not issubclass(bt.Source, bt.models.BioRecord)
    assert [(r._name_field, r._ontology_id_field) for r in (bt.Gene, bt.Protein)] == [
        ("symbol", "ensembl_gene_id"), ("name", "uniprotkb_id")
    ]  # fmt: skip


def test_link_tables_have_the_documented_names() -> None:
    import bionty as bt
    import lamindb as ln
    from bionty import models

    def reverse(registry: Any) -> set[str]:
        return {relation.get_accessor_name() for relation in registry._meta.related_objects}

    for name in _REGISTRIES:
        low, snake = name.lower(), _snake(name)
        plural = {"Ethnicity": "ethnicities"}.get(name, f"{snake}s")
        link = getattr(models, f"Artifact{name}")
        value, artifact, feature = (link._meta.get_field(n) for n in (low, "artifact", "feature"))
        assert [f.remote_field.on_delete.__name__ for f in (artifact, value, feature)] == ["CASCADE", "PROTECT", "PROTECT"]  # fmt: skip
        assert value.remote_field.related_name == "links_artifact" and feature.null
        assert (artifact.remote_field.related_name, feature.remote_field.related_name) == (f"links_{snake}", f"links_artifact{low}")  # fmt: skip
        assert {"created_at", "created_by", "run"} <= {field.name for field in link._meta.fields}
        assert ("artifact", low, "feature") in [tuple(c.fields) for c in link._meta.constraints]
        of_record = getattr(models, f"Record{name}")
        assert of_record._meta.get_field("record").remote_field.related_name == f"values_{snake}"
        assert of_record._meta.get_field("value").remote_field.related_name == "links_record"
        assert of_record._meta.get_field("feature").remote_field.related_name == f"links_record{low}"
        assert hasattr(ln.Artifact, plural) and hasattr(ln.Record, plural), plural
    for name in ("Gene", "Protein", "CellMarker", "Pathway"):
        link = getattr(models, f"Schema{name}")
        assert [field.name for field in link._meta.fields] == ["id", "schema", name.lower()]
        assert f"links_{name.lower()}" in reverse(ln.Schema) and "links_schema" in reverse(getattr(bt, name))
    assert {"genes", "proteins", "cell_markers", "children", "links_artifact", "links_record"} <= reverse(bt.Organism)
    assert bt.Pathway._meta.get_field("genes").remote_field.related_name == "pathways"
    assert bt.CellType.parents.through._meta.db_table == "bionty_celltype_parents"
    assert {f.name for f in bt.CellType.parents.through._meta.fields} == {"id", "from_celltype", "to_celltype"}


def test_the_package_offers_the_documented_names() -> None:
    import bionty as bt

    assert set(bt.__all__) == {*_REGISTRIES, "Source", "settings", "base", "core", "uids"}
    models = bt.models
    assert models.Species is bt.Organism and models.BiontySource is bt.Source and models.PublicSource is bt.Source
    assert (
        models.BioRegistry is models.BioRecord is bt.core.BioRecord
        and models.StaticReference is bt.core.StaticReference
    )
    assert issubclass(bt.CellType, models.HasOntologyId) and issubclass(bt.Gene, models.HasSource)
    assert bt.core.sync_all_sources_to_latest is bt.core.sync_public_sources and callable(bt.core.add_ontology)
    with pytest.warns(DeprecationWarning, match="bionty.uids"):
        assert bt.ids is bt.uids
    from bionty.base.dev import InspectResult
    from lamindb.models import InspectResult as OfCore

    assert InspectResult is OfCore
    bt.settings.auto_save_parents = False  # without effect
    with pytest.raises(AttributeError, match="Did you mean 'CellType'"):
        bt.CellTypes

    class Own(bt.CellType):
        class Meta:
            proxy = True
            app_label = "bionty"

    assert issubclass(Own, models.BioRecord) and Own.require_organism() is False
    bt.CellType._meta.apps.all_models["bionty"].pop("own")


def test_uid_helpers_have_their_lengths_and_take_plain_dictionaries(sqlite_bio: Any) -> None:
    import bionty as bt
    from bionty import uids

    assert [len(make()) for make in (uids.gene, uids.protein, uids.cellmarker, uids.ontology, uids.source)] == [12, 12, 12, 14, 8]  # fmt: skip
    assert uids.gene("ENSG00000139618") == "1DQZiYQ1wP6xYy"[:12] and len(uids.base62(5)) == 5
    assert uids.hash_id("CL:0000084", n_char=14) == uids.encode_base62("CL:0000084")[:14] == "22LvKd01YyNA1a"
    assert uids.encode_uid(bt.CellType, {"name": "x", "uid": "kept"})["uid"] == "kept"
    human = bt.Organism.from_source(name="human").save()
    by_id = uids.encode_uid(bt.Gene, {"symbol": "NEW1", "organism_id": human.id})
    plain = uids.encode_uid_for_hub("gene", {"symbol": {}, "organism": {}}, {"symbol": "NEW1", "organism": {"name": "human"}})  # fmt: skip
    assert by_id["uid"] == plain["uid"] == uids.ontology("NEW1human")
    assert uids.encode_uid_for_hub("celltype", {"name": {}}, {"name": "x"})["uid"] == uids.ontology("x")
    assert bt.Protein(name="p", uniprotkb_id="P01275", organism=human).uid == uids.ontology("P01275")
    assert bt.Protein(name="p", organism=human).uid == uids.ontology("phuman")
    assert bt.Gene(stable_id="YAL001C", symbol="TFC3", organism=human).uid == uids.ontology("YAL001C")
    assert bt.CellType(name="own", uid="abcdefghijklmn").uid == "abcdefghijklmn"
    with pytest.raises(AssertionError, match="must provide ensembl_gene_id, stable_id or symbol"):
        bt.Gene(organism=human)


def test_records_are_constructed_in_the_default_space_and_from_the_first_hit(sqlite_bio: Any, caplog: Any) -> None:
    import bionty as bt
    import lamindb as ln
    import pertdb

    ours = ln.Space(name="ours").save()
    ln.settings.space = "ours"
    try:
        assert bt.CellType(name="a").save().space.name == "all"
        assert bt.CellType(name="b", space=ours).save().space == ours
        assert pertdb.Compound(name="a").save().space == ours  # perturbations follow the current space
    finally:
        ln.settings.space = "all"
    lookup = bt.CellType.public().lookup()
    with caplog.at_level("WARNING", logger="lamindb"):
        assert bt.CellType([lookup.neuron, lookup.t_cell]).name == "neuron"
    assert "2 terms were passed, the first one is used" in caplog.text
    record = bt.CellType(lookup.neuron).save()
    caplog.clear()
    again = bt.CellType(name="neuron", description="mine")
    assert again == record and again.description == "mine" and "updated description from" in caplog.text
    assert "similar name" in _text_of(caplog, lambda: bt.CellType(name="neuro"))
    import numpy as np

    assert bt.CellType(name="c", parents=np.array(["CL:0000084"])).save().parents.one().name == "T cell"
    assert bt.CellType(name="d", parents=[]).save().parents.count() == 0
    with pytest.raises(ValueError, match="save"):
        bt.CellType(name="unsaved").parents.all()
    with pytest.raises(ValueError, match="Cannot search for None value! Please pass a valid string."):
        bt.CellType.search(None)
    with pytest.raises(bt.Source.MultipleObjectsReturned):
        bt.Source.get(entity="bionty.Phenotype")


def _text_of(caplog: Any, call: Any) -> str:
    caplog.clear()
    call()
    return str(caplog.text)


def test_the_manifest_is_given_as_tables(sqlite_bio: Any, caplog: Any) -> None:
    import bionty as bt
    from bionty import manifest
    from bionty.base.dev._handle_sources import parse_currently_used_sources, parse_sources_yaml

    listed, used = bt.base.display_sources(), bt.base.display_currently_used_sources()
    assert list(listed.columns) == ["name", "organism", "version", "url", "description", "source_website"]
    assert (len(listed), len(used), listed.index.name) == (43, 37, "entity")
    assert (
        list(used.columns) == ["organism", "name", "version"] and "bt.Source.filter(currently_used=True)" in caplog.text
    )
    caplog.clear()
    bt.base.display_currently_used_sources(mute=True)
    assert not caplog.text
    with_pattern = parse_sources_yaml(bt.base.settings.public_sources, url_pattern=True)
    assert list(with_pattern.columns)[0] == "entity" and with_pattern.url.str.contains("{version}", regex=False).all()
    current = {
        "all": {"mondo": used.loc["Disease"].query("name == 'mondo'").version.iloc[0]},
        "human": {"doid": "2025-12-23"},
    }
    assert parse_currently_used_sources()["Disease"] == current
    assert parse_currently_used_sources(parse_sources_yaml().to_dict("records"))["Disease"] == current
    # releases that appeared since then, with the places that two of them moved to
    assert (
        manifest.find("Tissue").url_of("2025-12-04")
        == "http://purl.obolibrary.org/obo/uberon/releases/2025-12-04/uberon.owl"
    )
    newer = {
        "Tissue": ("2026-06-23", "https://github.com/obophenotype/uberon/releases/download/v2026-06-23/uberon.owl"),
        "ExperimentalFactor": ("3.93.0", "https://github.com/EBISPOT/efo/releases/download/v3.93.0/efo.owl"),
        "CellType": ("2026-06-08", "http://purl.obolibrary.org/obo/cl/releases/2026-06-08/cl.owl"),
        "Gene": ("release-116", "s3://bionty-assets/df_human__ensembl__release-116__Gene.parquet"),
    }
    for entity, (version, url) in newer.items():
        found = manifest.find(entity)
        assert version in found.versions and found.url_of(version) == url
