"""
A node that answers as told: what a real Elasticsearch cannot be made to show, over real HTTP.

It keeps what it was sent, in one index, and knows the few calls that writing needs.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REASONS = {
    400: {"type": "document_parsing_exception", "reason": "failed to parse", "caused_by": {"reason": "odd"}},
    409: {"type": "version_conflict_engine_exception", "reason": "a newer version is there"},
    429: {"type": "es_rejected_execution_exception", "reason": "the queue is full"},
    503: {"type": "unavailable_shards_exception", "reason": "primary shard is not active"},
}


class Node:
    """See above. What it shall do is told before it is asked."""

    def __init__(
        self, *, version: str = "9.4.3", product: str = "Elasticsearch", is_strict: bool = False
    ) -> None:
        self.version, self.product = version, product
        self.is_strict = is_strict  #: refuses the media type of newer clients, as older servers do
        self.documents: dict[str, dict] = {}
        self.bulks: list[list[str]] = []  #: ids of each bulk request
        self.refreshes = 0  #: how often it was asked to let searches see what was written
        self._indices: set[str] = set()
        self._answers: dict[str, deque[int]] = {}
        self._failures: deque[int] = deque()

    def answers(self, document_id: str, *statuses: int) -> None:
        """What a document's next writes get; after these it is taken."""
        self._answers[document_id] = deque(statuses)

    def fails(self, *statuses: int) -> None:
        """What the next bulk requests as a whole get."""
        self._failures = deque(statuses)

    def respond(self, method: str, path: str, body: bytes) -> tuple[int, dict]:
        if path == "/":
            return self._greet()
        if path.endswith("/_alias"):
            return 200, {name: {"aliases": {"rasd": {}}} for name in self._indices}
        if path.endswith("/_mapping"):
            return 200, {}
        if path.endswith("/_refresh"):
            self.refreshes += 1
        if path.endswith("/_search"):
            return 200, {"timed_out": False, "hits": {"total": {"value": len(self.documents)}}}
        if path.endswith("/_bulk"):
            return self._bulk(body)
        if method == "PUT" and not path.startswith("/_"):
            self._indices.add(path.strip("/"))
        return 200, {"acknowledged": True}

    def _greet(self) -> tuple[int, dict]:
        if self.is_strict:
            return 400, {"error": {"type": "media_type_header_exception", "reason": "compatible-with=9"}}
        return 200, {"version": {"number": self.version}}

    def _bulk(self, body: bytes) -> tuple[int, dict]:
        lines = [json.loads(line) for line in body.splitlines() if line]
        sent = [
            (action["index"]["_id"], source) for action, source in zip(lines[::2], lines[1::2], strict=True)
        ]
        self.bulks.append([document_id for document_id, _ in sent])
        if self._failures:
            status = self._failures.popleft()
            return status, {"error": REASONS[status], "status": status}
        items = [self._item(document_id, source) for document_id, source in sent]
        return 200, {"errors": any("error" in item["index"] for item in items), "items": items}

    def _item(self, document_id: str, source: dict) -> dict:
        waiting = self._answers.get(document_id)
        status = waiting.popleft() if waiting else 201
        told = {"_id": document_id, "status": status}
        if status in REASONS:
            return {"index": {**told, "error": REASONS[status]}}
        self.documents[document_id] = source
        return {"index": told}

    def __enter__(self):
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, told = node.respond(self.command, self.path.split("?")[0], body)
                answer = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                if node.product:
                    self.send_header("X-Elastic-Product", node.product)
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
