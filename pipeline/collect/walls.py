"""
Pages that stand before the page: challenges, consent, captchas, paywalls.

They come with 200, 202, 403 or 503, and taken for articles they would be indexed under every
headline of an outlet. So what is looked for are the marks their makers leave, and on an ordinary
answer only in a short page: an article may well *mention* a captcha. A page that asks for consent or
a subscription is known by its title, or by its own word that it is not free, and by having hardly
any text beside that: many show the whole article and ask all the same.

Pure.
"""

from __future__ import annotations

import re

from pipeline.collect.answer import Answer

#: A wall is a stub; a page longer than this with status 200 is taken to be one.
_STUB_BYTES = 60_000
#: Scripts of these makers run on ordinary pages as well; alone on so short a page they are the wall.
_BARE_STUB_BYTES = 8_000
_LOOKED_AT_BYTES = 100_000

Marks = tuple[tuple[re.Pattern[bytes], str], ...]


def _marks(*pairs: tuple[str, bytes]) -> Marks:
    return tuple((re.compile(mark, re.IGNORECASE), reason) for reason, mark in pairs)


_SURE: Marks = _marks(
    ("Cloudflare challenge", rb"cf-challenge-running|_cf_chl_opt"),
    ("Cloudflare challenge", rb"<title>\s*(?:just a moment\.\.\.|attention required! \| cloudflare)"),
    ("Imperva challenge", rb"Request unsuccessful\. Incapsula"),
    ("DataDome challenge", rb"(?:geo|ct)\.captcha-delivery\.com"),
    ("PerimeterX challenge", rb"id=.px-captcha"),
    ("Sucuri challenge", rb"sucuri_cloudproxy_js|<title>Sucuri WebSite Firewall"),
    ("DDoS-Guard challenge", rb"<title>DDoS-Guard"),
    ("asks for a human", rb"<title>\s*(?:are you a robot|robot check|human verification|verify you are)"),
    ("asks for a human", rb"<title>\s*(?:security check|bot verification|access denied)"),
    ("wants JavaScript to set a cookie", rb"slowAES\.decrypt"),
)
_ON_A_BARE_PAGE: Marks = _marks(
    ("Imperva challenge", rb"_Incapsula_Resource"),
    ("PerimeterX challenge", rb"_pxAppId\s*="),
    ("AWS WAF challenge", rb"awsWafCookieDomainList|AwsWafIntegration"),
    ("DDoS-Guard challenge", rb"ddos-guard\.net"),
    ("Cloudflare challenge", rb"/cdn-cgi/challenge-platform/"),
)
#: The titles of such pages; Arabic ones in both of the charsets they come in.
_ASKS = (
    (
        "asks for consent",
        r"before you continue|your privacy|(?:cookie|privacy) (?:consent|wall|settings)",
        ("قبل المتابعة", "قبل أن تتابع", "ملفات تعريف الارتباط", "نحترم خصوصيتك", "خصوصيتك تهمنا"),
        # before continuing, before you continue, cookies, we respect your privacy, we care for it
    ),
    (
        "asks for a subscription",
        r"subscribe to (?:continue|read)|subscription required|log in to continue|sign in to continue",
        ("اشترك للمتابعة", "اشترك لتقرأ", "محتوى للمشتركين", "للمشتركين فقط", "سجل الدخول للمتابعة"),
        # subscribe to continue, subscribe to read, for subscribers, subscribers only, log in to continue
    ),
)
_NOT_FREE = re.compile(
    rb"isAccessibleForFree[\"']?\s*[:=]\s*[\"']?\s*(?:https?://schema\.org/)?false", re.IGNORECASE
)
#: An article that stands whole in the page's own metadata.
_WHOLE_ARTICLE = re.compile(rb"\"articleBody\"\s*:\s*\"[^\"]{800}")
_PARAGRAPH = re.compile(rb"<p\b[^>]{0,500}>(.{0,20000}?)</p>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^>]{0,2000}>|\s+|&\w{1,10};")
#: Bytes of its paragraphs' text under which a page holds no article: some 400 Arabic letters.
_TEASER_BYTES = 800
_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "", "AWS WAF challenge"),
    ("x-datadome-cid", "", "DataDome challenge"),
    ("x-sucuri-block", "", "Sucuri block"),
)
_ASKING: Marks = tuple(
    (
        re.compile(
            rb"<title[^>]{0,200}>[^<]{0,100}(?:%s)"
            % b"|".join(
                [
                    english.encode(),
                    *(
                        re.escape(words.encode(charset))
                        for words in arabic
                        for charset in ("utf-8", "cp1256")
                    ),
                ]
            ),
            re.IGNORECASE,
        ),
        reason,
    )
    for reason, english, arabic in _ASKS
)
_CONSENT_HOST = re.compile(
    r"^https?://(?:consent|guce|myprivacy|cmp|cookiewall)\.[^/]+/|^https?://[^/]+/(?:cookie-?wall|consent)(?:[/?]|$)",
    re.IGNORECASE,
)


def wall(answer: Answer) -> str | None:
    """What stands before the page, in a few words; None when nothing is known to."""
    for name, value, reason in _HEADERS:
        sent = answer.header(name)
        if sent is not None and value in sent.lower() and (value or answer.status != 200):
            return reason
    if answer.hops and _CONSENT_HOST.match(answer.final_url):
        return "consent page"
    if answer.status == 200 and len(answer.body) > _STUB_BYTES:
        return None
    head = answer.body[:_LOOKED_AT_BYTES]
    marks = _SURE + _ON_A_BARE_PAGE if len(answer.body) <= _BARE_STUB_BYTES else _SURE
    return next((reason for mark, reason in marks if mark.search(head)), None) or _asking(answer.body)


def _asking(body: bytes) -> str | None:
    """What a page asks for instead of showing an article."""
    asks = next((reason for mark, reason in _ASKING if mark.search(body)), None)
    asks = asks or ("asks for a subscription" if _NOT_FREE.search(body) else None)
    if not asks or _WHOLE_ARTICLE.search(body) or _text_bytes(body) >= _TEASER_BYTES:
        return None
    return asks


def _text_bytes(body: bytes) -> int:
    return sum(len(_TAG.sub(b"", paragraph)) for paragraph in _PARAGRAPH.findall(body))
