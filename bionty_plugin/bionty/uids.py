"""Identifiers of records: the same term has the same uid in every instance, because it is encoded from what the term is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from lamindb.base.uids import BASE62_ALPHABET
from lamindb.base.uids import base62 as _random_base62

#: Length of the uids of all records, and of sources.
RECORD_LENGTH: Final = 14
SOURCE_LENGTH: Final = 8
_PAIRS: Final = [first + second for first in BASE62_ALPHABET for second in BASE62_ALPHABET]
#: A 16-byte digest has 22 digits at most.
_POWERS: Final = [62**exponent for exponent in range(23)]


def base62(n_char: int) -> str:
    """Return `n_char` random characters of `0-9A-Za-z`."""
    return _random_base62(n_char)


def encode_base62(s: str) -> str:
    """Return the md5 digest of a text in base 62 (digits, upper, lower case).

    Each leading zero byte of the digest is counted in a prefix of two characters, since the number can't hold it.

    Example:
        >>> encode_base62("CL:0000084")[:14]
        '22LvKd01YyNA1a'
    """
    digest = hashlib.md5(s.encode(), usedforsecurity=False).digest()
    zeros = len(digest) - len(digest.lstrip(b"\0"))
    prefix = f"0{BASE62_ALPHABET[zeros]}" if zeros else ""
    return prefix + _base62_of_number(int.from_bytes(digest, "big"))


def hash_id(input_id: str | None = None, *, n_char: int) -> str:
    """Return the first `n_char` characters of the encoded text; without a text, random ones.

    Example:
        >>> hash_id("NCBITaxon:9606", n_char=14)
        '1dpCL6TduFJ3AP'
    """
    if input_id is None:
        return _random_base62(n_char)
    return encode_base62(input_id)[:n_char]


def gene(input_id: str | None = None) -> str:
    """Return 12 characters for a gene (registries use 14, see `ontology`)."""
    return hash_id(input_id, n_char=12)


def protein(input_id: str | None = None) -> str:
    """Return 12 characters for a protein (registries use 14, see `ontology`)."""
    return hash_id(input_id, n_char=12)


def cellmarker(input_id: str | None = None) -> str:
    """Return 12 characters for a cell marker (registries use 14, see `ontology`)."""
    return hash_id(input_id, n_char=12)


def ontology(input_id: str | None = None) -> str:
    """Return the 14 characters that identify a record."""
    return hash_id(input_id, n_char=RECORD_LENGTH)


def source(input_id: str | None = None) -> str:
    """Return the 8 characters that identify a source.

    Example:
        >>> source("bionty.CellTypeclall2025-12-17")
        '6Z0wRdof'
    """
    return hash_id(input_id, n_char=SOURCE_LENGTH)


def record_uids(texts: Iterable[str]) -> list[str]:
    """Return the uids of many records.

    Example:
        >>> record_uids(["CL:0000236", "CL:0000540"])
        ['ryEtgi1yGtAcX2', '3QnZfoBkwSvMUz']
    """
    md5, power, pairs = hashlib.md5, _POWERS, _PAIRS
    few, many, full, no_zeros = power[21 - RECORD_LENGTH], power[22 - RECORD_LENGTH], power[21], 1 << 120
    uids = []
    for text in texts:
        number = int.from_bytes(md5(text.encode(), usedforsecurity=False).digest(), "big")
        if number < no_zeros:  # a leading zero byte: the general way
            uids.append(encode_base62(text)[:RECORD_LENGTH])
            continue
        # two halves of seven digits, which fit machine words better than one big number
        high, low = divmod(number // (many if number >= full else few), 3521614606208)
        first, high = divmod(high, 56800235584)
        a, high = divmod(high, 14776336)
        b, c = divmod(high, 3844)
        second, low = divmod(low, 56800235584)
        d, low = divmod(low, 14776336)
        e, f = divmod(low, 3844)
        uids.append(
            f"{BASE62_ALPHABET[first]}{pairs[a]}{pairs[b]}{pairs[c]}{BASE62_ALPHABET[second]}{pairs[d]}{pairs[e]}{pairs[f]}"
        )
    return uids


def encode_uid(registry: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Add `uid` to the constructor arguments of a record of `registry`, unless they have one.

    Raises:
        AssertionError: if there is nothing to encode.

    Example:
        >>> encode_uid(bt.CellType, {"ontology_id": "CL:0000084"})["uid"]  # doctest: +SKIP
        '22LvKd01YyNA1a'
    """
    if kwargs.get("uid") is None:
        kwargs["uid"] = registry._uid_of(kwargs)
    return kwargs


def encode_uid_for_hub(
    registry_name: str, registry_schema_json: dict[str, Any], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Add `uid` from plain dictionaries; `organism` is a dictionary with `name`.

    Args:
        registry_name: class name, such as `"gene"` or `"Gene"`.
        registry_schema_json: fields of the registry, by name.
        kwargs: field values.
    """
    if kwargs.get("uid") is not None:
        return kwargs
    name = registry_name.lower().rpartition(".")[2]
    if name == "source":
        kwargs["uid"] = source("".join(str(kwargs.get(key) or "") for key in ("entity", "name", "organism", "version")))
        return kwargs
    organism = (kwargs.get("organism") or {}).get("name", "")
    id_fields = {"gene": ("ensembl_gene_id", "stable_id"), "protein": ("uniprotkb_id",), "cellmarker": ()}
    name_field = "symbol" if name == "gene" else "name"
    text = next((kwargs[key] for key in id_fields.get(name, ("ontology_id",)) if kwargs.get(key)), None)
    if text is None and kwargs.get(name_field):
        text = kwargs[name_field] + (organism if "organism" in registry_schema_json else "")
    if text is None:
        raise AssertionError("must provide ontology_id or name")
    kwargs["uid"] = ontology(text)
    return kwargs


def _base62_of_number(number: int) -> str:
    digits = []
    while number:
        number, pair = divmod(number, 3844)
        digits.append(_PAIRS[pair])
    text = "".join(reversed(digits))
    return text.removeprefix("0") if text.startswith("0") else text
