"""
An export as an answer: begun before it is sent, so that what cannot be read is told, then streamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import chain
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import StreamingResponse

from pipeline.answers import SearchRequest
from pipeline.web.desk import Desk
from pipeline.web.exports.lines import jsonl_of
from pipeline.web.exports.rows import Row, rows
from pipeline.web.exports.sheets import csv_of, xlsx_of
from pipeline.web.exports.syndication import NEWEST, Channel, atom_of, rss_of
from pipeline.web.rendering import speech_of
from pipeline.web.state import SearchState
from pipeline.web.visitors import desk_of


class Format(StrEnum):
    """What an export may be."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    RSS = "rss"
    ATOM = "atom"


_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSONL: "application/x-ndjson",
    Format.RSS: "application/rss+xml; charset=utf-8",
    Format.ATOM: "application/atom+xml; charset=utf-8",
}


def export(request: Request, state: SearchState, format_: Format, *, title: str = "") -> StreamingResponse:
    """Everything a search finds; as a feed the newest of it.

    Raises:
        QueryError: it cannot be read.
    """
    desk, speech = desk_of(request), speech_of(request)
    asked = state.first_page().request(zone=speech.zone, now=desk.now())
    feed = format_ in {Format.RSS, Format.ATOM}
    if feed:
        asked = replace(asked, sort="newest")
    found = _begun(desk, asked, at_most=NEWEST if feed else None)
    channel = _channel(request, state, title or state.q or speech("newest"), desk)
    body = _body(format_, found, channel, zone=speech.zone)
    return StreamingResponse(body, media_type=_TYPES[format_], headers=_disposition(format_, desk, feed=feed))


def _body(format_: Format, found: Iterator[Row], channel: Channel, *, zone: str) -> Iterator[bytes]:
    match format_:
        case Format.CSV:
            return csv_of(found)
        case Format.XLSX:
            return xlsx_of(found, zone=zone)
        case Format.JSONL:
            return jsonl_of(found)
        case Format.RSS:
            return rss_of(found, channel)
        case Format.ATOM:
            return atom_of(found, channel)


def _begun(desk: Desk, request: SearchRequest, *, at_most: int | None) -> Iterator[Row]:
    """Rows of which the first has been asked for: errors show here, not within the file."""
    found = rows(desk, request, at_most=at_most)
    first = next(found, None)
    return found if first is None else chain((first,), found)


def _channel(request: Request, state: SearchState, title: str, desk: Desk) -> Channel:
    base = desk.address or str(request.base_url).rstrip("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return Channel(
        title=f"رصد: {title}",  # Rasd
        page=f"{base}/?{state.first_page().query()}",
        itself=f"{base}{quote(request.url.path)}{query}",
        updated_at=desk.now(),
    )


def _disposition(format_: Format, desk: Desk, *, feed: bool) -> dict[str, str]:
    if feed:
        return {}
    return {"Content-Disposition": f'attachment; filename="rasd-{desk.now():%Y%m%d-%H%M}.{format_}"'}
