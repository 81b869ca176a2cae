"""A right password alone opens nothing: every address, with a session that waits for its second step."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from django.test import Client

from tests.accounts.views.people import HOME, PASSWORD, enter_password, give_device, give_password
from tests.cast import ACCOUNT_ID
from tests.every_page import addresses, furnish
from tests.pages import session_key
from tests.test_every_page import KIT, OPEN_POSTS, PUBLIC
from tests.world import World, make_world

MUTATIONS = 2_000


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    give_password(world.alice)
    give_password(world.bob, reset=True)
    give_device(world.alice, "tablet")
    return world


@pytest.fixture
def made(world: World) -> Mapping[str, str]:
    return furnish(world)


def protected(made: Mapping[str, str]) -> list[str]:
    """Everything but the way in."""
    public = PUBLIC | OPEN_POSTS | KIT
    return [address for name, address in addresses(made) if name not in public and not name.startswith("signin-")]


@pytest.mark.parametrize("slot", ["", "/s/2"])
@pytest.mark.parametrize(("name", "step"), [("alice", "/signin/mfa/"), ("bob", "/signin/change-password/")])
def test_it_opens_no_page(client: Client, made: Mapping[str, str], name: str, step: str, slot: str) -> None:
    fields = {"account": ACCOUNT_ID, "user_name": name, "password": PASSWORD}
    assert client.post(f"{slot}/signin/", fields).headers["Location"] == slot + step
    opened = [page for page in protected(made) if client.get(slot + page).status_code == 200]
    assert opened == []
    assert [page for page in protected(made) if client.post(slot + page).status_code == 200] == []
    assert client.get(slot + step).status_code == 200, "the step itself is lost on the way"


def test_it_takes_no_mutated_cookie(client: Client, world: World) -> None:
    """Of two thousand cookies like one that counts, none opens a page and none breaks one."""
    good, chance = session_key(world.alice), random.Random(7)
    client.cookies["session"] = good
    assert client.get(HOME).status_code == 200
    seen: dict[int, int] = {}
    for _ in range(MUTATIONS):
        name, value = mutated(good, chance)
        if (name, value) == ("session", good):
            continue
        client.cookies.clear()
        client.cookies[name] = value
        status = client.get(chance.choice([HOME, f"/s/2{HOME}"])).status_code
        seen[status] = seen.get(status, 0) + 1
    assert set(seen) == {302}


def mutated(good: str, chance: random.Random) -> tuple[str, str]:
    """A cookie with a letter changed, left out, doubled, or in another case, under one of the names that count."""
    place, kind = chance.randrange(len(good)), chance.randrange(5)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz0123456789\x00'\"%;é \\")
    change = {0: letter, 1: "", 2: good[place] * 2, 3: good[place].upper(), 4: letter * 50}[kind]
    value = good[:place] + change + good[place + 1 :]
    name = chance.choice(["session", "session", "session-2", "session-3", "__Host-session"])
    return name, value


def test_it_leads_nobody_away_by_the_path_of_a_slot(client: Client, world: World) -> None:
    enter_password(client, "alice")
    for path in ("/s/2//evil.example", "/s/2//evil.example/", "/s/2/%2f%2fevil.example", "/s/2/\\evil.example/"):
        location = client.get(path).headers.get("Location", "/")
        assert location.startswith("/") and not location.startswith(("//", "/\\")), path
