"""
One file of `config/topics` → Topic, with the names of `config/lexicon.yml` written out.

The lexicon keeps what several topics share: a person's names and spellings, the papers that have a
capital in their title. A topic refers to an entry as `@putin`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline import yamlfile
from pipeline.arabic.characters import carrying
from pipeline.arabic.classes import WORD_CLASSES
from pipeline.arabic.words import words
from pipeline.records import Guard, Near, Term, Topic
from pipeline.yamlfile import Complaints, Value

_TOPIC_KEYS: Final = (
    "title", "title_en", "description", "threshold", "terms", "groups", "required", "near", "guards",
    "examples",
)  # fmt: skip
_TERM_KEYS: Final = ("weight", "class", "variants", "stands_for")
#: Raised when the same terms would match differently, so that stored matches show their age.
_ENGINE: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of the lexicon: one thing, and every form it goes by. Class "": guessed."""

    word_class: str
    forms: tuple[str, ...]


Lexicon = Mapping[str, Entry]


def read_lexicon(file: Path, complaints: Complaints) -> Lexicon:
    """The lexicon by name; empty where there is no such file."""
    top = yamlfile.read(file, complaints) if file.exists() else None
    return dict(_entries(top)) if top else {}


def read_topic(topic_id: str, top: Value, lexicon: Lexicon) -> Topic:
    """The topic in a file; what is wrong in it is among the complaints."""
    fields = top.fields(_TOPIC_KEYS, required=("title", "threshold"))
    terms = (*_terms(fields.get("terms"), None, lexicon), *_grouped(fields.get("groups"), lexicon))
    if not terms and top.mapping():
        top.complain("has no terms; write them under `terms` or `groups`")
    _no_doubles(terms, top)
    topic = Topic(
        topic_id=topic_id,
        title=fields["title"].text() if "title" in fields else "",
        title_en=fields["title_en"].text() if "title_en" in fields else topic_id.replace("_", " "),
        description=fields["description"].text() if "description" in fields else "",
        version="",
        threshold=fields["threshold"].one(_share, 0.5) if "threshold" in fields else 0.5,
        terms=terms,
        required=_required(fields.get("required"), {term.group for term in terms}),
        near=tuple(_near(fields.get("near"), {term.group for term in terms})),
        guards=tuple(_guards(fields.get("guards"), lexicon)),
        **_examples(fields.get("examples")),
    )
    return replace(topic, version=_version(topic))


def _entries(top: Value) -> Iterator[tuple[str, Entry]]:
    for name, value in top.entries():
        if not value.mapping():
            yield name, Entry(word_class="", forms=_phrases(value, {}))
            continue
        fields = value.fields(("class", "forms"), required=("forms",))
        forms = _phrases(fields["forms"], {}) if "forms" in fields else ()
        yield name, Entry(word_class=_word_class(fields, ""), forms=forms)


def _grouped(groups: Value | None, lexicon: Lexicon) -> Iterator[Term]:
    for name, value in groups.entries() if groups else ():
        yield from _terms(value, name, lexicon)


def _terms(terms: Value | None, group: str | None, lexicon: Lexicon) -> Iterator[Term]:
    for text, value in terms.entries() if terms else ():
        term = _term(text, value, group, lexicon)
        if term:
            yield term


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
    )


def _entry(text: str, value: Value, lexicon: Lexicon) -> Entry | None:
    """What a term's key means: itself, or what the lexicon says; None after a complaint."""
    if not text.startswith("@"):
        return Entry(word_class="", forms=(text,)) if _matchable(text, value) else None
    entry = lexicon.get(text[1:])
    if entry is None or not entry.forms:
        value.complain(
            f"config/lexicon.yml has no {text[1:]!r}; there are {', '.join(sorted(lexicon)) or 'none'}"
        )
        return None
    return entry


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


def _matchable(text: str, value: Value) -> bool:
    if words(text):
        return True
    value.complain(f"{text!r} has no letters, so it can never match")
    return False


def _no_doubles(terms: tuple[Term, ...], top: Value) -> None:
    """The same term twice in one group would count twice."""
    seen: dict[tuple[str | None, str], str] = {}
    for term in terms:
        for text in (term.text, *term.variants):
            other = seen.setdefault((term.group, carrying(text)), text)
            if other is not text:
                top.complain(f"{text!r} is {other!r} again, of the same group; keep one of them")


def _required(required: Value | None, groups: set[str | None]) -> tuple[str, ...]:
    names = [(item.text(), item) for item in required.items()] if required else []
    for name, item in names:
        if name and name not in groups:
            there = ", ".join(sorted(group for group in groups if group)) or "none"
            item.complain(f"no term is of group {name!r}, so the topic could never match; groups are {there}")
    return tuple(name for name, _ in names)


def _near(near: Value | None, groups: set[str | None]) -> Iterator[Near]:
    for rule in near.items() if near else ():
        fields = rule.fields(("groups", "within", "weight"), required=("groups", "within", "weight"))
        if len(fields) < 3:
            continue
        sides = _required(fields["groups"], groups)
        if len(sides) != 2:
            fields["groups"].complain("does not name two groups; write them like [us, russia]")
            continue
        yield Near(
            groups=(sides[0], sides[1]),
            within=fields["within"].one(yamlfile.whole, 0),
            weight=fields["weight"].one(yamlfile.number, 0.0),
        )


def _guards(guards: Value | None, lexicon: Lexicon) -> Iterator[Guard]:
    for name, value in guards.entries() if guards else ():
        yield Guard(name=name, phrases=_phrases(value, lexicon))


def _examples(examples: Value | None) -> dict[str, tuple[str, ...]]:
    fields = examples.fields(("match", "no_match")) if examples else {}
    return {
        f"examples_{name}": tuple(item.text() for item in fields[name].items()) if name in fields else ()
        for name in ("match", "no_match")
    }


def _version(topic: Topic) -> str:
    """Eight digits that change with anything the topic matches by, and with nothing else."""
    meaning = (_ENGINE, topic.threshold, topic.terms, topic.required, topic.near, topic.guards)
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:8]


def _share(text: str) -> float:
    share = yamlfile.number(text)
    if 0 < share < 1:
        return share
    raise ValueError(f"{text!r} is not between 0 and 1; write one like 0.5")


def _class(text: str) -> str:
    if text in WORD_CLASSES:
        return text
    raise ValueError(f"{text!r} is not a class of words; there are {', '.join(WORD_CLASSES)}")
