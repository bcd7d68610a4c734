"""Comparing a feature makes a condition; records stay comparable, hashable, deletable."""

from __future__ import annotations

import copy
import pickle

import pytest

import lamindb as ln
from lamindb.errors import FieldError
from lamindb.query.feature_filters import FeaturePredicate


@pytest.fixture
def samples(instance):
    """Three samples: temperature 10, 20 and none; tissue lung, lung and skin, none."""
    temperature = ln.Feature(name="temperature", dtype=int).save()
    tissue = ln.Feature(name="tissue", dtype=ln.ULabel).save()
    lung, skin = ln.ULabel(name="lung").save(), ln.ULabel(name="skin").save()
    made = [ln.Record(name=f"sample {number}").save() for number in range(3)]
    for record, value in zip(made, (10, 20), strict=False):
        ln.models.RecordJson.objects.create(record=record, feature=temperature, value=value)
    for record, label in ((made[0], lung), (made[1], lung), (made[1], skin)):
        ln.models.RecordULabel.objects.create(record=record, feature=tissue, value=label)
    return temperature, tissue


def _names(*queries, **expressions):
    return sorted(ln.Record.filter(*queries, **expressions).to_list("name"))


def test_every_comparison_with_a_value_is_a_condition(samples):
    temperature, tissue = samples
    assert isinstance(temperature == 10, FeaturePredicate)
    assert _names(temperature == 10) == ["sample 0"]
    assert _names(10 == temperature) == ["sample 0"]  # noqa: SIM300
    assert _names(temperature != 10) == ["sample 1", "sample 2"]
    assert _names(temperature > 10) == ["sample 1"]
    assert _names(temperature >= 10) == ["sample 0", "sample 1"]
    assert _names(temperature < 20) == ["sample 0"]
    assert _names(temperature <= 20) == ["sample 0", "sample 1"]
    assert _names(temperature.is_null()) == _names(temperature == None) == ["sample 2"]  # noqa: E711
    assert _names(temperature.is_null(False)) == ["sample 0", "sample 1"]
    assert _names(tissue == "skin") == _names(tissue == ln.ULabel.get(name="skin")) == ["sample 1"]
    assert ln.Record.get(tissue == "skin").name == "sample 1"
    assert ln.Record.filter(temperature > 5).filter(tissue == "skin").one().name == "sample 1"


def test_conditions_combine_with_each_other_and_with_fields(samples):
    temperature, tissue = samples
    assert _names((temperature == 10) | (temperature == 20)) == ["sample 0", "sample 1"]
    assert _names((temperature > 5) & (tissue == "skin")) == ["sample 1"]
    assert _names(~(temperature > 15)) == ["sample 0", "sample 2"]
    assert _names((temperature == 10) | ln.Q(name="sample 2")) == ["sample 0", "sample 2"]
    assert _names(ln.Q(name="sample 2") | (temperature == 10)) == ["sample 0", "sample 2"]
    assert _names(ln.Q(name__startswith="sample") & (temperature == 10)) == ["sample 0"]
    assert _names(~ln.Q(name="sample 0") & ~(temperature == 20)) == ["sample 2"]
    assert _names(ln.Q(temperature__gt=15) | ln.Q(name="sample 0")) == ["sample 0", "sample 1"]
    assert _names(temperature > 5, ln.Q(name="sample 1"), tissue="lung") == ["sample 1"]
    assert sorted(ln.Record.filter().exclude(temperature > 15).to_list("name")) == ["sample 0", "sample 2"]
    assert sorted(ln.Record.filter().exclude(tissue="skin").to_list("name")) == ["sample 0", "sample 2"]
    assert sorted(ln.Record.objects.filter(temperature > 15).to_list("name")) == ["sample 1"]
    assert ln.Record.objects.filter(ln.Q(temperature > 15)).exclude(temperature > 15).count() == 0


def test_a_condition_is_one_statement(samples, count_queries):
    temperature, _ = samples
    with count_queries() as statements:
        ln.Record.filter((temperature > 5) | (temperature == 1)).to_list()
    assert len(statements) == 1


