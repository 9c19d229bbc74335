"""
What is wrong with a query is told in the reader's language.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from pipeline.errors import QueryTimeoutError
from pipeline.web.mistakes import in_arabic

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline"
ARABIC = re.compile("[\u0600-\u06ff]")


#: By class, which argument says what is wrong.
SAYING = {"QueryError": 0, "NotFoundError": 0, "ProblemError": 2}


def messages():
    """Every message pages can show, as the code writes it, with something in place of what differs."""
    for path in sorted(set(PIPELINE.rglob("*.py")) - set((PIPELINE / "web" / "api").iterdir())):
        tree = ast.parse(path.read_text("utf-8"))
        named = {
            node.target.id: node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "QueryError"
            ):
                said = node.args[0]
                yield "".join(pieces(named[said.id] if isinstance(said, ast.Name) else said))


def pieces(said):
    """A literal's text, and `x` where a value is put in."""
    if isinstance(said, ast.Constant):
        yield said.value
    else:
        for part in said.values:
            yield part.value if isinstance(part, ast.Constant) else "x"


@pytest.mark.parametrize("message", [*dict.fromkeys(messages()), str(QueryTimeoutError(2.0))])
def test_every_mistake_has_its_arabic(message):
    """
    None is left in English, and what differs is kept.
    """
    told = in_arabic(message)

    assert ARABIC.search(told), message
    assert ("x" in message) == ("x" in told) or "is no date" in message or "there are x" in message


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/?q=(x", "الحرف 1: <bdi>هذا القوس لم يُغلق</bdi>"),  # column 1: this bracket is not closed
        ("/?q=(x&lang=en", "Column 1: <bdi>this bracket is not closed</bdi>"),
        ("/?since=lately", "&#39;lately&#39; ليس تاريخًا"),  # is no date
    ],
)
def test_pages_tell_it_in_the_readers_language(site, address, told):
    """
    With the column where there is one, and the advised query as a link.
    """
    page = site.client().get(address)

    assert 400 == page.status_code
    assert told in " ".join(page.text.split())
    assert ("q=%28x%29" in page.text) == ("q=" in address)
