"""Feature values in filters and as columns, on records whose links are written directly."""

from __future__ import annotations

import pytest

import lamindb as ln
from lamindb.errors import DoesNotExist, FieldError, InvalidArgument, MultipleObjectsReturned
from lamindb.query.feature_filters import FeaturePredicate


@pytest.fixture
def samples(instance):
    """Three samples: temperature 10, 20 and none; tissue lung, lung and skin, none; a note with a Unicode letter."""
    features = {
        "temperature": ln.Feature(name="temperature", dtype=int).save(),
        "note": ln.Feature(name="note", dtype=str).save(),
        "tissue": ln.Feature(name="tissue", dtype=ln.ULabel).save(),
        "unused": ln.Feature(name="unused", dtype=str).save(),
    }
    lung, skin = ln.ULabel(name="lung").save(), ln.ULabel(name="skin").save()
    made = [ln.Record(name=f"sample {number}").save() for number in range(3)]
    json_link, label_link = ln.models.RecordJson, ln.models.RecordULabel
    for record, temperature in zip(made, (10, 20), strict=False):
        json_link.objects.create(record=record, feature=features["temperature"], value=temperature)
    json_link.objects.create(record=made[0], feature=features["note"], value="Ärger, mild")
    for record, label in ((made[0], lung), (made[1], lung), (made[1], skin)):
        label_link.objects.create(record=record, feature=features["tissue"], value=label)
    return made


def _names(*queries, **expressions):
    return sorted(ln.Record.filter(*queries, **expressions).to_list("name"))


def test_plain_values_are_compared_by_their_kind(samples):
    assert _names(temperature=10) == ["sample 0"]
    assert _names(temperature__gt=10) == ["sample 1"]
    assert _names(temperature__gte=9.5) == ["sample 0", "sample 1"]
    assert _names(temperature__in=[10, 11]) == ["sample 0"]
    assert _names(temperature__range=(15, 25)) == ["sample 1"]
    assert _names(temperature__isnull=True) == ["sample 2"]
    assert _names(temperature__isnull=False) == ["sample 0", "sample 1"]
    assert _names(temperature__ne=10) == ["sample 1", "sample 2"]
    assert _names(note__contains="rger") == ["sample 0"]
    assert _names(note__icontains="MILD") == ["sample 0"]
    assert _names(note__startswith="Ärg") == ["sample 0"]


def test_labels_are_compared_by_name_record_or_field(samples):
    lung = ln.ULabel.get(name="lung")
    assert _names(tissue="lung") == ["sample 0", "sample 1"]
    assert _names(tissue=lung) == ["sample 0", "sample 1"]
    assert _names(tissue__in=["skin", "none"]) == ["sample 1"]
    assert _names(tissue__startswith="s") == ["sample 1"]
    assert _names(tissue__isnull=True) == ["sample 2"]
    with pytest.raises(DoesNotExist, match="Did not find a ULabel matching `name=brain`"):
        ln.Record.filter(tissue="brain")


def test_features_mix_with_fields_and_q(samples):
    assert _names(tissue="lung", name="sample 1", temperature__gt=5) == ["sample 1"]
    assert _names(ln.Q(name="sample 0") | ln.Q(name="sample 2"), tissue__isnull=False) == ["sample 0"]
    assert ln.Record.get(temperature=20).name == "sample 1"
    with pytest.raises(InvalidArgument, match="fix invalid feature names: tissu"):
        ln.Record.filter(tissu="lung", name="sample 1")
    with pytest.raises(FieldError, match="Unknown field 'tissu'"):
        ln.ULabel.filter(tissu="lung")
    type_ = ln.Feature(name="kind", is_type=True).save()
    ln.Feature(name="temperature", dtype=float, type=type_).save()
    with pytest.raises(MultipleObjectsReturned, match="temperature"):
        ln.Record.filter(temperature=10)


def test_features_become_columns_in_a_constant_number_of_statements(samples, count_queries):
    with count_queries() as statements:
        frame = ln.Record.to_dataframe(include="features", order_by="id")
    before = len(statements)
    assert list(frame.columns) == ["uid", "name", "temperature", "note", "tissue"]
    assert str(frame["temperature"].dtype) == "Int64"
    assert frame["temperature"].tolist()[:2] == [10, 20]
    assert frame["temperature"].isna().tolist() == [False, False, True]
    assert frame["tissue"].tolist()[:2] == ["lung", {"lung", "skin"}]
    assert frame["note"].tolist()[0] == "Ärger, mild"
    feature = ln.Feature.get(name="temperature")
    for number in range(10):
        ln.models.RecordJson.objects.create(
            record=ln.Record(name=f"more {number}").save(), feature=feature, value=number
        )
    with count_queries() as statements:
        ln.Record.to_dataframe(features="queryset")
    assert len(statements) == before


