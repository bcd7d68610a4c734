"""Members, optional members, index, slots and hashes of schemas, and what happens when saved schemas change."""

from __future__ import annotations

import logging

import pandas as pd
import pytest


@pytest.fixture
def features(instance):
    import lamindb as ln

    return [ln.Feature(name=name, dtype=float).save() for name in "abc"]


@pytest.fixture
def lines():
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(record.getMessage())

    handler = Keep()
    logging.getLogger("lamindb").addHandler(handler)
    yield found
    logging.getLogger("lamindb").removeHandler(handler)


def _names(schema):
    return [member.name for member in schema.members]


def test_hashes_are_those_of_existing_databases(instance):
    import lamindb as ln

    assert ln.Schema(itype=ln.Feature).hash == "kMi7B_N88uu-YnbTLDU-DA"
    made = [
        ln.Feature(name=f"f{n}", dtype=str, uid=uid).save()
        for n, uid in enumerate(("uValv1YfEQib", "OpQAD5Ifu89t", "7I4u69RiCAVy"))
    ]
    assert ln.Schema(made).hash == "Z_dmk1WendD15s2FyBW1HA"
    assert ln.Schema(made[1:], index=made[0]).hash == "drtQMP4N4xEebS49DO-9Jw"
    from lamindb.models.schema_members import schema_hash

    genes = {"_dtype_str": "num", "itype": "bionty.Gene.ensembl_gene_id", "minimal_set": True, "ordered_set": False, "maximal_set": False, "flexible": True}  # fmt: skip
    assert schema_hash(genes, None, {}) == "1gocc_TJ1RU2bMwDRK-WUA"


def test_every_setting_that_matters_is_hashed_and_nothing_else(features):
    import lamindb as ln

    base = ln.Schema(features)
    same = [
        ln.Schema(features, name="n", description="d"),
        ln.Schema(features, otype="DataFrame"),
        ln.Schema(features[::-1]),
    ]
    assert {schema.hash for schema in same} == {base.hash}
    others = [
        ln.Schema(features[:2]), ln.Schema(features, minimal_set=False), ln.Schema(features, maximal_set=True),
        ln.Schema(features, ordered_set=True), ln.Schema(features[::-1], ordered_set=True), ln.Schema(features, coerce=True),
        ln.Schema(features, flexible=True), ln.Schema(features[:2], index=features[2]), ln.Schema(features, suffix=".csv"),
        ln.Schema([*features[:2], features[2].with_config(optional=True)]),
    ]  # fmt: skip
    assert len({base.hash, *(schema.hash for schema in others)}) == len(others) + 1


def test_optionals_behave_like_a_set_and_are_written_by_save(features, count_queries):
    import lamindb as ln

    schema = ln.Schema(features).save()
    plain = schema.hash
    a, b, _ = features
    schema.optionals.add(a)
    schema.optionals.add([a, b])
    with count_queries() as queries:
        assert schema.optionals.get_uids() == [a.uid, b.uid]
    assert queries == []
    assert ln.Schema.get(schema.uid).optionals.get_uids() == []
    schema.save()
    assert schema.hash != plain
    again = ln.Schema.get(schema.uid)
    assert again.optionals.get().to_list("name") == ["a", "b"]
    again.optionals.remove(b)
    again.optionals.remove(b)  # not an error
    again.optionals.set([])
    again.save()
    assert again.hash == plain and again.optionals.get_uids() == []
    with pytest.raises(TypeError, match="features must be a list of Feature records!"):
        schema.optionals.add("a")


def test_optionals_of_an_unsaved_schema_are_a_list(features):
    import lamindb as ln

    schema = ln.Schema([features[0], features[1].with_config(optional=True)])
    assert schema.optionals.get().to_list("name") == ["b"]


def test_optional_features_are_added_and_removed_without_doubt_about_datasets(features, lines):
    import lamindb as ln

    a, b, c = features
    schema = ln.Schema([a]).save()
    ln.Artifact.from_dataframe(pd.DataFrame({"a": [1.0]}), key="x.parquet", schema=schema).save()
    schema.add([b, c], optional=True)
    assert _names(schema) == ["a", "b", "c"] and schema.n_members == 3
    schema.remove(b)
    schema.remove_optional_features([c])
    assert _names(ln.Schema.get(schema.uid)) == ["a"]
    assert not any("invalidate" in line for line in lines)
    with pytest.raises(ln.errors.InvalidArgument, match="optional=True"):
        schema.add(b, optional=False)
    with pytest.raises(ln.errors.InvalidArgument, match="required members"):
        schema.add(a)
    with pytest.raises(AssertionError, match="required"):
        schema.remove_optional_features([a])
    with pytest.raises(ln.errors.InvalidArgument, match="no members"):
        schema.remove(b)
    with pytest.raises(ln.errors.InvalidArgument, match="maximal_set"):
        ln.Schema([a, b], maximal_set=True).save().remove(b)


