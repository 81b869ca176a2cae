from __future__ import annotations

import html
import re
from datetime import datetime

import pytest
from botocore.credentials import Credentials
from django.test import Client
from django.utils import timezone

from iamconsole.events.models import Event
from tests.accounts.views.people import HOME
from tests.iamconsole.api.calling import call
from tests.pages import sign_in
from tests.world import World

PAGE = f"{HOME}temporary/"


def get(client: Client, hours: str = "1") -> str:
    return html.unescape(client.post(PAGE, {"hours": hours}).content.decode())


def credentials(page: str) -> Credentials:
    found = dict(re.findall(r'export (AWS_\w+)="([^"]+)"', page))
    assert found["AWS_ENDPOINT_URL"] == "http://testserver"
    return Credentials(found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"], found["AWS_SESSION_TOKEN"])


def test_it_leads_there_and_asks_for_how_long(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    assert f'href="{PAGE}"' in client.get(HOME).content.decode()
    page = client.get(PAGE)
    assert "12 hours" in page.content.decode() and "export" not in page.content.decode()


def test_it_gives_credentials_that_work(client: Client, world: World) -> None:
    sign_in(client, world.alice, mfa=True)
    key = credentials(get(client))
    wire = Client()
    assert world.alice.arn in call(wire, key, "GetCallerIdentity", service="sts").content.decode()
    assert call(wire, key, "ListUsers").status_code == 200


def test_they_carry_the_mfa_of_the_session_and_only_then(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = get(client)
    assert "You signed in without MFA" in page
    assert call(Client(), credentials(page), "ListUsers").status_code == 403
    sign_in(client, world.alice, mfa=True)
    assert "You signed in with MFA" in client.get(PAGE).content.decode()


def test_it_writes_them_for_every_shell(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = get(client)
    secret = credentials(page).secret_key
    assert f'$Env:AWS_SECRET_ACCESS_KEY="{secret}"' in page
    assert "[iamconsole]\naws_access_key_id = ASIA" in page and "endpoint_url = http://testserver" in page


def test_it_shows_them_once_and_keeps_nothing(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    answer = client.post(PAGE, {"hours": "1"})
    assert answer.headers["Cache-Control"] == "no-store"
    key = credentials(html.unescape(answer.content.decode()))
    assert key.secret_key and key.secret_key not in html.unescape(client.get(PAGE).content.decode())
    assert key.secret_key not in str(dict(client.session)) + str(list(Event.objects.values()))
    assert credentials(get(client)).access_key != key.access_key


@pytest.mark.parametrize(("hours", "seconds"), [("1", 3600), ("4", 14_400), ("12", 43_200)])
def test_they_last_as_long_as_asked(client: Client, world: World, hours: str, seconds: int) -> None:
    sign_in(client, world.alice)
    before = timezone.now()
    found = re.search(r'They work until <time datetime="([^"]+)"', get(client, hours))
    assert found and abs((datetime.fromisoformat(found[1]) - before).total_seconds() - seconds) < 60


@pytest.mark.parametrize("hours", ["", "13", "x"])
def test_it_offers_nothing_else(client: Client, world: World, hours: str) -> None:
    sign_in(client, world.alice)
    assert "is-invalid" in get(client, hours)


def test_root_gets_an_hour_at_most(client: Client, world: World) -> None:
    sign_in(client, world.root)
    assert "12 hours" not in client.get(PAGE).content.decode() and "is-invalid" in get(client, "12")
    assert ":root" in call(Client(), credentials(get(client)), "GetCallerIdentity", service="sts").content.decode()


def test_it_is_open_to_whoever_has_no_permission_as_on_aws(client: Client, world: World) -> None:
    sign_in(client, world.bob)
    assert "Temporary credentials created" in get(client)
