"""What the constructors of the registries accept, refuse and return."""

from __future__ import annotations

import datetime
from typing import Any

import pytest


def test_simple_registries_take_their_public_arguments(instance: Any) -> None:
    import lamindb as ln

    space = ln.Space(name="lab", description="people").save()
    assert len(space.uid) == 12 and space.created_at is not None
    branch = ln.Branch(name="contribution", description="new").save()
    assert branch.status == "standalone" and branch.space_id == 1
    group = ln.ULabel(name="Group", is_type=True).save()
    label = ln.ULabel(
        name="label", type=group, description="d", reference="r", reference_type="url", space=space, branch=branch
    ).save()
    stored = ln.ULabel.get(label.uid)
    assert (stored.type, stored.space, stored.branch, stored.created_on) == (group, space, branch, branch)
    assert stored.created_by_id is not None and stored.run_id is None
    user = ln.User(uid="abcdefgh", handle="ada", name="Ada").save()
    assert ln.User.get(handle="ada") == user


@pytest.mark.parametrize(
    "registry", ["Space", "Branch", "ULabel", "Project", "Reference", "Transform", "Feature", "User"]
)
def test_required_fields_are_named(registry: str, instance: Any) -> None:
    import lamindb as ln
    from lamindb.errors import FieldValidationError

    expected = {"Transform": "key", "User": "handle"}.get(registry, "name")
    with pytest.raises(FieldValidationError, match=rf"'{expected}'.*are required"):
        getattr(ln, registry)()


def test_arguments_by_position_are_refused(instance: Any) -> None:
    import lamindb as ln

    for registry in (ln.ULabel, ln.Record):
        with pytest.raises(ValueError, match="Only one non-keyword arg allowed"):
            registry("x")
    with pytest.raises(ValueError, match="Only keyword args allowed"):
        ln.Feature("x", "int")
    with pytest.raises(ValueError, match="Please only use keyword arguments to construct a Transform"):
        ln.Transform("x")
    with pytest.raises(ValueError, match="Only one non-keyword arg allowed: transform"):
        ln.Run(1, 2)
    with pytest.raises(ValueError, match="Only one non-keyword arg allowed: artifacts"):
        ln.Collection(1, 2)
    with pytest.raises(ln.errors.FieldValidationError, match=r"Use keyword arguments.*User\(handle="):
        ln.User("ada")


@pytest.mark.parametrize(
    "registry", ["ULabel", "Record", "Feature", "Project", "Reference", "Transform", "Branch", "Schema"]
)
def test_unknown_arguments_are_named_with_the_known_ones(registry: str, instance: Any) -> None:
    import lamindb as ln

    model = getattr(ln, registry)
    with pytest.raises(ln.errors.FieldValidationError) as caught:
        model(nonsense=1)
    assert "nonsense" in str(caught.value)
    for name in model._init_params:
        assert name in str(caught.value)
    with pytest.raises(TypeError):
        model(nonsense=1)


def test_branch_status_is_a_name_with_a_code(instance: Any) -> None:
    import lamindb as ln

    branch = ln.Branch(name="b").save()
    for name, code in {"closed": -2, "merged": -1, "standalone": 0, "draft": 1, "review": 2}.items():
        branch.status = name
        assert branch._status_code == code and branch.status == name
    branch.save()
    assert ln.Branch.filter(status="review").one() == branch
    with pytest.raises(
        ValueError, match=r"Invalid branch status\. Expected one of: 'standalone', .*'reviw'.*Did you mean 'review'"
    ):
        branch.status = "reviw"
    branch._status_code = 77
    assert branch.status == "standalone"


def test_project_status_and_validators(instance: Any) -> None:
    import lamindb as ln

    project = ln.Project(name="p", url="https://example.com", start_date="2024-01-31", abbr="P").save()
    assert project.start_date == datetime.date(2024, 1, 31)
    assert project.status == "planned"
    project.status = "active"
    project.save()
    assert ln.Project.filter(status="active").one() == project
    with pytest.raises(ln.errors.FieldValidationError, match=r"url: myurl\.com is not valid\n→ Enter a valid URL"):
        ln.Project(name="q", url="myurl.com")
    with pytest.raises(ln.errors.FieldValidationError, match="start_date"):
        ln.Project(name="q", start_date="yesterday")


