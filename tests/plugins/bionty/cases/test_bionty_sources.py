"""Sources: which one is meant, own ones, versions side by side, updates, and what happens without a network."""

from __future__ import annotations

import gzip
import http.server
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


def test_the_current_source_is_unambiguous(bio) -> None:
    import bionty as bt

    assert bt.Source.filter().count() == 43 and bt.Source.filter(currently_used=True).count() == 37
    older = bt.Source(
        entity="bionty.CellType", name="cl", organism="all", version="2025-04-10", currently_used=True
    ).save()
    assert bt.Source.filter(entity="bionty.CellType", currently_used=True).one() == older
    assert bt.CellType.public().version == "2025-04-10"
    assert bt.Source(entity="bionty.CellType", name="cl", organism="all", version="2025-04-10").save() == older


def test_a_source_is_chosen_by_organism_and_use(sqlite_bio) -> None:
    import bionty as bt
    from bionty.sources import default_source

    wanted = {
        (bt.Phenotype, None): "pato, all", (bt.Phenotype, "human"): "hp, human", (bt.Disease, None): "mondo, all",
        (bt.Disease, "Homo sapiens"): "doid, human", (bt.DevelopmentalStage, None): "hsapdv, human",
        (bt.DevelopmentalStage, "mouse"): "mmusdv, mouse", (bt.Organism, None): "ensembl, vertebrates",
        (bt.Organism, "all"): "ncbitaxon, all", (bt.Organism, "plants"): "ensembl, plants", (bt.CellLine, None): "cellosaurus, all",
        (bt.Protein, "rat"): "uniprot, rattus norvegicus", (bt.Protein, "Rattus norvegicus"): "uniprot, rattus norvegicus",
        (bt.Pathway, None): "go, all", (bt.Ethnicity, "human"): "hancestro, human",
    }  # fmt: skip
    found = {key: default_source(*key) for key in wanted}
    assert {key: f"{source.name}, {source.organism}" for key, source in found.items()} == wanted
    assert bt.Organism.filter().count() == 0
    rat = bt.Organism.from_source(name="rat", mute=True).save()
    assert default_source(bt.Protein, rat).organism == "rattus norvegicus"
    with pytest.raises(TypeError, match="source takes a bt.Source record"):
        default_source(bt.CellType, source="cl")


def test_arguments_of_import_source_are_checked(sqlite_bio) -> None:
    import bionty as bt

    with pytest.raises(TypeError, match=r"import_source\(\) expects a `bt.Source` object, not a str."):
        bt.CellType.import_source("cl")
    with pytest.raises(ValueError, match="please pass a source record of the same entity: bionty.Tissue"):
        bt.Tissue.import_source(bt.Source.get(name="cl"))
    empty = bt.Source(entity="bionty.CellType", name="inhouse", organism="all", version="1").save()
    with pytest.raises(ValueError, match="No valid records to add!"):
        bt.CellType.import_source(empty)
    assert len(bt.CellType.public(source=empty).to_dataframe()) == 0


def test_an_import_is_one_transaction_and_takes_few_statements(bio, count_queries) -> None:
    import bionty as bt

    with count_queries() as queries:
        bt.CellType.import_source()
    assert len(queries) <= 16  # whatever the number of terms
    assert bt.CellType.filter().count() == 3324
    assert not any(name.startswith("obsolete") for name in bt.CellType.filter().to_list("name"))
    assert bt.Source.get(entity="bionty.CellType", name="cl").in_db


