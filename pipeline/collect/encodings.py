"""
Content encodings undone within a cap: gzip, deflate, br, zstd, also one in another.

A bomb of 300 KB holds 300 MB and more; httpx would inflate it in one piece. Here every decoder is
asked for a small piece at a time, and the first byte over the cap ends it.

Pure.
"""

from __future__ import annotations

import io
import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, cast

import brotli  # type: ignore[import-untyped]  # it ships no types
import zstandard

#: What a decoder may give at a time: the most that is ever held above the cap.
PIECE_BYTES = 64 * 1024
#: What is asked of servers.
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
#: More in one another are an attack; real servers double by mistake.
_MAX_DEPTH = 3
#: zstd reserves its window before the first byte comes out.
_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024

Pieces = Iterator[bytes]


class TooLargeError(ValueError):
    """More came out than the cap allows; `begin` is what fits."""

    def __init__(self, max_bytes: int, begin: bytes) -> None:
        self.begin = begin
        super().__init__(f"larger than {max_bytes:,} bytes")


class BrokenEncodingError(ValueError):
    """The bytes are not what their content encoding says."""


def names_of(content_encoding: str | None) -> tuple[str, ...]:
    """The encodings of a Content-Encoding header, in the order they were applied.

    >>> names_of("x-gzip, Identity, BR")
    ('gzip', 'br')
    """
    listed = (name.strip().lower().removeprefix("x-") for name in (content_encoding or "").split(","))
    return tuple(name for name in listed if name not in {"", "identity", "none", "utf-8", "aws-chunked"})


def undo_encodings(body: bytes, names: Sequence[str], *, max_bytes: int, cut: bool = False) -> bytes:
    """The bytes before `names` were applied to them.

    A body that is cut off gives what it holds; one that is plain although labelled gives itself.

    Args:
        body: as it came over the wire.
        names: in the order they were applied, see :func:`names_of`.
        max_bytes: what may come out.
        cut: give the first `max_bytes` of more, rather than raise.

    Raises:
        TooLargeError: it is longer than `max_bytes`; at most `PIECE_BYTES` more were held.
        BrokenEncodingError: an encoding is unknown, or the bytes are not of it.
    """
    if len(names) > _MAX_DEPTH:
        raise BrokenEncodingError(f"{len(names)} content encodings in one another")
    pieces: Pieces = _sliced(body)
    for name in reversed(names):
        pieces = _decoder(name)(pieces)
    try:
        return _joined(pieces, max_bytes)
    except TooLargeError as error:
        if cut:
            return error.begin
        raise


def _joined(pieces: Iterable[bytes], max_bytes: int) -> bytes:
    kept = bytearray()
    for piece in pieces:
        kept += piece
        if len(kept) > max_bytes:
            raise TooLargeError(max_bytes, bytes(kept[:max_bytes]))
    return bytes(kept)


def _sliced(body: bytes) -> Pieces:
    view = memoryview(body)
    for start in range(0, len(view), PIECE_BYTES):
        yield bytes(view[start : start + PIECE_BYTES])


def _decoder(name: str) -> Callable[[Pieces], Pieces]:
    decoders: dict[str, Callable[[Pieces], Pieces]] = {
        "gzip": _gunzipped,
        "deflate": _inflated,
        "br": _unbrotlied,
        "zstd": _unzstd,
    }
    if name not in decoders:
        raise BrokenEncodingError(f"unknown content encoding {name!r}")
    return decoders[name]


def _gunzipped(pieces: Pieces) -> Pieces:
    """Members one after another; a body that is no gzip at all is passed on as it is."""
    begin, pieces = _begun(pieces)
    if not begin.startswith(b"\x1f\x8b"[: len(begin)]):
        yield from pieces
        return
    decoder = zlib.decompressobj(wbits=31)
    for piece in pieces:
        rest = piece
        while rest:
            yield from _zlib_steps(decoder, rest)
            rest = decoder.unused_data
            if decoder.eof:
                if rest and not rest.startswith(b"\x1f"):  # padding after the last member
                    return
                decoder = zlib.decompressobj(wbits=31)


def _inflated(pieces: Pieces) -> Pieces:
    """Zlib's envelope, or none: servers mean either by "deflate"."""
    begin, pieces = _begun(pieces)
    enveloped = len(begin) >= 2 and begin[0] & 0x0F == 8 and int.from_bytes(begin[:2]) % 31 == 0
    decoder = zlib.decompressobj(wbits=15 if enveloped else -15)
    for piece in pieces:
        if not decoder.eof:
            yield from _zlib_steps(decoder, piece)


def _zlib_steps(decoder: zlib._Decompress, data: bytes) -> Pieces:
    """All that `data` gives, a piece at a time."""
    try:
        piece = decoder.decompress(data, PIECE_BYTES)
        while piece:
            yield piece
            piece = decoder.decompress(decoder.unconsumed_tail, PIECE_BYTES) if not decoder.eof else b""
    except zlib.error as error:
        raise BrokenEncodingError(f"broken gzip or deflate: {error}") from error


def _unbrotlied(pieces: Pieces) -> Pieces:
    decoder = brotli.Decompressor()
    try:
        for piece in pieces:
            given = decoder.process(piece, output_buffer_limit=PIECE_BYTES)
            while given:
                yield given
                if decoder.is_finished():
                    return
                given = decoder.process(b"", output_buffer_limit=PIECE_BYTES)
    except brotli.error as error:
        raise BrokenEncodingError(f"broken br: {error}") from error


def _unzstd(pieces: Pieces) -> Pieces:
    decoder = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    reader = decoder.stream_reader(
        cast("IO[bytes]", _Readable(pieces)), read_size=PIECE_BYTES, read_across_frames=True
    )
    try:
        while piece := reader.read(PIECE_BYTES):
            yield piece
    except zstandard.ZstdError as error:
        raise BrokenEncodingError(f"broken zstd: {error}") from error


def _begun(pieces: Pieces) -> tuple[bytes, Pieces]:
    """The first two bytes, and the pieces with them."""
    begin = b""
    while len(begin) < 2 and (piece := next(pieces, None)) is not None:
        begin += piece
    return begin[:2], itertools.chain([begin], pieces)


class _Readable(io.RawIOBase):
    """Pieces as the file zstandard reads from."""

    def __init__(self, pieces: Pieces) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        taken, self._rest = (self._rest[:size], self._rest[size:]) if size >= 0 else (self._rest, b"")
        return taken
