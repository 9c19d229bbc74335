"""
From records to what the API answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from pipeline import answers
from pipeline.records import Judgement, Topic, TopicMatch
from pipeline.reports import EntryStory, TopicChange
from pipeline.web import charts
from pipeline.web.api import schema
from pipeline.web.names import Names
from pipeline.web.revisions import TextChange
from pipeline.web.sources import Source


def search_answer(page: answers.SearchPage, names: Names) -> schema.SearchAnswer:
    return schema.SearchAnswer(
        total=page.total,
        total_collapsed=page.total_collapsed,
        undated=page.undated,
        took_ms=round(page.took_ms, 1),
        reading=schema.Reading(
            english=page.reading.english,
            arabic=page.reading.arabic,
            expanded=[
                schema.Expansion(asked=each.asked, forms=list(each.forms)) for each in page.reading.expanded
            ],
            advice=page.reading.advice,
            unknown=[
                schema.Unknown(facet=each.facet, value=each.value, nearest=list(each.nearest))
                for each in page.reading.unknown
            ],
        ),
        facets={
            facet: [
                schema.Count(value=each.value, label=names.label(facet, each), count=each.count)
                for each in values
            ]
            for facet, values in page.facets.items()
        },
        timeline=buckets(page),
        timeline_by=page.timeline_by,
        hits=[hit(each) for each in page.hits],
        cursor=page.cursor,
    )


def buckets(page: answers.SearchPage) -> list[schema.Bucket]:
    return [
        schema.Bucket(
            start=each.start,
            end=charts.following(each.start, page.timeline_by),
            count=each.count,
            coverage=each.coverage,
            share=each.share,
        )
        for each in page.timeline
    ]


def hit(found: answers.SearchHit) -> schema.Hit:
    return schema.Hit(
        id=found.document_id,
        url=found.url,
        title=found.title,
        author=found.author,
        outlet=found.outlet_id,
        outlet_title=found.outlet_title,
        country=found.country,
        published_at=found.published_at,
        dated_at=found.dated_at,
        withdrawn_at=found.withdrawn_at,
        topics=list(found.topics),
        score=found.score,
        copies=found.copies,
        highlights=[
            schema.Highlight(field=each.field, text=each.text, spans=list(each.spans))
            for each in found.highlights
        ],
        reasons=[schema.Reason(**asdict(each)) for each in found.reasons],
    )


def article(
    story: EntryStory, changes: Iterable[TextChange], judgements: Iterable[Judgement], names: Names
) -> schema.ArticleAnswer:
    """An article that has its text."""
    found = story.article
    assert found is not None
    return schema.ArticleAnswer(
        id=story.entry_id,
        url=found.url,
        title=found.title,
        body=found.body,
        author=found.author,
        section=found.section,
        tags=list(found.tags),
        outlet=found.outlet_id,
        outlet_title=names.outlet(found.outlet_id),
        language=found.language,
        wire=found.wire,
        body_from=found.body_from,
        extractor=found.extractor,
        date=schema.DateOrigin(**asdict(found.date)) if found.date else None,
        dated_at=found.dated_at,
        first_seen_at=found.first_seen_at,
        fetched_at=found.fetched_at,
        indexed_at=story.indexed_at,
        withdrawn_at=story.withdrawn_at,
        revision=story.revision,
        changes=[
            schema.Change(
                revision=each.new, changed_at=each.changed_at, taken_out=each.taken_out, put_in=each.put_in
            )
            for each in changes
        ],
        matches=matches(story.matches),
        judgements=[said(each) for each in judgements],
    )


def matches(found: Iterable[TopicMatch]) -> list[schema.Match]:
    return [
        schema.Match(
            topic=each.topic_id,
            topic_version=each.topic_version,
            score=each.score,
            threshold=each.threshold,
            hits=[schema.TermHit(**asdict(hit)) for hit in each.hits],
            evidence=[schema.Evidence(**asdict(part)) for part in each.evidence],
        )
        for each in found
    ]


def said(judgement: Judgement) -> schema.Judgement:
    return schema.Judgement(
        topic=judgement.topic_id,
        belongs=judgement.belongs,
        why=judgement.why,
        by=judgement.judged_by,
        at=judgement.judged_at,
    )


def why(story: EntryStory) -> schema.Why:
    return schema.Why(
        id=story.entry_id,
        url=story.url,
        title=story.title,
        outlet=story.outlet_id,
        outcome=story.outcome,
        reason=story.reason,
        waits_for=story.stage,
        tries=story.tries,
        duplicate_of=story.duplicate_of,
        sightings=[
            schema.Sighting(
                feed=each.feed_url,
                first_seen_at=each.first_seen_at,
                last_seen_at=each.last_seen_at,
                vanished_at=each.vanished_at,
            )
            for each in story.sightings
        ],
        matches=matches(story.matches),
    )


def topic(found: Topic, articles: int) -> schema.TopicAnswer:
    return schema.TopicAnswer(
        id=found.topic_id,
        title=found.title,
        title_en=found.title_en,
        description=found.description,
        version=found.version,
        threshold=found.threshold,
        articles=articles,
    )


def whole_topic(found: Topic, articles: int, changes: Iterable[TopicChange]) -> schema.TopicWhole:
    return schema.TopicWhole(
        **topic(found, articles).model_dump(),
        terms=[term.text for term in found.terms],
        rule_changes=[
            schema.RuleChange(
                article=each.article_id,
                title=each.title,
                outlet=each.outlet_id,
                changed_at=each.changed_at,
                gained=each.gained,
                topic_version=each.topic_version,
            )
            for each in changes
        ],
    )


def feed(source: Source) -> schema.FeedAnswer:
    health = source.feed
    return schema.FeedAnswer(
        url=health.feed_url,
        state=source.state,
        reason=health.reason,
        failures=health.failures,
        last_polled_at=health.last_polled_at,
        last_good_at=health.last_good_at,
        next_poll_at=health.next_poll_at,
        newest_entry_at=health.newest_entry_at,
        interval_s=health.interval_s,
        entries_last_day=health.entries_last_day,
        gaps_last_week=source.gaps,
    )
