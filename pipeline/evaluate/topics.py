"""
Scores topics over labelled articles: as they are, or with points learnt on the other four fifths.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pipeline.detect.fit import AGAINST, Case, Learnt, fit
from pipeline.detect.match import Detector
from pipeline.evaluate.alarms import Judged
from pipeline.evaluate.labelled import Labelled, article_of, folds
from pipeline.evaluate.survey import half_of
from pipeline.evaluate.tally import Answer, interval, macro_f1, tallies
from pipeline.records import EVIDENCE, Topic, TopicMatch

#: What a borderline pair counts when points are learnt.
_BORDERLINE: Final = 0.5
FOLDS: Final = 5

#: By topic, articles held against it.
Cases = Mapping[str, Sequence[Case]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicScores:
    """What was answered for each article, of which topics, and how fast."""

    answers: Sequence[Answer]
    topics: Sequence[str]
    articles_per_s: float

    def figures(self) -> dict[str, Any]:
        """All figures by name; intervals are those of 95 in 100 draws."""
        whole, clear = (tallies(self.answers, self.topics, clear=only) for only in (False, True))
        figures: dict[str, Any] = {
            "topics": {
                topic: {
                    "precision": tally.precision,
                    "recall": tally.recall,
                    "f1": tally.f1,
                    "f1_clear": clear[topic].f1,
                    "cost": tally.cost,
                    "tp": tally.tp,
                    "fp": tally.fp,
                    "fn": tally.fn,
                }
                for topic, tally in whole.items()
            },
            "macro_f1": macro_f1(whole),
            "macro_f1_clear": macro_f1(clear),
            "articles_per_s": round(self.articles_per_s),
            "articles": len(self.answers),
        }
        self._add_intervals(figures)
        return figures

    def _add_intervals(self, figures: dict[str, Any]) -> None:
        for name, clear in (("f1", False), ("f1_clear", True)):
            figures[f"macro_{name}_interval"] = self._interval(self.topics, clear=clear)
            for topic in self.topics:
                figures["topics"][topic][f"{name}_interval"] = self._interval([topic], clear=clear)

    def _interval(self, topics: Sequence[str], *, clear: bool) -> tuple[float, float]:
        def figure(drawn: Sequence[Answer]) -> float:
            return macro_f1(tallies(drawn, topics, clear=clear))

        return interval(self.answers, figure)


def evaluate_topics(
    labelled: Sequence[Labelled],
    topics: Mapping[str, Topic],
    *,
    scored: Sequence[str],
    genres: Mapping[str, str] | None = None,
) -> TopicScores:
    """Hold all topics against the articles, as they are; only those `scored` are counted."""
    detector = Detector(topics, genres)
    started = time.process_time()
    found = [detector.detect(each.article) for each in labelled]
    took_s = time.process_time() - started
    answers = [
        _answer(each, frozenset(match.topic_id for match in one.matches))
        for each, one in zip(labelled, found, strict=True)
    ]
    return TopicScores(
        answers=answers, topics=scored, articles_per_s=len(labelled) / took_s if took_s else 0.0
    )


def cross_validate(
    labelled: Sequence[Labelled],
    topics: Mapping[str, Topic],
    *,
    scored: Sequence[str],
    genres: Mapping[str, str] | None = None,
    judged: Cases | None = None,
) -> TopicScores:
    """Each fold answered with points learnt on the others; a group is never on both sides.

    Args:
        judged: cases from elsewhere, learnt from each time and not scored.
    """
    chosen = {name: topics[name] for name in scored}
    started = time.process_time()
    cases = cases_of(labelled, chosen, genres)
    took_s = time.process_time() - started
    given: list[frozenset[str]] = [frozenset()] * len(labelled)
    for fold in folds([each.group for each in labelled], FOLDS):
        others = {
            name: [case for place, case in enumerate(of_topic) if place not in fold and case is not None]
            for name, of_topic in cases.items()
        }
        learnt = fit(joined(others, judged or {}))
        for place in fold:
            given[place] = frozenset(
                name for name, of_topic in cases.items() if _reaches(of_topic[place], learnt, name)
            )
    answers = [_answer(each, names) for each, names in zip(labelled, given, strict=True)]
    return TopicScores(
        answers=answers, topics=scored, articles_per_s=len(labelled) / took_s if took_s else 0.0
    )


def joined(cases: Cases, more: Cases) -> dict[str, list[Case]]:
    """The cases of both, by topic."""
    return {name: [*cases.get(name, ()), *more.get(name, ())] for name in sorted({*cases, *more})}


def judged_cases(
    judged: Judged,
    records: Iterable[Mapping[str, Any]],
    topics: Mapping[str, Topic],
    genres: Mapping[str, str] | None = None,
) -> dict[str, list[Case]]:
    """By topic, what the judged articles of the steering half say for it; the other half is for measuring.

    Of those judged borderline about half would be labelled, so they teach nothing.
    """
    wanted = {article_id for _, article_id in judged if half_of(article_id) == "steer"}
    articles = [article_of(record) for record in records if record["id"] in wanted]
    detector = Detector({name: _measuring(topic) for name, topic in topics.items()}, genres)
    cases: dict[str, list[Case]] = {name: [] for name in topics}
    for article in articles:
        for match in detector.detect(article).matches:
            said = judged.get((match.topic_id, article.article_id))
            if said in {"yes", "no"}:
                cases[match.topic_id].append(_of_match(match, belongs=said == "yes"))
    return cases


def cases_of(
    labelled: Sequence[Labelled], topics: Mapping[str, Topic], genres: Mapping[str, str] | None = None
) -> dict[str, list[Case | None]]:
    """By topic, what each article says for it; None where it cannot match whatever the points."""
    detector = Detector({name: _measuring(topic) for name, topic in topics.items()}, genres)
    cases: dict[str, list[Case | None]] = {name: [] for name in topics}
    for each in labelled:
        found = {match.topic_id: match for match in detector.detect(each.article).matches}
        for name, of_topic in cases.items():
            of_topic.append(_case(found[name], each, name) if name in found else None)
    return cases


def _case(match: TopicMatch, labelled: Labelled, topic: str) -> Case:
    return _of_match(match, belongs=topic in labelled.labels, borderline=topic in labelled.borderline)


def _of_match(match: TopicMatch, *, belongs: bool, borderline: bool = False) -> Case:
    return Case(
        values={evidence.name: evidence.value for evidence in match.evidence},
        belongs=belongs,
        counts=_BORDERLINE if borderline else 1.0,
    )


def _measuring(topic: Topic) -> Topic:
    """The topic so that every article which could ever match tells all its evidence."""
    points = tuple((kind, -1.0 if kind in AGAINST else 1.0) for kind in EVIDENCE)
    return replace(topic, points=points, threshold=-float(len(EVIDENCE)))


def _reaches(case: Case | None, learnt: Learnt, topic: str) -> bool:
    if case is None:
        return False
    points = dict(learnt.points)
    reached = sum(points.get(kind, 0.0) * value for kind, value in case.values.items())
    return reached >= learnt.thresholds[topic]


def _answer(labelled: Labelled, given: frozenset[str]) -> Answer:
    return Answer(labelled.group, given, labelled.labels, labelled.borderline)
