"""
The body: which blocks of a page are its article?

The general extractor says where the text is; we take the blocks it means, as published, and mend what
it gets wrong on Arabic pages: list items and paragraphs dropped in between, a lead outside the body's
container, headings and lines of the template around it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile, zip_longest

from lxml.html import HtmlElement

from pipeline.arabic.language import arabic_letters
from pipeline.extract.blocks import Block

#: From this many letters and digits on, a block that occurs in a text is there on purpose.
_LONG = 25
#: A lead is at least this long; shorter lines before the body are labels.
_LEAD_LETTERS = 40
#: A teaser cut short may end within a word.
_CUT_LETTERS = 3
#: How many blocks above the body its lead may stand: figures and dates come between.
_LEAD_REACH = 25
#: The container holds this share of the body's letters.
_CONTAINER_SHARE = 0.8
#: Of the text found, this share has to be among the blocks for the blocks to stand for it.
_MAPPED_ENOUGH = 0.8
#: Boxes hold no more than this share of the letters, or they are how the page is built.
_BOXED_SHARE = 0.4
#: A line of fewer words outside the container is a label, a heading, a notice.
_SENTENCE_WORDS = 15
#: A block between two of the body's, with fewer links than this, belongs to it.
_FEW_LINKS = 0.3
_MIN_FILL_LETTERS = 12
#: No text has more quotes of itself.
_MOST_PULLED = 20
_PULLED = re.compile(r"pull|quote", re.IGNORECASE)
_PARAGRAPHS = frozenset({"p", "li", "blockquote", "dd", "dt", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "li", "dl", "dd", "dt", "blockquote"})


def blocks_meant(blocks: Sequence[Block], keyed_lines: Sequence[str]) -> list[Block]:
    """The blocks of a page an extractor's lines were made of, in order.

    `keyed_lines` are its lines as `characters.key` leaves them. Empty where less than most of the
    text is found again among the blocks.
    """
    whole = "".join(keyed_lines)
    shown = [block for block in blocks if block.key]
    anchors = _anchors(shown, whole)
    if not anchors:
        return []
    lines = Counter(keyed_lines)
    meant = [block for block in shown if block in anchors or _is_small_part(block, anchors, whole, lines)]
    covered = sum(len(block.key) for block in meant)
    return meant if covered >= _MAPPED_ENOUGH * len(whole) else []


def _anchors(shown: Sequence[Block], whole: str) -> set[Block]:
    """Blocks that surely are meant: long ones, each text once; in a short text all of them."""
    least = _LONG if len(whole) > 4 * _LONG else 1
    once: dict[str, Block] = {}
    for block in shown:
        if len(block.key) >= least and block.key in whole:
            known = once.get(block.key)
            if known is None or (known.hidden, known.link_share) > (block.hidden, block.link_share):
                once[block.key] = block
    repeated = {text for text in once if whole.count(text) > 1}
    return set(once.values()) | {block for block in shown if block.key in repeated and not block.hidden}


def _is_small_part(block: Block, anchors: set[Block], whole: str, lines: Counter[str]) -> bool:
    """Whether a short block belongs to the text: a heading, a signature, an item of a list."""
    if len(block.key) >= _LONG:
        return False
    first, last = min(anchor.index for anchor in anchors), max(anchor.index for anchor in anchors)
    if first < block.index < last:
        least = 2 if block.tag in {"td", "th"} else 5  # an extractor writes a row in one line
        return block.key in lines or (len(block.key) > least and block.key in whole)
    return first - 6 <= block.index <= last + 3 and block.key in lines


def container_of(body: Sequence[Block]) -> HtmlElement | None:
    """The innermost element that holds most of the body; menus an extractor took with it do not count."""
    weights: Counter[HtmlElement] = Counter()
    depth: dict[HtmlElement, int] = {}
    for block in body:
        ancestors = block.ancestors()
        for height, element in enumerate(ancestors):
            weights[element] += block.letters - block.linked
            depth.setdefault(element, len(ancestors) - height)
    total = sum(block.letters - block.linked for block in body)
    holding = [element for element, weight in weights.items() if weight >= _CONTAINER_SHARE * total]
    return max(holding, key=lambda element: depth[element], default=None)


def without_boxes(body: Sequence[Block], container: HtmlElement | None) -> list[Block]:
    """The body without boxes in its midst that are marked as another matter, unless they are most of it."""
    if container is None:
        return list(body)
    boxed = {block for block in body if block.is_boxed(container)}
    share = sum(block.letters for block in boxed) / max(1, sum(block.letters for block in body))
    return [block for block in body if block not in boxed or share > _BOXED_SHARE]


def without_pulled(body: Sequence[Block]) -> list[Block]:
    """The body without quotes of itself, which designers pull out of it."""
    quotes = [block for block in body if _is_set_as_quote(block)]
    pulled = {block for block in quotes[:_MOST_PULLED] if _is_said_again(block, body)}
    return [block for block in body if block not in pulled]


def _is_set_as_quote(block: Block) -> bool:
    around = block.ancestors()[:3]
    return any(
        element.tag in {"blockquote", "q"} or _PULLED.search(element.get("class", "")) for element in around
    )


def _is_said_again(block: Block, body: Sequence[Block]) -> bool:
    return any(block.key in other.key for other in body if other is not block)


def without_strays(body: Sequence[Block], container: HtmlElement | None) -> list[Block]:
    """The body without headings, labels and notices of the template, which stand outside its container."""
    return [
        block
        for block in body
        if container is None or container in block.ancestors() or not _is_stray(block, container)
    ]


def _is_stray(block: Block, container: HtmlElement) -> bool:
    """A signature in brackets may stand outside, and so may a lead; little else does."""
    if block.text.endswith(")") and block.element.getparent() is container.getparent():
        return False
    return len(block.text.split()) < _SENTENCE_WORDS or block.is_set_apart(None)


def filled(blocks: Sequence[Block], body: Sequence[Block], container: HtmlElement | None) -> list[Block]:
    """The body with paragraphs and list items that were dropped between its blocks or at its end."""
    if container is None or not body:
        return list(body)
    chosen = {block.index for block in body}
    homes = {home for block in body if (home := _home(block)) is not None}
    last = body[-1].index + 1
    between = [
        block
        for block in blocks[body[0].index : last]
        if block.index in chosen or (_home(block) in homes and _is_text(block, container))
    ]
    after = takewhile(
        lambda block: _home(block) is _home(body[-1]) and _is_closing(block, container), blocks[last:]
    )
    return [*between, *after]


def _is_closing(block: Block, container: HtmlElement) -> bool:
    """Whether a block below the body is of it: a sentence or an item of its list, and no link in it."""
    is_whole = block.tag == "li" or block.text.endswith((".", "؟", "!", "…"))
    return is_whole and not block.linked and _is_text(block, container)


def _home(block: Block) -> HtmlElement | None:
    """The element whose children are paragraphs: a list's items live where the list does."""
    home = block.element if block.tag not in _PARAGRAPHS else block.element.getparent()
    while home is not None and home.tag in _LISTS:
        home = home.getparent()
    return home


