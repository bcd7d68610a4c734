"""Bad and odd input: a clear error that names the value and what would be right, or correct storage; alike on both databases."""

from __future__ import annotations

import pytest

import lamindb as ln
from lamindb.errors import FieldError, FieldValidationError, ObjectDoesNotExist, ValidationError

ODD_NAMES = [
    "Robert'); DROP TABLE lamindb_ulabel;--",
    "quoted \"x\" and 'y'",
    "per%cent %s %(name)s {curly} {0}",
    "under_score*and?glob",
    "cat[ULabel] [x] (y) <z>",
    "pipe|separated",
    "back\\slash \\n",
    "first line\nsecond line\ttab",
    "Größe 細胞 🧬 e\u0301 \u202eright to left",
    "T cell, CD4+; α/β",
    "  leading and trailing  ",
    "NULL",
    "None",
    "0",
    "__class__",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_stored_found_and_shown_as_they_are(instance, name):
    ln.ULabel(name="other").save()
    label = ln.ULabel(name=name, description=name).save()
    assert ln.ULabel.get(name=name) == ln.ULabel(name=name) == ln.ULabel.filter(name=name).one() == label
    assert ln.ULabel.get(label.uid).name == name
    assert ln.ULabel.filter(name__contains=name).one() == label
    assert ln.ULabel.filter(name__in=[name, "'"]).one() == label
    assert ln.ULabel.search(name).to_list()[0] == label
    assert label in [
        getattr(ln.ULabel.lookup(), attribute) for attribute in dir(ln.ULabel.lookup()) if attribute != "dict"
    ]
    assert ln.ULabel.lookup().dict()[name] == label
    assert ln.ULabel.validate([name]).tolist() == [True]
    assert ln.ULabel.from_values([name], mute=True).to_list() == [label]
    frame = ln.ULabel.filter(name=name).to_dataframe(include="created_by__handle")
    assert frame["name"].tolist() == [name]
    assert name.split("\n")[0].strip() in label.describe(return_str=True)
    assert name in repr(label)
    assert ln.ULabel.filter().count() == 2


def test_odd_values_of_features_are_found(instance):
    note = ln.Feature(name="note", dtype=str).save()
    for name in ODD_NAMES:
        record = ln.Record(name=name).save()
        ln.models.RecordJson.objects.create(record=record, feature=note, value=name)
    for name in ODD_NAMES:
        assert ln.Record.filter(note=name).one().name == name
        assert ln.Record.filter(note == name).one().name == name


@pytest.mark.parametrize(
    "make",
    [
        lambda: ln.ULabel(name="x" * 151),
        lambda: ln.ULabel(name="x", reference="y" * 256),
        lambda: ln.Project(name="x" * 256),
        lambda: ln.Reference(name="x", abbr="y" * 33),
        lambda: ln.Feature(name="x" * 151, dtype=int),
        lambda: ln.Record(name="x" * 151),
        lambda: ln.Branch(name="x" * 101),
        lambda: ln.Space(name="x" * 101),
        lambda: ln.Transform(key="x" * 1025),
        lambda: ln.User(uid="123456789", handle="me"),
    ],
)
def test_texts_that_are_too_long_are_refused_by_the_constructor(instance, make):
    with pytest.raises(FieldValidationError, match=r"characters, but at most \d+ can be stored"):
        make()


def test_texts_that_become_too_long_are_refused_when_saving(instance):
    label = ln.ULabel(name="x").save()
    label.name = "é" * 151
    with pytest.raises(FieldValidationError, match="name: the text has 151 characters, but at most 150"):
        label.save()
    with pytest.raises(FieldValidationError, match="at most 150"):
        ln.save([label, ln.ULabel(name="y")])
    label.name = "é" * 150
    assert ln.ULabel.get(label.save().uid).name == "é" * 150


def test_keys_of_many_bytes_are_stored_or_refused_alike(instance, tmp_path):
    import random

    letters = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1024))
    assert ln.Transform(key=letters).save().key == letters
    han = "".join(chr(code) for code in random.Random(2).sample(range(0x4E00, 0x9FFF), 860))
    assert ln.Transform.get(ln.Transform(key=han).save().uid).key == han
    (tmp_path / "a.txt").write_text("a")
    for key in (han + "細" * 150, "🧬" * 1000):
        with pytest.raises(
            FieldValidationError, match=r"key: the text takes \d+ bytes, but at most 2600 can be stored"
        ):
            ln.Transform(key=key)
        in_folders = "/".join(key[start : start + 60] for start in range(0, 960, 60))
        with pytest.raises(FieldValidationError, match="bytes, but at most 2600"):
            ln.Artifact(tmp_path / "a.txt", key=f"{in_folders}.txt").save()
    assert not ln.Artifact.filter().exists()


