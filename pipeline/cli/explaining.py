"""How a match is shown: its evidence line by line, and its terms in colour on the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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


def explained(article: Article, match: TopicMatch | None, genre: str = "") -> Iterator[Text]:
    """The verdict, the evidence, and the text with every term found."""
    if genre == "satire":
        yield Text("its genre is satire, which matches no topic", style="red")
    if match is None:
        yield Text("no term of the topic occurs in it")
        return
    yield verdict(match)
    yield from evidence_lines(match)
    styles = _styles(match.hits)
    yield legend(styles)
    for field, text in (("title", article.title), ("body", article.body)):
        yield from _coloured(text, [hit for hit in match.hits if hit.field == field], styles)
    yield from _cancelled(match.hits)


def verdict(match: TopicMatch) -> Text:
    """Whether it reaches its threshold, by how much, under which version of the topic."""
    what = "matches" if match.reached else "does not match"
    lacking = f"; nothing of {', '.join(match.missing)} is named" if match.missing else ""
    return Text(
        f"{match.topic_id}: {what} with {match.score:g} of {match.threshold:g} points "
        f"(topic version {match.topic_version}){lacking}",
        style="green" if match.reached else "red",
    )


def evidence_lines(match: TopicMatch) -> Iterator[Text]:
    """Each kind of evidence with its points, the weightiest first."""
    for one in sorted(match.evidence, key=lambda one: -abs(one.points)):
        yield Text(
            f"  {one.points:+6.1f}  {one.name} ({one.value:.0%})", style="red" if one.points < 0 else ""
        )


def legend(styles: dict[str, str]) -> Text:
    """Which colour is which group."""
    shown = Text("  ")
    for name, style in styles.items():
        shown.append(name, style=style)
        shown.append("  ")
    return shown


def _styles(hits: Iterable[Hit]) -> dict[str, str]:
    groups = list(dict.fromkeys(hit.group or "terms" for hit in hits if not hit.cancelled_by))
    free = [group for group in groups if group not in _RESERVED]
    own = {group: _COLOURS[place % len(_COLOURS)] for place, group in enumerate(free)}
    return {group: (own | _RESERVED)[group] for group in groups}


def _coloured(text: str, hits: list[Hit], styles: dict[str, str]) -> Iterator[Text]:
    start = 0
    for line in text.splitlines(keepends=True):
        here = [hit for hit in hits if start <= hit.start < start + len(line)]
        shown = line.rstrip()
        piece = Text(shown if here else shown[:_PASSED_CHARS] + "…" * (len(shown) > _PASSED_CHARS))
        if not here:
            piece.stylize("dim")
        for hit in here:
            style = _CANCELLED if hit.cancelled_by else styles[hit.group or "terms"]
            piece.stylize(style, hit.start - start, hit.end - start)
        yield piece
        start += len(line)


def _cancelled(hits: Iterable[Hit]) -> Iterator[Text]:
    for hit in hits:
        if hit.cancelled_by:
            yield Text(f"  does not count: {hit.form} in {hit.field} ({hit.cancelled_by})", style="dim")
