"""
One page being read: what its parts agree on.

    Page → Article

The order of evidence is here; how each kind is read is known to the modules named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain

from lxml.html import HtmlElement

from pipeline.arabic.language import arabic_letters
from pipeline.errors import BlockedError, NoArticleError
from pipeline.extract import body as bodies
from pipeline.extract import general, kinds, second_opinion
from pipeline.extract.author import author_of
from pipeline.extract.blocks import Block, blocks_of
from pipeline.extract.characters import SAME_TITLE, clean, clean_line, key, letters, overlap
from pipeline.extract.circumstances import arabic, feed_section, feed_text, site_keys, site_names, zone_of
from pipeline.extract.claims import Claims, claims_of
from pipeline.extract.dating import Dating, choose_date
from pipeline.extract.lines import Line, asides_of, trimmed, without_linked_pointers
from pipeline.extract.links import article_url
from pipeline.extract.page import Page
from pipeline.extract.section import section_of
from pipeline.extract.stated_dates import dated_lines, page_dates
from pipeline.extract.store import Stored, stored_article
from pipeline.extract.title import site_names_in, title_of
from pipeline.extract.version import named
from pipeline.extract.wire import wire_of
from pipeline.records import Article, DateEvidence, Outlet
from pipeline.work import MIN_FEED_LETTERS, PendingExtraction

#: Accounts that do not come from what the page shows.
_JSON_LD, _STORE, _FEED = "json-ld", "store", "feed"
#: A body of fewer letters is implausibly short where another account of it has more.
_SHORT = 200
#: How much longer another account has to be to be preferred.
_LONGER = 1.5
#: Blocks around the title where byline and date stand.
_ABOVE_TITLE = 8
_BELOW_TITLE = 25


@dataclass(frozen=True, slots=True)
class Body:
    """An account of the body, and who gave it."""

    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]  #: of the page; none where it was told elsewhere
    source: str

    @property
    def letters(self) -> int:
        return sum(letters(line.text) for line in self.lines)


class Reading:
    """A page as the general extractors and its own claims tell it."""

    def __init__(
        self, pending: PendingExtraction, page: Page, claims: Claims, outlet: Outlet | None, now: datetime
    ) -> None:
        self.pending, self.entry, self.outlet = pending, pending.entry, outlet
        self.page, self.claims = page, claims
        self._kept: list[HtmlElement] = []
        self.dating = Dating(zone_of(pending, outlet), pending.fetched_at or now)

    @classmethod
    def of(cls, pending: PendingExtraction, page: Page, outlet: Outlet | None, now: datetime) -> Reading:
        return cls(pending, page, claims_of(page), outlet, now)

    def article(self) -> Article:
        """The article.

        Raises:
            EntryError: there is none, and why.
        """
        self._refuse_gates()
        body = self.body
        lines = list(body.lines) or self._flash()
        text = "\n".join(line.text for line in lines)
        language = arabic(self.title, text, self.page.url)
        self._refuse_others(body, text)
        from_feed = body.source == _FEED
        return Article(
            article_id=self.entry.entry_id,
            outlet_id=self.entry.outlet_id,
            url=article_url(self.claims.canonical, found_at=(self.page.url, self.entry.url)),
            title=self.title or lines[0].text,
            body=text,
            first_seen_at=self.pending.first_seen_at,
            fetched_at=self.pending.fetched_at,
            author=self._author(),
            section=self._section() or feed_section(self.pending, self.outlet),
            tags=self.claims.tags or tuple(map(clean_line, self.entry.categories)),
            image_url=next(iter(self.claims.images), self.entry.image_url),
            language=language,
            wire=wire_of(text, *self.claims.authors, self.entry.author),
            date=self._date(),
            body_from="feed" if from_feed else "page",
            page_outcome="no_article: text in the feed only" if from_feed else "",
            extractor=named(body.source),
            asides=asides_of(lines),
        )

    # -- what it sees --

    @cached_property
    def blocks(self) -> list[Block]:
        """The visible text."""
        self._kept = list(self.page.tree.iter())  # as long as they live, lxml need not make them anew
        return blocks_of(self.page.tree)

    @cached_property
    def title(self) -> str:
        """The headline, or ""."""
        return title_of(
            self.blocks, self.claims, feed_title=self.entry.title, site_names=site_names(self.outlet)
        )

    @cached_property
    def body(self) -> Body:
        """The account that is believed: the general extractor's unless it is empty or too short."""
        best = self._from_blocks()
        if best.letters >= _SHORT:
            return best
        for other in (self._from_json_ld, self._from_store, self._from_readability, self._from_feed):
            account = other()
            if account.letters >= max(_LONGER * best.letters, 1) and self._agrees(account, best):
                best = account
            if best.letters >= _SHORT:
                break
        return best

    @cached_property
    def stored(self) -> Stored:
        """What the store of the program that shows the page says."""
        return stored_article(
            self.page.tree, [self.title, *self.claims.headlines, *self.claims.social_titles]
        )

    @cached_property
    def near(self) -> range:
        """Indexes of the blocks from a little above the title to the body's beginning, or a little on."""
        title = key(self.title)
        top = next((block.index for block in self.blocks if title and title in block.key), None)
        first = self.body.blocks[0].index if self.body.blocks else None
        if top is None and first is None:
            return range(0)
        start = max(0, (top if top is not None else first or 0) - _ABOVE_TITLE)
        end = max(first if first is not None else 0, top or 0) + 3
        return range(start, min(end, start + _ABOVE_TITLE + _BELOW_TITLE))

    @cached_property
    def nearby(self) -> list[Block]:
        """The blocks where byline, date and section stand."""
        return self.blocks[self.near.start : self.near.stop]

    # -- is it one? --

    def _refuse_gates(self) -> None:
        reason = kinds.gate(self.page, self.claims, self.blocks)
        if reason:
            raise BlockedError(self.page.url, reason)
        reason = kinds.no_article_place(self.page, self.claims, asked_for=self.entry.url)
        if reason:
            raise NoArticleError(self.page.url, reason)

    def _refuse_others(self, body: Body, text: str) -> None:
        reason = kinds.paywall(text, self.blocks, self.claims)
        if reason:
            raise BlockedError(self.page.url, reason)
        blocks = body.blocks or self._standing_for(body)
        if not blocks:
            return
        reason = kinds.no_article_text(
            blocks,
            self.blocks,
            self.claims,
            title=self.title,
            is_known=self._is_known(),
            url=self.page.url,
        )
        if reason:
            raise NoArticleError(self.page.url, reason)

    def _standing_for(self, body: Body) -> list[Block]:
        """The blocks that say the same as a body that was not made of blocks."""
        if body.source in {_JSON_LD, _STORE, _FEED}:
            return []
        said = {key(line.text) for line in body.lines}
        return [block for block in self.blocks if block.key in said]

    def is_told(self, title: str) -> bool:
        """Whether page or feed give this title, or one like it, elsewhere too."""
        told = [
            *self.claims.headlines,
            *self.claims.social_titles,
            self.claims.window_title,
            self.entry.title,
        ]
        return any(overlap(title, other) >= SAME_TITLE for other in told if other)

    def _is_known(self) -> bool:
        told = overlap(self.title, self.entry.title) >= SAME_TITLE
        return told or bodies.is_described(self.body.blocks, self._descriptions())

    def _flash(self) -> list[Line]:
        if kinds.flash_of(self.title, self.claims):
            return [Line(self.title)]
        shown = sum(block.letters for block in self.blocks)
        raise NoArticleError(self.page.url, "no text" if shown else "no text, and nothing to see")

    # -- accounts of the body --

    def _agrees(self, account: Body, best: Body) -> bool:
        """Whether a longer account tells the same: it has what the shorter one has, or all else fails."""
        if not best.letters or account.source == _FEED:
            return arabic_letters("".join(line.text for line in account.lines)) * 2 >= account.letters
        whole = "".join(key(line.text) for line in account.lines)
        return any(key(line.text) in whole for line in best.lines)

    def _from_blocks(self) -> Body:
        text = general.main_text(self.page.tree)
        return self._found("\n".join([text, *self.claims.live_updates]), general.name())

    def _from_readability(self) -> Body:
        return self._found(second_opinion.main_text(self.page.text), second_opinion.name())

    def _found(self, text: str, source: str) -> Body:
        """The blocks an extractor's text was made of; where they are not found again, the text."""
        lines = [keyed for line in text.split("\n") if (keyed := key(line))]
        meant = bodies.blocks_meant(self.blocks, lines)
        return self._mended(meant, source) if meant else self._told(clean(text), source)

    def _from_json_ld(self) -> Body:
        return self._told(self.claims.article_body, _JSON_LD)

    def _from_store(self) -> Body:
        return self._told(self.stored.body, _STORE)

    def _from_feed(self) -> Body:
        text = clean(feed_text(self.pending))
        return self._told(text if letters(text) >= MIN_FEED_LETTERS else "", _FEED)

    def _told(self, text: str, source: str) -> Body:
        lines = trimmed([Line(line) for line in text.split("\n")], title=self.title)
        return Body(tuple(lines), (), source)

    def _mended(self, meant: Sequence[Block], source: str) -> Body:
        container = bodies.container_of(meant)
        own = bodies.without_boxes(bodies.without_strays(meant, container), container)
        body = bodies.without_teasers(bodies.without_pulled(bodies.filled(self.blocks, own, container)))
        lead = bodies.lead_of(self.blocks, body, self._descriptions())
        return self._of_blocks([lead, *body] if lead else body, source)

    def _of_blocks(self, blocks: Sequence[Block], source: str) -> Body:
        lines = without_linked_pointers(trimmed([Line.of(block) for block in blocks], title=self.title))
        return Body(tuple(lines), tuple(blocks), source)

    def _descriptions(self) -> list[str]:
        return [key(text) for text in (*self.claims.descriptions, self.entry.summary) if text]

    # -- what stands around it --

    def _author(self) -> str:
        told = self.stored.authors if self.body.source == _STORE else ()
        return author_of(
            self.nearby,
            [*self.claims.authors, *told],
            feed_author=self.entry.author,
            sites=self._site_names(),
            beside=site_names_in((*self.claims.social_titles, self.claims.window_title), self.title),
        )

    def _section(self) -> str:
        return section_of(self.page.tree, self.nearby, self.claims, title=self.title)

    def _site_names(self) -> set[str]:
        """Keys of the names that are the site's, and nobody's own."""
        return (site_keys(self.outlet) | {key(name) for name in self.claims.site_names}) - {""}

    def _date(self) -> DateEvidence | None:
        first = next(iter(self.body.blocks), None)
        lines = dated_lines(self.nearby, title=self.title, first=first, dating=self.dating)
        stated = page_dates(self.claims, lines, url=self.page.url, dating=self.dating)
        stored = self.stored.dates if self.body.source == _STORE else ()
        told = (self.dating.read("store", raw) for raw in stored)
        return choose_date(chain([self.entry.date], told, stated), self.dating)
