"""
A press of many outlets, each on a loopback address of its own, whose articles are generated.

For load, not for behaviour: every outlet is well-behaved (one RSS feed with validators, plain
pages). The make-believe press that misbehaves is in `tests/newsroom`.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

import yaml

TEXTS = Path(__file__).with_name("texts.yml")

#: What a feed lists at most; the window the press keeps.
WINDOW = 25


@dataclass(frozen=True)
class Printed:
    """An article as its outlet printed it."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    printed_at: datetime


@dataclass
class Paper:
    """One outlet of the press."""

    number: int
    address: str  #: its own loopback address
    printed: list[Printed] = field(default_factory=list)

    @property
    def outlet_id(self) -> str:
        """The stem of its YAML file."""
        return f"paper-{self.number:02}"


class Writer:
    """Fills the gaps of our sentences; the same seed writes the same articles."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it only has to be repeatable
        self._texts: dict[str, list[str]] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
        self._written = 0

    def article(self, at: datetime) -> Printed:
        """A new article of about a hundred words, unlike any other."""
        self._written += 1
        gaps = self._gaps()
        body = self._random.sample(self._texts["body"], k=7)
        sentences = (self._random.choice(self._texts["lead"]), *body)
        return Printed(
            path=f"/news/{self._written}",
            title=f"{self._random.choice(self._texts['titles']).format(**gaps)} ({self._written})",
            paragraphs=tuple(sentence.format(**(gaps | self._gaps(number=True))) for sentence in sentences),
            printed_at=at,
        )

    def _gaps(self, *, number: bool = False) -> dict[str, Any]:
        numbers = {"number": self._random.randint(11, 989)}
        if number:
            return numbers
        named = {"place": "places", "role": "roles", "body": "bodies", "matter": "matters"}
        return numbers | {gap: self._random.choice(self._texts[words]) for gap, words in named.items()}


class Press:
    """Papers and what they print; a context manager that serves them over real HTTP."""

    def __init__(self, papers: int) -> None:
        self.papers = [
            Paper(number, f"127.1.{number // 250}.{number % 250 + 1}") for number in range(1, papers + 1)
        ]
        self.port = 0
        self._writer = Writer()

    def print(self, articles: int, *, at: datetime | None = None) -> None:
        """Have the papers print `articles` in turn, a minute apart, the last one at `at`."""
        last = at or datetime.now(UTC)
        for number in range(articles):
            paper = self.papers[number % len(self.papers)]
            paper.printed.insert(0, self._writer.article(last - timedelta(minutes=articles - number)))

    def url(self, paper: Paper, path: str) -> str:
        """Where something of a paper lies."""
        return f"http://{paper.address}:{self.port}{path}"

    def write_config(self, folder: Path) -> None:
        """One outlet file for each paper."""
        outlets = folder / "outlets"
        outlets.mkdir(parents=True)
        for paper in self.papers:
            (outlets / f"{paper.outlet_id}.yml").write_text(
                yaml.safe_dump(
                    {
                        "title": f"صحيفة {paper.number}",  # paper
                        "title_en": f"Paper {paper.number:02}",
                        "home": self.url(paper, "/"),
                        "country": "jo",
                        "time_zone": "Asia/Amman",
                        "language": "ar",
                        "feeds": [{"url": self.url(paper, "/feed"), "poll_at_most": "1m"}],
                        "expect": {"entries_per_day": [1, 1000]},
                    },
                    allow_unicode=True,
                ),
                encoding="utf-8",
            )

    @contextmanager
    def open(self) -> Iterator[Press]:
        """Serve until left."""
        listening, leaving = threading.Event(), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening, leaving)), daemon=True)
        thread.start()
        listening.wait()
        try:
            yield self
        finally:
            leaving.set()
            thread.join()

    async def _serve(self, listening: threading.Event, leaving: threading.Event) -> None:
        for paper in self.papers:
            server = await asyncio.start_server(self._handler_of(paper), paper.address, self.port)
            self.port = server.sockets[0].getsockname()[1]
        listening.set()
        await asyncio.to_thread(leaving.wait)

    def _handler_of(self, paper: Paper) -> Any:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while request := await reader.readuntil(b"\r\n\r\n"):
                    writer.write(self._answer(paper, request.decode("latin-1")))
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass  # the client is done
            finally:
                writer.close()

        return handle

    def _answer(self, paper: Paper, request: str) -> bytes:
        _, path, _ = request.split(" ", 2)
        if path == "/feed":
            return self._feed(paper, request)
        for printed in paper.printed:
            if printed.path == path:
                return _response("200 OK", "text/html; charset=utf-8", _page(printed))
        return _response("404 Not Found", "text/plain", "")

    def _feed(self, paper: Paper, request: str) -> bytes:
        etag = f'"{sha256(repr(paper.printed[:WINDOW]).encode()).hexdigest()[:16]}"'
        if etag in request:
            return _response("304 Not Modified", "application/rss+xml", "", etag=etag)
        items = "".join(
            f"<item><title>{escape(printed.title)}</title><link>{self.url(paper, printed.path)}</link>"
            f"<description>{escape(printed.paragraphs[0])}</description>"
            f"<pubDate>{format_datetime(printed.printed_at)}</pubDate></item>"
            for printed in paper.printed[:WINDOW]
        )
        feed = (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>{paper.outlet_id}</title><link>{self.url(paper, '/')}</link>"
            f"<description>bench</description>{items}</channel></rss>"
        )
        return _response("200 OK", "application/rss+xml; charset=utf-8", feed, etag=etag)


def _page(printed: Printed) -> str:
    paragraphs = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in printed.paragraphs)
    return (
        f'<!doctype html><html lang="ar" dir="rtl"><head><title>{escape(printed.title)}</title>'
        f'<meta property="article:published_time" content="{printed.printed_at.isoformat()}"></head>'
        f"<body><nav><a href='/'>home</a></nav><main><article><h1>{escape(printed.title)}</h1>"
        f"{paragraphs}</article></main></body></html>"
    )


def _response(status: str, content_type: str, text: str, *, etag: str = "") -> bytes:
    body = text.encode()
    validator = f"ETag: {etag}\r\n" if etag else ""
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{validator}\r\n"
    )
    return head.encode() + body
