"""A command that cannot be read: one line of what is wrong, and where help is."""

from __future__ import annotations

import re
from typing import Final

from pydantic import ValidationError
from typer.exceptions import TyperException

from pipeline.wording import in_words

#: How the library begins a sentence, and how we go on.
_BEGINNINGS: Final = (
    (re.compile(r"Invalid value for '?([^':]+)'?: "), r"\1: "),
    (re.compile(r"Invalid value: "), ""),
    (re.compile(r"Missing (\w+) '([^']+)'\."), r"the \1 \2 is missing"),
    (re.compile(r"(No such \w+)(?:: | )'?([^' ]+)'?\.?"), r"\1 \2"),
    (re.compile(r" Did you mean (.*)\?$"), r"; did you mean \1?"),
    (re.compile(r" \(Possible options: (.*)\)$"), r"; there is \1"),
)


def usage_line(error: TyperException) -> str:
    """What is wrong, and the command whose help tells what would be right; "" where help was shown."""
    if isinstance(error.__cause__, ValidationError):
        error.message = in_words(error.__cause__.errors()[0])
    said = error.format_message()
    for beginning, ours in _BEGINNINGS:
        said = beginning.sub(ours, said, count=1)
    said = " ".join(said.split()).rstrip(".")
    if not said:
        return ""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "rasd"
    return f"{said[0].lower()}{said[1:]}; see: {command} --help"
