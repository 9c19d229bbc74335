"""
Feeds of the make-believe press: RSS 2.0, Atom and RSS 1.0, with the quirks real ones have.

    Site, PressFeed → the feed's text
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from markupsafe import Markup

from tests.newsroom.articles import PressFeed
from tests.newsroom.desk import Printed, Site, Trouble
from tests.newsroom.layouts import TEMPLATES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """One entry as a feed writes it."""

    printed: Printed
    link: str
    published: str
    updated: str
    summary: Markup
    content: Markup


def feed_text(site: Site, feed: PressFeed) -> str:
    """The feed as it is now, with the XML declaration this outlet would give it."""
    template = TEMPLATES.get_template(f"feeds/{feed.kind}.xml")
    declared = f' encoding="{site.outlet.charset}"' if site.outlet.declares_charset else ""
    return f'<?xml version="1.0"{declared}?>\n' + template.render(
        site=site,
        outlet=site.outlet,
        feed=feed,
        entries=[_listed(site, feed, printed) for printed in _in_feed(site, feed)],
        built=_stamp(site, feed, site.changed_at),
    )


def _in_feed(site: Site, feed: PressFeed) -> list[Printed]:
    if site.trouble is Trouble.SILENT:
        return []
    return [one for one in site.listed if feed.section in {None, one.article.section}]


def _listed(site: Site, feed: PressFeed, printed: Printed) -> _Listed:
    tracking = site.outlet.tracking
    href = site.href(printed.path)
    joint = "&" if "?" in href else "?"
    return _Listed(
        printed=printed,
        link=f"{href}{joint}{tracking}" if tracking else href,
        published=_stamp(site, feed, printed.published_at),
        updated=_stamp(site, feed, printed.changed_at),
        summary=_summary(site, printed),
        content=_content(printed) if feed.bodies == "full" else Markup(),
    )


def _stamp(site: Site, feed: PressFeed, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(site.outlet.time_zone))
    if "naive_dates" in site.outlet.quirks:
        return f"{local:%Y-%m-%dT%H:%M:%S}"
    return format_datetime(local) if feed.kind == "rss2" else local.isoformat(timespec="seconds")


def _summary(site: Site, printed: Printed) -> Markup:
    text = f"<p>{escape(printed.article.summary, quote=False)}</p>"
    if "appeared_first" in site.outlet.quirks:
        text += TEMPLATES.get_template("feeds/appeared_first.html").render(site=site, printed=printed)
    return Markup(escape(text) if "escaped_twice" in site.outlet.quirks else text)


def _content(printed: Printed) -> Markup:
    paragraphs = (f"<p>{escape(text, quote=False)}</p>" for text in printed.article.paragraphs)
    return Markup("\n".join(paragraphs))
