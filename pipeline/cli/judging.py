"""Commands for topic editors over what is stored: backtest, judge, review."""

from __future__ import annotations

import getpass
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipeline.cli.screen import complain, err, out, table

if TYPE_CHECKING:
    from pipeline.detect.backtest import Change
    from pipeline.detect.review import Reviewed
    from pipeline.ledger.ledger import Ledger
    from pipeline.records import Article, Topic, TopicMatch

#: Articles shown of each kind.
_SHOWN = 20
#: Outlets and months shown.
_ROWS = 12


def add_to(app: typer.Typer) -> None:
    """Hang these commands under `rasd topics`."""
    app.command("backtest")(backtest)
    app.command("judge")(judge)
    app.command("review")(review)


def backtest(
    topic: Annotated[str, typer.Argument(help="A topic's id.")],
    since: Annotated[str | None, typer.Option(help="Only articles since then: 2026-03 or 7d.")] = None,
    against: Annotated[
        str | None, typer.Option(help="A git revision of config/; without it, the matches stored.")
    ] = None,
) -> None:
    """What the topic's file as it is now gains and loses among stored articles, and why."""
    from pipeline import wiring
    from pipeline.detect.backtest import backtest as run
    from pipeline.search.days import edges_of

    settings = wiring.load_settings()
    now, (_, genres) = _topic(settings.config, topic), wiring.load_topics(settings)
    then = _topic_at(settings.config, topic, against) if against else None
    start = edges_of(since, zone=settings.time_zone, now=datetime.now(UTC))[0] if since else None
    with wiring.opened_ledger(settings) as ledger, err.status("backtest …"):
        told = list(run(_stored(ledger, start), now, then, genres))
    changes = [change for change in told if change]
    for gained, title in ((True, "gained"), (False, "lost")):
        of_kind = [change for change in changes if change.gained == gained]
        out.print(_changes_table(f"{len(of_kind)} {title}", of_kind))
    for by in ("outlet", "month"):
        out.print(_counts_table(changes, by))
    out.print(f"{len(told):,} articles, {len(changes)} changes; to apply: rasd redo detect")


def judge(
    url: Annotated[str, typer.Argument(help="An article's URL, or its id.")],
    topic: Annotated[str, typer.Argument(help="A topic's id.")],
    verdict: Annotated[str, typer.Argument(help="yes: it is about the topic; no: it is not.")],
    why: Annotated[str, typer.Option(help="In a few words, for whoever reads it later.")] = "",
) -> None:
    """Note what you say of an article and a topic, having read it."""
    from pipeline import wiring

    if verdict not in {"yes", "no"}:
        raise typer.BadParameter(f"{verdict!r} is neither yes nor no")
    settings = wiring.load_settings()
    _topic(settings.config, topic)
    with wiring.opened_ledger(settings) as ledger:
        said = ledger.judge(
            url,
            topic,
            belongs=verdict == "yes",
            why=why,
            judged_by=getpass.getuser(),
            now=datetime.now(UTC),
        )
    if said is None:
        complain(f"{url}: no feed listed it and no import held it; see: rasd feeds")
        raise typer.Exit(3)
    out.print(f"noted: {said.article_id} is {'' if said.belongs else 'not '}about {topic}")


def review(
    topic: Annotated[list[str] | None, typer.Argument(help="Only these topics.")] = None,
) -> None:
    """Where you and a topic disagree, its precision by your judgements, and examples to add."""
    from pipeline import wiring
    from pipeline.detect.match import Detector
    from pipeline.detect.review import precision
    from pipeline.detect.review import review as reviewed_of

    settings = wiring.load_settings()
    topics, genres = wiring.load_topics(settings)
    chosen = {name: one_of(topics, name) for name in topic or topics}
    with wiring.opened_ledger(settings) as ledger:
        judged = {
            name: [
                (said, story.article)
                for said in ledger.judgements(topic_id=name)
                if (story := ledger.story_of(said.article_id)) and story.article
            ]
            for name in chosen
        }
    for name, said_of in judged.items():
        if said_of:
            reviewed = reviewed_of(Detector({name: chosen[name]}, genres), said_of)
            _show_review(name, reviewed, precision(reviewed))
    if not any(judged.values()):
        out.print("nothing is judged yet; say what you read with: rasd topics judge URL TOPIC yes|no")


def _show_review(name: str, reviewed: Sequence[Reviewed], precise: tuple[float, float, float] | None) -> None:
    told = "finds none of them" if precise is None else "precision {:.2f} ({:.2f} to {:.2f})".format(*precise)
    out.print(f"{name}: {len(reviewed)} judged, {told}", style="bold", markup=False)
    for one in reviewed:
        if not one.agrees:
            key = "match" if one.judgement.belongs else "no_match"
            score = f"{one.match.score:g} of {one.match.threshold:g}" if one.match else "no term found"
            out.print(f"  {one.article.url or one.article.article_id} ({score}); under {key}:", markup=False)
            out.print(one.example, markup=False, emoji=False)


def one_of(topics: Mapping[str, Topic], name: str) -> Topic:
    """The topic called `name`, or a complaint that names those there are."""
    from pipeline.errors import ConfigError

    if name not in topics:
        raise ConfigError(f"no topic {name}; there are {', '.join(sorted(topics))}")
    return topics[name]


def _topic(config_folder: Path, name: str) -> Topic:
    from pipeline import config

    return one_of(config.load_topics(config_folder), name)


def _topic_at(config_folder: Path, name: str, revision: str) -> Topic:
    """The topic as `revision` has it, with that revision's lexicon and points."""
    from pipeline.errors import ConfigError

    with tempfile.TemporaryDirectory(prefix="rasd-") as folder:
        (Path(folder) / "topics").mkdir()
        for file in ("lexicon.yml", "evidence.yml", f"topics/{name}.yml"):
            shown = subprocess.run(  # noqa: S603 - arguments, no shell
                ["git", "-C", str(config_folder), "show", f"{revision}:./{file}"],  # noqa: S607 - the user's git
                capture_output=True,
                check=False,
            )
            if shown.returncode == 0:
                (Path(folder) / file).write_bytes(shown.stdout)
            elif file.startswith("topics/"):
                raise ConfigError(f"{revision} has no config/{file}: {shown.stderr.decode().strip()}")
        return _topic(Path(folder), name)


def _stored(ledger: Ledger, since: datetime | None) -> Iterator[tuple[Article, Sequence[TopicMatch]]]:
    from pipeline.index.index import documents_of

    for batch in documents_of(ledger):
        for document in batch:
            article = document.detected.article
            if since is None or article.dated_at >= since:
                yield article, document.detected.matches


def _changes_table(title: str, changes: Sequence[Change]) -> Table:
    return table(
        title,
        ("article", "score#", "because"),
        [
            (
                change.article.title or change.article.body[:60],
                " → ".join(f"{each.score if each else 0:g}" for each in (change.before, change.after)),
                "; ".join(change.reasons),
            )
            for change in changes[:_SHOWN]
        ],
    )


def _counts_table(changes: Sequence[Change], by: str) -> Table:
    from pipeline.detect.backtest import counted

    rows = list(counted(changes, by).items())[:_ROWS]
    return table("", (by, "gained#", "lost#"), [(key, gained, lost) for key, (gained, lost) in rows])