def test_an_import_that_breaks_off_leaves_nothing(bio, monkeypatch) -> None:
    import bionty as bt
    from bionty import bulk

    def break_off(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(bulk, "insert_links", break_off)
        with pytest.raises(KeyboardInterrupt):
            bt.CellType.import_source()
    assert bt.CellType.filter().count() == 0
    bt.CellType.import_source()
    assert bt.CellType.filter().count() == 3324 and bt.CellType.parents.through.objects.count() > 3000


def test_missing_parents_of_records_that_exist_are_filled_in(bio) -> None:
    from django.db import IntegrityError

    import bionty as bt

    bt.CellType(name="T cell", ontology_id="CL:0000084").save()
    with pytest.raises(IntegrityError, match="1 of the 3324 terms of cl.* are in the CellType registry already"):
        bt.CellType.import_source(ignore_conflicts=False)
    assert bt.CellType.filter().count() == 1
    bt.CellType.import_source()
    assert bt.CellType.get(ontology_id="CL:0000084").parents.to_list("name") == ["lymphocyte"]


def test_an_update_renames_adds_flags_and_relinks(bio, tmp_path: Path) -> None:
    import pandas as pd

    import bionty as bt
    import lamindb as ln

    columns = ["ontology_id", "name", "parents", "deprecated", "replaced_by"]
    first = pd.DataFrame(
        [("O:1", "root", [], False, None), ("O:2", "child", ["O:1"], False, None), ("O:3", "old name", ["O:1"], False, None),
         ("O:4", "in use", ["O:1"], False, None), ("O:5", "to retire", ["O:2"], False, None)],
        columns=columns,
    )  # fmt: skip
    second = pd.DataFrame(
        [("O:1", "root", [], False, None), ("O:2", "child", ["O:1"], False, None), ("O:3", "new name", ["O:2"], False, None),
         ("O:4", "in use, renamed", ["O:1"], False, None), ("O:5", "obsolete to retire", [], True, "O:2"), ("O:6", "new", ["O:3"], False, None)],
        columns=columns,
    )  # fmt: skip
    one, two = (bt.Disease.add_source("own", df=df, version=v) for df, v in ((first, "1"), (second, "2")))
    bt.Disease.import_source(one)
    path = tmp_path / "a.txt"
    path.write_text("a")
    artifact = ln.Artifact(str(path), key="a.txt").save()
    artifact.diseases.add(bt.Disease.get(ontology_id="O:4"))
    bt.Disease.import_source(two, update_records=True)
    assert bt.Disease.get(ontology_id="O:3").name == "new name"
    assert bt.Disease.get(ontology_id="O:3").parents.to_list("name") == ["child"]
    assert bt.Disease.get(ontology_id="O:4").name == "in use"  # an artifact holds the name
    retired = bt.Disease.get(ontology_id="O:5")
    assert retired.is_obsolete and retired.replaced_by == "O:2"
    assert bt.Disease.get(name="new").parents.one().ontology_id == "O:3"
    assert bt.Source.get(two.uid).currently_used and not bt.Source.get(one.uid).currently_used
    assert bt.Source.get(two.uid).in_db and not bt.Source.get(one.uid).in_db
    assert bt.Disease.get(ontology_id="O:1").source == two
    with pytest.raises(ValueError, match="needs the source"):
        bt.Disease.import_source(update_records=True)


def test_real_versions_lie_side_by_side_and_can_be_compared(bio) -> None:
    import bionty as bt

    old = bt.CellType.add_source("cl", version="2025-04-10")
    bt.CellType.import_source(old)
    assert bt.CellType.filter().count() == 3168 - 266
    new = bt.Source.get(entity="bionty.CellType", name="cl", version="2026-03-26")
    bt.CellType.import_source(new, update_records=True)
    assert bt.CellType.filter(source=new).count() == 3324
    assert {one.version for one in (bt.CellType.public(), bt.CellType.public(source=old))} == {
        "2025-04-10",
        "2026-03-26",
    }
    entries, modified = bt.base.CellType().diff(bt.base.CellType(version="2025-04-10"))
    assert len(entries.attrs["added"]) == 3596 - 3168 and len(modified) == len(entries.attrs["modified"]) == 191
    with pytest.raises(ValueError, match="pass another version"):
        bt.base.CellType().diff(bt.base.CellType())
    with pytest.raises(ValueError, match="same class"):
        bt.base.CellType().diff(bt.base.Tissue())


def test_own_vocabularies_come_from_tables_files_and_other_registries(bio, tmp_path: Path, ontologies: Path) -> None:
    import pandas as pd

    import bionty as bt

    table = pd.DataFrame(
        {"name": ["CD4x", "CD8x"], "synonyms": ["T4|Leu-3", None], "gene_symbol": ["CD4", "CD8A"], "ignored": [1, 2]}
    )
    with pytest.raises(ValueError, match="organism must be provided for organism-specific entities."):
        bt.CellMarker.add_source("own", df=table, version="1")
    source = bt.CellMarker.add_source("own", df=table, version="1", organism="human")
    bt.CellMarker.import_source(source)
    assert (
        bt.CellMarker.get(name="CD4x").gene_symbol == "CD4" and bt.CellMarker.get(name="CD4x").organism.name == "human"
    )
    csv = tmp_path / "stages.csv"
    csv.write_text("ontology_id,name\nS:1,first\nS:2,zweite – ß\n", encoding="utf-8")
    bt.DevelopmentalStage.import_source(bt.DevelopmentalStage.add_source(str(csv), version="7"))
    assert bt.DevelopmentalStage.get(ontology_id="S:2").name == "zweite – ß"
    obo = bt.CellType.add_source(str(ontologies / "obo" / "cl-basic.2022-08-16.obo.gz"))
    assert (obo.name, obo.version, obo.dataframe_artifact.kind) == ("cl-basic", "2022-08-16", "__lamindb_run__")
    with pytest.raises(ValueError, match="the manifest does not list it"):
        bt.CellType.add_source("nowhere")
    with pytest.raises(FileNotFoundError):
        bt.CellType.add_source("/no/such/file.obo", version="1")
    copied = bt.CellLine.add_source(obo)
    assert copied.entity == "bionty.CellLine" and copied.dataframe_artifact is not None


def test_a_withdrawn_source_says_so(sqlite_bio) -> None:
    import bionty as bt
    from bionty.errors import SourceUnavailable

    bt.settings.sources_mirror = None
    gone = bt.Source(
        entity="bionty.CellType", name="cl", organism="all", version="1999-01-01", url="file:///no/cl.obo"
    ).save()
    with pytest.raises(FileNotFoundError, match="cl.obo"):
        bt.CellType.public(source=gone)
    unreachable = bt.Source(
        entity="bionty.Disease", name="icd", organism="human", version="x", url="http://127.0.0.1:9/icd.parquet"
    ).save()
    with pytest.raises(SourceUnavailable, match=r"\(1\).*\(2\).*\(3\).*\(4\)"):
        bt.Disease.import_source(unreachable)


def test_the_examples_run_without_network_mirror_and_guide(sqlite_bio, monkeypatch, tmp_path: Path) -> None:
    import bionty as bt
    from bionty import guide, loading, online

    def refuse(*args, **kwargs):
        raise OSError("no network")

    bt.settings.sources_mirror = None
    monkeypatch.setattr(bt.base.settings, "root_dir", tmp_path / "empty cache")
    monkeypatch.setattr(guide, "_paths", lambda start: {})
    monkeypatch.setattr(online, "_fetch", refuse)
    loading.forget_tables()
    try:
        for registry, terms in {
            bt.CellType: [
                "B cell",
                "T cell",
                "CD8-positive, alpha-beta T cell",
                "hematopoietic stem cell",
                "hepatocyte",
            ],
            bt.Tissue: ["kidney", "liver", "heart", "brain", "lung", "blood"],
            bt.Disease: ["chronic kidney disease", "liver lymphoma", "cardiac ventricle disorder", "Alzheimer disease"],
            bt.ExperimentalFactor: ["single-cell RNA sequencing", "cell hashing", "Visium Spatial Gene Expression"],
            bt.Ethnicity: ["Chinese", "Singaporean Chinese", "Han Chinese", "South Asian"],
            bt.Organism: ["human", "mouse"],
            bt.CellLine: ["HEK293T"],
            bt.Phenotype: ["normal"],
            bt.DevelopmentalStage: ["adult stage"],
        }.items():
            records = registry.from_values(terms, mute=True).save()
            assert [record.name for record in records] == terms
        ids = [
            "ENSG00000153563",
            "ENSG00000010610",
            "ENSG00000170458",
            "ENSG00000004468",
            "ENSG00000139618",
            "ENSG00000157764",
        ]
        assert len(bt.Gene.from_values([*ids, "ENSG00000999999"], field="ensembl_gene_id", mute=True).save()) == 6
        assert bt.CellType.get(name="T cell").query_parents().count() == 9
        bt.Tissue.import_source()
        assert not bt.Source.get(entity="bionty.Tissue").in_db  # an extract is not the vocabulary
    finally:
        loading.forget_tables()


def test_the_guide_package_is_a_source(sqlite_bio, mirror) -> None:
    pytest.importorskip("cellxgene_ontology_guide")
    import bionty as bt
    from bionty import loading

    with_mirror = bt.CellType.public().to_dataframe()
    bt.settings.sources_mirror = None
    loading.forget_tables()
    from_guide = bt.CellType.public()
    assert from_guide._table.origin == "cellxgene-ontology-guide"
    frame = from_guide.to_dataframe()
    named = with_mirror[with_mirror.name != ""]  # terms without a name were merged: alternative ids
    assert list(frame.index) == list(named.index)
    assert (frame.name == named.name).all() and (frame.deprecated == named.deprecated).all()
    assert bt.CellType.standardize(["CL:0000044"], field="ontology_id", mute=True)[0] != "CL:0000044"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """A real web server that knows `Range`, on a folder; yields its URL, the folder, and the requests."""
    folder, seen = tmp_path / "web", []
    folder.mkdir()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = folder / self.path.lstrip("/")
            seen.append(f"{self.path} {self.headers.get('Range', '')}".strip())
            if not path.is_file():
                self.send_error(404)
                return
            content, start = path.read_bytes(), 0
            if self.headers.get("Range"):
                start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            self.wfile.write(content[start:])

        def log_message(self, *args) -> None:
            pass

    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}", folder, seen
    running.shutdown()


