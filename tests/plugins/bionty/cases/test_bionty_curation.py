"""Terms in curation: what public sources know is added, everything else is named; schemas of genes; descriptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def test_values_that_the_public_source_knows_are_saved_and_linked(bio: Any, caplog: Any) -> None:
    import pandas as pd

    import bionty as bt
    import lamindb as ln
    from lamindb.errors import ValidationError

    schema = ln.Schema([ln.Feature(name="cell_type", dtype=bt.CellType).save()]).save()
    table = pd.DataFrame({"cell_type": pd.Categorical(["T cell", "neuron", "T cell"])})
    with caplog.at_level("INFO", logger="lamindb"):
        artifact = ln.Artifact.from_dataframe(table, key="cells.parquet", schema=schema).save()
    assert "added 2 records from_public with bionty.CellType.name for \"cell_type\": 'T cell', 'neuron'" in caplog.text
    assert set(artifact.cell_types.to_list("name")) == {"T cell", "neuron"}
    assert artifact.links_cell_type.first().feature.name == "cell_type"
    assert bt.CellType.get(name="T cell").parents.to_list("name") == ["lymphocyte"]
    assert artifact.features.get_values()["cell_type"] == {"T cell", "neuron"}
    wrong = pd.DataFrame({"cell_type": pd.Categorical(["T cell", "T-cell", "tea cell"])})
    with pytest.raises(ValidationError) as error:
        ln.Artifact.from_dataframe(wrong, key="wrong.parquet", schema=schema).save()
    assert "'tea cell'" in str(error.value) and "'T-cell'" in str(error.value)


def test_a_filter_by_source_decides_which_version_is_asked(bio: Any, mirror: Path) -> None:
    import pandas as pd

    import bionty as bt
    import lamindb as ln
    from lamindb.errors import ValidationError

    table = pd.DataFrame({"ontology_id": ["OWN:1"], "name": ["odd cell"]})
    own = bt.CellType.add_source("own", df=table, version="1")
    feature = ln.Feature(name="cell_type", dtype=bt.CellType, cat_filters={"source": own}).save()
    assert feature.dtype_as_str == f"cat[bionty.CellType[source__uid='{own.uid}']]"
    schema = ln.Schema([feature]).save()
    odd = pd.DataFrame({"cell_type": pd.Categorical(["odd cell"])})
    assert ln.Artifact.from_dataframe(odd, key="a.parquet", schema=schema).save().cell_types.one().source == own
    with pytest.raises(ValidationError, match="T cell"):
        ln.Artifact.from_dataframe(
            pd.DataFrame({"cell_type": pd.Categorical(["T cell"])}), key="b.parquet", schema=schema
        ).save()


def test_values_of_features_are_checked_with_the_call_that_helps(sqlite_bio: Any, tmp_path: Path) -> None:
    import bionty as bt
    import lamindb as ln
    from lamindb.errors import ValidationError

    ln.Feature(name="cell_type", dtype=bt.CellType).save()
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(str(tmp_path / "a.txt"), key="a.txt").save()
    with pytest.raises(ValidationError) as error:
        artifact.features.add_values({"cell_type": "tea cell"})
    assert "bionty.CellType.from_values(" in str(error.value) and "create=True" not in str(error.value)
    bt.CellType.from_source(name="T cell").save()
    artifact.features.add_values({"cell_type": "T cell"})
    assert artifact.features.get_values() == {"cell_type": "T cell"}
    assert "bionty.CellType" in artifact.describe(return_str=True)


def test_schemas_of_genes(sqlite_bio: Any, mirror: Path) -> None:
    import pandas as pd

    import bionty as bt
    import lamindb as ln
    from lamindb.errors import ValidationError

    any_gene = ln.Schema(itype=bt.Gene.ensembl_gene_id).save()
    assert any_gene.itype == "bionty.Gene.ensembl_gene_id"
    schema = ln.Schema.from_values(["BRCA2", "TP53"], bt.Gene.symbol, organism="human")
    schema.save()
    assert schema.itype == "bionty.Gene" and set(schema.members.to_list("symbol")) == {"BRCA2", "TP53"}
    with pytest.raises(ValidationError, match="NOGENE"):
        ln.Schema.from_values(["BRCA2", "NOGENE"], bt.Gene.symbol, organism="human")
    markers = bt.CellMarker.add_source("own", df=pd.DataFrame({"name": ["CD4x"]}), version="1", organism="human")
    bt.CellMarker.import_source(markers)
    assert ln.Schema([bt.CellMarker.get(name="CD4x")]).save().cell_markers.one().name == "CD4x"


def test_renaming_a_label_names_the_artifacts_that_hold_the_name(sqlite_bio: Any, caplog: Any) -> None:
    import pandas as pd

    import bionty as bt
    import lamindb as ln

    schema = ln.Schema([ln.Feature(name="cell_type", dtype=bt.CellType).save()]).save()
    table = pd.DataFrame({"cell_type": pd.Categorical(["T cell"])})
    artifact = ln.Artifact.from_dataframe(table, key="cells.parquet", schema=schema).save()
    t_cell = bt.CellType.get(name="T cell")
    t_cell.name = "my T cell"
    with caplog.at_level("INFO", logger="lamindb"):
        t_cell.save()
    assert artifact.uid[:16] in caplog.text or "cells.parquet" in caplog.text
