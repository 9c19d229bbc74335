"""Commands that score: extraction, dates, matching and topics over labelled data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.screen import as_json, out, table

app = typer.Typer(help="Score the pipeline over labelled data.", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON, whole; without it, the overall figures.")]


@app.command("extraction")
def extraction(
    folder: Annotated[Path, typer.Argument(help="A folder of *.html with gold/*.json.")],
    as_json_: _Json = False,
) -> None:
    """Body, title, author and date of stored pages against what a person read."""
    from pipeline.evaluate.extraction import evaluate_extraction

    _show(evaluate_extraction(folder), whole=as_json_)


@app.command("dates")
def dates(
    file: Annotated[Path, typer.Argument(help="TSV: raw, zone, now, expected.")], as_json_: _Json = False
) -> None:
    """Date strings against the instants they mean."""
    from pipeline.evaluate.dates import evaluate_dates

    _show(evaluate_dates(file), whole=as_json_)


@app.command("matching")
def matching(
    file: Annotated[Path, typer.Argument(help="TSV: term, form, match (1 or 0), maybe class.")],
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


class Part(StrEnum):
    """Which labelled articles are read: the closed fifth is opened once, at the end."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@app.command("topics")
def topics(
    file: Annotated[Path, typer.Argument(help="JSONL of labelled articles.")],
    part: Annotated[Part, typer.Option(help="Which of them.")] = Part.OPEN,
    as_json_: _Json = False,
) -> None:
    """Precision, recall and F1 of every topic, with and without borderline pairs."""
    from pipeline import config, wiring
    from pipeline.evaluate.topics import evaluate_topics

    found = config.load_topics(wiring.load_settings().config)
    with file.open(encoding="utf-8") as lines:
        scores = evaluate_topics(lines, found, part=part.value)
    figures = {
        name: [
            {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
            for tally in (scores.all_pairs[name], scores.clear_pairs[name])
        ]
        for name in found
    }
    if as_json_:
        overall = {"macro_f1": scores.macro_f1, "macro_f1_clear": scores.macro_f1_clear}
        typer.echo(as_json({"articles": scores.articles, **overall, "topics": figures}))
        return
    out.print(
        table(
            f"{scores.articles} articles; macro F1 {scores.macro_f1:.3f}, "
            f"{scores.macro_f1_clear:.3f} without borderline",
            ("topic", "precision#", "recall#", "F1#", "F1, clear#"),
            [
                (
                    name,
                    *(f"{whole[part]:.2f}" for part in ("precision", "recall", "f1")),
                    f"{clear['f1']:.2f}",
                )
                for name, (whole, clear) in figures.items()
            ],
        )
    )


class Engine(StrEnum):
    """Which index is scored."""

    SQLITE = "sqlite"
    ELASTICSEARCH = "elasticsearch"


@app.command("search")
def search(
    corpus: Annotated[list[Path], typer.Option(help="JSONL of articles, packed or not; may be repeated.")],
    events: Annotated[Path, typer.Option(help="JSONL: the ids of the reports of each event.")],
    engine: Annotated[Engine, typer.Option(help="The index to score.")] = Engine.SQLITE,
    silver: Annotated[bool, typer.Option(help="Also near-copies under other titles, 200 of them.")] = False,
    as_json_: _Json = False,
) -> None:
    """Similar coverage: each title as a query, the other reports of its event as the answers."""
    from pipeline import wiring
    from pipeline.evaluate.search import evaluate_search

    url = wiring.load_settings().elasticsearch_url
    figures = evaluate_search(corpus, events, engine=engine.value, url=url, with_silver=silver)
    _show(figures, whole=as_json_)


def _show(figures: dict[str, Any], *, whole: bool) -> None:
    if whole:
        typer.echo(as_json(figures))
        return
    typer.echo(as_json({name: value for name, value in figures.items() if not isinstance(value, list)}))