@pytest.mark.parametrize(
    "doi",
    ["10.1000/xyz123", "doi:10.1000/x", "DOI:10.1/a b", "https://doi.org/10.1000/x", "http://dx.doi.org/10.1000/x", ""],
)
def test_dois_are_accepted_as_they_are_usually_written(doi: str, sqlite_instance: Any) -> None:
    import lamindb as ln

    assert ln.Reference(name=f"paper {doi}", doi=doi).save().doi == doi


@pytest.mark.parametrize("doi", ["abc", "10.1000", "Doi:10.1000/x", "ftp://doi.org/10.1/x"])
def test_other_texts_are_no_doi(doi: str, sqlite_instance: Any) -> None:
    import lamindb as ln

    with pytest.raises(ln.errors.FieldValidationError, match="Must be a DOI"):
        ln.Reference(name="paper", doi=doi)


def test_pubmed_id_is_a_number(sqlite_instance: Any) -> None:
    import lamindb as ln

    assert ln.Reference(name="paper", pubmed_id="123").pubmed_id == 123
    with pytest.raises(ln.errors.FieldValidationError, match="pubmed_id"):
        ln.Reference(name="other", pubmed_id="abc")


def test_a_type_may_be_named(instance: Any) -> None:
    import lamindb as ln

    group = ln.ULabel(name="Group", is_type=True).save()
    assert ln.ULabel(name="a", type="Group").type == group
    with pytest.raises(ln.errors.FieldValidationError, match=r"no type of ULabel called 'Grup'\. Did you mean 'Group'"):
        ln.ULabel(name="a", type="Grup")
    plain = ln.ULabel(name="plain").save()
    with pytest.raises(ValueError, match=r"`is_type=True` as `type`"):
        ln.ULabel(name="a", type=plain)


def test_records_are_reused_by_name_within_their_type(instance: Any) -> None:
    import lamindb as ln

    group = ln.Record(name="Group", is_type=True).save()
    one = ln.Record(name="x", type=group).save()
    again = ln.Record(name="x", type=group, description="pending")
    assert again.id == one.id and not again._state.adding and again.description == "pending"
    assert ln.Record.get(one.uid).description is None
    assert ln.Record(name="x", type=None)._state.adding
    assert ln.Record()._state.adding


def test_without_a_type_the_name_is_looked_for_below_all_types(instance: Any, caplog: Any) -> None:
    import lamindb as ln
    from lamindb.base.types import UNSET, Unset

    group = ln.Record(name="Group", is_type=True).save()
    below = ln.Record(name="x", type=group).save()
    ln.logger.addHandler(caplog.handler)
    try:
        assert ln.Record(name="x") == ln.Record(name="x", type=UNSET) == below
    finally:
        ln.logger.removeHandler(caplog.handler)
    assert "tip: pass `type` to map record into a type hierarchy" in caplog.text
    root = ln.Record(name="x", type=None).save()
    assert root != below
    assert ln.Record(name="x") == ln.Record(name="x", type=None) == root
    assert ln.Record(name="x", type=group) == below
    assert isinstance(UNSET, Unset) and not UNSET and repr(UNSET) == "UNSET"
    assert ln.Record.from_values(["x"], create=True).to_list() == [root]


def test_storage_is_found_whatever_its_spelling(instance: Any, tmp_path: Any, monkeypatch: Any) -> None:
    import lamindb as ln
    from lamindb.setup.errors import HubNotAvailable

    (tmp_path / "data").mkdir()
    storage = ln.Storage(str(tmp_path / "data"))
    storage.save()
    assert storage.type == "local" and storage.root == (tmp_path / "data").as_posix()
    monkeypatch.chdir(tmp_path)
    for spelling in ("./data", f"{tmp_path}/data/", tmp_path / "data", "data"):
        assert ln.Storage(spelling).id == storage.id
    with pytest.raises(ValueError, match="host"):
        ln.Storage("s3://bucket", host="laptop")
    with pytest.raises(ValueError, match="lamindb"):
        ln.Storage(tmp_path / ".lamindb")
    with pytest.raises(ln.errors.FieldValidationError, match=r"^\['root'\] are required"):
        ln.Storage()
    with pytest.raises(HubNotAvailable, match="Creating a bucket needs the hub.*ln.Storage"):
        ln.Storage("create-s3--eu-central-1")


