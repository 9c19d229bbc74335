"""
The title: the headline as the page shows it, without the name of the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.extract.blocks import Block
from pipeline.extract.characters import clean_line, key, overlap
from pipeline.extract.claims import Claims
from pipeline.extract.links import is_front_page

#: What stands between headline and name of the site. A hyphen counts with spaces around it only.
_SEPARATORS = re.compile(
    r"\s+[-\u2013\u2014~]\s+|\s*[|\u00bb\u00ab\u203a\u2022]\s*|\s+::?\s+|\s*::\s*|\s+/\s+"
)
#: Some print one between site and headline; most have it in headlines.
_COLON = re.compile(r":\s+")
#: A headline has at least so many letters and digits.
_MIN_KEY = 6
#: A heading is the headline when it shares this much of its words with what is claimed elsewhere.
_ALIKE = 0.6
_MAX_CHARS = 400


def title_of(blocks: Sequence[Block], claims: Claims, *, feed_title: str, site_names: Iterable[str]) -> str:
    """The article's title, or "" when there is none.

    What the page shows as its heading wins over what it tells social networks, search engines and
    feeds; these say which of its headings it is.
    """
    sites = {key(name) for name in (*site_names, *claims.site_names) if key(name)}
    claimed = [
        title for title in (*claims.headlines, *claims.social_titles, feed_title) if key(title) not in sites
    ]
    headings = [
        block
        for block in blocks
        if block.heading == "h1" and _is_headline(block.text, sites) and not _leads_home(block)
    ]
    told = [*claimed, claims.window_title]
    shown = _shown(blocks, told, sites)
    best = max(headings, key=lambda block: _support(block.text, told), default=None)
    if best is not None and _is_it(best, headings, told, shown):
        return without_site(_without_beside(_whole(best, headings), best, told), sites)
    if shown:
        return shown
    for title in told:
        cleaned = without_site(title, sites)
        if _is_headline(cleaned, sites):
            return cleaned
    return best.text if best is not None else ""


def _is_it(best: Block, headings: Sequence[Block], told: Sequence[str], shown: str) -> bool:
    """Whether a heading is the headline rather than the name of the site beside it in the titles told."""
    if len(headings) > 1 and _support(best.text, told) < _ALIKE:
        return False
    is_part = any(key(best.text) in key(title) and key(shown) in key(title) for title in told)
    return not (is_part and len(key(shown)) > len(key(best.text)))


def _without_beside(heading: str, best: Block, told: Sequence[str]) -> str:
    """A heading without the subtitle or kicker that stands in it as an element, where titles told are."""
    wanted = {key(part) for title in told for part in _parts(title)}
    ends = range(1, len(best.pieces))
    runs = [*(best.pieces[:end] for end in reversed(ends)), *(best.pieces[end:] for end in ends)]
    shorter = (clean_line("".join(run)) for run in runs)
    return (
        heading
        if key(heading) in wanted
        else next((text for text in shorter if key(text) in wanted), heading)
    )


def without_site(title: str, sites: Iterable[str] = ()) -> str:
    """A title without the site's name before or after it.

    >>> without_site("عنوان الخبر - موقع", {key("موقع")})
    'عنوان الخبر'
    """
    title = clean_line(title)[:_MAX_CHARS]
    known = set(sites)
    pieces = _pieces(title)
    kept = [piece for piece in pieces if key(title[slice(*piece)]) not in known]
    if not kept or len(kept) == len(pieces):
        return title
    return title[kept[0][0] : kept[-1][1]].strip()


def site_names_in(titles: Iterable[str], headline: str) -> set[str]:
    """Keys of what stands beside the headline in a page's titles: names of the site, of a section."""
    wanted = key(headline)
    longer = (clean_line(title)[:_MAX_CHARS] for title in dict.fromkeys(titles) if wanted in key(title))
    pieces = (key(title[start:end]) for title in longer for start, end in _pieces(title))
    return {keyed for keyed in pieces if keyed and keyed not in wanted}


def _whole(best: Block, headings: Sequence[Block]) -> str:
    """A heading that was broken into lines, in one."""
    same = [block for block in headings if block.element is best.element]
    return " ".join(block.text for block in same)


def _is_headline(text: str, sites: set[str]) -> bool:
    keyed = key(text)
    return len(keyed) >= _MIN_KEY and keyed not in sites and len(text) <= _MAX_CHARS


def _leads_home(block: Block) -> bool:
    """Whether a heading is a link to the front page: it says whose page this is."""
    links = [*block.element.iterancestors("a"), *block.element.iter("a")] if block.link_share == 1 else []
    return any((link.get("href") or "").strip("# ") and is_front_page(link.get("href")) for link in links)


def _support(text: str, claimed: Sequence[str]) -> float:
    return max((overlap(text, title) for title in claimed if title), default=0.0)


def _shown(blocks: Sequence[Block], claimed: Sequence[str], sites: set[str]) -> str:
    """The longest part of a claimed title that stands on the page as a line, or two, of its own."""
    lines = {block.key: block.text for block in blocks if block.letters and block.link_share < 1}
    for above, below in pairwise(blocks):
        if above.element.getparent() is below.element.getparent() and above.tag == below.tag:
            lines.setdefault(above.key + below.key, f"{above.text} {below.text}")
    found = [
        lines[key(part)]
        for title in claimed
        for part in (*_parts(title), *_COLON.split(title))
        if key(part) in lines and len(part.split()) > 2 and _is_headline(part, sites)
    ]
    return max(found, key=len, default="")


def _pieces(title: str) -> list[tuple[int, int]]:
    """Where the pieces of a title stand."""
    edges = [0, *(edge for match in _SEPARATORS.finditer(title) for edge in match.span()), len(title)]
    return [
        (start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if title[start:end].strip()
    ]


def _parts(title: str) -> list[str]:
    """A title, and every run of its pieces."""
    title = clean_line(title)[:_MAX_CHARS]
    pieces = _pieces(title)[:8]
    return [title[first[0] : last[1]] for number, first in enumerate(pieces) for last in pieces[number:]]