def test_a_file_is_downloaded_once_and_a_part_is_completed(sqlite_bio, server, ontologies: Path) -> None:
    import bionty as bt
    from bionty import loading
    from bionty.base import settings
    from bionty.sources import spec_of

    url, folder, seen = server
    content = gzip.decompress((ontologies / "obo" / "pw.7.96.obo.gz").read_bytes())
    (folder / "pw.obo").write_bytes(content)
    bt.settings.sources_mirror = None
    source = bt.Source(entity="bionty.Pathway", name="pw", organism="all", version="web", url=f"{url}/pw.obo").save()
    part = settings.datasetdir / f".ontology_{spec_of(source).stem}.obo.part"
    part.write_bytes(content[:100_000])  # what an earlier attempt left
    assert len(bt.Pathway.public(source=source)._table) == 2739
    assert seen == ["/pw.obo bytes=100000-"]
    loading.forget_tables()
    assert len(bt.Pathway.public(source=source)._table) == 2739  # from the cache
    assert len(seen) == 1
    path = loading.cache_path(spec_of(source))
    path.write_bytes(path.read_bytes()[:-100])  # damaged: made anew from the downloaded file
    loading.forget_tables()
    assert len(bt.Pathway.public(source=source)._table) == 2739
    assert len(seen) == 1
    missing = bt.Source(
        entity="bionty.Pathway", name="pw", organism="all", version="gone", url=f"{url}/gone.obo"
    ).save()
    with pytest.raises(ValueError, match=r"URL not found \(404\)"):
        bt.Pathway.public(source=missing)


