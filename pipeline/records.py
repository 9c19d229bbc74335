"""
What flows through Rasd: one frozen record for each place in the journey.

    FeedEntry (poll) → PageRef (fetch) → Article (extract) → DetectedArticle (detect)
    → IndexedDocument (index).  What is asked of an index, and its answers: `pipeline.answers`.

Shared conventions: `*_at` is an aware UTC datetime, `*_s` are seconds, `*_bytes` bytes; spans
are code points of the text *as published*, end exclusive. An entry and its article share one
id: 32 hex digits, chosen once, in poll.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What can become of an entry. Every entry ends in exactly one, with a reason."""

    INDEXED = "indexed"  #: searchable; withdrawn later by its outlet it stays so
    DUPLICATE = "duplicate"  #: same outlet and same canonical link or same text
    NOT_ARABIC = "not_arabic"  #: by its text
    NO_ARTICLE = "no_article"  #: directory, section front, video stub, social page, empty
    GONE = "gone"  #: 404, 410
    BLOCKED = "blocked"  #: consent, challenge, paywall, 401, 403, 451
    DISALLOWED = "disallowed"  #: robots, or an address no request may reach
    UNUSABLE = "unusable"  #: wrong type, too large
    UNREACHABLE = "unreachable"  #: time-outs, resets, 429 and 5xx, until tries are used up
    FAILED = "failed"  #: killed or crashed three times
    REFUSED = "refused"  #: the index said 400


class Stage(StrEnum):
    """What an entry without an outcome, or one to be worked on again, waits for."""

    FETCH = "fetch"
    EXTRACT = "extract"
    DETECT = "detect"
    INDEX = "index"


# -- configured -------------------------------------------------------------------------------


