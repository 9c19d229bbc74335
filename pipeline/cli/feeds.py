"""Commands about feeds: how they do, check, discover, import, export."""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # what only annotations need is not loaded for `rasd --help`
    from pipeline.collect.checking import FeedReport

from pipeline.cli.reading import feed_table
from pipeline.cli.screen import as_json, complain, out, readable
from pipeline.errors import ConfigError
from pipeline.outletfile import ListedFeed, feeds_of_opml, opml, outlet_of, outlet_text
from pipeline.records import Outlet

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Country = Annotated[str, typer.Option(help="Two letters; guessed from the address when left out.")]
_Zone = Annotated[str, typer.Option("--time-zone", help="IANA name; that of the country when left out.")]

app = typer.Typer(invoke_without_command=True)


@app.callback()
def feeds(context: typer.Context, as_json_: _AsJson = False) -> None:
    """How every feed is doing; or check, discover, import and export feeds."""
    if context.invoked_subcommand is not None:
        return
    from pipeline import configured, wiring

    settings = wiring.load_settings()
    with wiring.opened_ledger(settings) as ledger:
        standing, wrong = configured.in_force(settings.config, ledger)
        ledger.sync_outlets(standing.outlets, now=datetime.now(UTC))
        health = ledger.feed_health(now=datetime.now(UTC))
    for line in wrong:
        complain(line)
    if as_json_:
        typer.echo(as_json(health))
        return
    out.print(feed_table(health, datetime.now(UTC)))


@app.command("check")
def check(
    feed: Annotated[str, typer.Argument(help="A feed's URL, or a file that holds one.")],
    write: Annotated[bool, typer.Option("--write", help="Write the outlet's YAML.")] = False,
    outlet: Annotated[str, typer.Option(help="Its id: the file's name.")] = "",
    country: _Country = "",
    time_zone: _Zone = "",
    as_json_: _AsJson = False,
) -> None:
    """Everything to know of a feed before adding it. Exit 3 when it cannot be used."""
    report = _checked(feed)
    if as_json_:
        typer.echo(as_json(report))
    else:
        for line in report_lines(report):
            out.print(line, markup=False)
    if not report.is_usable:
        raise typer.Exit(3)
    if write:
        if not report.status:
            raise ConfigError(f"{feed}: a file tells no address; give the feed's URL with --write")
        made = outlet_of(
            report.url, title=report.title, outlet_id=outlet, country=country, time_zone=time_zone
        )
        out.print(f"written: {_written(made)}", markup=False)


@app.command("discover")
def discover(
    url: Annotated[str, typer.Argument(help="A page of the site, most often its front page.")],
    as_json_: _AsJson = False,
) -> None:
    """Find a site's feeds and news sitemaps. Exit 3 when there are none."""
    found = asyncio.run(_discover(url))
    if as_json_:
        typer.echo(as_json(found))
    elif found:
        for line in found_lines(found):
            out.print(line, markup=False)
    if not found:
        complain(f"{url}: names no feed, and none stands where feeds usually do")
        raise typer.Exit(3)


@app.command("export")
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to; the screen when left out.")] = None,
) -> None:
    """Every configured feed as OPML."""
    from pipeline import config, wiring

    outlets = config.load_outlets(wiring.load_settings().config)
    text = opml(outlets.values())
    if file is None:
        typer.echo(text, nl=False)
        return
    file.write_text(text, encoding="utf-8")
    out.print(f"written: {file}", markup=False)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="OPML, as feed readers export it.")],
    write: Annotated[bool, typer.Option("--write", help="Write the outlets' YAML.")] = False,
    country: _Country = "",
    time_zone: _Zone = "",
) -> None:
    """Take feeds from OPML: show what is new, and with --write make an outlet file for each host."""
    from pipeline import config, wiring

    known = {
        feed.url
        for outlet in config.load_outlets(wiring.load_settings().config).values()
        for feed in outlet.feeds
    }
    listed = feeds_of_opml(_bytes_of(file), file.name)
    new = [feed for feed in listed if feed.url not in known]
    failed = 0
    for made in _outlets_of(new, country, time_zone):
        if isinstance(made, ConfigError):
            complain(str(made))
            failed += 1
        elif write:
            out.print(f"written: {_written(made)}", markup=False)
        else:
            told = f"{len(made.feeds)} feeds, {made.country}, {made.time_zone}"
            out.print(f"{made.outlet_id}: {told}", markup=False)
    out.print(f"{len(listed)} feeds listed, {len(listed) - len(new)} configured already", markup=False)
    if failed:
        raise typer.Exit(3)


