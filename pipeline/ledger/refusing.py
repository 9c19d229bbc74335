"""
Import, beside the articles: records that end at once, and outlets that only a file names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from pipeline.ledger.part import Part, forgotten
from pipeline.ledger.rows import entry_row
from pipeline.ledger.schema import entries, outlets
from pipeline.records import Outlet
from pipeline.work import RefusedImport

Counts = dict[str, int]


class Refusing(Part):
    """What of a file does not become an article."""

    def import_refused(self, batch: Sequence[RefusedImport], *, now: datetime) -> Counts:
        """Write down the outcomes of records that are no articles; one transaction.

        What the ledger knows already keeps the outcome it has.

        Returns:
            How many were `new`, `known` or `forgotten`; the counts add up to the length of the batch.
        """
        by_id = {each.entry.entry_id: each for each in batch}
        with self._store.write() as connection:
            gone = forgotten(connection, by_id)
            query = select(entries.c.entry_id).where(entries.c.entry_id.in_(sorted(by_id)))
            known = set(connection.execute(query).scalars()) - gone
            new = [
                {
                    **entry_row(each.entry, stage=None, turn=0, first_seen_at=now),
                    "outcome": each.outcome.value,
                    "reason": each.reason,
                }
                for key, each in sorted(by_id.items())
                if key not in gone and key not in known
            ]
            if new:
                connection.execute(self._store.insert(entries).on_conflict_do_nothing(), new)
        return {"new": len(new), "known": len(batch) - len(new) - len(gone), "forgotten": len(gone)}

    def name_outlets(self, named: Mapping[str, Outlet], *, now: datetime) -> None:
        """Remember how files call outlets that are not configured; those known keep their names."""
        rows = [
            {
                "outlet_id": outlet_id,
                "title": outlet.title,
                "title_en": outlet.title_en,
                "country": outlet.country,
                "enabled": False,
                "added_at": now,
            }
            for outlet_id, outlet in sorted(named.items())
        ]
        if rows:
            with self._store.write() as connection:
                connection.execute(self._store.insert(outlets).on_conflict_do_nothing(), rows)
