"""The archive: what was believed can be read again, by us and by any WARC tool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.collect.answer import Answer, Hop
from pipeline.collect.archive import open_archive, read_responses
from pipeline.collect.warc_files import repair
from pipeline.errors import StoreError, UnreachableError
from pipeline.records import PageRef

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
WARCIO = Path(sys.executable).with_name("warcio")


def page(body="متن", *, url="https://alnahr.example/خبر", **more):  # text; news
    return Answer(
        requested_url=url,
        final_url=url,
        status=200,
        headers=(
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("X-Odd", "h\xe9"),
        ),
        body=body.encode() if isinstance(body, str) else body,
        request_headers=(("User-Agent", "rasd"),),
        **more,
    )


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "archive"


@pytest.fixture
def archive(folder):
    opened = open_archive(folder)
    yield opened
    opened.close()


def write(archive, body="متن", *, at=NOON):  # text
    return archive.write(page(body), fetched_at=at, about={"kind": "page", "entry": "1\r\nx: y"})


def test_a_body_is_read_back_by_its_place(archive):
    """
    Byte for byte, with its content type, while the file is still being written to.
    """
    places = [write(archive, body) for body in ("first", "متن", b"\x00\xff", "")]  # text

    assert [b"first", "متن".encode(), b"\x00\xff", b""] == [archive.read_body(place)[0] for place in places]
    assert "text/html; charset=utf-8" == archive.read_body(places[0])[1]


def test_any_warc_tool_reads_the_files(archive, folder):
    """
    `warcio check` finds nothing wrong; response, request and metadata belong together.
    """
    for body in ("first", "second", b"\x00\xff"):
        write(archive, body)
    archive.write(
        page(hops=(Hop(url="https://alnahr.example/a", status=301, location="https://alnahr.example/b"),)),
        fetched_at=NOON,
        about={},
    )
    archive.close()

    (file,) = folder.glob("*.warc.gz")
    checked = subprocess.run([WARCIO, "check", file], capture_output=True, text=True, check=False)
    listed = subprocess.run(
        [WARCIO, "index", "-f", "warc-type", file], capture_output=True, text=True, check=True
    )

    assert (0, "") == (checked.returncode, checked.stdout + checked.stderr)
    assert 13 == len(listed.stdout.splitlines())
    assert 4 == sum(1 for _ in read_responses(file))


def test_names_tell_day_host_and_process(archive, folder):
    """
    A record of another day goes into another file.
    """
    first, second = write(archive), write(archive, at=NOON + timedelta(days=1))

    assert first.file.startswith("20261124-")
    assert f"-{os.getpid()}-" in first.file
    assert second.file.startswith("20261125-")


def test_a_later_process_goes_on_where_one_ended(folder):
    """
    A file nobody writes to is taken up again, so that short runs do not leave thousands of files.
    """
    for _ in range(3):
        archive = open_archive(folder)
        write(archive)
        archive.close()

    assert 1 == len(list(folder.iterdir()))


def test_two_writers_never_share_a_file(folder):
    """
    While one process holds a file, another gets its own.
    """
    one, other = open_archive(folder), open_archive(folder)

    assert write(one).file != write(other).file

    one.close()
    other.close()


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.collect.archive import open_archive
from tests.collect.test_archive import NOON, write

archive = open_archive(Path(sys.argv[1]))
number = 0
while True:
    place = write(archive, f"page {number} " + "x" * 200_000)
    print(place.file, place.offset, place.length_bytes, flush=True)
    number += 1
"""


@pytest.mark.parametrize("turn", range(3))
def test_a_killed_writer_loses_nothing_it_had_told(folder, turn):
    """
    Kill -9 at any moment: every place that was given can be read, and the file is whole again.
    """
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    told = [writer.stdout.readline() for _ in range(3 + turn)]
    time.sleep(0.013 * turn)
    os.kill(writer.pid, signal.SIGKILL)
    told += writer.communicate()[0].splitlines()

    archive = open_archive(folder)
    write(archive, "after")
    archive.close()

    places = [line.split() for line in told if line.count(" ") == 2]
    for number, (file, offset, length) in enumerate(places):
        body, _ = archive.read_body(PageRef(file=file, offset=int(offset), length_bytes=int(length)))
        assert body.startswith(f"page {number} ".encode())
    assert () == archive.verify().damaged
    assert 1 == len(list(folder.glob("*.warc.gz")))


