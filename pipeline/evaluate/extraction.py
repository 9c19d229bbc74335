"""
How well are articles extracted? Scores `pipeline.extract` over stored pages with gold beside them.

A folder holds `*.html` and `gold/<stem>.json` (title, body, optional, date, author, language, url),
and may hold `reencoded/<stem>__<variant>.html`: the same pages in other charsets. Folders in it that
hold a `gold` folder are scored with it.

A gold may also say what `outcome` a page without an article ends with, which address was `asked` for,
what the `feed` said of it (title, summary, body, published_at), and when it was fetched (`fetched_at`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.errors import ConfigError
from pipeline.evaluate.shingles import overlap
from pipeline.extract.characters import clean, key
from pipeline.extract.dating import DEFAULT_ZONE
from pipeline.extract.read import read_article
from pipeline.outletfile import ZONES
from pipeline.records import Article, DateEvidence, FeedEntry, Outlet, PageRef
from pipeline.work import PendingExtraction

_ID = "0" * 32
_VARIANT = "__"
_FIRST_PAGE = b"<html><body><h1>1</h1><p>1 1 2001</p></body></html>"


def evaluate_extraction(folder: Path, *, now: datetime | None = None) -> dict[str, Any]:
    """Score the pages of a folder.

    Pages are read as in life: bytes, no charset from HTTP unless the file's name ends in
    `__http_<charset>`, the zone of the country the gold names. Returns `{pages, mean_f1, min_f1,
    dates_right, dates_wrong, dates_none, titles_right, authors_right, authors_wrong, authors_none,
    pages_per_s, outcomes_wrong, per_page, others, reencoded}`: the figures are over the Arabic pages
    with gold; `others` says how the rest ended, `outcomes_wrong` how many of them not as their gold
    says, `reencoded` how far the variants are from their originals.

    Raises:
        ConfigError: there are no pages with gold in the folder, or a gold cannot be read.
    """
    reader = _Reader(_golds(folder), now or datetime.now(UTC))
    reader.warm_up()
    scores = {name: reader.score(name, path) for name, path in _pages(folder)}
    arabic = [score for name, score in scores.items() if reader.is_scored(name)]
    if not arabic:
        raise ConfigError(f"{folder}: no Arabic page with gold; write NAME.html and gold/NAME.json")
    others = [score for score in scores.values() if score not in arabic]
    variants = [reader.score(path.stem, path) for path in sorted((folder / "reencoded").glob("*.html"))]
    return {
        **_summary(arabic),
        "pages_per_s": round(len(scores) / sum(score["seconds"] for score in scores.values()), 1),
        "outcomes_wrong": sum(score["expected"] not in {"", score["outcome"]} for score in others),
        "per_page": arabic,
        "others": [
            {name: score[name] for name in ("id", "outcome", "reason", "expected")} for score in others
        ],
        "reencoded": _against_originals(variants, scores),
    }


def _pages(folder: Path) -> list[tuple[str, Path]]:
    """Every page of a folder and of those in it, by its name."""
    own = [(path.stem, path) for path in sorted(folder.glob("*.html"))]
    inner = sorted(gold.parent for gold in folder.glob("*/gold"))
    return own + [
        (f"{below.name}/{path.stem}", path) for below in inner for path in sorted(below.glob("*.html"))
    ]


def _summary(scores: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    dates, authors = (Counter(score[name] for score in scores) for name in ("date", "author"))
    return {
        "pages": len(scores),
        "mean_f1": round(fmean(score["f1"] for score in scores), 4),
        "min_f1": min(score["f1"] for score in scores),
        "dates_right": dates["right"],
        "dates_wrong": dates["wrong"],
        "dates_none": dates["none"],
        "titles_right": sum(score["title"] == "right" for score in scores),
        "authors_right": authors["right"],
        "authors_wrong": authors["wrong"],
        "authors_none": authors["none"],
    }


def _against_originals(
    variants: Sequence[Mapping[str, Any]], scores: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    far = {
        score["id"]: round(abs(score["f1"] - scores[score["id"].split(_VARIANT)[0]]["f1"]), 4)
        for score in variants
        if score["id"].split(_VARIANT)[0] in scores
    }
    return {"pages": len(far), "largest_difference": max(far.values(), default=0.0), "per_page": far}


def _golds(folder: Path) -> dict[str, dict[str, Any]]:
    golds = {}
    for path in sorted([*folder.glob("gold/*.json"), *folder.glob("*/gold/*.json")]):
        below = path.parent.parent
        name = path.stem if below == folder else f"{below.name}/{path.stem}"
        try:
            golds[name] = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise ConfigError(f"{path}: {error}; a gold is one JSON object") from error
    return golds


class _Reader:
    """Extracts stored pages and holds them against their gold."""

    def __init__(self, golds: Mapping[str, dict[str, Any]], now: datetime) -> None:
        self.golds, self.now = golds, now

    def is_scored(self, name: str) -> bool:
        """Whether a page holds an Arabic article."""
        gold = self.golds.get(name, {})
        return gold.get("language") == "ar" and not gold.get("outcome")

    def warm_up(self) -> None:
        """Load the libraries: no page's time is meant for that."""
        read_article(self._pending("", {}), _FIRST_PAGE, "", outlet=None, now=self.now)

    def score(self, name: str, path: Path) -> dict[str, Any]:
        gold = self.golds.get(name.split(_VARIANT, maxsplit=1)[0], {})
        outlet = _outlet(gold)
        body = path.read_bytes()
        started = perf_counter()
        read = read_article(self._pending(name, gold), body, _content_type(name), outlet=outlet, now=self.now)
        seconds = perf_counter() - started
        zone = outlet.time_zone if outlet else DEFAULT_ZONE
        return {
            "id": name,
            "outcome": str(read.error.outcome) if read.error else "article",
            "reason": read.error.reason if read.error else "",
            "expected": gold.get("outcome") or "",
            **_verdicts(read.article, gold, zone),
            "seconds": round(seconds, 4),
        }

    def _pending(self, name: str, gold: Mapping[str, Any]) -> PendingExtraction:
        url = gold.get("url") or f"https://news.example/{name}"
        asked = gold.get("asked") or url
        feed = gold.get("feed") or {}
        entry = FeedEntry(
            entry_id=_ID,
            outlet_id="evaluated",
            feed_url="",
            url=asked,
            canonical_url=asked,
            title=feed.get("title", ""),
            summary=feed.get("summary", ""),
            body=feed.get("body", ""),
            date=_feed_date(feed.get("published_at")),
        )
        fetched_at = gold.get("fetched_at")
        return PendingExtraction(
            entry=entry,
            first_seen_at=self.now,
            page=PageRef(file=name, offset=0, length_bytes=0),
            final_url=url,
            fetched_at=datetime.fromisoformat(fetched_at) if fetched_at else self.now,
            page_outcome="",
        )


