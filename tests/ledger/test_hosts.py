"""Hosts: one lease at a time, their own pace, whoever holds them."""

from __future__ import annotations

from pipeline.hosts import HostReport, Robots
from tests.ledger.desk import DAILY, HOUR, LATER, MINUTE, NOON, WEEKLY, Desk, entry


def test_host_with_a_due_feed_is_leased_once(desk):
    """
    A host is given to one worker at a time; a second finds the next host, a third nothing.
    """
    hosts = [desk.ledger.claim_host("poll", worker=str(n), now=NOON) for n in range(3)]

    assert {"daily.example", "weekly.example"} == {lease.host for lease in hosts if lease}
    assert hosts[2] is None


def test_lease_of_a_dead_worker_runs_out(desk):
    """
    Five minutes after a worker died its host is free, under a lease of its own.
    """
    first = desk.lease("daily.example", "poll")

    again = desk.lease("daily.example", "poll", now=LATER)

    assert again is not None
    assert first.token != again.token


def test_renewed_lease_holds(desk):
    """
    A worker that renews keeps its host for five minutes from then.
    """
    lease = desk.lease("daily.example", "poll")

    renewed = desk.ledger.renew_host(lease, now=NOON + 4 * MINUTE)

    assert NOON + 9 * MINUTE == renewed.leased_until
    assert desk.lease("daily.example", "poll", now=LATER) is None


def test_lost_lease_changes_nothing(desk):
    """
    Whoever comes back after its lease was taken can neither give the host back nor renew it.
    """
    lost = desk.lease("daily.example", "poll")
    held = desk.lease("daily.example", "poll", now=LATER)

    renewed = desk.ledger.renew_host(lost, now=LATER)
    desk.release(lost, now=LATER)

    assert lost == renewed
    assert desk.lease("daily.example", "poll", now=LATER) is None
    assert desk.ledger.renew_host(held, now=LATER + MINUTE).leased_until > held.leased_until


def test_lease_that_ran_out_may_be_renewed_while_nobody_took_it(desk):
    """
    A worker that was merely slow goes on where no other stepped in.
    """
    lease = desk.lease("daily.example", "poll")

    renewed = desk.ledger.renew_host(lease, now=LATER)

    assert renewed.leased_until > LATER


def test_host_is_not_asked_before_its_time(desk):
    """
    What a worker reports of the pause holds for every other worker.
    """
    lease = desk.lease("weekly.example", "poll")
    desk.ledger.release_host(lease, HostReport(next_request_at=NOON + MINUTE, failures=3))

    early = desk.lease("weekly.example", "poll", now=NOON + MINUTE / 2)
    in_time = desk.lease("weekly.example", "poll", now=NOON + MINUTE)

    assert early is None
    assert 3 == in_time.failures


def test_robots_are_remembered(desk):
    """
    The next lease of a host carries its robots.txt as last saved.
    """
    lease = desk.lease("weekly.example", "poll")
    for status in (500, 200):
        desk.ledger.save_robots(lease, Robots(status=status, body="User-agent: *", fetched_at=NOON))
    desk.release(lease)

    again = desk.lease("weekly.example", "poll")

    assert Robots(status=200, body="User-agent: *", fetched_at=NOON) == again.robots


def test_host_without_work_is_not_leased(desk):
    """
    Once its feeds were polled a host is left alone until the next is due.
    """
    desk.list(feed=WEEKLY)

    assert desk.lease("weekly.example", "poll") is None
    assert desk.lease("weekly.example", "fetch") is None
    assert desk.lease("weekly.example", "poll", now=NOON + HOUR) is not None


def test_longest_waiting_feed_comes_first(ledger):
    """
    Of two hosts with due feeds the one that waits longer is polled first.
    """
    desk = Desk(ledger)
    for minutes, feeds in ((5, [DAILY, "http://daily.example/sports"]), (3, [WEEKLY])):
        for feed in feeds:
            desk.list(feed=feed, next_poll_at=NOON + minutes * MINUTE)

    lease = ledger.claim_host("poll", worker="w", now=NOON + HOUR)

    assert "weekly.example" == lease.host


def test_host_with_the_newest_page_comes_first(desk):
    """
    Fetching begins where the newest entry waits.
    """
    desk.list(feed=DAILY)
    desk.list(feed=WEEKLY)
    desk.list(entry("old", published_at=NOON - HOUR), feed=DAILY)
    desk.list(entry("new", WEEKLY, published_at=NOON), feed=WEEKLY)

    lease = desk.ledger.claim_host("fetch", worker="w", now=NOON)

    assert "weekly.example" == lease.host


def test_backlog_of_a_new_feed_comes_after_fresh_entries(desk):
    """
    What a feed lists at its first poll waits until everybody's fresh entries are fetched.
    """
    desk.list(feed=DAILY)
    desk.list(entry("fresh", published_at=NOON - 5 * HOUR), feed=DAILY)
    desk.list(entry("backlog", WEEKLY, published_at=NOON), feed=WEEKLY)

    hosts = [desk.ledger.claim_host("fetch", worker="w", now=NOON).host for _ in range(2)]

    assert ["daily.example", "weekly.example"] == hosts


def test_next_host_is_known_before_its_time(desk):
    """
    When the next host with work may be asked; those held, and those without work, do not count.
    """
    desk.list(entry("dam"))
    desk.list(feed=WEEKLY)
    lease = desk.lease("daily.example")
    held = desk.ledger.next_host_at("fetch", now=NOON)
    desk.ledger.release_host(lease, HostReport(next_request_at=NOON + MINUTE, failures=0))

    assert held is None
    assert NOON + MINUTE == desk.ledger.next_host_at("fetch", now=NOON)
