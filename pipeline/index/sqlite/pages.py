"""
Pages of the embedded index: where each begins, so that one after the other neither skips nor repeats
while articles arrive.

By date a page goes on after the last date and id. An order of relevance shifts with every article
that arrives, so it is kept as it was at the first page, for as long as it is likely to be asked for.
"""

from __future__ import annotations

import secrets
import threading
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pipeline.index.sqlite.read import Answers, Placed
from pipeline.search import cursor
from pipeline.search.request import Asked

#: Orders kept; each takes 16 bytes for an article found.
_KEPT: Final = 16


@dataclass
class Orders:
    """Orders of relevance that pages are still cut from, the latest ones."""

    _kept: OrderedDict[str, tuple[array[int], array[float]]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, placed: Sequence[Placed]) -> str:
        """Remember an order; the name it goes by."""
        name = secrets.token_urlsafe(9)
        order = array("q", [number for number, _ in placed]), array("d", [score for _, score in placed])
        with self._lock:
            self._kept[name] = order
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return name

    def piece(self, name: str, start: int, length: int) -> tuple[list[Placed], bool] | None:
        """A stretch of an order, and whether more comes after it; None when it was let go meanwhile."""
        with self._lock:
            if name not in self._kept:
                return None
            self._kept.move_to_end(name)
            numbers, scores = self._kept[name]
        stop = start + length
        return list(zip(numbers[start:stop], scores[start:stop], strict=True)), stop < len(numbers)


@dataclass(frozen=True)
class Page:
    """What is on a page, and the cursor of the next one."""

    placed: list[Placed]
    cursor: str = ""


def page_of(answers: Answers, orders: Orders, asked: Asked) -> Page:
    """The page a request asks for."""
    request = asked.request
    if request.cursor is not None and not asked.ranked and not request.collapse:
        return _by_date(answers, asked)
    ordered = answers.ordered()
    placed = answers.collapsed(ordered) if request.collapse else ordered
    if request.cursor is None:
        return Page(list(islice(placed, request.offset, request.offset + request.limit)))
    # Another process, or this one long ago, began: the order is worked out anew and gone on with.
    _, start = cursor.read(request, 2) or ("", 0)
    name = orders.keep(list(placed))
    return _cut(orders, asked, name, int(start)) or Page([])


def next_page(orders: Orders, asked: Asked) -> Page | None:
    """The page of a cursor into an order that is kept; None where it is not, or not of that kind."""
    if not asked.request.cursor or (not asked.ranked and not asked.request.collapse):
        return None
    name, start = cursor.read(asked.request, 2) or ("", 0)
    return _cut(orders, asked, str(name), int(start))


def _cut(orders: Orders, asked: Asked, name: str, start: int) -> Page | None:
    found = orders.piece(name, start, asked.request.limit)
    if found is None:
        return None
    placed, more = found
    goes_on = [name, start + len(placed)]
    return Page(placed, cursor.written(asked.request, asked.now, goes_on) if more else "")


def _by_date(answers: Answers, asked: Asked) -> Page:
    after = cursor.read(asked.request, 2)
    limit = asked.request.limit
    placed = answers.by_date((int(after[0]), str(after[1])) if after else None, limit + 1)
    if len(placed) <= limit:
        return Page(placed)
    return Page(
        placed[:limit], cursor.written(asked.request, asked.now, list(answers.date_key(placed[limit - 1][0])))
    )
