"""Arabic analysis over real articles: words a second of one core for search, articles for topics."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from urllib.request import Request, urlopen

from bench.table import Row
from pipeline import config
from pipeline.arabic.characters import fold_mapped
from pipeline.arabic.matching import Matcher, Written
from pipeline.arabic.stems import base, stem
from pipeline.arabic.words import WORD, folded_form
from pipeline.importing.files import lines

TOPICS = Path(__file__).resolve().parent.parent / "config"
#: Articles read: enough for the memory of word forms to be as full as it is in use.
ARTICLES = 20_000
#: Those of them the slow ones are measured on.
FEW = 200
#: Text sent to the node at once.
REQUEST_CHARS = 50_000


def measure(corpus: Path, node: str) -> list[Row]:
    """The rows to print; `node` is the address of an Elasticsearch, "" leaves its row out."""
    texts = articles(corpus)
    words = sum(len(WORD.findall(text)) for text in texts)
    views = _Views()
    took_s = _timed(lambda: [views.of(text) for text in texts])
    rows = [
        Row(
            f"search analysis, {len(texts):,} articles of {words / len(texts):.0f} words, cold memory",
            f"{words / took_s:,.0f} words/s",
            "at least 400,000/s",
        )
    ]
    if node:
        rows.append(Row("the same, Elasticsearch's arabic through _analyze", _analysed(node, texts[:FEW])))
    return [*rows, *_matched(texts)]


def articles(corpus: Path, count: int = ARTICLES) -> list[str]:
    """Titles and bodies of the first articles that have one, in the order of the file."""
    contents = (json.loads(line.content) for line in islice(lines(corpus), count) if line.content)
    return [f"{one.get('title') or ''}\n{one.get('body') or ''}" for one in contents]


class _Views(dict[str, tuple[str, str]]):
    """Word as published → base and stem: what an index remembers for each form it meets."""

    def __missing__(self, form: str) -> tuple[str, str]:
        folded = folded_form(form)
        found = self[form] = base(folded), stem(folded)
        return found

    def of(self, text: str) -> list[tuple[str, str]]:
        return [self[form] for form in WORD.findall(text)]


def _matched(texts: Sequence[str]) -> list[Row]:
    """Every term and guard of the project's topics, in every form; beside it, a regex for each."""
    topics = config.load_topics(TOPICS).values()
    entries = [
        [Written(text, term.word_class) for text in (term.text, *term.variants)]
        for topic in topics
        for term in topic.terms
    ]
    entries += [[Written(phrase) for phrase in guard.phrases] for topic in topics for guard in topic.guards]
    matcher = Matcher(entries)
    matcher.find("\n".join(texts[:FEW]))
    took_s = _timed(lambda: [matcher.find(text) for text in texts])
    patterns = [re.compile(rf"\b{re.escape(way.text)}\b") for entry in entries for way in entry]
    regexes_s = _timed(lambda: [pattern.findall(text) for text in texts[:FEW] for pattern in patterns])
    mapped_s = _timed(lambda: [fold_mapped(text) for text in texts[:FEW]])
    return [
        Row(
            f"terms of {len(topics)} topics ({len(entries):,}), found in any form",
            f"{len(texts) / took_s:,.0f} articles/s",
            "at least 1,000/s",
        ),
        Row(
            f"the same as {len(patterns):,} regular expressions, as written",
            f"{FEW / regexes_s:,.0f} articles/s",
        ),
        Row("offset map of a whole article", f"{FEW / mapped_s:,.0f} articles/s", "only for those that hit"),
    ]


def _analysed(node: str, texts: Sequence[str]) -> str:
    whole = "\n".join(texts)
    pieces = [whole[at : at + REQUEST_CHARS] for at in range(0, len(whole), REQUEST_CHARS)]
    tokens = 0
    started = time.perf_counter()
    for piece in pieces:
        tokens += len(_tokens(node, piece))
    return f"{tokens / (time.perf_counter() - started):,.0f} words/s (HTTP and JSON included)"


def _tokens(node: str, text: str) -> Sequence[object]:
    """What the node makes of a piece, in requests below its limit of 10,000 tokens."""
    body = json.dumps({"analyzer": "arabic", "text": text}).encode()
    request = Request(f"{node}/_analyze", body, {"Content-Type": "application/json"})  # noqa: S310 - loopback
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        found: Sequence[object] = json.load(answer)["tokens"]
    return found


def _timed(work: Callable[[], object]) -> float:
    """Seconds of one core, whatever else the machine does."""
    started = time.process_time()
    work()
    return time.process_time() - started
