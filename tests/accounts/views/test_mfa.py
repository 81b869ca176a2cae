from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import PendingSignIn
from iamconsole.events.models import Event
from identities.models import User
from tests.accounts.views.people import (
    FAILED,
    HOME,
    code_of,
    enter_code,
    enter_password,
    enter_root_password,
    give_device,
    is_signed_in,
    wrong_code,
)
from tests.world import World


def test_it_asks_for_a_code_after_the_password(client: Client, world: World) -> None:
    device = give_device(world.alice)
    assert enter_password(client, "alice").headers["Location"] == "/signin/mfa/"
    assert "Additional verification required" in client.get("/signin/mfa/").content.decode()
    assert enter_code(client, code_of(device)).headers["Location"] == HOME
    assert is_signed_in(client)


def test_it_takes_a_code_of_any_device_typed_with_a_space(client: Client, world: World) -> None:
    give_device(world.alice)
    second = give_device(world.alice, "tablet")
    enter_password(client, "alice")
    code = code_of(second)
    enter_code(client, f"{code[:3]} {code[3:]}")
    assert is_signed_in(client)


def test_it_asks_root_too(client: Client, world: World) -> None:
    device = give_device(world.root)
    assert enter_root_password(client, "root@alice.example").headers["Location"] == "/signin/mfa/"
    enter_code(client, code_of(device))
    assert is_signed_in(client)


def test_it_does_not_take_a_device_of_root_for_a_user(client: Client, world: World) -> None:
    give_device(world.alice)
    device = give_device(world.root, "roots")
    enter_password(client, "alice")
    assert FAILED in enter_code(client, code_of(device)).content.decode()
    assert not is_signed_in(client)


def test_it_stays_on_the_page_after_a_wrong_code(client: Client, world: World) -> None:
    device = give_device(world.alice)
    enter_password(client, "alice")
    assert FAILED in enter_code(client, wrong_code(device)).content.decode()
    enter_code(client, code_of(device))
    assert is_signed_in(client)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_it_wants_six_digits(client: Client, world: World, text: str) -> None:
    give_device(world.alice)
    enter_password(client, "alice")
    assert "is-invalid" in enter_code(client, text).content.decode()


def test_it_refuses_a_code_that_was_used(client: Client, world: World) -> None:
    device = give_device(world.alice)
    code = code_of(device)
    enter_password(client, "alice")
    enter_code(client, code)
    other = Client()
    enter_password(other, "alice")
    assert FAILED in enter_code(other, code).content.decode()
    assert not is_signed_in(other)


def test_it_refuses_the_right_code_after_five_wrong_ones(client: Client, world: World) -> None:
    device = give_device(world.alice)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        enter_password(client, "alice")
        for _ in range(5):
            enter_code(client, wrong_code(device))
        assert FAILED in enter_code(client, code_of(device)).content.decode()
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        assert enter_code(client, code_of(device)).status_code == 303


def test_it_counts_codes_apart_from_passwords(client: Client, world: World) -> None:
    device = give_device(world.alice)
    enter_password(client, "alice")
    for _ in range(6):
        enter_code(client, wrong_code(device))
    assert enter_password(client, "alice").headers["Location"] == "/signin/mfa/"


def test_it_gives_a_new_session_key_at_each_step(client: Client, world: World) -> None:
    device = give_device(world.alice)
    enter_password(client, "alice")
    half = client.session.session_key
    enter_code(client, code_of(device))
    assert client.session.session_key not in (None, half)
    stale = Client()
    stale.cookies["session"] = half
    assert stale.get("/signin/mfa/").status_code == 303
    assert not is_signed_in(stale)


def test_it_forgets_a_half_sign_in_after_five_minutes(client: Client, world: World) -> None:
    device = give_device(world.alice)
    enter_password(client, "alice")
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        assert enter_code(client, code_of(device)).headers["Location"] == "/signin/"
        assert not is_signed_in(client)


def test_it_uses_a_half_sign_in_once(client: Client, world: World) -> None:
    device = give_device(world.alice)
    enter_password(client, "alice")
    copy = Client()
    copy.cookies["session"] = client.session.session_key
    PendingSignIn.objects.all().delete()  # what the first of two parallel requests does
    assert enter_code(copy, code_of(device)).headers["Location"] == "/signin/"
    assert not is_signed_in(copy)


def test_it_drops_a_half_sign_in_when_the_credentials_change(client: Client, world: World) -> None:
    device = give_device(world.alice)
    enter_password(client, "alice")
    User.objects.filter(pk=world.alice.principal_id).update(credential_version=7)
    assert enter_code(client, code_of(device)).headers["Location"] == "/signin/"


def test_it_opens_no_page_to_a_half_sign_in(client: Client, world: World) -> None:
    give_device(world.alice)
    enter_password(client, "alice")
    opened = [path for path in _addresses() if client.get(path).status_code == 200]
    assert "/signin/mfa/" in opened
    assert all(path.startswith(("/signin/", "/signed-out/", "/ui-kit/", "/abc/signin/")) for path in opened), opened


def test_it_takes_no_step_without_a_password(client: Client, world: World) -> None:
    give_device(world.alice)
    for page in ("/signin/mfa/", "/signin/change-password/"):
        assert client.get(page).headers["Location"] == "/signin/"
        assert client.post(page, {"code": "123456"}).headers["Location"] == "/signin/"


def test_it_does_not_take_the_mfa_step_for_a_password_change(client: Client, world: World) -> None:
    give_device(world.alice)
    enter_password(client, "alice")
    assert client.get("/signin/change-password/").headers["Location"] == "/signin/"


def test_it_records_the_challenge_and_the_device_used(client: Client, world: World) -> None:
    device = give_device(world.alice)
    enter_password(client, "alice")
    enter_code(client, wrong_code(device))
    enter_code(client, code_of(device))
    shown = [
        (event.name, event.record["responseElements"], event.record["additionalEventData"].get("MFAUsed"))
        for event in Event.objects.filter(source="signin.amazonaws.com").order_by("id")
    ]
    assert shown == [
        ("CheckMfa", {"CheckMfa": "Success"}, None),
        ("ConsoleLogin", {"ConsoleLogin": "Failure"}, "Yes"),
        ("ConsoleLogin", {"ConsoleLogin": "Success"}, "Yes"),
    ]


def _addresses() -> list[str]:
    """Every address of the console, with something in place of its parameters."""
    found: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            route = getattr(pattern.pattern, "_route", None)
            piece = "abc/signin/" if route is None and isinstance(pattern, URLPattern) else route or ""
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, prefix + piece)
            else:
                found.append("/" + _filled(prefix + piece))

    walk(get_resolver().url_patterns, "")
    return found


def _filled(route: str) -> str:
    import re

    uuid = "00000000-0000-4000-8000-000000000000"
    return re.sub(r"<(?:(\w+):)?\w+>", lambda m: uuid if m[1] == "uuid" else "1" if m[1] == "int" else "abc", route)
