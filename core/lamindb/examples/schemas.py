"""Schemas that many datasets share. Each call gives the one of the current instance, and makes it if it doesn't exist."""

from __future__ import annotations

from typing import Any

from lamindb.examples.requirements import module_registry

_COMPOSITE = "anndata_ensembl_gene_ids_and_valid_features_in_obs"


def valid_features() -> Any:
    """Return the schema that takes every column that is a registered feature.

    Example:
        >>> ln.Artifact.from_dataframe(df, key="samples.parquet", schema=ln.examples.schemas.valid_features())  # doctest: +SKIP
    """
    from lamindb.models import Feature, Schema

    return _existing("valid_features") or Schema(name="valid_features", itype=Feature).save()


def valid_ensembl_gene_ids() -> Any:
    """Return the schema that takes numbers for every registered gene, named by its Ensembl id.

    Raises:
        ModuleNotMounted: if the instance has no module `bionty`.
    """
    from lamindb.models import Schema

    existing = _existing("valid_ensembl_gene_ids")
    if existing is not None:
        return existing
    gene = module_registry("bionty.Gene", "valid_ensembl_gene_ids")
    return Schema(name="valid_ensembl_gene_ids", itype=gene.ensembl_gene_id).save()


def anndata_ensembl_gene_ids_and_valid_features_in_obs() -> Any:
    """Return the schema of AnnData whose variables are registered genes and whose annotations are registered features.

    Raises:
        ModuleNotMounted: if the instance has no module `bionty`.
    """
    from lamindb.models import Schema

    existing = _existing(_COMPOSITE)
    if existing is not None:
        return existing
    slots = {"obs": valid_features(), "var.T": valid_ensembl_gene_ids()}
    return Schema(name=_COMPOSITE, otype="AnnData", slots=slots).save()


def _existing(name: str) -> Any:
    from lamindb.models import Schema

    return Schema.filter(name=name).order_by("id").first()
