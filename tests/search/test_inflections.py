"""
Words find their other forms and not their look-alikes: 294 pairs, beside Elasticsearch's own Arabic.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.index.elastic.client import Client
from pipeline.index.elastic.index import open_elastic_index
from pipeline.search.query import read_query
from pipeline.search.reading import Read, matches
from pipeline.search.views import AnalysedField
from tests.index.documents import document

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


class Pair(NamedTuple):
    """A query word, and a text that has a form of it or only something like it."""

    kind: str
    word: str
    text: str
    english: str


PAIRS = [
    Pair(*line.split("\t"))
    for line in Path(__file__).with_name("inflections.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def found(pair):
    tree = read_query(pair.word, zone="UTC", now=NOW).tree
    fields = {name: AnalysedField(pair.text if name == "title" else "") for name in ("title", "body")}
    return matches(tree, Read(fields=fields, dated_at=NOW))


def shares(finds):
    """Of the forms and of the look-alikes, the share that is found."""
    kinds = [[finds(pair) for pair in PAIRS if pair.kind == kind] for kind in ("must", "mustnot")]
    return tuple(sum(each) / len(each) for each in kinds)


def test_nine_forms_in_ten_are_found_and_one_look_alike_in_twenty():
    """
    Over at least 150 pairs: 90 % of what must be found is, under 5 % of what must not.
    """
    forms, look_alikes = shares(found)

    assert len(PAIRS) >= 150
    assert forms >= 0.9, [pair for pair in PAIRS if pair.kind == "must" and not found(pair)]
    assert look_alikes < 0.05, [pair for pair in PAIRS if pair.kind == "mustnot" and found(pair)]


@pytest.mark.elasticsearch
def test_elasticsearchs_own_arabic_is_worse_on_both_sides(elasticsearch_url):
    """
    The same pairs by the stock `arabic` analyzer; the figures are printed side by side.
    """
    index, client = open_elastic_index(elasticsearch_url, prefix="inflections"), Client(elasticsearch_url)
    index.check()
    index.add([document(number, pair.text) for number, pair in enumerate(PAIRS)])
    index.refresh()

    def stock(pair):
        match = {"match": {"title": {"query": pair.word, "operator": "and"}}}
        only = {"ids": {"values": [document(PAIRS.index(pair), "").document_id]}}
        answer = client.search("inflections", {"query": {"bool": {"must": match, "filter": only}}})
        return bool(answer["hits"]["hits"])

    ours, theirs = shares(found), shares(stock)
    client.delete_indices(client.indices("inflections-*"))
    client.close()
    index.close()
    print(f"forms found, look-alikes found: ours {ours[0]:.1%}, {ours[1]:.1%}; ", end="")
    print(f"stock arabic {theirs[0]:.1%}, {theirs[1]:.1%}")

    assert ours[0] > theirs[0]
    assert ours[1] < theirs[1]
