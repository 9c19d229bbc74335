"""
Who wrote it: a person or a desk, by plausible rules; else nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from urllib.parse import unquote, urlsplit

from pipeline.arabic.characters import fold
from pipeline.extract.blocks import Block, elements_in, is_of_comment, marked
from pipeline.extract.characters import clean_line, key
from pipeline.extract.phrases import phrases, plain
from pipeline.extract.wire import wire_of

#: Where a name ends: at a date, a place, a role.
_END = re.compile(r"\s*(?:[|/\u2022\u2013\u2014(\[:]|\s-|-\s|\d|[,\u060c]).*$")
_LINK = re.compile(r"https?://|www\.|@|\.(?:com|net|org)\b|[<>{}=_#]")
#: A sentence ends; a title before a name ("Dr.") has one or two letters.
_SENTENCE = re.compile('\\w{3,}\\.|[!?\u061f\u061b;"\u00bb\u00ab]')
_MAX_WORDS = 6
#: A byline is a line of its own, no sentence.
_MAX_LINE_WORDS = 12
#: Names of elements that hold the author.
_MARK = re.compile(
    r"(?:author|by-?line|writer)(?![a-z]*(?:s\b|-?(?:img|image|pic|bio|box|list)))|(?<![^\s_-])by(?![^\s_-])",
    re.IGNORECASE,
)
#: Where links to pages about who writes lead.
_PEOPLE = frozenset(
    re.findall(r"\w+", "author authors writer writers columnist columnists journalist journalists كاتب كتاب")
)
#: What stands between byline, date and place on one line; some draw a dash with a tatweel.
_PARTS = re.compile(r"\s*[|\u2022\u00b7\u2013\u2014]\s*|\s+[-\u0640]\s+|\s*:\s+")


def author_of(
    nearby: Sequence[Block], claimed: Sequence[str], *, feed_author: str, sites: set[str], beside: set[str]
) -> str:
    """The author as the page names them, or "".

    `nearby` are the blocks between title and body, where bylines stand; `sites` keys of names that
    are the site's, `beside` of what stands beside the headline in the page's titles: the site too,
    unless it is linked to as a writer.
    """
    lines = (block.spaced for block in nearby if block.heading not in {"h1", "h2", "h3"})
    bylines = (name for line in lines for part in (line, *_PARTS.split(line)) if (name := byline(part)))
    writers = [name for text in _linked(nearby) if (name := plausible(text, sites))]
    candidates = chain(claimed, bylines, writers, marked(nearby, _MARK), (feed_author,))
    nobody = sites | (beside - set(map(key, writers)))
    return next((name for candidate in candidates if (name := plausible(candidate, nobody))), "")


def _linked(nearby: Sequence[Block]) -> Iterator[str]:
    """Texts of links to the pages of writers."""
    for link in elements_in(nearby, "a"):
        path = unquote(urlsplit(link.get("href", "")).path).casefold().strip("/").split("/")
        if ("author" in (link.get("rel") or "") or not _PEOPLE.isdisjoint(path[:-1])) and not is_of_comment(
            link
        ):
            yield clean_line(link.text_content())


def byline(line: str) -> str:
    """The name on a line that begins like a byline, or "".

    >>> byline("بقلم: سمير الخالد")
    'سمير الخالد'
    """
    words = re.sub("([:,/\u060c])", r" \1 ", line).split()
    if not words or len(words) > _MAX_LINE_WORDS:
        return ""
    for pattern, labelled in ((phrases().labelled_bylines, True), (phrases().bylines, False)):
        match = pattern.match(fold(" ".join(words)))
        if match:
            rest = words[len(match.group().split()) :]
            if rest and (rest[0] in ":,،/" or not labelled):
                return " ".join(rest).lstrip(":,،/- \u0640")
    return ""


def is_byline(line: str) -> bool:
    """Whether a line says who wrote, or what they are, and nothing else."""
    words = plain(line).split()
    return bool(plausible(byline(line), set())) or (
        bool(words) and len(words) <= _MAX_WORDS and bool(phrases().roles.fullmatch(words[0].rstrip(",:،")))
    )


def plausible(candidate: str, sites: set[str]) -> str:
    """The name, if a person or a desk may bear it, else ""; a city or the site may stand beside it."""
    line = clean_line(candidate)
    if _LINK.search(line):
        return ""
    named = (_trimmed(part) for part in _PARTS.split(byline(line) or line))
    return next((name for name in named if _may_be_author(name, sites)), "")


def _trimmed(text: str) -> str:
    """A name without what follows it on its line: a date, a place, a role."""
    words = _END.sub("", text).split()
    end = next((number for number, word in enumerate(words) if plain(word) in phrases().after_names), None)
    return " ".join(words[:end]).strip(" .،:;-|")


def _may_be_author(name: str, sites: set[str]) -> bool:
    if any(key(name) == site or (len(site) > 5 and site in key(name)) for site in sites):
        return False
    return plain(name) in phrases().desks or _is_person(name)


def _is_person(name: str) -> bool:
    words = plain(name).split()
    return (
        2 <= len(words) <= _MAX_WORDS
        and " ".join(words) not in phrases().no_names | phrases().places
        and phrases().no_person.isdisjoint(words)
        and sum(len(word) > 1 for word in words) > 1
        and all(len(word) <= 20 for word in words)
        and not _SENTENCE.search(name)
        and not wire_of("", name)
    )
