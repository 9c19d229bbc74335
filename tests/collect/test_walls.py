"""Pages that stand before the page."""

from __future__ import annotations

import pytest

from pipeline.collect.answer import Answer, Hop
from pipeline.collect.walls import wall

URL = "https://alnahr.example/1"
#: Says whether it is free, and shows a sentence.
TEASER = b'<script type="application/ld+json">{"isAccessibleForFree": %s}</script><p>It began'
ARTICLE = ("<p>" + "بلغ منسوب النهر أعلى حد له منذ أعوام. " * 20 + "</p>").encode()  # the river is high


def answer(body=b"", *, status=200, final_url=URL, **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    hops = (Hop(url=URL, status=302, location=final_url),) if final_url != URL else ()
    return Answer(requested_url=URL, final_url=final_url, status=status, headers=pairs, body=body, hops=hops)


@pytest.mark.parametrize(
    "given",
    [
        answer(b"<html><head><title>Just a moment...</title>", status=403),
        answer(b"<title>Attention Required! | Cloudflare</title>", status=403),
        answer(b"<script>window._cf_chl_opt={}</script>", status=503),
        answer(b"x", status=403, cf_mitigated="challenge"),
        answer(b"", status=202, x_amzn_waf_action="challenge"),
        answer(b'<script src="/_Incapsula_Resource?x"></script>'),
        answer(b"<script src='https://geo.captcha-delivery.com/x'></script>", status=403),
        answer(b"<script>slowAES.decrypt(x)</script>"),
        answer(b"<title>Access Denied</title>", status=403),
        answer(b"<p>we value your privacy", final_url="https://consent.alnahr.example/?back=1"),
        answer(b"<title>Before you continue</title><p>We use cookies"),
        answer("<title>النهر | قبل المتابعة</title>".encode()),  # before continuing
        answer("<title>محتوى للمشتركين</title>".encode("cp1256")),  # for subscribers
        answer(TEASER % b"false"),
        answer(TEASER % b'"False"', status=403),
        answer(TEASER % b'"http://schema.org/False"'),
    ],
)
def test_walls_are_known_by_their_makers_marks(given):
    """
    With 200, 202, 403 or 503, by header, body or address.
    """
    assert wall(given)


@pytest.mark.parametrize(
    "given",
    [
        answer(b"<p>text</p>"),
        answer(b"<p>forbidden</p>", status=403),
        answer(b"<p>x</p>" * 20_000 + b"<title>Just a moment...</title>"),
        answer(b"<p>x</p>" * 2_000 + b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'>"),
        answer(b"<p>x</p>" * 2_000 + b"<script src='/_Incapsula_Resource?x'></script>"),
        answer(b"<p>x</p>", x_datadome_cid="abc"),
        answer(TEASER % b"true"),
        answer(TEASER % b"false" + ARTICLE),
        answer(TEASER % b"false" + b'{"articleBody": "' + b"x" * 900 + b'"}'),
        answer("<title>قبل المتابعة</title>".encode() + ARTICLE),
        answer(b"<p>x</p>", final_url="https://alnahr.example/consent-of-the-governed"),
    ],
)
def test_ordinary_pages_are_none(given):
    """
    Also where the maker's script runs on every page, or an article speaks of such things.
    """
    assert wall(given) is None
