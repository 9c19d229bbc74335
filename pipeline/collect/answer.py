"""
What a server answered: the record between http, archive, poll and fetch.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.arabic.charset import charset_of

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A redirect that was followed."""

    url: str
    status: int
    location: str  #: absolute

    @property
    def is_permanent(self) -> bool:
        """Whether the server says the address has changed for good."""
        return self.status in {301, 308}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP response, whatever its status; redirects followed."""

    requested_url: str
    final_url: str
    status: int
    headers: Headers  #: in order; values byte for byte, as latin-1
    body: bytes  #: content encodings undone, charset not; cut at the cap unless status is 2xx
    hops: tuple[Hop, ...] = ()
    request_headers: Headers = ()

    def header(self, name: str) -> str | None:
        """The values of a header, joined by ", "; None when it is absent."""
        wanted = name.lower()
        values = [value for key, value in self.headers if key.lower() == wanted]
        return ", ".join(values) if values else None

    @property
    def content_type(self) -> str:
        """The header, empty when absent."""
        return self.header("content-type") or ""

    @property
    def media_type(self) -> str:
        """Content type without parameters, lower case."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset the header names."""
        return charset_of(self.content_type)

    @property
    def moved_for_good_to(self) -> str | None:
        """Where a chain of permanent redirects from the requested URL leads, if it begins with one."""
        target = None
        for hop in self.hops:
            if not hop.is_permanent:
                break
            target = hop.location
        return target


def validators(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers by which a server can say "unchanged": what it gave, byte for byte."""
    told = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in told.items() if value}
