"""
Near-copies, scored: which articles fall together by their key, and which by groups made another way.

Pairs are counted. A pair that no group has may be a copy all the same (a short version of a long report, a
text behind another opening), so its texts are compared as well: it resembles when half the runs of four
words of one are in the other.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from pipeline.evaluate.coverage import Corpus
from pipeline.evaluate.shingles import overlap
from pipeline.importing.files import lines

_RESEMBLES: Final = 0.5
#: Pairs whose texts are compared: all, but where keys are so wrong that there are hundreds of thousands.
_COMPARED: Final = 20_000


def evaluate_copies(corpora: Sequence[Path], groups: Path) -> dict[str, Any]:
    """Precision and recall of near-copy keys over pairs of articles.

    Args:
        corpora: JSONL files of records with `id`, `title`, `body`.
        groups: JSONL of objects with `group` and its `docs`, each with an `id`.
    """
    corpus = Corpus()
    keys = {document.document_id: corpus.keys[document.document_id] for document in corpus.read(corpora)}
    stated = {name: group for name, group in _stated(groups) if name in keys}
    found, wanted = _pairs(keys), _pairs(stated)
    both = _pairs({name: (key, stated[name]) for name, key in keys.items() if name in stated})
    strangers = [pair for pair in _together(keys) if not _same(pair, stated)][:_COMPARED]
    alike = _alike(strangers, corpora)
    return {
        "articles": len(keys),
        "pairs_by_key": found,
        "pairs_by_group": wanted,
        "precision": round(both / found, 4) if found else 0.0,
        "recall": round(both / wanted, 4) if wanted else 0.0,
        "others_compared": len(strangers),
        "others_that_resemble": alike,
    }


def _stated(groups: Path) -> Iterator[tuple[str, str]]:
    for line in lines(groups):
        group = json.loads(line.content or b"{}")
        for document in group.get("docs", ()):
            yield str(document["id"]), str(group["group"])


def _pairs(together: Mapping[str, Hashable]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(together.values()).values())


def _together(keys: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Every pair with one key."""
    members: defaultdict[int, list[str]] = defaultdict(list)
    for name, key in keys.items():
        members[key].append(name)
    for names in members.values():
        yield from combinations(names, 2)


def _same(pair: tuple[str, str], stated: Mapping[str, str]) -> bool:
    one, other = (stated.get(name) for name in pair)
    return one is not None and one == other


def _alike(pairs: Sequence[tuple[str, str]], corpora: Iterable[Path]) -> int:
    """How many pairs resemble each other."""
    bodies = _bodies({name for pair in pairs for name in pair}, corpora)
    return sum(max(overlap(bodies[one], bodies[other])[:2]) >= _RESEMBLES for one, other in pairs)


def _bodies(wanted: set[str], corpora: Iterable[Path]) -> dict[str, str]:
    found: dict[str, str] = {}
    for corpus in corpora:
        for line in lines(corpus):
            record = json.loads(line.content or b"{}")
            if (name := str(record.get("id"))) in wanted:
                found.setdefault(name, str(record.get("body")))
    return found
