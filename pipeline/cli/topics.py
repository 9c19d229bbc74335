"""Commands for topic editors."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.forms import forms
from pipeline.cli.screen import as_json, marked, out, table

app = typer.Typer(
    help="What is followed: list topics, run their examples, explain a text.", no_args_is_help=True
)

app.command("forms")(forms)


@app.command("list")
def list_() -> None:
    """The topics, their titles and how many terms they have."""
    from pipeline import config, wiring

    topics = config.load_topics(wiring.load_settings().config)
    out.print(
        table(
            "",
            ("topic", "title", "in English", "terms#", "threshold#", "examples#"),
            (
                (
                    t.topic_id,
                    t.title,
                    t.title_en,
                    len(t.terms),
                    t.threshold,
                    len(t.examples_match) + len(t.examples_no_match),
                )
                for t in topics.values()
            ),
        )
    )


@app.command("test")
def run_examples(
    topic: Annotated[list[str] | None, typer.Argument(help="Only these topics.")] = None,
) -> None:
    """Run the examples in the topic files; exit 3 when one fails."""
    from pipeline import config, wiring
    from pipeline.detect.examples import failures
    from pipeline.errors import ConfigError

    topics = config.load_topics(wiring.load_settings().config)
    if unknown := sorted(set(topic or ()) - set(topics)):
        raise ConfigError(f"no topic {', '.join(unknown)}; there are {', '.join(sorted(topics))}")
    chosen = {name: topics[name] for name in topic or topics}
    failed = failures(chosen)
    examples = sum(len(t.examples_match) + len(t.examples_no_match) for t in chosen.values())
    for failure in failed:
        out.print(str(failure), markup=False)
    out.print(f"{len(chosen)} topics, {examples} examples, {len(failed)} failed", markup=False)
    if failed:
        raise typer.Exit(3)


@app.command("explain")
def explain(
    text: Annotated[str, typer.Argument(help="A headline, or a whole text.")],
    body: Annotated[str, typer.Option(help="The text below the headline.")] = "",
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Which topics would this text match, and why; the near misses too."""
    from pipeline import config, wiring
    from pipeline.detect.match import Detector

    detector = Detector(config.load_topics(wiring.load_settings().config))
    matches = detector.explain(text, body)
    if as_json_:
        typer.echo(as_json(matches))
        return
    if not matches:
        out.print("no term of any topic occurs in it")
    for match in matches:
        verdict = "matches" if match.score >= match.threshold else "does not reach"
        out.print(f"{match.topic_id}: {match.score:.2f} {verdict} {match.threshold:.2f}", markup=False)
        for hit in match.hits:
            source = text if hit.field == "title" else body
            start = max(0, hit.start - 40)
            shown = marked(
                source[start : hit.end + 40].replace("\n", " "), [(hit.start - start, hit.end - start)]
            )
            note = f"  cancelled by {hit.cancelled_by}" if hit.cancelled_by else ""
            out.print(
                f"   {hit.term} as {hit.form} in {hit.field}, weight {hit.weight:g}{note}: ",
                shown,
                sep="",
                markup=False,
            )
