"""What the command line makes of URLs, file names and feature assignments, and the functions for other languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

import lamin_cli
from lamindb.cli.addressing import ObjectURL, entity_of_file, parse_url
from lamindb.cli.annotate import parse_features, repeat_feature_flag


@pytest.mark.parametrize(
    ("url", "slug", "entity", "uid"),
    [
        ("https://lamin.ai/acc/inst/transform/1GCKs8zLtkc85zKv", "acc/inst", "transform", "1GCKs8zLtkc85zKv"),
        ("https://lamin.company.com/acc/inst/artifact/abc", "acc/inst", "artifact", "abc"),
        ("https://lamin.ai/acc/inst/run/Abc123XyZ", "acc/inst", "run", "Abc123XyZ"),
        ("https://lamin.ai/acc/inst/branch/main", "acc/inst", "branch", "main"),
        ("https://lamin.ai/acc/transform-db/artifact/x", "acc/transform-db", "artifact", "x"),
        ("https://lamin.ai/acc/inst/artifact/abc/", "acc/inst", "artifact", "abc"),
        ("https://lamin.ai/acc/inst/artifact/abc?tab=1#top", "acc/inst", "artifact", "abc"),
        ("https://lamin.ai/acc/inst/schema/123456ABCDEF", "acc/inst", "schema", "123456ABCDEF"),
    ],
)
def test_urls_are_read_by_position(url: str, slug: str, entity: str, uid: str) -> None:
    assert parse_url(url) == ObjectURL(slug, entity, uid)


def test_other_urls_are_errors_and_other_words_are_no_urls() -> None:
    assert parse_url("artifact") is None
    for url in (
        "https://lamin.ai/acc/inst",
        "https://lamin.ai/acc/inst/gene/abc",
        "https://lamin.ai/acc/inst/artifact/a/b",
    ):
        with pytest.raises(click.ClickException):
            parse_url(url)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cell_line=HEK297", "HEK297"),
        ("perturbation=IFNG,DMSO", ["IFNG", "DMSO"]),
        ('perturbation="IFNG, high","DMSO"', ["IFNG, high", "DMSO"]),
        ('note="a,b"', "a,b"),
        ("x=a=b", "a=b"),
    ],
)
def test_feature_assignments_are_values_or_lists(text: str, value: str | list[str]) -> None:
    assert list(parse_features((text,)).values()) == [value]


@pytest.mark.parametrize("text", ["x", "=x", "x=", 'x="a'])
def test_what_is_no_assignment_is_an_error_that_shows_the_forms(text: str) -> None:
    with pytest.raises(click.ClickException, match="f=value1,value2"):
        parse_features((text,))


def test_several_assignments_may_follow_one_flag() -> None:
    words = ["artifact", "--features", "a=1", "b=2", "c=3", "--comment", "d=4", "e=5"]
    assert repeat_feature_flag(words) == [
        *("artifact", "--features", "a=1", "--features", "b=2", "--features", "c=3", "--comment", "d=4", "e=5"),
    ]


def test_scripts_and_notebooks_are_transforms_and_the_case_of_the_suffix_counts() -> None:
    assert {entity_of_file(f"a/b{suffix}") for suffix in (".py", ".ipynb", ".R", ".qmd", ".Rmd", ".sh")} == {
        "transform"
    }
    assert {entity_of_file(name) for name in ("a.csv", "a.PY", "a.r", "a")} == {"artifact"}


def test_the_verbs_are_functions_for_other_languages(sqlite_instance: Any, tmp_path: Path) -> None:
    import lamindb as ln

    path = tmp_path / "x.txt"
    path.write_text("x")
    assert lamin_cli.save(path) == "missing-key-or-description"
    assert lamin_cli.save("s3://bucket/x.txt", key="x.txt") == "key-with-cloud-path"
    assert lamin_cli.save(path, key="x.txt", description="words") is None
    artifact = ln.Artifact.get(key="x.txt")
    assert artifact.description == "words" and artifact.run is None
    lamin_cli.delete("artifact", key="x.txt")
    assert ln.Artifact.filter(key="x.txt").one_or_none() is None
    lamin_cli.init(storage=str(tmp_path / "second"))
    assert ln.setup.settings.instance.name == "second"
    lamin_cli.connect(sqlite_instance.slug)
    assert ln.setup.settings.instance.slug == sqlite_instance.slug
    lamin_cli.disconnect()
    assert not ln.setup.settings.is_configured
    lamin_cli.login("ada")
    assert ln.setup.settings.user.handle == "ada"
    lamin_cli.logout()