def _outlet(gold: Mapping[str, Any]) -> Outlet | None:
    """Somebody of the country a gold names, for the clock of its newsrooms."""
    country = str(gold.get("country") or "").lower()
    if country not in ZONES:
        return None
    return Outlet(
        outlet_id="evaluated", title="", title_en="", home="", country=country, time_zone=ZONES[country]
    )


def _feed_date(stated: str | None) -> DateEvidence | None:
    return DateEvidence(published_at=datetime.fromisoformat(stated), source="feed") if stated else None


def _content_type(name: str) -> str:
    charset = re.search(r"__http_(\w+)$", name)
    return f"text/html; charset={charset.group(1).replace('_', '-')}" if charset else "text/html"


def _verdicts(article: Article | None, gold: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """F1 and what is right, wrong, or missing."""
    if article is None:
        return {"f1": 0.0, "precision": 0.0, "recall": 0.0, "title": "none", "date": "none", "author": "none"}
    found = overlap(gold_text(gold.get("body") or "", gold), gold_text(article.body, gold))
    day = article.date.published_at.astimezone(ZoneInfo(zone)).date().isoformat() if article.date else None
    return {
        "f1": round(found.f1, 4),
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "title": _verdict(key(gold.get("title") or ""), key(article.title)),
        "date": _verdict((gold.get("date") or "")[:10], day),
        "author": _verdict(key(gold.get("author") or ""), key(article.author)),
    }


def gold_text(text: str, gold: Mapping[str, Any]) -> str:
    """The lines that count: title, byline and date are neither asked for nor punished."""
    ignored = {key(line) for line in (gold.get("title") or "", *(gold.get("optional") or ()))}
    return "\n".join(line for line in clean(text).split("\n") if key(line) not in ignored)


def _verdict(expected: str, found: str | None) -> str:
    if (expected or "") == (found or ""):
        return "right"
    return "wrong" if found else "none"
