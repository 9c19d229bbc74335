"""What commands print with fits the terminal it is printed on."""

from __future__ import annotations

import io

from rich.console import Console

from pipeline.cli.screen import table


def printed(made, width: int) -> str:
    target = io.StringIO()
    Console(file=target, width=width).print(made)
    return target.getvalue()


def test_a_long_cell_takes_no_column_off_the_edge():
    """
    An address is broken into lines; the names and counts beside it stay whole.
    """
    address = "https://daily.example/" + "a-very-long-path/" * 6
    told = printed(table("", ("outlet", "feed", "new#"), [("the-daily-outlet", address, 12_345)]), 60)

    assert "the-daily-outlet" in told
    assert "12345" in told
    assert "new" in told


def test_the_last_column_is_the_one_that_is_broken():
    """
    Where everything is short, lines are saved at the end alone.
    """
    told = printed(table("", ("topic", "of these"), [("a_topic_of_its_own", "1 here, " * 12)]), 50)

    assert "a_topic_of_its_own" in told
    assert "here" in told