def test_places_are_asked_in_the_documented_order(sqlite_bio, server, tmp_path: Path) -> None:
    import pandas as pd

    import bionty as bt
    from bionty import loading

    url, folder, seen = server
    own = {"entity": "bionty.Pathway", "name": "own", "organism": "all", "version": "1"}
    source = bt.Source(**own, url=f"{url}/official.parquet").save()

    def write(path: Path, name: str) -> None:
        path.parent.mkdir(exist_ok=True)
        pd.DataFrame({"ontology_id": ["OWN:1"], "name": [name]}).to_parquet(path)

    def read() -> str:
        loading.forget_tables()
        return bt.Pathway.public(source=source)._table.column("name")[0]

    write(folder / "official.parquet", "official")
    write(folder / "df_all__own__1__Pathway.parquet", "mirror url")
    write(tmp_path / "mirror" / "df_all__own__1__Pathway.parquet", "mirror folder")
    bt.settings.sources_mirror = url
    assert read() == "mirror url" and seen == ["/df_all__own__1__Pathway.parquet"]
    bt.Pathway.public(source=source).clear_cache()
    bt.settings.sources_mirror = None
    assert read() == "official" and seen[1:] == ["/official.parquet"]
    bt.settings.sources_mirror = url
    assert read() == "official" and len(seen) == 2  # the cache
    bt.settings.sources_mirror = tmp_path / "mirror"
    assert read() == "mirror folder"
    write(tmp_path / "file.parquet", "own file")
    source.url = (tmp_path / "file.parquet").as_uri()
    assert read() == "own file" and len(seen) == 2