def test_only_the_features_that_were_asked_for_are_shown(samples, caplog):
    frame = ln.Record.to_dataframe(features=["tissue", "temperature"])
    assert list(frame.columns) == ["uid", "name", "tissue", "temperature"]
    assert list(ln.Record.to_dataframe(features="note").columns) == ["uid", "name", "note"]
    ln.logger.addHandler(caplog.handler)
    try:
        frame = ln.Record.to_dataframe(features=["note", "nothing"])
    finally:
        ln.logger.removeHandler(caplog.handler)
    assert list(frame.columns) == ["uid", "name", "note"]
    assert "found features and passed features differ" in caplog.text
    single = ln.Record.filter(name="sample 0").to_dataframe(features=["tissue", "temperature"])
    assert str(single["tissue"].dtype) == "category"
    assert str(single["temperature"].dtype) == "int64"


def test_labels_in_the_trash_are_not_shown_and_names_do_not_clash(samples):
    ln.ULabel.get(name="skin").delete()
    frame = ln.Record.to_dataframe(features="tissue", order_by="id")
    assert frame["tissue"].tolist()[:2] == ["lung", "lung"]
    named = ln.Feature(name="name", dtype=str).save()
    ln.models.RecordJson.objects.create(record=samples[0], feature=named, value={"a": 1})
    frame = ln.Record.to_dataframe(features=["name"], order_by="id")
    assert frame["name"].tolist()[0] == {"a": 1}
    assert frame["__lamindb_record_name__"].tolist()[0] == "sample 0"


def test_predicates_name_the_feature_by_its_record(samples):
    temperature, tissue = ln.Feature.get(name="temperature"), ln.Feature.get(name="tissue")
    kind = ln.Feature(name="kind", is_type=True).save()
    ln.Feature(name="temperature", dtype=int, type=kind).save()
    assert _names(FeaturePredicate(temperature, "__gt", 15)) == ["sample 1"]
    assert _names(FeaturePredicate(temperature, "__ne", 10)) == ["sample 1", "sample 2"]
    assert _names(FeaturePredicate(tissue, "", "skin"), ln.Q(name__startswith="sample"), name="sample 1") == [
        "sample 1"
    ]
    assert ln.Record.get(FeaturePredicate(temperature, "", 10)).name == "sample 0"
    with pytest.raises(FieldError, match=r"only supported for Artifact, Run, and Record, not ULabel\."):
        ln.ULabel.filter(FeaturePredicate(temperature, "", 10))
    with pytest.raises(TypeError, match="cannot be used as booleans"):
        bool(FeaturePredicate(temperature, "", 10))


def test_features_of_one_name_are_told_apart_by_the_record(samples):
    kind = ln.Feature(name="kind", is_type=True).save()
    typed = ln.Feature(name="note", dtype=ln.ULabel, type=kind).save()
    skin = ln.ULabel.get(name="skin")
    ln.models.RecordULabel.objects.create(record=samples[0], feature=typed, value=skin)
    with pytest.raises(ValueError, match="Ambiguous feature names passed in `features`: note"):
        ln.Record.to_dataframe(features=["note"])
    root = ln.Feature.get(name="note", type=None)
    by_root = ln.Record.filter(name="sample 0").to_dataframe(features=["tissue", root])
    assert list(by_root.columns) == ["uid", "name", "tissue", "note"] and by_root["note"].tolist() == ["Ärger, mild"]
    assert ln.Record.filter(name="sample 0").to_dataframe(features=[typed])["note"].tolist() == ["skin"]
    assert ln.Record.filter(name="sample 0").to_dataframe(features="queryset")["note"].tolist() == ["skin"]


def test_a_frame_without_metadata_holds_only_what_was_asked_for(samples):
    frame = ln.Record.to_dataframe(
        features=["temperature"], include=["created_by__handle"], order_by="id", record_metadata=False
    )
    assert list(frame.columns) == ["created_by__handle", "temperature"] and frame.index.tolist() == [0, 1, 2]
    assert list(ln.Record.to_dataframe(include="name", record_metadata=False).columns) == ["name"]
