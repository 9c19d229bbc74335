r"""
Make the lists of events in `bench/coverage` that no reader judged, from a corpus alone.

    .venv/bin/python scripts/coverage_lists.py ../shared/data/corpus/corpus.jsonl.xz \
        ../shared/data/corpus/labelled.jsonl --groups ../shared/data/corpus/near_dup_groups.jsonl

A line is a `query`, the `ids` of its event and ids that are `neither`; no text of the corpus is written.
`world` and `home` hold articles whose bodies say the same within days, once the words of both titles are
taken out, so that the words a title is searched with say nothing of who is in. `titles` holds articles of
two outlets whose titles share rare words. `copies` holds near-copies under other titles.
Half of each, by the hash of the query's id, is there to steer by; the other is there to be held against.
The same corpus gives the same lists.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from pipeline.evaluate.coverage import Corpus
from pipeline.importing.files import lines
from pipeline.search.views import stems_of

INTO: Final = Path(__file__).resolve().parent.parent / "bench" / "coverage"
#: Lines of each half.
LINES: Final = 200
#: Words of a body that are compared.
READ: Final = 200
#: Reports of one event are so many seconds apart at most; those known by their titles, fewer.
APART_S: Final = 2.5 * 86_400
TITLES_APART_S: Final = 1.5 * 86_400
#: Cosines from which bodies tell of one event, and from which nobody can say without reading.
SAME: Final = {"world": 0.36, "home": 0.42}
DOUBTFUL: Final = 0.22
#: Reports that share more of their runs of three words than this were copied from each other.
COPIED: Final = 0.25
#: Words in a larger part of all bodies are no evidence.
COMMON: Final = 0.05
#: A title's word is rare when so few bodies and titles have it; two of them are evidence.
RARE: Final = (1_500, 250)
#: An event of more reports than this is a subject.
MOST: Final = 8

#: What a title of foreign affairs names: states and their people, and who acts for them abroad.
ABROAD: Final = re.compile(
    "روسي|موسكو|أم[ير]*ك|واشنطن|إيران|طهران|سوري|دمشق|إسرائيل|فلسطين|غزة|ترك|أنقرة|عراق|بغداد|ليبي|"
    "حوثي|يمن|أوكراني|كييف|الصين|صيني|بكين|كوري|نووي|أفغان|باكستان|طالبان|داعش|سودان|دارفور|فرنس|باريس|"
    "بريطاني|لندن|ألماني|برلين|يونان|أوبك|أوروب|ناتو|الأمم المتحدة|مجلس الأمن|لبنان|بيروت|القاهرة"
)
#: What a title or opening of other news says: protocol, sport, weather, markets, condolences.
AT_HOME: Final = re.compile(
    "خادم الحرمين|ولي العهد|أمير منطقة|مباراة|كأس|الدوري|لاعب|منتخب|درجات الحرارة|تعازي|تهنئة|المؤشر"
)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An article, as far as lists are made by it; the same as no other."""

    name: str
    outlet: str
    at: float | None  #: seconds
    title: tuple[str, ...]
    body: tuple[str, ...]
    headline: str  #: the title with its spaces evened
    is_world: bool


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many bodies and titles have a word."""

    size: int
    bodies: Mapping[str, int]
    titles: Mapping[str, int]

    def weight(self, stem: str) -> float:
        """0 for a common word."""
        count = self.bodies[stem]
        return 0.0 if count > COMMON * self.size else math.log(self.size / (1 + count))

    def is_rare_in_titles(self, stem: str) -> bool:
        """Whether two titles that have it in common tell of one thing."""
        return self.bodies[stem] < RARE[0] and self.titles[stem] < RARE[1]


#: Article → the others of its event, and those nobody can say of.
Events = dict[str, tuple[set[str], set[str]]]


def read(corpora: Sequence[Path], corpus: Corpus) -> tuple[list[Told], Rarity]:
    """Every article, and how rare its words are."""
    told, bodies, titles = [], Counter[str](), Counter[str]()
    for document in corpus.read(corpora):
        article = document.detected.article
        title, body = stems_of(article.title), stems_of(article.body)
        bodies.update(set(body))
        titles.update(set(title))
        about = f"{article.title} {article.body[:250]}"
        told.append(
            Told(
                document.document_id,
                document.outlet_title,
                article.date.published_at.timestamp() if article.date else None,
                tuple(title),
                tuple(body[:READ]),
                " ".join(article.title.split()),
                bool(ABROAD.search(article.title)) and not AT_HOME.search(about),
            )
        )
    return told, Rarity(len(told), bodies, titles)


def near(
    told: Iterable[Told], words: Callable[[Told], Mapping[str, float]], apart_s: float
) -> Iterator[tuple[Told, Told, float]]:
    """Pairs of articles at most so far apart, with the sum of what their common words weigh together."""
    shelf: defaultdict[str, list[tuple[Told, float]]] = defaultdict(list)
    for one in sorted((each for each in told if each.at is not None), key=lambda each: (each.at, each.name)):
        sums: defaultdict[Told, float] = defaultdict(float)
        for stem, weight in words(one).items():
            there = shelf[stem]
            while there and (one.at or 0) - (there[0][0].at or 0) > apart_s:
                there.pop(0)
            for other, others_weight in there:
                sums[other] += weight * others_weight
            there.append((one, weight))
        for other, together in sums.items():
            yield other, one, together


def vector(told: Told, rarity: Rarity, without: Collection[str] = ()) -> dict[str, float]:
    """The words of a body with their weights, of length 1."""
    counts = Counter(told.body)
    weights = {
        stem: (1 + math.log(times)) * weight
        for stem, times in counts.items()
        if stem not in without and (weight := rarity.weight(stem))
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {stem: weight / length for stem, weight in weights.items()}


def copied(one: Told, other: Told, corpus: Corpus) -> bool:
    """Whether both are of one group of near-copies, or a quarter of one's runs is in the other."""
    for known in (corpus.keys, corpus.groups):
        if one.name in known and known[one.name] == known.get(other.name):
            return True
    runs = [set(zip(each.body, each.body[1:], each.body[2:], strict=False)) for each in (one, other)]
    return len(runs[0] & runs[1]) > COPIED * min(map(len, runs))


