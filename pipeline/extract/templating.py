"""
The templates of one chunk: handed out for its pages, told what came of them, written back.

The ledger is asked and told here; what is thought of a template is decided in `pipeline.extract.trust`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import structlog

from pipeline.extract.fit import Read, Use
from pipeline.extract.trust import told, use_of
from pipeline.records import FeedEntry
from pipeline.templates import OutletTemplate, TemplateLedger

#: How often a change is thought over that another worker was quicker with.
_TRIES = 50

log = structlog.get_logger()


class _Note(NamedTuple):
    entry_id: str
    read: Read
    version: int


class Templates:
    """See above; `outlet_ids` are those of the chunk."""

    def __init__(self, ledger: TemplateLedger, outlet_ids: Iterable[str]) -> None:
        self._ledger = ledger
        self._known = dict(ledger.templates_of(outlet_ids))
        self._since = Counter({name: len(known.unverified) for name, known in self._known.items()})
        self._notes: dict[str, list[_Note]] = defaultdict(list)

    def use(self, outlet_id: str) -> Use | None:
        """How to read the outlet's next page."""
        use = use_of(self._known.get(outlet_id), since=self._since[outlet_id])
        self._since[outlet_id] = 0 if use and use.verify else self._since[outlet_id] + 1
        return use

    def note(self, entry: FeedEntry, read: Read, *, version: int) -> None:
        """Remember what came of a page that was read by the template's `version`; 0: by none."""
        if version or read.seen:
            self._notes[entry.outlet_id].append(_Note(entry.entry_id, read, version))

    def save(self, *, now: datetime) -> None:
        """Let every outlet's template learn from its pages."""
        for outlet_id, notes in self._notes.items():
            before = self._known.get(outlet_id, OutletTemplate(outlet_id=outlet_id))
            for _ in range(_TRIES):
                after = before
                for note in notes:
                    after = told(after, note.entry_id, note.read, version=note.version, now=now)
                if self._ledger.save_template(after):
                    self._known[outlet_id] = replace(after, edition=after.edition + 1)
                    _say(before, after)
                    break
                before = self._ledger.templates_of([outlet_id]).get(outlet_id, before)

    def read_again(self, *, now: datetime) -> None:
        """Let what a version read that was given up wait for extraction again."""
        for template in self._known.values():
            if template.again:
                self._ledger.read_again(template.again, now=now)
                self._ledger.save_template(replace(template, again=()))


def _say(before: OutletTemplate, after: OutletTemplate) -> None:
    if before.version != after.version:
        log.info("template_learnt", outlet=after.outlet_id, version=after.version)
    if before.dropped != after.dropped:
        log.warning(
            "template_dropped", outlet=after.outlet_id, reason=after.dropped, read_again=len(after.again)
        )
