"""Commands for the operator: redo, forget, backup, restore, housekeeping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:  # what only annotations need is not loaded for `rasd --help`
    from pipeline.extract.reread import Changes
    from pipeline.monitor import Monitor

from pipeline.cli.screen import complain, counts_line, err, out


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the root."""
    for name, command in (
        ("redo", redo),
        ("forget", forget),
        ("backup", backup),
        ("restore", restore),
        ("tidy", tidy),
    ):
        app.command(name)(command)


def redo(
    stage: Annotated[
        Literal["extract", "detect", "index"], typer.Argument(help="From which step on.", show_choices=True)
    ],
    since: Annotated[str, typer.Option(help="Articles dated from here on.")] = "",
    until: Annotated[str, typer.Option(help="Articles dated up to here.")] = "",
    outlet: Annotated[str | None, typer.Option(help="Only this outlet's.")] = None,
    topic: Annotated[
        str | None, typer.Option(help="Only those that matched this topic or, for detect, would today.")
    ] = None,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Only what was given up on.")] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="For extract: do it; without, only say what would change.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Of a look without --apply: so many entries.")
    ] = None,
) -> None:
    """Put articles back to a step, and run it and those after it; extract first says what would change."""
    from pipeline import wiring

    previews = stage == "extract" and not apply
    if limit is not None and not previews:
        raise typer.BadParameter("--limit goes with a look at what extract would change, not with doing it")
    chosen: dict[str, Any] = {
        "since": since or None,
        "until": until or None,
        "outlet": outlet,
        "topic": topic,
        "only_failed": only_failed,
    }
    with wiring.open_monitor(by_hand=True) as monitor:
        if previews:
            _show_changes(monitor, chosen, limit)
            return
        count = monitor.redo(stage, **chosen)
        out.print(f"{count:,} articles are put back to {stage}", markup=False)
        for step in monitor.steps_from(stage):
            with err.status(f"{step} …"):
                counts = monitor.step(step)
            out.print(counts_line(step, counts), markup=False)


def _show_changes(monitor: Monitor, chosen: Mapping[str, Any], limit: int | None) -> None:
    with err.status("reading again …") as status:
        found = monitor.preview(
            **chosen, limit=limit, progress=lambda done: status.update(f"reading again: {done:,}")
        )
    for line in change_lines(found):
        out.print(line, markup=False)


def change_lines(found: Changes) -> Iterator[str]:
    """What reading again would change, in lines; a few differences of each kind below their count."""
    yield f"{found.entries:,} entries read again; nothing is written"
    for kind, count in found.counts.most_common():
        yield f"{count:>8,}  {kind}"
        for example in found.examples:
            if example.kind == kind:
                yield f"          {example.url}"
                yield from (f"            {line}" for line in example.lines)
    if set(found.counts) - {"unchanged"}:
        yield "to write it, run the same with --apply"


def forget(
    url: Annotated[str, typer.Argument(help="An article's URL, or its id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take an article out of ledger and index for good; it is never fetched again."""
    from pipeline import wiring

    if not yes:
        typer.confirm(f"Forget {url} for good?", abort=True)
    with wiring.open_monitor() as monitor:
        forgotten = monitor.forget(url)
    if forgotten is None:
        complain(f"{url}: nothing is known of it")
        raise typer.Exit(3)
    out.print(f"forgotten: {forgotten}", markup=False)


def backup(
    folder: Annotated[Path, typer.Argument(help="Where to put it; made when absent.")],
) -> None:
    """Copy the ledger while work goes on; the index can be rebuilt from it."""
    from pipeline import wiring

    with wiring.opened_ledger(wiring.load_settings()) as ledger, err.status("backup …"):
        file = ledger.backup(folder)
    out.print(f"written: {file}", markup=False)


def restore(
    folder: Annotated[Path, typer.Argument(help="A folder that `rasd backup` filled.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the ledger's place; then run: rasd index rebuild."""
    from pipeline import wiring

    if not yes:
        typer.confirm("What the ledger holds now will be replaced. Go on?", abort=True)
    wiring.restore(wiring.load_settings(), folder)
    out.print("restored; now run: rasd index rebuild", markup=False)


def tidy() -> None:
    """What housekeeping does every day: retention, complaints about feeds, compaction."""
    from pipeline import wiring

    with wiring.open_monitor() as monitor:
        out.print(counts_line("expired", monitor.expire()), markup=False)
        for complaint in monitor.check_feeds():
            out.print(complaint, markup=False)
        monitor.optimize()
    out.print(f"tidied at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", markup=False)