def report_lines(report: FeedReport) -> Iterator[str]:
    """A report as a person reads it."""
    yield report.title or readable(report.url)
    yield f"  address     {readable(report.final_url or report.url)}"
    for hop in report.redirects:
        yield f"  redirected  {readable(hop)}"
    if report.status:
        yield f"  answer      {report.status}, {report.content_type or 'no content type'}"
    if report.robots:
        yield f"  robots      {report.robots}"
    if report.entries:
        yield from _content_lines(report)
    for problem in report.problems:
        yield f"  problem     {problem}"


def _content_lines(report: FeedReport) -> Iterator[str]:
    dated = "none with a date"
    if report.oldest_at and report.newest_at:
        dated = f"{report.oldest_at:%Y-%m-%d %H:%M} to {report.newest_at:%Y-%m-%d %H:%M} UTC"
    text = f"{report.arabic_share:.0%} Arabic, {report.charset}, {report.mean_letters} letters an entry"
    yield f"  entries     {report.entries} in {report.kind}, {dated}"
    yield f"  dates       {report.undated} missing, {report.in_future} in the future"
    yield f"  text        {text}"
    yield f"  full texts  {report.full_bodies} of {report.entries} need no page"
    if report.status:
        yield f"  validators  {_validators(report)}"
    if wishes := ", ".join(_wishes(report)):
        yield f"  asks for    {wishes}"


def _wishes(report: FeedReport) -> Iterator[str]:
    hints = report.hints
    if hints.ttl_s:
        yield f"a poll every {hints.ttl_s / 60:g} min at most"
    if hints.skip_hours or hints.skip_days:
        yield f"none in {len(hints.skip_hours)} hours and on {len(hints.skip_days)} days"
    if report.fresh_s:
        yield f"none within {report.fresh_s:g} s of the last"


def _validators(report: FeedReport) -> str:
    given = [f"ETag {report.etag}"] if report.etag else []
    given += [f"Last-Modified {report.last_modified}"] if report.last_modified else []
    if not given:
        return "none"
    saves = {True: "answers 304", False: "sends it whole all the same", None: "not tried"}
    return f"{', '.join(given)}; {saves[report.saves_by_validators]}"


def found_lines(found: Sequence[FeedReport]) -> Iterator[str]:
    """What a site has: each address alone on its line, to be copied, and what is behind it."""
    for report in found:
        yield readable(report.url)
        if report.entries:
            newest = f", newest {report.newest_at:%Y-%m-%d %H:%M} UTC" if report.newest_at else ""
            told = f"{report.entries} entries, {report.arabic_share:.0%} Arabic{newest}"
            yield f"  {report.title or 'no title'}: {told}"
        for problem in report.problems:
            yield f"  problem     {problem}"


def _checked(feed: str) -> FeedReport:
    from pipeline.collect.checking import check_bytes

    if feed.startswith(("http://", "https://")):
        return asyncio.run(_check(feed))
    return check_bytes(_bytes_of(Path(feed)), feed, now=datetime.now(UTC))


async def _check(url: str) -> FeedReport:
    from pipeline import wiring
    from pipeline.collect.checking import check_url

    async with wiring.visiting(wiring.load_settings(), url) as visit:
        return await check_url(visit, url, now=datetime.now(UTC))


async def _discover(url: str) -> list[FeedReport]:
    from pipeline import wiring
    from pipeline.collect.discovery import discover as find

    async with wiring.visiting(wiring.load_settings(), url) as visit:
        return await find(visit, url, now=datetime.now(UTC))


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}; give a URL or a file that is there") from error


def _outlets_of(feeds: Sequence[ListedFeed], country: str, time_zone: str) -> Iterator[Outlet | ConfigError]:
    """An outlet for each host, or why there is none."""
    from pipeline.hosts import host_of

    by_host: dict[str, list[ListedFeed]] = defaultdict(list)
    for feed in feeds:
        by_host[host_of(feed.url)].append(feed)
    for first, *more in by_host.values():
        try:
            title = first.group or first.title
            yield outlet_of(first.url, title=title, country=country, time_zone=time_zone, more=more)
        except ConfigError as error:
            yield error


def _written(outlet: Outlet) -> Path:
    """The outlet's new file, which `config.py` has read before it is put in its place."""
    from pipeline import config, wiring

    text = outlet_text(outlet)
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name) / "outlets"
        trial.mkdir()
        (trial / f"{outlet.outlet_id}.yml").write_text(text, encoding="utf-8")
        config.load_outlets(trial.parent)
    file = wiring.load_settings().config / "outlets" / f"{outlet.outlet_id}.yml"
    try:
        with file.open("x", encoding="utf-8") as writing:
            writing.write(text)
    except FileExistsError as error:
        raise ConfigError(f"{file} is there already; give another id with --outlet, or edit it") from error
    return file
