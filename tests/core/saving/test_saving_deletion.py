"""Trash, restoring, permanent deletion, renaming, and types that would form a cycle."""

from __future__ import annotations

import pytest


def test_a_record_goes_to_the_trash_and_comes_back(instance):
    import lamindb as ln

    label = ln.ULabel(name="a").save()
    assert label.delete() is None
    assert ln.ULabel.filter().count() == 0
    assert label.delete(permanent=False) is None
    assert ln.ULabel.get(label.uid).branch.name == "trash"
    label.restore()
    assert ln.ULabel.filter().one() == label
    count, by_registry = label.delete(permanent=True)
    assert (count, by_registry) == (1, {"lamindb.ULabel": 1})
    assert label.pk is None


def test_deleting_what_was_never_saved_has_no_effect(instance, capsys):
    import lamindb as ln

    label = ln.ULabel(name="a")
    assert label.delete() is None
    assert "record is not yet saved" in "".join(capsys.readouterr())
    label.save()
    assert ln.ULabel.filter().count() == 1


@pytest.mark.parametrize(("answer", "left"), [("y", 0), ("n", 1), ("", 1)])
def test_deleting_from_the_trash_asks(sqlite_instance, monkeypatch, answer, left):
    import lamindb as ln

    label = ln.ULabel(name="a").save()
    label.delete()
    monkeypatch.setattr("builtins.input", lambda prompt: answer)
    label.delete()
    assert ln.ULabel.filter(branch=None).count() == left


def test_deleting_from_the_trash_where_nobody_answers_says_what_to_pass(instance, run_python):
    done = run_python(
        "import lamindb as ln; a = ln.ULabel(name='a').save(); a.delete(); a.delete()",
        check=False, stdin=__import__("subprocess").DEVNULL, env={"LAMIN_CURRENT_INSTANCE": instance.slug},
    )  # fmt: skip
    assert done.returncode == 1
    assert "permanent=True" in done.stderr


def test_a_referenced_record_is_protected(instance):
    from django.db.models import ProtectedError

    import lamindb as ln

    kind = ln.ULabel(name="Kind", is_type=True).save()
    ln.ULabel(name="a", type=kind).save()
    with pytest.raises(ProtectedError):
        kind.delete(permanent=True)
    assert ln.ULabel.filter().count() == 2


def test_trashing_a_type_takes_everything_below_it(instance, count_queries):
    import lamindb as ln

    top = ln.ULabel(name="Top", is_type=True).save()
    sub = ln.ULabel(name="Sub", is_type=True, type=top).save()
    ln.save([ln.ULabel(name=f"leaf {i}", type=sub) for i in range(20)])
    with count_queries() as queries:
        top.delete()
    assert len(queries) <= 8
    assert ln.ULabel.filter().count() == 0
    top.restore()
    assert ln.ULabel.filter().to_list("name") == ["Top"]


def test_registries_without_trash_delete_rows_and_refuse_softness(instance):
    import lamindb as ln

    branch = ln.Branch(name="b").save()
    with pytest.raises(ValueError, match="Soft delete is not possible for Branch"):
        branch.delete(permanent=False)
    with pytest.raises(ValueError, match="Soft delete is not possible for Branch"):
        ln.Branch.filter(name="b").delete(permanent=False)
    assert branch.delete()[0] == 1
    assert ln.Branch.filter(name="b").count() == 0


def test_query_sets_go_to_the_trash_in_one_statement_and_are_deleted_on_request(instance, count_queries):
    import lamindb as ln

    ln.save([ln.Project(name=f"p{i}") for i in range(5)])
    with count_queries() as queries:
        ln.Project.filter().delete()
    assert len(queries) <= 2  # the first looks for types, whose records go with them
    assert ln.Project.filter().count() == 0
    ln.Project.filter(branch__name="trash").delete(permanent=True)
    assert ln.Project.filter(branch=None).count() == 0


@pytest.mark.parametrize("name", ["ULabel", "Record", "Project", "Reference", "Feature", "Schema"])
def test_types_can_not_form_a_cycle(sqlite_instance, name):
    import lamindb as ln

    registry = getattr(ln, name)
    top = registry(name="Top", is_type=True).save()
    sub = registry(name="Sub", is_type=True, type=top).save()
    for type_ in (top, sub):
        top.type = type_
        with pytest.raises((ln.errors.ValidationError, ValueError), match="cycle"):
            top.save()
    top.refresh_from_db()
    assert top.type_id is None
    assert [record.name for record in sub.query_types()] == ["Top"]
    sub.delete()
    top.delete()


def test_a_cycle_that_is_in_the_database_already_neither_hangs_queries_nor_deletion(sqlite_instance):
    import lamindb as ln

    top = ln.Project(name="Top", is_type=True).save()
    sub = ln.Project(name="Sub", is_type=True, type=top).save()
    from django.db import connection

    with connection.cursor() as cursor:
        for trigger in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            cursor.execute(f'DROP TRIGGER "{trigger[0]}"')
        cursor.execute("UPDATE lamindb_project SET type_id = %s WHERE id = %s", [sub.id, top.id])
    top.refresh_from_db()
    assert [record.name for record in top.query_types()] == ["Sub"]
    assert top.query_projects().to_list("name") == ["Sub"]
    top.delete()
    assert ln.Project.filter().count() == 0


def test_updated_at_advances_with_every_save_and_update(instance):
    import lamindb as ln

    label = ln.ULabel(name="a").save()
    times = [label.updated_at]
    label.description = "x"
    label.save()
    times.append(ln.ULabel.get(name="a").updated_at)
    ln.ULabel.filter(name="a").update(description="y")
    times.append(ln.ULabel.get(name="a").updated_at)
    assert times == sorted(set(times))
    assert ln.ULabel.get(name="a").created_at == label.created_at


def test_re_creating_a_record_with_the_uid_of_one_in_the_trash_revives_it(instance):
    import lamindb as ln

    old = ln.ULabel(name="a", uid="abcdefgh", description="d").save()
    old.delete()
    again = ln.ULabel(name="b", uid="abcdefgh").save()
    assert again == old
    found = ln.ULabel.get(uid="abcdefgh")
    assert (found.name, found.description, found.branch_id) == ("b", "d", 1)


def test_renaming_a_label_or_feature_names_the_artifacts_that_hold_the_old_name(instance, tmp_path, capsys):
    import lamindb as ln
    from lamindb.models import ArtifactSchema, ArtifactULabel

    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    label = ln.ULabel(name="old label").save()
    feature = ln.Feature(name="old feature", dtype="cat[ULabel]").save()
    ArtifactULabel.objects.create(artifact=artifact, ulabel=label, feature=feature)
    schema = ln.Schema(name="s", features=[feature]).save()
    ArtifactSchema.objects.create(artifact=artifact, schema=schema, slot="columns")
    capsys.readouterr()
    label.name = "new label"
    label.save()
    text = "".join(capsys.readouterr())
    assert "by renaming label from 'old label' to 'new label' 1 artifact(s)" in text
    assert artifact.uid in text
    feature.name = "new feature"
    feature.save()
    text = "".join(capsys.readouterr())
    assert "by renaming feature from 'old feature' to 'new feature' 1 artifact(s)" in text
    assert artifact.uid in text
    label.save()
    assert "by renaming" not in "".join(capsys.readouterr())


def test_relations_of_an_unsaved_record_say_that_it_must_be_saved_first(instance):
    import lamindb as ln

    with pytest.raises(ValueError, match=r"many-to-many relationships of an unsaved ULabel object"):
        ln.ULabel(name="a").parents.all()
