"""Takes secrets out of names, values, URLs and command lines. Source code and logs are dealt with by `lamindb.tracking.redaction`."""

from __future__ import annotations

import re
from typing import Any

REDACTED = "***REDACTED***"

_SENSITIVE = re.compile(
    r"(?:^|[_.\-])(?:api[_-]?key|access_key|secret|token|password|passwd|private_key|client_secret)(?:$|[_.\-])"
)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
#: Names of protocols are short; without a limit, a long word would be read again from each of its dashes.
_URL_PASSWORD = re.compile(r"(?i)\b([a-z][a-z0-9+.\-]{0,31}://[^\s:/@'\"`]*:)([^\s/@'\"`]+)(@)")
#: What stands in documentation for a password.
_PLACEHOLDER = re.compile(r"(?i)^(?:pass(?:word|wd)?|pwd?|secret|\*+(?:redacted\*+)?|x+|\.+|[<{$%\[].*)$")
#: Formats in which well-known services issue keys.
ISSUED_KEYS = re.compile(
    r"\b(?:sk-[A-Za-z0-9_\-]{20,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|hf_[A-Za-z0-9]{30,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|xox[abprs]-[A-Za-z0-9\-]{10,})\b"
)


def is_sensitive_name(name: str) -> bool:
    """Tell whether a parameter or variable of this name holds a secret.

    Example:
        >>> is_sensitive_name("openAIApiKey"), is_sensitive_name("tokenizer")
        (True, False)
    """
    return _SENSITIVE.search(CAMEL.sub("_", name).lower()) is not None


def redact_value(name: str | None, value: Any) -> Any:
    """Return a JSON value without secrets, at every depth.

    Args:
        name: key of the value, if it has one.
        value: anything that JSON can express.
    """
    if name is not None and is_sensitive_name(name) and value is not None:
        return REDACTED
    if isinstance(value, str):
        if _is_url_with_password(value):
            return REDACTED
        return redact_urls(value)
    if isinstance(value, dict):
        return {key: redact_value(key, member) for key, member in value.items()}
    if isinstance(value, list):
        return [redact_value(None, member) for member in value]
    return value


def redact_arguments(arguments: list[str]) -> list[str]:
    """Return command line arguments without the values of secret options.

    Example:
        >>> redact_arguments(["--api-key", "x", "--token=y", "--n", "3"])
        ['--api-key', '***REDACTED***', '--token=***REDACTED***', '--n', '3']
    """
    redacted: list[str] = []
    secret_follows = False
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        sensitive = is_sensitive_name(name.lstrip("-").replace("-", "_"))
        if secret_follows and not argument.startswith("--"):
            redacted.append(REDACTED)
            secret_follows = False
        elif equals and sensitive:
            redacted.append(f"{name}={REDACTED}")
            secret_follows = False
        else:
            redacted.append(redact_urls(argument))
            secret_follows = argument.startswith("-") and sensitive
    return redacted


def redact_urls(text: str) -> str:
    """Return a text in which the passwords of URLs are replaced."""
    return replace_url_passwords(text)[0]


def _is_url_with_password(value: str) -> bool:
    match = _URL_PASSWORD.match(value)
    return match is not None and match[1].lower().startswith(("postgres://", "postgresql://"))


def replace_url_passwords(text: str) -> tuple[str, int]:
    """Return a text in which the passwords of URLs are replaced, and how many there were."""
    if "://" not in text:
        return text, 0
    count = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal count
        if _PLACEHOLDER.match(match[2]):
            return match[0]
        count += 1
        return f"{match[1]}{REDACTED}{match[3]}"

    return _URL_PASSWORD.sub(replace, text), count
