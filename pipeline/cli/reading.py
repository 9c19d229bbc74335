"""Commands that look: why, status; and the tables of feeds and outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from pipeline.cli.explaining import explained
from pipeline.cli.revisions import revision_lines, revision_records
from pipeline.cli.screen import as_json, complain, in_colour, out, readable, table
from pipeline.records import Outcome, Stage
from pipeline.reports import EntryStory, FeedHealth, LedgerStatus
from pipeline.status import ago


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the root."""
    app.command("why")(why)
    app.command("status")(status)


def why(
    url: Annotated[str, typer.Argument(help="An article's URL, or its id.")],
    revisions: Annotated[
        bool, typer.Option("--revisions", help="Show how its text was changed, word by word.")
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Why did this article match, or why is it not here? Exit 3 when no feed ever listed it."""
    from pipeline import wiring

    with wiring.opened_ledger(wiring.load_settings()) as ledger:
        story = ledger.story_of(url)
        texts = ledger.revisions_of(url) if revisions else ()
    if story is None:
        complain(f"{url}: no feed listed it and no import held it; see: rasd feeds")
        raise typer.Exit(3)
    if as_json_:
        typer.echo(as_json(revision_records(texts) if revisions else story))
        return
    for line in revision_lines(texts) if revisions else why_lines(story):
        out.print(line)


def status(
    check: Annotated[
        bool, typer.Option("--check", help="Exit 3 with one reason a line unless all is well.")
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The pipeline at a glance; with --check, whether it is well."""
    from pipeline import configured, wiring

    settings = wiring.load_settings()
    if check:
        found = wiring.check(settings)
        for reason in found:
            typer.echo(reason)
        raise typer.Exit(3 if found else 0)
    for line in configured.wrong_files(settings.config):
        complain(line)
    with wiring.opened_ledger(settings) as ledger:
        told, counts = ledger.status(now=datetime.now(UTC)), ledger.outcome_counts()
    if as_json_:
        typer.echo(as_json({"status": told, "outcomes": counts}))
        return
    out.print(outcome_table(counts))
    for line in _status_lines(told, datetime.now(UTC)):
        out.print(line, markup=False)


def outcome_table(counts: Mapping[str, Mapping[str, int]]) -> Table:
    """What each outlet gave and what became of it: outlet → outcome, or step waited for → entries."""
    everything: Counter[str] = Counter()
    for row in counts.values():
        everything.update(row)
    return table(
        "What became of every entry",
        ("outlet", "entries#", "of these"),
        [_outcome_row(outlet, row) for outlet, row in [*sorted(counts.items()), ("all", everything)]],
    )


def _outcome_row(outlet: str, row: Mapping[str, int]) -> tuple[str, int, str]:
    told = [(row[name], str(name)) for name in Outcome if row.get(name)]
    told += [(row[name], f"waiting for {name}") for name in Stage if row.get(name)]
    return outlet, sum(row.values()), ", ".join(f"{count:,} {what}" for count, what in told)


def feed_table(health: Sequence[FeedHealth], now: datetime) -> Table:
    """A line for each feed, those in trouble first."""
    troubled = sorted(health, key=lambda feed: (-feed.failures, feed.outlet_id, feed.feed_url))
    return table(
        "",
        ("outlet", "feed", "state", "polled", "next", "new in 24 h#", "dates"),
        [
            (
                feed.outlet_id,
                feed.feed_url,
                _state(feed),
                f"{ago(now - feed.last_polled_at)} ago" if feed.last_polled_at else "never",
                _next(feed, now),
                feed.entries_last_day,
                f"{feed.date_rule}; set right" if feed.date_rule else "",
            )
            for feed in troubled
        ],
    )


def why_lines(story: EntryStory) -> Iterator[Text]:
    """The whole story of an entry, in lines."""
    yield from story_lines(story)
    if story.article:
        if not story.matches and story.outcome is Outcome.INDEXED:
            yield Text("  it is about none of the topics")
        for match in story.matches:
            yield from explained(story.article, match, coloured=in_colour())


def story_lines(story: EntryStory) -> Iterator[Text]:
    """What became of an entry, without its topics."""
    yield Text(story.article.title if story.article else story.title or story.url, style="bold")
    yield Text(f"  {readable(story.url) or story.entry_id}", style="dim")
    yield Text(f"  {_verdict(story)}")
    yield from _circumstances(story)


def _verdict(story: EntryStory) -> str:
    if story.forgotten_at:
        return f"forgotten on {story.forgotten_at:%Y-%m-%d}: it is not fetched again"
    if story.outcome is None:
        return f"not settled yet: waits for {story.stage or 'nothing'}, tried {_times(story.tries)}"
    reason = f": {story.reason}" if story.reason else ""
    return f"{story.outcome}{reason}"


def _circumstances(story: EntryStory) -> Iterator[Text]:
    for sighting in story.sightings:
        yield Text(f"  listed by {sighting.feed_url} since {sighting.first_seen_at:%Y-%m-%d %H:%M} UTC")
    if story.outcome and story.stage:
        yield Text(f"  looked at again: waits for {story.stage}")
    if story.page_outcome:
        yield Text(f"  its page: {story.page_outcome}; the feed's own text was used")
    if story.withdrawn_at:
        yield Text(f"  withdrawn by its outlet, seen on {story.withdrawn_at:%Y-%m-%d %H:%M} UTC")
    if article := story.article:
        date = article.date
        dated = (
            f"{date.published_at:%Y-%m-%d %H:%M} UTC by {date.source} ({date.rule})" if date else "unknown"
        )
        yield Text(f"  published: {dated}; read by {article.extractor or article.body_from}")
    if story.revision > 1:
        yield Text(f"  revision {story.revision}: its text was changed by its outlet")


def _state(feed: FeedHealth) -> Text:
    if not feed.enabled:
        return Text("not configured any more", style="dim")
    if feed.failures:
        return Text(f"{feed.status}: {feed.reason} ({_times(feed.failures)})", style="red")
    return Text(feed.status or "not polled yet")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _next(feed: FeedHealth, now: datetime) -> str:
    if feed.next_poll_at is None:
        return "stopped"
    return "due" if feed.next_poll_at <= now else f"in {ago(feed.next_poll_at - now)}"


def _status_lines(told: LedgerStatus, now: datetime) -> Iterator[str]:
    place = told.place.removeprefix("ledger ")
    yield f"ledger    {place}, {told.size_bytes / 1e6:,.0f} MB, schema {told.schema_version}"
    yield f"articles  {told.articles:,} of {told.entries:,} entries"
    if told.newest_article_at:
        yield f"newest    published {ago(now - told.newest_article_at)} ago"
    for step, run in told.last_runs.items():
        took = (run.ended_at - run.started_at).total_seconds()
        yield f"{step:9} {ago(now - run.ended_at)} ago, took {took:.1f} s"
    waiting = ", ".join(f"{stage} {count:,}" for stage, count in told.pending.items() if count)
    yield f"waiting   {waiting or 'nothing'}"
    if told.stuck:
        yield f"stuck     {told.stuck}: {', '.join(told.stuck_examples)}"
    if told.given_up:
        yield f"given up  {told.given_up}: try them again with rasd redo STAGE --only-failed"
