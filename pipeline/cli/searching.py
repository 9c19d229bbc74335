"""The search command, and how hits are shown."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.text import Text

from pipeline.answers import SearchHit, SearchPage
from pipeline.cli.screen import as_json, marked, out, readable


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


_COLUMNS = ("published_at", "outlet", "country", "title", "url", "topics", "text")
#: A spreadsheet would read a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def add_to(app: typer.Typer) -> None:
    """Hang this command on the root."""
    app.command("search")(search)


def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", OR, -not, ( ), prefix*.')] = "",
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be repeated.")] = None,
    outlet: Annotated[list[str] | None, typer.Option(help="Only this outlet; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only outlets of it (jo, eg, …).")] = None,
    since: Annotated[str, typer.Option(help="From 2026, 2026-03, 2026-03-02, an instant, or 7d ago.")] = "",
    until: Annotated[str, typer.Option(help="To the end of 2026, 2026-03, 2026-03-02; or an instant.")] = "",
    sort: Annotated[str, typer.Option(help="relevance, newest or oldest.")] = "relevance",
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
        since=since,
        until=until,
        sort=sort,
        limit=limit,
        offset=offset,
    )
    with wiring.opened_index(settings, reading=True) as index:
        page = index.search(request)
    match format_:
        case Format.JSON:
            typer.echo(as_json(json_of(page)))
        case Format.CSV:
            write_csv(page)
        case Format.TABLE:
            for line in found_lines(page, zone=settings.time_zone):
                out.print(line)


def json_of(page: SearchPage) -> dict[str, Any]:
    """The page as one object."""
    return {
        "total": page.total,
        "took_ms": round(page.took_ms, 1),
        "topics": page.topic_counts,
        "hits": [
            {
                "id": hit.document_id,
                "url": hit.url,
                "title": hit.title,
                "outlet": hit.outlet_id,
                "outlet_title": hit.outlet_title,
                "country": hit.country,
                "published_at": hit.published_at,
                "dated_at": hit.dated_at,
                "withdrawn_at": hit.withdrawn_at,
                "topics": list(hit.topics),
                "score": round(hit.score, 4),
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
    sys.stdout.write("\ufeff")
    writer = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL)
    writer.writerow(_COLUMNS)
    for hit in page.hits:
        pieces = (" ".join(piece.text.split()) for piece in hit.highlights if piece.field == "body")
        date = hit.published_at.isoformat() if hit.published_at else ""
        row = (
            date,
            hit.outlet_title,
            hit.country,
            hit.title,
            hit.url,
            " ".join(hit.topics),
            " … ".join(pieces),
        )
        writer.writerow([_safe(cell) for cell in row])


def found_lines(page: SearchPage, *, zone: str = "UTC") -> Iterator[Text]:
    """The page for a terminal, a few lines a hit."""
    shown = f", {len(page.hits)} shown" if len(page.hits) < page.total else ""
    yield Text(f"{page.total:,} found{shown} in {page.took_ms:.0f} ms", style="bold")
    for hit in page.hits:
        yield from _hit_lines(hit, zone)


def _hit_lines(hit: SearchHit, zone: str) -> Iterator[Text]:
    when = hit.dated_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    undated = "" if hit.published_at else " (first seen)"
    withdrawn = "  withdrawn" if hit.withdrawn_at else ""
    yield Text()
    for piece in hit.highlights:
        if piece.field == "title":
            yield marked(piece.text, piece.spans)
    yield Text(f"  {when}{undated}  {hit.outlet_title}  {' '.join(hit.topics)}{withdrawn}", style="dim")
    for piece in hit.highlights:
        if piece.field == "body":
            flat = "".join(" " if letter.isspace() else letter for letter in piece.text)
            yield Text("  … ") + marked(flat, piece.spans)
    yield Text(f"  {readable(hit.url)}", style="dim")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
