"""The grammar of dtypes: every abstract form survives being written and read, every malformed text is pointed at."""

from __future__ import annotations

import string
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lamindb.base.dtypes import SIMPLE_DTYPES, UTC_DTYPE, Dtype, Member, is_dtype, parse_dtype, parse_registry
from lamindb.errors import DtypeError, ValidationError

_modules = st.from_regex(r"[a-z][a-z_0-9]{0,6}\.", fullmatch=True)
_classes = st.from_regex(r"[A-Z][A-Za-z0-9]{0,8}", fullmatch=True)
_fields = st.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True)
_uids = st.text(string.ascii_letters + string.digits, min_size=8, max_size=16)
_names = st.text(min_size=1, max_size=12).filter(
    lambda name: name.strip() and not set(name) & set("[]=")
)  # an equals sign makes filters
_values = st.text(min_size=1, max_size=12).filter(lambda value: value.strip() and not ("'" in value and '"' in value))
_registries = st.builds(lambda module, name: module + name, st.just("") | _modules, _classes)
_members = st.one_of(
    st.builds(Member, _registries, field=st.none() | _fields),
    st.builds(
        Member,
        _registries,
        field=st.none() | _fields,
        types=st.tuples(_uids) | st.lists(_names, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(
        Member,
        _registries,
        field=st.none() | _fields,
        filters=st.lists(st.tuples(_fields, _values), min_size=1, max_size=3).map(tuple),
    ),
)
_dtypes = st.one_of(
    st.builds(Dtype, st.sampled_from((*SIMPLE_DTYPES, UTC_DTYPE)), lists=st.integers(0, 4)),
    st.builds(Dtype, st.just("cat"), members=st.lists(_members, max_size=3).map(tuple), lists=st.integers(0, 4)),
)


@given(_dtypes)
def test_what_is_written_is_read_as_the_same(dtype: Dtype) -> None:
    assert parse_dtype(str(dtype)) == dtype
    assert str(parse_dtype(dtype.text)) == dtype.text


@given(st.text(alphabet="cat[]list|.='\"ULabelint, _0uid", max_size=40) | st.text(max_size=30))
@example("")
@example("cat[ULabel[]]")
@example("cat[ULabel[x='\"]]")
def test_any_text_is_read_stably_or_pointed_at(text: str) -> None:
    try:
        dtype = parse_dtype(text)
    except DtypeError as error:
        assert 0 <= error.position <= len(text)
        assert error.text == text
        assert str(error).endswith(" " * error.position + "^")
    else:
        assert parse_dtype(str(dtype)) == dtype


@given(_dtypes, st.data())
def test_a_dtype_that_is_cut_off_is_refused_or_another_dtype(dtype: Dtype, data: st.DataObject) -> None:
    text = str(dtype)
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    if "[" in cut:  # no bracket that was opened may be left open
        with pytest.raises(DtypeError):
            parse_dtype(cut)


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        ("float", Dtype("float")),
        ("cat", Dtype("cat")),
        ("cat[]", Dtype("cat")),
        ("list[list[int]]", Dtype("int", lists=2)),
        ("list[cat]", Dtype("cat", lists=1)),
        ("cat[ULabel]", Dtype("cat", (Member("ULabel"),))),
        ("cat[Run.uid]", Dtype("cat", (Member("Run", "uid"),))),
        ("cat[Record[aB3dEfGh1jKlMn0p]]", Dtype("cat", (Member("Record", types=("aB3dEfGh1jKlMn0p",)),))),
        ("cat[Record[aB3dEfGh1jKlMn0p].uid]", Dtype("cat", (Member("Record", "uid", ("aB3dEfGh1jKlMn0p",)),))),
        (
            "cat[bionty.Tissue.ontology_id|bionty.CellType.ontology_id]",
            Dtype("cat", (Member("bionty.Tissue", "ontology_id"), Member("bionty.CellType", "ontology_id"))),
        ),
        (
            "cat[bionty.Disease[source__uid='4a3ejKuf']]",
            Dtype("cat", (Member("bionty.Disease", filters=(("source__uid", "4a3ejKuf"),)),)),
        ),
        (
            'cat[bionty.Gene.ensembl_gene_id[organism="human", rank=2 ]]',
            Dtype("cat", (Member("bionty.Gene", "ensembl_gene_id", filters=(("organism", "human"), ("rank", "2"))),)),
        ),
        ("cat[Record[LabA[Experiment]]]", Dtype("cat", (Member("Record", types=("LabA", "Experiment")),))),
        (
            "list[cat[Record[Lab A, Basel[Experiment 1]].name]]",
            Dtype("cat", (Member("Record", "name", ("Lab A, Basel", "Experiment 1")),), 1),
        ),
        ("cat[Record[u1]Record[u2]]", Dtype("cat", (Member("Record", types=("u1",)), Member("Record", types=("u2",))))),
        ("cat[X[name='Crohn's disease']]", Dtype("cat", (Member("X", filters=(("name", "Crohn's disease"),)),))),
        ("cat[X[name=Crohn's disease]]", Dtype("cat", (Member("X", filters=(("name", "Crohn's disease"),)),))),
        ("cat[X[name='a, b|[c]']]", Dtype("cat", (Member("X", filters=(("name", "a, b|[c]"),)),))),
    ],
)
def test_documented_and_former_forms_are_read(text: str, dtype: Dtype) -> None:
    assert parse_dtype(text) == dtype


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 0, "missing"),
        ("floot", 0, "Did you mean 'float'"),
        ("ULabel", 0, r"written cat\[ULabel\]"),
        ("bionty.Gene", 0, r"written cat\[bionty.Gene\]"),
        ("list", 0, r"list\[str\]"),
        ("list[]", 5, "missing"),
        ("list[int", 8, "not closed"),
        ("list[int]]", 9, "nothing more"),
        ("int ", 0, "no blanks"),
        ("list[floot]", 5, "Did you mean 'float'"),
        ("cat[", 4, "a registry is expected"),
        ("cat[ULabel", 10, "not closed"),
        ("cat[ULabel]]", 11, "nothing more"),
        ("cat[ ULabel]", 4, "a registry is expected"),
        ("cat[ULabel |Record]", 10, "expected '|'"),
        ("cat[ULabel||Record]", 11, "a registry is expected"),
        ("cat[ULabel|]", 11, "a registry is expected"),
        ("cat[ULabel.]", 11, "name of a field"),
        ("cat[bionty.]", 11, "name of a registry"),
        ("cat[ULabel[]]", 11, "uid or the name of a type is missing"),
        ("cat[ULabel[a[]]]", 13, "uid or the name of a type is missing"),
        ("cat[ULabel[abc]", 15, "not closed"),
        ("cat[cat[ULabel]]", 4, "can't stand inside"),
        ("cat[ULabel.name[abc]]", 16, "before the field"),
        ("cat[ULabel[abc].name[x='1']]", 20, "can't be combined"),
        ("cat[ULabel[x='1'].name]", 17, "before the filters"),
        ("cat[ULabel[='1']]", 11, "before '='"),
        ("cat[ULabel[x=]]", 13, "is empty"),
        ("cat[ULabel[x='']]", 13, "is empty"),
        ("cat[ULabel[x='1]]", 13, "not closed"),
        ("cat[ULabel[x='1' y]]", 13, "stands between"),
        ("cat[ULabel[x=1, y]]", 15, "a filter is expected"),
        ("cat ? str", 0, "is no dtype"),
    ],
)
def test_a_malformed_text_is_pointed_at(text: str, position: int, problem: str) -> None:
    with pytest.raises(DtypeError, match=problem) as caught:
        parse_dtype(text)
    assert caught.value.position == position
    assert "has to be one of {" in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, ValidationError)
    assert not is_dtype(text)


