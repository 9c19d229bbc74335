"""
The archive: every response the pipeline believed, as WARC 1.1; the only module that knows warcio.

One gzip member a record, so that a record can be read by its place alone, and any WARC tool reads
the files. Bodies are kept with content encodings undone; the headers that spoke of them are kept
under another name (`X-Archive-Orig-…`), as crawlers do.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.collect.answer import Answer, Headers
from pipeline.collect.encodings import BrokenEncodingError, TooLargeError, names_of, undo_encodings
from pipeline.collect.warc_files import OpenFile, archive_files, claim_file, expire, is_in_use, repair
from pipeline.errors import StoreError, UnreachableError
from pipeline.records import PageRef

#: Headers that are no longer true of the body as it is kept.
_TRANSPORT_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
#: A response read from somebody else's file is held to this.
_MAX_IMPORTED_BYTES = 20_000_000
_SOFTWARE = "rasd"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """A response found in a WARC file."""

    url: str
    fetched_at: datetime
    status: int
    headers: Headers
    body: bytes  #: content encodings undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a reading of the whole archive found."""

    files: int
    records: int
    in_use: int  #: files being written to, not read
    damaged: tuple[str, ...]  #: one line each: file, and what is wrong


class WarcArchive:
    """Responses kept as they came; see :func:`open_archive`. Not for several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: OpenFile | None = None

    def write(self, answer: Answer, *, fetched_at: datetime, about: Mapping[str, str]) -> PageRef:
        """Keep a response, its request, and what we know about it; no death of this process loses it.

        A power cut may, until :meth:`sync`.

        Args:
            answer: as http gave it.
            fetched_at: when; its day names the file.
            about: goes into the metadata record, one field a key.

        Raises:
            StoreError: it cannot be written; nothing half-written stays.
        """
        file = self._file_for(fetched_at)
        response, rest = _records(answer, fetched_at, about)
        offset = file.append(response + rest)
        return PageRef(file=file.path.name, offset=offset, length_bytes=len(response))

    def sync(self) -> None:
        """Make what was written lasting: before anybody commits where it lies.

        Raises:
            StoreError: the disk does not take it.
        """
        if self._file:
            self._file.sync()

    def read_body(self, page: PageRef) -> tuple[bytes, str]:
        """Body bytes (content encodings undone) and content type of a stored response.

        Raises:
            UnreachableError: it is no longer there, or is damaged.
        """
        place = f"archive:{page.file}#{page.offset}"
        try:
            with (self._folder / Path(page.file).name).open("rb") as file:
                file.seek(page.offset)
                found = next(_responses(io.BytesIO(file.read(page.length_bytes))), None)
        except FileNotFoundError as error:
            raise UnreachableError(place, "its page is no longer in the archive") from error
        except OSError as error:
            raise StoreError(f"{place}: {error.strerror}; check RASD_HOME/archive") from error
        except ArchiveLoadFailed as error:
            raise UnreachableError(place, f"its page in the archive is damaged: {error}") from error
        if found is None:
            raise UnreachableError(place, "no page lies there; rasd archive verify says what is wrong")
        return found.body, _header(found.headers, "content-type")

    def verify(self) -> Verified:
        """Read every record of every file that nobody is writing to, and hold it against its digest."""
        files = list(archive_files(self._folder))
        idle = [path for path in files if not is_in_use(path)]
        results = [_verified(path) for path in idle]
        return Verified(
            files=len(files),
            records=sum(records for records, _ in results),
            in_use=len(files) - len(idle),
            damaged=tuple(complaint for _, complaints in results for complaint in complaints),
        )

    def expire(self, before: datetime) -> int:
        """Delete the files of days before that of `before`; returns how many."""
        return expire(self._folder, before)

    def close(self) -> None:
        """Close the file being written to, if there is one."""
        if self._file:
            self._file.close()
            self._file = None

    def _file_for(self, fetched_at: datetime) -> OpenFile:
        day = fetched_at.astimezone(UTC).date()
        if self._file is None or not self._file.is_for(day):
            self.close()
            self._file = claim_file(self._folder, day)
            if not self._file.size_bytes:
                self._file.append(_file_head(self._file.path.name))
        return self._file


def open_archive(folder: Path) -> WarcArchive:
    """The archive in `folder`, made if need be; what a killed writer left unfinished is cut off.

    Raises:
        StoreError: the folder cannot be made or read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        repair(folder)
    except OSError as error:
        raise StoreError(f"archive {folder}: {error.strerror}; RASD_HOME must be writable") from error
    return WarcArchive(folder)


