"""MuData is curated by the slots of the whole and of its modalities: objects, paths and artifacts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def schema(instance: Any) -> Any:
    import lamindb as ln

    def feature(name: str, dtype: Any, **options: Any) -> Any:
        return ln.Feature(name=name, dtype=dtype, **options).save()

    ln.save([ln.ULabel(name=name) for name in ("Perturbed", "NT", "cell hashing")])
    slots = {
        "obs": [feature("perturbation", ln.ULabel)],
        "rna:obs": [feature("nCount_RNA", int), feature("percent.mito", float)],
        "hto:obs": [feature("nFeature_HTO", int), feature("technique", ln.ULabel)],
        "uns:study_metadata": [feature("temperature", float), feature("experiment", str)],
        "rna:uns:site_metadata": [feature("pos", float), feature("site_id", str)],
    }
    return ln.Schema(
        slots={slot: ln.Schema(features).save() for slot, features in slots.items()}, otype="MuData"
    ).save()


def _mdata() -> Any:
    import lamindb as ln

    return ln.examples.datasets.mudata_papalexi21_subset(with_uns=True)


@pytest.mark.parametrize("form", ["object", ".h5mu", ".zarr"])
def test_all_slots_are_validated_and_annotated(schema: Any, tmp_path: Path, form: str) -> None:
    import lamindb as ln

    mdata = _mdata()
    dataset: Any = mdata
    if form != "object":
        dataset = tmp_path / f"cells{form}"
        (mdata.write_h5mu if form == ".h5mu" else mdata.write_zarr)(dataset)
    artifact = ln.Artifact.from_mudata(dataset, key=f"x{'.h5mu' if form == 'object' else form}", schema=schema).save()
    assert set(artifact.features.slots) == set(schema.slots)
    assert artifact.features.get_values() == {"perturbation": {"NT", "Perturbed"}, "technique": "cell hashing"}
    ln.curators.MuDataCurator(artifact, schema).validate()
    mdata["hto"].obs["technique"] = mdata["hto"].obs["technique"].cat.rename_categories({"cell hashing": "hash"})
    del mdata["rna"].obs["nCount_RNA"]
    with pytest.raises(ln.errors.ValidationError) as caught:
        ln.curators.MuDataCurator(mdata, schema).validate()
    assert {(problem.slot, problem.column) for problem in caught.value.report} == {
        ("rna:obs", "nCount_RNA"), ("hto:obs", "technique"),
    }  # fmt: skip


def test_what_is_not_there_is_named(schema: Any) -> None:
    import lamindb as ln

    one = schema.slots["obs"]
    for slot, words in (
        ("nope:obs", "Modality 'nope' not found in MuData"),
        ("rna:obsm", "Attribute 'obsm' not found on modality 'rna'"),
        ("uns:nix", "key 'nix' not found"),
    ):
        other = ln.Schema(slots={slot: one}, otype="MuData").save()
        with pytest.raises(ln.errors.InvalidArgument, match=words):
            ln.curators.MuDataCurator(_mdata(), other)
    with pytest.raises(ln.errors.InvalidArgument, match="dataset must be MuData-like"):
        ln.curators.MuDataCurator(_mdata()["rna"], schema)
