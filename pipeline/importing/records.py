"""
A file of JSON lines to records, one at a time; a wrong line is a value among them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import ImportLineError
from pipeline.importing.article import WrongFieldError, article_of, outlet_name
from pipeline.importing.dates import WrongDateError
from pipeline.importing.files import MAX_LINE_BYTES, Line, lines
from pipeline.records import Article

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRecord:
    """A good line: its article, and who published it as the line writes it."""

    article: Article
    outlet_name: str  #: "" where only the URL tells


def read_articles(path: Path, *, now: datetime) -> Iterator[Article | ImportLineError]:
    """The articles alone of :func:`read_records`."""
    return (
        read.article if isinstance(read, ImportedRecord) else read for read in read_records(path, now=now)
    )


def read_records(path: Path, *, now: datetime) -> Iterator[ImportedRecord | ImportLineError]:
    """The records of a JSONL file, plain or packed with gzip or xz, in its order.

    Lazy: a file of any size needs the memory of one line. Blank lines and a byte order mark are
    passed over.

    Yields:
        A record for each good line, an error naming file and line for each wrong one.

    Raises:
        ImportLineError: the file cannot be opened, or breaks off; what stood before was given.
    """
    for line in lines(path):
        try:
            fields = _fields(line)
            yield ImportedRecord(article=article_of(fields, now=now), outlet_name=outlet_name(fields))
        except (WrongFieldError, WrongDateError) as wrong:
            yield ImportLineError(f"{path}:{line.number}: {wrong}")


def _fields(line: Line) -> dict[str, Any]:
    if line.content is None:
        raise WrongFieldError(f"longer than {MAX_LINE_BYTES:,} bytes; write one record to a line")
    try:
        record = json.loads(line.content.removeprefix(_BOM).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise WrongFieldError(f"not UTF-8 at byte {error.start + 1}; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise WrongFieldError(
            f"not JSON at column {error.colno} ({error.msg}); write one object to a line"
        ) from error
    except (RecursionError, ValueError) as error:  # nested too deep, or a number of thousands of digits
        raise WrongFieldError(f"JSON no record needs ({error}); write one flat object to a line") from error
    if not isinstance(record, dict):
        raise WrongFieldError('JSON, but not an object; write {"url": …, "title": …, "body": …} to a line')
    return record
