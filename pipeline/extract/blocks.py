"""
A page's visible text as blocks: what a reader sees as paragraphs, headings and lines, in order.

The tree is gone through once and without recursion, so that no depth of nesting can harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extract.characters import clean_line, key, letters

_BLOCK_TAGS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption"
        " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section"
        " summary table tbody td tfoot th thead tr ul caption",
    )
)
_UNSEEN_TAGS = frozenset(
    re.findall(
        r"[\w-]+",
        "script style noscript template svg math canvas head title object embed applet button select option"
        " optgroup textarea datalist input label map area audio video iframe frame noframes"
        # What AMP shows of itself or of others: posts, consent, advertisements, menus.
        " amp-twitter amp-instagram amp-facebook amp-ad amp-embed amp-sidebar amp-consent"
        " amp-user-notification amp-video amp-youtube amp-iframe",
    )
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
#: Names of classes that say: not the article.
_ASIDE_NAME = re.compile(
    r"relat|recommend|promo|newsletter|subscri|share|social|comment|sidebar|widget|advert|\bads?\b|banner|"
    r"popular|most-?read|mostread|trending|breadcrumb|\btags?\b|tag-?(?:list|cloud|s)|caption|footer|cookie|consent|"
    r"modal|popup|read-?(?:more|also|next)|more-?news|also-?read|suggest|disqus|rating|copyright|gallery",
    re.IGNORECASE,
)
#: Names of classes that hold what others posted elsewhere.
_EMBEDDED = re.compile(r"twitter-tweet|instagram-media|fb-post|tiktok-embed|bluesky-embed")
_BOX_TAGS = frozenset({"aside", "nav", "form", "dialog", "footer"})
_BOX_ROLES = frozenset({"complementary", "region", "navigation", "form", "dialog", "search", "banner"})
#: How far up a block's surroundings are looked at.
_MAX_CLIMB = 40
#: How far within a block's element its parts are sought.
_NEAR_HEIGHT = 4
_MARKED_TAGS = ("a", "span", "div", "p", "b", "strong", "li", "address", "h4", "h5", "em", "i")
_MARKED_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """One line of a page as a reader sees it."""

    index: int  #: in the order of the page
    text: str
    key: str
    element: HtmlElement  #: the innermost block element around it
    linked: int  #: letters of it that are links
    letters: int
    hidden: bool
    heading: str = ""  #: the heading it stands in, "h1" to "h6"
    pieces: tuple[str, ...] = ()  #: its text as its inline elements part it

    @property
    def tag(self) -> str:
        return str(self.element.tag)

    @property
    def spaced(self) -> str:
        """Its text with a blank between inline elements, as styles put one between byline and date."""
        return clean_line(" ".join(self.pieces)) if len(self.pieces) > 1 else self.text

    @property
    def link_share(self) -> float:
        return self.linked / self.letters if self.letters else 0.0

    def ancestors(self) -> list[HtmlElement]:
        """Its element and those around it, the innermost first."""
        found: list[HtmlElement] = []
        element = self.element
        while element is not None and len(found) < _MAX_CLIMB:
            found.append(element)
            element = element.getparent()
        return found

    def is_boxed(self, container: HtmlElement) -> bool:
        """Whether it stands in a box within the container that says of itself that it is another matter."""
        for element in self.ancestors():
            if element is container:
                return False
            if element.tag in _BOX_TAGS or (element.get("role") or "").lower() in _BOX_ROLES:
                return True
            if _EMBEDDED.search(element.get("class", "")):
                return True
        return False

    def is_set_apart(self, container: HtmlElement | None) -> bool:
        """Whether it stands in a caption, or in a box whose name says it is not the article."""
        for element in self.ancestors():
            if element is container:
                return False
            if element.tag in {"figcaption", "figure", "nav", "aside", "footer", "form", "caption"}:
                return True
            if _ASIDE_NAME.search(f"{element.get('class', '')} {element.get('id', '')}"):
                return True
        return False


def blocks_of(tree: HtmlElement) -> list[Block]:
    """The visible text of a page, block by block."""
    return _Reader().read(tree)


def elements_in(blocks: Sequence[Block], *tags: str) -> Iterator[HtmlElement]:
    """Elements with one of some tags that are, or stand closely within, the elements of some blocks."""
    seen = set()
    for home in dict.fromkeys(block.element for block in blocks):
        waiting = [(home, 0)]
        while waiting:
            element, depth = waiting.pop()
            if element in seen or not isinstance(element.tag, str):
                continue
            seen.add(element)
            if element.tag in tags:
                yield element
            if depth < _NEAR_HEIGHT:
                waiting.extend((child, depth + 1) for child in reversed(element))


def marked(nearby: Sequence[Block], mark: re.Pattern[str]) -> Iterator[str]:
    """Short texts, in some blocks, of the innermost elements whose names match `mark`; no comments."""
    named = [element for element in elements_in(nearby, *_MARKED_TAGS) if mark.search(_names(element))]
    around = {outer for element in named for outer in element.iterancestors()}
    for element in named:
        if element in around or is_of_comment(element):
            continue
        text = clean_line(" ".join(element.itertext()))
        if 0 < len(text.split()) <= _MARKED_WORDS:
            yield text


def _names(element: HtmlElement) -> str:
    return " ".join(element.get(attribute, "") for attribute in ("class", "id", "itemprop", "rel"))


def is_of_comment(element: HtmlElement) -> bool:
    """Whether an element stands in a reader's comment."""
    around = [element, *list(element.iterancestors())[:_NEAR_HEIGHT]]
    return any("comment" in (one.get("class") or "").lower() for one in around)


