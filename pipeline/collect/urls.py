"""
URLs: the key two links are compared by, and the address that is fetched.

The URL fetched is always the published one. The key may go further, because nothing is fetched
by it; but it only undoes what cannot tell two articles apart.

Pure.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

#: Longer ones are mistakes or attacks; few servers take them.
MAX_URL_CHARS = 4096

_PORTS = {"http": 80, "https": 443}
#: What no address holds: browsers strip some of these, and stumble over the others.
_STRIPPED = re.compile(r"[\x00-\x1f\x7f]")
_HOSTLESS = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ONE_ESCAPE = re.compile(r"(%[0-9A-F]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
#: Characters that stand for themselves in a path or query; "%" has been seen to before.
_KEPT = "%/:?#@!$&'()*+,;=~-._"

#: Parameters that say where a reader came from. `id`, `cid`, `sid`, `p`, `ref`, `source` are *not*
#: here: on some Arabic site each of them tells articles apart.
_TRACKING = frozenset({
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid",
    "msclkid", "yclid", "ysclid", "_openstat", "twclid", "ref_src", "ttclid", "li_fat_id", "igshid", "igsh",
    "mibextid", "__twitter_impression", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source",
    "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp",
    "hsctatracking", "oly_enc_id", "oly_anon_id", "vero_id", "vero_conv", "wickedid", "rb_clickid",
    "_branch_match_id", "xtor", "maca", "traffic_source", "wt_mc", "wt_zmc", "cmpid", "s_cid", "ocid",
    "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee", "guccounter", "guce_referrer",
    "guce_referrer_sig", "phpsessid", "jsessionid",
})  # fmt: skip
#: Families of them. BBC's `at_medium`, `at_campaign`…; Matomo's `pk_`, `mtm_`; sessions of ASP.
_TRACKING_FAMILY = re.compile(
    r"utm_\w|at_(?:medium|campaign|custom\d|link|format|bbc|ptr|tag)|pk_(?:campaign|kwd|keyword|source|medium)"
    r"|mtm_\w|itm_(?:campaign|medium|source|content|term)|hsa_\w|aspsessionid\w"
)
#: Sessions in a path, where there are no cookies: Java's and ASP.NET's.
_SESSIONS = (
    re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE),
    re.compile(r"/\((?:[A-Z]\([\w-]{16,64}\))+\)(?=/)", re.IGNORECASE),
)
#: A fragment that scripts take for the path: all that tells such a site's articles apart.
_ROUTE = re.compile(r"!?/.")


def canonical_url(url: str) -> str:
    """The comparison key of `url`: equal for addresses that cannot be two articles.

    One scheme, lower-case host, no default port, one spelling of percent-encoding (NFC, UTF-8), one
    order of named parameters, no known tracking parameter, no fragment that is not a route. Path case
    and every other parameter stay. ASCII and idempotent; an address that cannot be taken apart is
    its own key.

    >>> canonical_url("HTTP://Example.COM:80/%d8%a3/?utm_source=rss&id=7#top")
    'https://example.com/%D8%A3/?id=7'
    """
    cleaned = _STRIPPED.sub("", url).strip()
    try:
        parts = urlsplit(cleaned)
        authority = _authority(parts)
    except ValueError:
        return cleaned
    if not authority.rpartition("@")[2]:
        return cleaned
    path = _without_dots(_without_session(_spelled(parts.path))) or "/"
    scheme = parts.scheme.lower()
    if scheme == "http":  # no site has other articles there; the port of the one is none of the other's
        scheme, authority = "https", authority.removesuffix(":443")
    route = _spelled(parts.fragment) if _ROUTE.match(parts.fragment) else ""
    return urlunsplit((scheme, authority, path, _identity(_spelled(parts.query)), route))


def article_id(canonical: str) -> str:
    """The id of the article at a canonical URL: 32 hex digits, the same for ever.

    Changing this function, or :func:`canonical_url`, changes ids in ledger and index.
    """
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def host_of(url: str) -> str:
    """Whom a request for `url` goes to: lower case, with `:port` where it is not the scheme's own.

    Returns:
        "" when there is no host to be read in it.

    >>> host_of("https://News.Example:8443/a"), host_of("http://news.example:80/")
    ('news.example:8443', 'news.example')
    """
    try:
        return _authority(urlsplit(_STRIPPED.sub("", url).strip())).rpartition("@")[2]
    except ValueError:
        return ""


def absolute(base: str, link: str) -> str:
    """The address a link on `base` leads to, spelled as published.

    Returns:
        "" unless it is an http or https address with a host, of bearable length.

    >>> absolute("https://a.example/rss", "//b.example/x"), absolute("https://a.example/rss", "mailto:x")
    ('https://b.example/x', '')
    """
    link = _STRIPPED.sub("", link).strip()
    if not link or _HOSTLESS.match(link):
        return ""
    if re.match(r"www\.[\w-]+\.\w", link):
        link = f"//{link}"
    try:
        joined = urljoin(base, link)
        parts = urlsplit(joined)
        usable = parts.scheme.lower() in _PORTS and bool(parts.hostname) and len(joined) <= MAX_URL_CHARS
        return joined if usable and host_of(joined) else ""
    except ValueError:
        return ""


def _authority(parts: SplitResult) -> str:
    """User, host and port in one spelling. Raises ValueError for a port that is none."""
    host = _ascii_host((parts.hostname or "").rstrip("."))
    if ":" in host:
        host = f"[{host}]"
    if parts.port is not None and parts.port != _PORTS.get(parts.scheme.lower()):
        host = f"{host}:{parts.port}"
    user, separator, _ = parts.netloc.rpartition("@")
    return f"{_spelled(user)}{separator}{host}"


def _ascii_host(host: str) -> str:
    """Lower case; letters beyond ASCII as DNS has them."""
    lowered = host.lower()
    if lowered.isascii():
        return lowered
    try:
        return lowered.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return quote(lowered, safe="", errors="surrogatepass").lower()


def _without_session(path: str) -> str:
    for session in _SESSIONS:
        path = session.sub("", path)
    return path


def _without_dots(path: str) -> str:
    """`.` and `..` resolved, as every client does before asking (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)


def _spelled(text: str) -> str:
    """One spelling of what may be written raw or percent-encoded: NFC, UTF-8, upper-case hex."""
    readable = _ESCAPES.sub(_unescaped, _STRAY_PERCENT.sub("%25", text))
    # Piece by piece: a combining mark after "%3E" must not compose with that E.
    pieces = (unicodedata.normalize("NFC", piece) for piece in _ONE_ESCAPE.split(readable))
    return quote("".join(pieces), safe=_KEPT, errors="surrogatepass")


def _unescaped(match: re.Match[str]) -> str:
    """Escapes of letters undone, those of reserved characters and of other charsets kept."""
    escapes = match.group()
    raw = unquote_to_bytes(escapes)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in raw)
    return "".join(
        character if not character.isascii() or ord(character) in _UNRESERVED else f"%{ord(character):02X}"
        for character in text
    )


def _identity(query: str) -> str:
    """A query without what only says where the reader came from, in one order where order says nothing."""
    # Who escapes a link twice writes "&amp;" between its parameters.
    parts = [re.sub(r"^(?:amp;)+", "", part) for part in query.split("&")]
    kept = [part for part in parts if part and not _is_tracking(part.partition("=")[0])]
    if all("=" in part for part in kept):
        kept.sort(key=lambda part: part.partition("=")[0])
    return "&".join(kept)


def _is_tracking(name: str) -> bool:
    return name.lower() in _TRACKING or bool(_TRACKING_FAMILY.match(name.lower()))
