from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts import root_email
from accounts.models import Account
from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from tests.accounts.views.people import HOME, PASSWORD, enter_root_password
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World

PAGE, ROOT = f"{HOME}account/", "root@alice.example"


@pytest.fixture
def root(client: Client, world: World) -> Client:
    sign_in(client, world.root)
    return client


def save(client: Client, name: str = "alice's lab", email: str = ROOT, password: str = "") -> Any:
    return client.post(PAGE, {"name": name, "email": email, "password": password})


def account() -> tuple[str, str]:
    found = Account.objects.get(pk=ACCOUNT_ID)
    return found.name, found.root_email


def test_it_leads_there_from_roots_credentials(root: Client) -> None:
    assert f'href="{PAGE}"' in root.get(HOME).content.decode()
    page = root.get(PAGE).content.decode()
    assert "alice&#x27;s lab" in page and ROOT in page and "Change password" in page


def test_it_renames_the_account_without_a_password(root: Client) -> None:
    assert save(root, "The better lab").status_code == 303
    assert account() == ("The better lab", ROOT)
    event = Event.objects.get(name="PutAccountName")
    assert (event.source, event.account_id, event.user_name) == ("account.amazonaws.com", ACCOUNT_ID, "root")


def test_it_changes_the_address_with_the_password_and_tells_both(root: Client) -> None:
    assert save(root, email="new@alice.example", password=PASSWORD).status_code == 303
    assert account()[1] == "new@alice.example"
    assert [each.to for each in mail.outbox] == [[ROOT], ["new@alice.example"]]
    assert Event.objects.get(name="EmailUpdated").record["userIdentity"]["type"] == "Root"
    assert enter_root_password(Client(), "new@alice.example").status_code == 303
    assert enter_root_password(Client(), ROOT).status_code == 200


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"email": "new@alice.example"}, "Enter your password"),
        ({"email": "new@alice.example", "password": "wrong"}, "The old password was incorrect."),
        ({"email": "nothing", "password": PASSWORD}, "is not an e-mail address"),
        ({"email": "ROOT@charlie.example", "password": PASSWORD}, "another account"),
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 51}, "at most 50 characters"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_typed(root: Client, given: dict[str, str], text: str) -> None:
    before = account()
    answer = save(root, **given)
    assert answer.status_code == 422 and text in answer.content.decode()
    assert given.get("email", ROOT) in answer.content.decode()
    assert account() == before and not mail.outbox


def test_it_says_so_when_somebody_else_took_the_address_a_moment_ago(
    root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root_email, "need_free_email", lambda *given: None)
    answer = save(root, email="root@charlie.example", password=PASSWORD)
    assert answer.status_code == 422 and "another account" in answer.content.decode()
    assert account()[1] == ROOT and not mail.outbox


def test_it_counts_wrong_passwords(root: Client) -> None:
    for _ in range(5):
        save(root, email="new@alice.example", password="wrong")
    assert "Too many tries" in save(root, email="new@alice.example", password=PASSWORD).content.decode()


def test_it_is_roots_alone(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    assert client.get(PAGE).headers["Location"] == HOME
    assert save(client, "Mine").status_code == 302
    assert account() == ("alice's lab", ROOT)


def test_others_rename_the_account_by_permission(world: World) -> None:
    perform(world.alice, "account:PutAccountName", {"AccountName": "Renamed"})
    assert account()[0] == "Renamed"
    for given in (
        {"AccountName": "x", "AccountId": OTHER_ACCOUNT_ID},
        {"AccountName": "  "},
        {"AccountName": "x" * 51},
    ):
        with pytest.raises(ApiError):
            perform(world.alice, "account:PutAccountName", given)
