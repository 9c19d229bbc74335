"""
The compose stack, held to the code without Docker: variables, commands, versions, ports, secrets.

What it does when it runs is told in docs/operations.md, where the same services were run by hand.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")

#: `${NAME}`, `${NAME:-default}` or `${NAME:?what to do}`; `$$NAME` is the container's own.
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?::([-?])([^}]*))?\}")
#: They run until they are stopped.
DAEMONS = ["postgres", "elasticsearch", "api-server", "scheduler", "dag-processor", "janitor", "web"]
#: What is in a name that must never have a default.
SECRET = re.compile(r"PASSWORD|SECRET|KEY|TOKEN")


def environment_of(service: str) -> dict[str, str]:
    return SERVICES[service].get("environment", {})


def everywhere() -> dict[str, str]:
    """Every variable any container is given."""
    return {name: value for service in SERVICES for name, value in environment_of(service).items()}


def words_of(command: str | list[str]) -> list[str]:
    return command.split() if isinstance(command, str) else command


def commands() -> list[list[str]]:
    """Every command of ours the file runs: of a service, and of its health check."""
    found = []
    for service in SERVICES.values():
        if service.get("image", "").startswith("rasd:"):
            found.append(words_of(service.get("command", ["rasd", "--help"])))
            found += [words_of(part) for part in checks_of(service)]
    return found


def checks_of(service) -> list[str]:
    kind, *rest = service.get("healthcheck", {}).get("test", ["NONE"])
    return " ".join(rest).split(" && ") if kind != "NONE" else []


@pytest.mark.parametrize("name", sorted(name for name in everywhere() if name.startswith("RASD_")))
def test_every_variable_of_ours_is_a_setting(name):
    """
    A misspelt or forgotten setting would be ignored without a word.
    """
    assert name.removeprefix("RASD_").lower() in Settings.model_fields


def test_every_setting_can_be_set():
    """
    What a laptop can be told the stack can be told too, by .env or because the file decides it.
    """
    elsewhere = {
        "RASD_HOME",  # the image's
        "RASD_CONFIG",  # mounted where the image has it
        "RASD_ELASTICSEARCH_API_KEY",  # from the file `set-up` writes
        "RASD_ELASTICSEARCH_READER_API_KEY",
        "RASD_ELASTICSEARCH_CA_CERTS",  # the stack's own Elasticsearch speaks plain HTTP
        "RASD_ELASTICSEARCH_PREFIX",  # nobody else is in there
        "RASD_ALLOW_NETWORKS",  # for the newsroom of the tests
        "RASD_ALLOW_PORTS",
    }

    assert {f"RASD_{name.upper()}" for name in Settings.model_fields} - elsewhere == {
        name for name in everywhere() if name.startswith("RASD_")
    }


def airflow_options() -> set[str]:
    """Every option of the installed Airflow, as a variable."""
    found = importlib.util.find_spec("airflow")
    path = Path(found.submodule_search_locations[0]) / "config_templates" / "config.yml"
    sections = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        f"AIRFLOW__{section}__{option}".upper()
        for section, content in sections.items()
        for option in content["options"]
    }


def test_every_airflow_variable_is_an_option_it_knows():
    """
    Options move between sections from version to version; an old name would do nothing.
    """
    given = {name for name in everywhere() if name.startswith("AIRFLOW__")}
    given |= set(re.findall(r"AIRFLOW__[A-Z_]+", DOCKERFILE))

    assert set() == given - airflow_options()


def test_every_part_of_airflow_shares_one_environment():
    """
    Where secrets differ between parts everything looks healthy, and each task fails.
    """
    parts = [environment_of(name) for name in ("api-server", "scheduler", "dag-processor", "janitor")]

    assert all(part == parts[0] for part in parts)
    for name in ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET"):
        assert VARIABLE.fullmatch(parts[0][name])


@pytest.mark.parametrize("image", [service["image"] for service in SERVICES.values()])
def test_every_image_has_a_version(image):
    """
    A rebuilt stack is the stack that was tried.
    """
    assert re.fullmatch(r"[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", image)


def test_the_image_is_built_from_a_version_and_a_lock():
    """
    Python to the patch level, packages with hashes and nothing beside them, and no root.
    """
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert [base for base in bases if re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", base)] == bases
    assert "--no-deps --require-hashes" in DOCKERFILE
    assert re.search(r"^USER rasd$", DOCKERFILE, re.MULTILINE)


def test_postgresql_and_its_client_are_of_one_version():
    """
    pg_dump refuses to dump a server newer than itself.
    """
    server = re.match(r"postgres:(\d+)", SERVICES["postgres"]["image"]).group(1)

    assert f"postgresql-client-{server}" in DOCKERFILE


def test_elasticsearch_is_the_version_that_is_tested():
    """
    The node of the tests and the node of the stack are one release.
    """
    from tests.services import elasticsearch

    assert f"elasticsearch:{elasticsearch.VERSION}" == SERVICES["elasticsearch"]["image"]
    assert "true" == environment_of("elasticsearch")["xpack.security.enabled"]


@pytest.mark.parametrize("path", re.findall(r"^COPY (?:--\S+ )*(.+) \S+$", DOCKERFILE, re.MULTILINE))
def test_everything_copied_into_the_image_is_there(path):
    """
    Nothing copied is missing, or left behind by .dockerignore.
    """
    let_through = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    for source in path.split():
        assert (ROOT / source).exists()
        assert source.split("/")[0] in let_through


@pytest.mark.parametrize(
    "source",
    sorted(
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if volume.startswith(".")
    ),
)
def test_everything_mounted_is_there(source):
    """
    Docker would make an empty folder in place of a file that is missing.
    """
    assert (ROOT / source).exists()


def test_named_volumes_are_declared_and_used():
    """
    What must outlive a container has a name.
    """
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }

    assert set(COMPOSE["volumes"]) == used


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_exists(command):
    """
    A renamed command would only be missed on the day of the update.
    """
    if command[0] == "with-keys":
        command = command[1:]
    match command:
        case ["airflow", *arguments]:
            assert airflow_takes(arguments)
        case ["python", "-m", module, *_]:
            assert importlib.util.find_spec(module)
        case ["rasd", *arguments]:
            assert rasd_takes(arguments)
        case [script]:
            assert os.access(ROOT / "deploy" / script, os.X_OK)
            assert f"deploy/{script}" in DOCKERFILE
        case _:
            pytest.fail(f"unknown command: {command}")


def airflow_takes(arguments: list[str]) -> bool:
    """Whether the installed `airflow` knows the subcommand with these options."""
    body = "import sys; from airflow.cli.cli_parser import get_parser; get_parser().parse_args(sys.argv[1:])"
    return (
        0
        == subprocess.run(
            [sys.executable, "-c", body, *arguments], capture_output=True, check=False
        ).returncode
    )


def rasd_takes(arguments: list[str]) -> bool:
    """Whether `rasd` knows the command with these options."""
    words = [word for word in arguments if not word.startswith("-")]
    told = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *words, "--help"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"},
    )
    options = [word for word in arguments if word.startswith("-")]
    return told.returncode == 0 and all(option in told.stdout for option in options)


@pytest.mark.parametrize(
    "script", ["deploy/rasd", "deploy/with-keys", "deploy/set-up", "deploy/databases.sh"]
)
def test_scripts_of_the_stack_are_sound(script):
    """
    The shell reads them to the end, and they stop at the first failure.
    """
    text = (ROOT / script).read_text(encoding="utf-8")

    assert 0 == subprocess.run(["sh", "-n", str(ROOT / script)], check=False).returncode
    assert "set -eu" in text or text.count("\n") <= 3


def test_commands_in_the_scripts_exist():
    """
    What set-up runs is there, as the services' commands are.
    """
    text = (ROOT / "deploy" / "set-up").read_text(encoding="utf-8")

    assert re.search(r"^airflow db migrate$", text, re.MULTILINE)
    assert airflow_takes(["db", "migrate"])
    assert "rasd index keys" in text
    assert rasd_takes(["index", "keys"])
    assert "rasd users add admin --unless-there --password-stdin" in text
    assert rasd_takes(["users", "add", "--unless-there", "--password-stdin"])
    assert importlib.util.find_spec("pipeline.supervise.rehearsal")


@pytest.mark.parametrize("name", sorted({name for name, *_ in VARIABLE.findall(TEXT) if SECRET.search(name)}))
def test_secrets_have_no_default(name):
    """
    A stack started without its secrets says which one is missing, wherever it is used.
    """
    uses = [(kind, advice) for used, kind, advice in VARIABLE.findall(TEXT) if used == name]

    assert all(kind == "?" and name in advice for kind, advice in uses)
    assert re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE)


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_is_written_down(service):
    """
    Every password and key comes from .env.
    """
    for name, value in environment_of(service).items():
        if SECRET.search(name) and not name.endswith("_FILE"):
            assert VARIABLE.search(value), name


@pytest.mark.parametrize("port", [port for service in SERVICES.values() for port in service.get("ports", [])])
def test_every_port_is_bound_to_loopback(port):
    """
    Docker publishes past the host's firewall; what is on loopback stays on the machine.
    """
    assert port.startswith("127.0.0.1:")


def test_every_published_port_says_why_it_is_on_loopback():
    """
    Whoever wants to open it reads first what that would mean.
    """
    before = re.findall(r"((?:^ +#.*\n)+) +ports:", TEXT, re.MULTILINE)

    assert TEXT.count(" ports:") == len(before)
    assert all("loopback" in comment for comment in before)


@pytest.mark.parametrize("service", DAEMONS)
def test_every_daemon_is_restarted_and_watched(service):
    """
    What dies comes back, what hangs is shown, and its log does not fill the disk.
    """
    assert "always" == SERVICES[service]["restart"]
    assert SERVICES[service]["healthcheck"]["test"]
    assert SERVICES[service]["logging"]["options"]["max-size"]


def test_what_is_not_a_daemon_ends():
    """
    Setting up happens once per start; a command is run when somebody asks.
    """
    rest = set(SERVICES) - set(DAEMONS)

    assert {"set-up", "rasd"} == rest
    assert "no" == SERVICES["set-up"]["restart"]
    assert ["command"] == SERVICES["rasd"]["profiles"]


def test_airflow_starts_on_a_stack_that_is_set_up():
    """
    No part meets a database without tables or an index without keys.
    """
    for service in ("api-server", "scheduler", "dag-processor", "janitor", "web", "rasd"):
        assert "service_completed_successfully" == SERVICES[service]["depends_on"]["set-up"]["condition"]
    for store in ("postgres", "elasticsearch"):
        assert "service_healthy" == SERVICES["set-up"]["depends_on"][store]["condition"]


def test_the_powerful_passwords_stay_where_they_are_needed():
    """
    Tasks work with a key that may do no more than the work; the superuser is for setting up.
    """
    with_elastic = {name for name in SERVICES if "ELASTIC_PASSWORD" in json.dumps(environment_of(name))}
    with_postgres = {name for name in SERVICES if "POSTGRES_PASSWORD" in json.dumps(environment_of(name))}

    assert {"elasticsearch", "set-up"} == with_elastic
    assert {"postgres"} == with_postgres


def test_the_example_names_exactly_the_variables_used():
    """
    Nothing to be found out by reading the compose file, and nothing that does nothing.
    """
    named = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)

    assert sorted({name for name, *_ in VARIABLE.findall(TEXT)}) == sorted(named)


def test_the_example_tells_how_to_make_secrets():
    """
    The commands stand beside the lines they fill, and their output is what Airflow takes.
    """
    from cryptography.fernet import Fernet

    command = re.search(r"^# Make it with: (.*)\n(?=AIRFLOW_FERNET_KEY=)", EXAMPLE, re.MULTILINE).group(1)
    made = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout.strip()

    assert Fernet(made)
    assert "openssl rand -hex 24" in EXAMPLE


@pytest.mark.parametrize("line", re.findall(r"^#(RASD_[A-Z_]+=.+)$", EXAMPLE, re.MULTILINE))
def test_the_example_shows_the_defaults(line, monkeypatch):
    """
    Uncommenting a line changes nothing until its value is changed.
    """
    name, value = line.split("=")
    field = name.removeprefix("RASD_").lower()

    monkeypatch.setenv(name, value)

    assert getattr(Settings(), field) == Settings.model_fields[field].default
