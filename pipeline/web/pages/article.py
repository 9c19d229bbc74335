"""
The article page: the text with its evidence marked, why it matched, where each fact is from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from pipeline.errors import QueryError
from pipeline.people import Role, Scope
from pipeline.records import Article, TopicMatch
from pipeline.search.highlights import spans_of
from pipeline.search.query import read_query
from pipeline.search.views import AnalysedField
from pipeline.web.judging import judge
from pipeline.web.marking import Mark, evidence, paragraphs, pieces
from pipeline.web.names import Names
from pipeline.web.pages.forms import OurForm, gone_to
from pipeline.web.rendering import render, speech_of
from pipeline.web.revisions import changes_of
from pipeline.web.similar import similar_to
from pipeline.web.stories import story_of
from pipeline.web.visitors import Judge, Reader, desk_of

router = APIRouter(include_in_schema=False)

#: By field, the marks of what answers a query.
Answers = dict[str, list[Mark]]


@router.get("/articles/{article_id}", response_class=HTMLResponse)
def article_page(request: Request, article_id: str, visitor: Reader, q: str = "") -> HTMLResponse:
    """An article; with `q`, what answers that query is marked as well."""
    desk, speech = desk_of(request), speech_of(request)
    story = story_of(desk, article_id)
    names = Names(speech, desk)
    article = story.article
    said = desk.ledger.judgements(article_id=story.entry_id)
    matched = {match.topic_id for match in story.matches}
    answers = _answers(article, q, zone=speech.zone, now=desk.now()) if article else {}
    return render(
        request,
        "article.html",
        story=story,
        title=pieces(article.title, _marks(article, story.matches, "title", answers)) if article else [],
        body=[*paragraphs(article.body, _marks(article, story.matches, "body", answers))] if article else [],
        similar=similar_to(desk, story),
        changes=changes_of(desk.ledger, story),
        judgements={each.topic_id: each for each in said},
        may_judge=visitor.may(Role.EDITOR, Scope.JUDGE),
        missing_topics=[each for each in desk.configured.topics.values() if each.topic_id not in matched],
        terms_of=terms_of,
        outlet_name=names.outlet,
        zone_of=names.zone,
        evidence_name=partial(speech.name_of, "evidence"),
        date_source=partial(speech.name_of, "source"),
    )


@router.post("/articles/{article_id}/judge", dependencies=[OurForm])
def judge_article(
    request: Request,
    article_id: str,
    visitor: Judge,
    topic: Annotated[str, Form(max_length=100)],
    belongs: Annotated[str, Form(max_length=1)] = "",
    why: Annotated[str, Form(max_length=500)] = "",
) -> RedirectResponse:
    """Mark a match right (`1`) or wrong (`0`), or take back what was said."""
    said = {"1": True, "0": False}.get(belongs)
    kept = judge(desk_of(request), article_id, topic, belongs=said, why=why, visitor=visitor)
    return gone_to(f"/articles/{kept}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFound:
    """A term of a topic with the forms it was found in."""

    term: str
    weight: float
    cancelled_by: str
    forms: tuple[tuple[str, int], ...]


def terms_of(match: TopicMatch) -> list[TermFound]:
    """What counted, the heaviest first, then what was cancelled."""
    found: dict[tuple[bool, float, str, str], Counter[str]] = {}
    for hit in match.hits:
        key = (hit.cancelled_by is not None, -hit.weight, hit.term, hit.cancelled_by or "")
        found.setdefault(key, Counter())[hit.form] += 1
    return [
        TermFound(term=term, weight=-weight, cancelled_by=by, forms=tuple(forms.most_common()))
        for (_, weight, term, by), forms in sorted(found.items())
    ]


def _marks(article: Article, matches: Sequence[TopicMatch], field: str, answers: Answers) -> list[Mark]:
    asides = [Mark(start, end, "aside") for start, end in article.asides] if field == "body" else []
    return [*evidence(matches, field), *asides, *answers[field]]


def _answers(article: Article, query: str, *, zone: str, now: datetime) -> Answers:
    """What in the text answers the query that led here; one that cannot be read marks nothing."""
    nothing: Answers = {"title": [], "body": []}
    if not query.strip():
        return nothing
    try:
        tree = read_query(query, zone=zone, now=now).tree
    except QueryError:
        return nothing
    texts = {"title": article.title, "body": article.body, "author": article.author}
    fields = {name: AnalysedField(text) for name, text in texts.items()}
    return {name: [Mark(*span, "found") for span in spans_of(tree, fields, name)] for name in nothing}
