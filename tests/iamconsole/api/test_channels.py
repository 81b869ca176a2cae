"""No cookie signs a call, no signature opens a page; and a key counts until its end, not a call longer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from botocore.credentials import Credentials
from django.test import Client

from accounts.caller import Caller, system_caller
from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from identities.models import User
from tests.cast import ACCOUNT_ID
from tests.iamconsole.api import signing
from tests.iamconsole.api.calling import FORM, call, key_of
from tests.pages import sign_in
from tests.world import World

pytestmark = pytest.mark.django_db


def code(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.partition("<Code>")[2].partition("</Code>")[0] or str(answer.status_code)


def test_it_takes_no_cookie_for_a_signature(world: World) -> None:
    browser = Client()
    sign_in(browser, world.alice)
    assert browser.get("/iam/users/").status_code == 200
    form = urlencode({"Action": "CreateUser", "Version": "2010-05-08", "UserName": "dana"})
    for csrf in (True, False):
        browser.handler.enforce_csrf_checks = csrf
        assert code(browser.post("/", form, content_type=FORM)) == "MissingAuthenticationToken"
        assert code(browser.get(f"/?{form}")) == "MissingAuthenticationToken"
    assert not User.objects.filter(name="dana").exists()


def test_it_opens_no_page_by_a_signature_and_sets_no_cookie(world: World) -> None:
    client, key = Client(), key_of(world.alice)
    wire = signing.in_header("/iam/users/", b"")
    for path in ("/", "/iam/users/"):
        answer = client.get(path, headers={"Authorization": wire.headers["authorization"]})
        assert answer["Content-Type"] == "text/xml"
        assert code(answer) == "IncompleteSignature"
    assert call(client, key, "ListUsers").status_code == 200
    assert not client.cookies


def test_it_lets_no_page_of_another_origin_ask(world: World) -> None:
    client, key = Client(), key_of(world.alice)
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answers = [
        call(client, key, "ListUsers", headers={"Origin": "https://evil.example"}),
        client.options("/", headers={**asked, "Authorization": signing.in_header("/", b"").headers["authorization"]}),
        client.options("/", headers=asked),
    ]
    for answer in answers:
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    assert answers[1].status_code == 405


def test_it_records_each_time_that_a_request_is_sent_again(world: World) -> None:
    client, key = Client(), key_of(world.alice)
    with time_machine.travel(datetime.now(UTC), tick=False):
        assert [call(client, key, "GetUser").status_code for _ in range(3)] == [200] * 3
    events = Event.objects.filter(name="GetUser")
    assert events.count() == len({event.event_id for event in events}) == 3


def delete(caller: Caller, key: Credentials) -> None:
    """The user with all that holds it."""
    by = system_caller(caller.account_id)
    perform(by, "iam:DeleteAccessKey", {"UserName": caller.name, "AccessKeyId": key.access_key})
    perform(by, "iam:DeleteUser", {"UserName": caller.name})


@pytest.mark.parametrize("what", ["inactive", "key deleted", "user deleted"])
def test_it_knows_no_key_from_the_call_after_its_end(world: World, what: str) -> None:
    client, key, by = Client(), key_of(world.bob), system_caller(ACCOUNT_ID)
    given = {"UserName": "bob", "AccessKeyId": key.access_key}
    assert call(client, key, "GetCallerIdentity", service="sts").status_code == 200
    match what:
        case "inactive":
            perform(by, "iam:UpdateAccessKey", {**given, "Status": "Inactive"})
        case "key deleted":
            perform(by, "iam:DeleteAccessKey", given)
        case _:
            delete(world.bob, key)
    assert code(call(client, key, "GetCallerIdentity", service="sts")) == "InvalidClientTokenId"


@pytest.mark.parametrize("verb", ["GetSessionToken", "GetFederationToken"])
def test_it_ends_the_sessions_of_a_deleted_user(world: World, verb: str) -> None:
    key = key_of(world.bob)
    perform(system_caller(ACCOUNT_ID), "iam:PutUserPolicy", {
        "UserName": "bob", "PolicyName": "all",
        "PolicyDocument": '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    })  # fmt: skip
    given = {"Name": "guest"} if verb == "GetFederationToken" else {}
    made: Any = perform(world.bob, f"sts:{verb}", given)["Credentials"]
    session = Credentials(made["AccessKeyId"], made["SecretAccessKey"].reveal(), made["SessionToken"])
    client = Client()
    assert call(client, session, "GetCallerIdentity", service="sts").status_code == 200
    perform(system_caller(ACCOUNT_ID), "iam:DeleteUserPolicy", {"UserName": "bob", "PolicyName": "all"})
    delete(world.bob, key)
    assert code(call(client, session, "GetCallerIdentity", service="sts")) == "InvalidClientTokenId"


def test_it_takes_a_token_with_its_own_key_in_its_own_place_alone(world: World) -> None:
    one: Any = perform(world.alice, "sts:GetSessionToken", {})["Credentials"]
    two: Any = perform(world.alice, "sts:GetSessionToken", {})["Credentials"]
    long_term = key_of(world.alice)
    client = Client()

    def with_token(key_id: str, secret: str, token: str | None) -> str:
        return code(call(client, Credentials(key_id, secret, token), "GetCallerIdentity", service="sts"))

    id_one, secret_one = one["AccessKeyId"], one["SecretAccessKey"].reveal()
    for token in (None, two["SessionToken"], "", "x"):
        assert with_token(id_one, secret_one, token) == "InvalidClientTokenId"
    assert with_token(id_one, secret_one, one["SessionToken"]) == "200"
    refused = with_token(long_term.access_key, long_term.secret_key, one["SessionToken"])
    assert refused == "InvalidClientTokenId"
