"""Secrets are found wherever they are written, and nothing else is touched."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamindb.tracking.redaction import (
    REDACTED,
    is_sensitive_name,
    redact_arguments,
    redact_log,
    redact_log_file,
    redact_source,
    redact_value,
)

#: Letters that neither occur in the placeholder nor in the code around a secret.
SECRETS = st.text("qzxjkvw0123456789", min_size=12, max_size=40)
NAMES = st.sampled_from(
    [
        "api_key",
        "hf_token",
        "openAIApiKey",
        "AWS_ACCESS_KEY_ID",
        "password",
        "db_passwd",
        "client_secret",
        "private_key",
    ]
)
PYTHON = [
    "{name} = '{secret}'\n",
    '{name} = "{secret}"\n',
    "{name}: str = '{secret}'\n",
    "{name}: dict[str, int] | None = '{secret}'\n",
    "{name} = f'{secret}'\n",
    "{name} = rb'{secret}'\n",
    "{name} = '''{secret}'''\n",
    '{name} = """\n{secret}\n"""\n',
    "{name} = ('a' '{secret}'\n   'b')\n",
    "call({name}='{secret}', other=1)\n",
    "self.{name} = '{secret}'\n",
    "x['{name}'] = '{secret}'\n",
    "os.environ['{name}'] = '{secret}'\n",
    "config = {{'{name}': '{secret}', 'n': 1}}\n",
    "if ({name} := '{secret}'):\n    pass\n",
    "def call(a, {name}='{secret}', b=2):\n    pass\n",
    "db = 'mysql://{name}:{secret}@host/db'\n",
    "db = f'postgresql://{{user}}:{secret}@host/db'\n",
]
OTHER = [
    "export {name}={secret}\n",
    'export {name}="{secret}"\n',
    "{name} <- '{secret}'\n",
    '{name}: "{secret}"\n',
    "{{'{name}': `{secret}`}}\n",
]


@given(st.sampled_from(PYTHON), NAMES, SECRETS, SECRETS)
def test_python_keeps_no_secret_and_stays_valid(template: str, name: str, secret: str, harmless: str) -> None:
    before, after = f"first = '{harmless}'  # comment\n", f"\n\ndef last():\n    return '{harmless}'\n"
    redacted = redact_source(before + template.format(name=name, secret=secret) + after)
    assert redacted.count >= 1
    assert REDACTED in redacted.text
    ast.parse(redacted.text)
    assert redacted.text.startswith(before) and redacted.text.endswith(after)
    if secret not in harmless:
        assert secret not in redacted.text
    again = redact_source(redacted.text)
    assert (again.text, again.count) == (redacted.text, 0)


@given(st.sampled_from(OTHER), NAMES, SECRETS)
def test_other_languages_keep_no_secret(template: str, name: str, secret: str) -> None:
    redacted = redact_source(f"echo hello\n{template.format(name=name, secret=secret)}", python=False)
    assert secret not in redacted.text
    assert redacted.text.startswith("echo hello\n")


@pytest.mark.parametrize(
    "code",
    [
        "api_key: str\n",
        "def f(api_key: str, token: 'Token'): ...\n",
        "client(api_key=api_key)\n",
        "api_key = os.getenv('API_KEY')\n",
        "token = os.environ['TOKEN']\n",
        "token = os.environ.get('TOKEN', '')\n",
        "if password == 'secret': ...\n",
        "tokens = 'a b c'\ntokenizer = 'bert'\nkey = 'k'\n",
        "token_type = 'bearer'\ntoken_url = 'https://host/oauth'\n",
        "password = ''\n",
        "password = f'{given}'\n",
        "url = 'postgresql://user:{password}@host'\n",
        "x = {'a': token}\n",
    ],
)
def test_what_holds_no_secret_stays(code: str) -> None:
    redacted = redact_source(code)
    assert (redacted.text, redacted.count) == (code, 0)


def test_the_standard_library_stays_as_it_is() -> None:
    folder = Path(sysconfig.get_paths()["stdlib"])
    names = ("shlex", "tokenize", "argparse", "netrc", "getpass", "secrets", "ftplib", "smtplib", "imaplib", "http/client", "http/cookies",
             "urllib/request", "urllib/parse", "json/decoder", "logging/config", "email/header", "ast", "inspect", "typing", "csv", "sqlite3/dump", "xml/etree/ElementPath")  # fmt: skip
    left_out = {
        "site-packages",
        "test",
        "tests",
        "idle_test",
        "lib2to3",
    }  # tests hold passwords, and some no Python of today
    every = sorted(path for path in folder.rglob("*.py") if not left_out & set(path.parts))
    for path in [*(folder / f"{name}.py" for name in names), *every[::8]]:
        text = path.read_text(encoding="utf-8", errors="replace")
        redacted = redact_source(text)
        assert (redacted.count, redacted.text == text) == (0, True), path


@pytest.mark.parametrize(
    "name", ["hf_token", "openAIApiKey", "AWS_ACCESS_KEY_ID", "secret_count", "apikey", "x.password", "api-key"]
)
def test_names_of_secrets_are_known(name: str) -> None:
    assert is_sensitive_name(name)


@pytest.mark.parametrize("name", ["tokens", "tokenizer", "mytoken", "key", "passphrase", "secretary"])
def test_similar_names_are_not_taken_for_secrets(name: str) -> None:
    assert not is_sensitive_name(name)


@given(
    st.recursive(SECRETS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)), NAMES
)
def test_no_value_below_a_secret_name_is_kept(value: object, name: str) -> None:
    assert redact_value(None, {"outer": [{name: value}]}) == {"outer": [{name: REDACTED}]}


@given(SECRETS)
def test_passwords_in_urls_are_found_in_values_arguments_and_logs(secret: str) -> None:
    url = f"postgresql://user:{secret}@host:5432/db"
    assert redact_value("db", url) == REDACTED
    assert secret not in str(redact_value("db", [{"url": f"see {url}"}]))
    assert secret not in " ".join(redact_arguments(["--db", url, f"--url={url}"]))
    assert secret not in redact_log(
        f"connecting to {url}\nAuthorization: Bearer {secret}\nvalue {secret}", frozenset([secret])
    )


LOGGED = ["see postgresql://u:{secret}@host/db", "Authorization: Basic {secret}", "sent {secret}", "sk-{secret}{secret}", "ghp_{secret}{secret}{secret}"]  # fmt: skip


@given(
    st.sampled_from([*PYTHON, *OTHER, *LOGGED, "epoch 3: loss=0.2, learning-rate_x {name}\n"]),
    NAMES,
    SECRETS,
    st.text(),
)
def test_the_quick_look_at_a_log_overlooks_no_secret(template: str, name: str, secret: str, around: str) -> None:
    text = f"{around}\n{template.format(name=name.upper() if len(secret) % 2 else name, secret=secret)}\n→ {around}"
    for known in (frozenset(), frozenset([secret])):
        data = text.encode("utf-8", "backslashreplace")
        assert redact_log_file(data, known) == redact_log(data.decode(), known).encode()


def test_bytes_that_are_no_text_are_replaced_in_a_log() -> None:
    assert redact_log_file(b"caf\xe9\n") == "caf\N{REPLACEMENT CHARACTER}\n".encode()


@pytest.mark.parametrize("word", ["letter", "a-", "a.", "0123456789abcdef", "://x:"])
def test_a_log_with_a_word_of_a_million_letters_is_read_once(word: str) -> None:
    long = word * (1_000_000 // len(word))  # reading it again from each of its letters would take hours
    text = f"{long}\napi_key = 'abcdefgh'\nhttps://me:pass1234@host\n"
    assert redact_log(text) == f"{long}\napi_key = '{REDACTED}'\nhttps://me:{REDACTED}@host\n"
