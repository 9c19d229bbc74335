"""The search command, and how hits are shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from pipeline.answers import QueryReading, SearchHit, SearchPage, UnknownName
from pipeline.cli.screen import as_json, marked, out, readable


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


#: Values of a facet shown in a terminal, and the longest bar of a timeline there.
_FACETS_SHOWN = 8
_BAR = 40


def add_to(app: typer.Typer) -> None:
    """Hang this command on the root."""
    app.command("search")(search)


def search(
    query: Annotated[
        str, typer.Argument(help='Words, "phrases", OR, -not, ( ), prefix*, =exact, NEAR/5, title: …')
    ] = "",
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be repeated.")] = None,
    outlet: Annotated[list[str] | None, typer.Option(help="Only this outlet; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only outlets of it (jo, eg, …).")] = None,
    since: Annotated[str, typer.Option(help="From 2026, 2026-03, 2026-03-02, an instant, or 7d ago.")] = "",
    until: Annotated[str, typer.Option(help="To the end of 2026, 2026-03, 2026-03-02; or an instant.")] = "",
    author: Annotated[list[str] | None, typer.Option(help="Only this author; may be repeated.")] = None,
    sort: Annotated[str, typer.Option(help="relevance, fresh, newest or oldest.")] = "relevance",
    fold: Annotated[bool, typer.Option(help="Show near-copies once.")] = False,
    facets: Annotated[bool, typer.Option(help="Show counts by topic, outlet, country and author.")] = False,
    timeline: Annotated[bool, typer.Option(help="Show counts over time, and their share.")] = False,
    cursor: Annotated[
        str | None, typer.Option(help='Page deep: "" first, then what the JSON answer says.')
    ] = None,
    limit: Annotated[int, typer.Option(help="Hits shown.")] = 10,
    offset: Annotated[int, typer.Option(help="Hits left out at the beginning.")] = 0,
    format_: Annotated[Format, typer.Option("--format", help="How to print them.")] = Format.TABLE,
) -> None:
    """Search what was indexed."""
    from pipeline import wiring
    from pipeline.search.request import request_of

    settings = wiring.load_settings()
    request = request_of(
        query,
        zone=settings.time_zone,
        now=datetime.now(UTC),
        topics=topic or (),
        outlets=outlet or (),
        countries=country or (),
        authors=author or (),
        since=since,
        until=until,
        sort=sort,
        limit=limit,
        offset=offset,
        cursor=cursor,
        collapse=fold,
    )
    page = wiring.search(settings, request)
    match format_:
        case Format.JSON:
            typer.echo(as_json(json_of(page)))
        case Format.CSV:
            write_csv(page)
        case Format.TABLE:
            for line in found_lines(page, zone=settings.time_zone):
                out.print(line)
            for line in (*(facet_lines(page) if facets else ()), *(timeline_lines(page) if timeline else ())):
                out.print(line)


def json_of(page: SearchPage) -> dict[str, Any]:
    """The page as one object."""
    return {
        "total": page.total,
        "total_collapsed": page.total_collapsed,
        "undated": page.undated,
        "took_ms": round(page.took_ms, 1),
        "reading": page.reading,
        "cursor": page.cursor,
        "topics": page.topic_counts,
        "facets": page.facets,
        "timeline": {
            "by": page.timeline_by,
            "buckets": [
                {
                    "start": bucket.start,
                    "count": bucket.count,
                    "coverage": bucket.coverage,
                    "share": round(bucket.share, 6),
                }
                for bucket in page.timeline
            ],
        },
        "hits": [
            {
                "id": hit.document_id,
                "url": hit.url,
                "title": hit.title,
                "outlet": hit.outlet_id,
                "outlet_title": hit.outlet_title,
                "country": hit.country,
                "author": hit.author,
                "published_at": hit.published_at,
                "dated_at": hit.dated_at,
                "withdrawn_at": hit.withdrawn_at,
                "topics": list(hit.topics),
                "score": round(hit.score, 4),
                "copies": hit.copies,
                "reasons": hit.reasons,
                "highlights": [
                    {"field": piece.field, "text": piece.text, "spans": [list(span) for span in piece.spans]}
                    for piece in hit.highlights
                ],
            }
            for hit in page.hits
        ],
    }


def write_csv(page: SearchPage) -> None:
    """The page as CSV that opens in a spreadsheet: byte order mark, every cell quoted, no formulas."""
    from pipeline.web.exports.rows import Row
    from pipeline.web.exports.sheets import csv_of

    for line in csv_of(Row(hit, ()) for hit in page.hits):
        sys.stdout.write(line.decode())


def found_lines(page: SearchPage, *, zone: str = "UTC") -> Iterator[Text]:
    """The page for a terminal, a few lines a hit."""
    shown = f", {len(page.hits)} shown" if len(page.hits) < page.total else ""
    folded = f", {page.total_collapsed:,} without near-copies" if page.total_collapsed < page.total else ""
    undated = f", {page.undated:,} without a date of their own" if page.undated else ""
    yield Text(f"{page.total:,} found{folded}{undated}{shown} in {page.took_ms:.0f} ms", style="bold")
    yield from _reading_lines(page.reading)
    for hit in page.hits:
        yield from _hit_lines(hit, zone)


def facet_lines(page: SearchPage) -> Iterator[Text]:
    """The commonest values of each facet."""
    for name, values in page.facets.items():
        told = "  ".join(f"{found.label} {found.count:,}" for found in values[:_FACETS_SHOWN])
        if told:
            yield Text(f"{name}: ", style="bold") + Text(told)


def timeline_lines(page: SearchPage) -> Iterator[Text]:
    """A line an hour, day or month: articles found, and their share of all coverage."""
    most = max((bucket.count for bucket in page.timeline), default=1)
    shape = {"hour": "%Y-%m-%d %H:%M", "month": "%Y-%m"}.get(page.timeline_by, "%Y-%m-%d")
    for bucket in page.timeline:
        bar = "▇" * max(1, round(_BAR * bucket.count / most))
        yield Text(f"{bucket.start:{shape}}  {bucket.count:>7,}  {bucket.share:>6.1%}  {bar}")


def _reading_lines(reading: QueryReading) -> Iterator[Text]:
    if reading.english:
        yield Text(f"read as: {reading.english}", style="dim")
    for expansion in reading.expanded:
        yield Text(f"  {expansion.asked} also finds {', '.join(expansion.forms)}", style="dim")
    if reading.advice:
        yield Text(f"  either of them is written: {reading.advice}", style="dim")
    for name in reading.unknown:
        yield Text(unknown_line(name), style="red")


def unknown_line(name: UnknownName) -> str:
    """That nothing goes by a name, and what may have been meant."""
    meant = " or ".join(name.nearest)
    see = {"topic": "; see: rasd topics list", "outlet": "; see: rasd feeds"}.get(name.facet, "")
    return f"no {name.facet} is called {name.value!r}{f'; did you mean {meant}?' if meant else see}"


def _hit_lines(hit: SearchHit, zone: str) -> Iterator[Text]:
    when = hit.dated_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    undated = "" if hit.published_at else " (first seen)"
    withdrawn = "  withdrawn" if hit.withdrawn_at else ""
    copies = f"  stands for {hit.copies} near-copies" if hit.copies > 1 else ""
    yield Text()
    for piece in hit.highlights:
        if piece.field == "title":
            yield marked(piece.text, piece.spans)
    yield Text(
        f"  {when}{undated}  {hit.outlet_title}  {' '.join(hit.topics)}{withdrawn}{copies}", style="dim"
    )
    for piece in hit.highlights:
        if piece.field == "body":
            flat = "".join(" " if letter.isspace() else letter for letter in piece.text)
            yield Text("  … ") + marked(flat, piece.spans)
    yield Text(f"  {readable(hit.url)}", style="dim")
