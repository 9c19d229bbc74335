"""Judged articles of a corpus, as an option of the commands that learn from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.screen import err

if TYPE_CHECKING:
    from pipeline.detect.fit import Case
    from pipeline.records import Topic

Corpus = Annotated[
    Path | None, typer.Option(exists=True, help="JSONL of articles, packed or not, that the judged are of.")
]
JudgedFile = Annotated[
    Path | None, typer.Option(exists=True, help="TSV: id, topic, and yes, borderline or no.")
]


def judged_of(
    corpus: Path | None, judged: Path | None, topics: Mapping[str, Topic], genres: Mapping[str, str]
) -> dict[str, list[Case]]:
    """What the judged articles of a corpus teach of `topics`; nothing where none are given."""
    from pipeline.evaluate.alarms import read_judged
    from pipeline.evaluate.survey import records_of
    from pipeline.evaluate.topics import judged_cases

    if (corpus is None) != (judged is None):
        raise typer.BadParameter("--corpus and --judged go together")
    if corpus is None or judged is None:
        return {}
    with err.status("reading the corpus …"):
        return judged_cases(read_judged(judged), records_of(corpus), topics, genres)
