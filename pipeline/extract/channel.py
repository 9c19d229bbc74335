"""
Messages between the extractor and its worker process, over a pair of pipes.

Each is its length, four bytes, and its bytes. Requests are pickled: the worker is our own program and
trusts its parent. Answers are JSON, for the worker has been at the mercy of a hostile page, and nothing
it says may run in the parent.
"""

from __future__ import annotations

import json
import os
import pickle
import select
import time
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from pipeline.errors import BlockedError, EntryError, NoArticleError, NotArabicError, UnusableError
from pipeline.extract.fit import Fit, Read, Use
from pipeline.records import Article, DateEvidence, Outlet
from pipeline.work import PendingExtraction

_LENGTH_BYTES = 4
#: No answer is longer: a page has at most so much text, and JSON doubles it at worst.
MAX_ANSWER_BYTES = 64_000_000
#: The errors an answer may stand for.
_ERRORS: dict[str, type[EntryError]] = {
    error.outcome: error for error in (BlockedError, NoArticleError, NotArabicError, UnusableError)
}


class ClosedError(Exception):
    """The other end is gone."""


class LateError(Exception):
    """The other end did not do its part in time."""


class Request(NamedTuple):
    """One page to be read."""

    pending: PendingExtraction
    body: bytes
    content_type: str
    outlet: Outlet | None
    now: datetime
    use: Use | None = None  #: the template to read it by


# -- what is said -----------------------------------------------------------------------------


def pack_request(request: Request) -> bytes:
    """A request as bytes."""
    return pickle.dumps(request, protocol=pickle.HIGHEST_PROTOCOL)


def unpack_request(message: bytes) -> Request:
    """The request in some bytes; only for bytes of our own parent."""
    request: Request = pickle.loads(message)  # noqa: S301 - written by the process that started us
    return request


def pack_read(read: Read) -> bytes:
    """The answer that says what came of a page."""
    error = read.error
    return _packed(
        {
            "article": asdict(read.article) if read.article else None,
            "error": {"outcome": error.outcome, "url": error.url, "reason": error.reason} if error else None,
            "fit": read.fit,
            "why": read.why,
            "seen": read.seen,
        }
    )


def pack_crash(reason: str) -> bytes:
    """The answer that says the worker cannot go on with this page."""
    return _packed({"crash": reason})


def unpack_answer(message: bytes) -> Read | str:
    """What came of a page, or the reason of a crash."""
    try:
        answer = json.loads(message)
        return str(answer["crash"]) if "crash" in answer else _read(answer)
    except (ValueError, KeyError, TypeError) as error:
        return f"unreadable answer: {error}"


def _read(answer: dict[str, Any]) -> Read:
    article, error = answer["article"], answer["error"]
    if (article is None) == (error is None):
        raise ValueError("neither article nor error")
    return Read(
        article=_article(article) if article else None,
        error=_ERRORS[error["outcome"]](error["url"], error["reason"]) if error else None,
        fit=Fit(answer["fit"]),
        why=answer["why"],
        seen=answer["seen"],
    )


def _packed(answer: dict[str, Any]) -> bytes:
    # Lone surrogates survive as escapes; whoever stores text deals with them before.
    return json.dumps(answer, default=datetime.isoformat).encode("ascii")


def _article(fields: dict[str, Any]) -> Article:
    return Article(
        **{
            **fields,
            "first_seen_at": datetime.fromisoformat(fields["first_seen_at"]),
            "fetched_at": fields["fetched_at"] and datetime.fromisoformat(fields["fetched_at"]),
            "tags": tuple(fields["tags"]),
            "asides": tuple((start, end) for start, end in fields["asides"]),
            "date": _date(fields["date"]) if fields["date"] else None,
        }
    )


def _date(fields: dict[str, Any]) -> DateEvidence:
    stated, page_at = datetime.fromisoformat(fields["published_at"]), fields["page_at"]
    return DateEvidence(
        **{**fields, "published_at": stated, "page_at": page_at and datetime.fromisoformat(page_at)}
    )


# -- how it is said ---------------------------------------------------------------------------


def send(descriptor: int, message: bytes, *, timeout_s: float | None = None) -> None:
    """Write a message.

    Raises:
        ClosedError: nobody reads any more.
        LateError: not all of it was taken within `timeout_s`.
    """
    rest = memoryview(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
    deadline = _deadline(timeout_s)
    while rest:
        _wait(descriptor, select.POLLOUT, deadline)
        try:
            rest = rest[os.write(descriptor, rest[:65_536]) :]
        except BlockingIOError:
            continue
        except BrokenPipeError as error:
            raise ClosedError from error


def receive(descriptor: int, *, timeout_s: float | None = None, max_bytes: int | None = None) -> bytes:
    """Read a message.

    Raises:
        ClosedError: the other end closed, died, or says more than `max_bytes`.
        LateError: not all of it came within `timeout_s`.
    """
    deadline = _deadline(timeout_s)
    length = int.from_bytes(_taken(descriptor, _LENGTH_BYTES, deadline), "big")
    if max_bytes is not None and length > max_bytes:
        raise ClosedError(f"announces {length:,} bytes")
    return _taken(descriptor, length, deadline)


def _taken(descriptor: int, count: int, deadline: float | None) -> bytes:
    pieces, missing = [], count
    while missing:
        _wait(descriptor, select.POLLIN, deadline)
        piece = os.read(descriptor, min(missing, 1_048_576))
        if not piece:
            raise ClosedError
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _deadline(timeout_s: float | None) -> float | None:
    return None if timeout_s is None else time.monotonic() + timeout_s


def _wait(descriptor: int, event: int, deadline: float | None) -> None:
    if deadline is None:
        return
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise LateError
