"""
# Reprocess

Extract, detect or index again: for a period, an outlet or a topic. Started by hand.

    mark → extract → detect → index

- **Use it** after a better extractor (`extract`), after a change to `config/topics` (`detect`), or after
  documents went missing from the index (`index`; for the whole of it `rasd index rebuild` is better).
- **Parameters** narrow it down, all of them optional but `stage`. `since` and `until` are days (of
  `RASD_TIME_ZONE`) on which the articles are dated, both included; `outlet` is the stem of a file in
  `config/outlets`, `topic` of one in `config/topics`.
- **`mark`** puts the articles back to that stage in the ledger and returns how many; the steps after it take
  what is pending. No page is fetched: `extract` reads the archive, so it reaches back `RASD_ARCHIVE_DAYS`
  days.
- **Articles stay searchable** as they were until their new version arrives.
- **Safe beside `monitor_news`** and safe to run again: an article is claimed by one worker at a time.

## When a task is red

`mark` is red for an unknown outlet or topic, and while a file in `config/` is wrong, since the articles
would be held against what it said before; its log has the line that says so.
For the steps see `monitor_news`.
A run that was broken off needs no repeating: `monitor_news` takes what was marked.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import Param, dag, task
from rasd_duty import DUTY, START, workers
from rasd_steps import detect, extract, in_this_order, index


@dag(
    schedule=None,
    start_date=START,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    # A year of articles takes longer than ten minutes' worth of news.
    default_args=DUTY | {"execution_timeout": timedelta(hours=12)},
    params={
        "stage": Param("detect", enum=["extract", "detect", "index"], description="Where to begin again"),
        "since": Param(None, type=["null", "string"], format="date", description="First day"),
        "until": Param(None, type=["null", "string"], format="date", description="Last day"),
        "outlet": Param(None, type=["null", "string"], description="Only of this outlet, e.g. alghad"),
        "topic": Param(None, type=["null", "string"], description="Only what matches this topic, or would"),
    },
    doc_md=__doc__,
    tags=["rasd"],
)
def reprocess() -> None:
    """From some stage on, again."""

    @task
    def mark(params: dict[str, Any]) -> int:
        """Put the chosen articles back to the stage."""
        from pipeline import wiring

        with wiring.open_monitor(by_hand=True) as monitor:
            return monitor.redo(
                params["stage"],
                since=params["since"],
                until=params["until"],
                outlet=params["outlet"],
                topic=params["topic"],
            )

    in_this_order(mark(), extract.expand(worker=workers()), detect(), index())


reprocess()
