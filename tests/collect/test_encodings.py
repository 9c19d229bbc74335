"""Content encodings undone within a cap."""

from __future__ import annotations

import gzip
import itertools
import random
import tracemalloc
import zlib

import brotli
import pytest
import zstandard

from pipeline.collect.encodings import BrokenEncodingError, TooLargeError, names_of, undo_encodings

TEXT = ("خبر من المطبعة\n" * 20_000).encode()  # news from the press
NOISE = random.Random(1).randbytes(300_000)


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


ENCODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstandard.ZstdCompressor().compress,
}
PAIRS = [*itertools.product(ENCODERS, repeat=2)]


@pytest.mark.parametrize("data", [TEXT, NOISE, b"", b"x"], ids=["text", "noise", "nothing", "a letter"])
@pytest.mark.parametrize("name", ENCODERS)
def test_each_encoding_is_undone(name, data):
    """
    What went in comes out.
    """
    assert data == undo_encodings(ENCODERS[name](data), [name], max_bytes=10**7)


@pytest.mark.parametrize(("inner", "outer"), PAIRS)
def test_doubled_encodings_are_undone(inner, outer):
    """
    In the order of the header, the last one applied first.
    """
    encoded = ENCODERS[outer](ENCODERS[inner](TEXT))

    assert TEXT == undo_encodings(encoded, names_of(f"{inner}, {outer}"), max_bytes=10**7)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_cut_off_body_gives_its_beginning(name):
    """
    A server that stops early costs the rest, not the whole.
    """
    encoded = ENCODERS[name](NOISE)

    found = undo_encodings(encoded[: len(encoded) // 2], [name], max_bytes=10**7)

    assert NOISE.startswith(found)
    assert len(found) > 50_000


@pytest.mark.parametrize(
    ("encoded", "name", "expected"),
    [
        (raw_deflate(TEXT), "deflate", TEXT),
        (gzip.compress(b"a") + gzip.compress(b"b"), "gzip", b"ab"),
        (gzip.compress(b"a") + b"\0" * 512, "gzip", b"a"),
        (b"plain all the same", "gzip", b"plain all the same"),
        (b"p", "gzip", b"p"),
    ],
    ids=["bare deflate", "two members", "padding", "not gzip at all", "one letter"],
)
def test_common_sloppiness_is_borne(encoded, name, expected):
    """
    What browsers read, we read.
    """
    assert expected == undo_encodings(encoded, [name], max_bytes=10**7)


@pytest.mark.parametrize("name", ["deflate", "br", "zstd", "compress", "gzip, gzip, gzip, gzip"])
def test_what_is_not_so_encoded_is_broken(name):
    """
    Other bytes, unknown encodings and towers of encodings are refused.
    """
    with pytest.raises(BrokenEncodingError):
        undo_encodings(b"\x01these bytes are none of it", names_of(name), max_bytes=10**7)


@pytest.mark.parametrize("names", [*[[name] for name in ENCODERS], ["gzip", "gzip"], ["br", "gzip"]])
def test_no_bomb_is_held(names):
    """
    Only the cap and one small piece come out of 100 MB, or its first bytes where they will do.
    """
    bomb = b"\0" * 100_000_000
    for name in names:
        bomb = ENCODERS[name](bomb)

    tracemalloc.start()
    with pytest.raises(TooLargeError):
        undo_encodings(bomb, names, max_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 12_000_000 > peak
    assert b"\0" * 500 == undo_encodings(bomb, names, max_bytes=500, cut=True)


def test_the_cap_itself_still_fits():
    """
    Exactly the cap is not too large.
    """
    assert NOISE == undo_encodings(gzip.compress(NOISE), ["gzip"], max_bytes=len(NOISE))
