"""Schemas in other languages, there and back, and what gets lost."""

from __future__ import annotations

import pandas as pd
import pytest


@pytest.fixture
def schema(sqlite_instance):
    import lamindb as ln

    kind = ln.ULabel(name="Kind", is_type=True).save()
    ln.save([ln.ULabel(name=name, type=kind) for name in ("lung", "skin")])
    features = [
        ln.Feature(name="tissue", dtype=kind, nullable=False).save(),
        ln.Feature(name="x", dtype=float, unit="K", description="warmth").save(),
        ln.Feature(name="n", dtype=int, coerce=True).save(),
        ln.Feature(name="note", dtype=str).save().with_config(optional=True),
        ln.Feature(name="tags", dtype=list[str]).save(),
        ln.Feature(name="when", dtype="date").save(),
    ]
    return ln.Schema(features, name="samples", maximal_set=True).save()


def _summary(schema):
    optional = set(schema.optionals.get_uids())
    return {
        feature.name: (
            "cat" if "cat[" in feature._dtype_str else feature._dtype_str, feature.nullable, feature.uid in optional,
        )
        for feature in schema.members
    }  # fmt: skip


_EXPECTED = {
    "tissue": ("cat", False, False), "x": ("float", True, False), "n": ("int", True, False), "note": ("str", True, True),
    "tags": ("list[str]", True, False), "when": ("date", True, False),
}  # fmt: skip


def _back(ln, convert, document):
    """Convert in an instance that has none of the features."""
    ln.Schema.filter().delete(permanent=True)
    ln.Feature.filter().delete(permanent=True)
    ln.ULabel.filter(type__isnull=False).delete(permanent=True)
    ln.ULabel.filter().delete(permanent=True)
    converted = convert(document)
    converted.result.save()
    return converted


def test_json_schema_there_and_back(schema):
    import jsonschema

    import lamindb as ln

    converted = ln.curators.exchange.to_json_schema(schema)
    document = converted.result
    jsonschema.Draft202012Validator.check_schema(document)
    validator = jsonschema.Draft202012Validator(document)
    row = {"tissue": "lung", "x": 1.5, "n": 1, "tags": ["a"], "when": "2024-05-01"}
    assert validator.is_valid(row) and validator.is_valid({**row, "x": None})
    for wrong in (
        {**row, "tissue": "brain"},
        {**row, "tissue": None},
        {**row, "n": 1.5},
        {**row, "zz": 1},
        {"tissue": "lung"},
    ):
        assert not validator.is_valid(wrong)
    assert any("x: unit K" in one for one in converted.not_expressed) and any(
        "n: coerce" in one for one in converted.not_expressed
    )
    back = _back(ln, ln.curators.exchange.from_json_schema, document)
    assert _summary(back.result) == _EXPECTED and back.result.maximal_set and back.result.name == "samples"
    assert ln.ULabel.filter(is_type=False).to_list("name") == ["lung", "skin"]
    assert back.not_expressed == []


def test_what_json_schema_says_beyond_is_listed(sqlite_instance):
    import lamindb as ln

    document = {
        "type": "object",
        "properties": {"n": {"type": "integer", "minimum": 3}, "u": {"type": ["string", "integer"]}, "l": {"type": "array", "items": {"type": "number"}}},
        "patternProperties": {"^a": {}},
    }  # fmt: skip
    converted = ln.curators.exchange.from_json_schema(document, name="j")
    assert len(converted.not_expressed) == 3 and any("minimum=3" in one for one in converted.not_expressed)
    assert ln.Feature.get(name="l")._dtype_str == "list[float]"
    with pytest.raises(ln.errors.InvalidArgument, match="properties"):
        ln.curators.exchange.from_json_schema({"type": "string"})


def test_frictionless_there_and_back(schema):
    import lamindb as ln

    converted = ln.curators.exchange.to_frictionless(schema)
    document = converted.result
    assert document["fieldsMatch"] == "subset"
    assert document["fields"][0] == {
        "name": "tissue",
        "type": "string",
        "constraints": {"required": True, "enum": ["lung", "skin"]},
    }
    assert any("required are: tissue, x, n, tags, when" in one for one in converted.not_expressed)
    back = _back(ln, ln.curators.exchange.from_frictionless, document)
    assert {name: found[:2] for name, found in _summary(back.result).items()} == {
        name: found[:2] for name, found in _EXPECTED.items()
    }
    again = ln.curators.exchange.from_frictionless(
        {
            "fields": [
                {"name": "id", "type": "string"},
                {"name": "g", "type": "geopoint", "constraints": {"unique": True}},
            ],
            "primaryKey": "id",
        }
    )
    assert again.result.index.name == "id" and again.result.ordered_set
    assert any("unique=True" in one for one in again.not_expressed) and any(
        "geopoint" in one for one in again.not_expressed
    )


def test_linkml_there_and_back(schema):
    import lamindb as ln

    converted = ln.curators.exchange.to_linkml(schema)
    document = converted.result
    attributes = document["classes"]["Samples"]["attributes"]
    assert attributes["tissue"] == {"range": "TissueEnum", "required": True} and attributes["tags"]["multivalued"]
    assert list(document["enums"]["TissueEnum"]["permissible_values"]) == ["lung", "skin"]
    back = _back(ln, ln.curators.exchange.from_linkml, document)
    assert {name: found[:2] for name, found in _summary(back.result).items()} == {
        name: found[:2] for name, found in _EXPECTED.items()
    }
    assert back.result.maximal_set and ln.Feature.get(name="x").unit == "K"
    with pytest.raises(ln.errors.InvalidArgument, match="class_name"):
        ln.curators.exchange.from_linkml({"classes": {"A": {}, "B": {}}})


def test_pandera_there_and_back(schema):
    import datetime

    pandera = pytest.importorskip("pandera.pandas")
    import lamindb as ln

    converted = ln.curators.exchange.to_pandera(schema)
    frame = pd.DataFrame(
        {"tissue": pd.Categorical(["lung"]), "x": [1.5], "n": [1], "tags": [["a"]], "when": [datetime.date(2024, 5, 1)]}
    )
    converted.result.validate(frame)
    ln.curators.DataFrameCurator(frame.copy(), schema).validate()
    for wrong in (
        frame.assign(tissue=pd.Categorical(["brain"])),
        frame.assign(x=["a"]),
        frame.drop(columns="x"),
        frame.assign(zz=1),
    ):
        with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)):
            converted.result.validate(wrong, lazy=True)
    other = pandera.DataFrameSchema(
        {
            "c": pandera.Column(str, pandera.Check.isin(["a", "b"])),
            "i": pandera.Column("int64", nullable=True, required=False),
            "f": pandera.Column(float, pandera.Check.gt(3), coerce=True),
        },
        strict=True, name="p",
    )  # fmt: skip
    back = _back(ln, ln.curators.exchange.from_pandera, other)
    assert _summary(back.result) == {"c": ("cat", False, False), "i": ("int", True, True), "f": ("float", False, False)}
    assert back.result.maximal_set and ln.Feature.get(name="f").coerce
    assert any("greater_than" in one for one in back.not_expressed)


def test_only_schemas_of_features_are_converted(sqlite_instance):
    import lamindb as ln

    with pytest.raises(ln.errors.InvalidArgument, match="must be a Schema record"):
        ln.curators.exchange.to_json_schema("x")
