"""`rasd web` and `rasd users`, as an operator uses them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

GOOD = "correct horse\n"
RASD = Path(sys.executable).with_name("rasd")


@pytest.fixture
def rasd(tmp_path):
    """Runs a command in a home of its own."""

    def run(*arguments, given=None):
        return subprocess.run(
            [RASD, *arguments],
            env={**os.environ, "RASD_HOME": str(tmp_path), "RASD_LOG_LEVEL": "error", "COLUMNS": "160"},
            capture_output=True,
            text=True,
            input=given,
            timeout=60,
            check=False,
        )

    return run


def test_users_come_and_go_on_the_command_line(rasd):
    """
    The first is an admin whatever is said; weak passwords and the last admin's leave are refused in a line.
    """
    added = rasd("users", "add", "layla", "--password-stdin", given=GOOD)
    assert "layla may sign in, as admin" in added.stdout, added.stderr
    assert 1 == rasd("users", "add", "omar", "--password-stdin", given="short\n").returncode
    second = rasd("users", "add", "omar", "--role", "editor", "--password-stdin", given=GOOD)
    assert 0 == second.returncode
    assert 1 == rasd("users", "remove", "layla").returncode
    assert 0 == rasd("users", "role", "omar", "reader").returncode

    told = rasd("users", "list").stdout
    assert "layla" in told
    assert "reader" in told
    key = rasd("users", "key", "omar").stdout.strip()
    assert key.startswith("rasd_")
    assert 0 == rasd("users", "remove", "omar").returncode
    unknown = rasd("users", "password", "omar", "--password-stdin", given=GOOD)
    assert "there is no user omar" in unknown.stderr


def test_it_does_not_start_for_others_without_users(rasd):
    """
    On any address but loopback somebody has to sign in; the message says what to do.
    """
    refused = rasd("web", "--host", "0.0.0.0")

    assert 1 == refused.returncode
    assert "rasd users add" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_it_starts_answers_and_ends_cleanly(rasd, tmp_path):
    """
    Healthy within seconds, and gone within seconds of being told to stop.
    """
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    process = subprocess.Popen(
        [RASD, "web", "--port", str(port)],
        env={**os.environ, "RASD_HOME": str(tmp_path), "RASD_LOG_LEVEL": "error"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert "ok" == _healthy(port)
        assert 0 == rasd("web", "--check", "--port", str(port)).returncode
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=20)
    assert b"Traceback" not in output
    assert 3 == rasd("web", "--check", "--port", str(port)).returncode
    assert f"http://127.0.0.1:{port}/" in output.decode()


def _healthy(port: int) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).text
        except httpx.TransportError:
            time.sleep(0.1)
    return ""
