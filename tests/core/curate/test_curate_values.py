"""Validating, inspecting, standardizing values, and getting records for them."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def lines():
    """Log lines of the test at all levels."""
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(record.getMessage())

    logger, handler = logging.getLogger("lamindb"), Keep()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(10)
    yield found
    logger.setLevel(level)
    logger.removeHandler(handler)


def _labels(ln, *names):
    return [ln.ULabel(name=name).save() for name in names]


def _many_labels(ln, number):
    ln.ULabel.objects.bulk_create(
        [ln.ULabel(name=f"label {n}", _skip_validation=True) for n in range(number)], batch_size=5_000
    )


def _features(ln):
    """Features are the core registry that has synonyms."""
    first = ln.Feature(name="cell type", dtype=str).save()
    first.add_synonym(["cell_type", "celltype"])
    second = ln.Feature(name="Tissue", dtype=str).save()
    return first, second


def test_validate_is_exact_and_aligned_with_the_input(instance, count_queries):
    import lamindb as ln

    _labels(ln, "a", "b")
    with count_queries() as statements:
        result = ln.ULabel.validate(["a", "A", "b", None, "", float("nan"), "a"], mute=True)
    assert result.tolist() == [True, False, True, False, False, False, True]
    assert result.dtype == bool
    assert len(statements) == 1


@pytest.mark.parametrize(
    "values",
    [
        ["a", "x"],
        ("a", "x"),
        [["a"], ["x"]],
        pd.Series(["a", "x"]),
        pd.Series(["a", "x"], dtype="category"),
        pd.Series(["a", "x"], dtype="string"),
        pd.Index(["a", "x"]),
        pd.Categorical(["a", "x"]),
        np.array(["a", "x"]),
        np.array(["a", "x"], dtype=object),
        {"a": 1, "x": 2},
        (value for value in "ax"),
    ],
)
def test_validate_takes_all_kinds_of_lists(sqlite_instance, values):
    import lamindb as ln

    _labels(ln, "a")
    assert ln.ULabel.validate(values, mute=True).tolist() == [True, False]


def test_a_text_gives_one_boolean(instance):
    import lamindb as ln

    _labels(ln, "a")
    assert ln.ULabel.validate("a") == True  # noqa: E712  (a numpy bool)
    assert ln.ULabel.validate("x").dtype == bool


@pytest.mark.parametrize("n_values", [1, 499, 5_000, 60_000])
def test_any_number_of_values_takes_one_statement(instance, count_queries, n_values):
    import lamindb as ln

    _many_labels(ln, 20)
    values = [f"label {n}" for n in range(n_values)]
    with count_queries() as statements:
        result = ln.ULabel.validate(values, mute=True)
    assert len(statements) == 1
    assert result.sum() == min(20, n_values)
    with count_queries() as statements:
        records = ln.ULabel.from_values(values, mute=True)
    assert [record.name for record in records] == values[:20]
    assert len(statements) == 1


def test_numbers_do_not_fit_texts(instance):
    import lamindb as ln

    _labels(ln, "a")
    with pytest.raises(TypeError, match="identifiers are 'numeric' but field_values are 'str/categorical'"):
        ln.ULabel.validate([1, 2])
    with pytest.raises(TypeError, match="identifiers are 'str/categorical' but field_values are 'numeric'"):
        ln.ULabel.validate(["1"], field="id")
    label = ln.ULabel.get(name="a")
    assert ln.ULabel.validate([label.id, label.id + 1, 2**70, 0.5], field=ln.ULabel.id, mute=True).tolist() == [
        True,
        False,
        False,
        False,
    ]


def test_stray_kinds_of_values_are_not_validated(instance):
    import lamindb as ln

    _labels(ln, "1")
    assert ln.ULabel.validate(["1", 1, True, "x\x00"], mute=True).tolist() == [True, False, False, False]
    with pytest.raises(TypeError, match="texts or numbers, not dict"):
        ln.ULabel.validate([{}])


def test_a_class_is_no_field_and_an_unknown_field_gets_a_hint(instance):
    import lamindb as ln
    from lamindb.errors import FieldError

    with pytest.raises(TypeError, match="please pass a SQLRecord string field, e.g., `CellType.name`!"):
        ln.ULabel.validate(["a"], field=ln.ULabel)
    with pytest.raises(FieldError, match="Did you mean 'reference'"):
        ln.ULabel.validate(["a"], field="referenc")


def test_curation_methods_belong_to_the_class(instance):
    import lamindb as ln

    (label,) = _labels(ln, "a")
    with pytest.raises(
        TypeError, match=r"ULabel.validate\(\) is a class method and must be called on the ULabel class"
    ):
        label.validate(["a"])


def test_records_in_the_trash_do_not_count(instance):
    import lamindb as ln

    _labels(ln, "a")[0].delete()
    assert not ln.ULabel.validate("a")
    assert not ln.ULabel.validate(["a"] + [str(n) for n in range(60_000)], mute=True).any()
    assert list(ln.ULabel.from_values(["a"])) == []


def test_query_sets_validate_their_own_records_only(instance):
    import lamindb as ln

    _labels(ln, "a1", "a2", "b")
    assert ln.ULabel.filter(name__startswith="a").validate(["a1", "b"], mute=True).tolist() == [True, False]
    assert ln.ULabel.filter().order_by("name")[:1].validate(["a1", "a2"], mute=True).tolist() == [True, False]
    assert ln.ULabel.filter(name__startswith="a").inspect(["a1", "b"], mute=True).validated == ["a1"]


def test_values_of_another_instance_are_looked_up_there(instance, other_instance):
    import lamindb as ln

    slug = other_instance(lambda: _labels(ln, "there"))
    _labels(ln, "here")
    assert ln.ULabel.connect(slug).validate(["here", "there"], mute=True).tolist() == [False, True]
    assert ln.ULabel.connect(slug).filter().inspect("there", mute=True).frac_validated == 100


def test_logs_tell_shares_and_values(instance, lines):
    import lamindb as ln

    ln.ULabel.validate(["a"])
    assert any(line.startswith("Your ULabel registry is empty, consider populating it first!") for line in lines)
    _labels(ln, "a")
    lines.clear()
    ln.ULabel.validate(["a", "x", "y", "z", "a", None])
    assert "1 unique term (25.00%) is validated for name" in lines
    assert "3 unique terms (75.00%) are not validated for name: 'x', 'y', 'z'" in lines
    assert "received 4 unique terms, 2 empty/duplicated terms are ignored" in lines
    lines.clear()
    ln.ULabel.validate(["a", "x"], mute=True)
    assert lines == []
    assert ln.ULabel.validate([]).tolist() == []
    assert lines == ["input has zero length"]


def test_inspect_counts_unique_values_and_knows_synonyms(instance, lines, count_queries):
    import lamindb as ln

    _features(ln)
    lines.clear()
    with count_queries() as statements:
        result = ln.Feature.inspect(["Tissue", "CellType", "tissue", "x", "x", None, "y"])
    assert len(statements) == 2
    assert result.validated == ["Tissue"] and result["validated"] == ["Tissue"]
    assert result.non_validated == ["CellType", "tissue", "x", "y"] == result["not_mapped"]
    assert result.synonyms_mapper == {"CellType": "cell type", "tissue": "Tissue"}
    assert (result.n_unique, result.n_empty, result.frac_validated) == (5, 2, 20.0)
    assert result.df["__validated__"].tolist() == [True, False, False, False, False, False, False]
    with pytest.raises(KeyError, match="invalid key"):
        result["other"]
    text = "\n".join(lines)
    assert "standardize terms via .standardize()" in text
    assert "couldn't validate 2 terms: 'x', 'y'" in text
    assert "create new records via Feature() and save to your registry" in text


def test_standardize_maps_spellings_and_synonyms(instance):
    import lamindb as ln

    _features(ln)
    values = ["cell type", "CELL_TYPE", "tissue", "x", None, "celltype"]
    assert ln.Feature.standardize(values) == ["cell type", "cell type", "Tissue", "x", None, "cell type"]
    assert ln.Feature.standardize(values, case_sensitive=True) == [
        "cell type",
        "CELL_TYPE",
        "tissue",
        "x",
        None,
        "cell type",
    ]
    assert ln.Feature.standardize(values, return_mapper=True) == {
        "CELL_TYPE": "cell type",
        "tissue": "Tissue",
        "celltype": "cell type",
    }
    assert ln.Feature.standardize("celltype") == "cell type"
    assert ln.ULabel.standardize(["a", "B"]) == ["a", "B"]


def test_many_values_are_standardized_with_two_statements(instance, count_queries):
    import lamindb as ln

    _features(ln)
    values = ["celltype", "Tissue", *(f"unknown {n}" for n in range(2_000))]
    with count_queries() as statements:
        assert ln.Feature.standardize(values, mute=True)[:3] == ["cell type", "Tissue", "unknown 0"]
    assert len(statements) == 2


def test_standardize_returns_another_field(instance):
    import lamindb as ln

    first, second = _features(ln)
    assert ln.Feature.standardize(["Tissue", "celltype", "x"], return_field="uid") == [second.uid, first.uid, "x"]


def test_ambiguous_synonyms_are_kept_as_asked(instance):
    import lamindb as ln

    first, second = _features(ln)
    second.add_synonym("celltype", force=True)
    assert ln.Feature.standardize(["celltype"]) == ["cell type"]
    assert ln.Feature.standardize(["celltype"], keep="last") == ["Tissue"]
    assert ln.Feature.standardize(["celltype", "x"], keep=False) == [["cell type", "Tissue"], "x"]
    with pytest.raises(ValueError, match="keep must be"):
        ln.Feature.standardize(["x"], keep="all")
    assert list(ln.Feature.from_values(["celltype"])) == [first, second]


def test_from_values_keeps_the_order_of_the_input(instance, lines):
    import lamindb as ln

    _labels(ln, "a", "b", "c")
    lines.clear()
    records = ln.ULabel.from_values(["c", "a", "c", None, "x"])
    assert [record.name for record in records] == ["c", "a"]
    assert (
        "loaded 2 ULabel records matching name: 'c', 'a'" in lines
        or "loaded 2 ULabel records matching name: 'a', 'c'" in lines
    )
    assert any(line.startswith("did not create ULabel record for 1 non-validated name: 'x'") for line in lines)


def test_from_values_follows_synonyms_unless_told_not_to(instance):
    import lamindb as ln

    first, second = _features(ln)
    assert list(ln.Feature.from_values(["TISSUE", "celltype", "cell type"])) == [second, first]
    assert list(ln.Feature.from_values(["celltype"], standardize=False)) == []


def test_from_values_creates_one_record_per_value(instance, count_queries):
    import lamindb as ln

    _labels(ln, "b")
    with count_queries() as statements:
        records = ln.ULabel.from_values([f"new {n}" for n in range(200)] + ["b", "new 0"], create=True)
    assert len(statements) <= 3
    assert [record.name for record in records[-3:]] == ["new 199", "b", "new 0"]
    assert records[200].id is not None and records[0].id is None
    records[0].save()
    assert ln.ULabel.filter(name__startswith="new").one().name == "new 0"


def test_synonyms_are_added_and_removed(instance):
    import lamindb as ln
    from lamindb.errors import ValidationError

    first, second = _features(ln)
    first.add_synonym("celltype")
    assert first.synonyms == "cell_type|celltype"
    for empty in ("", [""], []):
        first.add_synonym(empty)
    assert ln.Feature.get(name="cell type").synonyms == "cell_type|celltype"
    with pytest.raises(ValidationError, match=r"a synonym can't contain '\|'!"):
        first.add_synonym("a|b")
    with pytest.raises(
        ValidationError, match="you are trying to assign a synonym to record: 'Tissue'.*'celltype' of 'cell type'"
    ):
        second.add_synonym(["celltype"])
    second.add_synonym("celltype", force=True)
    assert second.synonyms == "celltype"
    first.remove_synonym(["cell_type", "unknown"])
    assert ln.Feature.get(name="cell type").synonyms == "celltype"
    first.remove_synonym("celltype")
    assert ln.Feature.get(name="cell type").synonyms is None


def test_an_unsaved_record_is_not_written_by_a_synonym(instance):
    import lamindb as ln

    feature = ln.Feature(name="x", dtype=str)
    feature.add_synonym("y")
    assert feature.synonyms == "y" and feature.id is None


def test_checking_a_synonym_takes_one_statement(instance, count_queries):
    import lamindb as ln

    first, _ = _features(ln)
    with count_queries() as statements:
        first.add_synonym(["s1", "s2", "s3"], save=False)
    assert len(statements) == 1


def test_registries_without_synonyms_say_so(instance):
    import lamindb as ln

    (label,) = _labels(ln, "a")
    with pytest.raises(NotImplementedError, match="No synonyms field found in table ULabel!"):
        label.add_synonym("b")
    with pytest.raises(NotImplementedError, match="No synonyms field found in table ULabel!"):
        label.remove_synonym("b")


def test_abbreviations_are_set(instance):
    import lamindb as ln

    project = ln.Project(name="Human Cell Atlas").save()
    project.set_abbr("HCA")
    assert ln.Project.get(name="Human Cell Atlas").abbr == "HCA"


_CATALOGUE = """
from lamindb.plugins import ReferenceSource, hookimpl

