"""
Word to the operator: a JSON POST to the address in `RASD_ALERT_URL`.

What cannot be delivered is logged and forgotten: an alert must never turn a task red.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.error import URLError
from urllib.request import Request, urlopen

import structlog

log = structlog.get_logger()

#: A receiver that takes longer has lost this alert.
TIMEOUT_S = 10


def send(url: str, event: str, text: str) -> bool:
    """POST `{"service", "event", "text", "at"}` to `url`; whether it was taken.

    Args:
        event: e.g. `task_failed`, `check_failing`, `check_recovered`.
    """
    if not url:
        return False
    body = {"service": "rasd", "event": event, "text": text, "at": datetime.now(UTC).isoformat()}
    try:
        request = Request(  # noqa: S310 - the operator's own address
            url,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "rasd"},
            method="POST",
        )
        with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - see above
            return bool(answer.status < HTTPStatus.MULTIPLE_CHOICES)
    except (URLError, OSError, ValueError) as error:
        log.warning("alert_lost", alert=event, reason=str(error))
        return False
