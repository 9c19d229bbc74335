"""
Airflow's REST API, as much of it as starting and watching runs takes.

Over the standard library and past any proxy: it is only ever our own server on loopback.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from pipeline.errors import StoreError

#: What must be healthy before a run can be started. There is no triggerer.
COMPONENTS = ("metadatabase", "scheduler", "dag_processor")
#: A run, or a task, that has come to its end.
ENDED = frozenset({"success", "failed", "upstream_failed", "skipped", "removed"})

_OPENER = build_opener(ProxyHandler({}))
_TIMEOUT_S = 30
_PAGE = 100


class AirflowApi:
    """One Airflow, signed in on first use."""

    def __init__(self, address: str, *, user: str, password: str) -> None:
        self.address = address
        self._credentials = {"username": user, "password": password}
        self._token = ""

    def health(self) -> dict[str, str]:
        """Component → status, for those that must be healthy; empty while the server does not answer."""
        try:
            answer = self._send("GET", "/api/v2/monitor/health")
        except (OSError, StoreError, ValueError):
            return {}
        return {name: answer[name]["status"] or "unknown" for name in COMPONENTS}

    def has_dag(self, dag_id: str) -> bool:
        """Whether Airflow has read the DAG's file yet."""
        try:
            self._signed_in("GET", f"/api/v2/dags/{quote(dag_id)}")
        except HTTPError as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return False
            raise
        return True

    def import_errors(self) -> dict[str, str]:
        """File → why it could not be read."""
        answer = self._signed_in("GET", "/api/v2/importErrors")
        return {error["filename"]: error["stack_trace"] for error in answer["import_errors"]}

    def trigger(self, dag_id: str, params: Mapping[str, Any] | None = None) -> str:
        """Start a run now; returns its id."""
        body = {"logical_date": None, "conf": dict(params or {})}
        return str(self._signed_in("POST", f"/api/v2/dags/{quote(dag_id)}/dagRuns", body)["dag_run_id"])

    def state(self, dag_id: str, run_id: str) -> str:
        """Of a run: queued, running, success or failed."""
        return str(self._signed_in("GET", _run(dag_id, run_id))["state"])

    def wait(self, dag_id: str, run_id: str, *, timeout_s: float) -> str:
        """The state a run came to, or the one it was still in when the time was up."""
        deadline = time.monotonic() + timeout_s
        while (state := self.state(dag_id, run_id)) not in ENDED and time.monotonic() < deadline:
            time.sleep(0.2)
        return state

    def task_states(self, dag_id: str, run_id: str) -> dict[str, str]:
        """Task instance → state; a mapped one as `poll[0]`, one not yet looked at as `none`."""
        return {
            name: str(instance["state"] or "none")
            for name, instance in self._instances(dag_id, run_id).items()
        }

    def task_results(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """Task instance → what it returned, of those that returned something."""
        path = f"{_run(dag_id, run_id)}/taskInstances/~/xcomEntries?limit={_PAGE}"
        entries = self._signed_in("GET", path)["xcom_entries"]
        return {
            _instance_name(entry): self._result(dag_id, run_id, entry)
            for entry in entries
            if entry["key"] == "return_value"
        }

    def _result(self, dag_id: str, run_id: str, entry: Mapping[str, Any]) -> Any:
        path = f"{_run(dag_id, run_id)}/taskInstances/{quote(entry['task_id'])}/xcomEntries/return_value"
        return self._signed_in("GET", f"{path}?map_index={entry['map_index']}&deserialize=true")["value"]

    def task_log(self, dag_id: str, run_id: str, task: str, *, map_index: int = -1, attempt: int = 1) -> str:
        """What a task instance logged, a line each."""
        path = f"{_run(dag_id, run_id)}/taskInstances/{quote(task)}/logs/{attempt}?map_index={map_index}"
        content = self._signed_in("GET", path)["content"]
        return "\n".join(line["event"] if isinstance(line, dict) else str(line) for line in content)

    def _instances(self, dag_id: str, run_id: str) -> dict[str, Mapping[str, Any]]:
        answer = self._signed_in("GET", f"{_run(dag_id, run_id)}/taskInstances?limit={_PAGE}")
        return {_instance_name(instance): instance for instance in answer["task_instances"]}

    def _signed_in(self, method: str, path: str, body: object = None) -> Any:
        if not self._token:
            self._sign_in()
        try:
            return self._send(method, path, body)
        except HTTPError as error:
            if error.code != HTTPStatus.UNAUTHORIZED:
                raise
        self._sign_in()  # the token ran out
        return self._send(method, path, body)

    def _sign_in(self) -> None:
        self._token = ""
        self._token = self._send("POST", "/auth/token", self._credentials)["access_token"]

    def _send(self, method: str, path: str, body: object = None) -> Any:
        request = Request(  # noqa: S310 - our own server, by an address we made
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            method=method,
        )
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        with _OPENER.open(request, timeout=_TIMEOUT_S) as answer:
            return json.load(answer)


def _run(dag_id: str, run_id: str) -> str:
    return f"/api/v2/dags/{quote(dag_id)}/dagRuns/{quote(run_id, safe='')}"


def _instance_name(instance: Mapping[str, Any]) -> str:
    index = instance["map_index"]
    return str(instance["task_id"]) if index < 0 else f"{instance['task_id']}[{index}]"
