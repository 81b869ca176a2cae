from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts.key_rotation import Key, Step, rotation_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def key(name: str, days: int, *, active: bool = True, used: int | None = None) -> Key:
    """A key made and used so many days ago."""
    return Key(name, active, NOW - timedelta(days=days), None if used is None else NOW - timedelta(days=used))


@pytest.mark.parametrize(
    ("keys", "step"),
    [
        ([], Step.CREATE),
        ([key("old", 100)], Step.CREATE),
        ([key("old", 100, used=1), key("new", 2)], Step.MOVE),
        ([key("old", 100, used=1), key("new", 2, used=1)], Step.MOVE),
        ([key("old", 100, used=3), key("new", 2)], Step.MOVE),
        ([key("old", 100, used=3), key("new", 2, used=1)], Step.DEACTIVATE),
        ([key("old", 100), key("new", 2, used=1)], Step.DEACTIVATE),
        ([key("old", 100, used=3), key("new", 2, used=1, active=False)], Step.MOVE),
        ([key("old", 100, active=False, used=1), key("new", 2)], Step.DELETE),
    ],
)
def test_it_reads_the_step_from_the_keys(keys: list[Key], step: Step) -> None:
    assert rotation_of(keys).step is step
    assert rotation_of(keys[::-1]).step is step


def test_the_older_key_is_the_one_to_go() -> None:
    state = rotation_of([key("new", 2), key("old", 100, used=1)])
    assert state.old and state.new
    assert (state.old.id, state.new.id, state.old_is_still_used, state.new_is_used) == ("old", "new", True, False)


def test_it_sees_keys_switched_off_in_the_wrong_order() -> None:
    assert rotation_of([key("old", 100), key("new", 2, active=False)]).turned_around
    assert not rotation_of([key("old", 100, active=False), key("new", 2)]).turned_around
