"""Lookups: names of attributes, what they give, and how doubles are told."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lamindb as ln
from lamindb.errors import FieldError
from lamindb.query.lookup import attribute_name


@given(st.text(min_size=1))
def test_every_text_gives_a_name_that_can_be_written(value):
    name = attribute_name(value)
    assert name.isidentifier()
    assert name.isascii()
    assert not keyword.iskeyword(name)
    assert name != "dict"
    assert name == attribute_name(value)


def test_names_follow_the_rules():
    assert attribute_name("T cell, CD4+") == "t_cell_cd4_"
    assert attribute_name("1st") == "ln_1st"
    assert attribute_name("_x") == "ln__x"
    assert attribute_name("class") == "class_"
    assert attribute_name("dict") == "dict_"


def test_lookup_gives_records_or_fields_in_one_statement(instance, count_queries):
    for name in ("T cell", "count", "dict"):
        ln.ULabel(name=name, description=f"the {name}").save()
    with count_queries() as statements:
        labels = ln.ULabel.lookup()
    assert len(statements) == 1
    assert isinstance(labels, tuple)
    assert labels.t_cell == ln.ULabel.get(name="T cell")
    assert labels.count.name == "count"
    assert labels.dict_.name == "dict"
    assert labels.dict()["T cell"] == labels.t_cell
    assert set(labels._fields) == {"t_cell", "count", "dict_"}
    assert {"t_cell", "dict"} <= set(dir(labels))
    assert ln.ULabel.lookup(return_field="uid").t_cell == labels.t_cell.uid
    assert ln.ULabel.lookup(field=ln.ULabel.description).the_t_cell == labels.t_cell
    assert ln.ULabel.filter(name="count").lookup()._fields == ("count",)
    assert ln.ULabel.lookup("reference") == ()
    with pytest.raises(FieldError):
        ln.ULabel.lookup("nme")
    with pytest.raises(AttributeError, match="t_cell"):
        _ = labels.t_cel


def test_doubles_are_told_when_they_are_used(instance, caplog):
    first, second = ln.ULabel(name="a b").save(), ln.ULabel(name="A-b").save()
    labels = ln.ULabel.lookup()
    assert "records found" not in caplog.text
    logger = ln.logger
    logger.addHandler(caplog.handler)
    try:
        assert labels.a_b == first
        assert "2 records found for 'a_b'. Returning based on keep='first'." in caplog.text
    finally:
        logger.removeHandler(caplog.handler)
    assert ln.ULabel.lookup(keep="last").a_b == second
    assert list(ln.ULabel.lookup(keep=False).a_b) == [first, second]
    with pytest.raises(ValueError, match="keep must be"):
        ln.ULabel.lookup(keep="best")
