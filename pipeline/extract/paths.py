"""
Where an element stands on a page, said so that it can be found on the next page of the same layout.

A path names every element from the root down to the one meant: its tag, its id, its classes, and its
place among siblings of its tag, in the notation of CSS. What numbers or generated names make different
on every page is left out.

>>> str(Step.read("div#main.story.wide:nth(2)"))
'div#main.story.wide:nth(2)'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Self

from lxml.html import HtmlElement

#: A name people gave: digits stand in names that are made anew for each page.
_GIVEN = re.compile(r"[A-Za-z_][A-Za-z_-]*")
_STEP = re.compile(
    r"(?P<tag>[^#.:\s]+)(?:#(?P<id>[\w-]+))?(?P<classes>(?:\.[\w-]+)*)(?::nth\((?P<nth>\d+)\))?"
)
_JOINT = " > "


class Step(NamedTuple):
    """One element on the way down."""

    tag: str
    name: str = ""  #: its id
    classes: frozenset[str] = frozenset()
    nth: int = 0  #: among siblings of its tag, from 1; 0: any

    @classmethod
    def of(cls, element: HtmlElement) -> Self:
        identity = element.get("id") or ""
        before = element.itersiblings(element.tag, preceding=True)
        return cls(
            tag_of(element),
            identity if _GIVEN.fullmatch(identity) else "",
            given_classes(element),
            1 + sum(1 for _ in before),
        )

    @classmethod
    def read(cls, text: str) -> Self:
        """The step :meth:`__str__` wrote."""
        match = _STEP.fullmatch(text)
        if not match:
            raise ValueError(f"{text!r} is no step of a path")
        classes = frozenset(filter(None, match["classes"].split(".")))
        return cls(match["tag"], match["id"] or "", classes, int(match["nth"] or 0))

    def __str__(self) -> str:
        name = f"#{self.name}" if self.name else ""
        nth = f":nth({self.nth})" if self.nth else ""
        return self.tag + name + "".join(f".{each}" for each in sorted(self.classes)) + nth

    def fits(self, element: HtmlElement, *, exactly: bool) -> bool:
        """Whether it may be this element; `exactly` asks for its place too."""
        if element.tag != self.tag or (self.name and element.get("id") != self.name):
            return False
        if not self.classes <= given_classes(element):
            return False
        return not exactly or not self.nth or Step.of(element).nth == self.nth


def tag_of(element: HtmlElement) -> str:
    """An element's tag; comments and the like have none."""
    return element.tag if isinstance(element.tag, str) and not re.search(r"[#.:\s>]", element.tag) else "?"


def given_classes(element: HtmlElement) -> frozenset[str]:
    """The classes of an element that its layout gave it."""
    return _given(element.get("class") or "")


@lru_cache(maxsize=4_000)
def _given(names: str) -> frozenset[str]:
    return frozenset(name for name in names.split() if _GIVEN.fullmatch(name))


@lru_cache(maxsize=1_000)
def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of a path."""
    return tuple(map(Step.read, path.split(_JOINT)))


def path_of(element: HtmlElement) -> str:
    """The path to an element."""
    steps = [Step.of(element), *map(Step.of, element.iterancestors())]
    return _JOINT.join(map(str, reversed(steps)))


def tags_of(path: str) -> tuple[str, ...]:
    """The tags along a path: what two pages of one layout have in common."""
    return tuple(step.tag for step in steps_of(path))


def common(paths: Sequence[str]) -> str:
    """What paths with the same tags agree on."""
    columns = zip(*map(steps_of, paths), strict=True)
    return _JOINT.join(str(_shared(steps)) for steps in columns)


def _shared(steps: Sequence[Step]) -> Step:
    first = steps[0]
    return Step(
        first.tag,
        first.name if all(step.name == first.name for step in steps) else "",
        frozenset.intersection(*(step.classes for step in steps)),
        first.nth if all(step.nth == first.nth for step in steps) else 0,
    )


def trunk(paths: Sequence[str]) -> str:
    """The way all of some paths, of one layout, go together."""
    shared = []
    for steps in zip(*(path.split(_JOINT) for path in paths), strict=False):
        if len(set(steps)) > 1:
            break
        shared.append(steps[0])
    return _JOINT.join(shared)


def found(root: HtmlElement, path: str) -> HtmlElement | None:
    """The one element at a path, or None where there is none, or one cannot be told from another."""
    steps = steps_of(path)
    candidates = [root] if steps[0].fits(root, exactly=False) else []
    for step in steps[1:]:
        children = (child for candidate in candidates for child in candidate)
        candidates = [child for child in children if step.fits(child, exactly=False)]
    if len(candidates) > 1:
        candidates = [candidate for candidate in candidates if _stands(candidate, steps)]
    return candidates[0] if len(candidates) == 1 else None


def _stands(element: HtmlElement, steps: Sequence[Step]) -> bool:
    """Whether an element and all around it have the places among their siblings the steps name."""
    return all(
        step.fits(each, exactly=True)
        for step, each in zip(reversed(steps), (element, *element.iterancestors()), strict=True)
    )
