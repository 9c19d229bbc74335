"""
One file of `config/topics` → Topic, with the names of `config/lexicon.yml` written out.

The lexicon keeps what several topics share: a person's names and spellings, the papers that have a
capital in their title. A topic refers to an entry as `@putin`. What each kind of evidence is worth
stands in the topic's `points` or, for all topics that do not say, in `config/evidence.yml`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline import yamlfile
from pipeline.arabic.characters import carrying
from pipeline.arabic.classes import WORD_CLASSES
from pipeline.arabic.words import words
from pipeline.records import ADDRESS, ELSEWHERE, EVIDENCE, NAMED, OTHERS, Example, Guard, Term, Topic
from pipeline.yamlfile import Complaints, Value

_TOPIC_KEYS: Final = (
    "title", "title_en", "description", "threshold", "points", "terms", "groups", "required", "sides",
    NAMED, ADDRESS, ELSEWHERE, OTHERS, "guards", "examples",
)  # fmt: skip
#: Groups with a meaning of their own, written beside `groups`.
_RESERVED: Final = (NAMED, ADDRESS, ELSEWHERE, OTHERS)
_TERM_KEYS: Final = ("weight", "class", "variants", "stands_for")
#: Raised when the same terms would match differently, so that stored matches show their age.
_ENGINE: Final = 2
#: What a term that names the topic weighs, listed without points.
_LISTED: Final = "4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the lexicon: one thing, and every form it goes by, or a list of things under a title."""

    forms: tuple[str, ...]
    word_class: str = ""  #: "": guessed
    title: str = ""  #: what evidence calls a list: its first form is only one of them


Lexicon = Mapping[str, Entry]
#: A term, and where in the file it stands.
Placed = tuple[Term, Value]
Points = tuple[tuple[str, float], ...]


def read_lexicon(file: Path, complaints: Complaints) -> Lexicon:
    """The lexicon by name; empty where there is no such file."""
    top = yamlfile.read(file, complaints) if file.exists() else None
    return dict(_entries(top)) if top else {}


def read_points(file: Path, complaints: Complaints) -> Points:
    """What evidence is worth where a topic does not say; nothing where there is no such file."""
    top = yamlfile.read(file, complaints) if file.exists() else None
    return _points(top) if top else ()


def read_topic(topic_id: str, top: Value, lexicon: Lexicon, points: Points = ()) -> Topic:
    """The topic in a file; what is wrong in it is among the complaints."""
    fields = top.fields(_TOPIC_KEYS, required=("title", "threshold"))
    placed = list(_all_terms(fields, lexicon))
    if not placed and top.mapping():
        top.complain("has no terms; write them under `terms` or `groups`")
    _no_doubles(placed)
    groups = {term.group for term, _ in placed}
    topic = Topic(
        topic_id=topic_id,
        title=fields["title"].text() if "title" in fields else "",
        title_en=fields["title_en"].text() if "title_en" in fields else topic_id.replace("_", " "),
        description=fields["description"].text() if "description" in fields else "",
        version="",
        threshold=fields["threshold"].one(_positive, 1.0) if "threshold" in fields else 1.0,
        points=_points(fields["points"]) if "points" in fields else points,
        terms=tuple(term for term, _ in placed),
        required=_groups(fields.get("required"), groups),
        sides=_groups(fields.get("sides"), groups),
        guards=tuple(_guards(fields.get("guards"), lexicon, groups)),
        examples=tuple(_examples(fields.get("examples"))),
    )
    _can_match(topic, placed, fields, top)
    topic = replace(topic, terms=tuple(_naming(term, topic) for term in topic.terms))
    return replace(topic, version=version_of(topic))


def version_of(topic: Topic) -> str:
    """Eight digits that change with anything the topic matches by, and with nothing else."""
    meaning = (
        _ENGINE, topic.threshold, topic.points, topic.terms, topic.required, topic.sides, topic.guards,
    )  # fmt: skip
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:8]


# -- the lexicon ------------------------------------------------------------------------------


