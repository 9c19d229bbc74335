"""`rasd topics forms`: what a term accepts, before it goes into a topic."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.screen import as_json, out, table

#: Forms shown unless all are asked for: what follows is rare.
_SHOWN = 40


def forms(
    term: Annotated[str, typer.Argument(help="As a topic lists it: a word or several.")],
    word_class: Annotated[
        str, typer.Option("--class", help="Of its first word; guessed where it is not given.")
    ] = "",
    all_: Annotated[bool, typer.Option("--all", help="Every form the corpus has.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every form a term accepts, with how often a corpus has it, and the nearest it rejects."""
    from pipeline.arabic.accepted import WordForms, forms_of
    from pipeline.arabic.classes import WORD_CLASSES
    from pipeline.errors import ConfigError

    if word_class and word_class not in WORD_CLASSES:
        raise ConfigError(
            f"--class {word_class}: is not a class of words; there are {', '.join(WORD_CLASSES)}"
        )
    found = forms_of(term, word_class)
    if as_json_:
        typer.echo(as_json(found))
        return

    def show(word: WordForms) -> None:
        how = "guessed; set it with `class:` in the topic" if word.guessed else "as given"
        accepted = word.accepted if all_ else word.accepted[:_SHOWN]
        out.print(table(f"{word.word}: {word.word_class} ({how})", ("accepted", "times#"), accepted))
        more = len(word.accepted) - len(accepted)
        out.print(
            f"{more} more with --all; {word.unseen} more are accepted that the corpus never has", markup=False
        )
        out.print(table("", ("rejected", "times#"), word.rejected))

    if found.also_written:
        out.print(f"also written: {'، '.join(found.also_written)}", markup=False)
    for word in found.words:
        show(word)
