"""
YAML → records, with file, line and key when it cannot.

    config/outlets/<outlet>.yml → Outlet      config/topics/<topic>.yml → Topic

The stem of a file is the id. Every file is read before anything is said, and everything that is
wrong is said at once; behind this module nobody checks again. People who write files want them read
whole or not at all (`load_outlets`, `load_topics`); what runs unattended takes what is right, and is
told what is not (`read_outlets`, `read_topics`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Generic, TypeVar

from pipeline import yamlfile
from pipeline.errors import ConfigError
from pipeline.records import GENRES, Feed, Outlet, Topic
from pipeline.topicfile import read_lexicon, read_points, read_topic
from pipeline.yamlfile import Complaints, Value

T = TypeVar("T")

_OUTLET_KEYS: Final = (
    "title", "title_en", "home", "country", "time_zone", "language", "pause", "feeds", "expect",
    "genre",
)  # fmt: skip
_COUNTRY: Final = yamlfile.coded("[a-z]{2}", "a country; write its two letters of ISO 3166, like jo")
_LANGUAGE: Final = yamlfile.coded("[a-z]{2,3}", "a language; write its letters of ISO 639, like ar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[T]):
    """What the files of a folder say."""

    records: Mapping[str, T]  #: by id, in order of id, of the files that are right
    wrong: frozenset[str] = frozenset()  #: the ids of the others
    complaints: tuple[str, ...] = ()  #: a line for each mistake


def load_outlets(folder: Path) -> dict[str, Outlet]:
    """The outlets of `folder`/outlets by id, in order of id.

    Raises:
        ConfigError: a line for each mistake in any of the files.
    """
    return _sound(read_outlets(folder))


def load_topics(folder: Path) -> dict[str, Topic]:
    """The topics of `folder`/topics by id, in order of id.

    Raises:
        ConfigError: a line for each mistake in any of the files.
    """
    return _sound(read_topics(folder))


def read_outlets(folder: Path) -> Read[Outlet]:
    """The outlets whose files are right, and what is wrong with the others.

    Raises:
        ConfigError: there is no such folder.
    """
    complaints = Complaints()
    read = _read(folder / "outlets", "[a-z0-9-]+", complaints, _outlet)
    sharing = _sharing_a_feed(folder / "outlets", read.records, complaints)
    return Read(
        records={key: outlet for key, outlet in read.records.items() if key not in sharing},
        wrong=read.wrong | sharing,
        complaints=tuple(complaints.lines),
    )


def read_topics(folder: Path) -> Read[Topic]:
    """The topics whose files are right, and what is wrong with the others.

    All are wrong while one of the files they share is: what it says of them cannot be known.

    Raises:
        ConfigError: there is no such folder.
    """
    complaints = Complaints()
    lexicon = read_lexicon(folder / "lexicon.yml", complaints)
    points = read_points(folder / "evidence.yml", complaints)
    if complaints.lines:
        stems = (file.stem for file in _files(folder / "topics"))
        return Read(records={}, wrong=frozenset(stems), complaints=tuple(complaints.lines))
    parse = partial(read_topic, lexicon=lexicon, points=points)
    return _read(folder / "topics", "[a-z0-9_-]+", complaints, parse)


def _sound(read: Read[T]) -> dict[str, T]:
    if read.complaints:
        raise ConfigError("\n".join(read.complaints))
    return dict(read.records)


def _read(folder: Path, stem: str, complaints: Complaints, parse: Callable[[str, Value], T]) -> Read[T]:
    """Each file of `folder` through `parse`."""
    records: dict[str, T] = {}
    wrong = set()
    for file in _files(folder):
        said = len(complaints.lines)
        top = yamlfile.read(file, complaints) if _is_yaml(file, stem, complaints) else None
        record = parse(file.stem, top) if top else None
        if len(complaints.lines) > said:
            wrong.add(file.stem)
        elif record is not None:
            records[file.stem] = record
    return Read(records=records, wrong=frozenset(wrong), complaints=tuple(complaints.lines))


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ConfigError(f"{yamlfile.shown(folder)}: is no folder; RASD_CONFIG names the one that holds it")
    return sorted(file for file in folder.iterdir() if not file.name.startswith(".") and file.is_file())


def _is_yaml(file: Path, stem: str, complaints: Complaints) -> bool:
    """Whether to read `file`; a name that is nearly right is a complaint, any other is left alone."""
    if file.suffix.lower() not in {".yml", ".yaml"}:
        return False
    if file.suffix != ".yml":
        complaints.add(file, None, "", f"would be ignored; rename it to {file.stem}.yml")
        return False
    if not re.fullmatch(stem, file.stem):
        allowed = "small letters a to z, digits and -" + (" or _" if "_" in stem else "")
        complaints.add(file, None, "", f"the name is the id; write it in {allowed}")
        return False
    return True


def _outlet(outlet_id: str, top: Value) -> Outlet:
    fields = top.fields(_OUTLET_KEYS, required=("title", "home", "country", "time_zone", "feeds"))
    feeds = [_feed(outlet_id, entry) for entry in fields["feeds"].items()] if "feeds" in fields else []
    if "feeds" in fields and not feeds and not fields["feeds"].mapping() and not fields["feeds"].scalar():
        fields["feeds"].complain("lists no feed; write at least one `- url: …`")
    return Outlet(
        outlet_id=outlet_id,
        title=fields["title"].text() if "title" in fields else "",
        title_en=_title_en(outlet_id, fields),
        home=_parsed(fields, "home", yamlfile.web_address, ""),
        country=_parsed(fields, "country", _COUNTRY, ""),
        time_zone=_parsed(fields, "time_zone", yamlfile.time_zone, "UTC"),
        language=_parsed(fields, "language", _LANGUAGE, "ar"),
        pause_s=_parsed(fields, "pause", yamlfile.duration_s, None),
        feeds=tuple(feeds),
        entries_per_day=_expected(fields.get("expect")),
        genre=_parsed(fields, "genre", _genre, ""),
    )


def _feed(outlet_id: str, entry: Value) -> Feed:
    fields = entry.fields(("url", "section", "poll_at_most", "time_zone"), required=("url",))
    return Feed(
        outlet_id=outlet_id,
        url=_parsed(fields, "url", yamlfile.web_address, ""),
        section=fields["section"].text() if "section" in fields else None,
        poll_at_most_s=int(_parsed(fields, "poll_at_most", yamlfile.duration_s, 600.0)),
        time_zone=_parsed(fields, "time_zone", yamlfile.time_zone, None),
    )


def _expected(expect: Value | None) -> tuple[int, int] | None:
    fields = expect.fields(("entries_per_day",)) if expect else {}
    if "entries_per_day" not in fields:
        return None
    entries_per_day = fields["entries_per_day"]
    numbers = [item.one(yamlfile.whole, 0) for item in entries_per_day.items()]
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        entries_per_day.complain("is not a range; write the least and the most, like [20, 400]")
        return None
    return numbers[0], numbers[1]


def _parsed(fields: dict[str, Value], key: str, parse: Callable[[str], T], default: T) -> T:
    return fields[key].one(parse, default) if key in fields else default


def _genre(text: str) -> str:
    if text in GENRES:
        return text
    raise ValueError(f"{text!r} is not a genre Rasd knows; there are {', '.join(GENRES)}")


def _title_en(stem: str, fields: dict[str, Value]) -> str:
    return fields["title_en"].text() if "title_en" in fields else stem.replace("-", " ").title()


def _sharing_a_feed(folder: Path, outlets: Mapping[str, Outlet], complaints: Complaints) -> set[str]:
    """Outlets that list a feed of another: its address is its identity, and the first to list it has it."""
    owners: dict[str, str] = {}
    sharing = set()
    for outlet in outlets.values():
        for number, feed in enumerate(outlet.feeds):
            place = f"{outlet.outlet_id}.yml, feeds[{number}]"
            owner = owners.setdefault(feed.url, place)
            if owner != place:
                file = folder / f"{outlet.outlet_id}.yml"
                complaints.add(file, None, f"feeds[{number}].url", f"{feed.url} stands in {owner} already")
                sharing.add(outlet.outlet_id)
    return sharing
