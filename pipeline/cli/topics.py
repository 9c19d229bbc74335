"""Commands for topic editors: list topics, run their examples, explain a text, learn points."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import judging
from pipeline.cli.explaining import explained
from pipeline.cli.forms import forms
from pipeline.cli.judged import Corpus, JudgedFile, judged_of
from pipeline.cli.judging import one_of
from pipeline.cli.screen import as_json, in_colour, out, table

if TYPE_CHECKING:
    from pipeline.detect.fit import Learnt
    from pipeline.records import Article, Topic

app = typer.Typer(
    help="What is followed: list topics, run their examples, explain a text.", no_args_is_help=True
)

#: A longer argument is a text.
_LONGEST_PATH = 200

app.command("forms")(forms)
judging.add_to(app)


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
                (t.topic_id, t.title, t.title_en, len(t.terms), f"{t.threshold:g}", len(t.examples))
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

    topics = config.load_topics(wiring.load_settings().config)
    chosen = {name: one_of(topics, name) for name in topic or topics}
    failed = failures(chosen)
    examples = sum(len(each.examples) for each in chosen.values())
    for failure in failed:
        out.print(str(failure), markup=False, emoji=False)
    out.print(f"{len(chosen)} topics, {examples} examples, {len(failed)} failed", markup=False)
    if failed:
        raise typer.Exit(3)


@app.command("explain")
def explain(
    topic: Annotated[str, typer.Argument(help="A topic's id.")],
    text: Annotated[
        str, typer.Argument(help="A file (headline on its first line), a stored URL, or a text.")
    ],
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What in this text speaks for and against the topic, in colour on the text."""
    from pipeline import wiring
    from pipeline.detect.match import Detector

    settings = wiring.load_settings()
    topics, genres = wiring.load_topics(settings)
    detector = Detector({topic: one_of(topics, topic)}, genres)
    article = _article(text)
    matches = detector.explain(article)
    if as_json_:
        typer.echo(as_json(matches))
        return
    match = matches[0] if matches else None
    for line in explained(article, match, detector.genre_of(article), coloured=in_colour()):
        out.print(line)


@app.command("fit")
def fit(
    file: Annotated[Path, typer.Argument(exists=True, help="JSONL of labelled articles.")],
    write: Annotated[
        bool, typer.Option("--write", help="Write the numbers into config/; without it they are shown.")
    ] = False,
    corpus: Corpus = None,
    judged: JudgedFile = None,
) -> None:
    """Learn what evidence is worth, in whole points, and each threshold.

    From the open four fifths of the labelled articles and, of a corpus, the judged ones of the steering half.
    """
    from pipeline import wiring
    from pipeline.detect.fit import fit as learn
    from pipeline.evaluate.labelled import read_labelled, topics_labelled
    from pipeline.evaluate.topics import cases_of, joined
    from pipeline.topicedit import with_points, with_threshold

    settings = wiring.load_settings()
    topics, genres = wiring.load_topics(settings)
    labelled = read_labelled(file, "open")
    known = {name: topics[name] for name in sorted(set(topics) & topics_labelled(file))}
    cases = cases_of(labelled, known, genres)
    more = judged_of(corpus, judged, topics, genres)
    learnt = learn(joined({name: [case for case in each if case] for name, each in cases.items()}, more))
    thresholds = {name: _kept_to_examples(topic, learnt) for name, topic in topics.items()}
    rows = [*learnt.points, *((f"threshold of {name}", each) for name, each in thresholds.items())]
    rows.append(("threshold of any other topic", learnt.threshold))
    count = f"{len(labelled)} articles and {sum(map(len, more.values()))} judged pairs"
    out.print(table(count, ("", "points#"), [(name, f"{each:g}") for name, each in rows]))
    if write:
        evidence = settings.config / "evidence.yml"
        evidence.write_text(with_points(evidence.read_text("utf-8"), dict(learnt.points)), "utf-8")
        for name in topics:
            path = settings.config / "topics" / f"{name}.yml"
            threshold = thresholds[name]
            path.write_text(with_threshold(path.read_text("utf-8"), threshold), "utf-8")


def _kept_to_examples(topic: Topic, learnt: Learnt) -> float:
    """The threshold learnt, or the lower one that the topic's own examples need."""
    from pipeline.detect.examples import lowest_score

    needed = lowest_score(replace(topic, points=learnt.points))
    threshold = learnt.thresholds.get(topic.topic_id, learnt.threshold)
    return threshold if needed >= threshold else float(int(needed))


def _article(text: str) -> Article:
    """A file's text, a stored article, or the text itself as an article."""
    from pipeline import wiring
    from pipeline.detect.examples import as_article

    if len(text) < _LONGEST_PATH and Path(text).is_file():
        return as_article(Path(text).read_text("utf-8"))
    if "\n" not in text and " " not in text.strip():
        with wiring.opened_ledger(wiring.load_settings()) as ledger:
            story = ledger.story_of(text)
        if story and story.article:
            return story.article
        if text.startswith(("http:", "https:")):
            raise typer.BadParameter(f"{text} is not stored; see: rasd why {text}")
    return as_article(text)
