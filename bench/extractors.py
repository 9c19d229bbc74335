"""The extractors that are compared, each as a function from a page to its text."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import trafilatura
import trafilatura.meta
from lxml.html import fromstring
from readability import Document

from pipeline.extract.fit import Use
from pipeline.extract.layout import agreed
from pipeline.extract.phrases import plain
from pipeline.extract.read import read_article
from pipeline.records import FeedEntry, PageRef
from pipeline.work import PendingExtraction
from tests.pages.generated import GeneratedPage

Extractor = Callable[[GeneratedPage], str]
_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def others() -> Iterator[tuple[str, Extractor]]:
    """Everybody else, by name."""
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    yield "trafilatura, with metadata", lambda page: _trafilatura(page, with_metadata=True)
    yield (
        "trafilatura, precision, no comments",
        lambda page: _trafilatura(page, favor_precision=True, include_comments=False),
    )
    yield "newspaper4k, Arabic", _newspaper
    yield "readability", _readability


def rasd(page: GeneratedPage) -> str:
    """Ours, without a template."""
    return _read(page, use=None)


def learnt(pages: Sequence[GeneratedPage]) -> Extractor:
    """Ours, with the template some pages teach."""
    layout = agreed([seen for page in pages if (seen := read_article(**_asked(page)).seen)])
    if layout is None:
        raise SystemExit("the pages of a layout do not agree on it")
    use = Use(version=1, layout=layout.stored())
    return lambda page: _read(page, use)


def _read(page: GeneratedPage, use: Use | None) -> str:
    article = read_article(**_asked(page), use=use).article
    return article.body if article else ""


def forget() -> None:
    """Let all of them forget the pages they have seen: in life each comes once."""
    trafilatura.meta.reset_caches()
    plain.cache_clear()


def _asked(page: GeneratedPage) -> dict[str, Any]:
    url = page.gold["url"]
    entry = FeedEntry(entry_id="0" * 32, outlet_id="bench", feed_url="", url=url, canonical_url=url)
    pending = PendingExtraction(
        entry=entry,
        first_seen_at=_NOW,
        page=PageRef(file="", offset=0, length_bytes=0),
        final_url=url,
        fetched_at=_NOW,
        page_outcome="",
    )
    return {"pending": pending, "body": page.body, "content_type": "text/html", "outlet": None, "now": _NOW}


def _trafilatura(page: GeneratedPage, **settings: Any) -> str:
    found = trafilatura.bare_extraction(page.body, **settings)
    return str(getattr(found, "text", "") or "")


def _newspaper(page: GeneratedPage) -> str:
    with warnings.catch_warnings(action="ignore"):  # it misses a library it does not need here
        from newspaper import Article as NewspaperArticle
    article = NewspaperArticle("https://news.example/a", language="ar", fetch_images=False)
    article.download(input_html=page.body.decode("utf-8", "replace"))
    article.parse()
    return str(article.text)


def _readability(page: GeneratedPage) -> str:
    fragment = Document(page.body.decode("utf-8", "replace")).summary(html_partial=True)
    return "\n".join(text.strip() for text in fromstring(fragment).itertext() if text.strip())