def test_run_needs_a_saved_transform(instance: Any) -> None:
    import lamindb as ln

    with pytest.raises(TypeError, match="Pass transform parameter"):
        ln.Run()
    with pytest.raises(ValueError, match="Please save transform record before creating a run"):
        ln.Run(ln.Transform(key="a.py"))
    transform = ln.Transform(key="a.py").save()
    run = ln.Run(transform, params={"a": {"b": True}}, name="first").save()
    assert len(run.uid) == 16 and run.status == "scheduled" and run.started_at is not None
    assert ln.Run(transform=transform, status="started").status == "started"
    with pytest.raises(ValueError, match="'scheduled' or 'started'"):
        ln.Run(transform, status="completed")
    with pytest.raises(ValueError, match="Invalid run status"):
        ln.Run(transform, status="finished")
    with pytest.raises(AttributeError):
        run.status = "completed"
    run._status_code = 1
    run.save()
    assert ln.Run.filter(status="errored").one() == run
    assert transform.latest_run == run


def test_transform_of_the_same_key_without_source_is_returned(instance: Any) -> None:
    import lamindb as ln

    transform = ln.Transform(key="folder/a.py", kind="script").save()
    assert transform.uid.endswith("0000") and len(transform.uid) == 16 and transform.name == "a.py"
    again = ln.Transform(key="folder/a.py", source_code="print(1)")
    assert again.id == transform.id and again.source_code == "print(1)" and again.hash is not None
    again.save()
    same = ln.Transform(key="folder/a.py", source_code="print(1)")
    assert same.id == transform.id
    new = ln.Transform(key="folder/a.py", source_code="print(2)").save()
    assert new.uid == transform.uid[:-4] + "0001"
    transform.refresh_from_db()
    assert new.is_latest and not transform.is_latest
    with pytest.raises(ln.errors.FieldValidationError, match="kind: magic is not a valid value"):
        ln.Transform(key="b", kind="magic")


def test_pipelines_are_versioned_by_tag(instance: Any) -> None:
    import lamindb as ln

    old = ln.Transform(key="Cell Ranger", version="7.2.0").save()
    new = ln.Transform(key="Cell Ranger", version="7.3.0").save()
    assert new.uid[:-4] == old.uid[:-4] and new.uid.endswith("0001") and new.version == "7.3.0"
    assert ln.Transform(key="Cell Ranger", version="7.2.0").id == old.id
    coded = ln.Transform(key="Cell Ranger", version="8", source_code="run()").save()
    assert ln.Transform(key="Cell Ranger", version="8", source_code="run()").id == coded.id
    with pytest.raises(ValueError, match="'8' is already taken"):
        ln.Transform(key="Cell Ranger", version="8", source_code="run(2)")
    coded.refresh_from_db()
    assert coded.source_code == "run()"
    with pytest.raises(ValueError, match="version"):
        ln.Transform(key="Cell Ranger", version=9)
    with pytest.raises(TypeError, match="`revises` has to be of type `Transform`"):
        ln.Transform(key="Cell Ranger", revises=ln.ULabel(name="x").save())


def test_transform_with_known_source_keeps_its_key(instance: Any) -> None:
    import lamindb as ln

    one = ln.Transform(key="a.py", source_code="print(1)", description="first").save()
    assert ln.Transform(key="b.py", source_code="print(1)").uid == one.uid
    assert one.key == "a.py"
    other = ln.Transform(key="b.py", source_code="print(1)", skip_hash_lookup=True).save()
    assert other.id != one.id and other.hash is None
    revised = ln.Transform(key="c.py", revises=one, source_code="print(3)").save()
    assert revised.stem_uid == one.stem_uid and revised.key == "c.py" and revised.description == "first"
    with pytest.warns(DeprecationWarning):
        assert ln.Transform(key="d.py", type="script").kind == "script"
    assert ln.Transform(uid=one.uid, key="z.py").id == one.id