def test_retired_gene_ids_lead_to_current_ones(sqlite_bio, tmp_path: Path) -> None:
    import pandas as pd

    import bionty as bt

    table = pd.DataFrame(
        {
            "ensembl_gene_id": ["ENSG00000000001", "ENSG00000000002", "ENSG00000000003"],
            "symbol": ["A", "B", "C"],
            "retired_ids": ["ENSG00000000011|ENSG00000000012", "ENSG00000000012", None],
        }
    )
    table.to_parquet(tmp_path / "df_human__ensembl__release-1__Gene.parquet")
    bt.settings.sources_mirror = tmp_path
    genes = bt.base.Gene(organism="human", version="release-1")
    mapped, ambiguous, unmapped = genes.map_legacy_ids(["ENSG00000000011", "ENSG00000000012", "ENSG00000000099"])
    assert mapped == {"ENSG00000000011": "ENSG00000000001"}
    assert ambiguous == {"ENSG00000000012": ["ENSG00000000001", "ENSG00000000002"]}
    assert unmapped == ["ENSG00000000099"]


def test_the_graph_of_an_ontology_is_given_by_pronto(sqlite_bio, tmp_path: Path, monkeypatch) -> None:
    pytest.importorskip("pronto")
    import bionty as bt

    text = (
        "format-version: 1.2\nontology: uberon\n\n[Term]\nid: UBERON:1\nname: body\n\n[Term]\nid: UBERON:2\nname: arm\n"
    )
    text += "relationship: part_of UBERON:1\n\n[Term]\nid: CL:1\nname: cell\n\n[Typedef]\nid: part_of\nname: part of\n"
    (tmp_path / "uberon.2020-01-01.obo").write_text(text)
    bt.settings.sources_mirror = tmp_path
    graph = bt.base.Tissue(version="2020-01-01").to_pronto()
    assert {term.id for term in graph.terms()} == {"UBERON:1", "UBERON:2", "CL:1"}
    assert list(graph.to_df().index) == ["UBERON:1", "UBERON:2", "CL:1"]
    frame = graph.to_df(source="uberon", include_rel="part_of", include_id_prefixes={"uberon": ["UBERON:"]})
    assert list(frame.index) == ["UBERON:1", "UBERON:2"] and frame.loc["UBERON:2"].parents == ["UBERON:1"]
    assert bt.base.Gene(organism="human").to_pronto() is None
    monkeypatch.setitem(sys.modules, "pronto", None)
    with pytest.raises(ImportError, match=r"pip install 'bionty\[pronto\]'"):
        bt.base.Tissue(version="2020-01-01").to_pronto()


def test_a_corrupt_file_is_named(sqlite_bio, tmp_path: Path) -> None:
    import bionty as bt

    for name, content in (("a.obo", "no ontology at all\n"), ("b.owl", "<rdf:RDF"), ("c.json", "{}"), ("d.obo.gz", "")):
        path = tmp_path / name
        path.write_bytes(gzip.compress(b"[Term]\nid: X:1\n")[:-9] if name.endswith("gz") else content.encode())
        with pytest.raises(ValueError, match="Corrupted ontology file"):
            bt.CellType.add_source(str(path), version="1")
    assert bt.Source.filter(dataframe_artifact__isnull=False).count() == 0


def test_sources_are_synchronised_with_the_manifest(bio) -> None:
    import bionty as bt

    bt.Source.get(entity="bionty.Tissue", name="uberon").delete()
    stale = bt.Source.get(entity="bionty.CellType", name="cl")
    stale.url = "http://stale"
    stale.save()
    bt.core.sync_public_sources()
    assert bt.Source.filter().count() == 43
    assert bt.Source.get(stale.uid).url.endswith("/cl.owl")


