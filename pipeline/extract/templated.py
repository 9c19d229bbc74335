"""
A page read by its outlet's layout: title, body, date and author are taken from where they stand.

Many times as fast as asking a general extractor, and as good as what pages agreed on. A page that does
not look as the layout says is not read by it: cheap checks raise, and the page is read like any other.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from lxml.html import HtmlElement

from pipeline.arabic.language import arabic_letters
from pipeline.errors import EntryError
from pipeline.extract.blocks import Block, blocks_of
from pipeline.extract.characters import letters
from pipeline.extract.circumstances import site_keys
from pipeline.extract.claims import Claims, claims_of
from pipeline.extract.layout import ANYWHERE, Layout, kind_of
from pipeline.extract.page import Page
from pipeline.extract.paths import found
from pipeline.extract.reading import Body, Reading
from pipeline.extract.section import first_section
from pipeline.extract.title import without_site
from pipeline.records import Article, Outlet
from pipeline.work import PendingExtraction

#: A shorter body may be a stub, a flash or what stands before a paywall: others tell these apart.
_ENOUGH_LETTERS = 300
#: A line no page had before, longer than this, may be anything.
_STRANGE_LETTERS = 12
_MAX_LINK_SHARE = 0.3


class MisfitError(Exception):
    """The page is not laid out so; what is amiss in a few words."""


class UnsureError(Exception):
    """What stands at the places of title and body is doubtful; others decide."""


class Templated(Reading):
    """A page as its outlet's layout tells it."""

    def __init__(
        self,
        pending: PendingExtraction,
        page: Page,
        claims: Claims,
        outlet: Outlet | None,
        now: datetime,
        *,
        layout: Layout,
        version: int,
    ) -> None:
        super().__init__(pending, page, claims, outlet, now)
        self.layout, self.version = layout, version
        self._places: dict[str, HtmlElement | None] = {}

    def article(self) -> Article:
        """The article.

        Raises:
            MisfitError: the page is not laid out so.
            UnsureError: it is, and there may be no article in it.
        """
        try:
            return super().article()
        except EntryError as error:  # whoever reads without the layout decides that
            raise UnsureError(f"{error.outcome}: {error.reason}") from error

    @cached_property
    def blocks(self) -> list[Block]:
        """The visible text of the part of the page that holds the article."""
        root = self._element(self.layout.root, "article")
        return blocks_of(root)

    @cached_property
    def title(self) -> str:
        """What stands where headlines stand, if other accounts of the title agree."""
        element = self._element(self.layout.title, "title")
        shown = " ".join(block.text for block in self._blocks_in(element))
        title = without_site(shown, site_keys(self.outlet))
        if not title:
            raise MisfitError("no title")
        if self.layout.told and not self.is_told(title):
            raise UnsureError("another title")
        return title

    @cached_property
    def body(self) -> Body:
        """The lines of its container that are of the body's kinds."""
        container = self._element(self.layout.body, "body")
        blocks = [block for block in self._blocks_in(container) if self._belongs(block, container)]
        body = self._of_blocks(blocks, f"template/{self.version}")
        text = "".join(line.text for line in body.lines)
        total = letters(text)
        if total < _ENOUGH_LETTERS:
            raise UnsureError("a short text")
        if arabic_letters(text) * 2 < total:
            raise UnsureError("another script")
        if sum(block.linked for block in blocks) > _MAX_LINK_SHARE * total:
            raise UnsureError("many links")
        return body

    @cached_property
    def nearby(self) -> list[Block]:
        """The blocks where byline and date stand."""
        homes = [self._place(path) for path in (self.layout.date, self.layout.author) if path]
        within = {element for home in homes if home is not None for element in home.iter()}
        return [block for block in self.blocks if block.element in within] if within else []

    def _section(self) -> str:
        if self.layout.section == ANYWHERE:
            return super()._section()
        shown = self._place(self.layout.section)
        texts = () if shown is None else (shown.text_content(),)
        return first_section((*self.claims.sections, *texts), title=self.title)

    def _belongs(self, block: Block, container: HtmlElement) -> bool:
        if block.hidden:
            return False
        kind = kind_of(block, container)
        if kind not in self.layout.kinds and block.letters > _STRANGE_LETTERS:
            raise MisfitError(f"a new kind of line: {kind}")
        return self.layout.kinds.get(kind, False)

    def _blocks_in(self, element: HtmlElement) -> list[Block]:
        within = set(element.iter())
        return [block for block in self.blocks if block.element in within]

    def _place(self, path: str) -> HtmlElement | None:
        if path not in self._places:
            self._places[path] = found(self.page.tree, path) if path else None
        return self._places[path]

    def _element(self, path: str, what: str) -> HtmlElement:
        element = self._place(path)
        if element is None:
            raise MisfitError(f"no {what} at its place")
        return element


def read_by_layout(
    pending: PendingExtraction,
    page: Page,
    outlet: Outlet | None,
    now: datetime,
    *,
    layout: Layout,
    version: int,
) -> Article:
    """The article on a page, by its outlet's layout.

    Raises:
        MisfitError, UnsureError: others have to read it.
    """
    claims = claims_of(page)
    return Templated(pending, page, claims, outlet, now, layout=layout, version=version).article()
