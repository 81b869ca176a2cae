"""Between looking and changing somebody else may write: then it looks again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.caller import Caller
from accounts.models import Account
from iamconsole.operations import door
from iamconsole.operations.errors import NoSuchEntity
from identities.models import LoginProfile, User
from policies import gather
from policies.models import Attachment
from tests.cast import ACCOUNT_ID
from tests.identities.steps import PASSWORD, do
from tests.policies.operations.doing import AWS_READ_ONLY
from tests.world import World, touch


def at_a_known_revision(caller: Caller, name: str, **inputs: object) -> None:
    """As a request does it: at a revision that was read first."""
    with gather.one_look():
        gather.know_revision(ACCOUNT_ID, Account.objects.get(pk=ACCOUNT_ID).revision)
        do(caller, name, **inputs)


def at_the_last_moment(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something happens when all is looked up and the account is not taken yet."""
    grown = door._grown

    def late(account_id: str) -> int:
        happens()
        return grown(account_id)

    monkeypatch.setattr(door, "_grown", late)


def attach(world: World) -> list[str]:
    """The statements about users."""
    with CaptureQueriesContext(connection) as queries:
        at_a_known_revision(world.system, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    return [each["sql"] for each in queries if 'FROM "identities_user"' in each["sql"]]


def test_it_looks_once_where_nobody_writes(world: World) -> None:
    assert len(attach(world)) == 1
    assert Attachment.objects.filter(user__name="bob").count() == 1


def test_it_looks_again_where_somebody_wrote_after_it_looked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody_was_faster() -> None:
        User.objects.filter(name="bob").delete()
        touch(ACCOUNT_ID)

    at_the_last_moment(monkeypatch, somebody_was_faster)
    with pytest.raises(NoSuchEntity):
        attach(world)


def test_it_keeps_what_a_sign_in_noted_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    do(world.system, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    profile, now = LoginProfile.objects.filter(user__name="bob"), timezone.now()
    at_the_last_moment(monkeypatch, lambda: profile.update(last_used_at=now))
    at_a_known_revision(world.system, "UpdateLoginProfile", UserName="bob", Password=f"{PASSWORD}-new")
    assert profile.get().last_used_at == now
