"""
What differs between machines: one class, read from `RASD_*` in the environment.

Every default works on a laptop. `docs/operations.md` lists them all, and a test holds the two
together. Secrets are never printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pipeline.errors import ConfigError
from pipeline.wording import in_words

#: Where the repository's own configuration lies.
_PROJECT = Path(__file__).resolve().parent.parent
_PREFIX = "RASD_"
#: How like a setting an unknown variable must be to be taken for a slip; others are somebody else's, such
#: as the RASD_SERVICE_HOST of a Kubernetes service.
_SLIP = 0.8


class Settings(BaseSettings):
    """The environment, validated."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(Path("var"), description="Folder of ledger, archive and embedded index")
    config: Path = Field(_PROJECT / "config", description="Folder of outlets/ and topics/")
    ledger_url: str = Field("", description="SQLAlchemy address of the ledger; empty: SQLite in RASD_HOME")
    index: Literal["embedded", "elasticsearch"] = Field(
        "embedded", description="Which index to write and search"
    )
    elasticsearch_url: str = Field("http://127.0.0.1:9200", description="Address of Elasticsearch")
    elasticsearch_api_key: SecretStr = Field(SecretStr(""), description="Key to write with (ingest)")
    elasticsearch_reader_api_key: SecretStr = Field(
        SecretStr(""), description="Key to search with; empty: the one to write with"
    )
    elasticsearch_ca_certs: Path | None = Field(None, description="File of certificates to trust")
    elasticsearch_prefix: str = Field("rasd", description="Start of index names, and the alias searched")
    time_zone: str = Field("UTC", description="Zone of days in searches and timelines (IANA)")
    contact: str = Field(
        "https://example.org/rasd-operator",
        description="Address in the User-Agent, for publishers to reach the operator: set your own",
    )
    workers: int = Field(2, ge=1, le=64, description="Mapped instances per wide step under Airflow")
    fetch_budget_s: float = Field(
        240.0, gt=0, allow_inf_nan=False, description="Time poll and fetch may take per run"
    )
    fetch_concurrency: int = Field(16, ge=1, le=256, description="Hosts asked at the same time by one worker")
    host_pause_s: float = Field(
        2.0, ge=0, allow_inf_nan=False, description="Least pause between two requests to one host"
    )
    look_again_h: Annotated[tuple[Annotated[float, Field(gt=0, allow_inf_nan=False)], ...], NoDecode] = Field(
        (1.0, 6.0, 24.0), description="Ages in hours at which a young article is looked at again; 0: never"
    )
    allow_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="Special address ranges requests may reach, e.g. 127.0.0.0/8 for the newsroom"
    )
    allow_ports: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Ports beside 80 and 443 requests may reach"
    )
    archive_days: int = Field(90, ge=1, description="Days responses are kept")
    keep_days: int = Field(0, ge=0, description="Days articles are kept; 0: for ever")
    stale_after_s: float = Field(
        6 * 3600.0,
        gt=0,
        allow_inf_nan=False,
        description="`status --check` fails when the newest article is older",
    )
    min_free_bytes: int = Field(
        1_000_000_000, ge=0, description="`status --check` fails below this free disk space"
    )
    web_address: str = Field(
        "", description="Address people reach the pages at, such as https://rasd.example; empty: as they ask"
    )
    alert_url: str = Field("", description="Gets a POST when a task fails for good or a check turns")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged")

    @field_validator("look_again_h", mode="before")
    @classmethod
    def _never(cls, value: object) -> object:
        return () if value == "0" else cls._split(value)

    @field_validator("allow_networks", "allow_ports", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError) as error:
            message = f"{value!r} is not an IANA time zone; write one like Asia/Amman"
            raise ValueError(message) from error
        return value

    @field_validator("elasticsearch_url", "web_address", "alert_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        try:
            parts = urlsplit(value)
            valid = not value or bool(
                parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
            )
        except ValueError:  # brackets that do not match, a port that cannot be
            valid = False
        if valid:
            return value
        message = f"{value!r} is no web address; write one like https://host.example:9200"
        raise ValueError(message)

    @cached_property
    def ledger_address(self) -> str:
        """Where the ledger is, the default filled in."""
        return self.ledger_url or f"sqlite:///{self.home.resolve() / 'ledger.sqlite'}"

    @property
    def archive_folder(self) -> Path:
        """Where responses are kept."""
        return self.home / "archive"

    @property
    def index_file(self) -> Path:
        """The embedded index."""
        return self.home / "index.sqlite"


def load() -> Settings:
    """Read the environment.

    Raises:
        ConfigError: one line per variable that is wrong.
    """
    slips = list(_slips())
    try:
        given = Settings()
    except ValidationError as error:
        wrong = dict.fromkeys(_complaint(problem) for problem in error.errors())
        raise ConfigError("; ".join((*wrong, *slips))) from None
    if slips:
        raise ConfigError("; ".join(slips))
    return given


def _slips() -> Iterator[str]:
    known = {f"{_PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in sorted(name for name in os.environ if name.startswith(_PREFIX) and name not in known):
        if meant := get_close_matches(name, known, n=1, cutoff=_SLIP):
            yield f"{name}: there is no such setting; did you mean {meant[0]}?"


def _complaint(problem: object) -> str:
    assert isinstance(problem, dict)
    name = "_".join(str(part) for part in problem["loc"][:1]).upper()
    return f"{_PREFIX}{name}: {in_words(problem)}"