def _entries(top: Value) -> Iterator[tuple[str, Entry]]:
    for name, value in top.entries():
        if not value.mapping():
            yield name, Entry(forms=_phrases(value, {}))
            continue
        fields = value.fields(("title", "class", "forms"), required=("forms",))
        yield (
            name,
            Entry(
                forms=_phrases(fields["forms"], {}) if "forms" in fields else (),
                word_class=_word_class(fields, ""),
                title=fields["title"].text() if "title" in fields else "",
            ),
        )


def _entry(text: str, value: Value, lexicon: Lexicon) -> Entry | None:
    """What a term's key means: itself, or what the lexicon says; None after a complaint."""
    if not text.startswith("@"):
        return Entry(forms=(text,)) if _matchable(text, value) else None
    entry = lexicon.get(text[1:])
    if entry is None or not entry.forms:
        value.complain(
            f"config/lexicon.yml has no {text[1:]!r}; there are {', '.join(sorted(lexicon)) or 'none'}"
        )
        return None
    return entry


# -- terms ------------------------------------------------------------------------------------


def _all_terms(fields: Mapping[str, Value], lexicon: Lexicon) -> Iterator[Placed]:
    yield from _terms(fields.get("terms"), None, lexicon)
    for name, value in fields["groups"].entries() if "groups" in fields else ():
        if name in _RESERVED:
            value.complain(f"has a name Rasd keeps for itself; write {name} beside groups, or rename it")
        yield from _terms(value, name, lexicon)
    for name in _RESERVED:
        yield from _listed(fields.get(name), name, lexicon)


def _terms(terms: Value | None, group: str | None, lexicon: Lexicon) -> Iterator[Placed]:
    for text, value in terms.entries() if terms else ():
        if re.fullmatch(r"-?[0-9.]+", text):
            yield from _weighing(text, value, group, lexicon)
        elif term := _term(text, value, group, lexicon):
            yield term, value


def _weighing(weight: str, terms: Value, group: str | None, lexicon: Lexicon) -> Iterator[Placed]:
    """Terms of one weight, in a list: `6: [war, fighting]`."""
    for item in terms.items():
        entry = _entry(item.text(), item, lexicon) if item.text() else None
        if entry:
            term = Term(
                text=entry.forms[0],
                weight=float(weight),
                group=group,
                word_class=entry.word_class,
                variants=entry.forms[1:],
                title=entry.title,
            )
            yield term, item


def _listed(terms: Value | None, group: str, lexicon: Lexicon) -> Iterator[Placed]:
    """Terms written one a line, without points; with them, as those of any group."""
    if terms is None or terms.mapping():
        yield from _terms(terms, group, lexicon)
    else:
        yield from _weighing(_LISTED if group == NAMED else "0", terms, group, lexicon)


def _term(text: str, value: Value, group: str | None, lexicon: Lexicon) -> Term | None:
    entry = _entry(text, value, lexicon)
    if entry is None:
        return None
    fields = {} if value.scalar() else value.fields(_TERM_KEYS, required=("weight",))
    weight = value if value.scalar() else fields.get("weight")
    return Term(
        text=entry.forms[0],
        weight=weight.one(yamlfile.number, 0.0) if weight else 0.0,
        group=group,
        word_class=_word_class(fields, entry.word_class),
        variants=(*entry.forms[1:], *(_phrases(fields["variants"], lexicon) if "variants" in fields else ())),
        stands_for=tuple(name.text() for name in fields["stands_for"].items())
        if "stands_for" in fields
        else (),
        title=entry.title,
    )


def _naming(term: Term, topic: Topic) -> Term:
    """A term that names the topic fills its sides, unless it says what it fills."""
    if term.group != NAMED or term.stands_for:
        return term
    return replace(term, stands_for=topic.sides or topic.required)


def _word_class(fields: Mapping[str, Value], default: str) -> str:
    return fields["class"].one(_class, default) if "class" in fields else default


def _phrases(listed: Value, lexicon: Lexicon) -> tuple[str, ...]:
    """Texts of a list, references written out, those that cannot match left out."""
    phrases: list[str] = []
    for item in listed.items():
        text = item.text()
        entry = _entry(text, item, lexicon) if text else None
        phrases.extend(entry.forms if entry else ())
    return tuple(phrases)


# -- the rest ---------------------------------------------------------------------------------


