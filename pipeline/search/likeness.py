"""
Likeness to the best candidates: what they share beside the wanted words, and the days they are of.

Reports of one event tell the same names, places and numbers, whatever their titles say. So the best
candidates serve as models: each other one is asked how much of a model's words it has, in how few words
of its own, and how long before or after the model it was published. No candidate is its own model.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from pipeline.arabic.counts import family
from pipeline.search.report import Report
from pipeline.search.wanted import Corpus, rarity_of

#: How many of the best candidates are models, and how fast they count less as they are worse.
_MODELS: Final = 5
_STEEPNESS: Final = 3.5
#: Words of a model that are compared: its weightiest.
_WORDS: Final = 60
#: Where more candidates than these were read, a word that only one of them has tells nothing.
_MANY: Final = 20
#: So few models need not agree on a word.
_FEW: Final = 2
#: What stands so often in our counted corpus tells nothing, and costs an engine most to count.
_COMMON: Final = 20_000
#: A title's word counts as so many.
_TITLE: Final = 2
#: Distinct words an article usually has, and how many one is taken to have at least.
_USUAL: Final = 100
_FEWEST: Final = 50
#: What common words count however far apart two articles are, and the days over which the rest fades.
_ANY_DAY: Final = 0.2
_DAYS: Final = 5.0


class Likeness(NamedTuple):
    """What an article has in common with the models."""

    words: float  #: shares of their words; the nearer in time, the more they count
    days: float  #: 1 on the same day as all of them, 0 long before or after, or where nobody says when


@dataclass(frozen=True)
class Model:
    """An article that is taken for a report of the event."""

    document_id: str
    trust: float  #: 0 to 1
    words: Mapping[str, float]  #: the share of each in the model, 1 together
    published_at: datetime | None


def models_of(
    scored: Mapping[str, float], reports: Mapping[str, Report], asker: Report, corpus: Corpus
) -> list[Model]:
    """The best candidates as models, and last the query article itself where it has a text.

    Args:
        scored: id → score of the candidates.
        reports: the candidates.
    """
    best = sorted(scored, key=lambda name: (-scored[name], name))[:_MODELS]
    trusted = [(reports[name], (scored[name] / scored[best[0]]) ** _STEEPNESS) for name in best]
    if asker.body:
        trusted.append((asker, 1.0))
    times = Counter(stem for report in reports.values() for stem in report.stems)
    alone = 1 if len(reports) > _MANY else 0
    compared = {
        stem
        for report, _ in trusted
        for stem in report.stems
        if (times[stem] > alone or report is asker) and family(stem) < _COMMON
    }
    rarity = rarity_of(sorted(compared), corpus)
    return [
        Model(report.document_id, trust, _words(report, rarity), report.published_at)
        for report, trust in trusted
    ]


def words_of(models: Sequence[Model], most: int) -> list[str]:
    """Words that tell the models' event, the weightiest first: of several models, those two of them have."""
    worth: defaultdict[str, float] = defaultdict(float)
    for model in models:
        for stem, share in model.words.items():
            worth[stem] += model.trust * share
    times = Counter(stem for model in models for stem in model.words)
    shared = [stem for stem in worth if times[stem] > 1 or len(models) <= _FEW]
    return sorted(shared, key=lambda stem: (-worth[stem], stem))[:most]


def likeness(report: Report, models: Sequence[Model]) -> Likeness:
    """How much an article is like the models, itself left out: 0 where it has nothing of them."""
    others = [model for model in models if model.document_id != report.document_id]
    trust = sum(model.trust for model in others)
    if not trust:
        return Likeness(0.0, 0.0)
    words = days = 0.0
    for model in others:
        near = _same_days(report, model)
        words += model.trust * (_ANY_DAY + near) * _shared(report, model)
        days += model.trust * near
    return Likeness(words / trust / _breadth(report), days / trust)


def kinship(report: Report, model: Model) -> float:
    """How much of a model's words an article has, whenever it was published: about 1 for a copy."""
    return _shared(report, model) / _breadth(report)


def _shared(report: Report, model: Model) -> float:
    stems = report.stems
    return sum(share for stem, share in model.words.items() if stem in stems)


def _breadth(report: Report) -> float:
    """An article of many words has any word more easily; but one of few is no sooner like another."""
    return math.sqrt(max(len(report.stems), _FEWEST) / _USUAL)


def _words(report: Report, rarity: Mapping[str, float]) -> dict[str, float]:
    """The weightiest words of an article, with their shares."""
    weights = {
        stem: (1 + math.log(_TITLE * report.title[stem] + report.body[stem])) * rarity[stem]
        for stem in report.stems & rarity.keys()
    }
    chosen = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_WORDS]
    whole = sum(weight for _, weight in chosen)
    return {stem: weight / whole for stem, weight in chosen}


def _same_days(report: Report, model: Model) -> float:
    """1 on the same day, fading with the days between; 0 where nobody says when."""
    if report.published_at is None or model.published_at is None:
        return 0.0
    apart_s = abs((report.published_at - model.published_at).total_seconds())
    return math.exp(-apart_s / 86_400 / _DAYS)
