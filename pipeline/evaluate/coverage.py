"""
A corpus and its events, for scoring search: documents to index, and what each query should find.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pipeline.importing.article import WrongFieldError, article_of
from pipeline.importing.dates import WrongDateError
from pipeline.importing.files import lines
from pipeline.records import Article, DetectedArticle, IndexedDocument
from pipeline.search.copies import copy_key
from pipeline.search.views import views_of

#: One month for all: a corpus is searched as one index, whatever its dates.
_MONTH: Final = "2000-01"
_BATCH: Final = 500
#: What a record can do without here: it has an id of its own, and an article is one without a date.
_DISPENSABLE: Final = ("url", "date")


@dataclass(frozen=True)
class Task:
    """A title as a query, and the other reports of its event."""

    document_id: str
    title: str
    answers: frozenset[str]
    neither: frozenset[str] = frozenset()  #: near-copies of an answer: neither right nor wrong


@dataclass
class Corpus:
    """What is remembered of the records that were read."""

    titles: dict[str, str] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)  #: of near-copies
    groups: dict[str, str] = field(default_factory=dict)  #: of near-copies, where a record states one
    skipped: Counter[str] = field(default_factory=Counter)  #: reason → records that are no article
    mended: Counter[str] = field(default_factory=Counter)  #: field → records read without it

    def read(self, files: Iterable[Path]) -> Iterator[IndexedDocument]:
        """Every article of the files once, by the id the file gives it."""
        for file in files:
            for line in lines(file):
                record = json.loads(line.content or b"{}")
                if str(record.get("id")) not in self.titles and (document := self._document(record)):
                    yield document

    def copies_of(self, ids: Iterable[str]) -> frozenset[str]:
        """Articles of the same group of copies as any of `ids`."""
        asked = set(ids)
        keys = {self.keys[name] for name in asked}
        groups = {self.groups[name] for name in asked if name in self.groups}
        return frozenset(
            [name for name, key in self.keys.items() if key in keys]
            + [name for name, group in self.groups.items() if group in groups]
        )

    def _document(self, record: dict[str, Any]) -> IndexedDocument | None:
        article = self._article(record)
        if article is None:
            return None
        document = IndexedDocument(
            detected=DetectedArticle(article=article),
            document_version=1,
            revision=1,
            month=_MONTH,
            country="",
            outlet_title=str(record.get("outlet") or article.outlet_id),
        )
        self.titles[document.document_id] = article.title
        self.keys[document.document_id] = key_of(document)
        if stated := record.get("near_dup_group"):
            self.groups[document.document_id] = str(stated)
        return document

    def _article(self, record: dict[str, Any]) -> Article | None:
        left = dict(record)
        for dispensable in (None, *_DISPENSABLE):
            if dispensable is not None and left.pop(dispensable, None) is None:
                continue
            try:
                article = article_of(left, now=datetime.now(UTC))
            except (WrongFieldError, WrongDateError) as error:
                reason = str(error)
                continue
            if dispensable is not None:
                self.mended[dispensable] += 1
            return replace(article, article_id=str(record.get("id") or article.article_id))
        self.skipped[reason.partition(";")[0]] += 1
        return None


def batches(found: Iterable[IndexedDocument]) -> Iterator[Sequence[IndexedDocument]]:
    """Documents, some hundreds at a time."""
    left = iter(found)
    while batch := list(islice(left, _BATCH)):
        yield batch


def tasks(events: Path, corpus: Corpus) -> list[Task]:
    """A query for every titled report of every event, or for the one a line names.

    A line is an object with the `ids` of an event's reports; it may name the only `query` among them,
    and ids that count as `neither`.
    """
    found = []
    for line in lines(events):
        event = json.loads(line.content or b"{}")
        ids = [name for name in event.get("ids", ()) if name in corpus.titles]
        asked = [name for name in ids if event.get("query", name) == name and corpus.titles[name].strip()]
        found += [_task(name, ids, event.get("neither", ()), corpus) for name in asked]
    return [task for task in found if task.answers]


def _task(name: str, ids: Sequence[str], neither: Sequence[str], corpus: Corpus) -> Task:
    answers = frozenset(ids) - {name}
    left_out = (corpus.copies_of(ids) | frozenset(neither)) - answers - {name}
    return Task(name, corpus.titles[name], answers, left_out)


def key_of(document: IndexedDocument) -> int:
    """The near-copy key of a document."""
    article = document.detected.article
    return copy_key(views_of(article.body)[2], views_of(article.title)[2])
