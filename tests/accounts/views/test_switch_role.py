from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Account, ConsoleSession, RoleHistory
from accounts.views.switch_role import FAILED
from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from tests.accounts.roles import HOME, SWITCH, acting, make_role, switch
from tests.cast import ACCOUNT_ID, ALICE_ARN, BOB_ARN, OTHER_ACCOUNT_ID
from tests.identities.steps import do
from tests.pages import sign_in
from tests.world import ADMINISTRATOR_ACCESS, World, allow, as_user, make_user

AUDITOR = f"arn:aws:sts::{OTHER_ACCOUNT_ID}:assumed-role/auditor/alice"


@pytest.fixture
def alice(client: Client, world: World) -> Client:
    """alice's browser, and a role of the other account that trusts her."""
    make_role()
    sign_in(client, world.alice)
    return client


def events(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name, error_code="").order_by("account_id"))


def test_it_acts_as_the_role_in_the_other_account_and_comes_back(alice: Client) -> None:
    assert switch(alice).headers["Location"] == HOME
    assert acting(alice) == AUDITOR
    page = alice.get("/iam/users/").content.decode()
    assert "charlie" in page and ">alice<" not in page
    assert alice.post("/switchrole/back/").headers["Location"] == HOME
    assert acting(alice) == ALICE_ARN


def test_it_fills_the_form_from_a_link_and_does_nothing_yet(alice: Client) -> None:
    link = {"account": OTHER_ACCOUNT_ID, "roleName": "auditor", "displayName": "Audits", "color": "F2B0A9"}
    page = alice.get(SWITCH, link).content.decode()
    assert 'value="Audits"' in page and '<option value="F2B0A9" selected>Red' in page
    assert acting(alice) == ALICE_ARN


def test_it_proposes_a_display_name(alice: Client) -> None:
    page = alice.get(SWITCH, {"account": "lab", "roleName": "path/auditor"}).content.decode()
    assert 'value="auditor @ lab"' in page


def test_it_takes_an_alias_and_a_role_with_a_path(alice: Client, world: World) -> None:
    perform(world.charlie, "iam:CreateAccountAlias", {"AccountAlias": "charlies-lab"})
    make_role("deep", Path="/some/where/")
    assert switch(alice, "some/where/deep", "charlies-lab").status_code == 303
    assert acting(alice).endswith("assumed-role/deep/alice")


def test_it_needs_the_roles_trust(alice: Client) -> None:
    make_role("closed", trusts=BOB_ARN)
    answer = switch(alice, "closed")
    assert answer.status_code == 403 and FAILED in answer.content.decode()
    assert acting(alice) == ALICE_ARN


def test_it_needs_the_users_own_permission(client: Client, world: World) -> None:
    make_role(trusts=BOB_ARN)
    sign_in(client, world.bob)
    answer = switch(client)
    assert answer.status_code == 403
    assert "sts:AssumeRole" in answer.content.decode() and "Why?" in answer.content.decode()
    allow(world.bob, "sts:AssumeRole")
    assert switch(client).status_code == 303


@pytest.mark.parametrize(
    ("role", "account"), [("missing", OTHER_ACCOUNT_ID), ("auditor", "999999999999"), ("auditor", "no-such-alias")]
)
def test_it_says_the_same_of_roles_accounts_and_aliases_that_are_not_there(
    alice: Client, role: str, account: str
) -> None:
    answer = switch(alice, role, account)
    assert answer.status_code in (403, 422) and FAILED in answer.content.decode()
    assert f'value="{account}"' in answer.content.decode()


def test_it_tells_nobody_which_account_an_alias_belongs_to(alice: Client) -> None:
    """Nor whether it is anybody's: not on the page, not by what the event history keeps of it."""
    Account.objects.filter(pk=OTHER_ACCOUNT_ID).update(alias="charlies-lab")
    make_role("closed", trusts=BOB_ARN)
    known, unknown = switch(alice, "closed", "charlies-lab"), switch(alice, "closed", "nobodys-lab")
    assert known.status_code == unknown.status_code == 403
    for page in (known, unknown):
        assert FAILED in page.content.decode() and OTHER_ACCOUNT_ID not in page.content.decode()
        assert "is not authorized" not in page.content.decode() and "Why?" not in page.content.decode()
    pair = Event.objects.filter(name="AssumeRole", error_code="AccessDenied")
    asked = [each.record["requestParameters"]["roleArn"] for each in pair]
    assert len(set(asked)) == 2 and all(re.fullmatch(r"arn:aws:iam::[0-9]{12}:role/closed", arn) for arn in asked)


def test_it_refuses_a_role_that_asks_for_an_external_id(alice: Client) -> None:
    make_role("vendor", condition={"StringEquals": {"sts:ExternalId": "42"}})
    assert switch(alice, "vendor").status_code == 403


