"""
A query's parts as queries of their own: where all together find nothing, one asks what each finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.errors import QueryError
from pipeline.search.query import read_query
from pipeline.search.tree import AllOf, AnyOf, Near, Node, Prefix, Value, Words, asked_of, conjuncts


def parts_of(query: str, *, zone: str, now: datetime) -> tuple[str, ...]:
    """What must all be there, each as a query; nothing for a query of one part.

    >>> parts_of('قمة (موسكو OR "وزير النقل") -باريس', zone="UTC", now=datetime(2026, 1, 1))
    ('قمة', '(موسكو OR "وزير النقل")')
    """
    parts = [written(part) for part in conjuncts(read_query(query, zone=zone, now=now).tree)]
    found = [part for part in dict.fromkeys(parts) if part and _is_read(part, zone=zone, now=now)]
    return tuple(found) if len(found) > 1 else ()


def written(node: Node) -> str:  # noqa: PLR0911 - a case each
    """A part of a query as it could have been written; "" for what must not be there, and for times."""
    match node:
        case AnyOf(parts):
            return _joined(asked_of(parts), " OR ")
        case AllOf(parts):
            return _joined(parts, " ")
        case Words(form, view, slots, field):
            quoted = f'"{form}"' if len(slots) > 1 and view != "exact" else form
            return _in_field(field, f'="{form[1:]}"' if view == "exact" else quoted)
        case Prefix(form, _, field):
            return _in_field(field, form)
        case Near(form, _, _, _, _, field):
            return _in_field(field, f"({form})")
        case Value():
            return node.form if " " not in node.form else '{}:"{}"'.format(*node.form.split(":", 1))
        case _:
            return ""


def _joined(parts: Sequence[Node], joint: str) -> str:
    told = list(dict.fromkeys(filter(None, map(written, parts))))
    return f"({joint.join(told)})" if len(told) > 1 else "".join(told)


def _in_field(field: str, told: str) -> str:
    return f"{field}:{told}" if field else told


def _is_read(part: str, *, zone: str, now: datetime) -> bool:
    try:
        read_query(part, zone=zone, now=now)
    except QueryError:
        return False
    return True
