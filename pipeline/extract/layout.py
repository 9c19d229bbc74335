"""
How an outlet lays out its pages: what several of them agree on.

    what was seen on each (`pipeline.extract.seen`) → Layout

Both are plain structures of texts, as the ledger keeps them and people read them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from lxml.html import HtmlElement

from pipeline.extract.blocks import Block
from pipeline.extract.paths import common, given_classes, tag_of, tags_of, trunk

#: Pages that have to agree before their layout is believed to be the outlet's.
AGREE = 5
#: Elements whose classes say how a line looks, not which box it stands in.
_LINES = frozenset(re.findall(r"\w+", "p span b strong em i a li h1 h2 h3 h4 h5 h6 blockquote font br u"))
#: From this share of linked letters on a line is of a kind of its own.
_LINKED = 0.8
#: The section is looked for on the whole page: where it stands differs.
ANYWHERE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things stand on the pages of an outlet; paths as `pipeline.extract.paths` writes them."""

    title: str
    body: str  #: the element that holds all of the body, and may hold more
    kinds: Mapping[str, bool]  #: of lines within it: whether they belong to the body
    date: str = ""  #: "" where no reader sees it, or it does not always stand in one place
    author: str = ""
    section: str = ""
    told: bool = True  #: other accounts of the title agree with the one that is shown

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)

    @property
    def root(self) -> str:
        """The innermost element that holds all of it."""
        return trunk([path for path in (self.title, self.body, self.date, self.author) if path])

    def stored(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "body": self.body,
            "kinds": dict(self.kinds),
            "date": self.date,
            "author": self.author,
            "section": self.section,
            "told": self.told,
        }


def kind_of(block: Block, container: HtmlElement) -> str:
    """Which kind of line of its container a block is: the boxes it stands in, and whether it is a link."""
    around, element = [], block.element
    while element is not None and element is not container:
        around.append(_box(element))
        element = element.getparent()
    kind = "/".join(reversed(around)) or "."
    return f"{kind} (link)" if block.link_share >= _LINKED else kind


def _box(element: HtmlElement) -> str:
    tag = tag_of(element)
    return tag if tag in _LINES else tag + "".join(f".{name}" for name in sorted(given_classes(element)))


def agreed(seen: Sequence[Mapping[str, Any]]) -> Layout | None:
    """The layout most pages have in common; None while too few agree."""
    alike: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for page in seen:
        alike[tags_of(page["title"]), tags_of(page["body"])].append(page)
    pages = max(alike.values(), key=len, default=[])
    if len(pages) < AGREE:
        return None
    return Layout(
        title=common([page["title"] for page in pages]),
        body=common([page["body"] for page in pages]),
        kinds=_shared_kinds(pages),
        date=_shared_place(pages, "date"),
        author=_shared_place(pages, "author"),
        section=_shared_place(pages, "section"),
        told=2 * sum(page["told"] for page in pages) > len(pages),
    )


def _shared_kinds(pages: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Whether a kind of line belongs to the body, as most of its letters say."""
    inside, outside = Counter[str](), Counter[str]()
    for page in pages:
        for kind, (within, without) in page["kinds"].items():
            inside[kind] += within
            outside[kind] += without
    return {kind: inside[kind] > outside[kind] for kind in sorted(inside | outside)}


def _shared_place(pages: Sequence[Mapping[str, Any]], name: str) -> str:
    """Where something stands on most pages; "" where it stands on few, or here and there."""
    places = [page[name] for page in pages if page[name]]
    if not places or len(places) * 2 < len(pages):
        return ""
    if ANYWHERE in places or len({tags_of(place) for place in places}) > 1:
        return ANYWHERE if name == "section" else ""
    return common(places)
