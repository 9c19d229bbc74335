"""Commands that work: the five steps, all of them in order, and imports."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # what only annotations need is not loaded for `rasd --help`
    from pipeline.monitor import Monitor

from pipeline.cli.beside import StepBeside, beside
from pipeline.cli.screen import counts_line, err, out

#: As often as the DAG.
EVERY_S = 600
#: Records of a file from which on a second process is worth the second it takes to start.
MANY = 2_000


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the root."""
    app.command("poll")(poll)
    app.command("fetch")(fetch)
    app.command("extract")(extract)
    app.command("detect")(detect)
    app.add_typer(index_app, name="index")
    app.command("run")(run)
    app.command("import")(import_)


def poll(
    now: Annotated[bool, typer.Option("--now", help="Ask feeds that are not due, too.")] = False,
    outlet: Annotated[str | None, typer.Option(help="With --now: only this outlet's.")] = None,
) -> None:
    """Ask every feed that is due what is new."""
    from pipeline import wiring

    if outlet and not now:
        raise typer.BadParameter("--outlet goes with --now: what is due is asked in any case")
    with wiring.open_monitor() as monitor:
        if now:
            monitor.make_due(outlet)
        _say(monitor, "poll")


def fetch() -> None:
    """Fetch the pages of new and changed entries."""
    _one_step("fetch")


def extract(
    workers: Annotated[int, typer.Option(min=1, max=64, help="Pages read at a time; one a core.")] = 1,
) -> None:
    """Read the articles on fetched pages."""
    _one_step("extract", workers)


def detect() -> None:
    """Hold articles against the topics."""
    _one_step("detect")


def _one_step(step: str, workers: int = 1) -> None:
    from pipeline import wiring

    with wiring.open_monitor(extract_workers=workers) as monitor:
        _say(monitor, step)


def _say(monitor: Monitor, step: str) -> None:
    with err.status(f"{step} …"):
        counts = monitor.step(step)
    out.print(counts_line(step, counts), markup=False)


def run(
    once: Annotated[bool, typer.Option("--once", help="One pass over the five steps, then end.")] = False,
) -> None:
    """Poll, fetch, extract, detect and index: once, or every ten minutes until stopped."""
    from pipeline import wiring
    from pipeline.monitor import STEPS

    while True:
        started = time.monotonic()
        with wiring.open_monitor() as monitor:
            for step in STEPS:
                _say(monitor, step)
        if once:
            return
        time.sleep(max(0.0, EVERY_S - (time.monotonic() - started)))


def import_(
    file: Annotated[
        Path, typer.Argument(help="JSONL (.jsonl, .gz, .xz) with url, title, body, date, outlet; or WARC.")
    ],
) -> None:
    """Take articles from a file, detect their topics and index them."""
    from pipeline import wiring
    from pipeline.monitor import STEPS

    with wiring.open_monitor() as monitor, ExitStack() as at_work:
        detecting: list[StepBeside] = []
        with err.status(f"import {file.name} …") as status:

            def progress(read: int) -> None:
                status.update(f"import {file.name}: {read:,} read")
                if read >= MANY and not detecting:
                    status.stop()  # the line is the other's now
                    detecting.append(at_work.enter_context(beside("detect")))

            counts = monitor.import_file(file, progress=progress)
        out.print(counts_line("import", counts), markup=False)
        if not detecting:
            for step in STEPS[2:]:
                _say(monitor, step)
            return
        _say(monitor, "extract")
        detecting[0].once_more()
        counts = monitor.index(more_to_come=detecting[0].goes_on)
        out.print(counts_line("index", counts), markup=False)


index_app = typer.Typer(
    help="Send what changed to the index; or rebuild it, or make its keys.", invoke_without_command=True
)


@index_app.callback()
def index(context: typer.Context) -> None:
    """Send what changed to the index."""
    if context.invoked_subcommand is None:
        _one_step("index")


@index_app.command("rebuild")
def rebuild() -> None:
    """Make the index anew from the ledger and swap it in; searches go on meanwhile."""
    from pipeline import wiring

    with wiring.open_monitor(rebuilding=True) as monitor, err.status("rebuild …") as status:
        total = monitor.rebuild(progress=lambda done: status.update(f"rebuild: {done:,} documents"))
        out.print(f"rebuilt: {total:,} documents", markup=False)


@index_app.command("keys")
def keys(
    user: Annotated[str, typer.Option(help="A user who may make keys.")] = "elastic",
    password: Annotated[
        str, typer.Option(envvar="ELASTIC_PASSWORD", help="Their password.", prompt=True, hide_input=True)
    ] = "",
) -> None:
    """Make the two least-privilege API keys of Elasticsearch and print them as settings."""
    from pipeline import wiring

    ingest, reader = wiring.make_keys(user, password)
    typer.echo(f"RASD_ELASTICSEARCH_API_KEY={ingest}")
    typer.echo(f"RASD_ELASTICSEARCH_READER_API_KEY={reader}")
