"""The search index for very big tables on PostgreSQL: the same results for selective strings, the best first for common ones."""

from __future__ import annotations

import pytest
from django.db import connection

import lamindb as ln
from lamindb.query import search_index


@pytest.fixture
def indexed(instance):
    if connection.vendor != "postgresql":
        with pytest.raises(ValueError, match="is for PostgreSQL"):
            search_index.build_search_index(ln.ULabel)
        search_index.drop_search_index(ln.ULabel)
        return
    made = [
        ln.ULabel(name=f"common {number:04} émile", description="É|x" if number % 50 == 0 else None)
        for number in range(450)
    ]
    made += [ln.ULabel(name="a common ending"), ln.ULabel(name="common"), ln.ULabel(name="Common gone", branch_id=-1)]
    ln.ULabel.objects.bulk_create(made)


def test_results_are_the_same_with_and_without(indexed):
    if connection.vendor != "postgresql":
        return
    strings = ["0123", "COMMON 0007", "Émile", "ending", "nothing", "é", "n e", "0%", "|x", "gone"]

    def found():
        return {string: ln.ULabel.search(string, limit=10).to_list("name") for string in strings}

    before = found()
    search_index.build_search_index(ln.ULabel)
    search_index.build_search_index(ln.ULabel)
    assert search_index.has_search_index(connection, ln.ULabel)
    assert "lamin_trigrams" in _sql(ln.ULabel.search("0123"))
    for string in ("0123", "COMMON 0007", "ending", "nothing", "n e", "0%", "|x", "gone"):
        assert ln.ULabel.search(string, limit=10).to_list("name") == before[string]
    assert ln.ULabel.search("common")[0].name == "common"
    assert len(ln.ULabel.search("common")) == 20
    assert ln.ULabel.search("common ending").to_list("name") == ["a common ending"]
    assert ln.ULabel.search("gone").to_list() == []
    search_index.drop_search_index(ln.ULabel)
    assert not search_index.has_search_index(connection, ln.ULabel)
    assert found() == before


def test_other_conditions_never_lose_records_to_the_index(indexed):
    if connection.vendor != "postgresql":
        return
    search_index.build_search_index(ln.ULabel)
    last = ln.ULabel.filter(name__startswith="common 044")
    assert len(last.search("common", limit=None)) == 10
    assert len(ln.ULabel.filter(branch=None).search("common", limit=None)) == 453


def _sql(queryset):
    from django.db.models.sql.compiler import SQLCompiler

    compiler: SQLCompiler = queryset.query.get_compiler("default")
    return compiler.as_sql()[0]
