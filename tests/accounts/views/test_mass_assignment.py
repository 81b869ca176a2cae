"""Forms change what they show: posted along with every name that any row has, they change nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client

from accounts.models import ConsoleSession, RoleHistory
from identities.models import LoginProfile
from tests.accounts.roles import make_role
from tests.accounts.views.people import HOME, PASSWORD, enter_password, enter_root_password
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.pages import sign_in
from tests.rows import USE, rows
from tests.world import World, allow

NEW = "brand-New-Word-8"
CHANGE = {"old": PASSWORD, "new": NEW, "again": NEW}
ROOT = "root@alice.example"
MINE = {"LoginProfile.password", "LoginProfile.former", "LoginProfile.changed_at", "User.credential_version"}
ROOTS = {"Account.root_password", "Account.root_password_changed_at", "Account.root_credential_version"}
GROWS = "Account.revision"
LINKS = "MailedLink"


def everything() -> dict[str, str]:
    """A value for the name of every column of every table, each of which would do harm."""
    names = {field.attname for model in apps.get_models() for field in model._meta.concrete_fields}
    values = {"account_id": OTHER_ACCOUNT_ID, "account": OTHER_ACCOUNT_ID, "path": "/elsewhere/", "for_root": "1"}
    return {name: values.get(name, "1") for name in names}


def columns() -> dict[tuple[str, Any], dict[str, Any]]:
    keys = {model.__name__: model._meta.pk.attname for model in apps.get_models()}
    found = {table: each for table, each in rows(without=USE).items() if table != "Throttle"}
    return {(table, row[keys[table]]): row for table, each in found.items() for row in each}


def changed(post: Callable[[], int]) -> tuple[int, set[str]]:
    """The answer, and the columns that are other than before; a table where rows came or went."""
    before = columns()
    status = post()
    after = columns()
    kinds = {table for table, key in before.keys() ^ after.keys()}
    both = before.keys() & after.keys()
    return status, kinds | {
        f"{key[0]}.{column}" for key in both for column in before[key] if before[key][column] != after[key][column]
    }


@pytest.fixture
def bob(client: Client, world: World) -> Client:
    allow(world.bob, "iam:ChangePassword")
    sign_in(client, world.bob)
    return client


def post(client: Client, page: str, fields: dict[str, str]) -> Callable[[], int]:
    return lambda: client.post(page, {**everything(), **fields}).status_code


def test_ones_own_password(bob: Client) -> None:
    assert changed(post(bob, f"{HOME}password/", CHANGE)) == (303, {*MINE, GROWS})


def test_a_sign_in(client: Client, world: World) -> None:
    fields = {"account": ACCOUNT_ID, "user_name": "bob", "password": PASSWORD}
    assert changed(post(client, "/signin/", fields)) == (303, {"LoginProfile.last_used_at"})
    row = ConsoleSession.objects.get()
    assert (row.user_id, row.mfa_at, row.slot, row.version, row.role) == (world.bob.principal_id, None, 1, 1, None)


def test_a_forced_change(client: Client, world: World) -> None:
    LoginProfile.objects.filter(user_id=world.bob.principal_id).update(reset_required=True)
    allow(world.bob, "iam:ChangePassword")
    enter_password(client, "bob")
    expected = {*MINE, GROWS, "LoginProfile.reset_required", "LoginProfile.last_used_at", "PendingSignIn"}
    assert changed(post(client, "/signin/change-password/", CHANGE)) == (303, expected)


def test_roots_recovery(client: Client, world: World) -> None:
    client.post("/signin/root/forgot-password/", {"email": ROOT})
    found = re.search(r"/signin/root/reset/\S+/", str(mail.outbox[-1].body))
    assert found
    assert changed(post(client, found[0], {"new": NEW, "again": NEW})) == (303, {*ROOTS, LINKS})


def test_roots_account(client: Client, world: World) -> None:
    enter_root_password(client, ROOT)
    fields = {"name": "new name", "email": "new@alice.example", "password": PASSWORD}
    assert changed(post(client, f"{HOME}account/", fields)) == (303, {"Account.name", "Account.root_email", GROWS})


def test_a_switch_of_roles(client: Client, world: World) -> None:
    make_role()
    sign_in(client, world.alice)
    fields = {"account": OTHER_ACCOUNT_ID, "roleName": "auditor", "displayName": "", "color": ""}
    assert changed(post(client, "/switchrole", fields)) == (303, {"RoleHistory"})
    row = RoleHistory.objects.get()
    assert (row.account_id, row.user_id, row.pinned) == (ACCOUNT_ID, world.alice.principal_id, False)


@pytest.mark.parametrize(
    ("page", "fields"),
    [(f"{HOME}temporary/", {"hours": "1"}), ("/multi-session/", {"multi": "on"}), ("/preferences/", {"mode": "dark"})],
)
def test_what_changes_no_row(bob: Client, page: str, fields: dict[str, str]) -> None:
    status, columns_changed = changed(post(bob, page, fields))
    assert status in (200, 303) and columns_changed == set()
