"""Commands about outlets: what was learnt of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from pipeline.cli.screen import as_json, out
from pipeline.errors import ConfigError
from pipeline.templates import OutletTemplate

app = typer.Typer(help="Outlets: what was learnt of the layout of their pages.", no_args_is_help=True)


@app.callback()
def outlets() -> None:
    """Outlets: what was learnt of the layout of their pages."""


@app.command("template")
def template(
    outlet: Annotated[str, typer.Argument(help="The outlet's id: the stem of its file in config/outlets.")],
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Where things stand on an outlet's pages, as learnt, and how far that is believed."""
    from pipeline import config, wiring

    settings = wiring.load_settings()
    with wiring.opened_ledger(settings) as ledger:
        learnt = ledger.templates_of([outlet]).get(outlet)
    if learnt is None:
        known = config.load_outlets(settings.config)
        if outlet not in known:
            raise ConfigError(f"no outlet {outlet}; there are {', '.join(sorted(known)) or 'none'}")
        learnt = OutletTemplate(outlet_id=outlet)
    if as_json_:
        typer.echo(as_json(learnt))
        return
    for line in template_lines(learnt):
        out.print(line, markup=False)


def template_lines(learnt: OutletTemplate) -> Iterator[str]:
    """A template in lines a person reads."""
    yield f"{learnt.outlet_id}: {_state(learnt)}"
    if learnt.dropped:
        yield f"  the version before was dropped: it {learnt.dropped}"
    if learnt.layout is None:
        return
    for name in ("title", "body", "date", "author", "section"):
        yield f"  {name:8} {learnt.layout[name] or 'not from the page'}"
    for kind, belongs in learnt.layout["kinds"].items():
        yield f"  {'text' if belongs else 'no text':8} {kind}"


def _state(learnt: OutletTemplate) -> str:
    if learnt.layout is None:
        return f"no template; {len(learnt.seen)} pages looked at"
    verified = f"{learnt.verified_at:%Y-%m-%d %H:%M} UTC" if learnt.verified_at else "not yet"
    return (
        f"version {learnt.version}, {learnt.trust}; read {learnt.used} pages, verified {verified}, "
        f"{len(learnt.unverified)} pages since"
    )