def test_gene_tables_can_be_registered_from_the_public_classes(sqlite_bio, mirror, caplog) -> None:
    import bionty as bt

    gene = bt.base.Gene(organism="rat", version="release-114")
    gene.register_source_in_lamindb()
    source = bt.Source.get(entity="bionty.Gene", organism="rat")
    assert source.version == "release-114" and source.dataframe_artifact is not None
    gene.register_source_in_lamindb()
    assert "source already exists!" in caplog.text and bt.Gene.from_source(symbol="Brca2", organism="rat")
    with pytest.raises(NotImplementedError):
        gene.map_legacy_ids(["ENSRNOG1"])


def test_curators_attach_tables_and_files_to_sources(sqlite_bio, tmp_path: Path, caplog) -> None:
    import pandas as pd

    import bionty as bt
    from bionty.core._source import register_source_in_bionty_assets as register

    source = bt.Source(entity="bionty.CellType", name="own", organism="all", version="1").save()
    table = pd.DataFrame({"ontology_id": ["OWN:1", "OWN:2"], "name": ["one", "two"], "parents": [[], ["OWN:1"]]})
    table.to_parquet(tmp_path / "table.parquet")
    with pytest.raises(AssertionError, match="df_all__own__1__CellType.parquet"):
        register(tmp_path / "table.parquet", source)
    path = tmp_path / "df_all__own__1__CellType.parquet"
    table.to_parquet(path)
    artifact = register(path, source)
    assert bt.Source.get(source.uid).dataframe_artifact == artifact and artifact.kind == "__lamindb_run__"
    assert register(path, source) == artifact and "pass update=True" in caplog.text
    table.iloc[:1].to_parquet(path)
    assert register(path, source, update=True).uid == f"{artifact.uid[:-4]}0001"
    (tmp_path / "notes.txt").write_text("notes")
    register(tmp_path / "notes.txt", source, is_dataframe=False)
    assert source.artifacts.one().key == "notes.txt"
    drugs = bt.Source.get(name="chebi")
    with pytest.raises(ValueError, match="has to name its module"):
        register(tmp_path / "notes.txt", drugs, is_dataframe=False)
    assert register(tmp_path / "notes.txt", drugs, is_dataframe=False, assert_entity=False).key == "notes.txt"
    import lamindb as ln

    assert len(ln.Artifact.to_dataframe()) == 0  # tables of vocabularies are not listed among data


def test_the_newest_version_becomes_current_on_request(sqlite_bio) -> None:
    import bionty as bt

    bt.Source(entity="bionty.Tissue", name="uberon", organism="all", version="2020-01-01", currently_used=True).save()
    bt.core.sync_public_sources()
    assert bt.Source.get(entity="bionty.Tissue", currently_used=True).version == "2020-01-01"
    bt.core.sync_public_sources(update_currently_used=True)
    assert bt.Source.get(entity="bionty.Tissue", currently_used=True).version == "2026-04-01"


def test_sources_that_can_not_be_added_leave_nothing_behind(sqlite_bio) -> None:
    import pandas as pd

    import bionty as bt

    before = bt.Source.filter().count()
    with pytest.raises(TypeError, match="df takes a data frame"):
        bt.CellType.add_source("own", version="1", df=[1])
    with pytest.raises(ValueError, match="no 'name' or 'ontology_id'"):
        bt.CellType.add_source("own", version="1", df=pd.DataFrame({"a": [1]}))
    with pytest.raises(ValueError, match="the version of 'own' is not known"):
        bt.CellType.add_source("own", df=pd.DataFrame({"name": ["a"]}))
    with pytest.raises(ValueError, match=r"only a packaged extract of \d+ terms, which is not kept.*\(4\)"):
        bt.CellType.add_source("cl", version="1900-01-01")
    assert bt.Source.filter().count() == before
    bt.CellType.add_source("cl", version="2025-04-10", df=pd.DataFrame({"name": ["a"]}))
    with pytest.raises(ValueError, match="multiple existing sources found in the database .*please specify `version`"):
        bt.CellType.add_source("cl")
    genes = pd.DataFrame({"ensembl_gene_id": ["ENSG1", "ENSG2"], "biotype": ["x", "y"]})
    bt.Gene.import_source(bt.Gene.add_source("own", version="1", df=genes, organism="human"))
    assert bt.Gene.get(ensembl_gene_id="ENSG2").biotype == "y"  # genes without symbols are records, too


