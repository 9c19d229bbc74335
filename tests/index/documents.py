"""
Documents in a few words, and an index whose writes are searchable at once.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

from pipeline.answers import SearchRequest
from pipeline.records import Article, DateEvidence, DetectedArticle, IndexedDocument, TopicMatch

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def document(
    number,
    title,
    body="",
    *,
    version=1,
    day=0,
    topics=(),
    outlet="one",
    country="jo",
    dated=True,
    author="",
    at=None,
):
    at = at or START + day * DAY
    article = Article(
        article_id=f"{number:032x}",
        outlet_id=outlet,
        url=f"https://{outlet}.example/{number}",
        title=title,
        body=body,
        author=author,
        first_seen_at=at,
        date=DateEvidence(published_at=at, source="feed") if dated else None,
    )
    found = tuple(
        TopicMatch(topic_id=topic, topic_version="1", score=0.9, threshold=0.5, hits=()) for topic in topics
    )
    return IndexedDocument(
        detected=DetectedArticle(article=article, matches=found),
        document_version=version,
        revision=1,
        month=at.strftime("%Y-%m"),
        country=country,
        outlet_title=outlet.title(),
    )


class Searched:
    """An index whose writes are searchable at once, for the tests.

    `open_again` opens the same index once more, as another process would.
    """

    def __init__(self, index, open_again=None):
        self.index = index
        self._open_again = open_again

    def again(self):
        return closing(self._open_again())

    def add(self, *documents):
        refused = self.index.add(documents)
        self.index.refresh()
        return refused

    def refresh(self):
        self.index.refresh()

    def numbers(self, query="", **wanted):
        """Numbers of the documents found, in the order found."""
        page = self.index.search(SearchRequest(query=query, **wanted))
        return [int(hit.document_id, 16) for hit in page.hits]
