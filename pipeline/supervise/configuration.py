"""
The parts of a stack, and the supervisord configuration that keeps them running, as text.

Pure. The environment is not in it: supervisord hands on its own, so no secret is written here.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

_AIRFLOW = str(Path(sys.executable).with_name("airflow"))

#: What supervisord keeps running, in the order of its start; it stops them the other way round.
COMMANDS: dict[str, tuple[str, ...]] = {
    "api-server": (_AIRFLOW, "api-server"),
    # Its log server would listen on every interface; the API server reads the files beside it.
    "scheduler": (_AIRFLOW, "scheduler", "--skip-serve-logs"),
    "dag-processor": (_AIRFLOW, "dag-processor"),
    "janitor": (sys.executable, "-m", "pipeline.supervise.janitor"),
}

#: A part that lives shorter than this has failed to start, and is tried with growing pauses.
START_S = 10
#: What running tasks get to finish in when the stack stops. A step may be killed anywhere: the ledger
#: gives what it held to the next.
STOP_S = 10
#: Longest a socket's path may be on Linux and macOS, with room to spare.
_SOCKET_PATH = 100

_HEAD = """\
[supervisord]
logfile={folder}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={folder}/supervisord.pid
childlogdir={folder}
minfds=256
minprocs=64
umask=077
"""

_CONTROL = """
[unix_http_server]
file={folder}/supervisor.sock
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{folder}/supervisor.sock
"""

_PART = """
[program:{name}]
command={command}
priority={priority}
autorestart=true
startsecs={start_s}
startretries=1000000
stopwaitsecs={stop_s}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile={folder}/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=2
"""


def supervisord_configuration(folder: Path, parts: Iterable[str]) -> str:
    """What supervisord is to keep running.

    Parts stop in the reverse of their order: the API server last, so that a task that ends meanwhile
    can still say so. Only the part itself is asked to stop; the scheduler waits for its workers.

    Args:
        folder: of logs, pid file and control socket.
        parts: names of :data:`COMMANDS`.
    """
    escaped = str(folder).replace("%", "%%")
    control = _CONTROL if len(str(folder / "supervisor.sock").encode()) < _SOCKET_PATH else ""
    return (_HEAD + control).format(folder=escaped) + "".join(
        _PART.format(
            name=name,
            command=_command(name),
            priority=priority,
            start_s=START_S,
            stop_s=STOP_S,
            folder=escaped,
        )
        for priority, name in enumerate(parts, start=1)
    )


def _command(part: str) -> str:
    words = [sys.executable, "-m", "pipeline.supervise.part", part]
    return shlex.join(words).replace("%", "%%")
