"""`lamin annotate`: labels, feature values, a version tag, a readme or a comment for a record; all of them or none."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import click

from lamindb.cli.addressing import KEYED, Address, check_entity, entity_of_file, find, find_label, label_of, resolve
from lamindb.cli.describe import address_options, current_branch
from lamindb.cli.groups import Command

ANNOTATED = (
    "artifact",
    "branch",
    "collection",
    "feature",
    "project",
    "record",
    "run",
    "schema",
    "space",
    "transform",
    "ulabel",
)
#: Transforms have no feature values: those of their runs tell what was passed.
_WITH_FEATURES = ("artifact", "record", "run")
_FORMS = 'f=value, f=value1,value2 or f="value 1","value 2"'


class _AnnotateCommand(Command):
    """Also reads several assignments behind one `--features`, as in `--features a=1 b=2`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, repeat_feature_flag(args))


def repeat_feature_flag(words: list[str]) -> list[str]:
    """Give each assignment that follows an assignment of `--features` a flag of its own.

    Example:
        >>> repeat_feature_flag(["--features", "a=1", "b=2", "--key", "x=y"])
        ['--features', 'a=1', '--features', 'b=2', '--key', 'x=y']
    """
    repeated: list[str] = []
    for position, word in enumerate(words):
        follows_assignment = position > 1 and repeated[-2] == "--features"
        if follows_assignment and "=" in word and not word.startswith(("-", "https://")):
            repeated.append("--features")
        repeated.append(word)
    return repeated


@click.command(cls=_AnnotateCommand)
@click.argument("entity", required=False)
@address_options
@click.option("--project", default=None, help="Name or uid of a project.")
@click.option("--ulabel", default=None, help="Name or uid of a ulabel.")
@click.option("--record", default=None, help="Name or uid of a record.")
@click.option("--version", default=None, help="Tag of this version.")
@click.option("--features", multiple=True, help=f"Feature values: {_FORMS}.")
@click.option(
    "--readme", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None, help="Markdown file."
)
@click.option("--comment", default=None, help="A remark.")
def annotate(entity: str | None, uid: str | None, key: str | None, name: str | None, **annotations: Any) -> None:
    """Annotate a record. ENTITY is artifact, transform, …, or the URL of an object; without it, the suffix of --key decides."""
    entity = entity or (entity_of_file(key) if key is not None else "artifact")
    if not entity.startswith("https://"):
        check_entity(entity, ANNOTATED, "Annotate")
    asked = {option: value for option, value in annotations.items() if value not in (None, ())}
    if not asked:
        raise click.ClickException(
            "Pass what to annotate: --project, --ulabel, --record, --version, --features, --readme or --comment"
        )
    if asked.get("comment", "-").strip() == "":
        raise click.ClickException("--comment is empty: pass what you want to remark")
    values = parse_features(asked.pop("features", ()))
    address = resolve(entity, uid, key, name)
    check_applies(address.entity, [*asked, *(["features"] if values else [])])
    subject = current_branch() if address == Address("branch") else find(address)
    from django.db import transaction

    with transaction.atomic():
        apply_annotations(subject, values=values, **asked)
    from lamindb.base.logging import logger

    logger.important("annotated %s: %s", address.entity, label_of(subject))


def check_applies(entity: str, options: list[str]) -> None:
    """Refuse annotations that an entity can't have.

    Raises:
        ClickException: naming the entities that can have them.
    """
    for option in options:
        allowed = {**dict.fromkeys(("project", "ulabel", "record", "version"), KEYED), "features": _WITH_FEATURES}.get(
            option, ANNOTATED
        )
        if entity not in allowed:
            raise click.ClickException(f"--{option} is for {', '.join(allowed)}, not for {entity}")


def apply_annotations(
    subject: Any,
    *,
    project: str | None = None,
    ulabel: str | None = None,
    record: str | None = None,
    version: str | None = None,
    values: dict[str, str | list[str]] | None = None,
    readme: Path | None = None,
    comment: str | None = None,
) -> None:
    """Annotate a record, in a transaction of the caller.

    Raises:
        ClickException: if a label doesn't exist.
        ValidationError: if a feature doesn't exist.
    """
    for registry, label, field in (
        ("Project", project, "projects"),
        ("ULabel", ulabel, "ulabels"),
        ("Record", record, "records"),
    ):
        if label is not None:
            getattr(subject, field).add(find_label(registry, label))
    if version is not None:
        subject.version_tag = version
        subject.save()
    if values:
        subject.features.add_values(typed_values(values))
    if readme is not None:
        add_block(subject, "readme", readme.read_text(encoding="utf-8"))
    if comment is not None:
        add_block(subject, "comment", comment)


def typed_values(values: dict[str, str | list[str]]) -> dict[Any, Any]:
    """Convert texts to what the dtypes of their features ask for; what can't be converted stays a text, which is refused when it is added.

    Example:
        >>> typed_values({"temperature": "21.5", "tissue": "lung"})
        {Feature(name='temperature', ...): 21.5, Feature(name='tissue', ...): 'lung'}
    """
    from lamindb.annotation.feature_keys import resolve_keys
    from lamindb.annotation.simple_values import check_column, read_stored
    from lamindb.base.dtypes import parse_dtype

    converted: dict[Any, Any] = {}
    for entry in resolve_keys(values, "default")[0]:
        dtype, value = parse_dtype(entry.feature._dtype_str), entry.value
        if not dtype.is_categorical:
            value = [value] if dtype.is_list and isinstance(value, str) else value
            stored, mismatches = check_column(dtype, [value], coerce=True)
            value = value if mismatches else read_stored(dtype, stored[0])
        converted[entry.feature] = value
    return converted


def add_block(subject: Any, kind: str, content: str) -> None:
    """Attach a readme or comment to a record."""
    from lamindb.base.registries import registry

    name = type(subject).__name__
    registry(f"{name}Block")(**{name.lower(): subject}, kind=kind, content=content).save()


def parse_features(assignments: tuple[str, ...]) -> dict[str, str | list[str]]:
    """Read feature assignments.

    Raises:
        ClickException: if one is none.

    Example:
        >>> parse_features(("cell_line=HEK297", "perturbation=IFNG,DMSO", 'note="a,b"'))
        {'cell_line': 'HEK297', 'perturbation': ['IFNG', 'DMSO'], 'note': 'a,b'}
    """
    values: dict[str, str | list[str]] = {}
    for assignment in assignments:
        feature, equals, text = assignment.partition("=")
        if not equals or not feature.strip() or not text:
            raise click.ClickException(f"{assignment!r} assigns no value to a feature; write {_FORMS}")
        if text.count('"') % 2:
            raise click.ClickException(f"{assignment!r} has a quotation mark without partner; write {_FORMS}")
        parts = next(csv.reader([text], skipinitialspace=True))
        values[feature.strip()] = parts[0] if len(parts) == 1 else parts
    return values