@hookimpl
def lamindb_reference_sources(registry):
    if registry.__get_name_with_module__() == "Feature":
        yield ReferenceSource(
            "catalogue 1", "Feature", validate=f"{__name__}:known", records=f"{__name__}:records",
            standardize=f"{__name__}:synonyms", obsolete=f"{__name__}:outdated",
        )

def known(registry, values, field, **scope):
    return {value for value in values if value == "dose"}

def records(registry, values, field, **scope):
    return {value: {"name": value, "dtype": "float", "unit": "mg"} for value in values if value == "dose"}

def synonyms(registry, values, field, **scope):
    return {value: "dose" for value in values if value.lower() == "dosis"}

def outdated(registry, values, field, **scope):
    return {value: "dose" for value in values if value == "old dose"}
"""


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """A plugin with a public vocabulary of features."""
    from lamindb.plugins.manager import refresh_plugins

    (tmp_path / "curate_catalogue.py").write_text(_CATALOGUE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("LAMIN_LOAD_PLUGINS", "curate_catalogue")
    refresh_plugins()
    yield
    monkeypatch.undo()
    refresh_plugins()


def test_public_vocabularies_join_in_through_the_hook(instance, catalogue, lines):
    import lamindb as ln

    assert not ln.Feature.validate("dose")
    lines.clear()
    ln.Feature.inspect(["dose", "old dose", "x"])
    text = "\n".join(lines)
    assert "detected 1 Feature terms in public source for name: 'dose'" in text
    assert "'old dose' is obsolete, replaced by 'dose'" in text
    assert "couldn't validate 1 term: 'x'" in text
    assert ln.Feature.standardize(["Dosis", "old dose", "x"]) == ["dose", "dose", "x"]
    assert ln.Feature.standardize(["Dosis"], from_source=False) == ["Dosis"]
    records = ln.Feature.from_values(["Dosis", "dose", "x"])
    assert [(record.name, record.unit, record.id) for record in records] == [("dose", "mg", None)]
    assert len(ln.Feature.from_values(["dose"], from_source=False)) == 0
