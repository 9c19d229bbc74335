"""
Which topics is an article about?

    Article → DetectedArticle

Pure: no clock, no I/O, the same answer for the same article and topics. The terms and guards of all
topics are one dictionary, so an article is read once; only topics whose required groups are all
named somewhere in it are looked at closely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from pipeline.arabic.matching import Found, Matcher, Written
from pipeline.arabic.words import WORD
from pipeline.detect.evidence import sentences_told
from pipeline.detect.mentions import Mention, Spans, hits, mentions, words_of
from pipeline.detect.passages import Passages, passages
from pipeline.detect.score import best, score
from pipeline.records import Article, DetectedArticle, Guard, Term, Topic, TopicMatch

#: A text of so many characters or fewer is a post: it has no headline, opening and rest.
POST_CHARS: Final = 260
#: What reads like news and is none.
_NO_NEWS: Final = frozenset({"satire"})


class _Target(NamedTuple):
    """What a dictionary entry means to one topic: a term of it, or one of its guards."""

    topic: int
    meaning: Term | Guard


class _Field(NamedTuple):
    """Title or body, as the matcher sees it."""

    name: str
    text: str
    spans: Spans
    sentences: Sequence[int]  #: of each word
    found: list[Found]
    set_aside: dict[int, str]  #: words in which no mention counts → why


class Detector:
    """Holds articles against topics. Made once: it remembers every word form it has read."""

    def __init__(self, topics: Mapping[str, Topic], genres: Mapping[str, str] | None = None) -> None:
        """`genres` are those of outlets, by id, for articles that do not say theirs."""
        self._topics: Final = tuple(topics.values())
        self._genres: Final = genres or {}
        self._targets: list[list[_Target]] = []
        self._matcher = Matcher(self._dictionary())

    def detect(self, article: Article) -> DetectedArticle:
        """The article with every topic whose threshold it reaches; satire has none."""
        if self.genre_of(article) in _NO_NEWS:
            return DetectedArticle(article=article)
        matches = self._matches(article.title, article.body, article.asides, all_named=False)
        return DetectedArticle(article=article, matches=tuple(match for match in matches if match.reached))

    def only(self, topic_id: str) -> Detector:
        """A detector of this topic alone; of none where there is no such topic."""
        chosen = {topic.topic_id: topic for topic in self._topics if topic.topic_id == topic_id}
        return Detector(chosen, self._genres)

    def genre_of(self, article: Article) -> str:
        """Its own genre, or else its outlet's."""
        return article.genre or self._genres.get(article.outlet_id, "")

    def explain(self, article: Article) -> list[TopicMatch]:
        """Each topic of which a term was found, the surest first, those below their threshold too."""
        matches = self._matches(article.title, article.body, article.asides, all_named=True)
        if (genre := self.genre_of(article)) in _NO_NEWS:
            matches = [replace(match, missing=(f"news ({genre})",)) for match in matches]
        return sorted(matches, key=lambda match: (len(match.missing), match.threshold - match.score))

    def _dictionary(self) -> list[list[Written]]:
        """The entries, each once, `_targets` beside them."""
        numbers: dict[tuple[Written, ...], int] = {}
        for number, topic in enumerate(self._topics):
            for entry, meaning in _entries(topic):
                place = numbers.setdefault(entry, len(numbers))
                if place == len(self._targets):
                    self._targets.append([])
                self._targets[place].append(_Target(number, meaning))
        return [list(entry) for entry in numbers]

    def _matches(self, title: str, body: str, asides: Spans, *, all_named: bool) -> list[TopicMatch]:
        in_title, in_body = self._matcher.find(title), self._matcher.find(body)
        named = self._named([*in_title, *in_body])
        looked_at = [
            n for n, groups in named.items() if all_named or groups.issuperset(self._topics[n].required)
        ]
        if not looked_at:
            return []
        cut = passages(body)
        title_spans = [found.span() for found in WORD.finditer(title)]
        fields = (
            _Field("title", title, title_spans, [0] * len(title_spans), in_title, {}),
            _Field("body", body, cut.spans, cut.sentence_of, in_body, _set_aside(cut, asides)),
        )
        return [self._match(number, fields, cut) for number in sorted(looked_at)]

    def _named(self, found: Sequence[Found]) -> dict[int, set[str | None]]:
        """Topic → the groups of its terms found."""
        named: dict[int, set[str | None]] = {}
        for entry in {one.term for one in found}:
            for number, meaning in self._targets[entry]:
                if isinstance(meaning, Term):
                    named.setdefault(number, set()).update((meaning.group, *meaning.stands_for))
        return named

    def _match(self, number: int, fields: Sequence[_Field], cut: Passages) -> TopicMatch:
        topic = self._topics[number]
        by_field = [self._mentions(number, field) for field in fields]
        everything = (mention for found in by_field for mention in found)
        told = sentences_told(everything, cut, len(fields[0].spans))
        evidence = best(topic, told, cut, post=sum(len(field.text) for field in fields) <= POST_CHARS)
        return TopicMatch(
            topic_id=topic.topic_id,
            topic_version=topic.version,
            score=round(score(evidence), 3),
            threshold=topic.threshold,
            hits=tuple(
                hit
                for field, found in zip(fields, by_field, strict=True)
                for hit in hits(found, field.name, field.text, field.spans)
            ),
            evidence=evidence,
            missing=tuple(name for name in topic.required if not any(name in one.groups for one in told)),
        )

    def _mentions(self, number: int, field: _Field) -> list[Mention]:
        of_topic = (
            (found, meaning)
            for found in field.found
            for topic, meaning in self._targets[found.term]
            if topic == number
        )
        found = mentions(of_topic, field.sentences, field.set_aside)
        return sorted(found, key=lambda mention: (mention.first, mention.last))


def _entries(topic: Topic) -> Iterator[tuple[tuple[Written, ...], Term | Guard]]:
    for term in topic.terms:
        yield tuple(Written(text, term.word_class) for text in (term.text, *term.variants)), term
    for guard in topic.guards:
        yield tuple(Written(phrase) for phrase in guard.phrases), guard


def _set_aside(cut: Passages, asides: Spans) -> dict[int, str]:
    """Words of the body in which no mention counts, whatever the topic → why."""
    named = [
        *(("aside", span) for span in asides),
        ("dateline", (0, cut.dateline_end)),
        *(("strip", span) for span in cut.strips),
    ]
    return {word: name for name, (start, end) in named for word in words_of(cut.spans, start, end)}
