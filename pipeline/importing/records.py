"""
A file of JSON lines to articles, one at a time; a wrong line is a value among them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import ImportLineError
from pipeline.importing.article import WrongFieldError, article_of
from pipeline.importing.dates import WrongDateError
from pipeline.importing.files import MAX_LINE_BYTES, Line, lines
from pipeline.records import Article

_BOM = b"\xef\xbb\xbf"


def read_articles(path: Path, *, now: datetime) -> Iterator[Article | ImportLineError]:
    """The articles of a JSONL file, plain or packed with gzip or xz, in its order.

    Lazy: a file of any size needs the memory of one line. Blank lines and a byte order mark are
    passed over.

    Yields:
        An article for each good line, an error naming file and line for each wrong one.

    Raises:
        ImportLineError: the file cannot be opened, or breaks off; what stood before was given.
    """
    for line in lines(path):
        try:
            yield article_of(_fields(line), now=now)
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
