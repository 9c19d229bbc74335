"""
A file into the ledger: articles wait for detection, pages for extraction, like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from pipeline.importing.files import is_warc
from pipeline.importing.outlets import outlet_id_of_url
from pipeline.importing.records import ImportedRecord, read_records
from pipeline.ledger.ledger import Ledger
from pipeline.records import Article, FeedEntry, Outcome, Outlet
from pipeline.work import ImportedPage, RefusedImport

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

    A wrong line is logged with file, line and what would be right, and counted as `wrong`; of a
    text in another language the ledger keeps that it is `not_arabic`. An outlet that only the file
    names is called so.

    Args:
        progress: told now and then how many records were read.

    Raises:
        ImportLineError: the file cannot be opened, or breaks off; what stood before is kept.
    """
    if path.name.endswith(_WARC_ENDINGS) or is_warc(path):
        return _import_pages(path, ledger, archive, now=now, progress=progress)
    counts: Counter[str] = Counter()
    for batch in _batches(read_records(path, now=now)):
        records = [read for read in batch if isinstance(read, ImportedRecord)]
        for wrong in (read for read in batch if isinstance(read, ImportLineError)):
            log.warning("import_line", reason=str(wrong))
        counts.update({"read": len(batch), "wrong": len(batch) - len(records)})
        counts.update(_import_records(records, ledger, now=now))
        progress(counts["read"])
    return dict(counts)


def _import_records(records: Sequence[ImportedRecord], ledger: Ledger, *, now: datetime) -> Counter[str]:
    judged = [(record.article, _refusal(record.article)) for record in records]
    ledger.name_outlets(_named(records), now=now)
    told = ledger.import_refused([refusal for _, refusal in judged if refusal], now=now)
    counts = Counter({Outcome.NOT_ARABIC.value if name == "new" else name: n for name, n in told.items()})
    counts.update(ledger.import_articles([article for article, refusal in judged if not refusal], now=now))
    return counts


def _refusal(article: Article) -> RefusedImport | None:
    """Why a record is no article of ours; None where it is one."""
    language = language_of(f"{article.title}\n{article.body[:_TOLD_BY_CHARS]}")
    if language == "ar":
        return None
    entry = FeedEntry(
        entry_id=article.article_id,
        outlet_id=article.outlet_id,
        feed_url="",
        url=article.url,
        canonical_url=canonical_url(article.url) if article.url else "",
    )
    return RefusedImport(entry=entry, outcome=Outcome.NOT_ARABIC, reason=language)


def _named(records: Iterable[ImportedRecord]) -> Mapping[str, Outlet]:
    """The outlets as the records call them; the first name counts."""
    named: dict[str, Outlet] = {}
    for record in records:
        outlet_id, name = record.article.outlet_id, record.outlet_name
        if name and outlet_id not in named:
            english = name if name.isascii() else ""
            named[outlet_id] = Outlet(
                outlet_id=outlet_id, title=name, title_en=english, home="", country="", time_zone="UTC"
            )
    return named


def _import_pages(
    path: Path, ledger: Ledger, archive: WarcArchive, *, now: datetime, progress: Callable[[int], None]
) -> dict[str, int]:
    counts: Counter[str] = Counter()
    try:
        for batch in _batches(read_responses(path)):
            counts["read"] += len(batch)
            pages = [_page(found, archive) for found in batch]
            archive.sync()
            counts.update(ledger.import_entries(pages, now=now))
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