def test_it_brings_the_mfa_of_the_sign_in(client: Client, world: World) -> None:
    make_role("careful", condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
    sign_in(client, world.alice)
    assert switch(client, "careful").status_code == 403
    sign_in(client, world.alice, mfa=True)
    assert switch(client, "careful").status_code == 303
    assert client.get(HOME).wsgi_request.caller.mfa is True  # type: ignore[attr-defined]


def test_it_refuses_root(client: Client, world: World) -> None:
    make_role()
    sign_in(client, world.root)
    assert "root user cannot switch roles" in client.get(SWITCH).content.decode()
    assert switch(client).status_code in (403, 422)
    assert not client.get(HOME).wsgi_request.signed_in.row.role  # type: ignore[attr-defined]


def test_it_asks_as_the_user_also_out_of_another_role(alice: Client) -> None:
    make_role("second")
    make_role("chained", trusts=f"arn:aws:iam::{OTHER_ACCOUNT_ID}:role/auditor")
    switch(alice)
    assert switch(alice, "chained").status_code == 403
    assert acting(alice) == AUDITOR
    assert switch(alice, "second").status_code == 303
    assert acting(alice).endswith("assumed-role/second/alice")


def test_it_has_the_permissions_of_the_role_alone(alice: Client) -> None:
    make_role("poor", managed="")
    switch(alice, "poor")
    assert alice.get("/iam/users/").status_code == 403
    answer = alice.post("/iam/users/charlie/delete/", {"confirm": "charlie"})
    assert answer.status_code in (403, 404, 422)


def test_it_has_the_tags_of_the_role(alice: Client, world: World) -> None:
    make_role("tagged", managed="", Tags=[{"Key": "team", "Value": "blue"}])
    statement = {
        "Effect": "Allow",
        "Action": "iam:ListUsers",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    perform(world.charlie, "iam:PutRolePolicy", {"RoleName": "tagged", "PolicyName": "p", "PolicyDocument": document})
    switch(alice, "tagged")
    assert alice.get("/iam/users/").status_code == 200


def test_it_lasts_an_hour_by_default_and_never_longer_than_the_session(alice: Client) -> None:
    make_role("long", MaxSessionDuration=43_200)
    start = timezone.now()
    with time_machine.travel(start + timedelta(hours=2), tick=False):
        switch(alice)
        assert 3598 < left(alice) <= 3600
        switch(alice, "long")
        assert 9.9 * 3600 < left(alice) <= 10 * 3600 + 1
    with time_machine.travel(start + timedelta(hours=11, minutes=55), tick=False):
        switch(alice)
        assert 0 < left(alice) <= 301


def left(client: Client) -> float:
    session = client.get(HOME).wsgi_request.caller.session  # type: ignore[attr-defined]
    return float(session.expires_at - timezone.now().timestamp())


def test_it_does_nothing_as_the_user_that_was_meant_for_the_role(alice: Client, world: World) -> None:
    switch(alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        answer = alice.post("/iam/create-group/", {"name": "made-by-mistake"})
        assert answer.headers["Location"] == "/"
        page = alice.get(HOME).content.decode()
    assert "Your session as auditor @ 444455556666 has ended. You are alice again." in page
    assert not Event.objects.filter(name="CreateGroup").exists()


@pytest.mark.parametrize("htmx", [True, False])
def test_it_ends_when_the_role_is_deleted(alice: Client, world: World, htmx: bool) -> None:
    switch(alice)
    perform(world.charlie, "iam:DetachRolePolicy", {"RoleName": "auditor", "PolicyArn": ADMINISTRATOR_ACCESS})
    perform(world.charlie, "iam:DeleteRole", {"RoleName": "auditor"})
    answer = alice.get("/iam/users/", headers={"HX-Request": "true"} if htmx else {})
    assert answer.headers["HX-Redirect" if htmx else "Location"] == "/"
    assert acting(alice) == ALICE_ARN


def test_it_obeys_revoked_sessions_on_the_next_request_and_lets_new_ones_in(
    alice: Client, world: World, client: Client
) -> None:
    now = timezone.now()
    with time_machine.travel(now - timedelta(seconds=5), tick=False):
        switch(alice)
    admin = Client()
    sign_in(admin, world.charlie)
    assert alice.get("/iam/users/").status_code == 200
    assert admin.post("/iam/roles/auditor/revoke-sessions/", {"sure": "on"}).status_code == 303
    assert alice.get("/iam/users/").status_code == 403
    with time_machine.travel(timezone.now() + timedelta(seconds=2), tick=False):
        switch(alice)
        assert alice.get("/iam/users/").status_code == 200


def test_it_ends_with_the_session_of_the_user(alice: Client, world: World) -> None:
    switch(alice)
    ConsoleSession.objects.update(ended_at=timezone.now())
    assert alice.get(HOME).status_code == 302


def test_it_records_both_ways_and_the_call(alice: Client) -> None:
    switch(alice)
    alice.post("/switchrole/back/")
    first, second = events("AssumeRole")
    assert (first.account_id, second.account_id) == (ACCOUNT_ID, OTHER_ACCOUNT_ID)
    assert first.record["sharedEventID"] == second.record["sharedEventID"]
    (there,), (back,) = events("SwitchRole"), events("ExitRole")
    assert there.record["userIdentity"]["type"] == "AssumedRole" and there.account_id == OTHER_ACCOUNT_ID
    assert there.record["additionalEventData"] == {"SwitchFrom": ALICE_ARN, "RedirectTo": HOME}
    assert there.record["responseElements"] == {"SwitchRole": "Success"}
    assert back.principal_arn == AUDITOR


def test_it_gives_a_new_key_and_leaves_nothing_of_the_user_behind(alice: Client) -> None:
    session = alice.session
    session["draft"] = "alice's"
    session.save()
    before = alice.cookies["session"].value
    switch(alice)
    assert alice.cookies["session"].value != before
    assert "draft" not in alice.session


def test_it_names_the_role_and_the_user_in_the_menu(alice: Client) -> None:
    switch(alice, displayName="Audits", color="B7CA9D")
    page = alice.get(HOME).content.decode()
    for part in (
        "Currently active as",
        "Audits",
        "role-green",
        "Signed in as",
        "alice @ 1111-2222-3333",
        "Switch back",
    ):
        assert part in page


def test_it_remembers_roles_per_user_and_shows_five_in_the_menu(alice: Client, world: World) -> None:
    for number in range(6):
        make_role(f"role-{number}")
        switch(alice, f"role-{number}")
    page = alice.get(HOME).content.decode()
    assert [f"role-{number} @" in page for number in range(6)] == [False, True, True, True, True, True]
    assert "role-0 @" in alice.get(SWITCH).content.decode()
    other = Client()
    sign_in(other, world.bob)
    assert "role-1 @" not in other.get(SWITCH).content.decode()


def test_it_finds_pins_and_removes_roles_of_the_history(alice: Client, world: World) -> None:
    make_role("other")
    switch(alice, "auditor")
    switch(alice, "other")
    first = RoleHistory.objects.get(role_name="auditor")
    assert "other @" not in alice.get(SWITCH, {"q": "audit"}, headers={"HX-Request": "true"}).content.decode()
    alice.post("/switchrole/history/", {"pin": first.pk})
    menu = alice.get(HOME).content.decode()
    assert menu.index("auditor @") < menu.index("other @", menu.index("Role history"))
    stranger = Client()
    sign_in(stranger, world.bob)
    assert stranger.post("/switchrole/history/", {"remove": first.pk}).status_code == 404
    alice.post("/switchrole/history/", {"remove": first.pk})
    assert not RoleHistory.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize(
    "given",
    [
        {"account": ""},
        {"roleName": ""},
        {"color": "purple"},
        {"displayName": "x" * 65},
        {"displayName": "root\u202e"},
        {"roleName": "a" * 65},
    ],
)
def test_it_keeps_what_was_typed_when_something_is_wrong(alice: Client, given: dict[str, str]) -> None:
    fields = {"account": OTHER_ACCOUNT_ID, "roleName": "auditor", "displayName": "Kept", "color": "", **given}
    answer = alice.post(SWITCH, fields)
    assert answer.status_code in (403, 422)
    assert f'value="{given.get("displayName", "Kept")}"' in answer.content.decode()


def test_it_links_from_the_roles_page(client: Client, world: World) -> None:
    make_role("deep", Path="/some/where/")
    sign_in(client, world.charlie)
    page = client.get("/iam/roles/deep/").content.decode()
    assert f"http://testserver/switchrole?roleName=some/where/deep&amp;account={OTHER_ACCOUNT_ID}" in page


def test_it_shows_a_role_that_it_has_no_credentials_but_the_sessions_of_its_user(alice: Client) -> None:
    switch(alice)
    page = alice.get("/iam/security-credentials/").content.decode()
    assert "A role has no password" in page and "This session" in page


def test_it_lets_no_role_change_a_password_or_key_by_having_a_users_name(client: Client, world: World) -> None:
    """A role may be called as a user is: that makes it not the user."""
    make_role("bob", ACCOUNT_ID)
    do(world.system, "CreateAccessKey", UserName="bob")
    sign_in(client, world.alice)
    switch(client, "bob", ACCOUNT_ID)
    assert client.post("/iam/users/bob/console-access/", {"enable": "on"}).status_code < 500
    assert client.get("/iam/users/bob/security-credentials/").status_code == 200
    assert acting(client).endswith("assumed-role/bob/alice")


def test_it_can_be_one_letter_long(client: Client, world: World) -> None:
    user = as_user(make_user("x"))
    allow(user, "sts:AssumeRole")
    make_role(trusts=user.arn)
    sign_in(client, user)
    assert switch(client).status_code == 303
    assert acting(client).endswith("/x-console")
