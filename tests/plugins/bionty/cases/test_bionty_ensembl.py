"""Gene tables of organisms without a prepared one, from a database with the tables of Ensembl: a real MariaDB server, filled by the test."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pymysql = pytest.importorskip("pymysql")
_SERVER, _INSTALLER = (
    shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/bin") for name in ("mariadbd", "mariadb-install-db")
)
pytestmark = pytest.mark.skipif(not (_SERVER and _INSTALLER), reason="there is no MariaDB server on this machine")
_DATABASE = "danio_rerio_core_1_11"
#: The columns that are asked for, with the types that Ensembl's core schema gives them.
_TABLES = """
CREATE TABLE gene (gene_id INT UNSIGNED PRIMARY KEY, biotype VARCHAR(40), display_xref_id INT UNSIGNED, description TEXT, is_current TINYINT,
                   stable_id VARCHAR(128));
CREATE TABLE xref (xref_id INT UNSIGNED PRIMARY KEY, external_db_id INT UNSIGNED, dbprimary_acc VARCHAR(512), display_label VARCHAR(512));
CREATE TABLE external_synonym (xref_id INT UNSIGNED, synonym VARCHAR(100));
CREATE TABLE external_db (external_db_id INT UNSIGNED PRIMARY KEY, db_name VARCHAR(100));
CREATE TABLE object_xref (object_xref_id INT UNSIGNED PRIMARY KEY, ensembl_id INT UNSIGNED,
                          ensembl_object_type ENUM('RawContig','Transcript','Gene','Translation'), xref_id INT UNSIGNED);
INSERT INTO external_db VALUES (1, 'ZFIN_ID'), (2, 'EntrezGene');
INSERT INTO xref VALUES (11, 1, 'ZDB-1', 'brca2'), (12, 1, 'ZDB-2', 'größe1'), (21, 2, '100', 'brca2'), (22, 2, '101', 'brca2'), (23, 2, '999', 'other');
INSERT INTO external_synonym VALUES (11, 'fancd1'), (11, 'brca-2');
INSERT INTO gene VALUES (1, 'protein_coding', 11, 'DNA repair [Source:ZFIN;Acc:ZDB-1]', 1, 'ENSDARG00000000002'),
                        (2, 'lncRNA', 12, NULL, 1, 'ENSDARG00000000001'), (3, 'lncRNA', NULL, 'unnamed', 1, 'OTHER1'),
                        (4, 'lncRNA', 12, 'no longer there', 0, 'ENSDARG00000000004');
INSERT INTO object_xref VALUES (1, 1, 'Gene', 21), (2, 1, 'Gene', 22), (3, 2, 'Transcript', 23), (4, 1, 'Gene', 11);
"""


@pytest.fixture(scope="module")
def ensembl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Yield the port of a server that has one core database, which anybody may read."""
    folder = tmp_path_factory.mktemp("mariadb")
    common = ["--no-defaults", f"--datadir={folder / 'data'}", f"--user={getpass.getuser()}"]
    options = ["--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run([str(_INSTALLER), *common, *options], check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = [
        f"--socket={folder / 's'}",
        f"--pid-file={folder / 'pid'}",
        f"--port={port}",
        "--bind-address=127.0.0.1",
        "--innodb-flush-log-at-trx-commit=0",
    ]
    server = subprocess.Popen([str(_SERVER), *common, *own], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                connection = pymysql.connect(unix_socket=str(folder / "s"), user="root", charset="utf8mb4")
                break
            except pymysql.MySQLError:
                time.sleep(0.05)
        with connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {_DATABASE} CHARACTER SET utf8mb4")
            cursor.execute("CREATE USER anonymous@'%'")
            cursor.execute(f"GRANT SELECT ON {_DATABASE}.* TO anonymous@'%'")
            cursor.execute(f"USE {_DATABASE}")
            for statement in _TABLES.strip().removesuffix(";").split(";\n"):
                cursor.execute(statement)
            connection.commit()
        yield port
    finally:
        server.terminate()
        server.wait(20)


def test_genes_without_a_prepared_table_come_from_the_database_of_ensembl(
    sqlite_bio: Any, ensembl: int, tmp_path: Path, monkeypatch: Any, caplog: Any
) -> None:
    import bionty as bt
    from bionty import genes

    monkeypatch.setattr(genes, "_HOST", "127.0.0.1")
    monkeypatch.setattr(genes, "_PORTS", {"vertebrates": ensembl})
    species = (
        "#name\tspecies\tdivision\ttaxonomy_id\tcore_db\nZebrafish\tdanio_rerio\tEnsemblVertebrates\t7955\t" + _DATABASE
    )
    (tmp_path / "species_EnsemblVertebrates.txt").write_text(f"{species}\n")
    bt.settings.sources_mirror = tmp_path
    public = bt.base.Gene(organism="zebrafish", version="release-1")
    rows = public.to_dataframe().astype(object).where(lambda frame: frame.notna(), None).to_dict("records")
    assert [row["ensembl_gene_id"] for row in rows] == ["ENSDARG00000000001", "ENSDARG00000000002", None]
    brca2 = rows[1]
    assert (brca2["symbol"], brca2["biotype"], brca2["description"]) == ("brca2", "protein_coding", "DNA repair")
    assert set(brca2["synonyms"].split("|")) == {"fancd1", "brca-2"} and brca2["ncbi_gene_ids"] == "100|101"
    assert rows[0]["symbol"] == "größe1" and rows[0]["ncbi_gene_ids"] is None and rows[2]["stable_id"] == "OTHER1"
    assert "1 gene has several" in caplog.text and "1 identifier" in caplog.text
    public.register_source_in_lamindb()
    bt.Gene.import_source(bt.Source.get(entity="bionty.Gene", organism="zebrafish"))
    assert bt.Gene.filter().count() == 3 and bt.Gene.get(symbol="brca2").organism.scientific_name == "Danio rerio"
    with pytest.raises(ValueError, match="is no name of a database"):
        genes.fetch("a; DROP TABLE gene")
    from bionty.errors import SourceUnavailable

    with pytest.raises(SourceUnavailable, match="no_such_core_1 on 127.0.0.1 can't be read"):
        genes.fetch("no_such_core_1")