def test_an_unfinished_record_is_cut_off(folder):
    """
    Only what is not a whole record goes, also where the death came between file and mark.
    """
    archive = open_archive(folder)
    place = write(archive)
    archive.close()
    (file,) = folder.glob("*.warc.gz")
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:100])  # less than the shortest record
    file.with_name(file.name + ".open").write_text("0" * 20)

    assert [file] == repair(folder)
    assert whole == file.read_bytes()
    assert [file] == list(folder.iterdir())
    assert "متن".encode() == archive.read_body(place)[0]  # text


def test_what_a_power_cut_leaves_is_cut_off(folder):
    """
    Of what was never made lasting a file may keep its length and nothing else: all that goes.
    """
    archive = open_archive(folder)
    place = write(archive)
    archive.sync()
    mark = folder / f"{place.file}.open"
    lasting, told = (folder / place.file).stat().st_size, mark.read_text()
    write(archive, "later")
    assert lasting == int(told) == int(mark.read_text())
    archive.close()

    with (folder / place.file).open("r+b") as file:  # as the disk may hold it
        lost = file.seek(0, os.SEEK_END) - lasting
        file.seek(lasting)
        file.write(bytes(lost))
    mark.write_text(told)

    assert [folder / place.file] == repair(folder)
    assert lasting == (folder / place.file).stat().st_size
    assert "متن".encode() == archive.read_body(place)[0]  # text


def test_a_file_in_use_is_not_repaired(folder):
    """
    What another process is just writing is left alone.
    """
    archive = open_archive(folder)
    place = write(archive)
    file = folder / place.file
    with file.open("ab") as unfinished:
        unfinished.write(b"\x1f\x8b half a record")

    assert [] == repair(folder)
    assert 1 == archive.verify().in_use

    archive.close()


def test_damage_is_found(archive, folder):
    """
    A byte that changed shows: in `verify`, and when the page is read.
    """
    place = write(archive, "x" * 5000)
    archive.close()
    file = folder / place.file
    content = bytearray(file.read_bytes())
    content[place.offset + 30] ^= 0xFF
    file.write_bytes(content)

    assert archive.verify().damaged
    with pytest.raises(UnreachableError, match="archive"):
        archive.read_body(place)


@pytest.mark.parametrize(
    "place",
    [
        PageRef(file="20200101-h-1-0.warc.gz", offset=0, length_bytes=10),
        PageRef(file="../../etc/passwd", offset=0, length_bytes=10),
    ],
)
def test_a_page_that_is_gone_is_this_entrys_trouble(archive, place):
    """
    An expired file is an entry's outcome, not a failure of the step; no path leads outside.
    """
    with pytest.raises(UnreachableError, match="no longer in the archive"):
        archive.read_body(place)


def test_old_files_are_deleted_unless_in_use(archive, folder):
    """
    Whole days go, once they are older than asked.
    """
    for days in (3, 2, 1, 0):
        write(archive, at=NOON - timedelta(days=days))

    assert 2 == archive.expire(NOON - timedelta(days=1))
    assert ["20261123", "20261124"] == sorted(path.name[:8] for path in folder.glob("*.warc.gz"))
    assert 1 == archive.expire(NOON + timedelta(days=5))


def test_an_unwritable_folder_is_said_before_any_work(tmp_path):
    """
    The message names the folder and the setting.
    """
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match="RASD_HOME"):
        open_archive(tmp_path / "file")


def test_what_is_no_warc_says_so(tmp_path):
    """
    Reading somebody else's file fails by name.
    """
    (tmp_path / "x.warc").write_bytes(b"this is no WARC\r\n\r\n")

    with pytest.raises(UnreachableError, match="cannot be read as WARC"):
        list(read_responses(tmp_path / "x.warc"))