@pytest.mark.parametrize(
    ("dtype", "text"),
    [
        (int, "int"),
        (float, "float"),
        (str, "str"),
        (bool, "bool"),
        (datetime.date, "date"),
        (datetime.datetime, "datetime"),
        (dict, "dict"),
        (object, "object"),
        ("num", "num"),
        ("path", "path"),
        ("url", "url"),
        ("cat", "cat"),
        ("cat[ULabel]", "cat[ULabel]"),
        (list[str], "list[str]"),
        ("list[cat[ULabel]]", "list[cat[ULabel]]"),
    ],
)
def test_simple_dtypes_have_one_text(dtype: Any, text: str, sqlite_instance: Any) -> None:
    import lamindb as ln

    feature = ln.Feature(name="f", dtype=dtype).save()
    assert feature.dtype_as_str == text and feature.nullable is True
    assert ln.Feature.filter(dtype_as_str=text).one() == feature


def test_registries_fields_and_types_are_dtypes(instance: Any) -> None:
    import lamindb as ln

    group = ln.ULabel(name="Group", is_type=True).save()
    samples = ln.Record(name="Sample", is_type=True).save()
    expected = {
        "a": (ln.ULabel, "cat[ULabel]"),
        "b": (ln.User.handle, "cat[User.handle]"),
        "c": (group, f"cat[ULabel[{group.uid}]]"),
        "d": ([ln.ULabel, ln.Record], "cat[ULabel|Record]"),
        "e": (list[ln.ULabel], "list[cat[ULabel]]"),
        "f": ([group, samples], f"cat[ULabel[{group.uid}]|Record[{samples.uid}]]"),
    }
    for name, (dtype, text) in expected.items():
        assert ln.Feature(name=name, dtype=dtype).dtype_as_str == text
    with pytest.raises(ln.errors.InvalidArgument, match="Cannot serialize unsaved objects"):
        ln.Feature(name="x", dtype=ln.ULabel(name="new", is_type=True))
    with pytest.raises(ln.errors.InvalidArgument, match="Cannot serialize non-type ULabel 'plain'"):
        ln.Feature(name="x", dtype=ln.ULabel(name="plain").save())
    for wrong in (set, bytes, [int, str]):
        with pytest.raises(ValueError, match="dtype has to be"):
            ln.Feature(name="x", dtype=wrong)
    with pytest.raises(ln.errors.ValidationError, match="Did you mean 'float'"):
        ln.Feature(name="x", dtype="floot")
    with pytest.raises(ln.errors.ValidationError, match="Please pass dtype"):
        ln.Feature(name="x")


def test_an_existing_feature_is_returned_unchanged_or_refused(instance: Any) -> None:
    import lamindb as ln

    feature = ln.Feature(name="x", dtype=int, nullable=False, default_value=3, coerce=True, unit="m").save()
    again = ln.Feature(name="x", dtype=int)
    assert again.id == feature.id
    again.save()
    stored = ln.Feature.get(feature.uid)
    assert (stored.nullable, stored.default_value, stored.coerce, stored.unit) == (False, 3, True, "m")
    with pytest.raises(ln.errors.ValidationError, match="Feature x already exists with dtype int, you passed float"):
        ln.Feature(name="x", dtype=float)
    with pytest.raises(ln.errors.ValidationError, match="nullable"):
        ln.Feature(name="x", dtype=int, nullable=True)
    group = ln.Feature(name="Group", is_type=True).save()
    assert group.nullable is None
    assert ln.Feature(name="x", dtype=float, type=group)._state.adding


def test_json_values_are_stored_once(instance: Any) -> None:
    import lamindb as ln
    from lamindb.models import JsonValue

    feature, other = ln.Feature(name="x", dtype=float).save(), ln.Feature(name="y", dtype=dict).save()
    value, existed = JsonValue.get_or_create(feature, 1.5)
    assert not existed and value.value == 1.5 and len(value.hash) == 22
    assert JsonValue.get_or_create(feature, 1.5) == (value, True)
    one, _ = JsonValue.get_or_create(other, {"a": 1, "b": 2})
    assert JsonValue.get_or_create(other, {"b": 2, "a": 1}) == (one, True)


