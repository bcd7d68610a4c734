"""Notes and emojis of records, and processes that serve several instances."""

import pytest


def test_notes_are_the_text_of_the_latest_readme(instance, count_queries):
    import lamindb as ln

    project = ln.Project(name="atlas").save()
    assert project.notes is None
    ln.models.ProjectBlock(project=project, kind="comment", content="not a readme").save()
    ln.models.ProjectBlock(project=project, kind="readme", content="# Atlas").save()
    ln.models.ProjectBlock(project=project, kind="readme", content="# Atlas\n\nsecond").save()
    with count_queries() as queries:
        assert project.notes == "# Atlas\n\nsecond"
    assert len(queries) == 1
    assert ln.Project(name="unsaved").notes is None


def test_every_registry_with_readmes_has_notes(instance):
    import lamindb as ln

    for block in ln.models.AttachedBlock.__subclasses__():
        subject = block._meta.get_field(block._subject).related_model
        assert isinstance(subject.notes, property), subject
    branch = ln.Branch.get(name="main")
    ln.models.BranchBlock(branch=branch, kind="readme", content="the main line").save()
    assert branch.notes == "the main line"


def test_records_show_the_emoji_of_their_type(instance):
    import lamindb as ln

    plants = ln.ULabel(name="Plants", is_type=True).save()
    trees = ln.ULabel(name="Trees", is_type=True, type=plants).save()
    oak = ln.ULabel(name="oak", type=trees).save()
    assert oak.emoji is None
    plants.emoji = "🌱"
    plants.save()
    assert ln.ULabel.get(name="oak").emoji == "🌱"
    trees.emoji = "🌳"
    trees.save()
    assert ln.ULabel.get(name="oak").emoji == "🌳"
    trees.emoji = None
    trees.save()
    assert ln.ULabel.get(name="oak").emoji == "🌱"
    branch = ln.Branch(name="contribution").save()
    branch.emoji = "👩‍🔬"
    branch.save()
    assert ln.Branch.get(name="contribution").emoji == "👩‍🔬"


def test_an_emoji_is_refused_where_it_makes_no_sense(instance):
    import lamindb as ln

    kinds = ln.ULabel(name="Kinds", is_type=True).save()
    with pytest.raises(ValueError, match="'smile' is not an emoji"):
        kinds.emoji = "smile"
    with pytest.raises(TypeError, match="int"):
        kinds.emoji = 3
    label = ln.ULabel(name="label").save()
    with pytest.raises(ValueError, match="'label' is not a type"):
        label.emoji = "🌱"
    assert label.emoji is None and kinds.emoji is None


def test_a_process_that_serves_several_instances_has_no_current_branch_and_space(instance, monkeypatch):
    import lamindb as ln

    branch = ln.Branch(name="contribution").save()
    space = ln.Space(name="lab").save()
    ln.setup.switch("contribution")
    ln.setup.switch("lab", space=True)
    record = ln.Record(name="in the lab").save()
    assert (record.branch, record.created_on, record.space) == (branch, branch, space)
    monkeypatch.setenv("LAMINDB_MULTI_INSTANCE", "true")
    record = ln.Record(name="anywhere").save()
    assert (record.branch_id, record.created_on_id, record.space_id) == (1, 1, 1)
    explicit = ln.Record(name="where I say", branch=branch, space=space).save()
    assert (explicit.branch, explicit.created_on, explicit.space) == (branch, branch, space)
