"""Write `docs/commands.md` from the commands' own help: run it after a change to the command line.

.venv/bin/python scripts/write_commands.py [--check]
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import typer.main
from typer.core import TyperArgument, TyperGroup, TyperOption

from pipeline.cli import app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
HEAD = """\
# Commands

Every command of `rasd`, from its own help; made by `scripts/write_commands.py`.
Exit codes are told in [operations.md](operations.md#exit-codes).
"""


def page() -> str:
    """The page, whole."""
    root = typer.main.get_command(app)
    told = [line for name, command in _commands("rasd", root) for line in _told(name, command)]
    return "\n".join([HEAD, *told]).rstrip() + "\n"


def _commands(name: str, command: object) -> Iterator[tuple[str, object]]:
    """Every command by its whole name, groups that do something themselves before their own."""
    if not isinstance(command, TyperGroup):
        yield name, command
        return
    if command.invoke_without_command:
        yield name, command
    for child in sorted(command.commands):
        yield from _commands(f"{name} {child}", command.commands[child])


def _told(name: str, command: object) -> Iterator[str]:
    arguments = [part for part in command.params if isinstance(part, TyperArgument)]
    options = [part for part in command.params if isinstance(part, TyperOption) and part.name != "help"]
    shown = [part.name.upper() if part.required else f"[{part.name.upper()}]" for part in arguments]
    yield f"## `{' '.join([name, *shown])}`\n"
    yield inspect.cleandoc(command.help or "") + "\n"
    for part in (*arguments, *options):
        written = ", ".join(part.opts) if isinstance(part, TyperOption) else part.name.upper()
        if part.help:
            yield f"- `{written}`: {part.help}"
    if any(part.help for part in (*arguments, *options)):
        yield ""


def main() -> int:
    """Write it, or with `--check` say whether it is as it should be."""
    if "--check" in sys.argv:
        return int(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
