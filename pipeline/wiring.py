"""
Puts real parts together: the only module that builds anything.

Airflow's tasks, the command line and the tests all get their `Monitor` here. What only some commands
need is imported where it is built: a search would wait twice as long for the whole pipeline.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from pipeline import alerts, config, configured, log, status
from pipeline import settings as settings_module
from pipeline.answers import SearchPage, SearchRequest
from pipeline.clock import Clock, SystemClock
from pipeline.errors import ConfigError, StoreError
from pipeline.records import Outlet, Topic
from pipeline.search.unknown import known_of, names_something, told_of_unknown
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.collect.archive import WarcArchive
    from pipeline.collect.visits import Visit
    from pipeline.index.index import SearchableIndex
    from pipeline.ledger.ledger import Ledger
    from pipeline.monitor import Monitor

#: Somebody waits at the terminal for a host that is busy or rests.
_BY_HAND_S = 60.0


def load_settings() -> Settings:
    """The environment's settings, with logs set up as they say."""
    settings = settings_module.load()
    log.configure(settings.log_level)
    return settings


@contextmanager
def open_monitor(
    settings: Settings | None = None,
    *,
    worker: str = "0",
    clock: Clock | None = None,
    extract_workers: int = 1,
    rebuilding: bool = False,
    by_hand: bool = False,
) -> Iterator[Monitor]:
    """A monitor on real parts; everything opened is closed at the end.

    A file in `config/` that is wrong counts as it last was right, and the operator is told.

    Args:
        extract_workers: how many pages it reads at a time.
        rebuilding: an embedded index that is damaged, or of another version, is begun anew, not refused.
        by_hand: somebody wants what the files say now, so a wrong one stops them.

    Raises:
        ConfigError: before any work, when a variable is wrong; with `by_hand`, a file.
        StoreError: when ledger or folder cannot be used.
    """
    from pipeline.collect.http import open_fetcher
    from pipeline.detect.match import Detector
    from pipeline.extract.pool import Extractors
    from pipeline.monitor import Monitor, Pace, Retention

    settings = settings or load_settings()
    clock = clock or SystemClock()
    with ExitStack() as parts:
        ledger = parts.enter_context(opened_ledger(settings))
        standing, wrong = configured.in_force(settings.config, ledger)
        if wrong and by_hand:
            raise ConfigError("\n".join(wrong))
        configured.keep(ledger, standing)
        configured.tell_of_wrong_files(ledger, settings.alert_url, wrong)
        yield Monitor(
            ledger=ledger,
            archive=parts.enter_context(opened_archive(settings)),
            searchable=parts.enter_context(opened_index(settings, rebuilding=rebuilding)),
            outlets=standing.outlets,
            make_detector=partial(Detector, standing.topics, _genres(standing.outlets)),
            open_fetcher=partial(
                open_fetcher,
                contact=settings.contact,
                allow_networks=settings.allow_networks,
                allow_ports=settings.allow_ports,
            ),
            open_extractor=partial(Extractors, extract_workers),
            clock=clock,
            pace=Pace(
                budget_s=settings.fetch_budget_s,
                concurrency=settings.fetch_concurrency,
                pause_s=settings.host_pause_s,
                looks_s=tuple(age_h * 3600 for age_h in settings.look_again_h),
            ),
            retention=Retention(archive_days=settings.archive_days, keep_days=settings.keep_days),
            zone=settings.time_zone,
            worker=worker,
        )


def load_topics(settings: Settings) -> tuple[dict[str, Topic], dict[str, str]]:
    """The topics, and the genre of each outlet that has one."""
    return config.load_topics(settings.config), _genres(config.load_outlets(settings.config))


def _genres(outlets: Mapping[str, Outlet]) -> dict[str, str]:
    return {outlet.outlet_id: outlet.genre for outlet in outlets.values() if outlet.genre}


@asynccontextmanager
async def visiting(settings: Settings, url: str) -> AsyncIterator[Visit]:
    """The host of one URL, at the pace everybody keeps, for whoever looks at a feed by hand."""
    from pipeline.collect.http import open_fetcher
    from pipeline.collect.visits import Round
    from pipeline.collect.visits import visiting as visit_of

    clock = SystemClock()
    with opened_ledger(settings) as ledger:
        async with open_fetcher(
            contact=settings.contact,
            allow_networks=settings.allow_networks,
            allow_ports=settings.allow_ports,
        ) as fetcher:
            turn = Round(
                ledger=ledger,
                fetcher=fetcher,
                clock=clock,
                worker="by hand",
                pause_s=settings.host_pause_s,
                ends_at=clock.now() + timedelta(seconds=_BY_HAND_S),
            )
            async with visit_of(turn, url) as visit:
                yield visit


