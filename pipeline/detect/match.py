"""
Which topics is an article about?

    Article → DetectedArticle

Pure: no clock, no I/O, the same answer for the same article and topics. The terms and guards of all
topics are one dictionary, so an article is read once; only topics whose required groups are all
named somewhere in it are looked at closely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.arabic.matching import Found, Matcher, Written
from pipeline.arabic.words import WORD
from pipeline.detect.passages import Passages, passages
from pipeline.detect.score import Mention, score, weigh
from pipeline.records import Article, DetectedArticle, Guard, Hit, Term, Topic, TopicMatch

Spans = Sequence[tuple[int, int]]

_ASIDE: Final = "aside"
_DATELINE: Final = "dateline"
_STRIP: Final = "strip"


class _Target(NamedTuple):
    """What a dictionary entry means to one topic: a term of it, or one of its guards."""

    topic: int
    meaning: Term | Guard


class _Text(NamedTuple):
    """An article as the matcher sees it."""

    title: str
    body: str
    in_title: list[Found]
    in_body: list[Found]


class Detector:
    """Holds articles against topics. Made once: it remembers every word form it has read."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self.topics: Final = tuple(topics.values())
        self._targets: list[list[_Target]] = []
        self._matcher = Matcher(self._dictionary())

    def detect(self, article: Article) -> DetectedArticle:
        """The article with every topic whose threshold it reaches."""
        matches = self._matches(article.title, article.body, article.asides, all_named=False)
        reached = tuple(match for match in matches if match.score >= match.threshold)
        return DetectedArticle(article=article, matches=reached)

    def explain(self, title: str, body: str) -> list[TopicMatch]:
        """Each topic of which a term was found, the surest first, those below their threshold too."""
        matches = self._matches(title, body, (), all_named=True)
        return sorted(matches, key=lambda match: match.threshold - match.score)

    def _dictionary(self) -> list[list[Written]]:
        """The entries, each once, `_targets` beside them."""
        numbers: dict[tuple[Written, ...], int] = {}
        for number, topic in enumerate(self.topics):
            for entry, meaning in _entries(topic):
                place = numbers.setdefault(entry, len(numbers))
                if place == len(self._targets):
                    self._targets.append([])
                self._targets[place].append(_Target(number, meaning))
        return [list(entry) for entry in numbers]

    def _matches(self, title: str, body: str, asides: Spans, *, all_named: bool) -> list[TopicMatch]:
        text = _Text(title, body, self._matcher.find(title), self._matcher.find(body))
        named = self._named(text)
        looked_at = [
            n for n, groups in named.items() if all_named or groups.issuperset(self.topics[n].required)
        ]
        if not looked_at:
            return []
        cut = passages(body)
        set_aside = _set_aside(cut, asides)
        return [self._match(number, text, cut, set_aside) for number in sorted(looked_at)]

    def _named(self, text: _Text) -> dict[int, set[str | None]]:
        """Topic → the groups of its terms found."""
        named: dict[int, set[str | None]] = {}
        for entry in {found.term for found in (*text.in_title, *text.in_body)}:
            for number, meaning in self._targets[entry]:
                if isinstance(meaning, Term):
                    named.setdefault(number, set()).update((meaning.group, *meaning.stands_for))
        return named

    def _match(
        self, number: int, text: _Text, cut: Passages, set_aside: Sequence[tuple[str, int, int]]
    ) -> TopicMatch:
        topic = self.topics[number]
        title_spans = [found.span() for found in WORD.finditer(text.title)]
        in_title = list(self._mentions(number, text.in_title, title_spans, None, ()))
        in_body = list(self._mentions(number, text.in_body, cut.spans, cut, set_aside))
        evidence = weigh(topic, [*in_title, *in_body], cut, has_title=bool(title_spans))
        return TopicMatch(
            topic_id=topic.topic_id,
            topic_version=topic.version,
            score=round(score(evidence), 4),
            threshold=topic.threshold,
            hits=(
                *(_hit(mention, "title", text.title) for mention in in_title),
                *(_hit(mention, "body", text.body) for mention in in_body),
            ),
        )

    def _mentions(
        self,
        number: int,
        found: Sequence[Found],
        spans: Spans,
        cut: Passages | None,
        set_aside: Sequence[tuple[str, int, int]],
    ) -> Iterator[Mention]:
        """The topic's terms with what cancels them; `cut` is None for a title."""
        guarded = [
            (meaning.name, spans[hit.first][0], spans[hit.last][1])
            for hit in found
            for topic, meaning in self._targets[hit.term]
            if topic == number and isinstance(meaning, Guard)
        ]
        cancelling = (*set_aside, *guarded)
        for hit in found:
            for topic, meaning in self._targets[hit.term]:
                if topic == number and isinstance(meaning, Term):
                    start, end = spans[hit.first][0], spans[hit.last][1]
                    guard = next(
                        (name for name, first, last in cancelling if start < last and first < end), None
                    )
                    yield Mention(meaning, cut.sentence(hit.first) if cut else 0, start, end, guard)


def _entries(topic: Topic) -> Iterator[tuple[tuple[Written, ...], Term | Guard]]:
    for term in topic.terms:
        yield tuple(Written(text, term.word_class) for text in (term.text, *term.variants)), term
    for guard in topic.guards:
        yield tuple(Written(phrase) for phrase in guard.phrases), guard


def _set_aside(cut: Passages, asides: Spans) -> list[tuple[str, int, int]]:
    """Spans of the body in which no mention counts, whatever the topic."""
    return [
        *((_ASIDE, start, end) for start, end in asides),
        *([(_DATELINE, 0, cut.dateline_end)] if cut.dateline_end else []),
        *((_STRIP, start, end) for start, end in cut.strips),
    ]


def _hit(mention: Mention, field: str, text: str) -> Hit:
    return Hit(
        term=mention.term.text,
        form=text[mention.start : mention.end],
        field=field,
        start=mention.start,
        end=mention.end,
        weight=mention.term.weight,
        group=mention.term.group,
        cancelled_by=mention.cancelled_by,
    )
