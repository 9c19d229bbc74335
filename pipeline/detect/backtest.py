"""
Back-test: what a topic would gain and lose among stored articles, and why.

Pure: articles and what was found in them before come in, changes go out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.detect.match import Detector
from pipeline.records import Article, Topic, TopicMatch

#: Reasons given for a change.
_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An article that a topic gains or loses."""

    article: Article
    gained: bool
    before: TopicMatch | None  #: None where no term was found
    after: TopicMatch | None

    @property
    def reasons(self) -> list[str]:
        """The largest differences, in the direction of the change first."""
        before, after = _told(self.before), _told(self.after)
        differences = {
            what: after.get(what, 0.0) - before.get(what, 0.0) for what in dict.fromkeys([*before, *after])
        }
        sign = 1 if self.gained else -1
        ranked = sorted(differences, key=lambda what: -sign * differences[what])
        told = [f"{what} {differences[what]:+g}" for what in ranked if sign * differences[what] > 0]
        lacking = [f"{name} missing" for name in (self.after.missing if self.after else ())]
        return [*lacking, *_terms(self.before, self.after), *told][:_REASONS] or [
            f"threshold {_threshold(self.before):g} → {_threshold(self.after):g}"
        ]


def backtest(
    stored: Iterable[tuple[Article, Sequence[TopicMatch]]],
    topic: Topic,
    before: Topic | None = None,
    genres: Mapping[str, str] | None = None,
) -> Iterator[Change | None]:
    """For each article in turn the change, or None where nothing changes.

    Args:
        stored: articles, and their matches as stored.
        topic: as it is now.
        before: as it was; None to compare with the matches stored.
    """
    now = Detector({topic.topic_id: topic}, genres)
    then = Detector({before.topic_id: before}, genres) if before else None
    for article, matches in stored:
        after = _explained(now, article)
        earlier = (
            _explained(then, article)
            if then
            else next((match for match in matches if match.topic_id == topic.topic_id), None)
        )
        had, has = bool(earlier and earlier.reached), bool(after and after.reached)
        yield (Change(article=article, gained=has, before=earlier, after=after) if had != has else None)


def newly_found(
    stored: Iterable[tuple[Article, Sequence[TopicMatch]]], detector: Detector
) -> Iterator[Article]:
    """The articles in which `detector` finds a topic that is not among their stored matches."""
    for article, matches in stored:
        known = {match.topic_id for match in matches}
        if any(match.topic_id not in known for match in detector.detect(article).matches):
            yield article


def counted(changes: Iterable[Change], by: str) -> Mapping[str, tuple[int, int]]:
    """Gained and lost by "outlet" or "month", the most changed first."""
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for change in changes:
        key = change.article.outlet_id if by == "outlet" else f"{change.article.dated_at:%Y-%m}"
        (gained if change.gained else lost)[key] += 1
    total = gained + lost
    return {key: (gained[key], lost[key]) for key in sorted(total, key=lambda key: (-total[key], key))}


def _explained(detector: Detector, article: Article) -> TopicMatch | None:
    return next(iter(detector.explain(article)), None)


def _told(match: TopicMatch | None) -> dict[str, float]:
    return {one.name: one.points for one in match.evidence} if match else {}


def _terms(before: TopicMatch | None, after: TopicMatch | None) -> list[str]:
    then, now = _counting(before), _counting(after)
    new = [f"+ {term}" for term in now if term not in then]
    gone = [f"− {term}" for term in then if term not in now]
    return [*new, *gone][: _REASONS - 1]


def _counting(match: TopicMatch | None) -> dict[str, None]:
    hits = match.hits if match else ()
    return dict.fromkeys(hit.term for hit in hits if not hit.cancelled_by and hit.weight)


def _threshold(match: TopicMatch | None) -> float:
    return match.threshold if match else 0.0
