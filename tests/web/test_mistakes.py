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
from tests.web.conftest import sealed

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline"
ARABIC = re.compile("[\u0600-\u06ff]")


#: By class, which argument says what is wrong.
SAYING = {"QueryError": 0, "NotFoundError": 0, "ConfigError": 0, "ProblemError": 2, "wrong": 0}
#: What pages can show is said here; anywhere else only a query's mistakes are.
SHOWN = [PIPELINE / "web", PIPELINE / "ledger" / "people.py"]
#: For programs and operators alone.
UNSHOWN = {PIPELINE / "web" / "serve.py", *(PIPELINE / "web" / "api").iterdir()}


def messages():
    """Every message pages can show, as the code writes it, with something in place of what differs."""
    for path in sorted(set(PIPELINE.rglob("*.py")) - UNSHOWN):
        shown = any(path.is_relative_to(each) for each in SHOWN)
        tree = ast.parse(path.read_text("utf-8"))
        named = {
            node.target.id: node.value
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        for name, arguments in calls(tree):
            if (name == "QueryError" or (shown and name in SAYING)) and len(arguments) > SAYING[name]:
                said = arguments[SAYING[name]]
                said = named.get(said.id) if isinstance(said, ast.Name) else said
                if isinstance(said, ast.Constant | ast.JoinedStr):
                    yield "".join(pieces(said))


def calls(tree):
    """What is called by its name, and with what; a form's own mistake goes by its keyword."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.args
            yield from (
                ("wrong", [each.value]) for each in node.keywords if each.arg == "wrong" and each.value
            )


def pieces(said):
    """A literal's text, and `x` where a value is put in."""
    if isinstance(said, ast.Constant):
        yield said.value
    else:
        for part in said.values:
            yield part.value if isinstance(part, ast.Constant) else "x"


@pytest.mark.parametrize("message", [*dict.fromkeys(filter(None, messages())), str(QueryTimeoutError(2.0))])
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


def test_a_search_that_cannot_be_read_is_not_saved(site, browser):
    """
    Its feed would have nothing to say.
    """
    for state in ('q="', "since=lately"):
        answer = browser.post("/saved", data={"sealed": sealed(browser), "name": "x", "state": state})
        assert 400 == answer.status_code

    assert [] == site.desk.ledger.saved_searches(None)
