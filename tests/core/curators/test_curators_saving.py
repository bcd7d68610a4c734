"""What is stored and annotated, in how many statements, and that failures leave nothing behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def schema(instance):
    """A schema of a categorical, a list of categories and a number, with its labels."""
    import lamindb as ln

    ln.save([ln.ULabel(name=name) for name in ("lung", "skin", "a", "b")])
    features = [
        ln.Feature(name="tissue", dtype=ln.ULabel).save(),
        ln.Feature(name="marks", dtype=list[ln.ULabel]).save(),
        ln.Feature(name="x", dtype=float).save(),
    ]
    return ln.Schema(features, name="mini").save()


def _frame():
    return pd.DataFrame({"tissue": pd.Categorical(["lung", "skin"]), "marks": [["a", "b"], ["a"]], "x": [1.0, 2.0]})


def test_a_curated_table_is_found_by_its_labels(schema, count_queries):
    import lamindb as ln

    curator = ln.curators.DataFrameCurator(_frame(), schema)
    curator.validate()
    with count_queries() as queries:
        artifact = curator.save_artifact(key="t.parquet")
    annotating = [
        query for query in queries if "lamindb_artifactulabel" in query.lower() or "artifactschema" in query.lower()
    ]
    assert len(annotating) <= 4
    assert artifact.schema == schema and artifact.features.slots == {"columns": schema}
    assert artifact.features.get_values() == {"marks": ["a", "b"], "tissue": {"lung", "skin"}}
    assert ln.Artifact.filter(tissue="skin").one() == artifact
    assert schema.validated_artifacts.get() == artifact


def test_from_dataframe_validates_before_anything_is_stored(schema):
    import lamindb as ln

    frame = _frame()
    frame["tissue"] = pd.Categorical(["lung", "brain"])
    with pytest.raises(ln.errors.ValidationError, match="1 term not validated in feature 'tissue': 'brain'"):
        ln.Artifact.from_dataframe(frame, key="t.parquet", schema=schema)
    assert ln.Artifact.filter().count() == 0
    artifact = ln.Artifact.from_dataframe(_frame(), key="t.parquet", schema=schema).save()
    assert artifact.features.get_values()["tissue"] == {"lung", "skin"}
    again = ln.Artifact.from_dataframe(_frame(), key="t.parquet", schema=schema).save()
    assert again == artifact and artifact.links_ulabel.count() == 4


def test_features_that_were_registered_later_are_added_when_the_same_content_comes_again(schema):
    import lamindb as ln

    frame = _frame().assign(y=[1, 2])
    artifact = ln.Artifact.from_dataframe(frame, key="t.parquet", schema="valid_features").save()
    assert artifact.features.slots["columns"].members.to_list("name") == ["tissue", "marks", "x"]
    ln.Feature(name="y", dtype=int).save()
    again = ln.Artifact.from_dataframe(frame, key="t.parquet", schema="valid_features").save()
    assert again == artifact
    assert again.features.slots["columns"].n_members == 4 and again._links_schema.count() == 1


def test_a_table_without_known_columns_is_saved_with_the_open_schema(instance):
    import lamindb as ln

    artifact = ln.Artifact.from_dataframe(pd.DataFrame({"q": [1]}), key="t.parquet", schema="valid_features").save()
    assert artifact.features.slots["columns"].name == "valid_features"
    assert artifact.schema.uid == "0000000000000000"


def test_a_failing_annotation_leaves_neither_row_nor_file_and_can_be_repeated(schema):
    from django.db import IntegrityError

    import lamindb as ln

    root = Path(str(ln.settings.storage.root))
    curator = ln.curators.DataFrameCurator(_frame(), schema)
    curator.validate()
    labels = curator.cat._vectors()["tissue"].labels
    lung = labels["lung"][0]
    labels["lung"] = [type(lung)(lung.registry, 10**9)]  # the record went away since
    with pytest.raises(IntegrityError):
        curator.save_artifact(key="t.parquet")
    assert ln.Artifact.filter().count() == 0 and list(root.rglob("*.parquet")) == []
    labels["lung"] = [lung]
    artifact = curator.save_artifact(key="t.parquet")
    assert artifact.features.get_values()["tissue"] == {"lung", "skin"}
    assert len(list(root.rglob("*.parquet"))) == 1


def test_too_many_labels_are_not_linked_but_saved(schema):
    import lamindb as ln

    ln.settings.annotation.n_max_records = 1
    artifact = ln.Artifact.from_dataframe(_frame(), key="t.parquet", schema=schema).save()
    assert artifact.links_ulabel.count() == 0


def test_the_limit_of_features_is_for_new_schemas_only(schema, caplog):
    import lamindb as ln

    flexible = ln.Schema(itype=ln.Feature).save()
    ln.settings.annotation.n_max_records = 2
    with caplog.at_level("WARNING", logger="lamindb"):
        artifact = ln.Artifact.from_dataframe(_frame().drop(columns="tissue"), key="t.parquet", schema=flexible).save()
        again = ln.Artifact.from_dataframe(_frame().assign(more=1), key="u.parquet", schema=flexible).save()
    assert artifact.features.slots["columns"].members.to_list("name") == ["marks", "x"]
    assert again.features.slots["columns"] == schema  # it has just these members, and is stored already
    assert "not annotating with 3 features" not in caplog.text
    ln.Feature(name="more", dtype=int).save()
    with caplog.at_level("WARNING", logger="lamindb"):
        more = ln.Artifact.from_dataframe(_frame().assign(more=2), key="v.parquet", schema=flexible).save()
    assert more.features.slots["columns"].n_members == 4 and more.features.slots["columns"].members.count() == 0
    assert "not annotating with 4 features for slot columns" in caplog.text


def test_a_subset_of_optional_members_gets_a_schema_of_its_own(schema):
    import lamindb as ln

    tissue, x = ln.Feature.get(name="tissue"), ln.Feature.get(name="x")
    optional = ln.Schema([tissue, x.with_config(optional=True)], name="optional").save()
    artifact = ln.Artifact.from_dataframe(_frame()[["tissue"]], key="t.parquet", schema=optional).save()
    assert artifact.schema == optional
    assert artifact.features.slots["columns"].members.to_list("name") == ["tissue"]


def test_external_features_are_validated_and_written(schema):
    import lamindb as ln

    temperature = ln.Feature(name="temperature", dtype=float).save()
    external = ln.Schema([temperature]).save()
    whole = ln.Schema([ln.Feature.get(name="x")], slots={"__external__": external}, otype="DataFrame").save()
    frame = _frame()[["x"]]
    with pytest.raises(
        ln.errors.ValidationError,
        match="External features slot is defined in schema but no external features were provided",
    ):
        ln.Artifact.from_dataframe(frame, key="t.parquet", schema=whole)
    with pytest.raises(ln.errors.ValidationError, match="temperature"):
        ln.Artifact.from_dataframe(frame, key="t.parquet", schema=whole, features={"temperature": "warm"})
    artifact = ln.Artifact.from_dataframe(frame, key="t.parquet", schema=whole, features={"temperature": 21.5}).save()
    assert artifact.features.get_values() == {"temperature": 21.5}
    with pytest.raises(ValueError, match="Cannot add values if artifact has external schema"):
        artifact.features.add_values({"temperature": 3.0})
    curator = ln.curators.DataFrameCurator(artifact, whole, features={"temperature": 22.0})
    assert curator.save_artifact() == artifact
    assert artifact.features.get_values() == {"temperature": 22.0}
    ln.curators.DataFrameCurator(ln.Artifact.get(artifact.uid), whole).validate()  # with the values that it has


def test_terms_of_external_features_are_added_as_the_error_says(schema):
    import lamindb as ln

    external = ln.Schema([ln.Feature(name="donor", dtype=ln.ULabel).save()]).save()
    whole = ln.Schema([ln.Feature.get(name="x")], slots={"__external__": external}, otype="DataFrame").save()
    curator = ln.curators.DataFrameCurator(_frame()[["x"]], whole, features={"donor": "D1"})
    with pytest.raises(ln.errors.ValidationError) as error:
        curator.validate()
    assert "curator.slots['__external__'].cat.add_new_from('donor')" in str(error.value)
    curator.slots["__external__"].cat.add_new_from("donor")
    artifact = curator.save_artifact(key="t.parquet")
    assert artifact.features.get_values() == {"donor": "D1"} and list(artifact.features.slots) == ["columns"]


def test_attributes_of_a_frame_are_slots(schema):
    import lamindb as ln

    study = ln.Schema([ln.Feature(name="temperature", dtype=float).save(), ln.Feature.get(name="tissue")]).save()
    nested = ln.Schema([ln.Feature(name="note", dtype=str).save()]).save()
    whole = ln.Schema(
        [ln.Feature.get(name="x")], slots={"attrs": study, "attrs:more:deep": nested}, otype="DataFrame"
    ).save()
    frame = _frame()[["x"]]
    frame.attrs = {"temperature": 21.5, "tissue": "lung", "more": {"deep": {"note": "fine"}}}
    curator = ln.curators.DataFrameCurator(frame, whole)
    assert list(curator.slots) == ["attrs", "attrs:more:deep"]
    artifact = curator.save_artifact(key="t.parquet")
    assert set(artifact.features.slots) == {"columns", "attrs", "attrs:more:deep"}
    assert ln.Artifact.filter(tissue="lung").one() == artifact
    frame.attrs = {"temperature": "hot", "tissue": ["lung", "brain"], "more": {"deep": {"note": 3}}}
    curator = ln.curators.DataFrameCurator(frame, whole)
    with pytest.raises(ln.errors.ValidationError) as error:
        curator.validate()
    for part in (
        "'temperature'",
        "not validated in feature 'tissue' in slot 'attrs': 'brain'",
        "'note'",
        "curator.slots['attrs'].cat",
    ):
        assert part in str(error.value)
    frame.attrs = {"temperature": 21.5, "tissue": "lung", "more": {}}
    with pytest.raises(
        ln.errors.InvalidArgument,
        match=r"Schema slot 'attrs:more:deep' requires keys attrs\['more'\]\['deep'\] but key 'deep' not found. Available keys at this level: \[\]",
    ):
        ln.curators.DataFrameCurator(frame, whole)


def test_a_schema_can_ask_for_a_suffix(schema):
    import lamindb as ln

    strict = ln.Schema([ln.Feature.get(name="x")], suffix=".parquet").save()
    with pytest.raises(ln.errors.ValidationError, match="asks for .parquet"):
        ln.Artifact.from_dataframe(_frame()[["x"]], key="t.csv", schema=strict)
    ln.Artifact.from_dataframe(_frame()[["x"]], key="t.parquet", schema=strict).save()
    with pytest.raises(ln.errors.FieldValidationError):
        ln.Schema([ln.Feature.get(name="x")], suffix="parquet")


def test_dictionaries_are_tables_of_one_row(schema):
    import lamindb as ln

    validator = ln.curators.DictCurator({"tissue": "lung", "marks": ["a", "b"], "x": 1.5}, schema)
    validator.validate()
    ln.curators.ExperimentalDictCurator(
        {"tissue": ["lung", "skin"], "marks": ["a"], "x": np.float64(2)}, schema
    ).validate()
    with pytest.raises(ln.errors.ValidationError, match="ULabel new is not saved."):
        ln.curators.DictCurator({"tissue": ln.ULabel(name="new"), "marks": [], "x": 1.0}, schema).validate()
    with pytest.raises(ln.errors.ValidationError, match="takes records of ULabel"):
        ln.curators.DictCurator({"tissue": ln.Record(name="r").save(), "marks": ["a"], "x": 1.0}, schema).validate()
    with pytest.raises(ln.errors.ValidationError) as error:
        ln.curators.DictCurator({"tissue": "brain", "x": "y"}, schema).validate()
    for part in ("column 'marks' not in dataframe", "'brain'", "expected series 'x' to have type float"):
        assert part in str(error.value)
    with pytest.raises(ln.errors.InvalidArgument, match="The dataset must be a dict or dict-like artifact"):
        ln.curators.DictCurator([1], schema)


def test_values_of_dictionaries_are_converted_where_that_is_asked_for(schema):
    import lamindb as ln

    numbers = ln.Schema(
        [ln.Feature(name="n", dtype=int, coerce=True).save(), ln.Feature(name="when", dtype="date", coerce=True).save()]
    ).save()
    curator = ln.curators.DictCurator({"n": "3", "when": "2024-05-01"}, numbers)
    curator.validate()
    import datetime

    assert curator.dataset == {"n": 3, "when": datetime.date(2024, 5, 1)}
    frame = _frame()[["x"]]
    frame.attrs = {"n": "3", "when": None}
    whole = ln.Schema([ln.Feature.get(name="x")], slots={"attrs": numbers}, otype="DataFrame").save()
    ln.curators.DataFrameCurator(frame, whole).validate()
    assert frame.attrs == {"n": 3, "when": None}


def test_constructing_validating_and_saving_take_few_statements(instance, count_queries):
    import lamindb as ln

    kinds = [ln.ULabel(name=f"Kind {n}", is_type=True).save() for n in range(6)]
    ln.save([ln.ULabel(name=f"label {n}-{i}", type=kind) for n, kind in enumerate(kinds) for i in range(3)])
    features = [ln.Feature(name=f"c{n}", dtype=kind).save() for n, kind in enumerate(kinds)]
    schema = ln.Schema(features).save()
    frame = pd.DataFrame({f"c{n}": pd.Categorical([f"label {n}-{i}" for i in range(3)]) for n in range(6)})
    with count_queries() as constructing:
        curator = ln.curators.DataFrameCurator(frame, schema)
    with count_queries() as validating:
        curator.validate()
    with count_queries() as saving:
        artifact = curator.save_artifact(key="t.parquet")
    assert len(constructing) <= 2  # slots and members
    assert len(validating) == 1  # labels and types of all columns
    assert len(saving) <= 10
    assert artifact.links_ulabel.count() == 18


def test_what_changed_after_validation_is_validated_again(instance):
    import lamindb as ln

    label = ln.Feature(name="organ", dtype=ln.ULabel, coerce=True).save()
    schema = ln.Schema([label, ln.Feature(name="count", dtype=int).save()], name="organs").save()
    ln.ULabel(name="lung").save()
    df = pd.DataFrame({"organ": ["lung", "lung"], "count": [1, 2]})
    curator = ln.curators.DataFrameCurator(df, schema)
    curator.validate()
    assert curator.is_up_to_date
    curator.dataset["organ"] = ["lung", "lnug"]
    assert not curator.is_up_to_date
    with pytest.raises(ln.errors.ValidationError, match="lnug"):
        curator.save_artifact(key="organs.parquet")
    assert ln.Artifact.filter(key="organs.parquet").count() == 0
    curator.dataset["organ"] = ["lung", "lung"]
    curator.dataset.loc[1, "count"] = 7
    artifact = curator.save_artifact(key="organs.parquet")
    assert artifact.load()["count"].tolist() == [1, 7] and artifact.features.get_values() == {"organ": "lung"}
