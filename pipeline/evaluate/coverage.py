"""
A corpus and its events, for scoring search: documents to index, and what each query should find.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pipeline.importing.article import WrongFieldError, article_of
from pipeline.importing.dates import WrongDateError
from pipeline.importing.files import lines
from pipeline.records import DetectedArticle, IndexedDocument
from pipeline.search.copies import copy_key
from pipeline.search.views import views_of

#: One month for all: a corpus is searched as one index, whatever its dates.
_MONTH: Final = "2000-01"
_SEEN_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH: Final = 500


@dataclass(frozen=True)
class Task:
    """A title as a query, and the other reports of its event."""

    document_id: str
    title: str
    answers: frozenset[str]
    neither: frozenset[str] = frozenset()  #: near-copies of an answer: neither right nor wrong


def documents(corpora: Iterable[Path]) -> Iterator[IndexedDocument]:
    """Every record of the files once, by the id the file gives it; what cannot be read is passed over."""
    seen: set[str] = set()
    for corpus in corpora:
        for line in lines(corpus):
            document = _document(json.loads(line.content or b"{}"))
            if document is not None and document.document_id not in seen:
                seen.add(document.document_id)
                yield document


def batches(found: Iterable[IndexedDocument]) -> Iterator[Sequence[IndexedDocument]]:
    """Documents, some hundreds at a time."""
    left = iter(found)
    while batch := list(islice(left, _BATCH)):
        yield batch


def tasks(events: Path, titles: Mapping[str, str], keys: Mapping[str, int]) -> list[Task]:
    """A query for every titled report of every event.

    Args:
        titles: of the documents there are, by id.
        keys: their near-copy keys.
    """
    found = []
    for line in lines(events):
        ids = [name for name in json.loads(line.content or b"{}").get("ids", ()) if name in titles]
        found += [_task(name, ids, titles, keys) for name in ids if titles[name].strip()]
    return [task for task in found if task.answers]


def _task(name: str, ids: Sequence[str], titles: Mapping[str, str], keys: Mapping[str, int]) -> Task:
    answers = frozenset(ids) - {name}
    copied = {keys[answer] for answer in answers} | {keys[name]}
    neither = frozenset(other for other, key in keys.items() if key in copied) - answers - {name}
    return Task(name, titles[name], answers, neither)


def silver(found: Iterable[IndexedDocument], most: int) -> list[Task]:
    """Queries made without a reader: near-copies under other titles, each to find the others."""
    groups: dict[int, list[IndexedDocument]] = defaultdict(list)
    for document in found:
        article = document.detected.article
        groups[key_of(document)].append(replace(document, detected=DetectedArticle(article=article)))
    made = []
    for group in groups.values():
        titled = {each.detected.article.title: each for each in group if each.detected.article.title}
        if 2 <= len(titled) <= 10:
            first, *others = titled.values()
            answers = frozenset(other.document_id for other in others)
            neither = frozenset(each.document_id for each in group) - answers - {first.document_id}
            made.append(Task(first.document_id, first.detected.article.title, answers, neither))
    made.sort(key=lambda task: task.document_id)
    return made[:: max(1, len(made) // most)][:most]


def key_of(document: IndexedDocument) -> int:
    """The near-copy key of a document."""
    article = document.detected.article
    return copy_key(views_of(article.body)[2], views_of(article.title)[2])


def _document(record: Mapping[str, Any]) -> IndexedDocument | None:
    try:
        article = article_of(record, now=_SEEN_AT)
    except (WrongFieldError, WrongDateError):
        return None
    article = replace(article, article_id=str(record.get("id") or article.article_id))
    return IndexedDocument(
        detected=DetectedArticle(article=article),
        document_version=1,
        revision=1,
        month=_MONTH,
        country="",
        outlet_title=str(record.get("outlet") or article.outlet_id),
    )
