"""
Files of the archive: each appended to by one process at a time, and sound after any death of it.

A file in use is locked, and has a mark beside it (`….open`) that says how many bytes of it are whole
records and on the disk, so that a power cut does not take them. A process that finds a mark whose
file is not locked knows that its writer died, cuts off what is not a whole record, and may go on
writing there.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import re
import socket
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from pipeline.errors import StoreError

#: A file is closed at this size: big enough to be few, small enough to be moved.
MAX_FILE_BYTES = 256 * 1024 * 1024
_NAME = re.compile(r"(\d{8})-(.+)-(\d+)-(\d+)\.warc\.gz")
_MARK_DIGITS = 20
_READ_BYTES = 1024 * 1024


class OpenFile:
    """A file of the archive that this process, and no other, appends to."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Take over a locked descriptor; the file ends with a whole record."""
        self.path = path
        self.size_bytes = os.fstat(descriptor).st_size
        self._descriptor = descriptor
        self._synced_bytes = -1  #: unknown yet
        self._mark = os.open(_mark_of(path), os.O_RDWR | os.O_CREAT, 0o644)
        self.sync()

    def append(self, record: bytes) -> int:
        """Write whole records, down to the system; returns the offset they begin at.

        Raises:
            StoreError: the disk is full, or gone; the file is as it was before.
        """
        offset = self.size_bytes
        try:
            written = 0
            while written < len(record):
                written += os.write(self._descriptor, record[written:])
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._descriptor, offset)
            raise StoreError(f"archive {self.path}: {error.strerror}; free some disk space") from error
        self.size_bytes = offset + len(record)
        return offset

    def sync(self) -> None:
        """Make what was appended outlast a power cut; costs nothing when nothing was.

        Raises:
            StoreError: the disk does not take it.
        """
        if self.size_bytes == self._synced_bytes:
            return
        try:
            os.fdatasync(self._descriptor)
            self._note_size()
        except OSError as error:
            raise StoreError(f"archive {self.path}: {error.strerror}; is its disk sound?") from error

    def is_for(self, day: date) -> bool:
        """Whether the next record of `day` belongs here."""
        return day_of(self.path) == day and self.size_bytes < MAX_FILE_BYTES

    def close(self) -> None:
        """Make it lasting, take the mark away and let go of the lock."""
        with suppress(StoreError):
            self.sync()
        os.close(self._mark)
        _mark_of(self.path).unlink(missing_ok=True)
        os.close(self._descriptor)

    def _note_size(self) -> None:
        os.pwrite(self._mark, f"{self.size_bytes:0{_MARK_DIGITS}}".encode(), 0)
        self._synced_bytes = self.size_bytes


def claim_file(folder: Path, day: date) -> OpenFile:
    """A file for records of `day`: one of this host's that is not full and nobody's, else a new one."""
    host = _host()
    for path in sorted(folder.glob(f"{day:%Y%m%d}-{host}-*.warc.gz")):
        if path.stat().st_size < MAX_FILE_BYTES and (file := _taken(path, os.O_RDWR | os.O_APPEND)):
            return file
    for number in itertools.count():
        path = folder / f"{day:%Y%m%d}-{host}-{os.getpid()}-{number}.warc.gz"
        if file := _taken(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL):
            _sync_folder(folder)
            return file
    raise AssertionError("numbers do not end")


def repair(folder: Path) -> list[Path]:
    """Cut unfinished records off files whose writer died; returns those that had one."""
    cut = []
    for mark in sorted(folder.glob("*.warc.gz.open")):
        path = mark.with_suffix("")
        if not path.exists():
            mark.unlink(missing_ok=True)
            continue
        size = path.stat().st_size
        if file := _taken(path, os.O_RDWR | os.O_APPEND):
            if file.size_bytes < size:
                cut.append(path)
            file.close()
    return cut


def expire(folder: Path, before: datetime) -> int:
    """Delete files of days before that of `before`, unless in use; returns how many."""
    gone = 0
    for path in archive_files(folder):
        if day_of(path) < before.date():
            descriptor = _locked(path, os.O_RDWR)
            if descriptor is not None:
                path.unlink(missing_ok=True)
                _mark_of(path).unlink(missing_ok=True)
                os.close(descriptor)
                gone += 1
    return gone


def archive_files(folder: Path) -> Iterator[Path]:
    """Every file of the archive, oldest day first."""
    yield from sorted(path for path in folder.glob("*.warc.gz") if _NAME.fullmatch(path.name))


def is_in_use(path: Path) -> bool:
    """Whether some process is writing to a file."""
    descriptor = _locked(path, os.O_RDONLY)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None


def day_of(path: Path) -> date:
    """The day in a file's name."""
    return datetime.strptime(path.name[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone


def _taken(path: Path, flags: int) -> OpenFile | None:
    """The file, locked and whole; None when another process has it, or it is there already or gone."""
    descriptor = _locked(path, flags)
    if descriptor is None:
        return None
    if _mark_of(path).exists():
        os.ftruncate(descriptor, _whole_bytes(descriptor, _noted_size(path)))
    return OpenFile(path, descriptor)


def _locked(path: Path, flags: int) -> int | None:
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC, 0o644)
    except (FileExistsError, FileNotFoundError):
        return None
    except OSError as error:
        raise StoreError(f"archive {path}: {error.strerror}; RASD_HOME must be writable") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:  # else it was deleted while we opened it
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _whole_bytes(descriptor: int, known: int) -> int:
    """Where the last whole gzip member ends, read from a place known to be the end of one."""
    size = os.fstat(descriptor).st_size
    end = position = min(known, size)
    decoder = zlib.decompressobj(wbits=31)
    while chunk := os.pread(descriptor, _READ_BYTES, position):
        position += len(chunk)
        while chunk:
            try:
                decoder.decompress(chunk)
            except zlib.error:
                return end
            chunk = decoder.unused_data
            if decoder.eof:
                end = position - len(chunk)
                decoder = zlib.decompressobj(wbits=31)
    return end


def _noted_size(path: Path) -> int:
    try:
        return int(_mark_of(path).read_bytes()[:_MARK_DIGITS])
    except (OSError, ValueError):
        return 0


def _sync_folder(folder: Path) -> None:
    """A new file's name outlasts a power cut only with its folder; some file systems cannot be asked."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)


def _mark_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.open")


def _host() -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", socket.gethostname()) or "host"