def test_changes_of_a_used_schema_are_announced_and_can_be_taken_back(features, lines):
    import lamindb as ln

    schema = ln.Schema(features, name="used").save()
    artifact = ln.Artifact.from_dataframe(
        pd.DataFrame({name: [1.0] for name in "abc"}), key="x.parquet", schema=schema
    ).save()
    before = schema.hash
    schema.minimal_set = False
    schema.save()
    assert schema.hash != before
    text = "\n".join(lines)
    assert "you updated the schema hash and might invalidate datasets" in text and artifact.uid in text
    schema.minimal_set = True
    schema.save()
    assert schema.hash == before
    ln.Schema(features[:2], name="used").save()
    assert any("you're removing these features: ['c']" in line for line in lines)
    assert _names(ln.Schema.get(name="used")) == ["a", "b"]


def test_members_can_be_changed_through_the_relation(features):
    import lamindb as ln

    schema = ln.Schema(features[:2]).save()
    schema.features.add(features[2])
    schema.save()
    assert schema.n_members == 3 and schema.hash == ln.Schema(features).hash


def test_the_index_is_the_first_member_and_can_change(features):
    import lamindb as ln

    given = features[:2]
    schema = ln.Schema(given, index=features[2]).save()
    assert len(given) == 2 and _names(schema) == ["c", "a", "b"]
    schema.index = None
    schema.index = None
    schema.save()
    assert schema.index is None and _names(schema) == ["a", "b"]
    schema.index = features[2]
    schema.save()
    assert ln.Schema.get(schema.uid).index.uid == features[2].uid and _names(schema) == ["c", "a", "b"]
    with pytest.raises(TypeError, match="index must be a Feature"):
        schema.index = "c"


def test_slots_are_read_once(features, count_queries):
    import lamindb as ln

    part = ln.Schema(features[:1]).save()
    ln.Schema(slots={"obs": part, "var.T": ln.Schema(itype=ln.Feature).save()}, otype="AnnData", name="whole").save()
    schema = ln.Schema.get(name="whole")
    with count_queries() as queries:
        assert list(schema.slots) == ["obs", "var.T"] and schema.slots["obs"] == part
    assert len(queries) == 1
    with pytest.raises(ln.errors.InvalidArgument, match="Please pass otype"):
        ln.Schema(slots={"obs": part})
    with pytest.raises(ln.errors.InvalidArgument, match="must be saved before use"):
        ln.Schema(slots={"obs": ln.Schema(features[1:])}, otype="AnnData")


def test_schemas_are_made_from_names_and_from_data_frames(features):
    import lamindb as ln

    schema = ln.Schema.from_values(["a", "b", "a"], name="two").save()
    assert _names(schema) == ["a", "b"] and schema.name == "two"
    assert ln.Schema.from_values(["b", "a"]).uid == schema.uid
    with pytest.raises(ln.errors.ValidationError, match=r"These values could not be validated: \['zz'\]"):
        ln.Schema.from_values(["a", "zz"])
    assert _names(ln.Schema.from_values(["a", "zz"], raise_validation_error=False)) == ["a"]
    assert ln.Schema.from_values(["zz"], raise_validation_error=False) is None
    with pytest.raises(TypeError, match="field"):
        ln.Schema.from_values(["a"], field="name")
    with pytest.raises(ValueError, match="Provide a list of at least one value"):
        ln.Schema.from_values([])
    found = ln.Schema.from_dataframe(pd.DataFrame({"c": [1.0], "q": [1], 3: [1]}))
    assert _names(found) == ["c"] and found.otype == "DataFrame"
    assert ln.Schema.from_dataframe(pd.DataFrame({"q": [1]})) is None
    with pytest.warns(DeprecationWarning):
        ln.Schema.from_df(pd.DataFrame({"c": [1.0]}))


def test_saving_a_schema_is_all_or_nothing(features):
    import lamindb as ln

    gone = ln.Feature(name="gone", dtype=float).save()
    schema = ln.Schema([features[0], gone], name="partial")
    ln.Feature.filter(uid=gone.uid).delete(permanent=True)
    from django.db import transaction

    with pytest.raises(Exception), transaction.atomic():  # noqa: B017  (databases raise at different moments)
        schema.save()
    assert ln.Schema.filter(name="partial").count() == 0


def test_a_description_shows_members_with_their_settings(features, count_queries):
    import lamindb as ln

    part = ln.Schema(itype=ln.Feature).save()
    many = [ln.Feature(name=f"m{n}", dtype=int, _skip_name_search=True) for n in range(60)]
    ln.save(many)
    schema = ln.Schema(
        [*features[:2], *(feature.with_config(optional=True) for feature in many)],
        slots={"attrs": part},
        otype="DataFrame",
        name="shown",
    ).save()
    with count_queries() as queries:
        text = schema.describe(return_str=True)
    assert len(queries) <= 8
    for word in (
        "Schema: shown",
        "Features (62)",
        "optional",
        "nullable",
        "coerce",
        "default_value",
        "attrs:",
        "✓",
        "✗",
    ):
        assert word in text
    with pytest.raises(ValueError, match="Schema must be saved before describing"):
        ln.Schema(features).describe()


def test_an_itype_that_names_no_registry_is_refused(sqlite_instance):
    import lamindb as ln

    with pytest.raises(AttributeError, match="'Foo' names no registry"):
        ln.Schema(itype="Foo")
