"""
The examples of docs/query-language.md are true.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import QueryError
from pipeline.search.query import read_query
from pipeline.search.reading import Read, matches
from pipeline.search.views import AnalysedField

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "query-language.md").read_text(encoding="utf-8")


def rows(heading):
    """Rows of the table under a heading, the table's own head left out."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
    return [[cell.strip().strip("`").replace("\\|", "|") for cell in row] for row in cells]


def found(query, title):
    tree = read_query(query, zone="UTC", now=NOW).tree
    fields = {name: AnalysedField(title if name == "title" else "") for name in ("title", "body", "author")}
    return matches(tree, Read(fields=fields, dated_at=NOW))


@pytest.mark.parametrize(("query", "there", "absent"), rows("Words"))
def test_words_find_what_the_page_says(query, there, absent):
    """
    Each example finds the one text and not the other.
    """
    assert found(query, there)
    assert not found(query, absent)


@pytest.mark.parametrize("cell", [cell for row in rows("Fields") for cell in row])
def test_fields_are_read_as_the_page_writes_them(cell):
    """
    Every query the table of fields names is read.
    """
    for query in re.findall(r"[^`|]+", cell):
        if re.match(r"\w+:\S", query) and "…" not in query:
            assert read_query(query, zone="UTC", now=NOW).tree is not None


@pytest.mark.parametrize(("query", "answer"), rows("Errors and limits"))
def test_errors_say_what_the_page_says(query, answer):
    """
    An error names the column and a query that would be read.
    """
    with pytest.raises(QueryError) as refused:
        read_query(query, zone="UTC", now=NOW)

    assert answer == str(refused.value)
