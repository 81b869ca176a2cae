from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import recovery
from accounts.caller import Session
from accounts.models import Account, Mail, MailedLink
from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.operations.errors import EntityAlreadyExists
from iamconsole.operations.secrets import Secret
from identities import root_login
from tests.accounts.views.people import (
    enter_password,
    enter_root_password,
    give_device,
    is_signed_in,
)
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.world import World

TASK = "arn:aws:iam::aws:policy/root-task/IAMCreateRootUserPassword"
FORGOT, NEW = "/signin/root/forgot-password/", "brand-New-Word-8"
ROOT, NOBODY = "root@alice.example", "nobody@nowhere.example"


def ask(client: Client, email: str = ROOT, **more: Any) -> str:
    return client.post(FORGOT, {"email": email}, **more).content.decode()


def link() -> str:
    """The address of the latest mail, without its host."""
    found = re.search(r"http://testserver(/signin/root/reset/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def reset(client: Client, address: str, new: str = NEW, again: str = "") -> Any:
    return client.post(address, {"new": new, "again": again or new})


def test_it_leads_from_sign_in_to_a_new_password(client: Client, world: World) -> None:
    page = client.post("/signin/root/", {"email": ROOT}).content.decode()
    assert f'href="{FORGOT}">Forgot password?' in page
    assert "a link to choose a new password is on its way" in ask(client)
    assert mail.outbox[0].to == [ROOT] and ACCOUNT_ID in mail.outbox[0].body
    page = client.get(link()).content.decode()
    assert "Reset your root user password" in page and "8 to 128 characters" in page
    done = reset(client, link())
    assert (done.status_code, done.headers["Location"]) == (303, "/signin/root/")
    assert "Your password was changed" in client.get("/signin/root/").content.decode()
    assert enter_root_password(Client(), ROOT).status_code == 200
    assert enter_root_password(client, ROOT, NEW).status_code == 303
    assert mail.outbox[-1].subject == "The password of your root user was changed"


def test_it_ends_every_session_of_root_and_no_other(client: Client, world: World) -> None:
    root, bob = Client(), Client()
    enter_root_password(root, ROOT)
    enter_password(bob, "bob")
    ask(client)
    reset(client, link())
    assert (is_signed_in(root), is_signed_in(bob)) == (False, True)


def test_it_still_asks_for_the_second_factor(client: Client, world: World) -> None:
    give_device(world.root)
    ask(client)
    reset(client, link())
    assert enter_root_password(client, ROOT, NEW).headers["Location"] == "/signin/mfa/"


def test_it_records_both_ends(client: Client, world: World) -> None:
    ask(client)
    secrets = (link().rsplit("/", 2)[1], NEW)
    reset(client, link())
    events = Event.objects.order_by("id").values_list("name", "account_id", "user_name")
    assert list(events) == [
        ("PasswordRecoveryRequested", ACCOUNT_ID, "root"),
        ("PasswordRecoveryCompleted", ACCOUNT_ID, "root"),
    ]
    assert not any(secret in str(list(Event.objects.values())) for secret in secrets)


def test_it_answers_an_unknown_address_alike_and_does_the_same(client: Client, world: World) -> None:
    known, unknown = ask(client), ask(client, NOBODY)
    assert _plain(known).replace(ROOT, "x") == _plain(unknown).replace(NOBODY, "x")
    assert [each.to for each in mail.outbox] == [[ROOT]]
    assert (MailedLink.objects.count(), Event.objects.count()) == (2, 2)
    event = Event.objects.latest("id")
    assert (event.account_id, NOBODY in str(event.record)) == ("", False)


def _plain(page: str) -> str:
    return re.sub(r'value="[^"]*"|x-csrftoken":"[^"]*"', "", page)


def test_it_takes_the_address_in_whatever_case(client: Client, world: World) -> None:
    ask(client, "ROOT@Alice.example")
    assert mail.outbox[0].to == [ROOT]


@pytest.mark.parametrize("email", ["", "no address", "a@b\nBcc: eve@evil.example"])
def test_it_says_what_is_no_address(client: Client, world: World, email: str) -> None:
    page = ask(client, email)
    assert "is-invalid" in page and not mail.outbox


def test_a_link_works_once(client: Client, world: World) -> None:
    ask(client)
    address = link()
    reset(client, address)
    assert "This link does not work" in client.get(address).content.decode()
    assert "This link does not work" in reset(client, address, "another-Word-9").content.decode()
    assert enter_root_password(client, ROOT, NEW).status_code == 303


def test_of_two_who_use_a_link_one_succeeds(world: World) -> None:
    ask(Client())
    now = timezone.now()
    opened = recovery.opened(link().rsplit("/", 2)[1], now)
    assert opened
    results = [recovery.complete(opened, Secret(NEW), world.root.origin, now) for _ in range(2)]
    assert results == [True, False]


@pytest.mark.parametrize(("minutes", "works"), [(59, True), (61, False)])
def test_a_link_works_for_an_hour(client: Client, world: World, minutes: int, works: bool) -> None:
    ask(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
        assert ("This link does not work" in client.get(link()).content.decode()) is not works


def test_a_link_is_dead_once_the_password_changed_or_another_was_used(client: Client, world: World) -> None:
    for _ in range(2):
        ask(client)
    first, second = (re.search(r"(/signin/root/reset/\S+)", str(each.body)) for each in mail.outbox)
    assert first and second
    reset(client, second[1])
    assert "This link does not work" in client.get(first[1]).content.decode()


def test_a_link_opens_its_own_account_and_purpose_alone(client: Client, world: World) -> None:
    ask(client)
    before = Account.objects.get(pk=OTHER_ACCOUNT_ID).root_password
    MailedLink.objects.update(purpose="something-else")
    assert "This link does not work" in reset(client, link()).content.decode()
    MailedLink.objects.update(purpose=recovery.PURPOSE)
    reset(client, link())
    assert Account.objects.get(pk=OTHER_ACCOUNT_ID).root_password == before


def test_it_tells_by_mail_alone_that_recovery_is_disabled(client: Client, world: World) -> None:
    usual = _plain(ask(client))
    sent = link()
    root_login.remove(ACCOUNT_ID)
    assert _plain(ask(client)) == usual
    assert "Password recovery is disabled" in mail.outbox[-1].body and "/reset/" not in mail.outbox[-1].body
    assert "This link does not work" in client.get(sent).content.decode()


def test_it_is_allowed_again_by_the_privileged_task(client: Client, world: World) -> None:
    root_login.remove(ACCOUNT_ID)
    task = replace(world.root, session=Session(0, 2e9, policy_arns=(TASK,)))
    made = perform(task, "iam:CreateLoginProfile")["LoginProfile"]
    assert isinstance(made, dict) and made["UserName"] == ACCOUNT_ID
    ask(client)
    assert reset(client, link()).status_code == 303
    with pytest.raises(EntityAlreadyExists):
        perform(task, "iam:CreateLoginProfile")


def test_a_link_of_nobody_opens_nothing(client: Client, world: World) -> None:
    ask(client)
    MailedLink.objects.update(account=None)
    assert "This link does not work" in client.get(link()).content.decode()


@pytest.mark.parametrize(
    ("new", "again", "text"),
    [
        ("short", "", "minimum length of 8"),
        ("Password1", "", "most common"),
        (NEW, "other", "do not match"),
        ("rOOt@alice.example", "", "does not conform"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_link(
    client: Client, world: World, new: str, again: str, text: str
) -> None:
    ask(client)
    assert text in reset(client, link(), new, again).content.decode()
    assert reset(client, link()).status_code == 303


def test_it_sends_three_an_hour_to_one_address(client: Client, world: World) -> None:
    pages = {_plain(ask(client)) for _ in range(5)}
    assert (len(pages), len(mail.outbox)) == (1, 3)


def test_it_does_not_let_one_address_flood_the_others(client: Client, world: World) -> None:
    for number in range(20):
        ask(client, f"{number}@nowhere.example")
    ask(client)
    assert not mail.outbox
    ask(client, REMOTE_ADDR="198.51.100.1")
    assert len(mail.outbox) == 1


def test_it_never_mails_a_host_that_was_only_claimed(client: Client, world: World, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.example.net", "https://iam.example.org"]
    ask(client, headers={"host": "evil.example"})
    assert "https://iam.example.org/signin/root/reset/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body


def test_it_survives_a_mail_server_that_is_away(client: Client, world: World, settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1,
    )  # fmt: skip
    assert "on its way" in ask(client)


def test_it_shows_the_mail_on_a_page_in_a_demo(client: Client, world: World, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "accounts.mailbox.MailboxBackend"
    assert client.get("/mailbox/").status_code == 404
    settings.DEMO = True
    assert "No mails" in client.get("/mailbox/").content.decode()
    assert 'href="/mailbox/"' in ask(client)
    found = re.search(r'href="http://testserver(/signin/root/reset/[^"]+)"', client.get("/mailbox/").content.decode())
    assert found and reset(client, found[1]).status_code == 303
    assert client.get("/mailbox/", REMOTE_ADDR="192.0.2.1").status_code == 404
    for header in ("x-forwarded-for", "forwarded", "x-real-ip", "via"):
        assert client.get("/mailbox/", headers={header: "127.0.0.1"}).status_code == 404, "it is behind a proxy"


def test_the_mailbox_keeps_the_latest_hundred(world: World, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "accounts.mailbox.MailboxBackend"
    for number in range(103):
        mail.send_mail(str(number), "", None, ["root@alice.example"])
    assert set(Mail.objects.values_list("subject", flat=True)) == {str(number) for number in range(3, 103)}