def test_schema_hashes_are_those_of_existing_databases(sqlite_instance: Any) -> None:
    import lamindb as ln
    from lamindb.models.schema_members import schema_hash

    flags = {"minimal_set": True, "ordered_set": False, "maximal_set": False, "flexible": True}
    genes = {**flags, "itype": "bionty.Gene.ensembl_gene_id", "_dtype_str": "num"}
    assert ln.Schema(itype=ln.Feature).hash == "kMi7B_N88uu-YnbTLDU-DA"
    assert ln.Schema(itype=ln.Feature).uid == "0000000000000000"
    assert schema_hash(genes, None, {}) == "1gocc_TJ1RU2bMwDRK-WUA"
    slots = {"obs": "kMi7B_N88uu-YnbTLDU-DA", "var.T": "1gocc_TJ1RU2bMwDRK-WUA"}
    assert schema_hash({**flags, "_dtype_str": "num"}, None, slots) == "aqGWHvyY49W_PHELUMiBMw"
    features = [
        ln.Feature(uid=uid, name=uid, dtype=int).save() for uid in ("uValv1YfEQib", "OpQAD5Ifu89t", "7I4u69RiCAVy")
    ]
    assert ln.Schema(features).hash == "Z_dmk1WendD15s2FyBW1HA"
    assert ln.Schema(features[1:], index=features[0]).hash == "drtQMP4N4xEebS49DO-9Jw"


def test_schema_keeps_its_members_in_order_and_finds_itself(instance: Any) -> None:
    import lamindb as ln

    a, b, c = (ln.Feature(name=name, dtype=int).save() for name in "abc")
    schema = ln.Schema([c, a.with_config(optional=True), c, b], name="s")
    assert schema.n_members == 3 and schema.members == [c, a, b]
    schema.save()
    assert list(schema.members) == [c, a, b] and list(ln.Schema.get(schema.uid).members) == [c, a, b]
    assert ln.Schema([c, b, a.with_config(optional=True)]).id == schema.id
    assert ln.Schema([c, b, a])._state.adding
    assert schema._aux == {"af": {"1": [a.uid]}}
    indexed = ln.Schema([b], index=a).save()
    assert indexed.index == a and list(indexed.members) == [a, b]


def test_saving_a_schema_again_follows_its_members(instance: Any) -> None:
    import lamindb as ln

    a, b = (ln.Feature(name=name, dtype=int).save() for name in "ab")
    schema = ln.Schema([a], name="s").save()
    before = schema.hash
    schema.features.add(b)
    schema.save()
    assert schema.n_members == 2 and schema.hash != before
    schema.features.remove(b)
    schema.save()
    assert schema.n_members == 1 and schema.hash == before
    schema.coerce = True
    schema.save()
    assert schema.hash != before


def test_composite_schema_has_slots(instance: Any) -> None:
    import lamindb as ln

    obs = ln.Schema([ln.Feature(name="a", dtype=int).save()], name="obs").save()
    var = ln.Schema(itype=ln.ULabel, name="var").save()
    assert obs.dtype is None and var.dtype == "num" and var.flexible and not obs.flexible
    schema = ln.Schema(slots={"var.T": var, "obs": obs}, otype="AnnData").save()
    assert ln.Schema.get(schema.uid).slots == {"var.T": var, "obs": obs}
    assert list(ln.Schema.get(schema.uid).slots) == ["var.T", "obs"]
    assert ln.Schema(slots={"obs": obs, "var.T": var}, otype="AnnData").id == schema.id
    with pytest.raises(ln.errors.InvalidArgument, match="Please pass otype != None for composite schemas"):
        ln.Schema(slots={"obs": obs})
    with pytest.raises(ln.errors.InvalidArgument, match="schema for obs"):
        ln.Schema(slots={"obs": ln.Schema([ln.Feature(name="n", dtype=str).save()])}, otype="AnnData")


