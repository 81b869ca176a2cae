from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from accounts.models import Throttle
from accounts.throttle import Attempt
from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.proxies import SCHEME, believe, trusted_proxies
from tests.cast import ACCOUNT_ID
from tests.iamconsole.api.calling import call, key_of
from tests.pages import sign_in
from tests.world import World, allow

FORGED = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "x-real-ip": "203.0.113.9"}


def told(peer: str, forwarded: str = "", proto: str = "", proxies: str = "10.0.0.0/8,::1") -> tuple[str, str]:
    meta: dict[str, object] = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    if proto:
        meta["HTTP_X_FORWARDED_PROTO"] = proto
    believe(meta, tuple(proxies.split(",")) if proxies else ())
    return str(meta["REMOTE_ADDR"]), str(meta.get(SCHEME, ""))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("::1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"),
        ("10.0.0.1", "nonsense, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("not an address", "203.0.113.9", "not an address"),
        ("", "203.0.113.9", ""),
    ],
)
def test_it_takes_the_rightmost_address_that_no_trusted_proxy_has(peer: str, forwarded: str, client: str) -> None:
    assert told(peer, forwarded)[0] == client


def test_it_trusts_a_unix_socket_when_told_to() -> None:
    assert told("", "203.0.113.9", "https", "unix") == ("203.0.113.9", "https")


@pytest.mark.parametrize(
    ("peer", "forwarded", "proto", "scheme"),
    [
        ("10.0.0.1", "203.0.113.9", "https", "https"),
        ("10.0.0.1", "203.0.113.9", "http", "http"),
        ("10.0.0.1", "203.0.113.9", "", "http"),
        ("10.0.0.1", "203.0.113.9", "https, http", "http"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "https, http", "https"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "https", "https"),
        ("192.0.2.1", "", "https", "http"),
        ("192.0.2.1", "", "", ""),
    ],
)
def test_it_takes_the_scheme_of_the_outermost_trusted_proxy(peer: str, forwarded: str, proto: str, scheme: str) -> None:
    assert told(peer, forwarded, proto)[1] == scheme


def test_it_does_not_start_with_a_proxy_that_is_none(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["proxy.example.org"]
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        trusted_proxies(lambda request: None)  # type: ignore[arg-type, return-value]


def fail_to_sign_in(client: Client) -> None:
    client.post("/signin/", {"account": ACCOUNT_ID, "user_name": "bob", "password": "wrong"}, headers=FORGED)


def key_from(address: str) -> bool:
    return Throttle.objects.filter(key=Attempt(ACCOUNT_ID, "user/bob", address).pair).exists()


def test_it_changes_nothing_for_a_stranger_who_forges_headers(client: Client, world: World) -> None:
    fail_to_sign_in(client)
    assert key_from("127.0.0.1") and not key_from("203.0.113.9")
    assert Event.objects.get(name="ConsoleLogin").source_ip == "127.0.0.1"


def test_it_counts_and_records_the_client_of_a_trusted_proxy(client: Client, world: World, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    fail_to_sign_in(client)
    assert key_from("203.0.113.9") and not key_from("127.0.0.1")
    assert Event.objects.get(name="ConsoleLogin").source_ip == "203.0.113.9"


SOURCE = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*",
 "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.9"}, "Bool": {"aws:SecureTransport": "true"}}}]}"""


@pytest.mark.parametrize(("proxies", "status"), [([], 403), (["127.0.0.1"], 200)])
def test_it_decides_policies_by_the_true_origin_on_pages_and_the_wire(
    client: Client, world: World, settings: Settings, proxies: list[str], status: int
) -> None:
    settings.TRUSTED_PROXIES = proxies
    policy = {"UserName": "bob", "PolicyName": "from-there", "PolicyDocument": SOURCE}
    perform(world.system, "iam:PutUserPolicy", policy)
    sign_in(client, world.bob)
    assert client.get("/iam/users/", headers=FORGED).status_code == status
    assert call(client, key_of(world.bob), "ListUsers", headers=FORGED).status_code == status
    allow(world.bob, "iam:ListUsers")
    assert client.get("/iam/users/").status_code == 200
