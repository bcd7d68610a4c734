"""What the table of artifacts promises to those who query it: columns, limits, relations, what protects and what goes along."""

from __future__ import annotations

import pytest

import lamindb as ln

#: field: class, greatest length, whether it may be null, whether it has an index
_COLUMNS = {
    "id": ("AutoField", None, False, False),
    "uid": ("CharField", 20, False, True),
    "key": ("CharField", 1024, True, True),
    "_real_key": ("CharField", 1024, True, True),
    "description": ("TextField", None, True, False),  # of any length, which no index of PostgreSQL takes
    "storage": ("ForeignKey", None, False, True),
    "suffix": ("CharField", 30, False, True),
    "kind": ("CharField", 20, True, True),
    "otype": ("CharField", 64, True, True),
    "size": ("BigIntegerField", None, True, True),
    "hash": ("CharField", 22, True, True),
    "_hash_type": ("CharField", 30, True, True),
    "n_files": ("BigIntegerField", None, True, True),
    "n_observations": ("BigIntegerField", None, True, True),
    "run": ("ForeignKey", None, True, True),
    "schema": ("ForeignKey", None, True, True),
    "created_by": ("ForeignKey", None, False, True),
    "_key_is_virtual": ("BooleanField", None, False, False),
    "_overwrite_versions": ("BooleanField", None, False, False),
    "version_tag": ("CharField", 30, True, True),
    "is_latest": ("BooleanField", None, False, True),
    "branch": ("ForeignKey", None, False, True),
    "created_on": ("ForeignKey", None, False, True),
    "space": ("ForeignKey", None, False, True),
    "is_locked": ("BooleanField", None, False, False),
    "_aux": ("JSONField", None, True, False),
    "created_at": ("DateTimeField", None, False, True),
    "updated_at": ("DateTimeField", None, False, True),
    "extra_data": ("JSONField", None, True, False),
}
#: relation of artifacts: target, name on the target
_RELATIONS = {
    "input_of_runs": ("Run", "input_artifacts"),
    "recreating_runs": ("Run", "recreated_artifacts"),
    "schemas": ("Schema", "artifacts"),
    "json_values": ("JsonValue", "artifacts"),
    "ulabels": ("ULabel", "artifacts"),
    "users": ("User", "artifacts"),
    "runs": ("Run", "artifacts"),
    "records": ("Record", "artifacts"),
    "projects": ("Project", "artifacts"),
    "references": ("Reference", "artifacts"),
    "artifacts": ("Artifact", "linked_by_artifacts"),
    "linked_in_records": ("Record", "linked_artifacts"),
    "linked_by_runs": ("Run", "linked_artifacts"),
    "collections": ("Collection", "artifacts"),
    "_actions": ("Artifact", "_action_targets"),
}
#: link table: foreign key -> (what happens on deletion, name on its target)
_LINKS = {
    "ArtifactSchema": {"artifact": ("CASCADE", "_links_schema"), "schema": ("PROTECT", "_links_artifact")},
    "ArtifactJsonValue": {"artifact": ("CASCADE", "links_jsonvalue"), "jsonvalue": ("PROTECT", "links_artifact")},
    "ArtifactULabel": {
        "artifact": ("CASCADE", "links_ulabel"),
        "ulabel": ("PROTECT", "links_artifact"),
        "feature": ("PROTECT", "links_artifactulabel"),
    },
    "ArtifactUser": {"artifact": ("CASCADE", "links_user"), "user": ("PROTECT", "links_artifact")},
    "ArtifactRecord": {"artifact": ("CASCADE", "links_record"), "record": ("PROTECT", "links_artifact")},
    "ArtifactProject": {"artifact": ("CASCADE", "links_project"), "project": ("PROTECT", "links_artifact")},
    "ArtifactReference": {"artifact": ("CASCADE", "links_reference"), "reference": ("PROTECT", "links_artifact")},
    "ArtifactRun": {
        "artifact": ("CASCADE", "links_run"),
        "run": ("CASCADE", "links_artifact"),
        "feature": ("PROTECT", "links_artifactrun"),
    },
    "ArtifactArtifact": {"artifact": ("CASCADE", "links_artifact"), "value": ("CASCADE", "links_value")},
    "RecordArtifact": {"record": ("CASCADE", "values_artifact"), "value": ("PROTECT", "links_in_record")},
    "RunArtifact": {"run": ("CASCADE", "values_artifact"), "artifact": ("PROTECT", "links_in_run")},
    "CollectionArtifact": {"collection": ("CASCADE", "links_artifact"), "artifact": ("PROTECT", "links_collection")},
}


def test_the_columns_are_those_that_are_documented() -> None:
    found = {field.name: field for field in ln.Artifact._meta.concrete_fields}
    assert set(found) == set(_COLUMNS)
    for name, (kind, length, may_be_null, has_index) in _COLUMNS.items():
        field = found[name]
        is_kind = any(base.__name__ == kind for base in type(field).__mro__)
        told = (is_kind, field.max_length, field.null, field.db_index)
        assert told == (True, length, may_be_null, has_index), f"{name}: {told}"
    assert found["branch"].default == found["space"].default == found["created_on"].default == 1
    assert not found["uid"].editable and found["uid"].unique and not found["suffix"].editable


def test_the_relations_have_their_names_on_both_sides() -> None:
    for name, (target, reverse) in _RELATIONS.items():
        relation = ln.Artifact._meta.get_field(name)
        other = relation.related_model
        assert other.__name__ == target, name
        assert other._meta.get_field(reverse).related_model is ln.Artifact, name
    for name in ("_report_of", "_environment_of", "_plan_for_runs", "_meta_of_collection", "ablocks"):
        assert ln.Artifact._meta.get_field(name).one_to_many or ln.Artifact._meta.get_field(name).one_to_one, name
    assert ln.Run._meta.get_field("output_artifacts").related_model is ln.Artifact
    assert ln.Schema._meta.get_field("validated_artifacts").related_model is ln.Artifact
    assert ln.User._meta.get_field("created_artifacts").related_model is ln.Artifact
    assert ln.Storage._meta.get_field("artifacts").related_model is ln.Artifact


@pytest.mark.parametrize("link", _LINKS)
def test_links_go_with_what_they_describe_and_protect_what_they_name(link: str) -> None:
    model = getattr(ln.models, link)
    for name, (on_delete, reverse) in _LINKS[link].items():
        relation = model._meta.get_field(name).remote_field
        assert (relation.on_delete.__name__, relation.related_name) == (on_delete, reverse), f"{link}.{name}"


def test_content_is_unique_per_key_and_location() -> None:
    assert {constraint.name for constraint in ln.Artifact._meta.constraints} >= {
        "unique_artifact_storage_key_hash_not_null",
        "unique_artifact_storage_hash_null_key",
    }
