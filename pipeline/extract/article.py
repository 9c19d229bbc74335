"""
Step 3, extract: what is the article on a page?

    FetchedPage → Article

Pure: the page's bytes and what its feed said of it go in, an article or the reason why there is none
comes out. The order of evidence is here; how each kind is read is known to the modules named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.arabic.language import arabic_letters, language_of
from pipeline.errors import BlockedError, EntryError, NoArticleError, NotArabicError
from pipeline.extract import body as bodies
from pipeline.extract import general, kinds, readable
from pipeline.extract.author import author_of, plausible
from pipeline.extract.blocks import Block, blocks_of
from pipeline.extract.characters import clean, clean_line, key, letters
from pipeline.extract.claims import Claims, claims_of
from pipeline.extract.dating import Dating, choose_date, page_dates
from pipeline.extract.lines import Line, asides_of, trimmed, without_linked_pointers
from pipeline.extract.links import article_url
from pipeline.extract.page import Page, read_page
from pipeline.extract.section import section_of
from pipeline.extract.title import overlap, site_names_in, title_of, without_site
from pipeline.extract.wire import wire_of
from pipeline.records import Article, DateEvidence, Outlet
from pipeline.work import MIN_FEED_LETTERS, PendingExtraction

#: Rises when the same page would give another article: what was read by an older one can be read again.
VERSION = "1"
#: A body of fewer letters is implausibly short where another account of it has more.
_SHORT = 200
#: How much longer another account has to be to be preferred.
_LONGER = 1.5
#: From this overlap of words on, feed and page speak of the same article.
_SAME_TITLE = 0.6
#: Blocks around the title where byline and date stand.
_ABOVE_TITLE = 8
_BELOW_TITLE = 25


def extract_article(
    pending: PendingExtraction, body: bytes, content_type: str, *, outlet: Outlet | None, now: datetime
) -> Article:
    """Read the article on a page or, where the page has none, in its feed.

    Raises:
        NoArticleError: neither page nor feed hold one; the reason is the page's.
        BlockedError: the page is a gate, and the feed carried too little.
        NotArabicError: it is in another language; the reason is its code.
    """
    if pending.page is None:
        return feed_article(pending, outlet=outlet, now=now, page_outcome=pending.page_outcome)
    try:
        return _Reading(pending, body, content_type, outlet, now).article()
    except NotArabicError:
        raise
    except EntryError as error:
        if letters(_feed_text(pending)) < MIN_FEED_LETTERS:
            raise
        return feed_article(pending, outlet=outlet, now=now, page_outcome=f"{error.outcome}: {error.reason}")


# -- from the feed ----------------------------------------------------------------------------


def feed_article(
    pending: PendingExtraction, *, outlet: Outlet | None, now: datetime, page_outcome: str
) -> Article:
    """The article a feed carried of its own.

    Raises:
        NoArticleError: it carried none.
        NotArabicError: in another language.
    """
    entry = pending.entry
    title = without_site(entry.title, {key(name) for name in _site_names(outlet)})
    lines = trimmed([Line(line) for line in clean(_feed_text(pending)).split("\n")], title=title)
    text = "\n".join(line.text for line in lines)
    if not text:
        raise NoArticleError(entry.url, page_outcome or "no text in the feed")
    dating = Dating(_zone(pending, outlet), pending.fetched_at or now)
    return Article(
        article_id=entry.entry_id,
        outlet_id=entry.outlet_id,
        url=entry.url,
        title=title or lines[0].text,
        body=text,
        first_seen_at=pending.first_seen_at,
        fetched_at=pending.fetched_at,
        section=_feed_section(pending, outlet),
        author=plausible(entry.author, {key(name) for name in _site_names(outlet)}),
        tags=tuple(map(clean_line, entry.categories)),
        image_url=entry.image_url,
        language=_arabic(title, text, entry.url),
        wire=wire_of(text, entry.author),
        date=choose_date([entry.date], dating),
        body_from="feed",
        page_outcome=page_outcome,
        extractor=f"feed rasd/{VERSION}",
        asides=asides_of(lines),
    )


def _feed_text(pending: PendingExtraction) -> str:
    return pending.entry.body or pending.entry.summary


# -- from the page ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Body:
    """An account of the body, and who gave it."""

    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]
    source: str

    @property
    def letters(self) -> int:
        return sum(letters(line.text) for line in self.lines)


class _Reading:
    """One page being read: what its parts agree on."""

    def __init__(
        self, pending: PendingExtraction, body: bytes, content_type: str, outlet: Outlet | None, now: datetime
    ) -> None:
        self.pending, self.entry, self.outlet, self.now = pending, pending.entry, outlet, now
        self.page: Page = read_page(body, content_type, pending.final_url or pending.entry.url)
        self.claims: Claims = claims_of(self.page)
        self.blocks: list[Block] = blocks_of(self.page.tree)
        self.title = title_of(
            self.blocks, self.claims, feed_title=self.entry.title, site_names=_site_names(outlet)
        )

    def article(self) -> Article:
        self._refuse_gates()
        body = self._body()
        lines = list(body.lines) or self._flash()
        text = "\n".join(line.text for line in lines)
        language = _arabic(self.title, text, self.page.url)
        self._refuse_others(body, text)
        near = self._near(body)
        author = author_of(
            self.page.tree,
            self.blocks,
            self.claims,
            near=near,
            feed_author=self.entry.author,
            sites=self._sites(),
        )
        return Article(
            article_id=self.entry.entry_id,
            outlet_id=self.entry.outlet_id,
            url=article_url(self.claims.canonical, found_at=(self.page.url, self.entry.url)),
            title=self.title or lines[0].text,
            body=text,
            first_seen_at=self.pending.first_seen_at,
            fetched_at=self.pending.fetched_at,
            author=author,
            section=self._section(near),
            tags=self.claims.tags or tuple(map(clean_line, self.entry.categories)),
            image_url=next(iter(self.claims.images), self.entry.image_url),
            language=language,
            wire=wire_of(text, *self.claims.authors, self.entry.author),
            date=self._date(near),
            body_from="feed" if body.source == "feed" else "page",
            page_outcome="no_article: text in the feed only" if body.source == "feed" else "",
            extractor=f"{body.source} rasd/{VERSION}",
            asides=asides_of(lines),
        )

    # -- is it one? --

    def _refuse_gates(self) -> None:
        reason = kinds.gate(self.page, self.claims, self.blocks)
        if reason:
            raise BlockedError(self.page.url, reason)
        reason = kinds.no_article_place(self.page, self.claims, asked_for=self.entry.url)
        if reason:
            raise NoArticleError(self.page.url, reason)

    def _refuse_others(self, body: _Body, text: str) -> None:
        reason = kinds.paywall(text, self.blocks, self.claims)
        if reason:
            raise BlockedError(self.page.url, reason)
        if not body.blocks:
            return
        reason = kinds.no_article_text(
            body.blocks, self.claims, title=self.title, is_known=self._is_known(), url=self.page.url
        )
        if reason:
            raise NoArticleError(self.page.url, reason)

    def _is_known(self) -> bool:
        return overlap(self.title, self.entry.title) >= _SAME_TITLE

    def _flash(self) -> list[Line]:
        if kinds.flash_of(self.title, self.claims):
            return [Line(self.title)]
        shown = sum(block.letters for block in self.blocks)
        raise NoArticleError(self.page.url, "no text" if shown else "no text, and nothing to see")

    # -- the body --

    def _body(self) -> _Body:
        """The account that is believed: the general extractor's unless it is empty or too short."""
        best = self._from_blocks()
        if best.letters >= _SHORT:
            return best
        for other in (self._from_json_ld, self._from_readability, self._from_feed):
            account = other()
            if account.letters >= max(_LONGER * best.letters, 1) and self._agrees(account, best):
                best = account
            if best.letters >= _SHORT:
                break
        return best

    def _agrees(self, account: _Body, best: _Body) -> bool:
        """Whether a longer account tells the same: it has what the shorter one has, or all else fails."""
        if not best.letters or account.source == "feed":
            return arabic_letters("".join(line.text for line in account.lines)) * 2 >= account.letters
        whole = "".join(key(line.text) for line in account.lines)
        return any(key(line.text) in whole for line in best.lines)

    def _from_blocks(self) -> _Body:
        return self._found(general.main_text(self.page.tree), general.name())

    def _from_readability(self) -> _Body:
        return self._found(readable.main_text(self.page.text), readable.name())

    def _found(self, text: str, source: str) -> _Body:
        """The blocks an extractor's text was made of; where they are not found again, the text."""
        lines = [keyed for line in text.split("\n") if (keyed := key(line))]
        meant = bodies.blocks_meant(self.blocks, lines)
        return self._mended(meant, source) if meant else self._told(clean(text), source)

    def _from_json_ld(self) -> _Body:
        return self._told(self.claims.article_body, "json-ld")

    def _from_feed(self) -> _Body:
        text = clean(_feed_text(self.pending))
        return self._told(text if letters(text) >= MIN_FEED_LETTERS else "", "feed")

    def _told(self, text: str, source: str) -> _Body:
        lines = trimmed([Line(line) for line in text.split("\n")], title=self.title)
        return _Body(tuple(lines), (), source)

    def _mended(self, meant: Sequence[Block], source: str) -> _Body:
        container = bodies.container_of(meant)
        body = bodies.filled(self.blocks, bodies.without_strays(meant, container), container)
        lead = bodies.lead_of(self.blocks, body, self._descriptions())
        blocks = [lead, *body] if lead else body
        lines = without_linked_pointers(trimmed([Line.of(block) for block in blocks], title=self.title))
        return _Body(tuple(lines), tuple(blocks), source)

    def _descriptions(self) -> list[str]:
        return [key(text) for text in (*self.claims.descriptions, self.entry.summary) if text]

    # -- what stands around it --

    def _section(self, near: range) -> str:
        shown = section_of(self.page.tree, self.blocks, self.claims, near=near, title=self.title)
        return shown or _feed_section(self.pending, self.outlet)

    def _sites(self) -> set[str]:
        """Keys of the names that are the site's, and nobody's own."""
        named = {key(name) for name in (*_site_names(self.outlet), *self.claims.site_names)}
        titles = (*self.claims.social_titles, self.claims.window_title)
        return (named | site_names_in(titles, self.title)) - {""}

    def _near(self, body: _Body) -> range:
        """Indexes of the blocks from a little above the title to the body's beginning, or a little on."""
        top = next(
            (block.index for block in self.blocks if key(self.title) and key(self.title) in block.key), None
        )
        first = body.blocks[0].index if body.blocks else None
        if top is None and first is None:
            return range(0)
        start = max(0, (top if top is not None else first or 0) - _ABOVE_TITLE)
        end = max(first if first is not None else 0, top or 0) + 3
        return range(start, min(end, start + _ABOVE_TITLE + _BELOW_TITLE))

    def _date(self, near: range) -> DateEvidence | None:
        dating = Dating(_zone(self.pending, self.outlet), self.pending.fetched_at or self.now)
        stated = page_dates(
            self.claims, self.page.tree, self.blocks, near=near, url=self.page.url, dating=dating
        )
        return choose_date([self.entry.date, *stated], dating)


# -- shared -----------------------------------------------------------------------------------


def _arabic(title: str, text: str, url: str) -> str:
    """The text's language, which has to be Arabic; a text of few words is judged with its title."""
    language = language_of(text) if len(text.split()) > 20 else language_of(f"{title}\n{text}")
    if language != "ar":
        raise NotArabicError(url, language)
    return language


def _site_names(outlet: Outlet | None) -> tuple[str, ...]:
    return (outlet.title, outlet.title_en) if outlet else ()


def _feed_section(pending: PendingExtraction, outlet: Outlet | None) -> str:
    """The section a feed is configured to carry."""
    feeds = outlet.feeds if outlet else ()
    return next((feed.section or "" for feed in feeds if feed.url == pending.entry.feed_url), "")


def _zone(pending: PendingExtraction, outlet: Outlet | None) -> str | None:
    """The zone of the feed where it has one of its own, else of the outlet."""
    if outlet is None:
        return None
    for feed in outlet.feeds:
        if feed.url == pending.entry.feed_url and feed.time_zone:
            return feed.time_zone
    return outlet.time_zone
