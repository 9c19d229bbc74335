"""
A ledger with one outlet's entries, pages that can be changed, and a worker in this process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from pipeline.errors import GoneError
from pipeline.extract.channel import Request
from pipeline.extract.extract import extract
from pipeline.extract.fit import Read
from pipeline.extract.read import read_article
from pipeline.extract.reread import Changes, changes
from pipeline.records import PageRef
from pipeline.redo import Selection
from pipeline.work import SettledPage, Stage
from tests.extract.reading import OUTLET
from tests.ledger.desk import NOON, Desk, entry, key


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self):
        return self.at


class Pages:
    """An archive: what lies in it is what it was given."""

    def __init__(self) -> None:
        self.bodies: dict[str, str] = {}

    def read_body(self, page: PageRef) -> tuple[bytes, str]:
        if page.file not in self.bodies:
            raise GoneError(page.file, "no such record")
        return self.bodies[page.file].encode(), "text/html"


class Reader:
    """Reads in this process; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def reads(self, requests: Iterable[Request]) -> Iterator[Read]:
        for request in requests:
            self.asked.append(request)
            yield read_article(
                request.pending,
                request.body,
                request.content_type,
                outlet=request.outlet,
                now=request.now,
                use=request.use,
            )


class Newsdesk:
    """From a page in the archive to an article in the ledger."""

    def __init__(self, ledger) -> None:
        self.desk, self.ledger = Desk(ledger), ledger
        self.pages, self.reader, self.clock = Pages(), Reader(), Clock()

    def publish(self, name: str, page: str, **told) -> None:
        """An entry whose page was fetched, waiting for extraction."""
        self.desk.list(entry(name, **told))
        self.pages.bodies[name] = page
        self.desk.pages()
        self.ledger.settle_page(
            SettledPage(
                entry_id=key(name),
                next_stage=Stage.EXTRACT,
                page=PageRef(file=name, offset=0, length_bytes=1),
                fetched_at=NOON,
                final_url=f"http://daily.example/{name}",
            ),
            now=NOON,
        )

    def extract(self) -> dict[str, int]:
        return extract(
            self.ledger, self.pages, self.reader, outlets={"daily": OUTLET}, clock=self.clock, worker="w"
        )

    def redo(self, **chosen) -> dict[str, int]:
        self.clock.at += timedelta(hours=1)
        self.ledger.redo(Stage.EXTRACT, now=self.clock.at, **chosen)
        return self.extract()

    def preview(self, *, limit: int | None = None, **chosen) -> Changes:
        return changes(
            self.ledger,
            self.pages,
            self.reader,
            selection=Selection(**chosen),
            outlets={"daily": OUTLET},
            clock=self.clock,
            limit=limit,
        )

    def article(self, name: str):
        return self.desk.story(name).article
