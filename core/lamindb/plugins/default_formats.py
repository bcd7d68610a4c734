"""Plain formats that the core reads without another library: text, JSON, YAML, web pages and images; and what single libraries read."""

from __future__ import annotations

from collections.abc import Iterator

from lamindb.plugins.hookspecs import hookimpl
from lamindb.plugins.types import DataFormat


@hookimpl
def lamindb_data_formats() -> Iterator[DataFormat]:
    yield DataFormat(
        None,
        (".txt", ".md", ".fasta", ".fa", ".txt.gz", ".fasta.gz", ".fa.gz"),
        loader="lamindb.formats.plain_text:load_text",
    )
    yield DataFormat(None, (".json", ".vitessce.json", ".json.gz"), loader="lamindb.formats.json_files:load_json")
    yield DataFormat(None, (".yaml", ".yml", ".yaml.gz", ".yml.gz"), loader="lamindb.formats.yaml_files:load_yaml")
    yield DataFormat(None, (".html",), loader="lamindb.formats.pictures:load_html")
    yield DataFormat(None, (".svg",), loader="lamindb.formats.pictures:load_svg")
    yield DataFormat(None, (".jpg", ".jpeg", ".png", ".gif"), loader="lamindb.formats.pictures:load_image")
    yield DataFormat(None, (".fcs",), loader="lamindb.formats.fcs_files:load_fcs")
    yield DataFormat(None, (".rds",), loader="lamindb.formats.r_files:load_rds")