@pytest.mark.parametrize(("registry", "length"), [("ULabel", 8), ("Feature", 12), ("Transform", 16)])
def test_uids_of_another_length_are_refused(instance, registry, length):
    more = {"Feature": {"dtype": int}, "Transform": {"key": "a.py"}}.get(registry, {})
    name = {} if registry == "Transform" else {"name": "x"}
    for uid in ("short", "x" * (length + 1)):
        with pytest.raises(ValidationError, match=rf"exactly {length} characters long, got {len(uid)}"):
            getattr(ln, registry)(**name, **more, uid=uid)


def test_unknown_keywords_of_constructors_are_named_with_a_suggestion(instance):
    for make, near in (
        (lambda: ln.ULabel(nam="x"), "name"),
        (lambda: ln.Record(name="x", descripton="y"), "description"),
        (lambda: ln.Feature(name="x", dtpye=int), "dtype"),
        (lambda: ln.Project(name="x", ulr="y"), "url"),
        (lambda: ln.Transform(key="x", knd="script"), "kind"),
        (lambda: ln.Branch(nme="x"), "name"),
    ):
        with pytest.raises(FieldValidationError, match=rf"Did you mean '{near}'\?") as caught:
            make()
        assert isinstance(caught.value, TypeError) and isinstance(caught.value, ValueError)


def test_unknown_fields_in_queries_are_named_with_a_suggestion(instance):
    label = ln.ULabel(name="x").save()
    for query in (
        lambda: ln.ULabel.filter(nam="x"),
        lambda: ln.ULabel.get(nam="x"),
        lambda: ln.ULabel.filter().exclude(nam="x"),
        lambda: ln.ULabel.filter(ln.Q(nam="x") | ln.Q(name="y")),
        lambda: ln.ULabel.search("x", field="nam"),
        lambda: ln.ULabel.lookup(field="nam"),
        lambda: ln.ULabel.to_dataframe(include="nam"),
        lambda: ln.ULabel.to_dataframe(order_by="nam"),
        lambda: ln.ULabel.validate(["x"], field="nam"),
    ):
        with pytest.raises(FieldError, match="Did you mean 'name'"):
            query()
    with pytest.raises(FieldError, match="Unsupported lookup 'foo' for CharField"):
        ln.ULabel.filter(name__foo="x").exists()
    with pytest.raises(FieldError, match=r"Invalid lookup 'Donor' for type\. Did you mean type__name\?"):
        ln.ULabel.filter(type="Donor")
    with pytest.raises(FieldError, match="Did you mean type__name"):
        ln.ULabel.get(type="Donor")
    with pytest.raises(ValueError, match="expected a number but got 'abc'"):
        ln.ULabel.filter(id="abc").exists()
    assert ln.ULabel.get(label.id) == label