@contextmanager
def opened_ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger, migrated to this version."""
    from pipeline.collect.urls import article_id, canonical_url
    from pipeline.ledger.ledger import open_ledger

    make_home(settings.home)
    ledger = open_ledger(settings.ledger_address, id_of=lambda url: article_id(canonical_url(url)))
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def opened_archive(settings: Settings) -> Iterator[WarcArchive]:
    """The archive, for reading and for this process's own files."""
    from pipeline.collect.archive import open_archive

    make_home(settings.home)
    archive = open_archive(settings.archive_folder)
    try:
        yield archive
    finally:
        archive.close()


@contextmanager
def opened_index(
    settings: Settings, *, reading: bool = False, rebuilding: bool = False
) -> Iterator[SearchableIndex]:
    """The index the settings name; with the reader's key when `reading`."""
    index = _index(settings, reading=reading, rebuilding=rebuilding)
    try:
        yield index
    finally:
        index.close()


@contextmanager
def opened_analyzer(url: str, name: str) -> Iterator[Callable[[str], list[str]]]:
    """One of the analyzers of the Elasticsearch at `url`: text → tokens; to compare ours with."""
    from pipeline.index.elastic.client import Client

    with closing(Client(url)) as client:
        yield partial(client.analyze, analyzer=name)


def _index(settings: Settings, *, reading: bool, rebuilding: bool) -> SearchableIndex:
    if settings.index == "embedded":
        from pipeline.index.sqlite.index import open_sqlite_index

        make_home(settings.home)
        return open_sqlite_index(settings.index_file, discard_incompatible=rebuilding)
    from pipeline.index.elastic.index import open_elastic_index  # its client costs a quarter of a start

    reader, writer = (
        settings.elasticsearch_reader_api_key.get_secret_value(),
        settings.elasticsearch_api_key.get_secret_value(),
    )
    return open_elastic_index(
        settings.elasticsearch_url,
        api_key=(reader or writer) if reading else writer,
        ca_certs=settings.elasticsearch_ca_certs,
        prefix=settings.elasticsearch_prefix,
    )


def search(settings: Settings, request: SearchRequest) -> SearchPage:
    """Ask the index; names that nothing goes by are told beside the answer."""
    with opened_index(settings, reading=True) as index:
        page = index.search(request)
        if not names_something(request):
            return page
        known = known_of(
            config.read_outlets(settings.config).records.values(),
            config.read_topics(settings.config).records.values(),
        )
        return told_of_unknown(page, request, known, index.search)


def check(settings: Settings) -> list[str]:
    """What is not well, one line each; the operator is told when that changes."""
    now = datetime.now(UTC)
    with opened_ledger(settings) as ledger:
        found = status.reasons(
            ledger.status(now=now),
            ledger.feed_health(now=now),
            now=now,
            stale_after=timedelta(seconds=settings.stale_after_s),
            free_bytes=shutil.disk_usage(settings.home).free,
            min_free_bytes=settings.min_free_bytes,
            wrong_files=configured.wrong_files(settings.config),
        )
        _tell_of_turn(ledger, settings.alert_url, found)
    return found


def restore(settings: Settings, folder: Path) -> None:
    """Put a backup in the ledger's place."""
    from pipeline.ledger.backup import restore as restore_backup

    make_home(settings.home)
    restore_backup(settings.ledger_address, folder)


def _tell_of_turn(ledger: Ledger, alert_url: str, found: list[str]) -> None:
    """An alert when a check that was well fails, or one that failed is well again."""
    now, before = "failing" if found else "well", ledger.remembered("check")
    if now == before:
        return
    ledger.remember("check", now)
    if found:
        alerts.send(alert_url, "check_failing", "\n".join(found))
    elif before:
        alerts.send(alert_url, "check_recovered", "all is well again")


def make_keys(user: str, password: str) -> tuple[str, str]:
    """The two least-privilege keys of the Elasticsearch the settings name: to write, to search."""
    from pipeline.index.elastic.keys import create_keys

    settings = load_settings()
    return create_keys(
        settings.elasticsearch_url,
        user=user,
        password=password,
        ca_certs=settings.elasticsearch_ca_certs,
        prefix=settings.elasticsearch_prefix,
    )


def make_home(home: Path) -> None:
    """The folder everything lies in, made if need be.

    Raises:
        StoreError: it cannot be made or written to.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=home) as probe:  # of one's own: workers start side by side
            probe.write(b"?")
    except OSError as error:
        raise StoreError(
            f"{home}: {error.strerror or error}; point RASD_HOME at a folder this user may write to"
        ) from error


def alert(event: str, text: str) -> None:
    """Tell the operator, where `RASD_ALERT_URL` says."""
    alerts.send(settings_module.load().alert_url, event, text)
