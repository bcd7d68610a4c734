"""Schemas for the CELLxGENE portal: made for every choice, on every database, and what they accept and refuse."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "anndata"))


def test_schemas_are_made_once_for_each_choice(sqlite_bio: Any) -> None:
    import lamindb as ln

    make = ln.examples.cellxgene.create_cellxgene_schema
    choices = [(kind, library) for kind in ("ontology_id", "name", ("name", "ontology_id")) for library in (None, "l1")]
    for field_types, library in choices:
        human = make(field_types=field_types, spatial_library_id=library)
        mouse = make(field_types=field_types, spatial_library_id=library, organism="mouse")
        assert human != mouse
        assert make(field_types=field_types, spatial_library_id=library) == human
        assert human.name.startswith("CELLxGENE AnnData of ")
        assert {"obs", "var", "uns"} <= set(human.slots) and ("uns:spatial" in human.slots) is (library is not None)
    names = human.slots["obs"].members.to_list("name")
    own = {"is_primary_data", "suspension_type", "tissue_type", "donor_id"}
    assert len(names) == len(set(names)) and own <= set(names)
    assert "donor_id" not in make(field_types="name").slots["obs"].members.to_list("name")
    assert ln.Feature.get(name="is_primary_data").dtype_as_str == "bool"


def test_other_choices_are_refused(sqlite_bio: Any) -> None:
    import lamindb as ln

    make = ln.examples.cellxgene.create_cellxgene_schema
    with pytest.raises(ValueError, match="Invalid field_types"):
        make(field_types="label")
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="yeti"):
        make(organism="yeti")
    assert ln.Schema.filter().count() == 0


def test_defaults_are_saved_once(bio: Any) -> None:
    import bionty as bt
    import lamindb as ln

    for _ in range(2):
        ln.examples.cellxgene.save_cellxgene_defaults()
        normal = bt.Disease.get(name="normal")
        assert normal.ontology_id == "PATO:0000461"
        assert bt.CellType.get(ontology_id="unknown").description == "From CellxGene schema."
        assert bt.Ethnicity.filter(ontology_id__in=["na", "unknown"]).count() == 2
        assert ln.ULabel.filter(type__name="TissueType").count() == 4
        assert bt.Organism.filter(ontology_id__startswith="NCBITaxon").count() >= 7


def test_valid_data_passes_and_each_broken_rule_is_found(sqlite_bio: Any, tmp_path: Path) -> None:
    pytest.importorskip("anndata")
    from cellxgene_files import BROKEN, GOOD, PORTAL_ACCEPTS, PORTAL_REFUSES, valid_dataset, write_all

    import lamindb as ln

    ln.examples.cellxgene.save_cellxgene_defaults()
    schema = ln.examples.cellxgene.create_cellxgene_schema()
    ln.curators.AnnDataCurator(valid_dataset(), schema).validate()
    found = {}
    for name, path in write_all(tmp_path).items():
        try:
            ln.curators.AnnDataCurator(path, schema).validate()
        except ln.errors.ValidationError:
            found[name] = False
        else:
            found[name] = True
    assert found == dict.fromkeys([*GOOD, *PORTAL_REFUSES], True) | dict.fromkeys([*BROKEN, *PORTAL_ACCEPTS], False)


def test_spatial_data_of_a_mouse_passes(sqlite_bio: Any, mirror: Path) -> None:
    pytest.importorskip("anndata")
    import lamindb as ln

    ln.examples.cellxgene.save_cellxgene_defaults()
    adata = ln.examples.datasets.anndata_visium_mouse_cellxgene()
    library = next(key for key in adata.uns["spatial"] if key != "is_single")
    schema = ln.examples.cellxgene.create_cellxgene_schema(organism="mouse", spatial_library_id=library)
    ln.curators.AnnDataCurator(adata, schema).validate()
    adata.uns["spatial"][library]["scalefactors"]["spot_diameter_fullres"] = "wide"
    with pytest.raises(ln.errors.ValidationError, match="spot_diameter_fullres"):
        ln.curators.AnnDataCurator(adata, schema).validate()
