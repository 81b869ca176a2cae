"""What holds for every page of the console: the address book is walked, so a new page is held to it at once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.test import Client

from tests.every_page import TEXT, addresses, furnish, names
from tests.identities.steps import do
from tests.pages import sign_in
from tests.rows import USE, rows
from tests.world import World

PUBLIC = {
    "home", "signin", "signin-root", "signin-account", "signin-mfa", "signin-mfa-resync", "signin-change-password",
    "signed-out", "signin-mfa-passkey", "signin-root-forgot", "signin-root-reset", "token-discovery", "token-keys",
    "session-status",
}  # fmt: skip
# What anybody may set for his own browser.
OPEN_POSTS = {"ui-state", "table-preferences", "signout", "signout-all"}
# Whoever posts to them is signed out.
LEAVING = {"signout", "signout-all"}
# Read by programs, not in a browser.
PROGRAMS = {"token-discovery", "token-keys"}
# Not of the house: shown to developers, and to whoever tries a demo.
KIT = {"ui-kit", "ui-kit-delete", "mailbox"}
# A page, a way on to another, or a page that is there for posts alone.
WELL = {200, 302, 303, 405}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def made(world: World) -> Mapping[str, str]:
    return furnish(world)


def pages(made: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, address) for name, address in addresses(made) if name not in KIT]


def test_it_knows_more_pages_than_one_can_click_through(db: None) -> None:
    assert len(names()) > 60


def test_it_shows_every_page_to_an_administrator(client: Client, world: World, made: Mapping[str, str]) -> None:
    sign_in(client, world.alice)
    answers = {address: client.get(address).status_code for _, address in pages(made)}
    assert {address: status for address, status in answers.items() if status not in WELL} == {}


def test_it_writes_nothing_on_a_get(client: Client, world: World, made: Mapping[str, str]) -> None:
    sign_in(client, world.alice)
    before = rows(without=USE)
    for _, address in pages(made):
        client.get(address)
    assert rows(without=USE) == before


def test_it_gives_htmx_a_part_or_a_way_on(client: Client, world: World, made: Mapping[str, str]) -> None:
    sign_in(client, world.alice)
    for name, address in pages(made):
        if name in PROGRAMS:
            continue
        answer = client.get(address, headers=HTMX)
        assert answer.status_code in {*WELL, 204}, (name, answer.status_code)
        assert "HX-Request" in answer.get("Vary", ""), name


def test_it_shows_a_stranger_nothing_but_the_way_in(client: Client, made: Mapping[str, str]) -> None:
    for name, address in pages(made):
        if name in PUBLIC | OPEN_POSTS:
            continue
        answer = client.get(address)
        assert answer.status_code in (302, 405) and (answer.status_code == 405 or "/signin/" in answer["Location"]), (
            name
        )


def test_it_refuses_bob_without_breaking(client: Client, world: World, made: Mapping[str, str]) -> None:
    sign_in(client, world.bob)
    answers = {address: client.get(address).status_code for _, address in pages(made)}
    assert {address: status for address, status in answers.items() if status not in {*WELL, 403, 404}} == {}


def test_it_keeps_what_bob_may_not_see_off_his_pages(client: Client, world: World, made: Mapping[str, str]) -> None:
    sign_in(client, world.bob)
    for name, address in pages(made):
        content = client.get(address).content.decode()
        for secret in (made["key_id"], "iam:List*", "ultramarine"):
            assert secret not in content or secret in address, f"{name} shows {secret}"


def test_it_has_nothing_of_another_account(client: Client, world: World, made: Mapping[str, str]) -> None:
    sign_in(client, world.charlie)
    for name, address in pages(made):
        content = client.get(address).content.decode()
        assert made["key_id"] not in content or made["key_id"] in address, name
        assert "written-here" not in content or "written-here" in address, name


def test_it_refuses_a_post_without_a_token(world: World, made: Mapping[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, world.alice)
    for name, address in pages(made):
        for verb in (strict.post, strict.put, strict.patch, strict.delete):
            assert verb(address).status_code in (403, 405), name


def test_it_writes_nothing_for_bob(client: Client, world: World, made: Mapping[str, str]) -> None:
    sign_in(client, world.bob)
    before = rows(without=USE)
    for name, address in pages(made):
        if name in LEAVING:
            continue
        answer = client.post(address, {"confirm": "dana", "name": "dana", "UserName": "dana"})
        assert answer.status_code < 500, name
    left = rows(without=USE)
    assert {table: left[table] for table in before if table != "Throttle"} == {
        table: before[table] for table in before if table != "Throttle"
    }


NASTY = [
    "",
    "\x00",
    "a" * 70_000,
    "../../etc",
    "<script>alert(1)</script>",
    "\u202e",
    "'; DROP TABLE users; --",
    "é" * 64,
]
FIELDS = [
    "name", "user_name", "password", "document", "description", "path", "confirm", "q", "page", "sort", "dir", "step",
    "policies", "policy", "arn", "groups", "users", "selected", "code", "code_1", "code_2", "email", "account", "next",
    "key-0", "value-0", "tags", "action", "principal", "resource", "context", "to", "mode", "start", "end",
    "answer", "serial", "kind",
]  # fmt: skip


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_it_answers_bad_input_without_breaking(
    client: Client, world: World, made: Mapping[str, str], nasty: str
) -> None:
    sign_in(client, world.bob)
    given = dict.fromkeys(FIELDS, nasty)
    for name, address in pages(made):
        if name in LEAVING:
            continue
        assert client.post(address, given).status_code < 500, f"POST {name}"
        query = {field: value[:500] for field, value in given.items()}
        assert client.get(address, query).status_code < 500, f"GET {name}"


@pytest.mark.parametrize("nasty", NASTY[1:], ids=range(len(NASTY) - 1))
def test_it_answers_an_administrators_bad_input_without_breaking(
    client: Client, world: World, made: Mapping[str, str], nasty: str
) -> None:
    sign_in(client, world.alice)
    given = dict.fromkeys(FIELDS, nasty)
    for name, address in pages(made):
        if name not in LEAVING:
            assert client.post(address, given).status_code < 500, f"POST {name}"


def test_it_escapes_what_people_write_on_every_page(client: Client, world: World, made: Mapping[str, str]) -> None:
    payload = "<script>alert('x')</script>"
    document = TEXT.replace("iam:List*", "iam:<b>x</b>")
    do(world.system, "PutUserPolicy", UserName="dana", PolicyName="x", PolicyDocument=document)
    do(world.system, "UpdateRole", RoleName="worker", Description=payload)
    sign_in(client, world.alice)
    for name, address in pages(made):
        content = client.get(address, {"q": payload, "next": payload}).content.decode()
        assert payload not in content and "<b>x</b>" not in content, name


def test_it_sends_its_headers_with_every_page(client: Client, world: World, made: Mapping[str, str]) -> None:
    sign_in(client, world.alice)
    for name, address in pages(made):
        headers = client.get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], name
        assert "unsafe" not in headers["Content-Security-Policy"], name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["X-Frame-Options"] == "DENY", name
        assert "no-store" in headers["Cache-Control"], name


def test_it_refuses_a_foreign_host(client: Client, db: None) -> None:
    assert client.get("/signin/", headers={"host": "evil.example"}).status_code == 400
