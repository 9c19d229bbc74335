"""
The file side of an import: a stream of lines, whatever the file is packed in.

Which packing, is told from the first bytes, not from the name. Lines are read one at a time and
their length is bounded, so that a file of any size needs little memory.
"""

from __future__ import annotations

import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

from pipeline.errors import ImportLineError

#: A longer line is no article: the longest in our corpus has 65,485 characters.
MAX_LINE_BYTES: Final = 8 * 1024 * 1024

_XZ, _GZIP, _WARC = b"\xfd7zXZ\x00", b"\x1f\x8b", b"WARC/"
_BROKEN = (EOFError, OSError, lzma.LZMAError, zlib.error)


class Line(NamedTuple):
    """A line of the file, without its end; `None` where it was too long to keep."""

    number: int  #: from 1
    content: bytes | None


def is_warc(path: Path) -> bool:
    """Whether the file holds web responses rather than lines.

    Raises:
        ImportLineError: it cannot be opened or unpacked.
    """
    with closing(_opened(path)) as stream:
        try:
            return stream.read(len(_WARC)) == _WARC
        except _BROKEN as error:
            raise ImportLineError(f"{path}: {_why(error)}") from error


def lines(path: Path) -> Iterator[Line]:
    """Every line that is not blank.

    Raises:
        ImportLineError: the file cannot be opened, or breaks off; what stood before was given.
    """
    number = 0
    with closing(_opened(path)) as stream:
        try:
            while content := stream.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(content) > MAX_LINE_BYTES:
                    _skip_rest(stream, content)
                    yield Line(number, None)
                elif content.strip():
                    yield Line(number, content.strip())
        except _BROKEN as error:
            raise ImportLineError(f"{path}: broken after line {number}: {_why(error)}") from error


def _opened(path: Path) -> IO[bytes]:
    try:
        with path.open("rb") as start:
            magic = start.read(len(_XZ))
        if magic == _XZ:
            return cast("IO[bytes]", lzma.open(path, "rb"))
        return cast("IO[bytes]", gzip.open(path, "rb")) if magic.startswith(_GZIP) else path.open("rb")
    except OSError as error:
        raise ImportLineError(f"{path}: {error.strerror or error}; name a file this user can read") from error


def _skip_rest(stream: IO[bytes], content: bytes) -> None:
    while content and not content.endswith(b"\n"):
        content = stream.readline(MAX_LINE_BYTES)


def _why(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "the file ends in the middle; fetch it again"
    return f"it cannot be unpacked ({error}); fetch it again"
