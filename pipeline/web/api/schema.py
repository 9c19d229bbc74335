"""
What the JSON API answers, as models: they make its OpenAPI document, with examples in Arabic.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel, Field

from pipeline.web import problems

DESCRIPTION: Final = """\
Arabic news, monitored: search in the query language of the pages, read why an article matched its topics,
export any answer. Send a key as `Authorization: Bearer rasd_…`; keys are made on the account page.
Times are ISO 8601 with their offset; spans are code points of the text as published, end exclusive.
Errors are problem documents (RFC 9457).
"""


class Problem(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["urn:rasd:problem:unreadable-query"])
    title: str = Field(examples=["Bad Request"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["column 1: this quote is not closed"])
    instance: str = Field(examples=["/api/v1/search"])
    column: int | None = Field(None, description="of an unreadable query: where, from 1")
    suggestion: str | None = Field(
        None, description="of an unreadable query: one that can be read", examples=['"قمة"']
    )


class Highlight(BaseModel):
    """A piece of a field, with the spans within it that answer the query."""

    field: str = Field(examples=["title"])
    text: str = Field(examples=["قمة في عمّان تبحث الهدنة"])
    spans: list[tuple[int, int]] = Field(examples=[[[0, 3]]])


class Reason(BaseModel):
    """Why a hit answers: a part of the query, and a form in which the article has it."""

    asked: str = Field(examples=["قمة"])
    form: str = Field(examples=["القمة"])
    field: str = Field(examples=["body"])
    count: int = Field(examples=[2])


class Hit(BaseModel):
    """One article found."""

    id: str = Field(examples=["3f2b8d0c9a4e47d1b0c6f1a2e3d4c5b6"])
    url: str = Field(examples=["https://news.example/qimma"])
    title: str = Field(examples=["قمة في عمّان تبحث الهدنة"])
    author: str
    outlet: str = Field(examples=["valley-mirror"])
    outlet_title: str = Field(examples=["مرآة الوادي"])
    country: str = Field(examples=["jo"])
    published_at: datetime | None = Field(description="none where nobody says")
    dated_at: datetime = Field(description="published or, failing that, first seen")
    withdrawn_at: datetime | None
    topics: list[str] = Field(examples=[["sudan_war"]])
    score: float
    copies: int = Field(description="articles it stands for when near-copies are collapsed")
    highlights: list[Highlight]
    reasons: list[Reason]


class Count(BaseModel):
    """A value of a facet, and how many articles found have it."""

    value: str = Field(examples=["jo"])
    label: str = Field(examples=["الأردن"])
    count: int = Field(examples=[12])


class Bucket(BaseModel):
    """A time of the timeline."""

    start: datetime
    end: datetime
    count: int = Field(description="articles found")
    coverage: int = Field(description="all articles of that time")
    share: float = Field(description="0 to 1")


class Expansion(BaseModel):
    """A word that finds other spellings or names as well."""

    asked: str = Field(examples=["Putin"])
    forms: list[str] = Field(examples=[["بوتين"]])


class Unknown(BaseModel):
    """A name asked for that nothing goes by."""

    facet: str = Field(examples=["topic"])
    value: str = Field(examples=["sudanwar"])
    nearest: list[str] = Field(description="What may have been meant.", examples=[["sudan_war"]])


class Reading(BaseModel):
    """How the query was read."""

    english: str
    arabic: str
    expanded: list[Expansion]
    advice: str
    unknown: list[Unknown]


class Timeline(BaseModel):
    """Articles found over time."""

    by: str = Field(examples=["day"])
    total: int
    buckets: list[Bucket]


class SearchAnswer(BaseModel):
    """One page of hits and the exact total."""

    total: int = Field(examples=[42])
    total_collapsed: int = Field(description="near-copies counted once")
    undated: int = Field(description="of the total, those placed by their first sighting")
    took_ms: float
    reading: Reading
    facets: dict[str, list[Count]] = Field(description="by topic, outlet, country and author")
    timeline: list[Bucket]
    timeline_by: str
    hits: list[Hit]
    cursor: str = Field(description="send it to go on, with everything else the same; empty at the end")


class DateOrigin(BaseModel):
    """An instant somebody stated, and how it was read."""

    published_at: datetime
    source: str = Field(examples=["json_ld"])
    precision: str = Field(examples=["second"])
    raw: str
    rule: str
    page_at: datetime | None = Field(None, description="what the page states beside its feed's date")


class TermHit(BaseModel):
    """A term found."""

    term: str = Field(examples=["هدنة"])
    form: str = Field(examples=["الهدنة"])
    field: str = Field(examples=["body"])
    start: int
    end: int
    weight: float
    group: str | None
    cancelled_by: str | None = Field(description="the guard that makes it not count")


class Evidence(BaseModel):
    """One kind of evidence and what it adds to the score."""

    name: str
    value: float
    points: float


class Match(BaseModel):
    """That an article is about a topic, and why."""

    topic: str = Field(examples=["sudan_war"])
    topic_version: str
    score: float
    threshold: float
    hits: list[TermHit]
    evidence: list[Evidence]


class Judgement(BaseModel):
    """What a person says of an article and a topic."""

    topic: str = Field(examples=["sudan_war"])
    belongs: bool
    why: str
    by: str
    at: datetime


class Change(BaseModel):
    """What an outlet changed in a text."""

    revision: int = Field(description="that came of it")
    changed_at: datetime
    taken_out: list[str] = Field(examples=[["أربعة"]])
    put_in: list[str] = Field(examples=[["خمسة"]])


class Sighting(BaseModel):
    """That a feed listed it."""

    feed: str
    first_seen_at: datetime
    last_seen_at: datetime
    vanished_at: datetime | None


class ArticleAnswer(BaseModel):
    """An article as published, with its evidence, revisions and what people say of it."""

    id: str
    url: str
    title: str
    body: str = Field(description="paragraphs separated by newlines")
    author: str
    section: str
    tags: list[str]
    outlet: str
    outlet_title: str
    language: str
    wire: str
    body_from: str = Field(description="page, feed or import")
    extractor: str
    date: DateOrigin | None
    dated_at: datetime
    first_seen_at: datetime
    fetched_at: datetime | None
    indexed_at: datetime | None
    withdrawn_at: datetime | None
    revision: int
    changes: list[Change] = Field(description="latest first")
    matches: list[Match]
    judgements: list[Judgement]


class Why(BaseModel):
    """Why an address is here, or is not."""

    id: str
    url: str
    title: str
    outlet: str
    outcome: str | None = Field(examples=["indexed"])
    reason: str
    waits_for: str | None
    tries: int
    duplicate_of: str | None
    sightings: list[Sighting]
    matches: list[Match]


class TopicAnswer(BaseModel):
    """What is followed."""

    id: str = Field(examples=["sudan_war"])
    title: str = Field(examples=["الحرب في السودان"])
    title_en: str = Field(examples=["War in Sudan"])
    description: str
    version: str
    threshold: float
    articles: int = Field(description="searchable now")


class RuleChange(BaseModel):
    """An article that a change of its rules won a topic, or cost it."""

    article: str
    title: str
    outlet: str
    changed_at: datetime
    gained: bool
    topic_version: str


class TopicWhole(TopicAnswer):
    """A topic with what new rules changed."""

    terms: list[str] = Field(examples=[["هدنة", "وقف إطلاق النار"]])
    rule_changes: list[RuleChange]


class FeedAnswer(BaseModel):
    """How a feed is doing."""

    url: str
    state: str = Field(examples=["well"])
    reason: str
    failures: int
    last_polled_at: datetime | None
    last_good_at: datetime | None
    next_poll_at: datetime | None
    newest_entry_at: datetime | None
    interval_s: float
    entries_last_day: int
    gaps_last_week: int


class OutletAnswer(BaseModel):
    """Who publishes, and how their feeds are doing."""

    id: str = Field(examples=["valley-mirror"])
    title: str = Field(examples=["مرآة الوادي"])
    title_en: str
    country: str
    time_zone: str
    delay_median_s: float | None = Field(description="from publication to searchable, last week")
    delay_p95_s: float | None
    feeds: list[FeedAnswer]


class Judging(BaseModel):
    """What is to be said of an article and a topic."""

    belongs: bool
    why: str = Field("", max_length=500, examples=["عن المفاوضات نفسها"])


def publish_problems(app: FastAPI, *, signs_in: Callable[[], bool]) -> None:
    """Let the OpenAPI document say that every error is a problem document, and who needs a key."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _describe(made())
        assert app.openapi_schema is not None
        nothing: list[dict[str, list[str]]] = [] if signs_in() else [{}]
        return {**app.openapi_schema, "security": [{"key": []}, *nothing]}

    app.openapi = openapi  # type: ignore[method-assign]


def _describe(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    document["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "rasd_…"}
    }
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in document["paths"].values():
        for route in methods.values():
            route["responses"].pop("422", None)
            for status in ("400", "401", "403", "404", "413", "414", "422", "429", "503"):
                route["responses"][status] = {"description": _MEANS[status], "content": content}


_MEANS: Final = {
    "400": "something of it cannot be read",
    "401": "no key, or one that serves no longer",
    "403": "the key or its owner may not",
    "404": "there is no such thing",
    "413": "the body is too large",
    "414": "the address is too long",
    "422": "a parameter is not what it should be",
    "429": "too often; Retry-After says when again",
    "503": "ledger or index do not answer",
}
