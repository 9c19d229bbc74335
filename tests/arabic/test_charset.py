"""Which charset an Arabic publisher meant."""

from __future__ import annotations

import codecs

import pytest

from pipeline.arabic.charset import charset_of, decode_text

HEADLINE = "وزير المياه يعلن خطة جديدة لحماية الآبار من الجفاف"  # minister announces a plan for the wells
PAGE = f"<html><head><title>{HEADLINE}</title></head><body><p>{HEADLINE}</p></body></html>"
FRENCH = "<p>Le ministre a présenté un projet très attendu à l'Assemblée</p>"


@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1256", "iso-8859-1", "zip", "no such charset"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6"])
def test_bytes_are_believed_before_labels(charset, declared):
    """
    A page is read right whatever its label says.
    """
    text, used = decode_text(PAGE.encode(charset), declared)

    assert PAGE == text
    assert charset == used


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_and_marked_text_is_read(charset):
    """
    Byte order marks are obeyed and dropped; UTF-16 is known without one.
    """
    text, _ = decode_text(PAGE.encode(charset), "windows-1256")

    assert PAGE == text


@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1256"])
def test_one_bad_byte_does_not_cost_the_page(declared):
    """
    Nearly valid UTF-8 is repaired: only the bad byte becomes U+FFFD.
    """
    data = PAGE.encode()
    middle = data.index(b"</title>")

    text, used = decode_text(data[:middle] + b"\xe4" + data[middle:], declared)

    assert "utf-8" == used
    assert PAGE == text.replace("\ufffd", "")


def test_text_cut_in_mid_character_stays_readable():
    """
    A body cut off inside a letter loses that letter only.
    """
    text, used = decode_text(HEADLINE.encode()[:-1], None)

    assert "utf-8" == used
    assert HEADLINE[:-1] == text[:-1]


@pytest.mark.parametrize(
    ("declaration", "charset"),
    [
        ('<?xml version="1.0" encoding="windows-1256"?>', "windows-1256"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-6">', "iso-8859-6"),
        ("<meta charset=windows-1256>", "windows-1256"),
    ],
)
def test_a_declaration_inside_the_bytes_is_found(declaration, charset):
    """
    A short text is decided by what it declares of itself.
    """
    text, used = decode_text((declaration + HEADLINE).encode(charset), None)

    assert declaration + HEADLINE == text
    assert charset == used


@pytest.mark.parametrize(("declared", "charset"), [("iso-8859-1", "windows-1252"), (None, "windows-1252")])
def test_another_language_is_not_made_arabic(declared, charset):
    """
    Latin text with accents keeps them.
    """
    assert (FRENCH, charset) == decode_text(FRENCH.encode("cp1252"), declared)


RUSSIAN = "<p>Министр представил план защиты воды, которого ждали</p>"  # the minister presented a plan


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso-8859-5"),
        ("<p>Ο υπουργός παρουσίασε το σχέδιο</p>", "windows-1253"),  # the minister presented the plan
        ("<p>השר הציג תוכנית להגנה על המים</p>", "windows-1255"),  # the same
        ("<p>水利部长宣布新的保护计划</p>", "gb2312"),  # a new plan is announced
        ("<p>水資源大臣が計画を発表した</p>", "euc-jp"),  # the same
    ],
)
def test_another_script_is_what_it_says_it_is(text, charset):
    """
    Bytes that would give Arabic letters, but no Arabic, are read by the charset they name.
    """
    declaration = f'<?xml version="1.0" encoding="{charset}"?>'

    read, _ = decode_text((declaration + text).encode(charset), None)

    assert declaration + text == read


@pytest.mark.parametrize("declared", ["windows-1251", "koi8-r", "gb2312", "euc-kr", "shift_jis"])
def test_a_label_of_another_script_does_not_hide_arabic(declared):
    """
    Arabic with its articles is Arabic, whatever it is called.
    """
    assert (PAGE, "windows-1256") == decode_text(PAGE.encode("cp1256"), declared)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff", codecs.BOM_UTF16_LE, bytes(range(256)) * 40])
def test_any_bytes_are_decoded(data):
    """
    No bytes raise.
    """
    text, _ = decode_text(data, "utf-16")

    assert isinstance(text, str)


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html", None),
        ("text/html; charset=UTF-8", "UTF-8"),
        ("text/html;charset='windows-1256'", "windows-1256"),
        ("application/rss+xml; version=2; charset = utf-8 ; x=y", "utf-8"),
    ],
)
def test_the_header_names_a_charset(header, charset):
    """
    The charset parameter is found however it is written.
    """
    assert charset == charset_of(header)
