"""Dtypes of features: what objects are accepted, what their names must stand for, and how they are given back."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest


def test_objects_are_written_and_given_back(instance: Any) -> None:
    import lamindb as ln

    samples = ln.Record(name="Sample", is_type=True).save()
    labels = ln.ULabel(name="Label", is_type=True).save()
    cases = [
        (int, "int", int),
        ("num", "num", float),
        ("url", "url", str),
        ("path", "path", None),
        (object, "object", None),
        (datetime.date, "date", datetime.date),
        (list[str], "list[str]", list[str]),
        (list[list[int]], "list[list[int]]", list[list[int]]),
        (list[object], "list[object]", list),
        (pd.CategoricalDtype(), "cat[ULabel]", ln.ULabel.name),
        (np.dtype("uint8"), "int", int),
        (ln.ULabel, "cat[ULabel]", ln.ULabel.name),
        (ln.ULabel.name, "cat[ULabel]", ln.ULabel.name),
        (ln.User, "cat[User]", ln.User.handle),
        (ln.User.name, "cat[User.name]", ln.User.name),
        (ln.Artifact, "cat[Artifact]", ln.Artifact.key),
        (ln.Run.uid, "cat[Run.uid]", ln.Run.uid),
        (samples, f"cat[Record[{samples.uid}]]", samples),
        (list[samples], f"list[cat[Record[{samples.uid}]]]", list[samples]),
        ([labels, ln.Record], f"cat[ULabel[{labels.uid}]|Record]", [labels, ln.Record.name]),
        (list[[ln.ULabel, ln.Record]], "list[cat[ULabel|Record]]", list[[ln.ULabel.name, ln.Record.name]]),
    ]
    for number, (dtype, text, given) in enumerate(cases):
        feature = ln.Feature(name=f"feature {number}", dtype=dtype).save()
        assert feature.dtype_as_str == text
        assert ln.Feature.get(feature.uid).dtype_as_object == given
    assert ln.Feature(name="Group", is_type=True).dtype_as_object is None
    assert repr(ln.Feature.get(name="feature 11").dtype_as_object) == "FieldAttr(ULabel.name)"


@pytest.mark.parametrize("wrong", [list, set, bytes, np.float64, [], [int], ["ULabel"], 3])
def test_other_objects_are_no_dtypes(wrong: Any, sqlite_instance: Any) -> None:
    import lamindb as ln

    with pytest.raises(ValueError, match="dtype has to be a registry"):
        ln.Feature(name="x", dtype=wrong)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("cat[Ulabel]", "'Ulabel' is an invalid dtype, has to be registry.*Did you mean ULabel"),
        ("cat[ulabel]", "'ulabel' is an invalid dtype, has to be registry"),
        ("cat[bionty.CellType]", "the module bionty is not part of this instance"),
        ("cat[Storage]", "can't be values of features"),
        ("cat[Feature]", "can't be values of features"),
        ("cat[ArtifactULabel]", "can't be values of features"),
        ("cat[ULabel.nam]", "has no field 'nam'.*Did you mean name"),
        ("cat[Run[human]]", "only ULabel and Record are restricted to a type"),
        ("cat[Run[tranform__key='x']]", "no field 'tranform'.*Did you mean transform"),
        ("cat[ULabel", "At position 10"),
    ],
)
def test_what_a_text_names_must_exist(text: str, problem: str, sqlite_instance: Any) -> None:
    import re

    import lamindb as ln

    with pytest.raises(ln.errors.ValidationError) as caught:
        ln.Feature(name="x", dtype=text)
    assert re.search(problem, str(caught.value), re.DOTALL)


def test_registries_that_are_no_values_are_refused_as_classes_too(sqlite_instance: Any) -> None:
    import lamindb as ln

    for registry in (ln.Storage, ln.Branch, ln.Feature):
        with pytest.raises(ln.errors.ValidationError, match="can't be values of features"):
            ln.Feature(name="x", dtype=registry)
    assert ln.Schema(itype=ln.Feature).itype == "Feature"


def test_types_by_name_become_types_by_uid(instance: Any) -> None:
    import lamindb as ln

    lab_a, lab_b = (ln.Record(name=name, is_type=True).save() for name in ("LabA", "LabB"))
    in_a = ln.Record(name="Experiment", is_type=True, type=lab_a).save()
    in_b = ln.Record(name="Experiment", is_type=True, type=lab_b).save()
    compound = ln.ULabel(name="Compound", is_type=True).save()  # as long as a uid
    for text, stored in {
        "cat[Record[LabA[Experiment]]]": f"cat[Record[{in_a.uid}]]",
        "list[cat[Record[LabB[Experiment]]]]": f"list[cat[Record[{in_b.uid}]]]",
        "cat[ULabel[Compound]|Record[LabA]]": f"cat[ULabel[{compound.uid}]|Record[{lab_a.uid}]]",
        f"cat[Record[{in_b.uid}].uid]": f"cat[Record[{in_b.uid}].uid]",
    }.items():
        assert ln.Feature(name=text, dtype=text).dtype_as_str == stored
    for text in ("cat[Record[Experiment]]", "cat[Record[LabC[Experiment]]]", "cat[ULabel[Compund]]"):
        with pytest.raises(ln.errors.IntegrityError, match="type found matching subtypes"):
            ln.Feature(name="x", dtype=text)
    with pytest.raises(ln.errors.IntegrityError, match="Did you mean Compound"):
        ln.Feature(name="x", dtype="cat[ULabel[Compund1234]]")
    with pytest.raises(ln.errors.DoesNotExist, match="zzzzzzzz"):
        ln.Feature(name="x", dtype="cat[ULabel[zzzzzzzz]]")
    plain = ln.Record(name="plain").save()
    with pytest.raises(ln.errors.InvalidArgument, match="is no type"):
        ln.Feature(name="x", dtype=f"cat[Record[{plain.uid}]]")
    feature = ln.Feature(name="deep", dtype=list[in_a])
    with pytest.warns(DeprecationWarning, match="dtype_as_str"):
        assert feature.dtype == "list[cat[Record[LabA[Experiment]]]]"


def test_a_type_in_the_trash_is_used_with_a_warning(instance: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import lamindb as ln

    group = ln.ULabel(name="Group", is_type=True).save()
    group.delete()
    assert ln.Feature(name="x", dtype=f"cat[ULabel[{group.uid}]]").dtype_as_object == group
    assert f"retrieving ULabel type 'Group' (uid='{group.uid}') from trash" in capsys.readouterr().out


def test_filters_restrict_the_records_of_one_registry(instance: Any) -> None:
    import lamindb as ln
    from lamindb.annotation.dtypes import resolve

    transform = ln.Transform(key="a.py").save()
    first, second = ln.Run(transform).save(), ln.Run(transform, name="second").save()
    other = ln.Run(ln.Transform(key="b.py").save()).save()
    schema = ln.Schema([ln.Feature(name="a", dtype=int).save()]).save()

    def runs(**filters: Any) -> Any:
        feature = ln.Feature(name="runs", dtype=ln.Run, cat_filters=filters)
        (member,) = resolve(feature.dtype_as_str)
        return feature.dtype_as_str, set(ln.Run.filter(member.conditions()))

    assert runs(transform=transform) == (f"cat[Run[transform__uid='{transform.uid}']]", {first, second})
    assert runs(transform__key=transform) == ("cat[Run[transform__key='a.py']]", {first, second})
    assert runs(transform__key="a.py", name="second") == ("cat[Run[transform__key='a.py', name='second']]", {second})
    assert runs(transform__key="b.py", transform__uid=other.transform.uid)[1] == {other}
    assert runs(name="a, b's")[0] == "cat[Run[name='a, b's']]"
    with pytest.raises(ln.errors.DoesNotExist):
        runs(transform__key="a.py", transform__uid=other.transform.uid)
    text = f"cat[Artifact[schema__uid='{schema.uid}']]"
    assert ln.Feature(name="x", dtype=ln.Artifact, cat_filters={"schema": schema}).dtype_as_str == text
    assert ln.Feature(name="x", dtype=text).dtype_as_str == text


@pytest.mark.filterwarnings("ignore:dtype 'cat'")
def test_filters_that_make_no_sense_are_refused(sqlite_instance: Any) -> None:
    import lamindb as ln

    group = ln.ULabel(name="Group", is_type=True).save()
    for dtype, filters, problem in (
        ([ln.ULabel, ln.Record], {"name": "a"}, "incompatible with union dtypes"),
        (group, {"name": "a"}, "nested dtypes"),
        (list[ln.ULabel], {"name": "a"}, "nested dtypes"),
        ("cat[ULabel[name='a']]", {"name": "a"}, "nested dtypes"),
        (int, {"name": "a"}, "names none"),
        ("cat", {"name": "a"}, "names none"),
        (None, {"name": "a"}, "pass it as dtype"),
        (ln.ULabel, {"name": " "}, "Empty value in filter name"),
        (ln.ULabel, {"name": None}, "Empty value in filter name"),
        (ln.ULabel, {"type__nam": group}, "SQLRecord ULabel has no attribute 'nam' in filter type__nam"),
        (ln.ULabel, {"typ": group}, "no field 'typ'"),
    ):
        with pytest.raises(ln.errors.ValidationError, match=problem):
            ln.Feature(name="x", dtype=dtype, cat_filters=filters)
    with pytest.raises(ln.errors.InvalidArgument, match="Save the record"):
        ln.Feature(name="x", dtype=ln.ULabel, cat_filters={"type": ln.ULabel(name="new", is_type=True)})


def test_an_existing_feature_is_known_by_the_meaning_of_its_dtype(instance: Any) -> None:
    import lamindb as ln

    feature = ln.Feature(name="x", dtype=ln.ULabel).save()
    for same in ("cat[ULabel]", "cat[ULabel.name]", ln.ULabel.name, [ln.ULabel]):
        assert ln.Feature(name="x", dtype=same) == feature
    with pytest.warns(DeprecationWarning, match=r"ln.Record or ln.ULabel"):
        assert ln.Feature(name="x", dtype="cat").dtype_as_str == "cat[ULabel]"
    for other in (ln.Record, ln.ULabel.uid, list[ln.ULabel], str):
        with pytest.raises(
            ln.errors.ValidationError, match=r"Feature x already exists with dtype cat\[ULabel\], you passed"
        ):
            ln.Feature(name="x", dtype=other)
    filtered = ln.Feature(name="y", dtype="cat[ULabel[name='a',uid=b]]").save()
    assert ln.Feature(name="y", dtype=ln.ULabel, cat_filters={"uid": "b", "name": "a"}) == filtered


def test_texts_are_accepted_with_a_hint_at_objects(sqlite_instance: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import lamindb as ln

    for text in ("num", "path", "url"):
        ln.Feature(name=text, dtype=text)
    assert "Python object" not in capsys.readouterr().out
    ln.Feature(name="x", dtype="float")
    assert "rather than passing a string 'float' to dtype, consider passing a Python object" in capsys.readouterr().out


def test_values_of_settings_are_stored_and_survive_a_second_call(instance: Any) -> None:
    import lamindb as ln

    label = ln.ULabel(name="lung").save()
    tissue = ln.Feature(name="tissue", dtype=ln.ULabel, default_value=label).save()
    day = ln.Feature(name="day", dtype=datetime.date, default_value=datetime.date(2024, 5, 1), nullable=False).save()
    tissues = ln.Feature(name="tissues", dtype=list[ln.ULabel.uid], default_value=[label]).save()
    assert ln.Feature.get(tissues.uid).default_value == [label.uid]
    count = ln.Feature(name="count", dtype=int, default_value=np.int64(3), unit="cells", synonyms="number").save()
    assert [ln.Feature.get(f.uid).default_value for f in (tissue, day, count)] == ["lung", "2024-05-01", 3]
    again = ln.Feature(name="day", dtype=datetime.date, default_value=datetime.date(2024, 5, 1)).save()
    assert again == day and ln.Feature.get(day.uid).nullable is False
    assert (ln.Feature.get(count.uid).unit, ln.Feature.get(count.uid).synonyms) == ("cells", "number")
    with pytest.warns(DeprecationWarning, match="Use coerce"):
        assert ln.Feature(name="z", dtype=int, coerce_dtype=True).coerce is True
    assert day.with_config() == (day, {}) and day.with_config(optional=True) == (day, {"optional": True})


def test_columns_become_features(instance: Any, count_queries: Any, capsys: pytest.CaptureFixture[str]) -> None:
    import lamindb as ln

    existing = ln.Feature(name="cell_type", dtype=ln.Record).save()
    ln.settings.verbosity = "hint"
    df = pd.DataFrame(
        {
            "cell_type": pd.Categorical(["T", "B", "T"]),
            "batch": pd.Categorical(["1", "2", "1"]),
            "n": [1, 2, 3],
            "n_null": pd.array([1, None, 3], dtype="Int64"),
            "x": [0.5, None, 1.0],
            "ok": pd.array([True, None, False], dtype="boolean"),
            "when": pd.to_datetime(["2024-05-01"] * 3),
            "day": [datetime.date(2024, 5, 1), None, None],
            "parts": [["a", "b"], ["c"], None],
            "meta": [{"a": 1}, {}, {}],
            "name": ["a", "a", "2024-05-01"],
            "none": pd.Series([None] * 3, dtype=object),
            7: ["a", "b", "c"],
        }
    )
    with count_queries() as queries:
        features = ln.Feature.from_dataframe(df)
    assert len(queries) <= 2
    assert {feature.name: feature.dtype_as_str for feature in features} == {
        "cell_type": "cat[Record]",
        "batch": "cat[ULabel]",
        "n": "int",
        "n_null": "int",
        "x": "float",
        "ok": "bool",
        "when": "datetime",
        "day": "date",
        "parts": "list[str]",
        "meta": "dict",
        "name": "str",
        "none": "str",
        "7": "str",
    }
    assert features[0] == existing
    out = capsys.readouterr().out
    assert "few permissible values for feature name" in out and "few permissible values for feature 7" not in out
    assert "feature 'cell_type' exists with dtype cat[Record]" in out
    features.save()
    assert ln.Feature.filter().count() == 13
    ln.Feature.from_dataframe(df, mute=True)
    assert capsys.readouterr().out == ""
    with pytest.raises(ValueError, match="field must be a Feature FieldAttr"):
        ln.Feature.from_dataframe(df, field=ln.ULabel.name)
    with pytest.raises(ln.errors.DtypeError, match="'elapsed'"):
        ln.Feature.from_dataframe(pd.DataFrame({"elapsed": pd.to_timedelta([1], unit="s")}))
    with pytest.warns(DeprecationWarning, match="from_dataframe"):
        ln.Feature.from_df(df[["n"]])


def test_keys_become_features(instance: Any) -> None:
    import lamindb as ln

    group = ln.Feature(name="Group", is_type=True).save()
    values = {
        "temperature": 21.5,
        "tissue": "lung",
        "tissues": ["lung", "skin"],
        "day": "2024-05-01",
        "label": ln.ULabel(name="a").save(),
        "meta": {"a": 1},
        "n": np.int64(1),
    }
    features = ln.Feature.from_dict(values, type="Group").save()
    stored = {feature.name: feature.dtype_as_str for feature in ln.Feature.filter(type=group)}
    assert stored == {
        "temperature": "float",
        "tissue": "str",
        "tissues": "list[str]",
        "day": "date",
        "label": "cat[ULabel]",
        "meta": "dict",
        "n": "int",
    }
    assert list(ln.Feature.from_dict(values, type=group)) == list(features)
    assert all(feature._state.adding for feature in ln.Feature.from_dict(values))
    for nothing in (None, float("nan"), [], [1, "a"]):
        with pytest.raises(ValueError, match="No dtype can be inferred for 'x'"):
            ln.Feature.from_dict({"x": nothing}, mute=True)


def test_members_are_given_as_facts(instance: Any) -> None:
    import lamindb as ln
    from lamindb.annotation.dtypes import member_facts

    group = ln.Record(name="Group", is_type=True).save()
    assert member_facts("int") == member_facts("cat") == member_facts("cat[]") == []
    typed, filtered = member_facts(f"list[cat[Record[{group.uid}]|User[name='a']]]", check_exists=True)
    assert typed == {
        "registry": ln.Record,
        "registry_str": "Record",
        "field": ln.Record.name,
        "field_str": "name",
        "filter_str": "",
        "record_uid": group.uid,
        "list": True,
    }
    assert (filtered["field_str"], filtered["filter_str"]) == ("handle", "name='a'")
    assert member_facts("cat[Record[zzzzzzzzzzzzzzzz]]")[0]["record_uid"] == "zzzzzzzzzzzzzzzz"
    with pytest.raises(ln.errors.DoesNotExist):
        member_facts("cat[Record[zzzzzzzzzzzzzzzz]]", check_exists=True)


def test_objects_as_dtypes_cost_no_statement(instance: Any, count_queries: Any) -> None:
    import lamindb as ln

    group = ln.ULabel(name="Group", is_type=True).save()
    ln.Feature(name="warm up", dtype=int)
    with count_queries() as simple:
        ln.Feature(name="a", dtype=float)
    with count_queries() as categorical:
        ln.Feature(name="b", dtype=[ln.ULabel, ln.Record.uid])
    assert len(categorical) == len(simple) <= 2
    with count_queries() as typed:
        ln.Feature(name="c", dtype=list[group])
    assert len(typed) <= len(simple) + 1


def test_a_frame_may_have_more_columns_than_a_statement_has_parameters(
    sqlite_instance: Any, count_queries: Any
) -> None:
    import lamindb as ln

    df = pd.DataFrame(np.zeros((1, 33_000)), columns=[f"gene {number}" for number in range(33_000)])
    with count_queries() as queries:
        features = ln.Feature.from_dataframe(df)
    assert len(features) == 33_000 and len(queries) <= 5


def test_a_union_is_queried_by_the_field_of_each_registry(instance: Any, tmp_path: Any) -> None:
    import lamindb as ln

    label, record = ln.ULabel(name="lung").save(), ln.Record(name="sample 1").save()
    origin = ln.Feature(name="origin", dtype=[ln.ULabel.uid, ln.Record]).save()
    artifacts = []
    for value in (label, record):
        (tmp_path / value.name).write_text(value.name)
        artifact = ln.Artifact(tmp_path / value.name, key=value.name, run=False).save()
        artifact.labels.add(value, feature=origin)
        artifacts.append(artifact)
    assert ln.Artifact.filter(origin=label.uid).one() == artifacts[0]
    assert ln.Artifact.filter(origin="sample 1").one() == artifacts[1]
    with pytest.raises(ln.errors.DoesNotExist):
        ln.Artifact.filter(origin="lung").one()
    frame = ln.Artifact.to_dataframe(include="features", order_by="id")
    assert frame["origin"].tolist() == [label.uid, "sample 1"]


def test_what_schemas_are_made_of_must_be_of_a_module_of_the_instance(sqlite_instance: Any) -> None:
    import lamindb as ln
    from lamindb.setup.errors import ModuleWasntConfigured

    with pytest.raises(ModuleWasntConfigured, match="bionty"):
        ln.Schema(itype="bionty.Gene.ensembl_gene_id")
    with pytest.raises(ln.errors.DtypeError, match="nothing more is expected"):
        ln.Schema(itype="Feature]")
    assert ln.Schema(itype=ln.User.name).itype == "User.name"
    assert ln.Schema(itype=ln.ULabel.name).itype == "ULabel"
