"""
Similar coverage: the other reports of the event an article is about.

    SimilarRequest → the words that tell the event apart → candidates → a plain score for each

Any word may match, and the rare ones count most. An engine only gives candidates; the order is made
here, the same for every engine, in two rounds. First the candidates are scored by the words that are
wanted. Then the best of them are taken for reports of the event: they say which other words to ask the
engine for, and every candidate is scored once more by the points below. The queried article is left out
before anything is read; what it feeds the search with is only the text and the date of the request itself.

Asked from an article, what shares too little of its words is left out: better nothing than anything.

The weights were searched for over silver pairs; `docs/search-quality.md` tells which, and what they gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from pipeline.answers import SimilarRequest
from pipeline.search.likeness import Likeness, kinship, likeness, models_of, words_of
from pipeline.search.report import READ_CHARS, Candidate, Report
from pipeline.search.views import LEAD_WORDS, stems_of
from pipeline.search.wanted import Corpus, Wanted

#: Candidates of the first round, and others of the second, which knows better what to ask for.
_FIRST: Final = 100
_SECOND: Final = 80
#: Words an engine is asked for at once.
_ASKED: Final = 16
#: Words the best candidates add to the second question.
_ADDED: Final = 12
#: Points of a candidate: for the wanted words, as a part of what the best one has of them; for the words
#: it shares with the models; for the days it shares with them.
_WANTED: Final = 10
_WORDS: Final = 13
_DAYS: Final = 4
#: What shares less than this of an article's own words is no report of its event.
_KIN: Final = 0.15


class Engine(Corpus, Protocol):
    """What similar coverage needs of an engine."""

    def candidates(self, stems: Sequence[str], request: SimilarRequest, limit: int) -> list[Candidate]:
        """Documents with any of the stems, the most and rarest first; not the excluded ones."""
        ...


def similar(engine: Engine, request: SimilarRequest) -> list[tuple[str, float]]:
    """Ids of similar articles with their scores, best first."""
    asker = Report.of(Candidate("", request.title, request.body, request.published_at))
    title, lead = stems_of(request.title), stems_of(request.body[:READ_CHARS])[:LEAD_WORDS]
    wanted = Wanted.of(title, lead, engine)
    reports = _asked(engine, wanted.words(_ASKED), request, _FIRST)
    scored = _scored(wanted, reports)
    if not any(scored.values()):  # nobody has a word of it, or only far below what is read
        return []
    models = models_of(scored, reports, asker, engine)
    told = [*wanted.words(_ASKED), *words_of(models, _ADDED)]
    new = replace(request, exclude=(*request.exclude, *reports))
    reports |= _asked(engine, list(dict.fromkeys(told)), new, _SECOND)
    scored = _scored(wanted, reports)
    best = max(scored.values())
    points = {
        name: _points(scored[name] / best, likeness(report, models))
        for name, report in reports.items()
        if not asker.body or kinship(report, models[-1]) >= _KIN
    }
    return sorted(points.items(), key=lambda each: (-each[1], each[0]))


def _points(wanted: float, alike: Likeness) -> float:
    return _WANTED * wanted + _WORDS * alike.words + _DAYS * alike.days


def _asked(engine: Engine, stems: Sequence[str], request: SimilarRequest, limit: int) -> dict[str, Report]:
    found = engine.candidates(stems, request, limit) if stems else []
    return {candidate.document_id: Report.of(candidate) for candidate in found}


def _scored(wanted: Wanted, reports: Mapping[str, Report]) -> dict[str, float]:
    return {name: wanted.score(report) for name, report in reports.items()}


def best_of_copies(
    found: Sequence[tuple[str, float]], keys: Mapping[str, int | str], *, collapse: bool
) -> list[tuple[str, float, int]]:
    """Each with the number of articles it stands for: with `collapse` the best placed of near-copies."""
    if not collapse:
        return [(name, score, 1) for name, score in found]
    copies = Counter(keys[name] for name, _ in found)
    best: dict[int | str, tuple[str, float, int]] = {}
    for name, score in found:
        best.setdefault(keys[name], (name, score, copies[keys[name]]))
    return list(best.values())
