"""
The JSON API, version 1. A route asks, `shapes` says it in the words of `schema`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from pipeline.answers import SearchPage
from pipeline.records import Outlet
from pipeline.reports import EntryStory
from pipeline.web import asking
from pipeline.web.api import schema, shapes
from pipeline.web.exports.answers import Format, export
from pipeline.web.judging import judge
from pipeline.web.names import Names
from pipeline.web.problems import NotFoundError
from pipeline.web.rendering import speech_of
from pipeline.web.revisions import changes_of
from pipeline.web.similar import similar_to
from pipeline.web.sources import Source, sources
from pipeline.web.state import SearchState
from pipeline.web.stories import story_of
from pipeline.web.visitors import Exporter, Judge, Reader, desk_of

router = APIRouter(prefix="/api/v1", tags=["v1"])

#: Hits of one answer; more is what cursors and exports are for.
MAX_HITS: Final = 100
#: Engines count every hit up to there anew; cursors do not.
MAX_SKIPPED: Final = 5_000

ArticleId = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{32}$", description="32 hex digits", examples=["3f2b8d0c9a4e47d1b0c6f1a2e3d4c5b6"]
    ),
]
TopicId = Annotated[
    str, Path(pattern="^[a-z0-9_-]{1,80}$", description="as topics are listed", examples=["sudan_war"])
]


def _asked(
    q: Annotated[
        str,
        Query(
            max_length=2000,
            description="words, phrases, OR, -not, brackets, NEAR/5, prefix*, =exact, title:, date: …",
            examples=["قمة OR هدنة", '"وزير الخارجية" -title:رياضة', "قمة NEAR/5 موسكو"],
        ),
    ] = "",
    topic: Annotated[list[str] | None, Query(description="may be repeated", examples=[["sudan_war"]])] = None,
    outlet: Annotated[
        list[str] | None, Query(description="by id; may be repeated", examples=[["al-jazeera"]])
    ] = None,
    country: Annotated[list[str] | None, Query(description="may be repeated", examples=[["jo"]])] = None,
    author: Annotated[
        list[str] | None, Query(description="as published; may be repeated", examples=[["سامي حداد"]])
    ] = None,
    since: Annotated[
        str,
        Query(max_length=40, description="2026, 2026-03, 2026-03-02, an instant, or 7d ago", examples=["7d"]),
    ] = "",
    until: Annotated[
        str, Query(max_length=40, description="the same; a day is meant to its end", examples=["2026-03"])
    ] = "",
    sort: Annotated[
        str,
        Query(
            max_length=20,
            description="relevance, fresh, newest or oldest; relevance for words, else newest",
            examples=["newest"],
        ),
    ] = "",
    collapse: Annotated[bool, Query(description="show near-copies once")] = False,
) -> SearchState:
    return SearchState(
        q=q,
        topic=tuple(topic or ()),
        outlet=tuple(outlet or ()),
        country=tuple(country or ()),
        author=tuple(author or ()),
        since=since,
        until=until,
        sort=sort,
        collapse=collapse,
    )


Asked = Annotated[SearchState, Depends(_asked)]


@router.get("/search")
def search(
    request: Request,
    visitor: Reader,
    asked: Asked,
    limit: Annotated[int, Query(ge=1, le=MAX_HITS, description="hits of one answer", examples=[20])] = 20,
    offset: Annotated[
        int, Query(ge=0, le=MAX_SKIPPED, description="hits left out at the beginning", examples=[20])
    ] = 0,
    cursor: Annotated[
        str | None,
        Query(
            max_length=2000, description="empty to page deep from the start, then what the answer before gave"
        ),
    ] = None,
) -> schema.SearchAnswer:
    """Articles that answer a query, with facets and a timeline; totals are exact."""
    names = Names(speech_of(request), desk_of(request))
    return shapes.search_answer(_found(request, asked, limit=limit, offset=offset, cursor=cursor), names)


@router.get("/timeline")
def timeline(
    request: Request,
    visitor: Reader,
    asked: Asked,
    by: Annotated[
        str, Query(pattern="^(auto|hour|day|month)$", description="how long a bucket is", examples=["day"])
    ] = "auto",
) -> schema.Timeline:
    """How many articles over time, absolute and as a share of all coverage."""
    found = _found(request, asked, limit=1, timeline_by=by)
    return schema.Timeline(by=found.timeline_by, total=found.total, buckets=shapes.buckets(found))


@router.get("/export.{format}", response_class=Response)
def export_all(
    request: Request,
    visitor: Exporter,
    asked: Asked,
    format_: Annotated[Format, Path(alias="format", description="csv, xlsx, jsonl, rss or atom")],
) -> Response:
    """Everything a query finds, streamed, with match reasons; as RSS or Atom the newest of it."""
    return export(request, asked, format_)


@router.get("/articles/{article_id}")
def article(request: Request, article_id: ArticleId, visitor: Reader) -> schema.ArticleAnswer:
    """An article as published: its text, evidence, revisions with their difference, judgements."""
    desk = desk_of(request)
    story = _with_text(_story(request, article_id))
    return shapes.article(
        story,
        changes_of(desk.ledger, story),
        desk.ledger.judgements(article_id=story.entry_id),
        Names(speech_of(request), desk),
    )


@router.get("/articles/{article_id}/similar")
def similar(request: Request, article_id: ArticleId, visitor: Reader) -> list[schema.Hit]:
    """The other reports of its event, the nearest first; none where there are none, nothing to fill up."""
    story = _with_text(_story(request, article_id))
    return [shapes.hit(each) for each in similar_to(desk_of(request), story)]


@router.put("/articles/{article_id}/topics/{topic_id}/judgement", status_code=204)
def say(
    request: Request, article_id: ArticleId, topic_id: TopicId, visitor: Judge, judging: schema.Judging
) -> None:
    """Mark a match right or wrong, or say that an article belongs to a topic."""
    judge(desk_of(request), article_id, topic_id, belongs=judging.belongs, why=judging.why, visitor=visitor)


@router.delete("/articles/{article_id}/topics/{topic_id}/judgement", status_code=204)
def take_back(request: Request, article_id: ArticleId, topic_id: TopicId, visitor: Judge) -> None:
    """Take a judgement back."""
    judge(desk_of(request), article_id, topic_id, belongs=None, why="", visitor=visitor)


@router.get("/why")
def why(
    request: Request,
    visitor: Reader,
    url: Annotated[
        str,
        Query(
            min_length=1,
            max_length=4000,
            description="an address, or an id",
            examples=["https://news.example/قمة"],
        ),
    ],
) -> schema.Why:
    """Why an article matched, or why an address is not here."""
    return shapes.why(_story(request, url))


@router.get("/topics")
def topics(request: Request, visitor: Reader) -> list[schema.TopicAnswer]:
    """What is followed."""
    desk = desk_of(request)
    counts = desk.ledger.topic_counts()
    return [shapes.topic(each, counts.get(each.topic_id, 0)) for each in desk.configured.topics.values()]


@router.get("/topics/{topic_id}")
def topic(request: Request, topic_id: TopicId, visitor: Reader) -> schema.TopicWhole:
    """A topic, and what articles a change of its rules won or cost it."""
    desk = desk_of(request)
    found = desk.configured.topics.get(topic_id)
    if found is None:
        raise NotFoundError("there is no such topic")
    articles = desk.ledger.topic_counts().get(topic_id, 0)
    return shapes.whole_topic(found, articles, desk.ledger.topic_changes(topic_id))


@router.get("/outlets")
def outlets(request: Request, visitor: Reader) -> list[schema.OutletAnswer]:
    """Who publishes, and how their feeds are doing: health, rhythm, delay, gaps."""
    desk = desk_of(request)
    by_outlet: dict[str, list[Source]] = defaultdict(list)
    for source in sources(desk):
        by_outlet[source.feed.outlet_id].append(source)
    return [_outlet(desk.configured.outlets.get(key), key, found) for key, found in sorted(by_outlet.items())]


def _outlet(configured: Outlet | None, outlet_id: str, found: Sequence[Source]) -> schema.OutletAnswer:
    return schema.OutletAnswer(
        id=outlet_id,
        title=configured.title if configured else found[0].feed.outlet_title,
        title_en=configured.title_en if configured else "",
        country=configured.country if configured else "",
        time_zone=configured.time_zone if configured else "",
        delay_median_s=found[0].median_s,
        delay_p95_s=found[0].p95_s,
        feeds=[shapes.feed(each) for each in found],
    )


def _found(request: Request, asked: SearchState, *, limit: int, **changes: Any) -> SearchPage:
    desk = desk_of(request)
    wanted = replace(asked.request(zone=speech_of(request).zone, now=desk.now(), limit=limit), **changes)
    return asking.asked(desk, wanted)


def _story(request: Request, url_or_id: str) -> EntryStory:
    return story_of(desk_of(request), url_or_id)


def _with_text(story: EntryStory) -> EntryStory:
    if story.article is None:
        raise NotFoundError(f"no text is kept of it: {story.outcome or 'it waits'} {story.reason}".strip())
    return story
