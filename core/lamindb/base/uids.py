"""Random identifiers in base 26, 62 and 64, and the base-62 counter that versions use."""

from __future__ import annotations

import secrets

#: The order matters: version counters sort digits before upper before lower case.
BASE62_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE64_ALPHABET = BASE62_ALPHABET + "_-"
BASE26_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
VERSION_LENGTH = 4


def _translation(alphabet: str) -> tuple[bytes, bytes]:
    """Return a table from bytes to characters of the alphabet, and the bytes to leave out so that all are equally likely."""
    usable = 256 - 256 % len(alphabet)
    return bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256)), bytes(range(usable, 256))


_TRANSLATIONS = {alphabet: _translation(alphabet) for alphabet in (BASE62_ALPHABET, BASE64_ALPHABET, BASE26_ALPHABET)}


def _random(alphabet: str, n_char: int) -> str:
    table, left_out = _TRANSLATIONS[alphabet]
    characters = b""
    while len(characters) < n_char:
        characters += secrets.token_bytes(n_char + 8).translate(table, left_out)
    return characters[:n_char].decode("ascii")


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
