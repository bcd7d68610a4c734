"""What registries of a user's package can do without any code that knows the package: run as a script in an instance that mounts `mylab`.

Each function is one topic; the script prints what fails and ends with 1.
"""

from __future__ import annotations

import contextlib
import io
import logging
import traceback
from pathlib import Path
from typing import Any

import mylab  # type: ignore[import-not-found]
import pandas as pd
from django.db.models import ProtectedError

import lamindb as ln
from lamindb.errors import FieldValidationError, ObjectDoesNotExist, ValidationError


class Said:
    """Collects what is printed and logged."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def __enter__(self) -> Said:
        self.handler = logging.StreamHandler(self.stream)
        logging.getLogger("lamindb").addHandler(self.handler)
        self.redirected = contextlib.redirect_stdout(self.stream)
        self.redirected.__enter__()
        return self

    def __exit__(self, *exc: Any) -> None:
        self.redirected.__exit__(*exc)
        logging.getLogger("lamindb").removeHandler(self.handler)

    def __contains__(self, text: str) -> bool:
        return text in self.stream.getvalue()


class Raises:
    """The block has to raise an error whose text holds all of some pieces."""

    def __init__(self, error: type[BaseException], *pieces: str) -> None:
        self.error, self.pieces = error, pieces

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, _: Any) -> bool:
        assert isinstance(error, self.error), f"{kind} instead of {self.error}: {error}"
        for piece in self.pieces:
            assert piece in str(error), f"{piece!r} is not in {error}"
        return True


def table_of(*names: str) -> pd.DataFrame:
    return pd.DataFrame({"donor": pd.Categorical(list(names))})


def artifact_of(name: str) -> Any:
    Path(f"{name}.txt").write_text(name)
    return ln.Artifact(f"{name}.txt", key=f"{name}.txt").save()


def constructors_are_those_of_the_core() -> None:
    with Raises(FieldValidationError, "name", "required"):
        mylab.Donor()
    with Raises(FieldValidationError, "name", "required"):
        mylab.Donor(agee=3)
    with Raises((FieldValidationError, TypeError), "agee"):  # type: ignore[arg-type]
        mylab.Donor(name="C1", agee=3)
    with Raises(FieldValidationError, "keyword arguments"):
        mylab.Donor("C1")
    donor = mylab.Donor(name="C1", age=41.5).save()
    assert len(donor.uid) == 12 and donor.created_by.handle and donor.run is None
    assert (
        donor.visits == 3 and mylab.Donor(name="C2", visits=4).save().visits == mylab.Donor.get(name="C2").visits == 4
    )
    with Said() as said:
        assert mylab.Donor(name="C1") == donor
    assert "returning donor with same name: 'C1'" in said, said.stream.getvalue()
    mylab.Donor(name="a long name").save()
    with Said() as said:
        mylab.Donor(name="a long nam")
    assert "a long name" in said


def records_are_saved_trashed_restored_and_deleted() -> None:
    donors = [mylab.Donor(name=f"B{number}") for number in range(3)]
    ln.save(donors)
    assert all(donor.pk for donor in donors) and mylab.Donor.get(name="B1").visits == 3
    donors[0].delete()
    assert mylab.Donor.filter(name="B0").one_or_none() is None
    assert mylab.Donor.filter(name="B0", branch_id=-1).one() == donors[0]
    donors[0].restore()
    assert mylab.Donor.get(name="B0").branch_id == 1
    donors[0].delete(permanent=True)
    assert not mylab.Donor.objects.filter(name="B0").exists()
    assert donors[1].branch.name == "main" and donors[1].space.name == "all" and donors[1].is_locked is False
    run = ln.Run(ln.Transform(key="own.py").save()).save()
    with_run = mylab.Donor(name="B9")
    with_run.run = run
    assert mylab.Donor.get(uid=with_run.save().uid).run == run
    before = with_run.updated_at
    with_run.age = 3
    assert with_run.save().updated_at > before


def queries_are_those_of_the_core() -> None:
    ln.save([mylab.Donor(name="Q1", age=1), mylab.Donor(name="Q2", age=2)])
    one = mylab.Donor.get(name="Q1")
    assert mylab.Donor.get(one.uid) == mylab.Donor.get(one.uid[:8]) == mylab.Donor.get(one.id) == one
    with Raises(ObjectDoesNotExist):
        mylab.Donor.get(name="Q99")
    found = mylab.Donor.filter(name__startswith="Q")
    assert found.all().count() == 2 and found.first() and mylab.Donor.filter(name="Q2").one().age == 2
    assert sorted(found.to_list("name")) == ["Q1", "Q2"] and mylab.Donor.filter(name="Q99").one_or_none() is None
    frame = found.to_dataframe(include=["age", "created_by__handle"], limit=1)
    assert len(frame) == 1 and {"name", "age", "created_by__handle"} <= set(frame.columns)
    assert mylab.Donor.search("Q2").first().name == "Q2"
    assert mylab.Donor.lookup().q1 == one
    assert "Donor" in mylab.Donor.describe(return_str=True) and ".age: FloatField" in mylab.Donor.describe(
        return_str=True
    )
    with Raises(Exception, "agee"):
        mylab.Donor.filter(agee=3).count()


def values_are_validated() -> None:
    ln.save([mylab.Donor(name="V1"), mylab.Treatment(name="aspirin", synonyms="ASA|acetylsalicylic acid")])
    with Said() as said:
        assert [donor.name for donor in mylab.Donor.from_values(["V1", "V2"])] == ["V1"]
    assert "Donor" in said and "1 non-validated" in said and "V2" in said, said.stream.getvalue()
    made = mylab.Donor.from_values(["V1", "V2"], create=True)
    assert {donor.name: donor._state.adding for donor in made} == {"V1": False, "V2": True}
    assert list(mylab.Donor.validate(["V1", "V3"], mute=True)) == [True, False]
    assert mylab.Donor.inspect(["V1", "V3"], mute=True).non_validated == ["V3"]
    assert list(mylab.Donor.standardize(["V1", "V3"], mute=True)) == ["V1", "V3"]
    assert list(mylab.Treatment.standardize(["ASA", "aspirin"], mute=True)) == ["aspirin", "aspirin"]
    mylab.Treatment.get(name="aspirin").add_synonym("Aspirine")
    assert list(mylab.Treatment.standardize(["Aspirine"], mute=True)) == ["aspirin"]


def artifacts_are_labelled() -> None:
    artifact, other = artifact_of("labels"), artifact_of("labels2")
    donor, second = ln.save([mylab.Donor(name="L1"), mylab.Donor(name="L2")]) or mylab.Donor.filter(
        name__startswith="L"
    )
    feature = ln.Feature(name="label_donor", dtype=mylab.Donor).save()
    artifact.donors.add(second)
    artifact.labels.add(donor, feature=feature)
    assert artifact.labels.get(feature).one() == donor
    assert set(artifact.donors.to_list("name")) == {"L1", "L2"}
    other.labels.add_from(artifact)
    assert set(other.donors.to_list("name")) == {"L1", "L2"} and other.labels.get(feature).one() == donor
    assert ln.Artifact.filter(donors__name="L2").count() == 2
    assert "L1" in str(
        ln.Artifact.filter(key="labels.txt").to_dataframe(include="donors__name")["donors__name"].iloc[0]
    )
    text = artifact.describe(return_str=True)
    assert "mylab.Donor" in text and "L1" in text and "L2" in text
    assert "Mylab fields" in ln.Artifact.describe(return_str=True)
    with Raises(ProtectedError):
        donor.delete(permanent=True)
    artifact.delete(permanent=True)
    other.delete(permanent=True)
    donor.delete(permanent=True)


def registries_are_types_of_features() -> None:
    cases = {
        "d1": (mylab.Donor, "cat[mylab.Donor]"),
        "d2": (mylab.Donor.uid, "cat[mylab.Donor.uid]"),
        "d3": (list[mylab.Donor], "list[cat[mylab.Donor]]"),
        "d4": ("cat[mylab.Donor]", "cat[mylab.Donor]"),
        "d5": ([mylab.Donor, mylab.Treatment], "cat[mylab.Donor|mylab.Treatment]"),
    }
    for name, (dtype, text) in cases.items():
        assert ln.Feature(name=name, dtype=dtype).save()._dtype_str == text, name
    with Raises(ValidationError, "mylab.Doner", "invalid dtype"):
        ln.Feature(name="d9", dtype="cat[mylab.Doner]")
    with Raises(ValidationError, "mylab.Note", "invalid dtype"):
        ln.Feature(name="d9", dtype=mylab.Note)


def artifacts_have_feature_values() -> None:
    ln.save([mylab.Donor(name="F1"), mylab.Donor(name="F2")])
    ln.Feature(name="donor", dtype=mylab.Donor).save()
    artifact = artifact_of("values")
    artifact.features.add_values({"donor": "F1"})
    assert artifact.features.get_values() == {"donor": "F1"}
    assert ln.Artifact.filter(donor="F1").one() == artifact and ln.Artifact.filter(donors__name="F1").one() == artifact
    with Raises(ValidationError, "F99", "donor"):
        artifact.features.add_values({"donor": "F99"})
    artifact.features.remove_values("donor")
    assert artifact.features.get_values() == {} and ln.Artifact.filter(donor="F1").count() == 0


def tables_are_curated() -> None:
    schema = ln.Schema([ln.Feature.get(name="donor")], name="donors").save()
    curator = ln.curators.DataFrameCurator(table_of("F1", "DX"), schema)
    with Raises(ValidationError, "1 term", "donor", "DX"):
        curator.validate()
    curator.cat.add_new_from("donor")
    curator.validate()
    artifact = curator.save_artifact(key="curated.parquet")
    assert set(artifact.donors.to_list("name")) == {"F1", "DX"}
    assert {link.feature.name for link in artifact.links_donor.all()} == {"donor"}


def records_have_feature_values_and_rows() -> None:
    record = ln.Record(name="s1", features={"donor": "F1"}).save()
    assert record.features.get_values() == {"donor": "F1"} and record.values_donor.get().value.name == "F1"
    assert ln.Record.filter(donor="F1").one() == record
    treated = ln.Feature(name="treatment", dtype=mylab.Treatment).save()
    with Raises(ValueError, "Record + "):  # Treatment has no link to Record
        ln.Record(name="s2", features={"treatment": "aspirin"}).save()
    assert not ln.Record.filter(name="s2").exists()
    treated.delete(permanent=True)


def schemas_have_them_as_type_and_members() -> None:
    schema = ln.Schema(itype=mylab.Donor, name="any donors").save()
    assert schema.itype == "mylab.Donor"
    members = ln.Schema(features=[mylab.Donor.get(name="F1"), mylab.Donor.get(name="F2")]).save()
    assert set(members.members.to_list("name")) == {"F1", "F2"}
    assert set(ln.Schema.from_values(["F1", "F2"], mylab.Donor.name).save().members.to_list("name")) == {"F1", "F2"}
    with Raises(ValueError, "Can't create feature sets from Treatment"):
        ln.Schema(features=[mylab.Treatment.get(name="aspirin")])


def what_a_registry_lacks_is_said() -> None:
    with Raises(ValueError, "Can't add labels to"):
        artifact_of("refused").labels.add(mylab.Note(text="x").save())
    with Raises(ValueError, "Do not know which field to use as name"):
        mylab.Number.from_values([1])


def plain_tables_are_ordinary_django() -> None:
    mylab.Plain(title="t").save()
    assert mylab.Plain.objects.get(title="t").pk and not hasattr(mylab.Plain, "to_dataframe")
    with Said() as said:
        ln.view(modules="mylab")
    assert "Donor" in said and "Plain" not in said and "ArtifactDonor" not in said
    with Said() as said:
        ln.view(modules="mylab", registries=["Treatment"], limit=1)
    assert "Treatment" in said and "Donor" not in said


def mixins_for_synonyms_are_parts_of_their_own() -> None:
    from lamindb.models import CanCurate, HasAbbr, HasSynonyms

    assert HasSynonyms.add_synonym and HasSynonyms.remove_synonym and HasAbbr.set_abbr
    assert CanCurate.add_synonym and CanCurate.remove_synonym and CanCurate.set_abbr
    treatment = mylab.Treatment(name="ibuprofen").save()
    treatment.add_synonym(["Brufen", "Nurofen"])
    treatment.remove_synonym("Brufen")
    assert mylab.Treatment.get(name="ibuprofen").synonyms == "Nurofen"
    treatment.set_abbr("IBU")
    assert mylab.Treatment.get(name="ibuprofen").abbr == "IBU"
    assert ln.setup.settings.is_configured is True


def main() -> int:
    ln.settings.verbosity = "hint"
    topics = [value for value in globals().values() if getattr(value, "__module__", "") == __name__]
    failed = []
    for topic in topics:
        if isinstance(topic, type) or topic.__code__.co_argcount or topic is main:
            continue
        try:
            topic()
        except Exception:
            failed.append(f"{topic.__name__}:\n{traceback.format_exc()}")
    print("\n".join(failed) or "all rows hold")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
