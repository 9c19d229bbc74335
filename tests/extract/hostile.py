"""
Pages that mean harm, or look as if they did.
"""

from __future__ import annotations

from tests.extract.reading import PARAGRAPHS, html

TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def many_attributes() -> bytes:
    """One paragraph with 100,000 attributes, among ordinary ones."""
    attributes = " ".join(f'data-a{number}="{number}"' for number in range(100_000))
    return (
        html()
        .replace('<div class="story">', f'<div class="story"><p {attributes}>{PARAGRAPHS[0]}</p>')
        .encode()
    )


def nested_divs() -> bytes:
    """A text within 200,000 divs."""
    return html(above="<div>" * 200_000, below="</div>" * 200_000).encode()


def many_links() -> bytes:
    """A list of 100,000 links."""
    return html("".join(f'<a href="/{number}">خبر {number}</a> ' for number in range(100_000))).encode()


def large_table() -> bytes:
    """An article with a table of 100 columns and 1,000 rows."""
    row = "<tr>" + "<td>رقم</td>" * 100 + "</tr>"  # a number
    return html(below=f"<table>{row * 1_000}</table>").encode()


def nested_lists() -> bytes:
    """A text within 2,000 lists; it has to come out."""
    return html().replace(TEXT, "<ul><li>" * 2_000 + TEXT + "</li></ul>" * 2_000).encode()


def nothing() -> bytes:
    """Fifty megabytes of blanks."""
    return b" " * 50_000_000


def greedy() -> bytes:
    """Hardly four million characters that a parser needs a hundred times their size for."""
    return b"<html><body>" + b"<b a b c d e f></b>" * 200_000 + TEXT.encode()
