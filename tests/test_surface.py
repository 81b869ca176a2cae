"""What a browser, or whoever writes requests by hand, meets before any page: redirects, hosts, headers, cookies."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from iamconsole.events.models import Event
from tests import hostile
from tests.accounts.views.people import HOME, PASSWORD, enter_password, give_password
from tests.cast import ACCOUNT_ID
from tests.iamconsole.api.calling import call, key_of
from tests.pages import session_key, sign_in
from tests.world import World

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
AWS = "AWS4-HMAC-SHA256 Credential=A/20261125/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"


def leads_to(answer: Any) -> str:
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""


@pytest.mark.parametrize("address", hostile.ADDRESSES)
@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_no_form_leads_elsewhere(client: Client, world: World, address: str, htmx: dict[str, str]) -> None:
    for page in ("/preferences/", "/preferences/table/"):
        answer = client.post(page, {"mode": "dark", "table": "users-table", "next": address}, headers=htmx)
        assert leads_to(answer) == "/", page


@pytest.mark.parametrize("address", hostile.ADDRESSES)
def test_no_page_links_elsewhere_because_it_was_told_to(client: Client, world: World, address: str) -> None:
    for page in ("/signin/", "/signin/root/", "/signin/mfa/", "/signin/change-password/"):
        answer = client.get(page, {"next": address})
        assert urlsplit(leads_to(answer)).netloc == "" and not leads_to(answer).startswith("//"), page
        assert f'href="{address}"' not in answer.content.decode()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "evil.example:80", "", "[", "a b", "é"]
)
def test_it_answers_no_other_host(client: Client, db: None, host: str) -> None:
    for page in ("/signin/", HOME, "/signin/root/forgot-password/"):
        assert client.get(page, headers={"host": host, "x-forwarded-host": "127.0.0.1"}).status_code == 400


def test_it_believes_no_forwarded_host(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = client.get(HOME, headers={"x-forwarded-host": "evil.example"}).content.decode()
    assert "evil.example" not in page and "http://testserver/" in page


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("/signin/", 200), (HOME, 200), ("/iam/users/nobody/", 404), ("/nowhere/", 404), ("/signout/", 405),
        ("/iam/users/?selected=%00", 200),
    ],
)  # fmt: skip
def test_it_sends_its_headers_whatever_the_answer(client: Client, world: World, page: str, status: int) -> None:
    sign_in(client, world.alice)
    answer = client.get(page)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["X-Request-Id"]


def test_the_wire_sends_them_too_and_opens_to_no_other_origin(client: Client, db: None) -> None:
    answer = client.get("/", headers={"authorization": AWS, "origin": "https://evil.example"})
    assert answer.status_code >= 400 and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert not answer.cookies


def test_cookies_are_for_the_server_and_this_site_alone(client: Client, world: World, settings: Settings) -> None:
    settings.HTTPS, settings.COOKIE_PREFIX = True, "__Host-"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrftoken"
    give_password(world.bob)
    client.get("/signin/", secure=True)
    enter_password(client, "bob", remember="on")
    client.post("/preferences/", {"mode": "dark"}, secure=True)
    client.post("/preferences/table/", {"table": "users-table"}, secure=True)
    assert len(client.cookies) >= 7
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-"), name
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax", name
        assert cookie["path"] == "/" and not cookie["domain"], name
    assert 'data-mode="dark"' in client.get("/signin/", secure=True).content.decode()


def test_a_deployment_as_described_passes_djangos_own_check() -> None:
    deployed = {
        "IAMCONSOLE_HTTPS": "1", "TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": "iam.example.org",
        "CSRF_TRUSTED_ORIGINS": "https://iam.example.org", "DJANGO_SETTINGS_MODULE": "iamconsole.settings",
    }  # fmt: skip
    # What the tests of the browser allow themselves is no part of a deployment.
    around = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=configured.BASE_DIR, env={**around, **deployed}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_it_survives_what_a_database_does_not_keep(client: Client, world: World) -> None:
    """NUL characters: PostgreSQL takes none, in a key looked up or in the browser's name that an event keeps."""
    give_password(world.bob)
    odd = {"user-agent": "Brow\x00ser"}
    assert (
        client.get(HOME, headers={"cookie": f"{configured.SESSION_COOKIE_NAME}=\x00\x00\x00\x00abcdefgh"}).status_code
        == 302
    )
    for password in ("wrong", PASSWORD):
        fields = {"account": ACCOUNT_ID, "user_name": "bob", "password": password, "next": HOME}
        assert client.post("/signin/", fields, headers=odd).status_code in (200, 303)
    assert client.get(HOME, headers=odd).status_code == 200
    assert call(Client(), key_of(world.bob), "GetCallerIdentity", service="sts", headers=odd).status_code == 200
    assert set(Event.objects.exclude(user_name="iamconsole").values_list("record__userAgent", flat=True)) == {"Browser"}


