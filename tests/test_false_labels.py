"""A feed too late to give itself away is found out by its pages: real steps over real sockets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from pipeline.collect.archive import open_archive
from pipeline.collect.fetch import fetch
from pipeline.collect.poll import poll
from pipeline.extract.extract import extract
from pipeline.extract.read import read_article
from pipeline.records import DateRule
from tests.collect.documents import item, rss
from tests.collect.press import local_as_utc
from tests.collect.scene import outlets_of, play
from tests.extract.reading import PARAGRAPHS, html

CAIRO = ZoneInfo("Africa/Cairo")
STEPS = {"worker": "w"}
ROUND = {"budget_s": 60, "concurrency": 1, "pause_s": 0.0, **STEPS}


class Reader:
    """The extractor, in this process."""

    def reads(self, requests):
        for each in requests:
            yield read_article(
                each.pending, each.body, each.content_type, outlet=each.outlet, now=each.now, use=each.use
            )


def publish(scene, turn):
    """Two reports of hours ago, dated by Cairo's clock and called GMT; their pages are right."""
    items = []
    for hours in (6, 7):
        at = (scene.clock.now() - timedelta(hours=hours)).replace(microsecond=0)
        title = f"خبر رقم {turn * 10 + hours} عن مكتبة الوادي"  # news number N of the valley's library
        claims = {
            "@type": "NewsArticle",
            "headline": title,
            "datePublished": at.astimezone(CAIRO).isoformat(),
        }
        path = f"/{turn}-{hours}"
        scene.server.answers(path, html(f"{title}.", *PARAGRAPHS, title=title, json_ld=claims))
        more = f"<pubDate>{local_as_utc(at, CAIRO)}</pubDate>"
        items.append(item(title=title, link=scene.server.url(path), more=more))
    scene.server.answers("/rss", rss("".join(items)))


def test_a_late_feeds_false_label_is_learnt_from_its_pages_edge_to_edge(tmp_path):
    """
    Also where nothing is listed any more that was read, and a new article then has its right instant.
    """

    async def act(scene):
        alnahr = outlets_of([scene.server.url("/rss")])["alnahr"]
        outlets = {"alnahr": replace(alnahr, time_zone="Africa/Cairo")}
        scene.ledger.sync_outlets(outlets, now=scene.clock.now())
        archive = open_archive(tmp_path / "archive")
        told = {"outlets": outlets, "clock": scene.clock}
        rules = []
        for turn in range(6):
            publish(scene, turn)
            await poll(scene.ledger, scene.fetcher, archive=archive, **told, **ROUND)
            await fetch(scene.ledger, scene.fetcher, archive, **told, **ROUND)
            extract(scene.ledger, archive, Reader(), **told, **STEPS)
            rules += [feed.date_rule for feed in scene.ledger.feed_health(now=scene.clock.now())]
            scene.clock.at += timedelta(hours=7)
        archive.close()
        articles = scene.ledger.claim_detections(now=scene.clock.now(), limit=20, **STEPS)
        newest = max(article.date.published_at for article in articles)
        return rules, newest, scene.clock.now() - timedelta(hours=13)

    rules, newest, published_at = play(tmp_path, act)

    assert [None, DateRule(zone="Africa/Cairo", claimed_s=0)] == [rules[0], rules[-1]]
    assert abs(published_at - newest) < timedelta(minutes=1)
