"""Random identifiers in base 26, 62 and 64, and the base-62 counter that versions use."""

from __future__ import annotations

import secrets

#: The order matters: version counters sort digits before upper before lower case.
BASE62_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE64_ALPHABET = BASE62_ALPHABET + "_-"
BASE26_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
VERSION_LENGTH = 4


def _random(alphabet: str, n_char: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(n_char))


def base26(n_char: int) -> str:
    """Return `n_char` random lower-case letters."""
    return _random(BASE26_ALPHABET, n_char)


def base62(n_char: int) -> str:
    """Return `n_char` random characters of `0-9A-Za-z`.

    Example:
        >>> len(base62(12))
        12
    """
    return _random(BASE62_ALPHABET, n_char)


def base64(n_char: int) -> str:
    """Return `n_char` random characters of `0-9A-Za-z_-`."""
    return _random(BASE64_ALPHABET, n_char)


def base62_4() -> str:
    return base62(4)


def base62_8() -> str:
    return base62(8)


def base62_12() -> str:
    return base62(12)


def base62_14() -> str:
    return base62(14)


def base62_16() -> str:
    return base62(16)


def base62_20() -> str:
    return base62(20)


def base62_24() -> str:
    return base62(24)


def decode_base62(text: str) -> int:
    """Return the number that `text` writes in base 62 (most significant digit first)."""
    number = 0
    for character in text:
        digit = BASE62_ALPHABET.find(character)
        if digit < 0:
            raise ValueError(f"{text!r} is not a base-62 number: {character!r} is none of its digits 0-9A-Za-z")
        number = number * 62 + digit
    return number


def encode_base62(number: int, width: int) -> str:
    """Return `number` in base 62, padded with zeros to `width` characters."""
    digits = []
    while number:
        number, digit = divmod(number, 62)
        digits.append(BASE62_ALPHABET[digit])
    text = "".join(reversed(digits)).rjust(width, "0")
    if len(text) > width:
        raise ValueError(f"the number needs {len(text)} base-62 digits, but only {width} are available")
    return text


def increment_base62(text: str) -> str:
    """Return the successor of a zero-padded base-62 number.

    Example:
        >>> increment_base62("000z")
        '0010'
    """
    return encode_base62(decode_base62(text) + 1, len(text))
