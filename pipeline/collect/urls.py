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
#: What browsers strip from an address before reading it.
_STRIPPED = re.compile(r"[\t\r\n]")
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
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid",
    "ttclid", "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi",
    "__twitter_impression", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "xtor", "maca",
    "traffic_source", "wt_mc", "cmpid", "ocid", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname",
    "ns_fee", "guccounter", "guce_referrer", "guce_referrer_sig", "oly_enc_id", "oly_anon_id", "vero_id",
    "phpsessid", "jsessionid",
})  # fmt: skip
#: Families of them. BBC's `at_medium`, `at_campaign`…; Matomo's `pk_`, `mtm_`.
_TRACKING_FAMILY = re.compile(
    r"utm_\w|at_(?:medium|campaign|custom\d|link|format|bbc|ptr|tag)|pk_(?:campaign|kwd|source|medium)|mtm_\w"
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """The comparison key of `url`: equal for addresses that cannot be two articles.

    Lower-case host, no default port, one spelling of percent-encoding (NFC, UTF-8), no fragment, no
    known tracking parameter. Path case, parameter order and every other parameter stay. ASCII and
    idempotent; an address that cannot be taken apart is its own key.

    >>> canonical_url("HTTPS://Example.COM:443/%d8%a3/?utm_source=rss&id=7#top")
    'https://example.com/%D8%A3/?id=7'
    """
    cleaned = _STRIPPED.sub("", url.strip())
    try:
        parts = urlsplit(cleaned)
        authority = _authority(parts)
    except ValueError:
        return cleaned
    path = _SESSION_IN_PATH.sub("", _without_dots(_spelled(parts.path))) or "/"
    return urlunsplit((parts.scheme.lower(), authority, path, _identity(_spelled(parts.query)), ""))


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
        return _authority(urlsplit(url.strip())).rpartition("@")[2]
    except ValueError:
        return ""


def absolute(base: str, link: str) -> str:
    """The address a link on `base` leads to, spelled as published.

    Returns:
        "" unless it is an http or https address with a host, of bearable length.

    >>> absolute("https://a.example/rss", "//b.example/x"), absolute("https://a.example/rss", "mailto:x")
    ('https://b.example/x', '')
    """
    link = _STRIPPED.sub("", link.strip())
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
    return f"{user}{separator}{host}"


def _ascii_host(host: str) -> str:
    """Lower case; letters beyond ASCII as DNS has them."""
    lowered = host.lower()
    if lowered.isascii():
        return lowered
    try:
        return lowered.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return quote(lowered, safe="", errors="surrogatepass").lower()


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
    """A query without what only says where the reader came from."""
    return "&".join(part for part in query.split("&") if part and not _is_tracking(part.partition("=")[0]))


def _is_tracking(name: str) -> bool:
    name = name.lower().removeprefix("amp;")
    return name in _TRACKING or bool(_TRACKING_FAMILY.match(name))
