"""
Bytes → text: which charset did an Arabic publisher mean?

Labels lie and one bad byte must not turn a whole page to mojibake, so the bytes themselves are
believed first: byte order mark, strict UTF-8, UTF-8 with a few bad bytes. Only then what is
declared, if Arabic comes of it, and at last the likeliest of the charsets Arabic is written in.

Pure.
"""

from __future__ import annotations

import codecs
import re

#: UTF-8 with fewer bad characters than this, among those beyond ASCII, is repaired, not doubted.
_NEARLY_VALID = 0.05
#: From this share of Arabic letters among characters beyond ASCII a reading counts as Arabic.
_ARABIC_ENOUGH = 0.3
#: Share of the letters of Arabic that stand in its article, at the least; a tenth is usual.
_ARTICLES_ENOUGH = 0.02
#: What a label weighs against the look of the text; two readings of Arabic seldom come this close.
_LABEL_BONUS = 0.1
#: Between equals, what Windows wrote is far commoner than what Unix did.
_PRIOR = {"cp1256": 0.05}
#: How far into the bytes an XML or HTML declaration of the charset is looked for.
_PRESCAN_BYTES = 2048
#: Text judged when readings compete; the beginning speaks for the rest.
_JUDGED_CHARS = 200_000

#: Longest first: UTF-32's mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What browsers read where the label says something narrower (WHATWG Encoding).
_WIDENED = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254"}
#: Charsets of text only: Python's registry also holds zip, rot13, idna and the like.
_TEXT_CODEC = re.compile(
    r"utf-8|utf-16|utf-16-[lb]e|cp\d+|iso8859-\d+|mac-[a-z]+|koi8-[a-z]|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
)
#: Of Cyrillic, Greek, Hebrew, Thai, Chinese, Japanese and Korean. Nobody names one of these by default.
_OTHER_SCRIPTS = re.compile(
    r"cp(?:125[135]|855|866|874|93[26]|949|950)|iso8859-(?:5|7|8|11)|koi8-[a-z]|mac-(?:cyrillic|greek)"
    r"|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
)
_OTHER_NAMES = {"x-cp1256": "cp1256", "x-windows-1256": "cp1256", "win-1256": "cp1256", "win1256": "cp1256"}
_DECLARATION = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})["']"""
    rb"""|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
#: The letters, Persian and Urdu ones included; vowel marks and tatweel prove little. Touching a
#: Latin letter they are an accented one, misread.
_LETTERS = re.compile(
    "(?<![A-Za-z])[\u0621-\u063a\u0641-\u064a\u0671-\u06d3\ufb50-\ufdff\ufe70-\ufefc]++(?![A-Za-z])"
)
_ARTICLE = "\u0627\u0644"  # the article al-: the commonest pair of letters in any Arabic text


def decode_text(data: bytes, declared: str | None) -> tuple[str, str]:
    """Decode what a publisher sent; never fails.

    Args:
        data: a whole document, or the beginning of one.
        declared: the charset the HTTP header names, if any. One named by an XML or HTML
            declaration within `data` is found here.

    Returns:
        The text, without byte order mark, bad bytes as U+FFFD; and the charset used.

    >>> decode_text("خبر".encode("cp1256"), "utf-8")
    ('خبر', 'windows-1256')
    """
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace"), charset
    wide = _unmarked_utf16(data)
    if wide:
        return data.decode(wide, "replace"), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_doubtful(data, declared)


def charset_of(content_type: str) -> str | None:
    """The charset parameter of a Content-Type header.

    >>> charset_of('text/html; Charset="Windows-1256"')
    'Windows-1256'
    """
    found = re.search(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", content_type, re.IGNORECASE)
    return found.group(1) if found else None


def _decode_doubtful(data: bytes, declared: str | None) -> tuple[str, str]:
    repaired = data.decode("utf-8", "replace")
    if _share(repaired, "\ufffd") < _NEARLY_VALID:
        return repaired, "utf-8"
    labels = [name for label in (declared, _declaration(data)) if (name := _codec(label))]
    readings = [
        (_plausibility(text) + _LABEL_BONUS * (name in labels) + _PRIOR.get(name, 0.0), name, text)
        for name in dict.fromkeys([*labels, "cp1256", "iso8859-6", "utf-8"])
        for text in (repaired if name == "utf-8" else data.decode(name, "replace"),)
    ]
    _, charset, text = max(readings)
    for label in labels:
        own = data.decode(label, "replace") if _OTHER_SCRIPTS.fullmatch(label) else ""
        if own and _share(own, "\ufffd") < _NEARLY_VALID and _article_share(text) < _ARTICLES_ENOUGH:
            return own, _public_name(label)
    if _arabic_share(text) < _ARABIC_ENOUGH:  # another language altogether
        charset = next((label for label in labels if label != "utf-8"), "cp1252")
        text = data.decode(charset, "replace")
    return text, _public_name(charset)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: markup in it has a zero for every second byte."""
    head = data[:1024]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) * 8 > max(even, odd) or max(even, odd) * 10 < len(head):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _declaration(data: bytes) -> str | None:
    found = _DECLARATION.search(data[:_PRESCAN_BYTES])
    return (found.group(1) or found.group(2)).decode("ascii") if found else None


def _codec(label: str | None) -> str | None:
    """Python's name for a charset of text, None for anything else."""
    if not label:
        return None
    wanted = label.strip().lower()
    try:
        name = codecs.lookup(_OTHER_NAMES.get(wanted, wanted)).name
    except (LookupError, ValueError):
        return None
    name = _WIDENED.get(name, name)
    return name if _TEXT_CODEC.fullmatch(name) else None


def _public_name(codec: str) -> str:
    """The name a declaration would use.

    >>> _public_name("cp1256"), _public_name("iso8859-6")
    ('windows-1256', 'iso-8859-6')
    """
    name = re.sub(r"^iso8859", "iso-8859", codec)
    return re.sub(r"^cp(?=125\d)", "windows-", name)


def _share(text: str, character: str) -> float:
    beyond = sum(map(len, _BEYOND_ASCII.findall(text)))
    return text.count(character) / beyond if beyond else 0.0


def _arabic_share(text: str) -> float:
    """Arabic letters among the characters beyond ASCII, 0 to 1."""
    judged = text[:_JUDGED_CHARS]
    beyond = sum(map(len, _BEYOND_ASCII.findall(judged)))
    return sum(map(len, _LETTERS.findall(judged))) / beyond if beyond else 0.0


def _plausibility(text: str) -> float:
    """How much a reading looks like Arabic: its letters and, between close ones, its articles."""
    return _arabic_share(text) + _article_share(text)


def _article_share(text: str) -> float:
    """Letters of articles among the Arabic letters, 0 to 1."""
    judged = text[:_JUDGED_CHARS]
    letters = sum(map(len, _LETTERS.findall(judged)))
    return 2 * judged.count(_ARTICLE) / letters if letters else 0.0
