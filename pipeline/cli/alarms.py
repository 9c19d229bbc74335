"""The command that draws what topics flag over a corpus, shows it to be judged, and scores it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from pipeline.cli.judging import one_of
from pipeline.cli.screen import as_json, err, out, table


class Half(StrEnum):
    """Which articles of a corpus are drawn from: mistakes are looked at in one half only."""

    STEER = "steer"
    HELD = "held"
    ALL = "all"


def alarms(
    corpus: Annotated[Path, typer.Option(exists=True, help="JSONL of articles, packed or not.")],
    judged: Annotated[Path, typer.Option(exists=True, help="TSV: id, topic, and yes, borderline or no.")],
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be repeated.")] = None,
    most: Annotated[int, typer.Option(min=1, help="So many articles of each kind are drawn.")] = 50,
    half: Annotated[Half, typer.Option(help="Draw from one half of the articles.")] = Half.ALL,
    to_read: Annotated[
        bool, typer.Option("--to-read", help="Also print what is drawn and not judged yet.")
    ] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How often topics are right over a corpus: what they flag and nearly flag, as people judged it.

    Articles in a labelled.jsonl beside the corpus are not drawn.
    """
    from pipeline import wiring
    from pipeline.evaluate.alarms import figures_of, read_judged, unjudged
    from pipeline.evaluate.survey import records_of, survey

    found, genres = wiring.load_topics(wiring.load_settings())
    chosen = {name: one_of(found, name) for name in topic or found}
    said = read_judged(judged)
    beside = corpus.with_name("labelled.jsonl")
    labelled = {record["id"] for record in records_of(beside)} if beside.exists() else set()
    with err.status("reading the corpus …"):
        told = survey(records_of(corpus), chosen, genres=genres, labelled=labelled, half=half.value)
    figures = figures_of(told, said, most)
    left = list(unjudged(told, said, most)) if to_read else []
    if as_json_:
        shown = [
            {"id": one.article_id, "topic": name, "kind": kind, "title": one.title, "opening": one.body}
            for name, kind, one in left
        ]
        typer.echo(as_json({**figures, "to_read": shown} if to_read else figures))
        return
    out.print(_alarms_table(figures))
    for name, kind, one in left:
        typer.echo(f"\n{one.article_id}\t{name}\t({kind})\n{one.title}\n{one.body}")


def _alarms_table(figures: dict[str, Any]) -> Table:
    return table(
        f"{figures['articles']:,} articles, dated ones of {figures['days']:,} days",
        (
            "topic",
            "per 1,000#",
            "per day#",
            "read#",
            "right, borderline, wrong",
            "precision",
            "of the clear",
            "near#",
            "read, right",
            "recall",
        ),
        [(name, *_alarms_of(row)) for name, row in figures["topics"].items()],
    )


def _alarms_of(row: dict[str, Any]) -> list[str]:
    return [
        f"{row['per_1000']:.2f}",
        f"{row['per_day']:.2f}",
        f"{row['read']} of {row['drawn']}",
        f"{row['right']}, {row['borderline']}, {row['wrong']}",
        *(_ranged(row, name) for name in ("precision", "precision_clear")),
        f"{row['near']}",
        f"{row['near_read']} of {row['near_drawn']}, {row['near_right']}",
        _ranged(row, "recall"),
    ]


def _ranged(row: dict[str, Any], name: str) -> str:
    if row[name] is None:
        return "–"
    low, high = row[f"{name}_interval"]
    return f"{row[name]:.2f} ({low:.2f} to {high:.2f})"
