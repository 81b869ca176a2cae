"""A captured cookie, held up to two processes: what ends a session ends it for the very next request of both."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Account, ConsoleSession
from accounts.sessions import KEY
from iamconsole.operations.door import perform
from identities.models import User
from tests.accounts.roles import make_role, switch
from tests.accounts.views.people import give_device, give_password
from tests.cast import ACCOUNT_ID
from tests.pages import session_key, sign_in
from tests.wire.servers import port_of, server
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
BOB = {"UserName": "bob"}
Change = Callable[[World, str], object]


@pytest.fixture
def ports(transactional_db: None) -> Iterator[list[int]]:
    with ExitStack() as running:
        started = [running.enter_context(server()) for _ in range(2)]
        yield [port_of(each) for each in started]


def statuses(ports: list[int], key: str, path: str = "/iam/security-credentials/") -> list[int]:
    """What each process answers to the cookie."""
    return [_status(port, key, path) for port in ports]


def _status(port: int, key: str, path: str) -> int:
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        talk.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"})
        return talk.getresponse().status
    finally:
        talk.close()


def change_password(world: World, key: str) -> None:
    perform(world.alice, "iam:UpdateLoginProfile", {**BOB, "Password": "another-Word-55"})


def deactivate_password(world: World, key: str) -> None:
    perform(world.alice, "iam:DeleteLoginProfile", BOB)


def remove_device(world: World, key: str) -> None:
    serial = f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"
    perform(world.alice, "iam:DeactivateMFADevice", {**BOB, "SerialNumber": serial})


def delete_user(world: World, key: str) -> None:
    User.objects.get(pk=world.bob.principal_id).delete()


def end_session(world: World, key: str) -> None:
    admin, store = Client(), import_module(settings.SESSION_ENGINE).SessionStore(key)
    sign_in(admin, world.alice)
    answer = admin.post("/iam/users/bob/sessions/end/", {"session": store[KEY]})
    assert answer.status_code == 303


def sign_out(world: World, key: str) -> None:
    here = Client()
    here.cookies[settings.SESSION_COOKIE_NAME] = key
    assert here.post("/signout/").status_code == 303


def grow_old(world: World, key: str) -> None:
    ConsoleSession.objects.filter(user_id=world.bob.principal_id).update(since=timezone.now() - timedelta(hours=12))


CHANGES: list[Change] = [
    change_password, deactivate_password, remove_device, delete_user, end_session, sign_out, grow_old,
]  # fmt: skip


def test_it_refuses_a_captured_cookie_in_both_processes(ports: list[int]) -> None:
    for change in CHANGES:
        Account.objects.all().delete()
        world = make_world()
        give_password(world.bob)
        give_device(world.bob)
        key, bystander = session_key(world.bob), session_key(world.alice)
        assert statuses(ports, key) == [200, 200], change.__name__
        change(world, key)
        assert statuses(ports, key) == [302, 302], f"{change.__name__}: a captured cookie still counts"
        assert statuses(ports, bystander) == [200, 200], f"{change.__name__} ended the session of somebody else"


def test_it_refuses_a_revoked_role_session_in_both_processes(ports: list[int]) -> None:
    world, browser = make_world(), Client()
    make_role()
    sign_in(browser, world.alice)
    with time_machine.travel(timezone.now() - timedelta(seconds=5), tick=False):
        assert switch(browser).status_code == 303
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert statuses(ports, key, "/iam/users/") == [200, 200]
    admin = Client()
    sign_in(admin, world.charlie)
    assert admin.post("/iam/roles/auditor/revoke-sessions/", {"sure": "on"}).status_code == 303
    assert statuses(ports, key, "/iam/users/") == [403, 403]