def test_schema_says_what_is_wrong_with_its_members(instance: Any) -> None:
    import lamindb as ln

    a = ln.Feature(name="a", dtype=int).save()
    with pytest.raises(ln.errors.InvalidArgument, match="Please pass features or slots or itype or set is_type=True"):
        ln.Schema(name="s")
    with pytest.raises(ValueError, match="not a single feature"):
        ln.Schema(a)
    with pytest.raises(TypeError, match="features has to store feature records"):
        ln.Schema(["a"])
    with pytest.raises(TypeError, match="schema can only contain a single type"):
        ln.Schema([a, ln.ULabel(name="x").save()])
    with pytest.raises(ValueError, match="Can only construct feature sets from validated features"):
        ln.Schema([ln.Feature(name="b", dtype=int)])
    with pytest.raises(ValueError, match="Can't create feature sets from ULabel because it's not related to it"):
        ln.Schema([ln.ULabel(name="x").save()])
    with pytest.raises(TypeError, match="index must be a Feature"):
        ln.Schema([a], index="a")
    group = ln.Schema(name="Group", is_type=True).save()
    assert group.hash is None and ln.Schema([a], name="typed", type=group).save().type == group


def test_query_counts_of_constructors_and_saves(sqlite_instance: Any, count_queries: Any) -> None:
    import lamindb as ln

    features = [ln.Feature(name=f"f{number}", dtype=int).save() for number in range(20)]
    with count_queries() as queries:
        schema = ln.Schema(features)
    assert len(queries) <= 1
    with count_queries() as queries:
        schema.save()
    assert len(queries) <= 4
    transform = ln.Transform(key="a.py").save()
    with count_queries() as queries:
        ln.Run(transform).save()
    assert len(queries) <= 1


def test_members_of_schemas_are_saved_in_bulk_too(instance: Any) -> None:
    import lamindb as ln

    a, b, c = (ln.Feature(name=name, dtype=int).save() for name in "abc")
    schemas = [ln.Schema([a, b], name="one"), ln.Schema([c, b], name="two")]
    ln.save(schemas)
    assert [list(ln.Schema.get(name=name).members) for name in ("one", "two")] == [[a, b], [c, b]]


def test_a_schema_of_the_same_name_gets_the_members_that_are_passed_when_it_is_saved(
    instance: Any, caplog: Any
) -> None:
    import lamindb as ln

    a, b = (ln.Feature(name=name, dtype=int).save() for name in "ab")
    schema = ln.Schema([a], name="s").save()
    changed = ln.Schema([b, a], name="s")
    assert changed.id == schema.id and list(ln.Schema.get(schema.uid).members) == [a]
    changed.save()
    stored = ln.Schema.get(schema.uid)
    assert list(stored.members) == [b, a] and stored.n_members == 2
    assert stored.hash == ln.Schema([a, b]).hash


def test_a_failed_save_of_a_schema_leaves_nothing_behind(instance: Any) -> None:
    from django.db import IntegrityError

    import lamindb as ln

    a, b = (ln.Feature(name=name, dtype=int).save() for name in "ab")
    schema = ln.Schema([a, b], name="s")
    b_id, b.id = b.id, 10**6  # a member that is gone
    with pytest.raises(IntegrityError):
        schema.save()
    assert not ln.Schema.objects.exists() and not ln.models.SchemaFeature.objects.exists()
    b.id = b_id
    assert schema._state.adding and schema.id is None
    assert list(schema.save().members) == [a, b]


def test_validators_also_run_when_saving(sqlite_instance: Any) -> None:
    import lamindb as ln

    reference = ln.Reference(name="paper", doi="10.1000/x").save()
    reference.doi = "abc"
    with pytest.raises(ln.errors.FieldValidationError, match="Must be a DOI"):
        reference.save()
    project = ln.Project(name="p").save()
    project.url = "a.b.c"
    with pytest.raises(ln.errors.FieldValidationError, match="url"):
        project.save()
    assert ln.Project.get(project.uid).url is None


@pytest.mark.parametrize(
    "url", ["https://example.com", "http://localhost:8000/x", "ftp://127.0.0.1/a", "https://bücher.de"]
)
def test_urls_that_are_accepted(url: str, sqlite_instance: Any) -> None:
    import lamindb as ln

    assert ln.Project(name=f"project {url}", url=url).save().url == url


@pytest.mark.parametrize("url", ["a.b.c", "s3://bucket", "https://a.b/c"])
def test_urls_that_are_refused(url: str, sqlite_instance: Any) -> None:
    import lamindb as ln

    with pytest.raises(ln.errors.FieldValidationError, match="Enter a valid URL"):
        ln.Reference(name="x", url=url)