def _points(value: Value) -> Points:
    fields = value.fields(tuple(EVIDENCE))
    return tuple((name, points.one(yamlfile.number, 0.0)) for name, points in fields.items())


def _groups(named: Value | None, groups: set[str | None]) -> tuple[str, ...]:
    names = [(item.text(), item) for item in named.items()] if named else []
    for name, item in names:
        if name and name not in groups:
            there = ", ".join(sorted(group for group in groups if group)) or "none"
            item.complain(f"no term is of group {name!r}, so the topic could never match; groups are {there}")
    return tuple(name for name, _ in names)


def _guards(guards: Value | None, lexicon: Lexicon, groups: set[str | None]) -> Iterator[Guard]:
    for name, value in guards.entries() if guards else ():
        if not value.mapping():
            yield Guard(name=name, phrases=_phrases(value, lexicon))
            continue
        fields = value.fields(("phrases", "within", "groups"), required=("phrases",))
        yield Guard(
            name=name,
            phrases=_phrases(fields["phrases"], lexicon) if "phrases" in fields else (),
            within=fields["within"].one(yamlfile.whole, 0) if "within" in fields else 0,
            groups=_groups(fields.get("groups"), groups),
        )


def _examples(examples: Value | None) -> Iterator[Example]:
    fields = examples.fields(("match", "no_match")) if examples else {}
    for name, value in fields.items():
        for item in value.items():
            yield Example(text=item.text(), matches=name == "match", line=item.line)


# -- what could never match -------------------------------------------------------------------


def _matchable(text: str, value: Value) -> bool:
    if words(text):
        return True
    value.complain(f"{text!r} has no letters, so it can never match")
    return False


def _no_doubles(placed: Sequence[Placed]) -> None:
    """The same words in two terms of one group would count twice."""
    seen: dict[tuple[str | None, str], Term] = {}
    for term, value in placed:
        for text in (term.text, *term.variants) if term.weight else ():
            other = seen.setdefault((term.group, carrying(text)), term)
            if other is not term:
                value.complain(
                    f"{text!r} is a form of {other.text!r} too, of the same group; keep one of them"
                )


def _can_match(topic: Topic, placed: Sequence[Placed], fields: Mapping[str, Value], top: Value) -> None:
    """Complain of what no article could ever reach."""
    _reachable_threshold(topic, fields, top)
    _reachable_groups(topic, placed, fields)
    _not_always_cancelled(topic, placed)


def _reachable_threshold(topic: Topic, fields: Mapping[str, Value], top: Value) -> None:
    if not topic.points:
        top.complain("gives evidence no points; write `points`, or a config/evidence.yml for all topics")
        return
    most = sum(points for _, points in topic.points if points > 0)
    if topic.threshold > most and "threshold" in fields:
        fields["threshold"].complain(
            f"all evidence together is worth {most:g} points, so nothing can reach it"
        )


def _reachable_groups(topic: Topic, placed: Sequence[Placed], fields: Mapping[str, Value]) -> None:
    groups = {term.group for term in topic.terms}
    for term, value in placed:
        if missing := sorted(set(term.stands_for) - groups):
            value.complain(
                f"stands for {', '.join(missing)}, and there is no such group, so it can never count"
            )
    for name in topic.required:
        filling = [term for term in topic.terms if term.group == name and name not in term.stands_for]
        if not filling and name in groups:
            fields["required"].complain(
                f"group {name!r} holds only terms that stand for it; nothing fills it first"
            )


def _not_always_cancelled(topic: Topic, placed: Sequence[Placed]) -> None:
    for guard in topic.guards:
        phrases = {carrying(phrase) for phrase in guard.phrases}
        for term, value in placed:
            if guard.cancels(term.group):
                for text in (term.text, *term.variants):
                    if carrying(text) in phrases:
                        value.complain(
                            f"guard {guard.name} cancels every mention of {text!r}; drop one of them"
                        )


def _positive(text: str) -> float:
    found = yamlfile.number(text)
    if found > 0:
        return found
    raise ValueError(f"{text!r} is not above 0; write the points an article needs, like 12")


def _class(text: str) -> str:
    if text in WORD_CLASSES:
        return text
    raise ValueError(f"{text!r} is not a class of words; there are {', '.join(WORD_CLASSES)}")