def test_features_stay_records_that_can_be_compared_and_hashed(samples):
    from django.db.models import Model

    temperature, tissue = samples
    again = ln.Feature.get(temperature.uid)
    assert (temperature == again) is True and (temperature != again) is False
    assert (temperature == tissue) is False and (temperature != tissue) is True
    assert (temperature == ln.Record.get(name="sample 0")) is False
    assert (tissue == ln.Record.get(name="sample 0")) is False
    assert hash(temperature) == hash(again) and {temperature, again, tissue} == {tissue, temperature}
    assert {temperature: 1}[again] == 1 and temperature in [tissue, again]
    label = ln.ULabel.get(name="lung")
    assert (
        len({label, label.pk, temperature, tissue, temperature.pk, tissue.pk})
        == len({label.pk, temperature.pk, tissue.pk}) + 3
    )
    assert pickle.loads(pickle.dumps(temperature)) == copy.copy(temperature) == temperature
    with pytest.raises(TypeError, match="'<' not supported"):
        temperature < tissue  # noqa: B015
    unsaved = ln.Feature(name="unsaved", dtype=int)
    known = {unsaved: 1}
    assert known[unsaved.save()] == 1 and temperature not in known
    assert Model.__eq__(temperature, again)


def test_django_goes_on_working_with_features(samples):
    temperature, tissue = samples
    schema = ln.Schema([temperature, tissue]).save()
    assert set(schema.features.all()) == {temperature, tissue}
    assert ln.Feature.objects.contains(temperature)
    assert ln.Feature.objects.in_bulk([temperature.pk])[temperature.pk] == temperature
    (loaded,) = ln.Schema.objects.prefetch_related("features").filter(pk=schema.pk)
    assert set(loaded.features.all()) == {temperature, tissue}
    temperature.full_clean(exclude=["description", "default_value"])
    lonely = ln.Feature(name="lonely", dtype=int).save()
    project = ln.Project(name="atlas").save()
    lonely.projects.add(project)
    lonely.projects.set([project])
    project.features.set([lonely, temperature])
    project.features.remove(temperature)
    assert list(project.features.all()) == [lonely]
    ln.models.JsonValue.get_or_create(lonely, 3)
    lonely.delete(permanent=True)
    assert ln.Feature.filter(name="lonely").one_or_none() is None and not project.features.exists()
    value, _ = ln.models.JsonValue.get_or_create(temperature, 3)
    assert value.feature == temperature and ln.models.JsonValue.filter(feature=temperature).one() == value
    assert ln.models.JsonValue.filter(feature__in=[temperature, tissue]).one() == value


def test_conditions_say_what_is_wrong(samples):
    temperature, _ = samples
    with pytest.raises(TypeError, match="cannot be used as booleans"):
        bool(temperature == 10)
    with pytest.raises(FieldError, match="only supported for Artifact, Run, and Record, not ULabel"):
        ln.ULabel.filter(temperature == 10)
    with pytest.raises(FieldError, match="only supported for Artifact, Run, and Record, not ULabel"):
        ln.ULabel.filter(ln.Q(name="x") | (temperature == 10))
    with pytest.raises(ValueError, match="Feature 'new' is not saved"):
        ln.Record.filter(ln.Feature(name="new", dtype=int) == 10)
    with pytest.raises(TypeError, match="has to be a Q object"):
        ln.Record.filter(ln.Record.get(name="sample 0").name == "sample 0")


def test_hosts_are_found_by_their_features(samples, tmp_path):
    temperature, _ = samples
    assert _names(features__name="tissue") == ["sample 0", "sample 1"]
    assert _names(features=temperature) == _names(features__in=[temperature]) == ["sample 0", "sample 1"]
    assert _names(features__name__in=["tissue", "other"], name="sample 1") == ["sample 1"]
    assert _names(~ln.Q(features__name="tissue")) == ["sample 2"]
    assert _names(features__dtype_as_str="int") == ["sample 0", "sample 1"]
    with pytest.raises(FieldError, match="Unknown field 'nam'"):
        ln.Record.filter(features__nam="tissue")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    measured = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    annotated = ln.Artifact(tmp_path / "b.txt", key="b.txt").save()
    schema = ln.Schema([temperature]).save()
    ln.models.ArtifactSchema(artifact=measured, schema=schema, slot="columns").save()
    value, _ = ln.models.JsonValue.get_or_create(temperature, 3)
    ln.models.ArtifactJsonValue(artifact=annotated, jsonvalue=value).save()
    assert sorted(ln.Artifact.filter(features__name="temperature").to_list("key")) == ["a.txt", "b.txt"]
    assert ln.Artifact.filter(features__name="tissue").count() == 0
    assert ln.Artifact.filter(temperature == 3).one() == annotated
    assert ln.Artifact.get(features__name="temperature", temperature=3) == annotated


def test_values_are_taken_from_the_records_of_a_query_set(samples):
    kinds = ln.ULabel(name="Kind", is_type=True).save()
    ln.ULabel(name="brain", type=kinds).save()
    found = ln.ULabel.filter(type=kinds).from_values(["brain", "lung"], mute=True)
    assert found.to_list("name") == ["brain"]
