"""
Names of a search that nothing goes by: a topic, an outlet or a country that is neither configured
nor found, and what may have been meant. Pure, but for the question whether a name finds anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

from pipeline.answers import SearchPage, SearchRequest, UnknownName
from pipeline.records import Outlet, Topic
from pipeline.search.request import asked
from pipeline.search.tree import Value, leaves
from pipeline.search.values import countries, key

#: Names that are looked into, and names advised in place of one.
_MOST_NAMES: Final = 5
_MOST_ADVISED: Final = 3
#: How like a name another must be to be advised.
_LIKE: Final = 0.5
#: Shorter ones are like everything.
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What there is by configuration: for each facet the ids, by every name they go by."""

    topic: Mapping[str, str]
    outlet: Mapping[str, str]
    country: Mapping[str, str]

    def of(self, facet: str) -> Mapping[str, str]:
        """The names of a facet."""
        return {"topic": self.topic, "outlet": self.outlet, "country": self.country}[facet]


def known_of(outlets: Iterable[Outlet], topics: Iterable[Topic]) -> Known:
    """The names of what is configured."""
    outlets = tuple(outlets)
    return Known(
        topic={name: each.topic_id for each in topics for name in _names(each.topic_id, each)},
        outlet={name: each.outlet_id for each in outlets for name in _names(each.outlet_id, each)},
        country=countries() | {each.country: each.country for each in outlets},
    )


def names_something(request: SearchRequest) -> bool:
    """Whether a topic, an outlet or a country is asked for by name."""
    return any(True for _ in _asked_for(request))


def told_of_unknown(
    page: SearchPage, request: SearchRequest, known: Known, search: Callable[[SearchRequest], SearchPage]
) -> SearchPage:
    """The answer, with the names asked for that nothing goes by.

    Args:
        search: asks the index again, for one name: what is configured no longer may still be stored.
    """
    missing = {
        (facet, value): alone
        for facet, value, alone in _asked_for(request)
        if value not in {*(named := known.of(facet)), *named.values()}
    }
    unknown = tuple(
        UnknownName(facet=facet, value=value, nearest=_nearest(value, known.of(facet)))
        for (facet, value), alone in list(missing.items())[:_MOST_NAMES]
        if not search(alone).total
    )
    return replace(page, reading=replace(page.reading, unknown=unknown)) if unknown else page


def _asked_for(request: SearchRequest) -> Iterator[tuple[str, str, SearchRequest]]:
    """Each name with the search for it alone."""
    for value in request.topics:
        yield "topic", value, _alone(topics=(value,))
    for value in request.outlets:
        yield "outlet", value, _alone(outlets=(value,))
    for value in request.countries:
        yield "country", value, _alone(countries=(value,))
    tree = asked(request).query.tree
    for leaf in leaves(tree) if tree else ():
        if isinstance(leaf, Value):
            yield leaf.facet, leaf.value, _alone(query=leaf.form)


def _alone(**asked_for: Any) -> SearchRequest:
    return SearchRequest(limit=1, counts=False, **asked_for)


def _names(own: str, named: Outlet | Topic) -> set[str]:
    return {own, key(own), key(named.title), key(named.title_en)} - {""}


def _nearest(value: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of names that are like it, or hold it, or that it holds."""
    wanted = key(value)
    if len(wanted) < _SHORTEST:
        return ()
    like = get_close_matches(wanted, known, n=_MOST_ADVISED, cutoff=_LIKE)
    within = [name for name in known if wanted in name or (len(name) >= _SHORTEST and name in wanted)]
    return tuple(dict.fromkeys(known[name] for name in (*like, *sorted(within, key=len))))[:_MOST_ADVISED]
