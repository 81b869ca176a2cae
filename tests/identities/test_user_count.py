from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from iamconsole.operations import door
from iamconsole.operations.errors import LimitExceeded
from identities import user_count
from identities.models import User
from identities.quotas import QUOTAS
from tests.cast import ACCOUNT_ID
from tests.world import World


@pytest.fixture
def committed(
    world: World, django_capture_on_commit_callbacks: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """Do operations as if each was committed; the answer is how often users were counted."""
    monkeypatch.setattr(user_count, "_counted", {})

    def do(*calls: tuple[str, str]) -> int:
        counts = 0
        for name, user in calls:
            with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
                door.perform(world.alice, name, {"UserName": user})
            counts += sum("COUNT(*)" in each["sql"] for each in queries)
        return counts

    return do


def room(users: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quota that leaves room for so many users more."""
    monkeypatch.setitem(QUOTAS, "UsersPerAccount", User.objects.of(ACCOUNT_ID).count() + users)


def test_it_counts_once_while_there_is_room(committed: Callable[..., int]) -> None:
    assert committed(("iam:CreateUser", "one"), ("iam:CreateUser", "two"), ("iam:DeleteUser", "one")) == 1


def test_it_counts_again_when_the_quota_may_be_reached(
    committed: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    room(3, monkeypatch)
    made_and_gone = [(f"iam:{verb}User", "dana") for verb in ("Create", "Delete") * 3]
    assert committed(*made_and_gone) == 2
    assert committed(("iam:CreateUser", "one"), ("iam:CreateUser", "two"), ("iam:CreateUser", "three")) > 0
    with pytest.raises(LimitExceeded, match="Cannot exceed quota for UsersPerAccount"):
        committed(("iam:CreateUser", "four"))


def test_it_forgets_a_count_whose_transaction_is_taken_back(
    world: World, committed: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("one", "two", "three")
    committed(*[("iam:CreateUser", name) for name in names])
    room(1, monkeypatch)
    with suppress(ZeroDivisionError), transaction.atomic():
        for name in names:
            door.perform(world.alice, "iam:DeleteUser", {"UserName": name})
        door.perform(world.alice, "iam:CreateUser", {"UserName": "dana"})
        raise ZeroDivisionError
    for path in ("/a/", "/b/", "/c/", "/d/"):
        door.perform(world.alice, "iam:UpdateUser", {"UserName": "one", "NewPath": path})
    committed(("iam:CreateUser", "four"))
    with pytest.raises(LimitExceeded):
        committed(("iam:CreateUser", "five"))


def test_it_counts_again_at_an_earlier_revision(committed: Callable[..., int]) -> None:
    committed(("iam:CreateUser", "one"))
    user_count._counted[ACCOUNT_ID] = (10**9, 0)
    assert committed(("iam:CreateUser", "two")) == 1