#: Every kind of evidence a topic may give points for, and what it says.
EVIDENCE: Final = {
    "title_part": "the share of what is required that the headline names, by how strongly",
    "opening": "the first lines say all that is required, as strongly as the weakest of it",
    "throughout": "the share of the text that says what is required, as strongly; two fifths are all of it",
    "dealing": "the share of the text in which one side deals with another, said in a few words",
    "named": "headline or first lines name the topic itself",
    "others": "the share of third parties among all who are named in headline and first lines",
    "turned_away": "of what the sides say or do to anybody, the share third parties are at the other end of",
    "elsewhere": "the share of the text that speaks of something else",
    "title_elsewhere": "the headline speaks of something else",
}
#: Groups any topic may have: what names it whole, what one side does to another, what speaks of
#: something else.
NAMED: Final = "named"
ADDRESS: Final = "address"
ELSEWHERE: Final = "elsewhere"
OTHERS: Final = "others"  #: third parties
#: What an article can be other than news; text alone does not show it, so somebody has to say.
GENRES: Final = ("satire", "fact-check", "post", "interview", "opinion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed of an outlet, as configured."""

    url: str
    outlet_id: str
    section: str | None = None
    poll_at_most_s: int = 600  #: never more often than this; the schedule adapts above it
    time_zone: str | None = None  #: IANA name, where the feed's dates need another than the outlet's


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Who publishes. The file's stem in `config/outlets` is its id."""

    outlet_id: str
    title: str
    title_en: str
    home: str
    country: str  #: ISO 3166, lower case
    time_zone: str  #: IANA name
    language: str = "ar"
    pause_s: float | None = None  #: between two requests to one of its hosts; None: the setting's
    feeds: tuple[Feed, ...] = ()
    entries_per_day: tuple[int, int] | None = None  #: outside this range housekeeping speaks up
    genre: str = ""  #: one of `GENRES` where all it publishes is of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase that speaks for a topic."""

    text: str
    weight: float
    group: str | None = None  #: the required group it helps to fill
    word_class: str = ""  #: a class of `pipeline.arabic.forms`; "": guessed word by word
    variants: tuple[str, ...] = ()  #: other spellings, same weight
    stands_for: tuple[str, ...] = ()  #: groups it fills too; "both sides" once each was named before
    #: What evidence calls it, where its texts are different things; no part of what it matches by.
    title: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """What evidence calls it."""
        return self.title or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A context in which a term's mention does not count."""

    name: str
    phrases: tuple[str, ...]  #: a mention that shares a word with one of these is cancelled
    within: int = 0  #: so is one in the same sentence with at most so many words between
    groups: tuple[str, ...] = ()  #: only mentions of these groups; none named: of all but `elsewhere`

    def cancels(self, group: str | None) -> bool:
        """Whether it may cancel a mention of this group."""
        return group in self.groups if self.groups else group != ELSEWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text a topic must match, or must not: a headline and, after a line break, a body."""

    text: str
    matches: bool
    line: int = 0  #: of the topic's file


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What analysts follow. The file's stem in `config/topics` is its id."""

    topic_id: str
    title: str
    title_en: str
    version: str  #: short hash of the file's meaning; changes when the topic would match differently
    threshold: float  #: the points an article needs
    terms: tuple[Term, ...]
    required: tuple[str, ...] = ()  #: groups that must each be found
    sides: tuple[str, ...] = ()  #: groups that face each other; none: the required ones
    points: tuple[tuple[str, float], ...] = ()  #: what each kind of evidence adds at its fullest
    guards: tuple[Guard, ...] = ()
    examples: tuple[Example, ...] = ()
    description: str = ""  #: what belongs to it and what does not, for analysts


# -- poll -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DateEvidence:
    """An instant somebody stated, and how we came to read it so."""

    published_at: datetime
    source: str  #: feed | json_ld | meta | time_element | page_text | store | url | import
    precision: str = "second"  #: second | minute | hour | day
    raw: str = ""  #: as published
    rule: str = ""  #: e.g. "rfc822", "iso8601", "outlet zone assumed"
    #: Beside a feed's: what the article's page states. Evidence on the feed, and no part of the choice.
    page_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """A mistake a feed makes in all its dates: they show the clock of one zone and claim another.

    >>> str(DateRule(zone="Asia/Riyadh", claimed_s=0))
    'labels Asia/Riyadh as UTC'
    """

    zone: str  #: IANA name, so that the rule holds over clock changes
    claimed_s: int  #: seconds east of Greenwich; 0: UTC

    def __str__(self) -> str:
        hours, minutes = divmod(abs(self.claimed_s) // 60, 60)
        sign = "-" if self.claimed_s < 0 else "+"
        return f"labels {self.zone} as {f'{sign}{hours:02}:{minutes:02}' if self.claimed_s else 'UTC'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry as its feed lists it. All texts are plain, never HTML."""

    entry_id: str
    outlet_id: str
    feed_url: str
    url: str  #: absolute, as published: what is fetched
    canonical_url: str  #: the comparison key; `entry_id` is made from it
    title: str = ""
    summary: str = ""
    body: str = ""  #: the feed's own full text, paragraphs separated by newlines
    author: str = ""
    categories: tuple[str, ...] = ()
    image_url: str = ""
    date: DateEvidence | None = None
    raw_date: str = ""  #: as the feed has it, also where no instant could be believed
    content_hash: str = ""  #: of what the outlet can edit: title, summary, body


# -- fetch ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRef:
    """Where in the archive a response lies."""

    file: str  #: relative to the archive's folder
    offset: int
    length_bytes: int


# -- extract ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The article on a page, or the one its feed carried. Text as published, NFC."""

    article_id: str
    outlet_id: str
    url: str
    title: str
    body: str  #: paragraphs separated by newlines
    first_seen_at: datetime
    fetched_at: datetime | None = None
    author: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    image_url: str = ""
    language: str = "ar"
    wire: str = ""  #: the agency the text is attributed to, or ""
    date: DateEvidence | None = None
    body_from: str = "page"  #: page | feed | import
    page_outcome: str = ""  #: why the page did not serve, when `body_from` is feed
    extractor: str = ""  #: name and version of what read it
    asides: tuple[tuple[int, int], ...] = ()  #: spans of `body` kept out of topic detection
    genre: str = ""  #: one of `GENRES` where whoever handed it in says so; its outlet's comes after

    @property
    def dated_at(self) -> datetime:
        """When it was published or, where nobody says, first seen."""
        return self.date.published_at if self.date else self.first_seen_at


# -- detect -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A term found in an article."""

    term: str  #: as the topic writes it, or the title of the lexicon's list
    form: str  #: as the article writes it
    field: str  #: title | body
    start: int
    end: int
    weight: float
    group: str | None = None
    cancelled_by: str | None = None  #: the guard that makes this mention not count


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One kind of evidence an article gives for a topic, and what it adds to the score."""

    name: str  #: of a kind of `pipeline.detect.evidence`
    value: float  #: 0 to 1: how much of it there is
    points: float  #: value times the topic's points for this kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMatch:
    """That an article is about a topic, and why. Score and threshold are in the topic's points."""

    topic_id: str
    topic_version: str
    score: float
    threshold: float
    hits: tuple[Hit, ...]  #: the cancelled ones too
    evidence: tuple[Evidence, ...] = ()  #: adds up to the score
    missing: tuple[str, ...] = ()  #: required groups that are not named: then no score is enough

    @property
    def reached(self) -> bool:
        """Whether the article is about the topic."""
        return self.score >= self.threshold and not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a person says of an article and a topic, having read it."""

    article_id: str
    topic_id: str
    belongs: bool
    why: str
    judged_by: str
    judged_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedArticle:
    """An article with the topics it is about; none is ordinary."""

    article: Article
    matches: tuple[TopicMatch, ...] = ()


# -- index ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedDocument:
    """What the index is told of an article. `document_version` rises with every change."""

    detected: DetectedArticle
    document_version: int
    revision: int
    month: str  #: YYYY-MM, fixed in the ledger at first indexing
    country: str
    outlet_title: str
    withdrawn_at: datetime | None = None

    @property
    def document_id(self) -> str:
        """The article's id."""
        return self.detected.article.article_id
