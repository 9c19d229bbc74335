"""
YAML files as people write them: every value knows its line, every mistake becomes a complaint.

A file is read as text scalars, never as Python values, so `no` is Norway and `08` is what it says.
Reading goes on after a mistake: whoever repairs a file wants to hear of all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml

T = TypeVar("T")

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Complaints:
    """What is wrong, one line each: file, line, key, and what would be right."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, file: Path, line: int | None, key: str, message: str) -> None:
        """Note one; `key` like `feeds[0].url`, or empty for the file as a whole."""
        where = shown(file) if line is None else f"{shown(file)}:{line}"
        self.lines.append(": ".join(part for part in (where, key, message) if part))


class Value:
    """A place in a file: what stands there, and how to complain about it."""

    def __init__(self, node: yaml.Node, file: Path, key: str, complaints: Complaints) -> None:
        self.node, self.file, self.key, self.complaints = node, file, key, complaints

    @property
    def line(self) -> int:
        """1-based."""
        return int(self.node.start_mark.line) + 1

    def complain(self, message: str) -> None:
        """Say what is wrong here."""
        self.complaints.add(self.file, self.line, self.key, message)

    def text(self) -> str:
        """One piece of text, not empty; "" after a complaint."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.complain("holds a list or a mapping; write one text")
            return ""
        text = str(self.node.value).strip()
        if not text:
            self.complain("is empty; write a text, or leave the key out")
        return text

    def scalar(self) -> bool:
        """Whether one text or number stands here."""
        return isinstance(self.node, yaml.ScalarNode)

    def mapping(self) -> bool:
        """Whether keys stand here."""
        return isinstance(self.node, yaml.MappingNode)

    def one(self, parse: Callable[[str], T], default: T) -> T:
        """The text through `parse`; its `ValueError` becomes the complaint."""
        text = self.text()
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            self.complain(str(error))
            return default

    def items(self) -> list[Value]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.complain("is not a list; write one entry a line, each after a dash")
            return []
        return [
            Value(node, self.file, f"{self.key}[{number}]", self.complaints)
            for number, node in enumerate(self.node.value)
        ]

    def entries(self) -> Iterator[tuple[str, Value]]:
        """Keys and values of a mapping in the file's order; a key written twice is a complaint."""
        if not isinstance(self.node, yaml.MappingNode):
            self.complain("has no keys; write them as `key: value`, one a line")
            return
        seen: dict[str, int] = {}
        for key_node, value_node in self.node.value:
            key = Value(key_node, self.file, self.key, self.complaints)
            name = key.text()
            inner = f"{self.key}.{name}" if self.key else name
            if name in seen:
                self.complaints.add(self.file, key.line, inner, f"stands on line {seen[name]} already")
                continue
            seen[name] = key.line
            if name:
                yield name, Value(value_node, self.file, inner, self.complaints)

    def fields(self, known: tuple[str, ...], *, required: tuple[str, ...] = ()) -> dict[str, Value]:
        """A mapping whose keys are `known`; unknown and missing ones are complaints."""
        fields: dict[str, Value] = {}
        for name, value in self.entries():
            if name in known:
                fields[name] = value
            else:
                value.complain(f"is not a key Rasd knows; there are {', '.join(known)}")
        for name in required:
            if name not in fields and self.mapping():
                self.complain(f"the key {name} is missing")
        return fields


def read(file: Path, complaints: Complaints) -> Value | None:
    """The top of a YAML file; None after a complaint."""
    try:
        node = yaml.compose(_decoded(file), Loader=_LOADER)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        complaints.add(
            file, line, "", f"byte {error.object[error.start]:#04x} is not UTF-8; save it as UTF-8"
        )
    except OSError as error:
        complaints.add(file, None, "", f"cannot be read: {error.strerror or error}")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        complaints.add(file, mark.line + 1 if mark else None, "", f"is not YAML: {_problem(error)}")
    except yaml.YAMLError as error:
        complaints.add(file, None, "", f"is not YAML: {' '.join(str(error).split())}")
    else:
        if node is not None:
            return Value(node, file, "", complaints)
        complaints.add(file, None, "", "is empty; write its keys, or delete it")
    return None


def _decoded(file: Path) -> str:
    return file.read_bytes().decode("utf-8-sig")


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or error)
    if "'\\t'" in problem or "tab" in problem:
        return f"{problem}; indent with spaces, never with tabs"
    if "mapping values are not allowed" in problem:
        return f"{problem}; a text that holds a colon stands in quotes"
    return problem


def shown(file: Path) -> str:
    """The path as a person would type it from where they are."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(file)


# -- what a text can be -----------------------------------------------------------------------


def duration_s(text: str) -> float:
    """`90s`, `15m`, `2h`, `1d` → seconds."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", text)
    if found and float(found[1]) > 0:
        return float(found[1]) * _SECONDS[found[2]]
    close = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])\w*", text.lower())
    advice = f"{close[1]}{close[2]}" if close and float(close[1]) > 0 else "a number and its unit, like 15m"
    raise ValueError(f"{text!r} is not a duration; write {advice}")


def number(text: str) -> float:
    """A finite decimal number."""
    if re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text):
        return float(text)
    raise ValueError(f"{text!r} is not a number; write one like 2 or 0.5")


def whole(text: str) -> int:
    """A whole number, not negative."""
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    raise ValueError(f"{text!r} is not a whole number; write one like 20")


def web_address(text: str) -> str:
    """An absolute http or https address."""
    try:
        parts = urlsplit(text)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if valid and not re.search(r"\s", text):
        return text
    raise ValueError(f"{text!r} is not a web address; write one like https://alghad.example/feed")


def time_zone(text: str) -> str:
    """A name of the IANA time zone database."""
    try:
        ZoneInfo(text)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"{text!r} is not an IANA time zone; write one like Asia/Amman") from None
    return text


def coded(pattern: str, example: str) -> Callable[[str], str]:
    """A code of a fixed shape."""

    def parse(text: str) -> str:
        if re.fullmatch(pattern, text):
            return text
        raise ValueError(f"{text!r} is not {example}")

    return parse
