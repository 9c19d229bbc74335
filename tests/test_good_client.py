"""docs/good-client.md says nothing that no test shows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "good-client.md").read_text(encoding="utf-8")
RULES = re.findall(r"^\| (.+?) \| `(tests/[\w/]+\.py)::([\w:]+)` \|$", PAGE, re.MULTILINE)


def test_every_line_of_the_tables_names_a_test():
    """
    A rule without one is a wish.
    """
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    headings = {"| rule | shown by |", "| --- | --- |"}
    rules = [line for line in lines if line not in headings and "`tests/" in line]

    assert len(rules) == len(RULES) > 30


@pytest.mark.parametrize(("rule", "file", "name"), RULES, ids=[rule[:50] for rule, _, _ in RULES])
def test_every_named_test_is_there(rule, file, name):
    """
    Under its name, in its file.
    """
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    for part in name.split("::"):
        found = [node for node in tree.body if getattr(node, "name", "") == part]
        assert found, f"{file} has no {name}"
        tree = found[0]