class _Reader:
    """Gathers the pieces of the block that is open just now."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[tuple[str, bool]] = []
        self.open: list[HtmlElement] = []
        self.links = 0
        self.hidden = 0
        self.headings: list[str] = []

    def read(self, tree: HtmlElement) -> list[Block]:
        stack: list[tuple[HtmlElement, bool]] = [(tree, False)]
        while stack:
            element, done = stack.pop()
            if done:
                self._leave(element)
                self._take(element.tail)
                continue
            if not isinstance(element.tag, str) or element.tag in _UNSEEN_TAGS:
                self._take(element.tail)
                continue
            self._enter(element)
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
        self._close()
        return self.blocks

    def _enter(self, element: HtmlElement) -> None:
        if element.tag in _BLOCK_TAGS:
            self._close()
            self.open.append(element)
        elif element.tag == "br":
            self._close()
        elif element.tag == "a":
            self.links += 1
        if element.tag in _HEADINGS:
            self.headings.append(element.tag)
        self.hidden += _is_hidden(element)
        self._take(element.text)

    def _leave(self, element: HtmlElement) -> None:
        if element.tag in _BLOCK_TAGS:
            self._close()
            self.open.pop()
        elif element.tag == "a":
            self.links -= 1
        if element.tag in _HEADINGS:
            self.headings.pop()
        self.hidden -= _is_hidden(element)

    def _take(self, text: str | None) -> None:
        if text and self.open:
            self.pieces.append((text, self.links > 0))

    def _close(self) -> None:
        """End the block that is open and keep what it says."""
        pieces, self.pieces = self.pieces, []
        if not pieces or not self.open:
            return
        whole = "".join(piece for piece, _ in pieces)
        linked = letters("".join(piece for piece, is_link in pieces if is_link))
        if self.open[-1].tag == "pre":
            for line in whole.split("\n"):
                self._keep(clean_line(line), linked)
        else:
            self._keep(clean_line(whole), linked, tuple(piece for piece, _ in pieces))

    def _keep(self, text: str, linked: int, pieces: tuple[str, ...] = ()) -> None:
        if not text:
            return
        count = letters(text)
        self.blocks.append(
            Block(
                index=len(self.blocks),
                text=text,
                key=key(text),
                element=self.open[-1],
                linked=min(linked, count),
                letters=count,
                hidden=self.hidden > 0,
                heading=self.headings[-1] if self.headings else "",
                pieces=pieces,
            )
        )


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN_STYLE.search(style))
