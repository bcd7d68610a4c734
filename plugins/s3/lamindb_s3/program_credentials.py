"""Passes the credentials of a bucket on to a program: in its environment, in a file, or by a command that asks for them again when they expire.

As a script, it is that command: it prints the credentials in the form that the libraries of AWS expect of a `credential_process`.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: Variables in which those libraries look before they read files.
_FIRST = (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN",
)  # fmt: skip


@dataclass(frozen=True)
class _Credentials:
    key: str
    secret: str
    token: str | None = None
    expires: str | None = None


def program_environment(path: Any, via: str, folder: Path) -> dict[str, str | None]:
    """Return what the environment of a program needs so that the libraries and tools of AWS open a path.

    Args:
        path: what the program is going to open.
        via: `env`, `file` (a credentials file in `folder`) or `process` (a command, with what it needs in `folder`).
        folder: a private folder, which is deleted when the program has ended.

    Returns:
        Names and values of variables; `None` for those that must not be set, because they would win.

    Raises:
        InvalidArgument: for `file` and `process`, if there are no credentials.

    Example:
        >>> program_environment(UPath("s3://bucket/x.csv"), "file", folder)["AWS_SHARED_CREDENTIALS_FILE"]  # doctest: +SKIP
        '/tmp/lamin-run-x/credentials'
    """
    options = dict(path.storage_options)
    for name, other in (("key", "username"), ("secret", "password")):  # s3fs takes both
        options[name] = options.get(name) or options.get(other)
    variables: dict[str, str | None] = {}
    endpoint = options.get("endpoint_url") or (options.get("client_kwargs") or {}).get("endpoint_url")
    if endpoint:
        variables["AWS_ENDPOINT_URL_S3"] = str(endpoint)
    if via == "env":
        return {**variables, **_of_path(options)}
    source: dict[str, Any] = {"options": {name: options.get(name) for name in ("key", "secret", "token", "profile")}}
    found = None if options.get("anon") else _find(source["options"])
    if found is None:
        from lamindb.errors import InvalidArgument

        raise InvalidArgument(
            f"There are no credentials for {path} to pass on: leave --credentials-via out, or configure some for this user (aws configure)"
        )
    variables.update(dict.fromkeys(_FIRST))
    region = _region(source["options"])
    if region is not None:
        variables["AWS_DEFAULT_REGION"] = region
    credentials = folder / "credentials"
    variables["AWS_SHARED_CREDENTIALS_FILE"] = str(credentials)
    if via == "file":
        token = "" if found.token is None else f"aws_session_token = {found.token}\n"
        _write(
            credentials,
            f"[default]\naws_access_key_id = {found.key}\naws_secret_access_key = {found.secret}\n{token}",
        )
        return variables
    _write(credentials, "")
    source["environment"] = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    _write(folder / "source.json", json.dumps(source))
    command = f'"{sys.executable}" -m lamindb_s3.program_credentials "{folder / "source.json"}"'
    _write(folder / "config", f"[default]\ncredential_process = {command}\n")
    return {**variables, "AWS_CONFIG_FILE": str(folder / "config")}


def _of_path(options: dict[str, Any]) -> dict[str, str | None]:
    """Return the variables for what only the path knows; all else, the program inherits."""
    if options.get("key"):
        given = _Credentials(str(options["key"]), str(options["secret"]), options.get("token"))
        return {
            **dict.fromkeys(_FIRST),
            "AWS_ACCESS_KEY_ID": given.key,
            "AWS_SECRET_ACCESS_KEY": given.secret,
            "AWS_SESSION_TOKEN": given.token,
        }
    return {"AWS_PROFILE": str(options["profile"])} if options.get("profile") else {}


def _find(options: dict[str, Any]) -> _Credentials | None:
    if options.get("key"):
        return _Credentials(options["key"], options["secret"], options.get("token"))
    found = _session(options).get_credentials()
    if found is None:
        return None
    frozen = found.get_frozen_credentials()
    expires = getattr(found, "_expiry_time", None)
    return _Credentials(
        frozen.access_key, frozen.secret_key, frozen.token, None if expires is None else expires.isoformat()
    )


def _region(options: dict[str, Any]) -> str | None:
    region: str | None = _session(options).get_config_variable("region")
    return region


def _session(options: dict[str, Any]) -> Any:
    import botocore.session

    return botocore.session.Session(profile=options.get("profile"))


def _write(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)


def main() -> int:
    """Print the credentials that a file made by `program_environment` leads to."""
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(source["environment"])
    found = _find(source["options"])
    if found is None:
        print("The credentials of the process that started this program are gone", file=sys.stderr)
        return 1
    told = {
        "Version": 1,
        "AccessKeyId": found.key,
        "SecretAccessKey": found.secret,
        "SessionToken": found.token,
        "Expiration": found.expires,
    }
    print(json.dumps({name: value for name, value in told.items() if value is not None}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
