"""
A file in `config/` that is wrong: its neighbours go on, and it counts as it last was right.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import config, configured, standing, wiring
from pipeline.answers import SearchRequest
from pipeline.cli import app
from pipeline.errors import ConfigError
from tests.newsroom import Newsroom
from tests.watching import ShiftedClock, Watch, settings_over

SHIPPED = Path(__file__).parent.parent / "config"
HOUR = timedelta(hours=1)


class Kept(dict):
    """A memory, as the ledger is one."""

    remember, remembered = dict.__setitem__, dict.get


def outlet(folder, name, *feeds, title="صحيفة"):  # a newspaper
    """Write the file of an outlet."""
    (folder / "outlets").mkdir(exist_ok=True)
    lines = [f"title: {title}", "home: https://a.example/", "country: jo", "time_zone: Asia/Amman", "feeds:"]
    lines += [f"  - url: https://a.example/{feed}" for feed in feeds]
    (folder / "outlets" / f"{name}.yml").write_text("\n".join(lines), "utf-8")


def topic(folder, name, *, term="السد", threshold="1"):  # the dam
    """Write the file of a topic."""
    (folder / "topics").mkdir(exist_ok=True)
    text = f"title: السد\nthreshold: {threshold}\nterms:\n  {term}: 1\n"
    (folder / "topics" / f"{name}.yml").write_text(text, "utf-8")


@pytest.fixture
def folder(tmp_path):
    """Two outlets, two topics, and what they share."""
    outlet(tmp_path, "alghad", "news")
    outlet(tmp_path, "sabah", "feed")
    topic(tmp_path, "dam")
    topic(tmp_path, "water", term='"@tank"')
    (tmp_path / "lexicon.yml").write_text("tank: [الخزان]\n", "utf-8")
    (tmp_path / "evidence.yml").write_text("title_part: 4\n", "utf-8")
    return tmp_path


@pytest.fixture
def memory(folder):
    """What is remembered once `folder` has stood as it is."""
    kept = Kept()
    configured.keep(kept, configured.in_force(folder, kept)[0])
    return kept


def test_what_is_remembered_is_what_was_read():
    """
    The project's own outlets and topics come back as they were, to the last term.
    """
    now = standing.Standing(outlets=config.load_outlets(SHIPPED), topics=config.load_topics(SHIPPED))

    assert now == standing.remembered(standing.text_of(now), ())


def test_a_wrong_file_counts_as_it_last_was_right(folder, memory):
    """
    It is told in a line with its place; what its neighbours say now counts.
    """
    before, _ = configured.in_force(folder, memory)
    topic(folder, "dam", threshold="much")
    outlet(folder, "alghad")
    outlet(folder, "sabah", "feed", title="الصباح الجديد")  # the new morning

    now, wrong = configured.in_force(folder, memory)

    assert before.topics == now.topics
    assert before.outlets["alghad"] == now.outlets["alghad"]
    assert "الصباح الجديد" == now.outlets["sabah"].title
    assert 2 == len(wrong)
    assert any("alghad.yml:" in line for line in wrong)
    assert any("dam.yml:2: threshold: 'much' is not a number; write one" in line for line in wrong)


def test_a_renamed_ending_is_no_removal(folder, memory):
    """
    `dam.yaml` is told to be `dam.yml`, and goes on as that meanwhile.
    """
    (folder / "topics" / "dam.yml").rename(folder / "topics" / "dam.yaml")

    now, (wrong,) = configured.in_force(folder, memory)

    assert "dam" in now.topics
    assert "rename it to dam.yml" in wrong


def test_a_file_that_never_was_right_is_left_out(folder, memory):
    """
    There is nothing to stand in for it.
    """
    topic(folder, "drought", threshold="much")

    now, wrong = configured.in_force(folder, memory)

    assert ["dam", "water"] == list(now.topics)
    assert 1 == len(wrong)


def test_a_removed_file_is_removed(folder, memory):
    """
    Nothing that is not wrong is stood in for.
    """
    (folder / "topics" / "dam.yml").unlink()
    (folder / "outlets" / "sabah.yml").unlink()

    now, wrong = configured.in_force(folder, memory)

    assert (["water"], ["alghad"], ()) == (list(now.topics), list(now.outlets), wrong)


def test_a_wrong_shared_file_is_told_alone(folder, memory):
    """
    All topics stay as they were, and none is blamed for what the lexicon does not say.
    """
    before, _ = configured.in_force(folder, memory)
    (folder / "lexicon.yml").write_text("tank: [الخزان\n", "utf-8")
    topic(folder, "dam", term="النهر")  # the river

    now, (wrong,) = configured.in_force(folder, memory)

    assert before.topics == now.topics
    assert "lexicon.yml:" in wrong


def test_a_feed_is_polled_for_one_outlet(folder, memory):
    """
    Also when an outlet that is wrong had listed it, and another lists it by now.
    """
    outlet(folder, "alghad")
    outlet(folder, "sabah", "feed", "news")

    now, _ = configured.in_force(folder, memory)

    urls = [feed.url for each in now.outlets.values() for feed in each.feeds]
    assert sorted(set(urls)) == sorted(urls)


def test_a_memory_of_another_version_stands_in_for_nothing(folder):
    """
    Then a wrong file stops the program: what it said before is not known.
    """
    kept = Kept(standing='{"outlets": {"alghad": {"shape": "older"}}}')
    assert () == configured.in_force(folder, kept)[1]
    topic(folder, "dam", threshold="much")

    with pytest.raises(ConfigError, match=r"dam\.yml:2"):
        configured.in_force(folder, kept)


def test_a_missing_folder_stops_the_program(tmp_path):
    """
    Nothing in it is wrong; `RASD_CONFIG` is.
    """
    with pytest.raises(ConfigError, match="RASD_CONFIG"):
        configured.in_force(tmp_path, Kept())


@pytest.fixture(scope="class")
def slipped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rasd")
    with Newsroom() as press:
        settings = settings_over(press, folder, look_again_h=())
        with wiring.open_monitor(settings, clock=ShiftedClock()) as monitor:
            Watch(press, monitor).runs()
            before = monitor.searchable.search(everything())
        slip(folder / "config" / "outlets" / "valley-mirror.yml", "country:", "county:")
        slip(folder / "config" / "topics" / "us_russia_diplomacy.yml", "threshold:", "treshold:")
        clock = ShiftedClock(HOUR.total_seconds() * 8)
        with wiring.open_monitor(settings, clock=clock) as monitor:
            monitor.redo("detect")
            watch = Watch(press, monitor)
            counts = watch.runs()
            yield settings, watch, before, counts


@pytest.mark.slow
class TestUnattended:
    """A slip in the files of one outlet and one topic, while the press publishes."""

    def test_outlet_and_topic_go_on(self, slipped):
        """
        The outlet's feed is asked as before, and no article loses its topic.
        """
        _, watch, before, counts = slipped
        health = {each.outlet_id: each for each in watch.ledger.feed_health(now=watch.now())}

        assert health["valley-mirror"].enabled
        assert watch.now() - health["valley-mirror"].last_polled_at < HOUR
        assert counts["detect"]["detected"] >= before.total
        assert before.topic_counts == watch.monitor.searchable.search(everything()).topic_counts

    def test_the_operator_is_told_of_each(self, slipped):
        """
        `status --check` has a line for each mistake, with file and line.
        """
        settings, *_ = slipped
        told = wiring.check(settings)

        assert any("valley-mirror.yml" in line and "county" in line for line in told)
        assert any("us_russia_diplomacy.yml:" in line and "treshold" in line for line in told)

    def test_who_works_on_the_files_is_stopped(self, slipped, monkeypatch):
        """
        What holds articles against the files as written now does nothing while they are wrong.
        """
        settings, *_ = slipped
        monkeypatch.setenv("RASD_HOME", str(settings.home))
        monkeypatch.setenv("RASD_CONFIG", str(settings.config))

        for command in (["topics", "test"], ["redo", "detect"], ["feeds", "export"]):
            failed = CliRunner().invoke(app, command).exception
            assert isinstance(failed, ConfigError), command
            assert ".yml:" in str(failed)


def everything():
    """Every article, counted by topic."""
    return SearchRequest(limit=1)


def slip(file, key, wrong):
    """A key misspelt."""
    text = file.read_text("utf-8")
    assert key in text
    file.write_text(text.replace(key, wrong, 1), "utf-8")