def alike(told: Sequence[Told], rarity: Rarity, corpus: Corpus) -> Iterator[tuple[Told, Told, float]]:
    """Pairs of articles whose bodies say the same, less what their titles say, with the cosine."""
    usable = [each for each in told if len(each.title) >= 3 and len(each.body) >= 40]
    for one, other, together in near(usable, lambda each: vector(each, rarity), APART_S):
        if together < DOUBTFUL or copied(one, other, corpus):
            continue
        without = {*one.title, *other.title}
        mine, theirs = (vector(each, rarity, without) for each in (one, other))
        cosine = sum(weight * theirs.get(stem, 0.0) for stem, weight in mine.items())
        if cosine >= DOUBTFUL:
            yield one, other, cosine


def by_bodies(pairs: Iterable[tuple[Told, Told, float]], kind: str) -> Events:
    """Events of articles whose bodies are alike; the query is of the kind, its answers need not be."""
    events: Events = defaultdict(lambda: (set(), set()))
    for one, other, cosine in pairs:
        for each, answer in ((one, other), (other, one)):
            if each.is_world == (kind == "world"):
                events[each.name][cosine < SAME[kind]].add(answer.name)
    return events


def by_titles(told: Sequence[Told], rarity: Rarity, corpus: Corpus) -> Events:
    """Events of articles of two outlets whose titles have two rare words in common."""
    events: Events = defaultdict(lambda: (set(), set()))

    def rare(each: Told) -> dict[str, float]:
        return dict.fromkeys(filter(rarity.is_rare_in_titles, each.title), 1.0)

    for one, other, together in near(told, rare, TITLES_APART_S):
        apart = one.outlet != other.outlet and one.headline != other.headline
        if together >= 2 and apart and not copied(one, other, corpus):
            events[one.name][0].add(other.name)
            events[other.name][0].add(one.name)
    return events


def by_copies(told: Sequence[Told], groups: Path) -> Events:
    """Groups of near-copies as events: one title asks, those under other titles answer."""
    headlines = {each.name: each.headline for each in told}
    events: Events = {}
    for line in lines(groups):
        names = [str(each["id"]) for each in json.loads(line.content or b"{}").get("docs", ())]
        titled = {headlines[name]: name for name in sorted(names, key=place) if headlines.get(name)}
        if len(titled) > 1:
            query, *answers = titled.values()
            events[query] = set(answers), set(names) - set(titled.values())
    return events


def place(name: str) -> bytes:
    """Where an article stands in an order that has nothing to do with it."""
    return sha256(name.encode()).digest()


def drawn(events: Events, *, held: bool) -> Iterator[dict[str, str | list[str]]]:
    """Lines of one half; no article is in two of them."""
    used: set[str] = set()
    for query in sorted(events, key=place):
        same, doubtful = events[query]
        if place(query)[0] % 2 != held or not 1 <= len(same) <= MOST or used & {query, *same}:
            continue
        used |= {query, *same}
        yield {"query": query, "ids": [query, *sorted(same)], "neither": sorted(doubtful - same)}


def main() -> None:
    """Write the lists of both halves."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    parser.add_argument("--groups", type=Path, required=True, help="near-copies, for `copies`")
    parser.add_argument("--into", type=Path, default=INTO)
    asked = parser.parse_args()
    corpus = Corpus()
    told, rarity = read(asked.corpora, corpus)
    pairs = list(alike(told, rarity, corpus))
    kinds = {
        "world": by_bodies(pairs, "world"),
        "home": by_bodies(pairs, "home"),
        "titles": by_titles(told, rarity, corpus),
        "copies": by_copies(told, asked.groups),
    }
    for kind, events in kinds.items():
        for half in ("steered", "held"):
            made = list(drawn(events, held=half == "held"))[:LINES]
            file = asked.into / f"{kind}-{half}.jsonl"
            file.write_text("".join(f"{json.dumps(line)}\n" for line in made), encoding="utf-8")
            print(f"{file.name}: {len(made)} of {len(events)} articles with an event")


if __name__ == "__main__":
    main()
