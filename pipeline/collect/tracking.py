"""
The part of a query that is identity: what is left when everything that only tells where the reader
came from is gone.

Pure.
"""

from __future__ import annotations

import re

#: Parameters that say where a reader came from, or are theirs: sessions, comment forms. `id`, `cid`,
#: `sid`, `p`, `ref`, `source`, `share`, `CMP`, `ncid`, `smid` are *not* here: on some site each of
#: them tells articles apart.
_TRACKING = frozenset({
    "fbclid", "fbadid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid",
    "srsltid", "msclkid", "yclid", "ysclid", "_openstat", "twclid", "ref_src", "ref_url", "ttclid",
    "li_fat_id", "igshid", "igsh", "epik", "sccid", "rdt_cid", "mibextid", "__twitter_impression",
    "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "mc_cid", "mc_eid", "mkt_tok", "_ga",
    "_gl", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "hsctatracking", "oly_enc_id",
    "oly_anon_id", "vero_id", "vero_conv", "wickedid", "rb_clickid", "_branch_match_id", "sfmc_id",
    "ml_subscriber", "ml_subscriber_hash", "ef_id", "s_kwcid", "dicbo", "outbrainclickid", "soc_src",
    "soc_trk", "wprov", "xtor", "maca", "traffic_source", "wt_mc", "wt_zmc", "wt.mc_id", "cmpid",
    "s_cid", "ocid", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee", "guccounter",
    "guce_referrer", "guce_referrer_sig", "amp_js_v", "amp_gsa", "usqp", "phpsessid", "jsessionid",
    "asp.net_sessionid", "replytocom", "doing_wp_cron",
})  # fmt: skip
#: Families of them. BBC's `at_medium`, `at_campaign`…; Matomo's `pk_`, `mtm_`; sessions of ASP.
_FAMILY = re.compile(
    r"utm_\w|at_(?:medium|campaign|custom\d|link|format|bbc|ptr|tag)|itm_(?:campaign|medium|source|content|term)"
    r"|(?:pk|piwik|matomo)_(?:campaign|kwd|keyword|source|medium|content|cid)|mtm_\w|hsa_\w|aspsessionid\w"
)
#: Who escapes a link twice writes "&amp;" between its parameters.
_ESCAPED_AGAIN = re.compile(r"^(?:amp(?:;|%3B))+", re.IGNORECASE)


def identity_of(query: str) -> str:
    """A query without tracking, in one order where order says nothing, its blanks spelled one way.

    >>> identity_of("utm_source=rss&lang=ar&id=7"), identity_of("id=7?utm_source=rss"), identity_of("7&8")
    ('id=7&lang=ar', 'id=7', '7&8')
    """
    parts = [_without_appendix(_ESCAPED_AGAIN.sub("", part)) for part in query.split("&")]
    kept = [part for part in parts if part and not _is_tracking(part)]
    if all("=" in part for part in kept):
        kept.sort(key=lambda part: part.partition("=")[0])
    return "&".join(kept).replace("+", "%20")


def _without_appendix(part: str) -> str:
    """A parameter without the "?utm_source=…" of who appends that to every link, query or not."""
    pieces = part.split("?")
    while len(pieces) > 1 and _is_tracking(pieces[-1]):
        pieces.pop()
    return "?".join(pieces)


def _is_tracking(part: str) -> bool:
    name = part.partition("=")[0].lower()
    return name in _TRACKING or bool(_FAMILY.match(name))
