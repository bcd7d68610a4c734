"""Types that keep their records in one space."""

from __future__ import annotations

import pytest


def test_records_of_a_type_lie_in_its_single_space(instance):
    import lamindb as ln

    lab, other = ln.Space(name="lab").save(), ln.Space(name="other").save()
    samples = ln.Record(name="Samples", is_type=True, space=lab).save()
    assert samples.settings.single_space is False
    before = ln.Record(name="before", type=samples).save()
    assert before.space.name == "all"

    samples.settings.single_space = True
    samples.save()
    samples = ln.Record.get(name="Samples")
    assert samples.settings.single_space is True
    assert ln.Record(name="s1", type=samples).save().space == lab
    assert ln.Record(name="s2", type=samples, space=lab).save().space == lab
    with pytest.raises(ln.errors.ValidationError, match="all records of type 'Samples' are in 'lab'"):
        ln.Record(name="s3", type=samples, space=other).save()
    moved = ln.Record.get(name="s1")
    moved.space = other
    with pytest.raises(ln.errors.ValidationError, match="'s1' can't be in space 'other'"):
        moved.save()
    before.description = "what was there before stays"
    assert before.save().space.name == "all"
    elsewhere = ln.Record(name="elsewhere").save()
    elsewhere.type = samples
    with pytest.raises(ln.errors.ValidationError, match="'elsewhere' can't be in space 'all'"):
        elsewhere.save()

    samples.settings.single_space = other
    samples.save()
    assert ln.Record.get(name="Samples").settings.single_space == other
    assert ln.Record(name="s4", type=samples).save().space == other
    samples.settings.single_space = False
    samples.save()
    assert ln.Record.get(name="Samples")._aux is None
    assert ln.Record(name="s5", type=samples).save().space.name == "all"


def test_what_is_no_single_space_is_refused(sqlite_instance):
    import lamindb as ln

    kind = ln.ULabel(name="Kind", is_type=True).save()
    with pytest.raises(TypeError, match="single_space is True, False or a space, not 'lab'"):
        kind.settings.single_space = "lab"
    with pytest.raises(ValueError, match="is not saved"):
        kind.settings.single_space = ln.Space(name="lab")
    with pytest.raises(ValueError, match="'leaf' is not a type"):
        ln.ULabel(name="leaf", type=kind).save().settings.single_space = True
