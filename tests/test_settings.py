"""The environment: every variable explained, and a wrong one named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import settings
from pipeline.errors import ConfigError
from pipeline.settings import Settings

OPERATIONS = Path(__file__).resolve().parent.parent / "docs" / "operations.md"

NAMES = sorted(Settings.model_fields)


def variable(name: str) -> str:
    return f"RASD_{name.upper()}"


def table_of_settings() -> dict[str, tuple[str, str]]:
    """Variable → default and meaning, as the operator's page lists them."""
    text = OPERATIONS.read_text(encoding="utf-8")
    section = re.split(r"^## ", text.split("\n## Settings\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    rows = re.findall(r"^\| `(RASD_[A-Z_]+)` \| (.*?) \| (.*?) \|$", section, re.MULTILINE)
    return {name: (default, meaning) for name, default, meaning in rows}


@pytest.fixture
def bare(monkeypatch):
    """An environment without a single variable of ours."""
    for name in NAMES:
        monkeypatch.delenv(variable(name), raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", NAMES)
def test_setting_says_what_it_is_for(name):
    """
    Whoever meets a setting in the class reads its meaning there.
    """
    assert Settings.model_fields[name].description


@pytest.mark.parametrize("name", NAMES)
def test_setting_is_in_the_operators_page(name):
    """
    No setting that docs/operations.md keeps to itself.
    """
    assert variable(name) in table_of_settings()


def test_operators_page_lists_nothing_else():
    """
    A variable that is gone from the code is gone from the page.
    """
    assert set() == set(table_of_settings()) - {variable(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_operators_page_repeats_the_meaning_in_the_code(name):
    """
    Page and code say the same of a setting, so neither can go stale alone.
    """
    _, meaning = table_of_settings()[variable(name)]

    assert Settings.model_fields[name].description == meaning.replace("\\|", "|")


def test_defaults_work_on_a_laptop(bare):
    """
    Nothing has to be set: SQLite, the embedded index, a folder of one's own.
    """
    given = settings.load()

    assert "embedded" == given.index
    assert given.ledger_address.startswith("sqlite:///")
    assert (given.config / "outlets").is_dir()


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("workers", "many", "'many' is no whole number; write one like"),
        ("workers", "0", "0 is too little; write at least 1"),
        ("host_pause_s", "-1", "-1 is too little; write at least 0"),
        ("fetch_budget_s", "0", "write more than 0"),
        ("fetch_budget_s", "inf", "is no number; write one like"),
        ("index", "lucene", "'embedded' or 'elasticsearch'"),
        ("time_zone", "Mars/Olympus", "write one like Asia/Amman"),
        ("time_zone", "../etc/passwd", "write one like Asia/Amman"),
        ("allow_networks", "127.0.0.1/8,nowhere", "is no range of addresses; write one like"),
        ("allow_ports", "http", "is no whole number"),
        ("look_again_h", "1,-6", "-6 is too little; write more than 0"),
        ("log_level", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("archive_days", "0", "write at least 1"),
        ("min_free_bytes", "1GB", "is no whole number"),
        ("elasticsearch_url", "localhost:9200", "write one like https://"),
        ("alert_url", "ops@example.org", "write one like https://"),
        ("web_address", "http://[::1", "write one like https://"),
    ],
)
def test_a_wrong_value_gets_one_line_naming_its_variable(bare, name, value, advice):
    """
    The message says which variable is wrong, what stands there, and what would be right.
    """
    bare.setenv(variable(name), value)

    with pytest.raises(ConfigError) as caught:
        settings.load()

    message = str(caught.value)
    assert message.startswith(f"{variable(name)}: ")
    assert advice in message
    assert "\n" not in message


def test_a_misspelt_variable_is_named_with_the_one_that_was_meant(bare):
    """
    `RASD_KEEPDAYS=30` would otherwise keep everything for ever and say nothing.
    """
    bare.setenv("RASD_KEEPDAYS", "30")

    with pytest.raises(ConfigError, match=r"RASD_KEEPDAYS: .*did you mean RASD_KEEP_DAYS"):
        settings.load()


@pytest.mark.parametrize("name", ["RASD_SERVICE_HOST", "RASD_PORT_8090_TCP_ADDR", "RASD_PORT"])
def test_variables_of_others_are_left_alone(bare, name):
    """
    Kubernetes sets names like these for a service called rasd.
    """
    bare.setenv(name, "10.0.0.1")

    assert settings.load()


def test_two_wrong_values_are_told_at_once(bare):
    """
    Whoever mends the environment mends it in one go.
    """
    bare.setenv("RASD_WORKERS", "many")
    bare.setenv("RASD_INDEX", "lucene")

    with pytest.raises(ConfigError, match=r"RASD_INDEX: .*; RASD_WORKERS: |RASD_WORKERS: .*; RASD_INDEX: "):
        settings.load()


@pytest.mark.parametrize("name", ["elasticsearch_api_key", "elasticsearch_reader_api_key"])
def test_secrets_are_not_printed(bare, name):
    """
    A key stays out of logs and traces.
    """
    bare.setenv(variable(name), "hush-hush")

    given = settings.load()

    assert "hush-hush" not in repr(given)
    assert "hush-hush" == getattr(given, name).get_secret_value()


def test_lists_are_written_with_commas(bare):
    """
    Networks and ports are given as in any shell script.
    """
    bare.setenv("RASD_ALLOW_NETWORKS", "127.0.0.0/8, ::1/128")
    bare.setenv("RASD_ALLOW_PORTS", "8080,8081")
    bare.setenv("RASD_LOOK_AGAIN_H", "0.5, 12")

    given = settings.load()

    assert ["127.0.0.0/8", "::1/128"] == [str(network) for network in given.allow_networks]
    assert (8080, 8081) == given.allow_ports
    assert (0.5, 12.0) == given.look_again_h


def test_articles_need_not_be_looked_at_again(bare):
    """
    Nought is never.
    """
    bare.setenv("RASD_LOOK_AGAIN_H", "0")

    assert () == settings.load().look_again_h


def test_an_empty_variable_is_as_good_as_none(bare):
    """
    `.env` files leave variables empty to mean the default.
    """
    bare.setenv("RASD_WORKERS", "")
    bare.setenv("RASD_TIME_ZONE", "")

    given = settings.load()

    assert (2, "UTC") == (given.workers, given.time_zone)
