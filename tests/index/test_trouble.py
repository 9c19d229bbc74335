"""
An Elasticsearch in trouble: every item's answer is acted on, and nothing is lost.
"""

from __future__ import annotations

import pytest
import structlog
from structlog.testing import capture_logs

from pipeline.clock import SystemClock
from pipeline.errors import IncompatibleError, StoreError
from pipeline.index.elastic.index import open_elastic_index
from pipeline.index.index import index as index_step
from pipeline.ledger.ledger import open_ledger
from pipeline.records import Outcome, Stage
from tests.index.documents import document
from tests.index.node import Node
from tests.ledger.desk import Desk, article, entry, key

ONE, TWO = document(1, "خبر"), document(2, "خبر")  # news


@pytest.fixture
def node():
    with Node() as running:
        yield running


@pytest.fixture
def index(node):
    opened = open_elastic_index(node.url)
    yield opened
    opened.close()


@pytest.fixture
def desk(tmp_path):
    """A ledger in which two articles wait for the index."""
    with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite") as ledger:
        desk = Desk(ledger)
        desk.list(entry("dam"), entry("oil"))
        desk.fetch()
        desk.read(article("dam"), article("oil"))
        desk.detect()
        yield desk


def sent(desk, index):
    return index_step(desk.ledger, index, clock=SystemClock(), worker="w")


def test_an_item_the_node_has_no_room_for_is_sent_again(node, index):
    """
    429 for one document costs another request with that document alone.
    """
    node.answers(TWO.document_id, 429)

    refused = index.add([ONE, TWO])

    assert {} == refused
    assert {ONE.document_id, TWO.document_id} == set(node.documents)
    assert [[ONE.document_id, TWO.document_id], [TWO.document_id]] == node.bulks


def test_an_item_whose_newer_version_is_there_is_a_success(node, index):
    """
    409 means that somebody was faster with something newer.
    """
    node.answers(TWO.document_id, 409)

    assert {} == index.add([ONE, TWO])


def test_a_refused_document_ends_with_its_reason(node, index, desk):
    """
    400 ends the entry as `refused`, with what the node said; its neighbour is indexed.
    """
    node.answers(key("dam"), 400)

    counts = sent(desk, index)

    assert {"indexed": 1, "refused": 1} == counts
    assert (Outcome.REFUSED, "failed to parse: odd") == (desk.story("dam").outcome, desk.story("dam").reason)
    assert Outcome.INDEXED is desk.story("oil").outcome


@pytest.fixture
def logged():
    """What is logged, at whatever level an earlier test in this process has left the log."""
    before = structlog.get_config()
    structlog.reset_defaults()
    with capture_logs() as lines:
        yield lines
    structlog.configure(**before)


def test_a_document_refused_by_a_rebuild_is_told(node, index, logged):
    """
    The rebuild goes on without it, and the log says which one is missing and why.
    """
    node.answers(TWO.document_id, 400)

    assert 1 == index.rebuild([[ONE, TWO]], lambda _: None)

    assert [("left_out_of_rebuild", TWO.document_id, "failed to parse: odd")] == [
        (line["event"], line["document_id"], line["reason"]) for line in logged
    ]


def test_what_a_step_indexed_is_found_when_it_is_done(node, index, desk):
    """
    The step asks for it once, at its end; where nothing was indexed it asks for nothing.
    """
    sent(desk, index)
    sent(desk, index)

    assert 1 == node.refreshes


def test_the_next_documents_are_analysed_while_the_node_is_at_work(node, index):
    """
    A batch goes in several requests, one after the other; an error in any of them is the batch's.
    """
    documents = [document(number, "خبر") for number in range(1, 251)]

    assert {} == index.add(documents)
    assert [100, 100, 50] == [len(ids) for ids in node.bulks]

    node.answers(documents[120].document_id, 503)
    with pytest.raises(StoreError, match="503"):
        index.add(documents)


@pytest.mark.parametrize("status", [429, 503])
def test_a_node_that_is_busy_for_a_moment_is_asked_again(node, index, desk, status):
    """
    A whole request that fails for a passing reason is sent again.
    """
    node.fails(status)

    assert {"indexed": 2, "refused": 0} == sent(desk, index)


def test_a_node_that_stays_unavailable_loses_nothing(node, index, desk):
    """
    The step ends with what to check; what it claimed waits as before, and the next run brings it.
    """
    node.fails(*[503] * 40)
    for _ in range(4):  # more often than an entry may die
        with pytest.raises(StoreError, match=node.url):
            sent(desk, index)
    assert (None, Stage.INDEX) == desk.state("dam")

    node.fails()

    assert {"indexed": 2, "refused": 0} == sent(desk, index)


def test_an_item_that_cannot_be_written_now_stops_the_step(node, index, desk):
    """
    A shard that is away is not the document's fault: nothing is refused, all of it comes again.
    """
    node.answers(key("dam"), 503)

    with pytest.raises(StoreError, match="503: primary shard is not active"):
        sent(desk, index)

    assert {"indexed": 2, "refused": 0} == sent(desk, index)


@pytest.mark.parametrize(
    ("server", "told"),
    [
        ({"version": "8.19.2"}, r"is Elasticsearch 8\.19\.2; version 9 or later is needed"),
        ({"version": "8.19.2", "is_strict": True}, "does not speak to a client of version 9"),
        ({"product": ""}, "is not Elasticsearch 9 or later; RASD_ELASTICSEARCH_URL"),
        ({"product": "OpenSearch"}, "is not Elasticsearch 9 or later; RASD_ELASTICSEARCH_URL"),
    ],
)
def test_another_server_is_told_before_any_work(server, told):
    """
    Too old, or no Elasticsearch at all: one line with the address.
    """
    with Node(**server) as node:
        index = open_elastic_index(node.url)

        with pytest.raises(IncompatibleError, match=told):
            index.check()
        index.close()
