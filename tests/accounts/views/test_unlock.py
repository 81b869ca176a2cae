from __future__ import annotations

import pytest
from django.test import Client

from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.operations.errors import AccessDenied, NoSuchEntity
from tests.accounts.views.people import PASSWORD, enter_password, is_signed_in
from tests.cast import ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World, allow

TAB, UNLOCK = "/iam/users/bob/security-credentials/", "/iam/users/bob/unlock/"


@pytest.fixture
def slowed(world: World) -> World:
    """Somebody tried bob's password until he has to wait."""
    for _ in range(6):
        enter_password(Client(), "bob", "wrong")
    assert not let_in()
    return world


def let_in() -> bool:
    browser = Client()
    enter_password(browser, "bob", PASSWORD)
    return is_signed_in(browser)


def test_it_shows_an_administrator_what_holds_a_user_up(client: Client, slowed: World) -> None:
    sign_in(client, slowed.alice)
    page = client.get(TAB).content.decode()
    assert "Failed sign-ins" in page and "127.0.0.1" in page and "Waits" in page and UNLOCK in page


def test_it_shows_nothing_where_nothing_is_counted(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    assert "Failed sign-ins" not in client.get(TAB).content.decode()


def test_it_keeps_the_state_from_whoever_may_not_know_of_the_password(client: Client, slowed: World) -> None:
    allow(slowed.bob, "iam:GetUser")
    sign_in(client, slowed.bob)
    assert "Failed sign-ins" not in client.get(TAB).content.decode()


def test_it_unlocks_with_an_event(client: Client, slowed: World) -> None:
    sign_in(client, slowed.alice)
    assert "Unlock bob?" in client.get(UNLOCK).content.decode()
    assert client.post(UNLOCK).status_code == 303
    assert "Failed sign-ins" not in client.get(TAB).content.decode()
    assert let_in()
    event = Event.objects.get(name="UnlockUser")
    assert (event.account_id, event.user_name, event.resource_name) == (ACCOUNT_ID, "alice", "bob")


def test_it_takes_the_permission_to_reset_the_password(client: Client, slowed: World) -> None:
    sign_in(client, slowed.bob)
    refused = client.post(UNLOCK)
    assert refused.status_code == 422 and "iam:UpdateLoginProfile" in refused.content.decode()
    assert not let_in()
    allow(slowed.bob, "iam:UpdateLoginProfile")
    perform(slowed.bob, "iamconsole:UnlockUser", {"UserName": "bob"})
    assert let_in()


def test_it_unlocks_nobody_elsewhere(slowed: World) -> None:
    with pytest.raises(NoSuchEntity):
        perform(slowed.charlie, "iamconsole:UnlockUser", {"UserName": "bob"})
    with pytest.raises(AccessDenied):
        perform(slowed.bob, "iamconsole:UnlockUser", {"UserName": "alice"})
    assert not let_in()
