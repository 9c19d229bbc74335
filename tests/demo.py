"""
`make demo`: the whole pipeline over the make-believe press, under real Airflow, offline.

Two runs of the real DAG: one over everything, one after the press published, edited and withdrew.
Everything lies in `var/demo`, which each demo begins by emptying.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline import log, wiring
from pipeline.answers import Counted, SearchRequest
from pipeline.cli.reading import outcome_table, story_lines, why_lines
from pipeline.cli.screen import out, readable, table
from pipeline.cli.searching import found_lines
from pipeline.settings import Settings
from pipeline.supervise import supervised_airflow
from tests.newsroom import Newsroom

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "var/demo"
#: A run takes some seconds; this is for machines that are busy with something else.
RUN_TIMEOUT_S = 240
#: Outlets named beside a topic.
OUTLETS_NAMED = 3

SEARCHES = (
    "بوتين",  # Putin; found in لبوتين and وبوتين too
    '"وزير الخارجية" موسكو',  # "foreign minister" Moscow
    "مفاوض* OR محادثات",  # negotiat*, or talks
)


def main() -> None:
    started = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    with Newsroom() as press:
        settings = _settings(press)
        _say(
            "A press of our own",
            f"{len(press.outlets)} made-up outlets are on the air, each on a loopback address of its own; "
            "nothing else is asked.",
        )
        with _airflow(settings) as stack:
            _run(stack, "The first run", settings)
            _show_outcomes(settings)
            _show_topics(settings)
            _show_searches(settings)
            _show_reasons(settings, press)
            press.requests.clear()
            before = len(press.listed())
            changes = press.has_a_busy_hour()
            _let_time_pass(settings)
            _run(stack, "The second run, after the press " + ", ".join(changes), settings)
            _show_requests(press, known=before)
            _show_changes(settings, press)
            _show_outcomes(settings)
    _say("What to try next", NEXT)
    out.print(f"The demo took {time.monotonic() - started:.0f} s.", markup=False)


NEXT = """\
  export RASD_HOME=var/demo/home RASD_CONFIG=var/demo/config
  .venv/bin/rasd web                         the pages: http://127.0.0.1:8090/
  .venv/bin/rasd search 'موسكو وواشنطن'       search what the demo indexed
  .venv/bin/rasd search 'لافروف' --topic us_russia_diplomacy --format json
  .venv/bin/rasd topics list                 what is followed
  .venv/bin/rasd topics explain us_russia_diplomacy 'اتصال هاتفي بين بوتين وترمب'
  .venv/bin/rasd status                      how the pipeline is doing
  make run                                   the real thing: forty outlets, unattended"""


def _settings(press: Newsroom) -> Settings:
    config = FOLDER / "config"
    shutil.copytree(PROJECT / "config", config, ignore=shutil.ignore_patterns("outlets"))
    press.config(config)
    os.environ |= {
        "RASD_HOME": str(FOLDER / "home"),
        "RASD_CONFIG": str(config),
        "RASD_HOST_PAUSE_S": "0",
        "RASD_LOG_LEVEL": "warning",
        "RASD_INDEX": "embedded",
        "RASD_LEDGER_URL": "",
        **press.environment(),
    }
    log.configure("warning")
    return Settings()


@contextmanager
def _airflow(settings: Settings):
    out.print("\nStarting Airflow (scheduler, DAG processor, API server) …")
    begun = time.monotonic()
    with supervised_airflow(
        settings.home / "airflow",
        PROJECT / "dags",
        {name: value for name, value in os.environ.items() if name.startswith("RASD_")},
    ) as stack:
        stack.wait_until_healthy()
        out.print(f"Airflow is up after {time.monotonic() - begun:.0f} s.")
        yield stack
        out.print("Stopping Airflow …")


def _run(stack, title: str, settings: Settings) -> None:
    begun = time.monotonic()
    run = stack.trigger("monitor_news")
    state = stack.wait(run, timeout_s=RUN_TIMEOUT_S)
    _say(title, f"monitor_news, run by Airflow's scheduler: {state} after {time.monotonic() - begun:.0f} s.")
    if state != "success":
        sys.exit(f"the run ended as {state}; Airflow's logs are in {settings.home / 'airflow'}")


def _show_outcomes(settings: Settings) -> None:
    with wiring.opened_ledger(settings) as ledger:
        out.print(outcome_table(ledger.outcome_counts()))


def _show_topics(settings: Settings) -> None:
    """Which topics were found, and by whom most was written of each."""
    with wiring.opened_index(settings, reading=True) as index:
        topics = index.search(SearchRequest(limit=1)).topic_counts
        pages = {topic: index.search(SearchRequest(topics=(topic,), limit=1)) for topic in sorted(topics)}
    rows = [(topic, page.total, _largest(page.facets["outlet"])) for topic, page in pages.items()]
    out.print(table("Topics, and where they were found", ("topic", "articles#", "of these"), rows))


def _largest(outlets: Sequence[Counted]) -> str:
    """The outlets that wrote most, and how many articles the others have."""
    named, others = outlets[:OUTLETS_NAMED], sum(each.count for each in outlets[OUTLETS_NAMED:])
    told = [f"{each.count:,} {each.value}" for each in named]
    return ", ".join([*told, f"{others:,} elsewhere"] if others else told)


def _show_searches(settings: Settings) -> None:
    with wiring.opened_index(settings, reading=True) as index:
        for query in SEARCHES:
            page = index.search(SearchRequest(query=query, limit=3))
            _say(f"rasd search '{query}'", "")
            for line in found_lines(page):
                out.print(line)


def _show_reasons(settings: Settings, press: Newsroom) -> None:
    with wiring.opened_ledger(settings) as ledger:
        for title, slug in (
            ("Why did this match?", press.example_of_match),
            ("Why is this not here?", press.example_of_absence),
        ):
            url = press.url(slug)
            _say(title, f"rasd why {readable(url)}")
            story = ledger.story_of(url)
            assert story
            for line in why_lines(story):
                out.print(line)


def _let_time_pass(settings: Settings) -> None:
    """Every feed is due, as if the minutes until its next poll had passed."""
    with wiring.opened_ledger(settings) as ledger:
        ledger.make_due(now=datetime.now(UTC))


def _show_requests(press: Newsroom, *, known: int) -> None:
    """Only what changed was asked for."""
    pages = [request for request in press.requests if not request.is_feed]
    feeds = [request for request in press.requests if request.is_feed]
    unchanged = sum(request.status == 304 for request in feeds)
    out.print(
        f"It asked for {len(feeds)} feeds, of which {unchanged} answered 304 and sent nothing. "
        f"Of the {known} entries known before and what is new, it asked for {len(pages)} pages:",
        markup=False,
    )
    for request in pages:
        out.print(f"  {request.status}  {request.outlet:22}{readable(request.path)}", markup=False)


def _show_changes(settings: Settings, press: Newsroom) -> None:
    """What an edit, a withdrawal and a second address come to."""
    _say("What became of an edited, a withdrawn and a republished article", "")
    with wiring.opened_ledger(settings) as ledger:
        for url in press.examples_of_change:
            story = ledger.story_of(url)
            assert story
            for line in story_lines(story):
                out.print(line)


def _say(title: str, text: str) -> None:
    out.print(f"\n{title}", style="bold", markup=False)
    if text:
        out.print(text, markup=False)


if __name__ == "__main__":
    main()