MUTANTS = 2_000
NOISE = ["", "\x00", "a" * 9_000, "é\xff", "'\"><script>", "../../..", "%00", "\r\n\r\n", "{}", "null", "-1", "0" * 40]
NAMES = [
    "cookie", "host", "user-agent", "accept", "accept-language", "accept-encoding", "content-type", "referer", "origin",
    "hx-request", "hx-boosted", "hx-target", "hx-current-url", "hx-trigger", "hx-history-restore-request", "range",
    "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "x-real-ip", "if-none-match",
    "x-csrftoken", "if-modified-since", "authorization", "connection", "transfer-encoding", "te", "upgrade",
    "x-http-method-override",
]  # fmt: skip
COOKIES = [
    "session",
    "csrftoken",
    "mode",
    "nav",
    "density",
    "signin_kind",
    "signin_account",
    "device_0",
    "table-users",
    "",
]


def mangled(text: str, chance: random.Random) -> str:
    """The text with a few of its characters changed, dropped, doubled, or something else in its place."""
    if not text or chance.random() < 0.2:
        return chance.choice(NOISE)
    letters = list(text)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(letters))
        letters[place] = chance.choice(["", letters[place] * 2, chr(chance.randrange(256)), letters[place].swapcase()])
    return "".join(letters) or "x"


def mutants(key: str, chance: random.Random) -> Iterator[dict[str, str]]:
    """Requests whose session cookie is never the right one, each with one more thing that is wrong."""
    for _ in range(MUTANTS):
        session = mangled(key, chance)
        while session.strip(" \t\"'") == key:
            session = mangled(key, chance)
        rest = f"{chance.choice(COOKIES)}={mangled('', chance)}"
        headers = {"cookie": f"{configured.SESSION_COOKIE_NAME}={session}; {rest}"}
        name = chance.choice(NAMES)
        yield headers | ({name: mangled(headers.get(name, "text/html"), chance)} if chance.random() < 0.8 else {})


@pytest.mark.parametrize("seed", [1, 2])
def test_two_thousand_mutants_open_nothing_and_break_nothing(world: World, seed: int) -> None:
    key, chance, seen = session_key(world.alice), random.Random(seed), Counter[int]()
    stranger = Client(raise_request_exception=False)
    for headers in mutants(key, chance):
        page = chance.choice([HOME, "/iam/users/", "/iam/", "/cloudtrail/events/", f"{HOME}temporary/"])
        verb = chance.choice([stranger.get, stranger.get, stranger.post, stranger.head, stranger.options])
        answer = verb(page, headers=headers)
        seen[answer.status_code] += 1
        assert answer.status_code < 500 and answer.status_code != 200, (headers, answer.status_code)
    assert seen.total() == MUTANTS and seen[302] > MUTANTS / 2


def test_mutants_of_what_else_comes_with_a_good_session_break_nothing(world: World) -> None:
    key, chance, seen = session_key(world.alice), random.Random(3), Counter[int]()
    browser = Client(raise_request_exception=False)
    for _ in range(500):
        name = chance.choice(NAMES[1:])
        rest = f"{chance.choice(COOKIES[1:])}={mangled('', chance)}"
        headers = {"cookie": f"{configured.SESSION_COOKIE_NAME}={key}; {rest}", name: mangled("text/html", chance)}
        answer = browser.get("/iam/users/", headers=headers)
        seen[answer.status_code] += 1
        assert answer.status_code < 500, headers
    assert seen[200] > 250
