from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Account
from iamconsole.events.models import Event
from iamconsole.operations.secrets import Secret
from identities import passwords
from identities.models import LoginProfile
from tests import hostile
from tests.accounts.views.people import (
    FAILED,
    HOME,
    PASSWORD,
    enter_password,
    enter_root_password,
    give_password,
    is_signed_in,
)
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.world import World, as_user, make_user


def test_it_lets_a_user_in_with_the_right_password(client: Client, world: World) -> None:
    response = enter_password(client, "alice")
    assert (response.status_code, response.headers["Location"]) == (303, HOME)
    assert is_signed_in(client)


@pytest.mark.parametrize("text", [ACCOUNT_ID, "1111-2222-3333", "alices-lab", " alices-lab "])
def test_it_takes_the_account_by_id_and_by_alias(client: Client, world: World, text: str) -> None:
    Account.objects.filter(pk=ACCOUNT_ID).update(alias="alices-lab")
    enter_password(client, "alice", account=text)
    assert is_signed_in(client)


def test_it_takes_a_user_name_in_whatever_case(client: Client, world: World) -> None:
    enter_password(client, "Alice")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("account", "name", "password"),
    [
        ("999999999999", "alice", PASSWORD),
        ("no-such-alias", "alice", PASSWORD),
        (ACCOUNT_ID, "nobody", PASSWORD),
        (ACCOUNT_ID, "without-password", PASSWORD),
        (ACCOUNT_ID, "alice", "wrong"),
        (OTHER_ACCOUNT_ID, "alice", PASSWORD),
        (ACCOUNT_ID, "alice", "x" * 200_000),
        (ACCOUNT_ID, "root", PASSWORD),
    ],
)
def test_it_answers_every_failure_alike(client: Client, world: World, account: str, name: str, password: str) -> None:
    make_user("without-password")
    known = enter_password(client, "bob", "wrong")
    response = enter_password(client, name, password, account=account)
    assert FAILED in response.content.decode() and "Authentication failed" in response.content.decode()
    assert response.status_code == known.status_code
    assert _without_what_was_typed(response.content) == _without_what_was_typed(known.content)
    assert not is_signed_in(client)


def _without_what_was_typed(page: bytes) -> str:
    return re.sub(r'value="[^"]*"|x-csrftoken":"[^"]*"', "", page.decode())


def test_it_never_draws_a_password_back_into_the_page(client: Client, world: World) -> None:
    assert "so-Secret-9" not in enter_password(client, "alice", "so-Secret-9").content.decode()


@pytest.mark.parametrize("field", ["account", "user_name", "password"])
def test_it_says_which_field_is_missing(client: Client, world: World, field: str) -> None:
    response = enter_password(client, **{"name": "alice", field: ""} if field != "user_name" else {"name": ""})
    assert response.status_code == 200
    assert "This field is required." in response.content.decode()


def test_it_takes_no_null_characters(client: Client, world: World) -> None:
    assert enter_password(client, "ali\0ce").status_code == 200


def test_it_lets_root_in_by_email_and_password(client: Client, world: World) -> None:
    page = client.post("/signin/root/", {"email": "root@alice.example", "next": HOME}).content.decode()
    assert "root@alice.example" in page and 'type="password"' in page
    assert enter_root_password(client, "Root@Alice.example").status_code == 303
    assert "Root user" in client.get(HOME).content.decode()


def test_it_answers_an_unknown_email_like_a_wrong_password(client: Client, world: World) -> None:
    unknown = enter_root_password(client, "nobody@nowhere.example")
    wrong = enter_root_password(client, "root@alice.example", "wrong")
    assert unknown.status_code == wrong.status_code
    assert FAILED in unknown.content.decode() and FAILED in wrong.content.decode()


def test_it_never_lets_in_a_root_without_password(client: Client, world: World) -> None:
    for password in ("", " ", "x"):
        assert enter_root_password(client, "root@charlie.example", password).status_code == 200
    assert not is_signed_in(client)


def test_it_locks_the_account_at_the_accounts_own_address(client: Client, world: World) -> None:
    page = client.get(f"/{ACCOUNT_ID}/signin/").content.decode()
    assert f'value="{ACCOUNT_ID}" readonly' in page and "Sign in to a different account" in page
    fields = {"account": OTHER_ACCOUNT_ID, "user_name": "alice", "password": PASSWORD, "next": HOME}
    assert client.post(f"/{ACCOUNT_ID}/signin/", fields).status_code == 303
    assert "user/alice" in client.get(HOME).content.decode() and ACCOUNT_ID in client.get(HOME).content.decode()


def test_it_opens_an_unknown_accounts_address_without_telling(client: Client, world: World) -> None:
    assert client.get("/no-such-account/signin/").status_code == 200


