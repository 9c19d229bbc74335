"""
# Housekeeping

Once a day: drop what is past its time, look whether the feeds are as expected, tidy ledger and index.

    expire → optimize        check_feeds

- **Runs** at 03:20 UTC, one run at a time; a missed day needs no making up.
- **`expire`** drops archived responses older than `RASD_ARCHIVE_DAYS`, and articles older than
  `RASD_KEEP_DAYS` (0, the default: never) from ledger and index. What is dropped is gone.
- **`check_feeds`** holds the entries of the last day against what each outlet's file expects, logs a line
  for each outlet outside, and sends them to `RASD_ALERT_URL` in one POST. It stays green: the numbers are
  information, and trying again would not change them.
- **`optimize`** gives the ledger's free pages back (incremental vacuum), refreshes the query planner's
  statistics, and has Elasticsearch merge the segments of months gone by, which halves what searches cost.
- Airflow's own database and task logs are not its business: the janitor beside Airflow trims them.

## When a task is red

The ledger, the archive's folder or Elasticsearch did not answer (its key needs `delete_index`).
Nothing piles up that a later day could not clear: mend the store and leave it to tomorrow, or trigger it now.

## When an outlet is outside its expectations

Look at `rasd feeds`.
Silent: open its address in a browser; moved or closed, change `config/outlets/<outlet>.yml`.
Too many or too few for weeks, and the articles are fine: change what the file expects.
"""

from __future__ import annotations

import logging

from airflow.sdk import dag, task
from rasd_duty import DUTY, START

log = logging.getLogger(__name__)


@dag(
    schedule="20 3 * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    default_args=DUTY,
    doc_md=__doc__,
    tags=["rasd"],
)
def housekeeping() -> None:
    """Retention, expectations, tidying."""

    @task
    def expire() -> dict[str, int]:
        """Drop what is older than the retention says."""
        from pipeline import wiring

        with wiring.open_monitor() as monitor:
            return monitor.expire()

    @task
    def optimize() -> None:
        """Let ledger and index tidy up."""
        from pipeline import wiring

        with wiring.open_monitor() as monitor:
            monitor.optimize()

    @task
    def check_feeds() -> int:
        """Outlets outside what their file expects."""
        from pipeline import wiring

        with wiring.open_monitor() as monitor:
            lines = monitor.check_feeds()
        if lines:
            for line in lines:
                log.warning(line)
            wiring.alert("feeds_unexpected", "\n".join(lines))
        return len(lines)

    expire() >> optimize()
    check_feeds()


housekeeping()
