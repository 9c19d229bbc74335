"""
One record of an imported file to an article.

    {"url", "title", "body", "date", "outlet", …} → Article

Pure. Fields it does not know are left alone; a field it knows and cannot read makes the record
wrong, with a sentence on what would be right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pipeline.collect.urls import absolute, article_id, canonical_url
from pipeline.importing.dates import date_of
from pipeline.importing.genres import genre_named, genre_of_outlet
from pipeline.importing.outlets import outlet_id_of, outlet_id_of_url
from pipeline.records import Article

#: A longer body is no article; it would only cost time and memory in every later step.
MAX_BODY_CHARS: Final = 1_000_000

#: C0 and C1 controls but newline and tab; PostgreSQL refuses the first of them.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")

Fields = Mapping[str, Any]


class WrongFieldError(ValueError):
    """A field that cannot be read; the message says which, and what would be right."""


def article_of(fields: Fields, *, now: datetime) -> Article:
    """The article a record describes.

    A record without a title has the title `""`: nothing is invented. It is known by its canonical
    URL or, without one, by outlet and `id`, or else by outlet, title and body.

    Raises:
        WrongFieldError: in words for whoever made the file.
    """
    url = _url(fields)
    title, body = _line(fields, "title"), _body(fields)
    outlet_id = _outlet_id(fields, url)
    return Article(
        article_id=_identity(fields, url=url, outlet_id=outlet_id, title=title, body=body),
        outlet_id=outlet_id,
        url=url,
        title=title,
        body=body,
        first_seen_at=now,
        author=_line(fields, "author"),
        section=_line(fields, "section"),
        tags=_tags(fields),
        image_url=_line(fields, "image_url"),
        date=date_of(fields.get("date"), now=now),
        body_from="import",
        genre=genre_named(_line(fields, "genre")) or genre_of_outlet(outlet_name(fields)),
        extractor="import",
    )


def _identity(fields: Fields, *, url: str, outlet_id: str, title: str, body: str) -> str:
    if url:
        return article_id(canonical_url(url))
    own_id = _own_id(fields)
    known_by = ("id", own_id) if own_id else ("text", title, body)
    return article_id("\x1f".join(("import", outlet_id, *known_by)))


def _url(fields: Fields) -> str:
    stated = _line(fields, "url")
    url = absolute("", stated)
    if stated and not url:
        raise WrongFieldError(
            f"url {_shown(stated)} is not an http or https address; leave it out where there is none"
        )
    return url


def _own_id(fields: Fields) -> str:
    value = fields.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _line(fields, "id")


def _outlet_id(fields: Fields, url: str) -> str:
    if name := outlet_name(fields):
        return outlet_id_of(name)
    if url:
        return outlet_id_of_url(url)
    raise WrongFieldError("neither outlet nor url; say who published it under 'outlet'")


def outlet_name(fields: Fields) -> str:
    """Who published it, as the record writes it; empty where it does not say."""
    return _line(fields, "outlet")


def _body(fields: Fields) -> str:
    body = _text(fields, "body")
    if not body:
        raise WrongFieldError("no body; each record needs the article's text under 'body'")
    if len(body) > MAX_BODY_CHARS:
        raise WrongFieldError(
            f"a body of {len(body):,} characters; an article has at most {MAX_BODY_CHARS:,}"
        )
    return body


def _tags(fields: Fields) -> tuple[str, ...]:
    value = fields.get("tags")
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise WrongFieldError(f"tags is {_kind(value)}; write a list of texts")
    return tuple(dict.fromkeys(clean for tag in value if (clean := " ".join(_clean(tag).split()))))


def _line(fields: Fields, name: str) -> str:
    return " ".join(_text(fields, name).split())


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise WrongFieldError(f"{name} is {_kind(value)}; write a text")
    return _clean(value)


def _clean(value: str) -> str:
    """NFC, no controls, one newline between paragraphs."""
    text = _LONE_SURROGATES.sub("\ufffd", unicodedata.normalize("NFC", value))
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line for raw in plain.split("\n") if (line := raw.strip()))


def _shown(value: str) -> str:
    return repr(value if len(value) <= 80 else f"{value[:79]}…")


def _kind(value: object) -> str:
    names = {
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), type(value).__name__)