def test_it_remembers_the_account_only_when_asked_to(client: Client, world: World) -> None:
    enter_password(client, "alice", remember="on")
    client.post("/signout/")
    assert f'value="{ACCOUNT_ID}"' in client.get("/signin/").content.decode()
    enter_password(client, "alice")
    client.post("/signout/")
    assert f'value="{ACCOUNT_ID}"' not in client.get("/signin/").content.decode()


def test_it_leads_a_browser_of_root_to_roots_page(client: Client, world: World) -> None:
    enter_root_password(client, "root@alice.example")
    client.post("/signout/")
    assert client.get("/signin/?next=/iam/").headers["Location"] == "/signin/root/?next=%2Fiam%2F"
    assert client.get("/signin/?kind=user").status_code == 200


@pytest.mark.parametrize("address", hostile.ADDRESSES)
def test_it_never_leads_away_from_the_console(client: Client, world: World, address: str) -> None:
    assert enter_password(client, "alice", next=address).headers["Location"] == "/"


@pytest.mark.parametrize("address", ["/iam/users/", "/iam/users/?q=a&page=2", "/iam/roles/a%20b/"])
def test_it_leads_on_to_the_page_that_was_asked_for(client: Client, world: World, address: str) -> None:
    assert enter_password(client, "alice", next=address).headers["Location"] == address


def test_it_carries_the_page_asked_for_through_the_form(client: Client, world: World) -> None:
    asked = client.get(HOME).headers["Location"]
    assert asked == "/signin/?next=%2Fiam%2Fsecurity-credentials%2F"
    assert f'name="next" value="{HOME}"' in client.get(asked).content.decode()


def test_it_gives_a_new_session_key(client: Client, world: World) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    enter_password(client, "alice")
    assert client.session.session_key not in (None, before)
    assert "planted" not in client.session
    stale = Client()
    stale.cookies["session"] = before
    assert not is_signed_in(stale)


def test_it_refuses_a_form_without_its_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = enter_password(strict, "alice")
    assert response.status_code == 403
    assert "Content-Security-Policy" in response.headers and "<style" not in response.content.decode()


def test_it_records_a_success(client: Client, world: World) -> None:
    enter_password(client, "alice")
    event = Event.objects.get(name="ConsoleLogin")
    assert (event.account_id, event.user_name, event.error_message) == (ACCOUNT_ID, "alice", "")
    assert event.record["eventType"] == "AwsConsoleSignIn"
    assert event.record["responseElements"] == {"ConsoleLogin": "Success"}
    assert event.record["additionalEventData"] == {"LoginTo": HOME, "MobileVersion": "No", "MFAUsed": "No"}
    assert LoginProfile.objects.get(user_id=world.alice.principal_id).last_used_at == event.at


def test_it_records_roots_sign_in(client: Client, world: World) -> None:
    enter_root_password(client, "root@alice.example")
    event = Event.objects.get(name="ConsoleLogin")
    assert event.record["userIdentity"]["type"] == "Root"
    assert Account.objects.get(pk=ACCOUNT_ID).root_last_sign_in_at == event.at


def test_it_records_a_failure_of_a_known_user(client: Client, world: World) -> None:
    enter_password(client, "alice", "wrong")
    event = Event.objects.get(name="ConsoleLogin")
    assert (event.account_id, event.user_name, event.principal_arn) == (ACCOUNT_ID, "alice", world.alice.arn)
    assert event.record["errorMessage"] == event.error_message == "Failed authentication"
    assert event.record["responseElements"] == {"ConsoleLogin": "Failure"}


def test_it_masks_a_name_that_nobody_has(client: Client, world: World) -> None:
    enter_password(client, "my-password-by-mistake")
    event = Event.objects.get(name="ConsoleLogin")
    assert (event.account_id, event.user_name) == (ACCOUNT_ID, "HIDDEN_DUE_TO_SECURITY_REASONS")
    assert "my-password-by-mistake" not in str(event.record)


def test_it_replaces_a_hash_of_older_parameters(client: Client, world: World) -> None:
    old = passwords._hasher_with(2, 16, 1).hash(PASSWORD)
    dana = as_user(make_user("dana"))
    give_password(dana, hashed=old)
    enter_password(client, "dana", "wrong")
    assert LoginProfile.objects.get(user_id=dana.principal_id).password == old
    enter_password(client, "dana")
    fresh = LoginProfile.objects.get(user_id=dana.principal_id).password
    assert fresh != old and not passwords.needs_rehash(fresh) and passwords.verify(Secret(PASSWORD), fresh)
    assert is_signed_in(client)


@pytest.mark.parametrize("address", ["/signin/", "/signin/root/", f"/{ACCOUNT_ID}/signin/", "/signed-out/"])
def test_it_says_not_affiliated_and_keeps_nothing(client: Client, world: World, address: str) -> None:
    response = client.get(address)
    assert "not affiliated with AWS" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
