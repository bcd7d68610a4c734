"""The database itself refuses what must not be stored: duplicates, wrong or cyclic types, features without dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def refused(instance: Any) -> Callable[..., Any]:
    """Run a function that the database must refuse; return the error."""
    from django.db import IntegrityError, transaction

    def run(function: Callable[[], Any]) -> Any:
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            function()
        return caught.value

    return run


@pytest.fixture
def artifact(instance: Any) -> Callable[..., Any]:
    """Make rows of artifacts without bytes, past the constructor."""
    import itertools

    import lamindb as ln

    numbers = itertools.count(1)

    def make(**values: Any) -> Any:
        from django.utils import timezone

        now = timezone.now()
        given = {
            "uid": f"{next(numbers):016}0000",
            "storage_id": ln.Storage.objects.values_list("id", flat=True).first(),
            "created_by_id": ln.User.objects.values_list("id", flat=True).first(),
            "suffix": ".txt",
            "created_at": now,
            "updated_at": now,
            "_key_is_virtual": True,
            "_overwrite_versions": False,
            **values,
        }
        row = [given.get(field.attname, field.get_default()) for field in ln.Artifact._meta.concrete_fields]
        ln.Artifact.objects.bulk_create([ln.Artifact(*row)])  # as the database loads a row
        return ln.Artifact.objects.get(uid=given["uid"])

    return make


def test_names_of_branches_and_spaces_are_unique_whatever_their_case(refused: Any) -> None:
    import lamindb as ln

    ln.Branch(name="Contribution").save()
    error = refused(lambda: ln.Branch(name="contribution").save())
    assert "unique_branch_name_lower" in str(error)
    refused(lambda: ln.Branch(name="MAIN").save())
    ln.Space(name="Lab A").save()
    assert "unique_space_name_lower" in str(refused(lambda: ln.Space(name="LAB a").save()))


def test_a_label_is_linked_once_without_and_once_with_each_feature(refused: Any, artifact: Any) -> None:
    import lamindb as ln
    from lamindb.models import ArtifactULabel

    one, label = artifact(), ln.ULabel(name="label").save()
    feature = ln.Feature(name="feature", dtype=ln.ULabel).save()
    other = ln.Feature(name="other", dtype=ln.ULabel).save()
    for chosen in (None, feature, other):
        ArtifactULabel(artifact=one, ulabel=label, feature=chosen).save()
        refused(lambda chosen=chosen: ArtifactULabel(artifact=one, ulabel=label, feature=chosen).save())
    assert ArtifactULabel.objects.count() == 3


def test_every_link_with_a_nullable_feature_refuses_duplicates_without_feature() -> None:
    from django.apps import apps

    import lamindb.models  # noqa: F401

    seen = 0
    for model in apps.get_app_config("lamindb").get_models():
        feature = next((field for field in model._meta.fields if field.name == "feature"), None)
        unique = [set(getattr(constraint, "fields", ())) for constraint in model._meta.constraints]
        if feature is None or not feature.null or not any("feature" in fields for fields in unique):
            continue
        seen += 1
        assert any(
            getattr(constraint, "fields", ())
            and constraint.condition
            and "feature__isnull" in dict(constraint.condition.children)
            for constraint in model._meta.constraints
        ), model.__name__
    assert seen >= 12


def test_relation_add_with_an_existing_pair_does_nothing(instance: Any) -> None:
    import lamindb as ln

    label, transform = ln.ULabel(name="label").save(), ln.Transform(key="a.py").save()
    transform.ulabels.add(label)
    transform.ulabels.add(label)
    assert transform.links_ulabel.count() == 1
    link = transform.links_ulabel.get()
    assert link.created_by_id is not None and link.created_at is not None and link.run_id is None


def test_artifacts_with_the_same_key_and_hash_in_one_storage_are_one(refused: Any, artifact: Any) -> None:
    artifact(key="a.txt", hash="h1")
    artifact(key="b.txt", hash="h1")
    artifact(key=None, hash="h1")
    artifact(key="a.txt", hash=None)
    artifact(key="a.txt", hash=None)
    refused(lambda: artifact(key="a.txt", hash="h1"))
    refused(lambda: artifact(key=None, hash="h1"))


def test_a_slot_of_an_artifact_has_one_schema_but_a_schema_may_fill_two_slots(refused: Any, artifact: Any) -> None:
    import lamindb as ln
    from lamindb.models import ArtifactSchema

    one = artifact()
    schema, other = ln.Schema(itype=ln.Feature).save(), ln.Schema(itype=ln.Feature, maximal_set=True).save()
    ArtifactSchema(artifact=one, schema=schema, slot="obs").save()
    ArtifactSchema(artifact=one, schema=schema, slot="var").save()
    refused(lambda: ArtifactSchema(artifact=one, schema=other, slot="obs").save())
    ArtifactSchema(artifact=one, schema=schema).save()
    refused(lambda: ArtifactSchema(artifact=one, schema=schema).save())


def test_a_feature_needs_a_dtype_unless_it_is_a_type(refused: Any) -> None:
    import lamindb as ln

    ln.Feature(name="Group", is_type=True).save()
    feature = ln.Feature(name="x", dtype=int).save()
    error = refused(lambda: ln.Feature.objects.filter(id=feature.id).update(_dtype_str=None))
    assert "feature_dtype_str_not_null_when_is_type_false" in str(error)


def typed(instance: Any) -> dict[str, Callable[..., Any]]:
    """Return for each registry with types how to save a record of it."""
    import lamindb as ln

    return {
        "ulabel": lambda **values: ln.ULabel(**values).save(),
        "record": lambda **values: ln.Record(**values).save(),
        "project": lambda **values: ln.Project(**values).save(),
        "reference": lambda **values: ln.Reference(**values).save(),
        "feature": lambda **values: ln.Feature(**({} if values.get("is_type") else {"dtype": int}), **values).save(),
        "schema": lambda **values: ln.Schema(
            **({} if values.get("is_type") else {"itype": ln.Feature}), **values
        ).save(),
    }


TYPED = ["feature", "project", "record", "reference", "schema", "ulabel"]


@pytest.mark.parametrize("registry", TYPED)
def test_only_types_can_be_types(registry: str, refused: Any, instance: Any) -> None:
    make = typed(instance)[registry]
    group, plain = make(name="Group", is_type=True), make(name="plain")
    model = type(group)
    child = make(name="child", type=group, is_type=True)
    error = refused(lambda: model.objects.filter(id=child.id).update(type_id=plain.id))
    assert f"{registry}_type_is_valid_fk" in str(error)
    dtype = {"_dtype_str": "int"} if registry == "feature" else {}
    error = refused(lambda: model.objects.filter(id=group.id).update(is_type=False, **dtype))
    assert f"{registry}_type_is_valid_fk" in str(error)
    model.objects.filter(id=child.id).update(type_id=None)
    model.objects.filter(id=group.id).update(is_type=True)


@pytest.mark.parametrize("registry", TYPED)
def test_a_row_below_a_record_that_is_no_type_is_refused_on_insert(registry: str, refused: Any, instance: Any) -> None:
    from lamindb.base.uids import base62

    make = typed(instance)[registry]
    plain = make(name="plain")
    model = type(plain)
    fields = {
        field.attname: getattr(plain, field.attname) for field in model._meta.concrete_fields if field.name != "id"
    }
    fields |= {
        "uid": base62(model._meta.get_field("uid").max_length),
        "name": "below",
        "type_id": plain.id,
        "_skip_validation": True,
    }
    error = refused(lambda: model.objects.bulk_create([model(**fields)]))
    assert f"{registry}_type_is_valid_fk" in str(error)


@pytest.mark.parametrize("registry", TYPED)
def test_types_make_no_cycle(registry: str, refused: Any, instance: Any) -> None:
    from lamindb.errors import ValidationError

    make = typed(instance)[registry]
    top = make(name="Top", is_type=True)
    middle = make(name="Middle", is_type=True, type=top)
    bottom = make(name="Bottom", is_type=True, type=middle)
    model = type(top)
    for below in (top, middle, bottom):
        error = refused(lambda below=below: model.objects.filter(id=top.id).update(type_id=below.id))
        assert "Cannot set type" in str(error) and "cycle" in str(error)
        top.type = below
        with pytest.raises(ValidationError, match="cycle"):
            top.save()
        top.type = None
    model.objects.filter(id=bottom.id).update(type_id=top.id)  # another place in the tree is fine


def test_a_sheet_has_no_subtypes(refused: Any) -> None:
    import lamindb as ln

    schema = ln.Schema([ln.Feature(name="x", dtype=int).save()]).save()
    sheet = ln.Record(name="Sheet", schema=schema).save()
    assert sheet.is_type and sheet.is_sheet
    ln.Record(name="row", type=sheet).save()
    error = refused(lambda: ln.Record(name="Sub", is_type=True, type=sheet).save())
    assert "record_type_is_valid_fk" in str(error)
    page = ln.Record(name="Page", is_type=True).save()
    ln.Record(name="SubPage", is_type=True, type=page).save()
    page.schema = schema
    assert "record_type_is_valid_fk" in str(refused(page.save))


def test_renamed_feature_keeps_its_former_name(instance: Any) -> None:
    import lamindb as ln

    feature = ln.Feature(name="a", dtype=int).save()
    feature.name = "b"
    feature.save()
    assert feature.synonyms == "a"
    assert list(feature._aux["renamed"].values()) == ["a"]
    assert next(iter(feature._aux["renamed"])).endswith("Z")
    feature.description = "saving again keeps it"
    feature.save()
    ln.Feature.filter(id=feature.id).update(name="c")
    stored = ln.Feature.get(feature.uid)
    assert stored.synonyms == "a|b"
    assert list(stored._aux["renamed"].values()) == ["a", "b"]
    stored.name = "a"
    stored.save()
    assert stored.synonyms == "a|b|c"
    stored.name = "d"
    stored.save()
    assert stored.synonyms == "a|b|c"  # a is there already


def test_labels_in_use_are_protected_and_hosts_take_their_links_along(instance: Any) -> None:
    from django.db.models import ProtectedError

    import lamindb as ln

    label, transform = ln.ULabel(name="label").save(), ln.Transform(key="a.py").save()
    transform.ulabels.add(label)
    with pytest.raises(ProtectedError):
        label.delete(permanent=True)
    transform.delete(permanent=True)
    label.delete(permanent=True)
    assert not ln.ULabel.objects.exists()