def _is_text(block: Block, container: HtmlElement) -> bool:
    return (
        not block.hidden
        and block.link_share < _FEW_LINKS
        and 2 * arabic_letters(block.text) >= block.letters >= _MIN_FILL_LETTERS
        and not block.is_set_apart(container)
    )


def lead_of(blocks: Sequence[Block], body: Sequence[Block], descriptions: Sequence[str]) -> Block | None:
    """The lead above the body, where feed or page quote it as their summary.

    `descriptions` are keys of summaries; publishers cut them anywhere. What the body begins a paragraph
    with is a teaser of it, and no lead.
    """
    if not body:
        return None
    paragraphs = [block.key for block in body]
    above = blocks[max(0, body[0].index - _LEAD_REACH) : body[0].index]
    for block in above:
        if block.hidden or block.letters < _LEAD_LETTERS or block.link_share > _FEW_LINKS:
            continue
        told = any(_tells_of(description, block.key) for description in descriptions)
        if told and not _is_teaser(block.key, paragraphs):
            return block
    return None


def without_teasers(body: Sequence[Block]) -> list[Block]:
    """A body without the lines that the paragraph below begins with anyway."""
    return [
        block
        for block, below in zip_longest(body, body[1:])
        if below is None or block.letters < _LEAD_LETTERS or not _is_teaser(block.key, [below.key])
    ]


def _is_teaser(key: str, paragraphs: Sequence[str]) -> bool:
    """Whether a paragraph begins with the line, its end apart."""
    return any(paragraph.startswith(key[:-_CUT_LETTERS]) for paragraph in paragraphs)


def is_described(body: Sequence[Block], descriptions: Sequence[str]) -> bool:
    """Whether a line of the body is what feed or page quote as its summary."""
    return any(_tells_of(description, block.key) for block in body for description in descriptions)


def _tells_of(description: str, lead: str) -> bool:
    """Whether a summary quotes a lead: they begin alike."""
    shared = min(len(description), len(lead))
    kept = shared - _CUT_LETTERS
    return shared >= _LEAD_LETTERS and description[:kept] == lead[:kept]
