"""Imports every real release, and compares with independent readings of its file (pandas for tables, lines of text for OBO, pronto)."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).resolve().parents[5] / "shared" / "data" / "ontologies"
pytestmark = pytest.mark.skipif(
    not _FOLDER.exists(), reason="the folder with real ontologies (../shared/data/ontologies) is not here"
)
_TABLES = sorted(path.name for path in (_FOLDER / "tables").glob("*.parquet"))
_GENES = sorted(path.name for path in (_FOLDER / "genes").glob("df_*.parquet"))
_OBO = sorted(path.name for path in (_FOLDER / "obo").glob("*"))
#: Import everything on both databases; the everyday run leaves out the biggest, and the older of two releases.
_IS_WHOLE = bool(os.environ.get("LAMINDB_TEST_ALL_RELEASES"))
_REASON = "imported with LAMINDB_TEST_ALL_RELEASES=1"
_SELDOM = ("cellosaurus__53.0", "chebi__2026-01-06", "uberon__2025-05-28", "mondo__2025-05-06", "efo__3.78.0")
#: What the everyday run imports on PostgreSQL, too: ontologies with parents, and proteins of an organism.
_ON_POSTGRESQL = ("__cl__2026", "__uberon__2026", "__hsapdv__", "__hancestro__", "df_mouse__uniprot")
#: Gene tables of the everyday run: without Ensembl identifiers, without symbols for most genes, and with identifiers of the NCBI.
_EVERYDAY_GENES = ("saccharomyces", "fruitfly", "caenorhabditis", "mouse-lemur")
#: Ontology files of the everyday run, one of each format and of each way in which sources name their terms; all are read anyway.
_EVERYDAY_FILES = (
    "hancestro.2025-04-01.owl.gz",
    "goslim_generic.obo.gz",
    "pw.7.96.obo.gz",
    "clo-lincs-view.2.1.80.owl.gz",
    "life-stages.2025-01-23.obo.gz",
)


def _parts(name: str) -> tuple[str, str, str, str]:
    organism, source, version, entity = name.removeprefix("df_").removesuffix(".parquet").split("__")
    return organism.replace("-", " "), source, version, entity


def _source_of(registry: Any, organism: str, name: str, version: str) -> Any:
    import bionty as bt

    return bt.Source(entity=registry.__get_name_with_module__(), name=name, organism=organism, version=version).save()


def _of_everyday(vendor: str) -> list[Any]:
    def is_left_out(name: str) -> bool:
        if vendor == "postgresql":
            return not any(part in name for part in _ON_POSTGRESQL)
        return any(part in name for part in _SELDOM)

    marks = {
        name: [pytest.mark.skip(reason=_REASON)] if is_left_out(name) and not _IS_WHOLE else [] for name in _TABLES
    }
    return [pytest.param(vendor, name, id=f"{vendor}-{name}", marks=marks[name]) for name in _TABLES]


@pytest.mark.parametrize(
    ("instances", "name"), [*_of_everyday("sqlite"), *_of_everyday("postgresql")], indirect=["instances"]
)
def test_a_released_table_is_imported_as_it_is(bio, mirror: Path, name: str) -> None:
    import pandas as pd

    import bionty as bt
    import pertdb

    organism, source_name, version, entity = _parts(name)
    registry = pertdb.Compound if entity == "Drug" else getattr(bt, entity)
    if entity == "Drug":
        drugs = bt.Source(entity="Drug", name=source_name, organism="all", version=version).save()
        source = registry.add_source(drugs)
    else:
        source = bt.Source.filter(
            entity=f"bionty.{entity}", name=source_name, organism=organism, version=version
        ).one_or_none()
        source = source or _source_of(registry, organism, source_name, version)
    registry.import_source(source)

    frame = pd.read_parquet(mirror / "tables" / name)
    id_field = registry._ontology_id_field
    key = "uniprotkb_id" if entity == "Protein" else "ontology_id"
    if "deprecated" in frame:
        obsolete = frame.deprecated | frame.name.str.lower().str.startswith(("obsolete ", "obsolete_"))
        assert registry.filter(**{f"{id_field}__in": frame[obsolete].ontology_id.head(400).tolist()}).count() == 0
        frame = frame[~obsolete]
    if entity == "Ethnicity":
        frame = frame[frame.ontology_id.str.startswith("HANCESTRO:")]
    if "name" in frame and entity != "Protein":
        frame = frame[frame.name.fillna("") != ""]  # ChEBI has two terms without a name, which are no records
    stored = registry.filter(source=source)
    extra = 1 if entity == "Organism" else 0
    assert stored.count() == len(frame) and registry.filter().count() <= len(frame) + extra
    by_id = {getattr(record, id_field): record for record in stored[:3000]}
    rows = frame.set_index(key).loc[list(by_id)]
    from bionty import uids

    for identifier, row in zip(rows.index, rows.to_dict("records"), strict=True):
        record = by_id[identifier]
        assert record.uid == uids.ontology(identifier)
        for column, field in (("name", "name"), ("definition", "description"), ("synonyms", "synonyms")):
            if column in row and not (field == "name" and len(str(row["name"])) > 255 and entity != "Drug"):
                wanted = None if pd.isna(row[column]) else row[column]
                assert getattr(record, field) == wanted, (identifier, field)
    if "parents" in frame:
        kept = set(frame[key])
        wanted_links = {
            (c, p) for c, ps in zip(frame[key], frame.parents, strict=True) for p in ps if p in kept and p != c
        }
        through = registry.parents.through.objects
        child, parent = (
            registry._meta.get_field("parents").m2m_field_name(),
            registry._meta.get_field("parents").m2m_reverse_field_name(),
        )
        links = set(through.values_list(f"{child}__{id_field}", f"{parent}__{id_field}"))
        assert links == wanted_links
    assert bt.Source.get(source.uid).in_db
    before = registry.filter().count()
    registry.import_source(source)  # a second time adds nothing
    assert registry.filter().count() == before


_VENDORS = ["sqlite", "postgresql"] if _IS_WHOLE else ["sqlite"]


@pytest.mark.parametrize("instances", _VENDORS, indirect=True)
def test_gene_tables_of_all_organisms_are_imported(bio, mirror: Path) -> None:
    import pandas as pd

    import bionty as bt

    total = 0
    names = [name for name in _GENES if _IS_WHOLE or any(part in name for part in _EVERYDAY_GENES)]
    for name in names:
        organism, source_name, version, _ = _parts(name)
        named = {
            "fruitfly": "drosophila melanogaster",
            "white tufted ear marmoset": "white-tufted-ear marmoset",
            "crab eating macaque": "crab-eating macaque",
        }
        frame = pd.read_parquet(mirror / "genes" / name)
        source = bt.Gene.add_source(source_name, df=frame, version=version, organism=named.get(organism, organism))
        bt.Gene.import_source(source)
        genes = bt.Gene.filter(source=source)
        assert genes.count() == len(frame)
        total += len(frame)
        key = "stable_id" if "stable_id" in frame else "ensembl_gene_id"
        row = frame[frame.symbol.notna()].iloc[len(frame) // 3]
        record = genes.get(**{key: row[key]})
        assert (record.symbol, record.biotype) == (row.symbol, row.biotype)
        if "ncbi_gene_id" in frame:
            with_ncbi = frame[frame.ncbi_gene_id.notna()].iloc[0]
            assert genes.get(**{key: with_ncbi[key]}).ncbi_gene_ids == with_ncbi.ncbi_gene_id
    assert bt.Gene.filter().count() == total
    assert bt.Organism.filter().count() == len(names)


def test_human_genes_are_imported_on_every_database(bio) -> None:
    import bionty as bt

    bt.Gene.import_source(organism="human")
    assert bt.Gene.filter().count() == 78_894
    assert bt.Gene.filter(ncbi_gene_ids__isnull=False).count() == 42_688
    assert bt.Gene.get(symbol="BRCA2").uid == "1DQZiYQ1wP6xYy"
    from_values = bt.Gene.public(organism="human")
    assert from_values.validate(["BRCA2"], "symbol").all()


@pytest.mark.parametrize("instances", _VENDORS, indirect=True)
def test_genes_are_imported_from_the_table_of_hgnc(bio, ontologies: Path) -> None:
    import csv

    import bionty as bt

    path = ontologies / "genes" / "hgnc_complete_set.2024-11.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = {row["symbol"]: row for row in csv.DictReader(stream, delimiter="\t")}
    source = bt.Gene.add_source(str(path), organism="human")
    assert (source.name, source.version) == ("hgnc_complete_set", "2024-11")
    bt.Gene.import_source(source)
    fields = ("symbol", "ensembl_gene_id", "ncbi_gene_ids", "biotype", "description", "synonyms")
    stored = {symbol: facts for symbol, *facts in bt.Gene.filter(source=source).values_list(*fields)}
    assert len(stored) == len(rows) - 1  # two of them share an Ensembl identifier
    for symbol in ("LINC00595", "LINC00856"):
        stored.pop(symbol, None)
        rows.pop(symbol)
    wanted = {}
    for symbol, row in rows.items():
        spellings = [part for name in ("alias_symbol", "prev_symbol") for part in row[name].split("|") if part]
        facts = (row["ensembl_gene_id"], row["entrez_id"], row["locus_type"], row["name"], "|".join(spellings))
        wanted[symbol] = [value or None for value in facts]
    assert stored == wanted
    assert bt.Gene.standardize(["FANCD1", "MARCH1", "1-Mar"], mute=True) == ["BRCA2", "MARCHF1", "1-Mar"]
    spikes = _table_of(ontologies / "genes" / "ercc_genes.parquet")
    bt.Gene.import_source(bt.Gene.add_source("ercc", df=spikes, version="1", organism="human"))
    assert bt.Gene.filter(stable_id__startswith="ERCC-").count() == len(spikes) == 92


def _table_of(path: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(path)


def _read_obo(path: Path) -> dict[str, dict[str, Any]]:
    """Read what the tests compare from the text itself: id, name, flags, `is_a` lines."""
    found: dict[str, dict[str, Any]] = {}
    text = gzip.decompress(path.read_bytes()).decode()
    for block in re.split(r"\n\n+", text):
        if not block.strip().startswith("[Term]"):
            continue
        get = lambda tag: re.findall(rf"^{tag}: (.*)$", block, re.M)  # noqa: B023, E731
        found[get("id")[0].strip()] = {
            "name": (get("name") or [None])[0],
            "obsolete": get("is_obsolete") == ["true"],
            "parents": [line.split(" ! ")[0].split(" {")[0].strip() for line in get("is_a")],
            "exact": sum(bool(re.search(r'" EXACT', line)) for line in get("synonym")),
            "replaced_by": (get("replaced_by") or [None])[0],
        }
    return found


@pytest.mark.parametrize("name", [name for name in _OBO if name.endswith(".obo.gz")])
def test_obo_files_are_read_as_their_text_says(ontologies: Path, name: str) -> None:
    from bionty.parsing import read_ontology
    from bionty.parsing.terms import curie_of

    path = ontologies / "obo" / name
    wanted = _read_obo(path)
    terms = {term.ontology_id: term for term in read_ontology(path).terms}
    assert set(terms) == {curie_of(identifier) for identifier in wanted}
    for identifier, facts in wanted.items():
        term = terms[curie_of(identifier)]
        assert term.deprecated == facts["obsolete"]
        assert term.parents == [curie_of(parent) for parent in facts["parents"]]
        assert len(term.synonyms) == facts["exact"]
        if facts["name"] and "\\" not in facts["name"] and "{" not in facts["name"]:
            assert term.name == facts["name"]


@pytest.mark.parametrize(
    ("obo", "owl"),
    [
        ("hancestro.2025-04-01.obo.gz", "hancestro.2025-04-01.owl.gz"),
        ("life-stages.2025-01-23.obo.gz", "life-stages.2025-01-23.owl.gz"),
    ],
)
def test_owl_and_obo_of_one_release_agree(ontologies: Path, obo: str, owl: str) -> None:
    from bionty.parsing import read_ontology

    def facts(name: str) -> dict[str, Any]:
        terms = read_ontology(ontologies / "obo" / name).terms
        return {
            t.ontology_id: (t.name, t.definition, t.deprecated, t.replaced_by, sorted(set(t.synonyms)), sorted(set(t.parents)), sorted(set(t.related.get("part_of", ()))))
            for t in terms
            if t.name
        }  # fmt: skip

    left, right = facts(obo), facts(owl)
    curies = [one for one in left if one in right and "://" not in one]
    assert len(curies) > 0.85 * len(left)  # the 204 countries of DBpedia are called differently
    different = [one for one in curies if left[one] != right[one]]
    assert len(different) <= 0.02 * len(curies), [(left[one], right[one]) for one in different[:3]]


def test_readers_agree_with_pronto(ontologies: Path) -> None:
    pronto = pytest.importorskip("pronto")
    import warnings

    from bionty.parsing import read_ontology

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reference = pronto.Ontology(str(ontologies / "obo" / "cl-basic.2022-11-25.obo.gz"))
    terms = {term.ontology_id: term for term in read_ontology(ontologies / "obo" / "cl-basic.2022-11-25.obo.gz").terms}
    expected = {term.id: term for term in reference.terms()}
    assert set(terms) == set(expected)
    for identifier, term in terms.items():
        other = expected[identifier]
        assert term.name == other.name and term.deprecated == other.obsolete
        assert term.definition == (str(other.definition) if other.definition is not None else None)
        assert set(term.synonyms) == {s.description for s in other.synonyms if s.scope == "EXACT"}
        assert set(term.parents) == {parent.id for parent in other.superclasses(distance=1, with_self=False)}
        assert set(term.alternative_ids) == set(other.alternate_ids)


def test_the_human_phenotype_ontology_is_read_from_json(ontologies: Path) -> None:
    import json

    from bionty.parsing import read_ontology

    path = ontologies / "obo" / "hp.2024-08-13.json.gz"
    terms = {term.ontology_id: term for term in read_ontology(path).terms}
    own = [term for identifier, term in terms.items() if identifier.startswith("HP:")]
    assert len(own) == 19_434 and sum(term.deprecated for term in own) == 446
    graph = json.loads(gzip.decompress(path.read_bytes()))["graphs"][0]
    assert sum(len(term.parents) for term in terms.values()) == sum(edge["pred"] == "is_a" for edge in graph["edges"])
    assert terms["HP:0000118"].name == "Phenotypic abnormality"


@pytest.mark.parametrize("instances", _VENDORS, indirect=True)
def test_every_ontology_file_is_imported_as_a_source(bio, ontologies: Path) -> None:
    import bionty as bt
    from bionty.parsing import read_ontology

    for number, name in enumerate(name for name in _OBO if _IS_WHOLE or name in _EVERYDAY_FILES):
        source = bt.Phenotype.add_source(str(ontologies / "obo" / name), version=f"v{number}")
        bt.Phenotype.import_source(source)
        terms = [t for t in read_ontology(ontologies / "obo" / name).terms if t.name]
        current = {
            t.ontology_id for t in terms if not (t.deprecated or t.name.lower().startswith(("obsolete ", "obsolete_")))
        }
        wanted = {one for one in current if one.lower().startswith(f"{source.name.lower()}:")} or current
        stored = set(bt.Phenotype.filter(ontology_id__in=wanted).values_list("ontology_id", flat=True))
        assert stored == wanted, name
        assert source.dataframe_artifact is not None
