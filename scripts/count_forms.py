"""
Count word forms of a corpus into the table `pipeline.arabic.counts` reads.

    .venv/bin/python scripts/count_forms.py ../shared/data/corpus/corpus.jsonl.xz

One line for each form, unfolded: alefs with the hamza or madda they were written with, ة with its dots
and ى without, harakat gone. So `إلقاء` and `القاء` are counted apart, and the first says nothing about
an article. Forms are left out that are rarer than `LEAST` however they are spelled.
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

from pipeline.arabic.characters import bare, explicit
from pipeline.arabic.words import WORD

TABLE = Path(__file__).resolve().parent.parent / "pipeline" / "arabic" / "data" / "counts.tsv.gz"
#: Rarer forms are names met once, misspellings and words run together.
LEAST = 8
#: A spelling of a form that is common enough is kept from here on.
LEAST_SPELLED = 2


def texts(corpus: Path) -> Iterator[str]:
    """Titles and bodies, an article at a time."""
    with lzma.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield f"{article.get('title') or ''}\n{article.get('body') or ''}"


def count(corpus: Iterable[str]) -> Counter[str]:
    """How often each Arabic form stands, its letters as they are written."""
    published: Counter[str] = Counter()
    for text in corpus:
        published.update(WORD.findall(text))
    written: Counter[str] = Counter()
    for form, times in published.items():
        letters = "".join(filter(str.isalnum, explicit(form)))
        if letters and all("ء" <= letter <= "ي" or letter == "گ" for letter in letters):
            written[letters] += times
    return written


def common(written: Counter[str]) -> list[tuple[str, int]]:
    """The forms to keep, in order."""
    folded: Counter[str] = Counter()
    for form, times in written.items():
        folded[bare(form)] += times
    return sorted((f, n) for f, n in written.items() if folded[bare(f)] >= LEAST and n >= LEAST_SPELLED)


def main() -> None:
    """Write the table."""
    rows = common(count(texts(Path(sys.argv[1]))))
    lines = "".join(f"{form}\t{times}\n" for form, times in rows)
    TABLE.write_bytes(gzip.compress(lines.encode(), compresslevel=9, mtime=0))
    print(f"{TABLE}: {TABLE.stat().st_size:,} bytes, {len(rows):,} forms")


if __name__ == "__main__":
    main()
