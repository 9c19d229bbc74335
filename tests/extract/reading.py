"""
Pages for the extractor, and short ways to have them read.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from pipeline.extract.fit import Use
from pipeline.extract.read import read_article
from pipeline.records import FeedEntry, Outlet, PageRef
from pipeline.work import PendingExtraction

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OUTLET = Outlet(
    outlet_id="daily",
    title="اليومية",  # The Daily
    title_en="The Daily",
    home="https://daily.example/",
    country="jo",
    time_zone="Asia/Amman",
)
#: A text of no particular interest: what was decided about a library.
TITLE = "بلدية الوادي تعيد فتح مكتبتها العامة بعد ترميم دام عامين"
PARAGRAPHS = (
    "أعلنت بلدية الوادي أن مكتبتها العامة ستفتح أبوابها من جديد يوم الأحد، بعد ترميم استغرق عامين كاملين.",
    "وقالت مديرة المكتبة إن نحو عشرين ألف كتاب نقلت إلى مخازن مؤقتة، ثم أعيدت إلى رفوفها بعد فهرستها.",
    "ويضم المبنى اليوم قاعة للأطفال وأخرى للدوريات، إضافة إلى ركن يعرض صورا قديمة تبرع بها السكان.",
    "وتفتح المكتبة من التاسعة صباحا حتى السابعة مساء، والاشتراك فيها مجاني لطلاب المدارس والجامعات.",
)


def key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def pending(name: str = "one", *, page: bool = True, page_outcome: str = "", **entry) -> PendingExtraction:
    """An entry whose page was fetched just now."""
    url = entry.pop("url", f"https://daily.example/{name}")
    told = FeedEntry(
        entry_id=key(name),
        outlet_id="daily",
        feed_url="https://daily.example/feed",
        url=url,
        canonical_url=url,
        **entry,
    )
    return PendingExtraction(
        entry=told,
        first_seen_at=NOW,
        page=PageRef(file="a.warc.gz", offset=0, length_bytes=1) if page else None,
        final_url=url if page else "",
        fetched_at=NOW,
        page_outcome=page_outcome,
    )


def html(
    *paragraphs: str,
    title: str = TITLE,
    head: str = "",
    above: str = "",
    below: str = "",
    json_ld: dict | None = None,
) -> str:
    """A plain page: headline, what stands above the text, the text, what stands below it."""
    script = (
        f'<script type="application/ld+json">{json.dumps(json_ld, ensure_ascii=False)}</script>'
        if json_ld
        else ""
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8">'
        f"<title>{title} - اليومية</title>{head}{script}</head>"
        f'<body><header><a href="/">اليومية</a></header><main><article>'
        f'<h1>{title}</h1>{above}<div class="story">{text}</div>{below}</article></main>'
        f"<footer>اليومية، صحيفة إلكترونية</footer></body></html>"
    )


def read(
    page: str | bytes,
    entry: PendingExtraction | None = None,
    *,
    use: Use | None = None,
    content_type: str = "text/html",
    outlet=OUTLET,
):
    """What comes of a page."""
    body = page.encode() if isinstance(page, str) else page
    return read_article(entry or pending(), body, content_type, outlet=outlet, now=NOW, use=use)


def article_on(page: str | bytes, entry: PendingExtraction | None = None, **asked):
    """The article on a page that has one."""
    found = read(page, entry, **asked)
    assert found.error is None, found.error
    return found.article


def refusal_of(page: str | bytes, entry: PendingExtraction | None = None, **asked) -> tuple[str, str]:
    """Why a page has none: outcome and reason."""
    found = read(page, entry, **asked)
    assert found.article is None, found.article
    return str(found.error.outcome), found.error.reason
