"""
What would reading stored pages again change? Nothing is written.

    StoredExtraction → how its reading now differs
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Protocol

from pipeline.clock import Clock
from pipeline.extract.extract import ArticleReader, ExtractingLedger, reads_of
from pipeline.extract.fit import Read
from pipeline.extract.templating import Templates
from pipeline.records import Article, Outlet
from pipeline.redo import RereadLedger, Selection, StoredExtraction
from pipeline.work import CHUNK, Archive

#: Differences kept of each kind, and lines shown of each.
EXAMPLES = 3
_DIFF_LINES = 12
#: What of an article is compared, and what a difference in it is called.
_COMPARED = (
    ("title", "title"),
    ("body", "text"),
    ("date", "date"),
    ("author", "author"),
    ("section", "section"),
    ("tags", "tags"),
    ("image_url", "image"),
    ("wire", "wire"),
    ("url", "address"),
)
SAME = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One entry that would be read otherwise."""

    kind: str
    url: str
    lines: tuple[str, ...]  #: before with "-", after with "+"


@dataclass(slots=True)
class Changes:
    """What reading again would change."""

    entries: int = 0
    counts: Counter[str] = field(default_factory=Counter)  #: an entry may differ in several ways
    examples: list[Difference] = field(default_factory=list)  #: a few of each kind

    def add(self, found: Sequence[Difference]) -> None:
        self.entries += 1
        self.counts.update([difference.kind for difference in found] or [SAME])
        for difference in found:
            known = sum(example.kind == difference.kind for example in self.examples)
            if known < EXAMPLES:
                self.examples.append(difference)


class RereadingLedger(RereadLedger, ExtractingLedger, Protocol):
    """What reading again without writing needs of the ledger."""


def changes(
    ledger: RereadingLedger,
    archive: Archive,
    extractor: ArticleReader,
    *,
    selection: Selection,
    outlets: Mapping[str, Outlet],
    clock: Clock,
    limit: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Changes:
    """Read what is selected again, and say how it differs from what is stored; at most `limit` entries."""
    made = Changes()
    last = ""
    while limit is None or made.entries < limit:
        size = CHUNK if limit is None else min(CHUNK, limit - made.entries)
        chunk = ledger.extracted_after(last, selection=selection, limit=size)
        if not chunk:
            break
        last = chunk[-1].pending.entry.entry_id
        templates = Templates(ledger, {stored.pending.entry.outlet_id for stored in chunk})
        pending = [stored.pending for stored in chunk]
        uses = [templates.use(waiting.entry.outlet_id) for waiting in pending]
        reads = dict(reads_of(pending, uses, archive, extractor, outlets=outlets, clock=clock))
        for stored in chunk:
            made.add(list(differences(stored, reads[stored.pending.entry.entry_id])))
        progress(made.entries)
    return made


def differences(stored: StoredExtraction, read: Read) -> Iterator[Difference]:
    """How a new reading differs from the stored one."""
    url, before, after = stored.pending.entry.url, stored.article, read.article
    if after is not None and before is None:
        told = f"{stored.outcome or 'not settled'}: {stored.reason}"
        yield Difference(kind="becomes an article", url=url, lines=(f"- {told}", f"+ {after.title}"))
    elif after is not None and before is not None:
        yield from _in_parts(url, before, after)
    elif read.error is not None:
        told = f"{read.error.outcome}: {read.error.reason}"
        if before is not None:
            kind = "would be no article, and stays"
            yield Difference(kind=kind, url=url, lines=(f"- {before.title}", f"+ {told}"))
        elif (stored.outcome, stored.reason) != (read.error.outcome, read.error.reason):
            was = f"{stored.outcome}: {stored.reason}"
            yield Difference(kind="another outcome or reason", url=url, lines=(f"- {was}", f"+ {told}"))


def _in_parts(url: str, before: Article, after: Article) -> Iterator[Difference]:
    if after.body_from == "feed" and before.body_from != "feed":
        return  # a feed's text never replaces a page's
    for name, kind in _COMPARED:
        was, now = _shown(before, name), _shown(after, name)
        if was != now:
            yield Difference(kind=f"another {kind}", url=url, lines=tuple(_diff(was, now)))


def _shown(article: Article, name: str) -> str:
    value = getattr(article, name)
    if name == "date":
        return f"{value.published_at:%Y-%m-%d %H:%M:%S} UTC, {value.source}" if value else "none"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _diff(before: str, after: str) -> list[str]:
    """The lines that differ, as a diff shows them."""
    lines = unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    changed = [
        f"{line[0]} {line[1:]}" for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}
    ]
    return changed[:_DIFF_LINES]