def test_genes_are_updated_by_the_identifier_that_their_table_has(bio) -> None:
    import pandas as pd

    import bionty as bt

    yeast = {"organism": "saccharomyces cerevisiae"}
    human = {"organism": "human"}
    tables = {
        ("1", "human"): pd.DataFrame({"ensembl_gene_id": ["ENSG1", "ENSG2"], "symbol": ["A", "B"]}),
        ("2", "human"): pd.DataFrame({"ensembl_gene_id": ["ENSG1", "ENSG3"], "symbol": ["A2", "C"]}),
        ("1", "yeast"): pd.DataFrame({"stable_id": ["YAL001C", "YAL002W"], "symbol": ["TFC3", "VPS8"]}),
        ("2", "yeast"): pd.DataFrame({"stable_id": ["YAL001C"], "symbol": ["TFC3x"]}),
    }
    for (version, name), table in tables.items():
        scope = yeast if name == "yeast" else human
        source = bt.Gene.add_source("own", version=version, df=table, **scope)
        bt.Gene.import_source(source, update_records=version == "2")
    found = bt.Gene.filter().order_by("id").values_list("symbol", "source__version")
    assert list(found) == [("A2", "2"), ("B", "1"), ("C", "2"), ("TFC3x", "2"), ("VPS8", "1")]
    assert bt.Gene.get(symbol="VPS8").is_obsolete and not bt.Gene.get(symbol="TFC3x").is_obsolete
    assert bt.Gene.from_values(["YAL001C"], field=bt.Gene.stable_id, **yeast).one().symbol == "TFC3x"
    without = bt.Gene.add_source("own", version="3", df=pd.DataFrame({"symbol": ["Q"]}), **yeast)
    with pytest.raises(ValueError, match="needs a column ensembl_gene_id or stable_id"):
        bt.Gene.import_source(without, update_records=True)


def test_vocabularies_without_synonyms_and_parents_are_vocabularies(sqlite_bio) -> None:
    import pandas as pd

    import bionty as bt

    source = bt.Phenotype.add_source("plain", df=pd.DataFrame({"name": ["tall", "small"]}), version="1")
    assert bt.Phenotype.standardize(["Tall", "big"], source=source, mute=True) == ["tall", "big"]
    assert bt.Phenotype.inspect(["Tall", "small"], source=source, mute=True).non_validated == ["Tall", "small"]
    records = bt.Phenotype.from_values(["TALL", "small", "big"], source=source, mute=True).save()
    assert [(one.name, one.ontology_id, one.parents.count()) for one in records] == [
        ("tall", None, 0),
        ("small", None, 0),
    ]
    bt.Phenotype.import_source(source)
    assert bt.Phenotype.filter().count() == 2 and bt.Phenotype.get(name="tall").source == source
    public = bt.Phenotype.public(source=source)
    assert public.search("tal").name.tolist() == ["tall"] and public.lookup().small.name == "small"
    assert repr(public).startswith("PublicOntology\nEntity: StaticReference\n")


def test_genes_of_every_kind_of_identifier_are_rows_of_their_own(sqlite_bio) -> None:
    import pandas as pd

    import bionty as bt

    rows = [
        ("ENSG1", "A", "1"),
        ("ENSG1", "A", "2"),
        ("Y1", "B", "3"),
        ("Y2", "C", None),
        (None, "D", "5"),
        (None, "E", "6"),
    ]
    table = pd.DataFrame(rows, columns=["ensembl_gene_id", "symbol", "ncbi_gene_id"])
    bt.Gene.import_source(bt.Gene.add_source("mixed", df=table, version="1", organism="human"))
    found = bt.Gene.filter().order_by("symbol").values_list("symbol", "ensembl_gene_id", "stable_id", "ncbi_gene_ids")
    assert list(found) == [
        ("A", "ENSG1", None, "1|2"), ("B", None, "Y1", "3"), ("C", None, "Y2", None), ("D", None, None, "5"), ("E", None, None, "6"),
    ]  # fmt: skip
    again = bt.Gene.from_values(["A", "B", "D"], organism="human")
    assert [gene.ncbi_gene_ids for gene in again] == ["1|2", "3", "5"]
