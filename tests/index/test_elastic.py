"""
What only Elasticsearch has: documents it refuses, and keys.
"""

from __future__ import annotations

import time
from collections import Counter

import pytest

from pipeline.errors import StoreError
from pipeline.index.elastic.client import Client
from pipeline.index.elastic.index import open_elastic_index
from pipeline.index.elastic.keys import create_keys
from tests.index.documents import document
from tests.services.elasticsearch import PASSWORD, running_elasticsearch


@pytest.mark.elasticsearch
def test_a_document_the_mapping_refuses_is_named_and_its_neighbours_are_written(elasticsearch_url):
    """
    A 400 for one document is a value with its reason; the others are indexed.
    """
    index = open_elastic_index(elasticsearch_url, prefix="refusing")
    index.check()
    good, bad = document(1, "خبر"), document(2, "خبر", outlet="x" * 40_000)

    refused = index.add([good, bad])
    index.refresh()

    assert [bad.document_id] == list(refused)
    assert "immense" in refused[bad.document_id] or "32766" in refused[bad.document_id]
    assert [good.document_id] == list(index.ids())
    index.close()


@pytest.mark.elasticsearch
def test_an_archives_index_holds_a_year_and_expires_with_it(elasticsearch_url):
    """
    A hundred small indices would cost every search more than what is in them: old months share a year's.
    """
    index = open_elastic_index(elasticsearch_url, prefix="yearly")
    index.check()
    days = {"2024-05": -660, "2025-02": -390, "2025-11": -110, "2026-03": 0}
    written = [document(number, "خبر", day=day) for number, day in enumerate(days.values())]
    assert list(days) == [each.month for each in written]

    index.add(written)
    index.refresh()

    client = Client(elasticsearch_url)
    assert {"yearly-1-2024", "yearly-1-2025", "yearly-1-2026-03"} == client.indices("yearly-*").keys()
    assert [1, 0, 1, 0] == [
        index.delete_months_before(month) for month in ("2025-01", "2025-12", "2026-01", "2026-03")
    ]
    assert [written[-1].document_id] == list(index.ids())
    index.close()
    client.close()


def segments_of(client, pattern):
    """How many segments each index of a pattern has."""
    told = client._elastic.cat.segments(index=pattern, h=["index"], format="json")
    return Counter(segment["index"] for segment in told)


@pytest.mark.elasticsearch
def test_months_gone_by_are_merged_and_the_present_one_is_let_be(elasticsearch_url):
    """
    Each refresh leaves a segment that every search has to look into.
    """
    index = open_elastic_index(elasticsearch_url, prefix="merged")
    index.check()
    for number in range(1, 4):
        index.add([document(number, "خبر"), document(10 + number, "خبر", day=-30)])
        index.refresh()

    index.compact_months_before("2026-03")

    client = Client(elasticsearch_url)
    deadline = time.monotonic() + 30
    while segments_of(client, "merged-*")["merged-1-2026-01"] > 1 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert {"merged-1-2026-01": 1, "merged-1-2026-03": 3} == segments_of(client, "merged-*")
    assert 6 == index.count()
    index.close()
    client.close()


@pytest.mark.elasticsearch
@pytest.mark.slow
def test_keys_can_do_their_work_and_nothing_else(elasticsearch_url):
    """
    On a node with security on, the ingest key writes, rebuilds and expires; the reader only reads.
    """
    with running_elasticsearch(security=True, heap="512m") as url:
        ingest, reader = create_keys(url, user="elastic", password=PASSWORD, ca_certs=None, prefix="rasd")
        writing, reading = open_elastic_index(url, api_key=ingest), open_elastic_index(url, api_key=reader)

        writing.check()
        writing.add([document(1, "خبر")])
        writing.refresh()

        assert 1 == reading.count()
        assert 1 == writing.rebuild([[document(1, "خبر")]], lambda _: None)
        with pytest.raises(StoreError, match="may not do this"):
            reading.add([document(2, "خبر")])
        with pytest.raises(StoreError, match="may not do this"):
            Client(url, api_key=ingest).create_index("other-1-2026-03", aliases=[])
        with pytest.raises(StoreError, match="not accepted"):
            open_elastic_index(url, api_key="bm9uZTpub25l").check()
        assert 1 == writing.delete_months_before("2026-04")
