"""Commands about the archive of responses."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.screen import as_json, err, out

app = typer.Typer(help="The archive of responses.", no_args_is_help=True)


@app.callback()
def archive() -> None:
    """The archive of responses."""


@app.command("verify")
def verify(
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read every record of the archive and hold it against its digest. Exit 3 when one is damaged."""
    from pipeline import wiring

    with (
        wiring.opened_archive(wiring.load_settings()) as stored,
        err.status("verify …"),
    ):
        found = stored.verify()
    if as_json_:
        typer.echo(as_json(found))
    else:
        files = f"{found.files} files, {found.in_use} of them in use"
        out.print(f"{files}; {found.records:,} records read", markup=False)
        for complaint in found.damaged:
            out.print(f"damaged: {complaint}", markup=False)
    raise typer.Exit(3 if found.damaged else 0)
