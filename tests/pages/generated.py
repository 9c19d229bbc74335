"""
More pages in the layout of a stored one: its title and paragraphs exchanged for others of this project.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from tests.newsroom.articles import Kind, load_articles
from tests.pages.floor import PAGES

#: Layouts whose pages hold title and text once each, and differ as sites differ.
LAYOUTS = (
    "wadi-today/bridge",
    "nabd-alsahel/ferry",
    "akhbar-almadina/snow",
    "hadath-alnil/library",
    "zawaya/cave",
)
#: Summaries in a page's head are cut; so much of a paragraph is found there.
_CUT = 60


class GeneratedPage(NamedTuple):
    """A page and what it holds."""

    body: bytes
    gold: dict[str, Any]


def pages_like(name: str, count: int) -> Iterator[GeneratedPage]:
    """`count` pages in the layout of the stored page `name`, no two with the same title."""
    html, gold = stored(name)
    for title, texts in islice(_articles(gold["title"]), count):
        made, body = html.replace(gold["title"], title), []
        for old, new in zip(gold["body"].split("\n"), texts, strict=False):
            made = made.replace(old, new).replace(old[:_CUT], new[:_CUT])
            body.append(new)
        body += gold["body"].split("\n")[len(texts) :]
        yield GeneratedPage(made.encode(), gold | {"title": title, "body": "\n".join(body)})


def stored(name: str) -> tuple[str, dict[str, Any]]:
    """The text and the gold of a stored page in UTF-8."""
    page = page_of(name)
    return page.body.decode("utf-8"), page.gold


def page_of(name: str) -> GeneratedPage:
    """A stored page as it is."""
    outlet, page = name.split("/")
    gold: dict[str, Any] = json.loads((PAGES / outlet / "gold" / f"{page}.json").read_text("utf-8"))
    return GeneratedPage((PAGES / f"{name}.html").read_bytes(), gold)


@cache
def _press() -> list[tuple[str, tuple[str, ...]]]:
    """Titles and texts of the make-believe press."""
    return [
        (article.title, article.paragraphs)
        for article in load_articles().values()
        if article.kind is Kind.ARTICLE and article.language == "ar" and not article.republishes
    ]


def _articles(but: str) -> Iterator[tuple[str, list[str]]]:
    """Titles with paragraphs, which are shuffled so that no two pages hold the same text."""
    paragraphs = [text for _, texts in _press() for text in texts if len(text) > _CUT]
    for number, (title, _) in enumerate(_press()):
        if title != but:
            yield title, [paragraphs[(7 * number + 31 * place) % len(paragraphs)] for place in range(7)]