def read_responses(path: Path) -> Iterator[StoredResponse]:
    """The web responses (2xx) of any WARC file, one at a time.

    Raises:
        UnreachableError: the file cannot be read as WARC from here on.
    """
    try:
        with path.open("rb") as file:
            yield from (found for found in _responses(file) if 200 <= found.status < 300)
    except (OSError, ArchiveLoadFailed) as error:
        raise UnreachableError(str(path), f"cannot be read as WARC: {error}") from error


# -- writing ----------------------------------------------------------------------------------


def _records(answer: Answer, fetched_at: datetime, about: Mapping[str, str]) -> tuple[bytes, bytes]:
    """The response record, and the request and metadata records that belong to it, as bytes."""
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    dated = {"WARC-Date": f"{fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}
    address = _ascii(answer.final_url)
    response = writer.create_warc_record(
        address,
        "response",
        payload=io.BytesIO(answer.body),
        length=len(answer.body),
        http_headers=StatusAndHeaders(f"{answer.status} ", _kept_headers(answer), protocol="HTTP/1.1"),
        warc_headers_dict=dict(dated),
    )
    writer.write_record(response)
    length = buffer.tell()
    belongs = {**dated, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
    request = StatusAndHeaders(
        f"GET {_ascii(answer.requested_url)} HTTP/1.1", list(answer.request_headers), is_http_request=True
    )
    # Lengths are given: without one warcio buffers the payload in a file that it forgets to close.
    writer.write_record(
        writer.create_warc_record(
            address,
            "request",
            payload=io.BytesIO(),
            length=0,
            http_headers=request,
            warc_headers_dict=dict(belongs),
        )
    )
    fields = {**about, "requestedUrl": answer.requested_url, "hops": " ".join(hop.url for hop in answer.hops)}
    metadata = _fields(fields)
    writer.write_record(
        writer.create_warc_record(
            address,
            "metadata",
            payload=io.BytesIO(metadata),
            length=len(metadata),
            warc_content_type="application/warc-fields",
            warc_headers_dict=dict(belongs),
        )
    )
    written = buffer.getvalue()
    return written[:length], written[length:]


def _file_head(name: str) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    writer.write_record(
        writer.create_warcinfo_record(name, {"software": _SOFTWARE, "format": "WARC File Format 1.1"})
    )
    return buffer.getvalue()


def _kept_headers(answer: Answer) -> list[tuple[str, str]]:
    kept = [
        (f"X-Archive-Orig-{name}" if name.lower() in _TRANSPORT_HEADERS else name, value)
        for name, value in answer.headers
    ]
    return [*kept, ("Content-Length", str(len(answer.body)))]


def _fields(fields: Mapping[str, str]) -> bytes:
    lines = (f"{name}: {' '.join(value.split())}\r\n" for name, value in fields.items() if value)
    return "".join(lines).encode("utf-8", "replace")


def _ascii(url: str) -> str:
    """A URL as a header may hold it."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~-._|", errors="replace")


# -- reading ----------------------------------------------------------------------------------


def _responses(file: Any) -> Iterator[StoredResponse]:
    for record in ArchiveIterator(file):
        if record.rec_type == "response" and record.http_headers is not None:
            yield _response(record)


def _response(record: Any) -> StoredResponse:
    headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
    body = record.raw_stream.read()
    try:
        body = undo_encodings(
            body, names_of(_header(headers, "content-encoding")), max_bytes=_MAX_IMPORTED_BYTES
        )
    except (TooLargeError, BrokenEncodingError):
        body = b""
    status = record.http_headers.get_statuscode()
    return StoredResponse(
        url=record.rec_headers.get_header("WARC-Target-URI") or "",
        fetched_at=_instant(record.rec_headers.get_header("WARC-Date") or ""),
        status=int(status) if status.isdigit() else 0,
        headers=headers,
        body=body,
    )


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _verified(path: Path) -> tuple[int, list[str]]:
    """How many records a file holds, and what is wrong with it."""
    complaints, records = [], 0
    try:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests=True):
                record.raw_stream.read()
                records += 1
                if record.digest_checker and record.digest_checker.passed is False:
                    complaints.append(f"{path.name}: record {records}: its digest is another")
    except (OSError, ArchiveLoadFailed, EOFError, ValueError) as error:
        complaints.append(f"{path.name}: unreadable after record {records}: {error}")
    return records, complaints
