"""
How a match is shown: its evidence line by line, and its terms on the text, in colour or in brackets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from rich.text import Text

from pipeline.records import ADDRESS, ELSEWHERE, NAMED, OTHERS, Article, Hit, TopicMatch

#: Colours of a topic's groups, in the order they are met.
_COLOURS = ("bold green", "bold cyan", "bold yellow", "bold magenta")
_RESERVED = {
    NAMED: "bold black on yellow",
    ADDRESS: "underline",
    OTHERS: "blue",
    ELSEWHERE: "red",
}
_CANCELLED = "strike dim"
#: Paragraphs without a hit are passed over, this many characters of them shown.
_PASSED_CHARS = 60


def explained(
    article: Article, match: TopicMatch | None, genre: str = "", *, coloured: bool
) -> Iterator[Text]:
    """The verdict, the evidence, and the text with every term found.

    Args:
        coloured: terms stand in the colour of their group; else in brackets with its number.
    """
    if genre == "satire":
        yield Text("its genre is satire, which matches no topic", style="red")
    if match is None:
        yield Text("no term of the topic occurs in it")
        return
    yield verdict(match)
    yield from evidence_lines(match)
    styles = _styles(match.hits)
    yield legend(styles, coloured=coloured)
    for field, text in (("title", article.title), ("body", article.body)):
        for line, hits in _lines(text, [hit for hit in match.hits if hit.field == field]):
            if not hits:
                yield Text(line[:_PASSED_CHARS] + "…" * (len(line) > _PASSED_CHARS), style="dim")
            else:
                yield _in_colour(line, hits, styles) if coloured else _in_brackets(line, hits, styles)
    yield from _cancelled(match.hits)


def verdict(match: TopicMatch) -> Text:
    """Whether it reaches its threshold, by how much, under which version of the topic."""
    what = "matches" if match.reached else "does not match"
    lacking = f"; nothing of {', '.join(match.missing)} is named" if match.missing else ""
    return Text(
        f"{match.topic_id}: {what} with {_points(match.score)} of {_points(match.threshold)} points "
        f"(topic version {match.topic_version}){lacking}",
        style="green" if match.reached else "red",
    )


def evidence_lines(match: TopicMatch) -> Iterator[Text]:
    """Each kind of evidence with its points, the weightiest first."""
    for one in sorted(match.evidence, key=lambda one: -abs(one.points)):
        yield Text(
            f"  {_points(one.points, sign='+'):>6}  {one.name} ({one.value:.0%})",
            style="red" if one.points < 0 else "",
        )


def _points(value: float, sign: str = "") -> str:
    """To a tenth, where they are not whole."""
    return f"{round(value, 1):{sign}g}"


def legend(styles: dict[str, str], *, coloured: bool) -> Text:
    """Which colour, or number, is which group."""
    shown = Text("  ")
    for number, (name, style) in enumerate(styles.items(), start=1):
        shown.append(name if coloured else f"[{number}] {name}", style=style)
        shown.append("  ")
    return shown


def _styles(hits: Iterable[Hit]) -> dict[str, str]:
    groups = list(dict.fromkeys(_group(hit) for hit in hits if not hit.cancelled_by))
    free = [group for group in groups if group not in _RESERVED]
    own = {group: _COLOURS[place % len(_COLOURS)] for place, group in enumerate(free)}
    return {group: (own | _RESERVED)[group] for group in groups}


def _group(hit: Hit) -> str:
    return hit.group or "terms"


def _lines(text: str, hits: Sequence[Hit]) -> Iterator[tuple[str, list[Hit]]]:
    """Each line with the hits in it, their offsets within the line."""
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        here = [hit for hit in hits if start <= hit.start < end]
        yield line.rstrip(), [replace(hit, start=hit.start - start, end=hit.end - start) for hit in here]
        start = end


def _in_colour(line: str, hits: Iterable[Hit], styles: Mapping[str, str]) -> Text:
    shown = Text(line)
    for hit in hits:
        shown.stylize(_CANCELLED if hit.cancelled_by else styles[_group(hit)], hit.start, hit.end)
    return shown


def _in_brackets(line: str, hits: Iterable[Hit], styles: Mapping[str, str]) -> Text:
    """Of terms that overlap, the first and longest; what does not count is listed below the text."""
    numbers = {name: number for number, name in enumerate(styles, start=1)}
    shown, at = "", 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= at and not hit.cancelled_by:
            shown += f"{line[at : hit.start]}[{line[hit.start : hit.end]} {numbers[_group(hit)]}]"
            at = hit.end
    return Text(shown + line[at:])


def _cancelled(hits: Iterable[Hit]) -> Iterator[Text]:
    for hit in hits:
        if hit.cancelled_by:
            yield Text(f"  does not count: {hit.form} in {hit.field} ({hit.cancelled_by})", style="dim")
