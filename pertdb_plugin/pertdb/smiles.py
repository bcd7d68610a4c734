"""Structures of compounds in one normal form; needs the optional package rdkit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from lamindb.base.logging import logger

_MISSING = "RDKit is not available. Please install: pip install rdkit"


@dataclass(frozen=True)
class Structure:
    """What follows from a structure."""

    canonical_smiles: str
    inchikey: str
    molweight: float
    molformula: str


def is_available() -> bool:
    """Tell whether rdkit is installed."""
    return find_spec("rdkit") is not None


@cache
def warn_that_it_is_missing() -> None:
    """Say once that structures are kept as they were given."""
    logger.warning("structures are kept as they were given, without canonical form, weight and formula. %s", _MISSING)


def standardize(smiles: str) -> str:
    """Return the canonical SMILES of the largest part of a structure: cleaned, neutral, in its canonical tautomer.

    Raises:
        ImportError: if rdkit is not installed.
        ValueError: if `smiles` can't be parsed.

    Example:
        >>> standardize("CC(=O)[O-].[Na+]")  # doctest: +SKIP
        'CC(=O)O'
    """
    return _canonical(_parsed(smiles))


def describe(smiles: str) -> Structure:
    """Return canonical form, InChIKey, average weight and formula of a structure.

    Raises:
        ImportError: if rdkit is not installed.
        ValueError: if `smiles` can't be parsed.
    """
    molecule = _parsed(smiles)
    from rdkit import Chem
    from rdkit.Chem import Descriptors, rdMolDescriptors

    return Structure(
        canonical_smiles=_canonical(molecule),
        inchikey=Chem.MolToInchiKey(molecule),
        molweight=float(Descriptors.MolWt(molecule)),
        molformula=rdMolDescriptors.CalcMolFormula(molecule),
    )


def _canonical(molecule: Any) -> str:
    from rdkit import Chem

    return str(Chem.MolToSmiles(molecule, canonical=True))


def _parsed(smiles: str) -> Any:
    if not is_available():
        raise ImportError(_MISSING)
    from rdkit import Chem, RDLogger
    from rdkit.Chem.MolStandardize import rdMolStandardize

    RDLogger.DisableLog("rdApp.*")  # it would print to the console what is said in the error
    molecule = Chem.MolFromSmiles(smiles) if isinstance(smiles, str) and smiles.strip() else None
    if molecule is None:
        raise ValueError(f"Could not parse SMILES: {smiles!r} is no structure in SMILES notation, such as 'CC(=O)O'")
    molecule = rdMolStandardize.Cleanup(molecule)
    molecule = rdMolStandardize.FragmentParent(molecule)
    molecule = rdMolStandardize.Uncharger().uncharge(molecule)
    return rdMolStandardize.TautomerEnumerator().Canonicalize(molecule)
