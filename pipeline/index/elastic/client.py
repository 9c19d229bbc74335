"""
Elasticsearch, as much of it as we need: the only module that knows its client.

Every failure comes out as a `StoreError` that says what to check; what a single document is refused
for is a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from elastic_transport.client_utils import DEFAULT
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    BadRequestError,
    ConnectionTimeout,
    Elasticsearch,
    NotFoundError,
    TransportError,
    UnsupportedProductError,
)
from elasticsearch.helpers import scan, streaming_bulk

from pipeline.errors import IncompatibleError, QueryError, QueryTimeoutError, StoreError

#: The client speaks to this version and later ones only.
OLDEST_SERVER = 9
#: A request larger than this is sent in pieces; the server's own limit is 100 MB.
_MAX_CHUNK_BYTES = 5_000_000
#: Actions of one request: few enough that the next ones can be made while the server is at work.
_CHUNK = 100


class Client:
    """A connection to one cluster."""

    def __init__(
        self,
        url: str,
        *,
        api_key: str = "",
        basic_auth: tuple[str, str] | None = None,
        ca_certs: Path | None = None,
    ) -> None:
        self.url = url
        self._elastic = Elasticsearch(
            url,
            api_key=api_key or None,
            basic_auth=basic_auth,
            ca_certs=str(ca_certs) if ca_certs else DEFAULT,
            request_timeout=30,
            retry_on_timeout=True,
            max_retries=3,
            retry_on_status=(429, 502, 503, 504),
            http_compress=not _is_loopback(url),  # there it would cost a third of the time of an import
        )

    def version(self) -> str:
        """The server's version, e.g. `9.4.3`."""
        try:
            return str(self._elastic.info()["version"]["number"])
        except UnsupportedProductError as error:
            raise IncompatibleError(
                f"{self.url} is not Elasticsearch {OLDEST_SERVER} or later; "
                "RASD_ELASTICSEARCH_URL says where to look"
            ) from error
        except BadRequestError as error:
            raise IncompatibleError(
                f"{self.url} does not speak to a client of version {OLDEST_SERVER}; "
                "is it an older Elasticsearch?"
            ) from error
        except (ApiError, TransportError) as error:
            raise self._trouble(error) from error

    def put_template(self, name: str, body: Mapping[str, Any]) -> None:
        """Make or replace an index template."""
        self._try(self._elastic.indices.put_index_template, name=name, **body)

    def create_index(self, name: str, *, aliases: Iterable[str]) -> None:
        """Create an index from its template; one that is there already is fine."""
        try:
            self._elastic.indices.create(index=name, aliases={alias: {} for alias in aliases})
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise self._trouble(error) from error
        except (ApiError, TransportError) as error:
            raise self._trouble(error) from error

    def indices(self, pattern: str) -> dict[str, frozenset[str]]:
        """Indices of a pattern, each with its aliases."""
        found = self._try(self._elastic.indices.get_alias, index=pattern, allow_no_indices=True)
        return {name: frozenset(body["aliases"]) for name, body in found.items()}

    def mapping_versions(self, pattern: str) -> dict[str, str]:
        """Indices of a pattern, each with the version its mapping says it is of."""
        found = self._try(self._elastic.indices.get_mapping, index=pattern, allow_no_indices=True)
        return {name: body["mappings"].get("_meta", {}).get("version", "?") for name, body in found.items()}

    def update_aliases(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Change aliases, all at once."""
        if actions:
            self._try(self._elastic.indices.update_aliases, actions=actions)

    def delete_indices(self, names: Iterable[str]) -> None:
        """Delete indices by their full names; absent ones are fine."""
        for name in names:
            self._try(self._elastic.indices.delete, index=name, ignore_unavailable=True)

    def refresh(self, target: str) -> None:
        """Make what was written searchable now."""
        self._try(self._elastic.indices.refresh, index=target, ignore_unavailable=True)

    def merge_segments(self, names: Sequence[str]) -> None:
        """Begin to merge each index into one segment, which halves what a search of it costs."""
        if names:
            self._try(
                self._elastic.indices.forcemerge,
                index=names,
                max_num_segments=1,
                wait_for_completion=False,
                ignore_unavailable=True,
            )

    def bulk(self, actions: Iterable[dict[str, Any]]) -> dict[str, str]:
        """Write, and read every item's answer: 429 is tried again, an older version is success.

        Actions are drawn while those before them are being written.

        Returns:
            Document id → reason, of those refused for good.

        Raises:
            StoreError: some item could not be written for a reason that may pass.
        """
        refused: dict[str, str] = {}
        try:
            with ThreadPoolExecutor(1) as sender:
                for some in sender.map(self._written, _chunks(actions)):  # an error cancels what waits
                    refused |= some
        except (ApiError, TransportError) as error:
            raise self._trouble(error) from error
        return refused

    def _written(self, actions: Sequence[dict[str, Any]]) -> dict[str, str]:
        """Write some; those refused, with the reason."""
        refused: dict[str, str] = {}
        for ok, item in streaming_bulk(
            self._elastic,
            actions,
            chunk_size=_CHUNK,
            max_chunk_bytes=_MAX_CHUNK_BYTES,
            raise_on_error=False,
            raise_on_exception=False,
            max_retries=5,
            initial_backoff=0.5,
            max_backoff=20,
        ):
            if not ok:
                self._judge(item, refused)
        return refused

    def analyze(self, text: str, analyzer: str) -> list[str]:
        """The tokens one of the server's own analyzers makes of `text`."""
        answer = self._try(self._elastic.indices.analyze, analyzer=analyzer, text=text)
        return [str(token["token"]) for token in answer["tokens"]]

    def search(
        self, target: str | None, body: Mapping[str, Any], *, timeout_s: float = 30.0
    ) -> dict[str, Any]:
        """Search an index or alias; one that does not exist yet holds nothing.

        Args:
            target: None where `body` names a point in time.

        Raises:
            QueryTimeoutError: it took longer than `timeout_s`; half an answer is none.
            QueryError: the point in time is over.
        """
        patient = self._elastic.options(request_timeout=timeout_s + 5, max_retries=0)
        where: dict[str, Any] = {"index": target, "ignore_unavailable": True} if target else {}
        try:
            answer = patient.search(**where, **body)
        except ConnectionTimeout as error:
            raise QueryTimeoutError(timeout_s) from error
        except NotFoundError as error:
            raise QueryError("this search was too long ago to go on with; begin at the first page") from error
        except (ApiError, TransportError) as error:
            raise self._trouble(error) from error
        if answer.body["timed_out"]:
            raise QueryTimeoutError(timeout_s)
        return dict(answer.body)

    def open_snapshot(self, target: str, keep_alive: str) -> str:
        """A point in time to search in; "" where there is nothing yet."""
        opened = self._try(
            self._elastic.open_point_in_time, index=target, keep_alive=keep_alive, ignore_unavailable=True
        )
        return str(opened.get("id", ""))

    def close_snapshot(self, snapshot: str) -> None:
        """Let go of a point in time; one that is over is fine."""
        self._try(self._elastic.close_point_in_time, id=snapshot)

    def scan_ids(self, target: str) -> Iterator[str]:
        """Ids of every document, in no order."""
        query = {"query": {"match_all": {}}, "_source": False}
        return (hit["_id"] for hit in scan(self._elastic, index=target, query=query, ignore_unavailable=True))

    def delete_by_ids(self, target: str, ids: Sequence[str]) -> None:
        """Take documents out wherever they lie."""
        self._try(
            self._elastic.delete_by_query,
            index=target,
            query={"ids": {"values": list(ids)}},
            conflicts="proceed",
            refresh=True,
            ignore_unavailable=True,
            allow_no_indices=True,
        )

    def create_api_key(self, name: str, role: Mapping[str, Any]) -> str:
        """Make an API key with one role; the key in the form clients send it."""
        answer = self._try(self._elastic.security.create_api_key, name=name, role_descriptors={name: role})
        return str(answer["encoded"])

    def close(self) -> None:
        """Let go of connections."""
        self._elastic.close()

    def _judge(self, item: Mapping[str, Any], refused: dict[str, str]) -> None:
        (answer,) = item.values()
        if isinstance(error := answer.get("exception"), Exception):  # the whole request failed
            raise self._trouble(error) from error
        status = int(answer.get("status", 0) or 0)
        reason = _reason_of(answer)
        if status in {HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}:
            return  # a newer version is there; or what should go is gone
        if status == HTTPStatus.BAD_REQUEST:
            refused[str(answer["_id"])] = reason
            return
        raise StoreError(f"{self.url}: a document could not be written ({status}: {reason}); run again later")

    def _try(self, call: Any, **arguments: Any) -> Any:
        try:
            return call(**arguments)
        except NotFoundError:
            return {}
        except (ApiError, TransportError) as error:
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> StoreError:
        match error:
            case AuthenticationException():
                return StoreError(
                    f"{self.url}: the key or password is not accepted; see RASD_ELASTICSEARCH_API_KEY"
                )
            case AuthorizationException():
                return StoreError(
                    f"{self.url}: the key may not do this ({_short(error)}); make keys with: rasd index keys"
                )
            case ApiError():
                return StoreError(f"{self.url}: {_short(error)}")
            case _:
                return StoreError(
                    f"{self.url}: no answer ({_short(error)}); is Elasticsearch running, and is "
                    "RASD_ELASTICSEARCH_URL right?"
                )


def _chunks(actions: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(actions)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def _is_loopback(url: str) -> bool:
    return (urlsplit(url).hostname or "") in {"localhost", "127.0.0.1", "::1"}


def _reason_of(answer: Mapping[str, Any]) -> str:
    error = answer.get("error", "")
    if not isinstance(error, Mapping):
        return str(error)
    cause = error.get("caused_by", {}).get("reason", "")
    return f"{error.get('reason', '')}{': ' + cause if cause else ''}"


def _short(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:300]
