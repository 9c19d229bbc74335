"""The watchdog: what hangs is told from what starts, recovers, or cannot be asked about."""

from __future__ import annotations

from pipeline.supervise.watchdog import PATIENCE_S, Watch

WELL = {"metadatabase": "healthy", "scheduler": "healthy", "dag_processor": "healthy"}
SCHEDULER_DOWN = WELL | {"scheduler": "unhealthy"}
NO_ANSWER: dict[str, str] = {}


def watched(*looks):
    """The watch after looks of (seconds, health)."""
    watch = Watch()
    for now, health in looks:
        watch = watch.seen(health, now)
    return watch


def test_what_is_well_is_left_alone():
    """
    A healthy stack is never touched.
    """
    assert set() == watched((0, WELL), (PATIENCE_S * 9, WELL)).hung(PATIENCE_S * 9)


def test_a_part_unwell_for_long_enough_hangs():
    """
    Its process lives, or supervisord would have started it again; so it has to be killed.
    """
    watch = watched((0, WELL), (30, SCHEDULER_DOWN), (30 + PATIENCE_S, SCHEDULER_DOWN))

    assert set() == watch.hung(29 + PATIENCE_S)
    assert {"scheduler"} == watch.hung(30 + PATIENCE_S)


def test_recovering_starts_the_clock_anew():
    """
    A part that is slow now and then is not a part that hangs.
    """
    watch = watched((0, SCHEDULER_DOWN), (PATIENCE_S - 1, WELL), (PATIENCE_S, SCHEDULER_DOWN))

    assert set() == watch.hung(PATIENCE_S + 1)


def test_only_the_api_server_is_blamed_when_it_does_not_answer():
    """
    Nothing is known of the others then, and killing them would not help.
    """
    watch = watched((0, SCHEDULER_DOWN), (10, NO_ANSWER), (10 + PATIENCE_S, NO_ANSWER))

    assert {"api-server"} == watch.hung(10 + PATIENCE_S)


def test_a_part_that_was_killed_gets_its_time_to_start():
    """
    Its successor is not killed at the next look.
    """
    watch = watched((0, SCHEDULER_DOWN)).without({"scheduler"}).seen(SCHEDULER_DOWN, PATIENCE_S)

    assert set() == watch.hung(PATIENCE_S + 30)
