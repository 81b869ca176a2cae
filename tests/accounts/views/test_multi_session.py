from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_script_prefix

from accounts.models import ConsoleSession
from accounts.slots import cookie_name, slot_prefix
from tests.accounts.roles import make_role, switch
from tests.accounts.views.people import HOME, PASSWORD, code_of, enter_password, give_device
from tests.cast import ACCOUNT_ID, ALICE_ARN, BOB_ARN
from tests.every_page import addresses, furnish
from tests.world import World

MULTI = "/multi-session/"


def enter(client: Client, name: str, slot: int) -> HttpResponse:
    """Sign in in a slot of the browser."""
    fields = {"account": ACCOUNT_ID, "user_name": name, "password": PASSWORD}
    return client.post(f"/s/{slot}/signin/", fields)  # type: ignore[return-value]


def caller(client: Client, address: str = HOME) -> str:
    return str(client.get(address).wsgi_request.caller.arn)  # type: ignore[attr-defined]


@pytest.fixture
def both(client: Client, world: World) -> Client:
    """A browser where alice is signed in in the first slot and bob in the second."""
    enter_password(client, "alice")
    client.post(MULTI, {"multi": "on"})
    enter(client, "bob", 2)
    return client


def test_it_keeps_two_identities_side_by_side(both: Client) -> None:
    assert [caller(both), caller(both, f"/s/2{HOME}")] == [ALICE_ARN, BOB_ARN]
    assert caller(both) == ALICE_ARN


def test_it_leads_on_inside_the_slot(client: Client, world: World) -> None:
    assert (
        client.get("/s/2/iam/users/?q=a").headers["Location"] == "/s/2/signin/?next=%2Fs%2F2%2Fiam%2Fusers%2F%3Fq%3Da"
    )
    assert enter(client, "alice", 2).headers["Location"] == "/s/2/"
    assert client.get("/s/2/").headers["Location"] == "/s/2/iam/"
    assert client.cookies["session-2"]["path"] == "/" and client.cookies["session-2"]["httponly"]
    assert client.cookies["session-2"]["samesite"] == "Lax"


def test_it_makes_every_address_of_a_page_one_of_its_slot(both: Client, world: World) -> None:
    enter(both, "alice", 3)
    made = furnish(world)
    for name, address in addresses(made):
        if name in ("ui-kit", "ui-kit-delete", "session-status", "events-download"):
            continue
        page = both.get(f"/s/3{address}")
        content = page.content.decode()
        found = re.findall(r'\b(?:href|action|formaction|hx-get|hx-post|data-url)="(/[^"]*)"', content)
        # The menu alone leads to the other slots.
        strays = {url for url in found if not re.match(r"/(s/[3]/|static/)", url)} - {
            "/iam/",
            "/s/2/iam/",
            "/s/4/signin/",
        }
        assert strays == set(), name
        assert page.headers.get("Location", "/s/3/").startswith("/s/3/"), name


def test_it_forgets_the_slot_when_the_request_is_over(both: Client) -> None:
    def broken(request: object) -> HttpResponse:
        assert get_script_prefix() == "/s/2/"
        raise ValueError("broken")

    both.get(f"/s/2{HOME}")
    assert get_script_prefix() == "/"
    with pytest.raises(ValueError, match="broken"):
        slot_prefix(broken)(RequestFactory().get("/s/2/iam/"))
    assert get_script_prefix() == "/"


def test_it_gives_addresses_for_others_without_the_slot(both: Client) -> None:
    page = both.get(f"/s/2{HOME}").content.decode()
    assert f"http://testserver/{ACCOUNT_ID}/signin/" in page and f"/s/2/{ACCOUNT_ID}/signin/" not in page


def test_it_takes_the_key_of_one_slot_for_nothing_in_another(both: Client, world: World) -> None:
    key = both.cookies["session-2"].value
    for name, address in (("session-3", f"/s/3{HOME}"), ("session", HOME), ("session-2", f"/s/3{HOME}")):
        thief = Client()
        thief.cookies[name] = key
        assert thief.get(address).status_code == 302, name
    honest = Client()
    honest.cookies["session-2"] = key
    assert caller(honest, f"/s/2{HOME}") == BOB_ARN


def test_it_takes_a_half_sign_in_of_one_slot_for_nothing_in_another(client: Client, world: World) -> None:
    device = give_device(world.bob)
    enter(client, "bob", 2)
    assert client.get("/s/2/signin/mfa/").status_code == 200
    thief = Client()
    thief.cookies["session-3"] = client.cookies["session-2"].value
    thief.post("/s/3/signin/mfa/", {"code": code_of(device)})
    assert thief.get(f"/s/3{HOME}").status_code == 302


def test_it_shares_neither_drafts_nor_messages(both: Client) -> None:
    session = both.session
    session["secret"] = "alice's"
    session.save()
    both.post("/switchrole/history/", {})
    both.post(f"{HOME}sessions/end/", {"session": "nothing"})
    bobs = both.get(f"/s/2{HOME}")
    assert "had ended already" not in bobs.content.decode()
    assert "secret" not in bobs.wsgi_request.session  # type: ignore[attr-defined]
    assert "had ended already" in both.get(HOME).content.decode()


