"""
Count word forms of a corpus into the table `pipeline.arabic.counts` reads.

    .venv/bin/python scripts/count_forms.py ../shared/data/corpus/corpus.jsonl.xz

One line for each folded form: how often it stands; how often its first letter is an alef that carries
a hamza or a madda, so that no ال begins there; how often its last is a teh marbuta, so that no pronoun
stands there. Forms rarer than `LEAST` are left out.
Counts are facts about a corpus; no text of it can be had back from them.
"""

from __future__ import annotations

import gzip
import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.arabic.words import WORD, folded_form

TABLE = Path(__file__).resolve().parent.parent / "pipeline" / "arabic" / "data" / "counts.tsv.gz"
#: Rarer forms are names met once, misspellings and words run together.
LEAST = 8
#: Hamza above, hamza below, madda: also as marks, for texts that write letter and mark apart.
CARRIERS = frozenset("أإآٲٳ")
MARBUTA = frozenset("ةۃ\ufe93\ufe94")
#: Vowel marks after the last letter.
TRAILING = "".join(map(chr, range(0x064B, 0x0653)))


def texts(corpus: Path) -> Iterator[str]:
    """Titles and bodies, an article at a time."""
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield f"{article.get('title') or ''}\n{article.get('body') or ''}"


def count(corpus: Iterable[str]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each folded form stands, with a carrier first, with a teh marbuta last."""
    published: Counter[str] = Counter()
    for text in corpus:
        published.update(WORD.findall(text))
    everywhere: Counter[str] = Counter()
    carried: Counter[str] = Counter()
    marbuta: Counter[str] = Counter()
    for form, times in published.items():
        folded = folded_form(form)
        if "ء" <= folded[:1] <= "ي":
            everywhere[folded] += times
            if form[0] in CARRIERS:
                carried[folded] += times
            if form.rstrip(TRAILING)[-1:] in MARBUTA:
                marbuta[folded] += times
    return everywhere, carried, marbuta


def main() -> None:
    """Write the table."""
    everywhere, carried, marbuta = count(texts(Path(sys.argv[1])))
    rows = (
        f"{form}\t{times}\t{carried[form] or ''}\t{marbuta[form] or ''}".rstrip("\t")
        for form, times in sorted(everywhere.items())
        if times >= LEAST
    )
    TABLE.write_bytes(gzip.compress(("\n".join(rows) + "\n").encode(), compresslevel=9, mtime=0))
    print(f"{TABLE}: {TABLE.stat().st_size:,} bytes, {sum(t >= LEAST for t in everywhere.values()):,} forms")


if __name__ == "__main__":
    main()
