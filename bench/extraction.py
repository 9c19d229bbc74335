"""
Extraction beside other extractors: the same pages, one core, one run.

Pages a second are in processor time, the median of five rounds; a page comes as bytes and goes as text,
title and, where the extractor has them, date and author. F1 is that of `rasd evaluate extraction`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, median

from bench.extractors import Extractor, forget, learnt, others, rasd
from bench.table import Row
from pipeline.evaluate.extraction import gold_text
from pipeline.evaluate.shingles import overlap
from tests.pages.floor import PAGES
from tests.pages.generated import LAYOUTS, GeneratedPage, page_of, pages_like

#: By extractor: F1 on the stored pages and on the generated ones, pages a second.
Scores = dict[str, tuple[float | None, float, float]]
#: Pages of each layout that are measured, and as many before them as teach a template.
_PAGES = 50
_TEACHING = 10
_ROUNDS = 5
_GENERAL = "rasd, without a template"
_TEMPLATED = "rasd, with a template"
_WITH_METADATA = "trafilatura, with metadata"


def measure() -> list[Row]:
    """F1 and pages a second of each extractor, and how ours compare with trafilatura's."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        scores = _scores()
    finally:
        os.sched_setaffinity(0, cores)
    return [*_rows(scores), *_comparison(scores)]


def _scores() -> Scores:
    generated = {name: list(pages_like(name, _PAGES)) for name in LAYOUTS}
    names = sorted(f"{path.parent.name}/{path.stem}" for path in PAGES.glob("*/*.html"))
    written = [page for page in map(page_of, names) if not {"outcome", "feed"} & set(page.gold)]
    pages = [page for pages in generated.values() for page in pages]
    scores: Scores = {
        name: (_f1(run, written), _f1(run, pages), _pages_per_s(run, pages)) for name, run in others()
    }
    scores[_GENERAL] = (_f1(rasd, written), _f1(rasd, pages), _pages_per_s(rasd, pages))
    scores[_TEMPLATED] = _templated(generated)
    return scores


def _templated(
    generated: dict[str, list[GeneratedPage]],
) -> tuple[float | None, float, float]:
    """The same with the template each layout's first pages teach."""
    runs = {name: learnt(pages[:_TEACHING]) for name, pages in generated.items()}

    def run(pages: Iterable[tuple[Extractor, GeneratedPage]]) -> None:
        for read, page in pages:
            read(page)

    work = [(runs[name], page) for name, pages in generated.items() for page in pages]
    f1 = fmean(_score(read, page) for read, page in work)
    return None, f1, len(work) / median(_seconds(lambda: run(work)) for _ in range(_ROUNDS))


def _f1(run: Extractor, pages: Sequence[GeneratedPage]) -> float:
    return fmean(_score(run, page) for page in pages)


def _score(run: Extractor, page: GeneratedPage) -> float:
    wanted = gold_text(page.gold["body"], page.gold)
    return overlap(wanted, gold_text(run(page), page.gold)).f1


def _pages_per_s(run: Extractor, pages: Sequence[GeneratedPage]) -> float:
    def once() -> None:
        for page in pages:
            run(page)

    return len(pages) / median(_seconds(once) for _ in range(_ROUNDS))


def _seconds(once: Callable[[], None]) -> float:
    forget()
    started = time.process_time()
    once()
    return time.process_time() - started


def _rows(scores: Scores) -> list[Row]:
    return [
        Row(
            f"extraction: {name}",
            f"F1 {'–' if written is None else f'{written:.3f}'} and {generated:.3f}; {speed:,.0f} pages/s",
            "F1 on the pages of tests/pages, and on 50 in each of five layouts" if not number else "",
        )
        for number, (name, (written, generated, speed)) in enumerate(scores.items())
    ]


def _comparison(scores: Scores) -> list[Row]:
    base = scores[_WITH_METADATA][2]
    return [
        Row(f"{name} against {_WITH_METADATA}", f"{scores[name][2] / base:.1f} times", f"at least {least}")
        for name, least in ((_GENERAL, "1.5"), (_TEMPLATED, "5"))
    ]
