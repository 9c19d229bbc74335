"""
What kind of page is it? Gates, social pages, lists and video stubs are told from articles.

Pure decisions; a reason of a few words goes with each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.arabic.characters import fold
from pipeline.extract.blocks import Block
from pipeline.extract.characters import letters
from pipeline.extract.claims import Claims
from pipeline.extract.links import is_front_page, site_of
from pipeline.extract.page import Page
from pipeline.extract.phrases import load, phrases, plain

#: Letters on a page that is nothing but a gate.
_GATE_LETTERS = 2_000
#: Letters below which a text may be what is left beside a video or before a paywall.
STUB_LETTERS = 150
_PAYWALL_LETTERS = 600
#: Who asks for a subscription does so in a short line.
_WALL_WORDS = 20
#: From this share of linked letters a text is a list of links.
_LINKED = 0.5
#: Lines without the end of a sentence, in a row of this many, are a list.
_LIST_LINES = 8
#: So many paragraphs below headlines that are links, and this share of all, are no accident.
_TEASERS = 3
_LED_SHARE = 0.7
_HEADLINE_WORDS = 4
#: A shorter line below such a heading is its date or its section.
_TEASER_LETTERS = 40
_SENTENCE_END = re.compile('[.!?\u061f\u2026:;\u061b"\u00bb)]\\s*$|[.!?\u061f]\\s+\\S')
_SITE_BESIDE = re.compile(r"\s+[-\u2013|]\s+")


@dataclass(frozen=True, slots=True)
class _Lists:
    social: frozenset[str]
    gate_hosts: frozenset[str]
    gate_titles: tuple[str, ...]
    gate_marks: tuple[str, ...]
    paywall_phrases: tuple[str, ...]
    paywall_rows: tuple[tuple[str, ...], ...]
    missing_titles: tuple[str, ...]
    site_pages: frozenset[str]
    list_paths: frozenset[str]
    search_parameters: frozenset[str]
    list_types: frozenset[str]
    video_types: frozenset[str]


@cache
def _lists() -> _Lists:
    raw = load("pages.yml")
    return _Lists(
        social=frozenset(raw["social"]),
        gate_hosts=frozenset(raw["gate_hosts"]),
        gate_titles=tuple(fold(text) for text in raw["gate_titles"]),
        gate_marks=tuple(raw["gate_marks"]),
        paywall_phrases=tuple(fold(text) for text in raw["paywall_phrases"]),
        paywall_rows=tuple(tuple(map(fold, row)) for row in raw["paywall_rows"]),
        missing_titles=tuple(fold(str(text)) for text in raw["missing_titles"]),
        site_pages=frozenset(plain(text) for text in raw["site_pages"]),
        list_paths=frozenset(raw["list_paths"]),
        search_parameters=frozenset(raw["search_parameters"]),
        list_types=frozenset(raw["list_types"]),
        video_types=frozenset(raw["video_types"]),
    )


def gate(page: Page, claims: Claims, blocks: Sequence[Block]) -> str:
    """Why a page that came with status 200 lets nobody in, or ""."""
    if page.host in _lists().gate_hosts:
        return f"sent to {page.host}"
    shown = sum(block.letters for block in blocks if not block.hidden)
    if shown > _GATE_LETTERS:
        return ""
    title = fold(claims.window_title)
    if title.startswith(_lists().gate_titles):
        return f"challenge: {claims.window_title[:60]}"
    marks = [mark for mark in _lists().gate_marks if mark in page.text]
    return f"challenge: {marks[0]}" if marks and shown < STUB_LETTERS else ""


def paywall(body: str, blocks: Sequence[Block], claims: Claims) -> str:
    """Why the text ends before its end, or ""."""
    if letters(body) >= _PAYWALL_LETTERS:
        return ""
    if not claims.is_free and letters(body) < STUB_LETTERS:
        return "paywall: not free, by its own account"
    asks = any(not block.hidden and _asks_to_pay(fold(block.text)) for block in blocks)
    return "paywall" if asks else ""


def _asks_to_pay(folded: str) -> bool:
    if any(phrase in folded for phrase in _lists().paywall_phrases):
        return True
    words = len(folded.split())
    return words <= _WALL_WORDS and all(any(word in folded for word in row) for row in _lists().paywall_rows)


def no_article_place(page: Page, claims: Claims, *, asked_for: str) -> str:
    """Why there can be no article at this address, or ""."""
    for address in (page.url, claims.canonical):
        if site_of(address) in _lists().social:
            return f"social page: {site_of(address)}"
    if is_front_page(page.url) and asked_for and not is_front_page(asked_for):
        return "sent to the front page"
    if plain(claims.window_title).startswith(_lists().missing_titles):
        return "says it is missing"
    if plain(_SITE_BESIDE.split(claims.window_title)[0]) in _lists().site_pages:
        return "a page about the site"
    return ""


def is_list_address(address: str) -> bool:
    """Whether an address is that of a section, a tag, an author or a search."""
    parts = urlsplit(address)
    path = [part for part in unquote(parts.path).casefold().split("/") if part]
    asked = {name.casefold() for name, _ in parse_qsl(parts.query)}
    if not _lists().search_parameters.isdisjoint(asked):
        return True
    if not path:
        return not asked
    return not _lists().list_paths.isdisjoint(path[:-1][:3]) or path[-1] in _lists().list_paths


def no_article_text(
    body: Sequence[Block],
    blocks: Sequence[Block],
    claims: Claims,
    *,
    title: str,
    is_known: bool,
    url: str,
) -> str:
    """Why the text found on a page is no article, or "".

    `is_known` says that the page is the one that was announced: its title agrees with the feed's, or
    its text with its own summary.
    """
    total = sum(block.letters for block in body)
    sure = is_known or claims.is_article
    signs = (
        (not total, "no text"),
        (sum(block.linked for block in body) > _LINKED * total, "a list of links"),
        (not sure and not claims.types.isdisjoint(_lists().list_types), "a list, by its own account"),
        (not claims.types.isdisjoint(_lists().video_types) and _is_stub(total, title), "video stub"),
        (not claims.is_article and _is_list(body), "a list of headlines"),
        (not sure and is_list_address(url), "section front"),
        (not sure and _are_teasers(body, blocks), "a list of teasers"),
        (not sure and _is_stub(total, title), "hardly any text"),
    )
    return next((reason for holds, reason in signs if holds), "")


def _is_stub(total: int, title: str) -> bool:
    return total < STUB_LETTERS and not _is_flash(title)


def flash_of(title: str, claims: Claims) -> bool:
    """Whether a page without text is a flash: its title is all there is to say."""
    return _is_flash(title) and (claims.is_article or len(title.split()) > 4)


def _is_flash(title: str) -> bool:
    return bool(phrases().flashes.match(plain(title)))


def _are_teasers(body: Sequence[Block], blocks: Sequence[Block]) -> bool:
    """Whether most paragraphs of the text stand below a headline that leads elsewhere."""
    paragraphs = [block for block in body if block.letters >= _TEASER_LETTERS and block.link_share < _LINKED]
    gaps = [blocks[above.index + 1 : below.index] for above, below in pairwise(paragraphs)]
    led = sum(any(_leads_on(block) for block in gap) for gap in gaps)
    return led >= _TEASERS and led >= _LED_SHARE * len(gaps)


def _leads_on(block: Block) -> bool:
    return block.link_share >= _LINKED and (bool(block.heading) or len(block.text.split()) >= _HEADLINE_WORDS)


def _is_list(body: Sequence[Block]) -> bool:
    if len(body) < _LIST_LINES:
        return False
    ended = sum(bool(_SENTENCE_END.search(block.text)) for block in body)
    long = sum(len(block.text.split()) > 20 for block in body)
    return ended + long < len(body) / 4
