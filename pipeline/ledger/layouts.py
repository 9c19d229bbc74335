"""
Templates of outlets' pages, as extract learns them.

Several workers may learn from one outlet's pages: each change names the edition it was made from, and
of two made from the same one the second is refused, to be thought over again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update

from pipeline.ledger.part import Part, put_back
from pipeline.ledger.rows import Row, to_backlog
from pipeline.ledger.schema import entries, templates
from pipeline.records import Stage
from pipeline.templates import OutletTemplate, Trust

#: What has a column of its own.
_COLUMNS = ("outlet_id", "edition", "verified_at")


class Layouts(Part):
    """See `pipeline.templates.TemplateLedger`."""

    def templates_of(self, outlet_ids: Iterable[str]) -> Mapping[str, OutletTemplate]:
        """The templates of those outlets that have one, by outlet."""
        query = select(templates).where(templates.c.outlet_id.in_(sorted(set(outlet_ids))))
        with self._store.read() as connection:
            return {row.outlet_id: _template(row) for row in connection.execute(query)}

    def save_template(self, template: OutletTemplate) -> bool:
        """Write one down as the next edition; False, and nothing is written, where it is not the latest."""
        fields = asdict(template)
        values = {name: fields.pop(name) for name in _COLUMNS} | {"state": fields}
        values["edition"] = template.edition + 1
        if template.edition == 0:
            statement = self._store.insert(templates).values(values).on_conflict_do_nothing()
        else:
            latest = (templates.c.outlet_id == template.outlet_id) & (templates.c.edition == template.edition)
            statement = update(templates).where(latest).values(values)
        with self._store.write() as connection:
            return connection.execute(statement.returning(templates.c.edition)).first() is not None

    def read_again(self, entry_ids: Iterable[str], *, now: datetime) -> None:
        """Let entries wait for extraction again, behind everything fresh."""
        keys = sorted(set(entry_ids))
        with self._store.write() as connection:
            query = select(entries.c.entry_id).where(
                entries.c.entry_id.in_(keys),
                entries.c.stage.is_(None) | (entries.c.stage == Stage.EXTRACT.value),
                entries.c.expired_at.is_(None),
            )
            settled = list(connection.execute(query).scalars())
            put_back(connection, settled, Stage.EXTRACT, now=now, turn=to_backlog(entries.c.turn))


def _template(row: Row) -> OutletTemplate:
    state = dict(row.state)
    state |= {name: tuple(state[name]) for name in ("seen", "unverified", "again")}
    state["trust"] = Trust(state["trust"])
    return OutletTemplate(**{name: getattr(row, name) for name in _COLUMNS}, **state)