def test_it_lists_the_others_in_the_menu_each_for_its_own_tab(both: Client) -> None:
    mine, bobs = both.get(HOME).content.decode(), both.get(f"/s/2{HOME}").content.decode()
    assert '<a class="menu-item is-indented" href="/s/2/iam/" target="session-2">' in mine and "bob @" in mine
    assert '<a class="menu-item is-indented" href="/iam/" target="session-1">' in bobs and "alice @" in bobs
    assert 'href="/s/3/signin/" target="session-3"' in mine


def test_it_lists_nobody_whose_session_is_over(both: Client, world: World) -> None:
    ConsoleSession.objects.filter(user_id=world.bob.principal_id).update(version=77)
    page = both.get(HOME).content.decode()
    assert "bob @" not in page and 'href="/s/2/signin/"' in page


def test_it_asks_no_more_of_a_browser_with_one_session(client: Client, world: World) -> None:
    enter_password(client, "alice")
    page = client.get(HOME).content.decode()
    assert "Turn on multi-session" in page and "Add session" not in page


def test_it_signs_out_of_one_and_offers_the_rest(both: Client) -> None:
    assert both.post("/s/2/signout/").headers["Location"] == "/s/2/signed-out/"
    assert not both.cookies["session-2"].value
    page = both.get("/s/2/signed-out/").content.decode()
    assert "Still signed in" in page and 'href="/iam/"' in page and 'href="/s/2/signin/"' in page
    assert caller(both) == ALICE_ARN


@pytest.mark.parametrize("slot", ["", "/s/2"])
def test_it_signs_out_of_all(both: Client, slot: str) -> None:
    keys = {name: both.cookies[name].value for name in ("session", "session-2")}
    both.post(f"{slot}/signout/all/")
    assert [both.cookies[name].value for name in keys] == ["", ""]
    assert not ConsoleSession.objects.filter(ended_at=None).exists()
    for name, key in keys.items():
        copy = Client()
        copy.cookies[name] = key
        assert copy.get(HOME).status_code == copy.get(f"/s/2{HOME}").status_code == 302


def test_it_turns_off_and_ends_the_others(both: Client) -> None:
    both.post(MULTI, {"multi": "off"})
    assert caller(both) == ALICE_ARN
    assert both.get(f"/s/2{HOME}").status_code == 302
    assert not both.cookies["multi_session"].value


def test_it_switches_to_a_role_in_a_new_session(both: Client) -> None:
    make_role()
    answer = switch(both, new="1")
    assert answer.headers["Location"] == "/s/3/iam/"
    assert caller(both, "/s/3/iam/").endswith("assumed-role/auditor/alice")
    assert caller(both) == ALICE_ARN and caller(both, "/s/2/iam/") == BOB_ARN
    assert both.post("/s/3/switchrole/back/").headers["Location"] == "/s/3/iam/"
    assert caller(both, "/s/3/iam/") == ALICE_ARN


def test_it_ends_a_copied_session_when_the_first_one_would_end(both: Client) -> None:
    make_role()
    switch(both, new="1")
    here, there = ConsoleSession.objects.filter(user_id=alice_id()).order_by("slot")
    assert (here.since, here.version) == (there.since, there.version)


def alice_id() -> str:
    return ConsoleSession.objects.get(slot=1).user_id


def test_it_has_five_sessions_at_most(both: Client, world: World) -> None:
    make_role()
    for slot in (3, 4, 5):
        assert switch(both, new="1").headers["Location"] == f"/s/{slot}/iam/"
    answer = switch(both, new="1")
    assert answer.status_code == 422 and "5 sessions" in answer.content.decode()
    assert "Add session" not in both.get(HOME).content.decode()
    assert both.get("/s/6/iam/").status_code == 404


def test_it_can_give_the_first_slot_away_again(both: Client) -> None:
    both.post("/signout/")
    assert 'href="/signin/" target="session-1"' in both.get(f"/s/2{HOME}").content.decode()


@pytest.mark.parametrize("address", ["/s/1/iam/", "/s/02/iam/", "/s/2", "/s/22/iam/", "/s/-2/iam/", "/s/2iam/"])
def test_it_knows_no_other_addresses(both: Client, address: str) -> None:
    assert both.get(address).status_code in (301, 404)


@pytest.mark.parametrize("value", ["x", "a" * 5000, "é", '"', ""])
def test_it_survives_any_cookie(both: Client, value: str) -> None:
    for name in ("session", "session-2", "session-5", "multi_session"):
        broken = Client()
        broken.cookies.update(both.cookies)
        broken.cookies[name] = value
        assert broken.get(HOME).status_code in (200, 302)
        assert broken.get(f"/s/2{HOME}").status_code in (200, 302)
        assert broken.get("/signed-out/").status_code == 200


def test_it_leaves_the_wire_alone(both: Client) -> None:
    """A post to the first address of a slot is for the console, not for STS."""
    form = "Action=GetCallerIdentity&Version=2011-06-15"
    kind = "application/x-www-form-urlencoded"
    assert both.post("/s/2/", form, content_type=kind).headers["Content-Type"].startswith("text/html")
    assert both.post("/", form, content_type=kind).headers["Content-Type"].startswith("text/xml")


def test_it_names_the_cookie_for_its_host_on_https(settings: object) -> None:
    settings.SESSION_COOKIE_NAME = "__Host-session"  # type: ignore[attr-defined]
    assert [cookie_name(slot) for slot in (1, 2)] == ["__Host-session", "__Host-session-2"]
