"""Commands that score: extraction, dates, matching and topics over labelled data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from pipeline.cli.alarms import alarms
from pipeline.cli.judged import Corpus, JudgedFile, judged_of
from pipeline.cli.screen import as_json, out, table

app = typer.Typer(help="Score the pipeline over labelled data.", no_args_is_help=True)

app.command("alarms")(alarms)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON, whole; without it, the overall figures.")]


@app.command("extraction")
def extraction(
    folder: Annotated[Path, typer.Argument(exists=True, help="A folder of *.html with gold/*.json.")],
    as_json_: _Json = False,
) -> None:
    """Body, title, author and date of stored pages against what a person read."""
    from pipeline.evaluate.extraction import evaluate_extraction

    _show(evaluate_extraction(folder), whole=as_json_)


@app.command("dates")
def dates(
    file: Annotated[Path, typer.Argument(exists=True, help="TSV: raw, zone, now, expected.")],
    as_json_: _Json = False,
) -> None:
    """Date strings against the instants they mean."""
    from pipeline.evaluate.dates import evaluate_dates

    _show(evaluate_dates(file), whole=as_json_)


@app.command("matching")
def matching(
    file: Annotated[Path, typer.Argument(exists=True, help="TSV: term, form, match (1 or 0), maybe class.")],
    elasticsearch: Annotated[
        str, typer.Option(help="Address of a node whose `arabic` analyzer is compared.")
    ] = "",
    as_json_: _Json = False,
) -> None:
    """Terms against the forms they must and must not be found in; beside it, what others do."""
    from pipeline.evaluate.matching import evaluate_matching
    from pipeline.wiring import opened_analyzer

    if not elasticsearch:
        _show(evaluate_matching(file), whole=as_json_)
        return
    with opened_analyzer(elasticsearch, "arabic") as analyse:
        _show(evaluate_matching(file, analyzers={"elasticsearch arabic": analyse}), whole=as_json_)


@app.command("feeds")
def feeds(
    folder: Annotated[
        Path, typer.Argument(exists=True, help="A folder of feeds, at any depth, or a .tar.xz of one.")
    ],
    as_json_: _Json = False,
) -> None:
    """Feeds of every kind, whole and broken: crashes, time, memory, and entries beside feedparser's."""
    from pipeline.evaluate.feeds import evaluate_feeds

    _show(evaluate_feeds(folder), whole=as_json_)


class Part(StrEnum):
    """Which labelled articles are read: the closed fifth is opened once, at the end."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@app.command("topics")
def topics(
    file: Annotated[Path, typer.Argument(exists=True, help="JSONL of labelled articles.")],
    part: Annotated[Part, typer.Option(help="Which of them.")] = Part.ALL,
    cross_validated: Annotated[
        bool,
        typer.Option(
            "--cross-validated", help="Learn the points on four fifths, score the fifth, five times."
        ),
    ] = False,
    corpus: Corpus = None,
    judged: JudgedFile = None,
    as_json_: _Json = False,
) -> None:
    """Precision, recall, F1 and cost of every topic, with and without borderline pairs.

    Reports of one event are kept together where event_clusters.jsonl lies beside the file.
    Judged articles of a corpus are learnt from, those of the steering half, and not scored.
    """
    from pipeline import wiring
    from pipeline.evaluate.labelled import read_labelled, topics_labelled
    from pipeline.evaluate.topics import cross_validate, evaluate_topics

    if corpus and not cross_validated:
        raise typer.BadParameter(
            "--corpus and --judged go with --cross-validated: what is learnt is learnt there"
        )
    found, genres = wiring.load_topics(wiring.load_settings())
    labelled = read_labelled(file, part.value)
    scored = sorted(set(found) & topics_labelled(file))
    if cross_validated:
        more = judged_of(corpus, judged, {name: found[name] for name in scored}, genres)
        scores = cross_validate(labelled, found, scored=scored, genres=genres, judged=more)
    else:
        scores = evaluate_topics(labelled, found, scored=scored, genres=genres)
    figures = scores.figures()
    if as_json_:
        typer.echo(as_json(figures))
        return
    out.print(_topics_table(figures))


def _topics_table(figures: dict[str, Any]) -> Table:
    low, high = figures["macro_f1_interval"]
    rows = figures["topics"].items()
    return table(
        f"{figures['articles']} articles, {figures['articles_per_s']:,} a second; macro F1 "
        f"{figures['macro_f1']:.3f} ({low:.2f} to {high:.2f}), clear {figures['macro_f1_clear']:.3f}",
        ("topic", "P#", "R#", "F1#", "clear#", "cost#", "found, false, missed"),
        [(name, *_figures_of(row)) for name, row in rows],
    )


def _figures_of(row: dict[str, Any]) -> list[str]:
    figures = [f"{row[name]:.2f}" for name in ("precision", "recall", "f1", "f1_clear", "cost")]
    return [*figures, f"{row['tp']}, {row['fp']}, {row['fn']}"]


class Engine(StrEnum):
    """Which index is scored."""

    SQLITE = "sqlite"
    ELASTICSEARCH = "elasticsearch"


@app.command("search")
def search(
    corpus: Annotated[list[Path], typer.Option(help="JSONL of articles, packed or not; may be repeated.")],
    events: Annotated[Path, typer.Option(help="JSONL: the ids of the reports of each event.")],
    engine: Annotated[Engine, typer.Option(help="The index to score.")] = Engine.SQLITE,
    also: Annotated[
        list[Path] | None, typer.Option(help="More events, each file scored for itself; may be repeated.")
    ] = None,
    at_once: Annotated[
        int, typer.Option(help="Ask so many at a time once more, for their times.", min=1, max=64)
    ] = 1,
    as_json_: _Json = False,
) -> None:
    """Similar coverage: each title as a query, the other reports of its event as the answers."""
    from pipeline import wiring
    from pipeline.evaluate.search import evaluate_search

    url = wiring.load_settings().elasticsearch_url
    figures = evaluate_search(corpus, events, engine=engine.value, url=url, also=also or (), at_once=at_once)
    _show(figures, whole=as_json_)


@app.command("copies")
def copies(
    corpus: Annotated[list[Path], typer.Option(help="JSONL of articles, packed or not; may be repeated.")],
    groups: Annotated[Path, typer.Option(help="JSONL: the ids of the articles of each group of copies.")],
    as_json_: _Json = False,
) -> None:
    """Near-copies: pairs of articles that fall together by their key, against groups made another way."""
    from pipeline.evaluate.copies import evaluate_copies

    _show(evaluate_copies(corpus, groups), whole=as_json_)


def _show(figures: dict[str, Any], *, whole: bool) -> None:
    if whole:
        typer.echo(as_json(figures))
        return
    typer.echo(as_json({name: value for name, value in figures.items() if not isinstance(value, list)}))
