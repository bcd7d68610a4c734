"""Search: the same records in the same order on every database, whatever the characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import lamindb as ln
from lamindb.errors import FieldError
from lamindb.query.search import similar_names

_BLANK, _BOUNDS = " \t\n\r", " \t\n\r|.,;:"


def _fold(text):
    folded = ""
    for character in text:
        other = character.casefold()
        other = other if len(other) == 1 else character.lower()
        changes = len(other) == 1 and (character.isascii() or not other.isascii())
        folded += other if changes else character
    return folded


def _points(string, text):
    """The contract's table, spelled out occurrence by occurrence."""
    if string not in text:
        return 0
    starts = [i for i in range(len(text)) if text.startswith(string, i)]
    ends = [i + len(string) for i in starts]

    def part_end(i):
        return next((j for j in range(i, len(text)) if text[j] == "|"), len(text))

    points = 1
    points += 200 * (text == string)
    points += 200 * (string in text.split("|") or text == string)
    points += 10 * any(
        (i == 0 or text[i - 1] in _BOUNDS) and (j == len(text) or text[j] in _BOUNDS)
        for i, j in zip(starts, ends, strict=True)
    )
    points += 8 * any(
        (i == 0 or text[i - 1] == "|") and not any(c in _BLANK for c in text[j : part_end(j)])
        for i, j in zip(starts, ends, strict=True)
    )
    points += 2 * any(i == 0 or text[i - 1] in _BLANK + "|" for i in starts)
    points += 2 * any(j == len(text) or text[j] in _BOUNDS for j in ends)
    return points


def _expected(rows, string, case_sensitive=False):
    def prepare(text):
        return (text or "") if case_sensitive else _fold(text or "")

    string = prepare(string.strip())
    ranked = [(sum(_points(string, prepare(text)) for text in (row.name, row.description)), row) for row in rows]
    found = [(points, row) for points, row in ranked if points > 0]
    return [row.id for points, row in sorted(found, key=lambda item: (-item[0], len(item[1].name), item[1].id))]


_alphabet = st.sampled_from(list("aAbBkKéÉßσςΣµμÅåİıſ|.,;: %_*[\\'\"\t1猫🧬"))
_texts = st.text(_alphabet, min_size=1, max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(_texts, st.none() | _texts), min_size=1, max_size=6, unique_by=lambda row: row[0]),
    string=_texts,
    case_sensitive=st.booleans(),
)
@example(rows=[("a|b", "c|a|b")], string="a|b", case_sensitive=False)
@example(rows=[("aaa", "a a a"), ("ba a a", None)], string="a a", case_sensitive=False)
@example(rows=[("É", "é"), ("e", None)], string="é", case_sensitive=True)
@example(rows=[("µg", None), ("ΜG", None), ("ug", None)], string="μg", case_sensitive=False)
def test_search_agrees_with_the_reference(instance, rows, string, case_sensitive):
    ln.ULabel.objects.all().delete(permanent=True)
    for name, description in rows:
        ln.ULabel(name=name, description=description).save()
    stored = list(ln.ULabel.objects.order_by("id"))
    if not string.strip():
        return
    found = ln.ULabel.search(string, field=["name", "description"], limit=None, case_sensitive=case_sensitive)
    assert found.to_list("id") == _expected(stored, string, case_sensitive)


def test_ranks_as_documented(instance):
    for name in ("pret cell", "regulatory T cell", "T cell", "PP cell", "P cells"):
        ln.ULabel(name=name).save()
    ln.ULabel(name="other", description="X|P cell").save()
    assert ln.ULabel.search("t cell", field="name").to_list("name") == ["T cell", "regulatory T cell", "pret cell"]
    assert set(ln.ULabel.search("P cell").to_list("name")[:3]) == {"other", "P cells", "PP cell"}
    assert ln.ULabel.search("P cell")[0].name == "other"


def test_special_characters_are_literal(instance):
    for name in ("cat[x]", "100%", "a_b", "*_*", "axb", "back\\slash"):
        ln.ULabel(name=name).save()
    for string, expected in {
        "cat[": "cat[x]",
        "%": "100%",
        "*_*": "*_*",
        "a_b": "a_b",
        "\\": "back\\slash",
    }.items():
        assert ln.ULabel.search(string, field="name").to_list("name") == [expected]
    assert ln.ULabel.search("_", field="name").count() == 2


def test_case_is_ignored_for_all_letters_and_respected_on_request(instance):
    for name in ("Émile", "émile", "EMILE", "ÅNGSTRÖM"):
        ln.ULabel(name=name).save()
    assert set(ln.ULabel.search("éMILE").to_list("name")) == {"Émile", "émile"}
    assert ln.ULabel.search("émile", case_sensitive=True).to_list("name") == ["émile"]
    assert ln.ULabel.search("ångström").to_list("name") == ["ÅNGSTRÖM"]
    assert unicodedata.is_normalized("NFC", "Émile")


def test_results_can_be_filtered_sliced_and_shown(instance, count_queries):
    kind = ln.ULabel(name="kind", is_type=True).save()
    for number in range(30):
        ln.ULabel(name=f"cell {number}", type=kind if number >= 25 else None).save()
    assert len(ln.ULabel.search("cell")) == 20
    assert len(ln.ULabel.search("cell", limit=None)) == 30
    found = ln.ULabel.search("cell", limit=3).filter(type=kind)
    assert found.to_list("name") == ["cell 25", "cell 26", "cell 27"]
    assert ln.ULabel.search("cell")[1].name == "cell 1"
    with count_queries() as statements:
        frame = ln.ULabel.search("cell", limit=5).to_dataframe(include=["created_by__handle", "parents__name"])
    assert len(statements) == 2
    assert frame["name"].tolist() == [f"cell {number}" for number in range(5)]
    assert list(frame.columns[2:]) == ["created_by__handle", "parents__name"]
    with count_queries() as statements:
        assert ln.ULabel.filter(type=kind).search("CELL 2").to_list("name")[0] == "cell 25"
    assert len(statements) == 1


def test_what_cannot_be_searched_is_said(instance):
    ln.ULabel(name="x").save()
    with pytest.raises(ValueError, match=r"Cannot search for None value! Please pass a valid string\."):
        ln.ULabel.search(None)
    with pytest.raises(TypeError, match=r"Please pass a SQLRecord string field, e\.g\., `CellType\.name`!"):
        ln.ULabel.search("x", field=1)
    with pytest.raises(FieldError):
        ln.ULabel.search("x", field="nme")
    assert ln.ULabel.search("  ").to_list("name") == ["x"]
    assert ln.ULabel.search("x", field=ln.ULabel.name).to_list("name") == ["x"]
    assert ln.ULabel.search("x", field=[ln.ULabel.name, "description"]).to_list("name") == ["x"]


def test_similar_names_come_from_one_statement(instance, count_queries):
    for name in ("experiment 1", "experiment 2", "Experiments", "other"):
        ln.ULabel(name=name).save()
    with count_queries() as statements:
        assert set(similar_names(ln.ULabel.filter(), "name", "experimental")) == {
            "experiment 1",
            "experiment 2",
            "Experiments",
        }
    assert len(statements) == 1
    assert similar_names(ln.ULabel.filter(), "name", "zebra") == []
