"""
The topics pages: how much was written of each, when, by whom and where, and what new rules changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.answers import SearchHit, SearchRequest
from pipeline.records import Topic
from pipeline.reports import TopicChange
from pipeline.web import charts
from pipeline.web.asking import ask
from pipeline.web.names import Names
from pipeline.web.problems import NotFoundError
from pipeline.web.rendering import render, speech_of
from pipeline.web.visitors import Reader, desk_of

router = APIRouter(include_in_schema=False)

_SPANS: Final = {"7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCard:
    """A topic at a glance."""

    topic: Topic
    total: int
    line: charts.Timeline | None
    newest: SearchHit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What a topic gained and lost on the day its rules were changed."""

    day: datetime
    gained: tuple[TopicChange, ...]
    lost: tuple[TopicChange, ...]


@router.get("/topics", response_class=HTMLResponse)
def topics_page(request: Request, visitor: Reader) -> HTMLResponse:
    """Every topic's last month."""
    desk, speech = desk_of(request), speech_of(request)
    mirrored = speech.direction == "rtl"
    cards = []
    for topic in desk.configured.topics.values():
        found = desk.index.search(
            SearchRequest(
                topics=(topic.topic_id,), since=desk.now() - _SPANS["30d"], sort="newest", limit=1,
                timeline_by="day", zone=speech.zone, now=desk.now(),
            )
        )  # fmt: skip
        cards.append(
            TopicCard(
                topic=topic,
                total=found.total,
                line=charts.timeline(found.timeline, found.timeline_by, mirrored=mirrored),
                newest=next(iter(found.hits), None),
            )
        )
    cards.sort(key=lambda card: -card.total)
    return render(request, "topics.html", shown=cards)


@router.get("/topics/{topic_id}", response_class=HTMLResponse)
def topic_page(request: Request, topic_id: str, visitor: Reader, since: str = "30d") -> HTMLResponse:
    """One topic."""
    desk, speech = desk_of(request), speech_of(request)
    topic = desk.configured.topics.get(topic_id)
    if topic is None:
        raise NotFoundError("there is no such topic")
    since = since if since in _SPANS else "30d"
    found = ask(
        desk,
        SearchRequest(
            topics=(topic_id,), since=desk.now() - _SPANS[since], sort="newest", limit=12,
            zone=speech.zone, now=desk.now(),
        )
    )  # fmt: skip
    names = Names(speech, desk)
    return render(
        request,
        "topic.html",
        topic=topic,
        since=since,
        found=found,
        line=charts.timeline(found.timeline, found.timeline_by, mirrored=speech.direction == "rtl"),
        changes=by_day(desk.ledger.topic_changes(topic_id)),
        outlet_name=names.outlet,
        zone_of=names.zone,
        label_of=names.label,
    )


def by_day(changes: Iterable[TopicChange]) -> list[RuleChange]:
    """Changes of one day together, newest first."""
    days = groupby(changes, key=lambda change: change.changed_at.date())
    return [_of_day(list(each)) for _, each in days]


def _of_day(changes: list[TopicChange]) -> RuleChange:
    return RuleChange(
        day=changes[0].changed_at,
        gained=tuple(change for change in changes if change.gained),
        lost=tuple(change for change in changes if not change.gained),
    )
