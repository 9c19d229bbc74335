"""
Pages of the make-believe press, laid out as real Arabic sites lay out theirs.

    Site, Printed → the page's HTML

The layouts are templates/pages/*.html; `minify` makes one of them a single line without optional tags.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tests.newsroom.articles import Kind
from tests.newsroom.calendars import printed_date
from tests.newsroom.desk import Printed, Site

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

#: Pages that are laid out alike at every outlet.
_OWN_TEMPLATE = {Kind.SECTION: "section", Kind.PAYWALL: "paywall"}


def page_text(site: Site, printed: Printed) -> str:
    """The page of an article, or of what is there in its stead."""
    name = _OWN_TEMPLATE.get(printed.article.kind, site.outlet.layout)
    html = TEMPLATES.get_template(f"pages/{name}.html").render(
        site=site,
        outlet=site.outlet,
        article=printed.article,
        url=site.href(printed.path),
        date_line=printed_date(site.outlet, printed.published_at),
        published=printed.published_at.isoformat(timespec="seconds"),
        modified=printed.changed_at.isoformat(timespec="seconds"),
        others=[one for one in site.most_read if one.path != printed.path],
        json_ld=_json_ld(site, printed),
    )
    return minify(html) if site.outlet.minified else html


def notice_text(site: Site, name: str) -> str:
    """A page that is no article: front, missing, gone, challenge, unavailable."""
    return TEMPLATES.get_template(f"pages/{name}.html").render(site=site, outlet=site.outlet)


def minify(html: str) -> str:
    """One line, without optional end tags and the quotes HTML can do without."""
    line = re.sub(r"\s*\n\s*", " ", html.strip())
    line = re.sub(r"> <(?!/?(?:a|b|strong|span)\b)", "><", line)
    line = re.sub(r"</(?:p|li|td|tr|option)>", "", line)
    return re.sub(r"<[a-z][^<>]*>", lambda tag: re.sub(r'="([\w./:#-]+)"(?=[ >])', r"=\1", tag[0]), line)


def _json_ld(site: Site, printed: Printed) -> Markup:
    article = printed.article
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.summary,
        "datePublished": printed.published_at.isoformat(timespec="seconds"),
        "dateModified": printed.changed_at.isoformat(timespec="seconds"),
        "author": {"@type": "Person", "name": article.author or site.outlet.title},
        "publisher": {"@type": "Organization", "name": site.outlet.title},
        "mainEntityOfPage": site.href(printed.path),
    }
    return Markup(json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"))
