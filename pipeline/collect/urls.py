"""
URLs: the key two links are compared by, and the address that is fetched.

The URL fetched is always the published one, or the one that it wraps. The key may go further,
because nothing is fetched by it; but it only undoes what cannot tell two articles apart.

Pure.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from pipeline.collect.tracking import identity_of
from pipeline.collect.wrappers import MAX_URL_CHARS, unwrapped
from pipeline.hosts import PORTS, authority, host_of

#: What no address holds: lines it was broken into, and what browsers strip or stumble over.
_STRIPPED = re.compile(r" *[\r\n][ \t\r\n]*|[\x00-\x1f\x7f]")
#: Marks that editors leave before an address: of byte order, of direction, of no width.
_MARKS = "\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
#: What comes before query and fragment: there a backslash is a slash, as every browser reads it.
_BEGIN = re.compile(r"[^?#]*")
#: A scheme written twice, or short of a colon or a slash.
_BEGUN = re.compile(r"^(?:https?(?::/{1,2}|//))*(https?)(?::/{1,2}|//)(?=[^/])", re.IGNORECASE)
_HOSTLESS = re.compile(r"https?:(?!//[^/?#])", re.IGNORECASE)
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ONE_ESCAPE = re.compile(r"(%[0-9A-F]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
#: Escaped or not, these mean themselves to every server: there, and in a query.
_PLAIN_IN_PATH = _UNRESERVED | frozenset(b"!$'()*,:@")
_PLAIN_IN_QUERY = _PLAIN_IN_PATH | frozenset(b"/?")
#: Characters that stand for themselves in a path or query; "%" has been seen to before.
_KEPT = "%/:?#@!$&'()*+,;=~-._"

#: Sessions in a path, where there are no cookies: Java's and ASP.NET's.
_SESSIONS = (
    re.compile(r";(?:jsessionid|phpsessid)=[^/?#;]*", re.IGNORECASE),
    re.compile(r"/\((?:[A-Z]\([\w-]{16,64}\))+\)(?=/)", re.IGNORECASE),
)
#: A fragment that scripts take for the path: all that tells such a site's articles apart.
_ROUTE = re.compile(r"[!/].")


def canonical_url(url: str) -> str:
    """The comparison key of `url`: equal for addresses that cannot be two articles.

    One scheme, lower-case host, no default port, one spelling of percent-encoding (NFC, UTF-8), one
    order of named parameters, no known tracking parameter, no fragment that is not a route, no wrapper.
    Path case and every other parameter stay. ASCII and idempotent; an address that cannot be taken
    apart is its own key.

    >>> canonical_url("HTTP://Example.COM:80/%d8%a3/?utm_source=rss&id=7#top")
    'https://example.com/%D8%A3/?id=7'
    """
    cleaned = _cleaned(url)
    try:
        parts = urlsplit(_cleaned(unwrapped(cleaned)))
        place = _authority(parts)
    except ValueError:
        return cleaned
    if not place.rpartition("@")[2]:
        return cleaned
    path = _without_dots(_without_session(_spelled(parts.path, _PLAIN_IN_PATH))) or "/"
    scheme = parts.scheme.lower()
    if scheme == "http":  # no site has other articles there; the port of the one is none of the other's
        scheme, place = "https", place.removesuffix(":443")
    return urlunsplit((scheme, place, path, _query(parts.query), _route(parts.fragment)))


def article_id(canonical: str) -> str:
    """The id of the article at a canonical URL: 32 hex digits, the same for ever.

    Changing this function, or :func:`canonical_url`, changes ids in ledger and index.
    """
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def absolute(base: str, link: str) -> str:
    """The address a link on `base` leads to, spelled as published; of a wrapper, the one it wraps.

    Returns:
        "" unless it is an http or https address with a host, of bearable length.

    >>> absolute("https://a.example/rss", "//b.example/x"), absolute("https://a.example/rss", "mailto:x")
    ('https://b.example/x', '')
    """
    link = _BEGUN.sub(r"\1://", _cleaned(link))
    if not link or _HOSTLESS.match(link):
        return ""
    try:
        if _lacks_scheme(link, base):
            link = f"//{link}"
        joined = unwrapped(urljoin(base, link))
        parts = urlsplit(joined)
        usable = parts.scheme.lower() in PORTS and bool(parts.hostname) and len(joined) <= MAX_URL_CHARS
        return joined if usable and host_of(joined) else ""
    except ValueError:
        return ""


def _lacks_scheme(link: str, base: str) -> bool:
    """Whether a link begins with a host: one in www, or that of `base`."""
    host = host_of(base).removeprefix("www.")
    return bool(re.match(r"www\.[\w-]+\.\w", link) or (host and link.lower().startswith(f"{host}/")))


def _cleaned(url: str) -> str:
    """An address without what is none of it, its slashes the right way round."""
    cleaned = _STRIPPED.sub("", url).strip().lstrip(_MARKS)
    return _BEGIN.sub(lambda begin: begin[0].replace("\\", "/"), cleaned, count=1)


def _authority(parts: SplitResult) -> str:
    """User, host and port in one spelling. Raises ValueError for a port that is none."""
    user, separator, _ = parts.netloc.rpartition("@")
    return f"{_spelled(user, _UNRESERVED)}{separator}{authority(parts)}"


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


def _query(query: str) -> str:
    return identity_of(_spelled(query, _PLAIN_IN_QUERY))


def _route(fragment: str) -> str:
    """A fragment that is a route, its query cleaned as any; "" when it is a place on the page."""
    if not _ROUTE.match(fragment):
        return ""
    path, _, query = fragment.partition("?")
    route = "?".join(filter(None, (_spelled(path, _PLAIN_IN_PATH), _query(query))))
    return route if _ROUTE.match(route) else ""


def _spelled(text: str, plain: frozenset[int]) -> str:
    """One spelling of what may be written raw or percent-encoded: NFC, UTF-8, upper-case hex.

    Args:
        text: a path, a query…
        plain: the ASCII characters whose escapes mean no more than they do.
    """
    # Piece by piece: a combining mark after "%3E" must not compose with that E.
    pieces = (unicodedata.normalize("NFC", piece) for piece in _ONE_ESCAPE.split(_readable(text, plain)))
    return quote("".join(pieces), safe=_KEPT, errors="surrogatepass")


def _readable(text: str, plain: frozenset[int]) -> str:
    return _ESCAPES.sub(lambda escapes: _unescaped(escapes[0], plain), _STRAY_PERCENT.sub("%25", text))


def _unescaped(escapes: str, plain: frozenset[int]) -> str:
    """Escapes of letters undone, those of reserved characters and of other charsets kept."""
    raw = unquote_to_bytes(escapes)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in raw)
    return "".join(
        character if not character.isascii() or ord(character) in plain else f"%{ord(character):02X}"
        for character in text
    )
