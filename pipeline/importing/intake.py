"""
A file into the ledger: articles wait for detection, pages for extraction, like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import structlog

from pipeline.arabic.language import language_of
from pipeline.collect.answer import Answer
from pipeline.collect.archive import StoredResponse, WarcArchive, read_responses
from pipeline.collect.urls import article_id, canonical_url
from pipeline.errors import ImportLineError, UnreachableError
from pipeline.importing.outlets import outlet_id_of_url
from pipeline.importing.records import read_articles
from pipeline.ledger.ledger import Ledger
from pipeline.records import Article, FeedEntry
from pipeline.work import ImportedPage

log = structlog.get_logger()

#: Records of one transaction.
BATCH = 500
#: A text's language shows in its beginning.
_TOLD_BY_CHARS = 1_500
_WARC_ENDINGS = (".warc", ".warc.gz")

T = TypeVar("T")


def import_file(
    path: Path, ledger: Ledger, archive: WarcArchive, *, now: datetime, progress: Callable[[int], None]
) -> dict[str, int]:
    """Take a file in: JSON lines (plain, .gz, .xz) or WARC.

    A wrong line is logged with file, line and what would be right, and counted as `wrong`; a text
    in another language is counted as `not_arabic` and is not kept.

    Args:
        progress: told now and then how many records were read.

    Raises:
        ImportLineError: the file cannot be opened, or breaks off; what stood before is kept.
    """
    if path.name.endswith(_WARC_ENDINGS):
        return _import_pages(path, ledger, archive, now=now, progress=progress)
    counts: Counter[str] = Counter()
    for batch in _batches(read_articles(path, now=now)):
        counts["read"] += len(batch)
        ledger_counts = ledger.import_articles(list(_arabic(batch, counts)), now=now)
        counts.update(ledger_counts)
        progress(counts["read"])
    return dict(counts)


def _arabic(batch: Iterable[Article | ImportLineError], counts: Counter[str]) -> Iterator[Article]:
    for found in batch:
        if isinstance(found, ImportLineError):
            counts["wrong"] += 1
            log.warning("import_line", reason=str(found))
        elif language_of(f"{found.title}\n{found.body[:_TOLD_BY_CHARS]}") != "ar":
            counts["not_arabic"] += 1
        else:
            yield found


def _import_pages(
    path: Path, ledger: Ledger, archive: WarcArchive, *, now: datetime, progress: Callable[[int], None]
) -> dict[str, int]:
    counts: Counter[str] = Counter()
    try:
        for batch in _batches(read_responses(path)):
            counts["read"] += len(batch)
            counts.update(ledger.import_entries([_page(found, archive) for found in batch], now=now))
            progress(counts["read"])
    except UnreachableError as error:
        raise ImportLineError(f"{path}: {error.reason}; what stood before is kept") from error
    return dict(counts)


def _page(found: StoredResponse, archive: WarcArchive) -> ImportedPage:
    answer = Answer(
        requested_url=found.url,
        final_url=found.url,
        status=found.status,
        headers=found.headers,
        body=found.body,
    )
    canonical = canonical_url(found.url)
    entry = FeedEntry(
        entry_id=article_id(canonical),
        outlet_id=outlet_id_of_url(found.url),
        feed_url="",
        url=found.url,
        canonical_url=canonical,
    )
    return ImportedPage(
        entry=entry,
        page=archive.write(answer, fetched_at=found.fetched_at, about={"importedFrom": "warc"}),
        final_url=found.url,
        fetched_at=found.fetched_at,
    )


def _batches(found: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(found, BATCH)):
        yield batch
