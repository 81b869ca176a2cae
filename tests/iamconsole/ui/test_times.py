"""How long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from iamconsole.ui.times import ago, exact

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=2), "Just now"),
        (timedelta(seconds=40), "40 seconds ago"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=4, minutes=59), "4 hours ago"),
        (timedelta(hours=25), "Yesterday"),
        (timedelta(days=12), "12 days ago"),
        (timedelta(days=4000), "4000 days ago"),
        (-timedelta(minutes=5), "in 5 minutes"),
        (-timedelta(days=1), "in 1 day"),
    ],
)
def test_it_says_how_long_ago(before: timedelta, words: str) -> None:
    assert ago(NOW - before, NOW) == words


def test_it_writes_the_exact_moment_in_utc() -> None:
    assert exact(datetime(2025, 9, 4, 10, 12, tzinfo=UTC)) == "September 04, 2025, 10:12 (UTC)"
