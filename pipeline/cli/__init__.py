"""
The command line: `rasd`.

Exit codes: 0 fine; 1 something is wrong, said in one line on standard error; 2 the command or the
query cannot be read; 3 a check says no (`status --check`, `topics test`, an unknown URL in `why`).
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from pipeline.cli import (
    archiving,
    evaluating,
    feeds,
    outlets,
    reading,
    searching,
    serving,
    stepping,
    topics,
    upkeep,
)
from pipeline.cli.screen import complain
from pipeline.cli.usage import usage_line
from pipeline.errors import QueryError, RasdError

app = typer.Typer(
    name="rasd",
    help="Rasd (رصد): Arabic news monitoring. Feeds in, searchable Arabic coverage out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
stepping.add_to(app)
searching.add_to(app)
reading.add_to(app)
upkeep.add_to(app)
serving.add_to(app)
app.add_typer(feeds.app, name="feeds")
app.add_typer(outlets.app, name="outlets")
app.add_typer(archiving.app, name="archive")
app.add_typer(topics.app, name="topics")
app.add_typer(evaluating.app, name="evaluate")


@app.callback()
def root(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the whole trace when something fails.")
    ] = False,
) -> None:
    """Rasd (رصد): Arabic news monitoring."""
    if debug:
        os.environ["RASD_LOG_LEVEL"] = "debug"


def main() -> None:
    """Run a command; turn errors Rasd can explain into one line and an exit code."""
    try:
        ended = app(standalone_mode=False)
        sys.exit(ended if isinstance(ended, int) else 0)
    except TyperException as error:
        if told := usage_line(error):
            complain(told)
        sys.exit(error.exit_code)
    except typer.Abort:
        complain("stopped; nothing was done")
        sys.exit(1)
    except RasdError as error:
        if "--debug" in sys.argv:
            raise
        complain(str(error))
        sys.exit(2 if isinstance(error, QueryError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