def test_values_that_no_quotes_can_hold_are_refused_when_written() -> None:
    awkward = Member("X", filters=(("name", "a', b=\"c\", d='e"),))
    with pytest.raises(DtypeError, match="can't be written"):
        str(awkward)


def test_a_registry_is_read_without_its_wrapper() -> None:
    assert parse_registry("Feature") == Member("Feature")
    assert parse_registry("bionty.Gene.ensembl_gene_id") == Member("bionty.Gene", "ensembl_gene_id")
    with pytest.raises(DtypeError, match="nothing more"):
        parse_registry("Feature]")


def test_a_list_has_the_dtype_of_its_items() -> None:
    nested = parse_dtype("list[list[cat[ULabel]]]")
    assert nested.is_list and nested.is_categorical
    assert str(nested.item) == "list[cat[ULabel]]" and str(nested.item.item) == "cat[ULabel]"
    assert nested.item.item.item == nested.item.item


def test_reading_dtypes_loads_neither_django_nor_pandas() -> None:
    code = (
        "import sys; import lamindb.base.dtypes, lamindb.base.dtype_inference as i; "
        "assert i.infer_dtype([1, 2]).dtype == 'list[int]' and i.pandas_dtype_of('int') == 'Int64'; "
        "assert not {'django', 'pandas', 'numpy'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"_LAMIN_DEFER_CONNECT": "1"})
