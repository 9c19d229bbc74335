"""
Pages that stand before the page: challenges, consent, captchas.

They come with 200, 202, 403 or 503, and taken for articles they would be indexed under every
headline of an outlet. So what is looked for are the marks their makers leave, and on an ordinary
answer only in a short page: an article may well *mention* a captcha.

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
_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "", "AWS WAF challenge"),
    ("x-datadome-cid", "", "DataDome challenge"),
    ("x-sucuri-block", "", "Sucuri block"),
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
    return next((reason for mark, reason in marks if mark.search(head)), None)
