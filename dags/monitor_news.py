"""
# Monitor the news

Brings new articles from the outlets' feeds to the index.

    poll → fetch → extract → detect → index

- **Runs** every ten minutes, one run at a time. A missed run needs no making up: the next one takes
  whatever is due.
- **Mapped workers drain the ledger.** `poll`, `fetch` and `extract` run as `RASD_WORKERS` identical
  workers; a host is leased to one of them at a time. `detect` and `index` are one worker each: a single one
  keeps pace with any number of fetchers, and more would only wait for each other's transactions.
- **Safe to run again, to kill, and to run beside itself.** Each step takes what the ledger says is pending
  and settles it; what a killed worker held is taken up when its lease of five minutes is over.
- **A dead worker does not stop the others.** A step starts when at least one worker of the step
  before has succeeded. `all_green` does nothing, and is red when anything before it was, so the run is too.
- **A step is left out** when every worker before it failed: then a store is down or a setting is wrong, and
  trying on would only make noise.

## When a task is red

It has been tried three times, and `RASD_ALERT_URL` got a POST.
The ledger, the archive or Elasticsearch did not answer, or we have a bug; the end of its log says which.
A feed that is down or a page that is hostile turns no task red: see `rasd feeds` and `rasd why URL`.

1. `rasd status --check` names what is wrong, a line each.
2. Once that is mended there is nothing to make up: the next run goes on where this one stopped. To see it
   at once, trigger the DAG.
3. The same step red in every run with the same message is a bug: keep the log.

## When it is slow

`poll` and `fetch` stop by themselves when `RASD_FETCH_BUDGET_S` is spent; the rest waits for the next run.
A run that has taken two hours is given up, so that the next one can start; `RASD_ALERT_URL` hears of it.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag
from rasd_duty import DUTY, START, collecting_timeout, tell_of_overdue_run, workers
from rasd_steps import detect, extract, fetch, in_this_order, index, poll


@dag(
    schedule="*/10 * * * *",
    start_date=START,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    dagrun_timeout=timedelta(hours=2),
    on_failure_callback=tell_of_overdue_run,
    default_args=DUTY,
    doc_md=__doc__,
    tags=["rasd"],
)
def monitor_news() -> None:
    """From the feeds to the index."""
    patience = collecting_timeout()
    in_this_order(
        poll.override(execution_timeout=patience).expand(worker=workers()),
        fetch.override(execution_timeout=patience).expand(worker=workers()),
        extract.expand(worker=workers()),
        detect(),
        index(),
    )


monitor_news()
