"""The whole console works as a switched role, with the role's permissions: the address book is walked."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.test import Client

from tests.accounts.roles import acting, make_role, switch
from tests.cast import ACCOUNT_ID
from tests.every_page import addresses, furnish
from tests.pages import sign_in
from tests.test_every_page import KIT, WELL, rows
from tests.world import World

HTMX = {"HX-Request": "true"}


@pytest.fixture
def made(world: World) -> Mapping[str, str]:
    return furnish(world)


@pytest.fixture
def pages(made: Mapping[str, str]) -> list[str]:
    return [address for name, address in addresses(made) if name not in KIT]


def as_role(client: Client, world: World, managed: str) -> None:
    make_role("worker-role", ACCOUNT_ID, managed=managed)
    sign_in(client, world.alice)
    assert switch(client, "worker-role", ACCOUNT_ID).status_code == 303


def test_it_shows_an_administering_role_every_page(client: Client, world: World, pages: list[str]) -> None:
    as_role(client, world, "arn:aws:iam::aws:policy/AdministratorAccess")
    for headers in ({}, HTMX):
        answers = {page: client.get(page, headers=headers).status_code for page in pages}
        bad = {page: status for page, status in answers.items() if status not in {*WELL, 204}}
        assert bad == {}
    assert acting(client).endswith("assumed-role/worker-role/alice")


def test_it_tells_a_role_that_it_has_no_credentials(client: Client, world: World, pages: list[str]) -> None:
    as_role(client, world, "arn:aws:iam::aws:policy/AdministratorAccess")
    own = [page for page in pages if re.match("/iam/security-credentials/(password|mfa|access-keys|temporary)/", page)]
    assert len(own) > 10
    for page in own:
        assert client.get(page).headers["Location"] == "/iam/security-credentials/", page
    assert "A role has no credentials of its own." in client.get("/iam/security-credentials/").content.decode()


def test_it_shows_a_role_without_permissions_nothing(
    client: Client, world: World, pages: list[str], made: Mapping[str, str]
) -> None:
    as_role(client, world, "")
    for page in pages:
        answer = client.get(page)
        assert answer.status_code in {*WELL, 403, 404}, page
        content = answer.content.decode()
        for secret in (made["key_id"], "iam:List*"):
            assert secret not in content or secret in page, page


def test_it_writes_nothing_for_a_role_without_permissions(client: Client, world: World, pages: list[str]) -> None:
    as_role(client, world, "")
    before = rows()
    for page in pages:
        if "sign" in page or "switchrole" in page or "multi-session" in page:
            continue
        assert client.post(page, {"confirm": "dana", "name": "dana", "UserName": "dana"}).status_code < 500, page
    left = rows()
    assert {table: left[table] for table in before if table != "Throttle"} == {
        table: before[table] for table in before if table != "Throttle"
    }
