"""Whoever administers one account writes nothing in another: each page, with its ids in path, body and query."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.apps import apps
from django.test import Client

from accounts.models import ConsoleSession, RoleHistory
from tests.accounts.roles import make_role, switch
from tests.accounts.views.people import PASSWORD, enter_password, give_password
from tests.cast import ACCOUNT_ID
from tests.every_page import addresses, furnish
from tests.identities.steps import do
from tests.pages import session_key, sign_in
from tests.rows import Row, has_account, rows
from tests.test_every_page import KIT, LEAVING, pages
from tests.world import World


@pytest.fixture
def made(world: World) -> Mapping[str, str]:
    """alice's account with everything in it; charlie's with users, groups and roles of the same names."""
    made = furnish(world)
    make_role()
    browser = Client()
    sign_in(browser, world.alice)
    switch(browser)
    for kind in ("User", "Group"):
        do(world.charlie, f"Create{kind}", **{f"{kind}Name": {"User": "dana", "Group": "readers"}[kind]})
    session_key(world.alice)
    return made


def ids(made: Mapping[str, str]) -> dict[str, str]:
    """What a form could name of alice's account, under every name that a form has for it."""
    row = ConsoleSession.objects.filter(account_id=ACCOUNT_ID).latest("since").pk
    past = str(RoleHistory.objects.get().pk)
    arn = f"arn:aws:iam::{ACCOUNT_ID}"
    return {
        **dict.fromkeys(("account", "account_id", "AccountId", "RecipientAccountId"), ACCOUNT_ID),
        **dict.fromkeys(("user", "user_name", "UserName", "name", "confirm", "users"), "dana"),
        **dict.fromkeys(("session", "sid"), row),
        **dict.fromkeys(("pin", "unpin", "remove"), past),
        **dict.fromkeys(("serial", "SerialNumber"), made["serial"]),
        **dict.fromkeys(("key_id", "AccessKeyId"), made["key_id"]),
        **dict.fromkeys(("policies", "policy", "arn", "PolicyArn", "boundary", "selected"), f"{arn}:policy/reading"),
        **dict.fromkeys(("roleName", "role", "RoleName"), "worker"),
        **dict.fromkeys(("group", "groups", "GroupName"), "readers"),
        "email": "root@alice.example",
        "sure": "on",
        "wizard": "next",
    }


def of_alices_account() -> dict[str, list[Row]]:
    """Every row of alice's account, and the account itself with its sessions."""
    scoped = {model.__name__ for model in apps.get_models() if has_account(model)}
    found = rows(ACCOUNT_ID)
    return {
        **{table: found[table] for table in scoped & found.keys()},
        "Account": [row for row in found["Account"] if row["id"] == ACCOUNT_ID],
    }


def test_an_administrator_writes_nothing_in_another_account(
    client: Client, world: World, made: Mapping[str, str]
) -> None:
    given, before, sent = ids(made), of_alices_account(), 0
    assert len(before) > 15 and before["RoleHistory"] and before["MfaDevice"] and before["ConsoleSession"]
    for name, address in pages(made):
        if name in LEAVING:
            continue
        sign_in(client, world.charlie)
        for query in ({}, given):
            assert client.post(address, given, query_params=query).status_code < 500, name
            sent += 1
        assert client.get(address, given).status_code < 500, name
    assert sent > 120
    after = of_alices_account()
    # Anybody may ask for a link to be mailed to its owner.
    assert {table for table in before if before[table] != after[table]} == {"MailedLink"}


def test_nor_does_somebody_without_permissions_end_or_unlock_anybody(
    client: Client, world: World, made: Mapping[str, str]
) -> None:
    sign_in(client, world.bob)
    given = ids(made)
    sessions = {row.pk: row.ended_at for row in ConsoleSession.objects.exclude(user_id=world.bob.principal_id)}
    for address in ("/iam/security-credentials/sessions/end/", "/iam/users/dana/sessions/end/",
                    "/iam/users/alice/sessions/end/", "/switchrole/history/", "/iam/users/dana/unlock/"):  # fmt: skip
        client.post(address, given, query_params=given)
    assert {row.pk: row.ended_at for row in ConsoleSession.objects.filter(pk__in=sessions)} == sessions
    assert RoleHistory.objects.get().pinned is False


WAYS_IN = ["/signin/", f"/{ACCOUNT_ID}/signin/", "/s/2/signin/", "/s/5/signin/", f"/s/3/{ACCOUNT_ID}/signin/"]


def test_who_is_held_up_is_held_up_at_every_way_in(world: World) -> None:
    """Five wrong passwords by one way, and the right one is refused by all of them, as if it were wrong."""
    give_password(world.bob)
    for _ in range(5):
        enter_password(Client(), "bob", "wrong")
    fields = {"account": ACCOUNT_ID, "user_name": "bob", "password": PASSWORD}
    for way in WAYS_IN:
        answer = Client().post(way, fields)
        assert answer.status_code == 200 and "Your authentication information is incorrect" in answer.content.decode()
    assert not ConsoleSession.objects.exists()
    assert Client().post("/signin/", fields, REMOTE_ADDR="192.0.2.9").status_code == 303


def test_every_slot_wants_the_forms_token(world: World, made: Mapping[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["session-2"] = session_key(world.alice, slot=2)
    assert strict.get("/s/2/iam/users/").status_code == 200
    for name, address in addresses(made):
        if name not in KIT:
            assert strict.post(f"/s/2{address}").status_code in (403, 405), name
