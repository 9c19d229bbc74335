"""
How well are terms matched? Scores `pipeline.arabic.matching` over pairs of a term and a form.

Beside it stand what others do: a word boundary around the term, and an analyzer of Elasticsearch.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.arabic.matching import Matcher, Written
from pipeline.errors import ConfigError

_COLUMNS = ("term", "form", "match")

#: Whether a term is found in a form.
Finds = Callable[[str, str], bool]


class _Pair(NamedTuple):
    term: str
    form: str
    word_class: str  #: "" is guessed
    expected: bool


def evaluate_matching(
    file: Path, *, analyzers: dict[str, Callable[[str], Sequence[str]]] | None = None
) -> dict[str, Any]:
    """Score a table with the columns term, form, match (tab-separated, with a header; 1 or 0).

    Args:
        analyzers: others to compare with, by name: text → tokens.

    Returns:
        `{must_match: [hit, total], must_not_match: [hit, total], compared, mistakes}`: hits are forms
        in which the term is found, so the second pair should begin with 0. `compared` holds the
        same two pairs by matcher.

    Raises:
        ConfigError: the table lacks a column or a row cannot be read; names file and line.
    """
    pairs = _pairs(file)
    found = {pair for pair in pairs if Matcher([[Written(pair.term, pair.word_class)]]).find(pair.form)}
    others: dict[str, Finds] = {"word boundary": _within_boundaries}
    others.update({name: _analysed(analyse) for name, analyse in (analyzers or {}).items()})
    compared = {
        name: _tally(pairs, {pair for pair in pairs if finds(pair.term, pair.form)})
        for name, finds in others.items()
    }
    mistakes = [
        {"term": pair.term, "form": pair.form, "expected": int(pair.expected)}
        for pair in pairs
        if (pair in found) != pair.expected
    ]
    return {**_tally(pairs, found), "compared": compared, "mistakes": mistakes}


def _tally(pairs: Sequence[_Pair], found: set[_Pair]) -> dict[str, list[int]]:
    wanted = [pair in found for pair in pairs if pair.expected]
    unwanted = [pair in found for pair in pairs if not pair.expected]
    return {"must_match": [sum(wanted), len(wanted)], "must_not_match": [sum(unwanted), len(unwanted)]}


def _within_boundaries(term: str, form: str) -> bool:
    return re.search(rf"\b{re.escape(term)}\b", form) is not None


def _analysed(analyse: Callable[[str], Sequence[str]]) -> Finds:
    """Whether the term's tokens stand side by side among those of the form."""

    def finds(term: str, form: str) -> bool:
        wanted, tokens = list(analyse(term)), list(analyse(form))
        starts = range(len(tokens) - len(wanted) + 1)
        return bool(wanted) and any(tokens[at : at + len(wanted)] == wanted for at in starts)

    return finds


def _pairs(file: Path) -> list[_Pair]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = ", ".join(sorted(set(_COLUMNS) - set(table.fieldnames or ())))
        if missing:
            raise ConfigError(f"{file}:1: no column {missing}; write {' '.join(_COLUMNS)}")
        return [_pair(row, file, table.line_num) for row in table]


def _pair(row: dict[str, str], file: Path, line: int) -> _Pair:
    if row["match"] not in {"0", "1"}:
        raise ConfigError(f"{file}:{line}: match is {row['match']!r}; write 1 or 0")
    return _Pair(row["term"], row["form"], row.get("class") or "", row["match"] == "1")