def test_values_of_the_wrong_kind_are_refused_with_the_value(instance):
    ln.ULabel(name="x").save()
    for idlike in (1.5, [1], b"x", True):
        with pytest.raises(TypeError, match="takes an id"):
            ln.ULabel.get(idlike)
    with pytest.raises(ValueError, match="at least one character"):
        ln.ULabel.get("")
    with pytest.raises(ObjectDoesNotExist, match="'x' OR 1=1"):
        ln.ULabel.get("'x' OR 1=1")
    with pytest.raises(ValueError, match="Cannot search for None"):
        ln.ULabel.search(None)
    with pytest.raises(TypeError, match="string field"):
        ln.ULabel.search("x", field=3)
    with pytest.raises(TypeError, match="Type mismatch"):
        ln.ULabel.validate([1, 2])
    with pytest.raises(FieldValidationError, match="NUL character"):
        ln.ULabel(name="a\x00b")
    with pytest.raises(ValueError, match="ULabel"):
        ln.ULabel(name="y", type=ln.Project(name="p", is_type=True).save())
    with pytest.raises(
        FieldValidationError,
        match=r"kind: X is not a valid value\n→ Valid values are: function, notebook, pipeline, script",
    ):
        ln.Transform(key="a.py", kind="X")
    with pytest.raises(FieldValidationError, match=r"url: myurl\.com is not valid\n→ Enter a valid URL"):
        ln.Project(name="p2", url="myurl.com")
    with pytest.raises(FieldValidationError, match="doi: .* is not valid\n→ Must be a DOI"):
        ln.Reference(name="r", doi="nonsense")
    with pytest.raises(FieldValidationError, match="start_date"):
        ln.Project(name="p3", start_date="yesterday")


def test_names_that_exist_give_the_record_that_has_them(instance):
    label = ln.ULabel(name="x").save()
    assert ln.ULabel(name="x") == label and ln.ULabel(name="X") != label
    ln.settings.creation.search_names = False
    try:
        twin = ln.ULabel(name="x").save()
    finally:
        ln.settings.creation.search_names = True
    assert twin != label and ln.ULabel.filter(name="x").count() == 2
    with pytest.raises(ln.errors.MultipleObjectsReturned, match="more than one ULabel"):
        ln.ULabel.get(name="x")
    assert ln.ULabel(name="x") == label


@pytest.mark.parametrize("registry", ["Branch", "Space"])
def test_names_that_differ_in_case_only_are_refused_in_every_script(instance, registry):
    from django.db import IntegrityError

    made = getattr(ln, registry)
    for name, other in (("Ärzte", "äRZTE"), ("Данные", "данные"), ("Plain", "PLAIN")):
        saved = made(name=name).save()
        with pytest.raises(IntegrityError, match=f"unique_{registry.lower()}_name_lower.*{name}"):
            made(name=other).save()
        saved.name = other
        assert saved.save().name == other  # its own name in another case
        saved.description = "more"
        saved.save()


def test_positional_arguments_are_refused_with_an_example(instance):
    for make, example in (
        (lambda: ln.Project("x"), r"Project\(name='...'\)"),
        (lambda: ln.ULabel("x"), r"ULabel\(name=...\)"),
        (lambda: ln.Record("x"), r"Record\(name=...\)"),
        (lambda: ln.Feature("x"), r"Feature\(name='temperature', dtype=float\)"),
        (lambda: ln.User("x", "y"), r"User\(handle='...'\)"),
        (lambda: ln.Transform("x"), "Transform"),
    ):
        with pytest.raises(FieldValidationError, match=example):
            make()


def test_relations_of_unsaved_records_say_what_to_do(instance):
    for access in (
        lambda: ln.ULabel(name="x").parents,
        lambda: ln.ULabel(name="x").projects.add(ln.Project(name="p").save()),
        lambda: ln.Project(name="y").ulabels.all(),
    ):
        with pytest.raises(ValueError, match=r"many-to-many relationships of an unsaved \w+ object.*\.save\(\)"):
            access()


def test_a_text_for_a_relation_is_answered_with_the_field_that_is_meant(instance):
    with pytest.raises(FieldError, match=r"Invalid lookup 'my run 1' for run\. Did you mean run__uid\?"):
        ln.Artifact.filter(run="my run 1")
    with pytest.raises(FieldError, match=r"Did you mean created_by__handle\?"):
        ln.ULabel.get(created_by="me")
