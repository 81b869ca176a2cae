"""Between looking and changing somebody else may write: then it looks again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from iamconsole.operations import door
from iamconsole.operations.errors import NoSuchEntity
from identities.models import User
from policies import gather
from policies.models import Attachment
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do
from tests.policies.operations.doing import AWS_READ_ONLY
from tests.world import World, touch


def attach(world: World) -> list[str]:
    """As a request does it: at a revision that was read first. The statements about users."""
    with gather.one_look(), CaptureQueriesContext(connection) as queries:
        gather.know_revision(ACCOUNT_ID, Account.objects.get(pk=ACCOUNT_ID).revision)
        do(world.system, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    return [each["sql"] for each in queries if 'FROM "identities_user"' in each["sql"]]


def test_it_looks_once_where_nobody_writes(world: World) -> None:
    assert len(attach(world)) == 1
    assert Attachment.objects.filter(user__name="bob").count() == 1


def test_it_looks_again_where_somebody_wrote_after_it_looked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    last_moment = door._grown

    def somebody_was_faster(account_id: str) -> int:
        User.objects.filter(name="bob").delete()
        touch(account_id)
        return last_moment(account_id)

    monkeypatch.setattr(door, "_grown", somebody_was_faster)
    with pytest.raises(NoSuchEntity):
        attach(world)
