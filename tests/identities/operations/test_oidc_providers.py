"""OpenID Connect providers, text by text."""

from __future__ import annotations

from typing import Any

import pytest

from identities.models import OidcProvider
from identities.quotas import QUOTAS
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do, error
from tests.world import World

URL = "https://idp.example.com/lab"
ARN = f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/idp.example.com/lab"
MISSING = ("NoSuchEntity", f"OpenIDConnect Provider not found for arn {ARN}")
GONE = ("NoSuchEntity", f"OpenId connect Provider {ARN} cannot be found.")
PRINT = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280"


def make(world: World, url: str = URL, **more: object) -> str:
    arn: str = do(world.alice, "CreateOpenIDConnectProvider", Url=url, **more)["OpenIDConnectProviderArn"]
    return arn


def show(world: World) -> dict[str, Any]:
    return do(world.alice, "GetOpenIDConnectProvider", OpenIDConnectProviderArn=ARN)


def test_it_shows_the_url_without_its_scheme(world: World) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    arn = make(world, ClientIDList=["app", "web", "app"], ThumbprintList=[PRINT.upper(), PRINT], Tags=tags)
    assert arn == ARN
    found = show(world)
    assert (found["Url"], found["ClientIDList"]) == ("idp.example.com/lab", ["app", "web"])
    assert (found["ThumbprintList"], found["Tags"]) == ([PRINT], tags)


def test_it_fetches_no_thumbprint(world: World) -> None:
    make(world, ClientIDList=["app"])
    assert (show(world)["ThumbprintList"], show(world)["Tags"]) == ([], [])


def test_it_lists_providers(world: World) -> None:
    make(world)
    assert do(world.alice, "ListOpenIDConnectProviders") == {"OpenIDConnectProviderList": [{"Arn": ARN}]}
    assert do(world.charlie, "ListOpenIDConnectProviders") == {"OpenIDConnectProviderList": []}


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "https://",
        "https:///lab",
        "https://idp.example.com:8443",
        "https://user@idp.example.com",
        "https://idp.example.com/lab?x=1",
        "https://idp.example.com/lab#x",
        "https://idp.example.com/a b",
        "https://-idp.example.com",
        "https://idp..example.com",
        "https://idp.example.com\n",
        "https://[::1]/lab",
    ],
)
def test_it_refuses_what_is_no_url_of_a_provider(world: World, url: str) -> None:
    expected = ("ValidationError", "Invalid Open ID Connect Provider URL")
    assert error(world.alice, "CreateOpenIDConnectProvider", Url=url) == expected


def test_it_refuses_plain_http(world: World) -> None:
    expected = ("InvalidInput", "Invalid Open ID Connect Provider URL. The URL must begin with https://.")
    assert error(world.alice, "CreateOpenIDConnectProvider", Url="http://idp.example.com") == expected


def test_it_refuses_a_url_twice(world: World) -> None:
    make(world)
    expected = ("EntityAlreadyExists", f"Provider with url {URL} already exists.")
    assert error(world.alice, "CreateOpenIDConnectProvider", Url=URL) == expected
    do(world.charlie, "CreateOpenIDConnectProvider", Url=URL)


def test_it_tells_urls_apart_by_case_and_closing_slash(world: World) -> None:
    for url in (URL, f"{URL}/", "https://idp.example.com/Lab"):
        make(world, url)
    assert OidcProvider.objects.count() == 3


def test_it_adds_and_removes_client_ids(world: World) -> None:
    make(world, ClientIDList=["app"])
    for name, client_id in (("Add", "web"), ("Add", "web")):
        do(world.alice, f"{name}ClientIDToOpenIDConnectProvider", OpenIDConnectProviderArn=ARN, ClientID=client_id)
    assert show(world)["ClientIDList"] == ["app", "web"]
    for client_id in ("app", "nobody"):
        given = {"OpenIDConnectProviderArn": ARN, "ClientID": client_id}
        do(world.alice, "RemoveClientIDFromOpenIDConnectProvider", **given)
    assert show(world)["ClientIDList"] == ["web"]


def test_it_takes_a_hundred_client_ids(world: World) -> None:
    expected = ("LimitExceeded", "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100")
    many = [f"app{number}" for number in range(101)]
    assert error(world.alice, "CreateOpenIDConnectProvider", Url=URL, ClientIDList=many) == expected
    make(world, ClientIDList=many[:100])
    given = {"OpenIDConnectProviderArn": ARN, "ClientID": "one-more"}
    assert error(world.alice, "AddClientIDToOpenIDConnectProvider", **given) == expected
    do(world.alice, "AddClientIDToOpenIDConnectProvider", **{**given, "ClientID": "app0"})


def test_it_replaces_thumbprints(world: World) -> None:
    make(world, ThumbprintList=[PRINT])
    given = {"OpenIDConnectProviderArn": ARN, "ThumbprintList": ["0" * 40, "1" * 40]}
    do(world.alice, "UpdateOpenIDConnectProviderThumbprint", **given)
    assert show(world)["ThumbprintList"] == ["0" * 40, "1" * 40]


@pytest.mark.parametrize(
    ("thumbprints", "text"),
    [
        ([str(digit) * 40 for digit in range(6)], "Thumbprint list must contain fewer than 5 entries."),
        (["z" * 40], f"Thumbprint {'z' * 40} is not the SHA-1 of a certificate in hexadecimal digits."),
    ],
)
def test_it_refuses_thumbprints(world: World, thumbprints: list[str], text: str) -> None:
    expected = ("InvalidInput", text)
    assert error(world.alice, "CreateOpenIDConnectProvider", Url=URL, ThumbprintList=thumbprints) == expected
    make(world)
    given = {"OpenIDConnectProviderArn": ARN, "ThumbprintList": thumbprints}
    assert error(world.alice, "UpdateOpenIDConnectProviderThumbprint", **given) == expected


def test_it_refuses_to_take_all_thumbprints(world: World) -> None:
    make(world)
    given = {"OpenIDConnectProviderArn": ARN, "ThumbprintList": []}
    expected = ("InvalidInput", "Thumbprint list must contain at least one entry.")
    assert error(world.alice, "UpdateOpenIDConnectProviderThumbprint", **given) == expected


def test_it_deletes_once(world: World) -> None:
    make(world)
    do(world.alice, "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=ARN)
    assert error(world.alice, "GetOpenIDConnectProvider", OpenIDConnectProviderArn=ARN) == MISSING
    assert error(world.alice, "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=ARN) == GONE


def test_it_leaves_another_accounts_provider_alone(world: World) -> None:
    make(world)
    assert error(world.charlie, "DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=ARN) == GONE
    assert show(world)["Url"] == "idp.example.com/lab"


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("GetOpenIDConnectProvider", {}),
        ("ListOpenIDConnectProviderTags", {}),
        ("AddClientIDToOpenIDConnectProvider", {"ClientID": "app"}),
        ("RemoveClientIDFromOpenIDConnectProvider", {"ClientID": "app"}),
        ("UpdateOpenIDConnectProviderThumbprint", {"ThumbprintList": [PRINT]}),
    ],
)
def test_it_does_not_find_what_is_not_there(world: World, name: str, more: dict[str, object]) -> None:
    assert error(world.alice, name, OpenIDConnectProviderArn=ARN, **more) == MISSING


def test_it_keeps_to_the_quota(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUOTAS, "OpenIdConnectProvidersPerAccount", 1)
    make(world)
    expected = ("LimitExceeded", "Cannot exceed quota for OpenIdConnectProvidersPerAccount: 1")
    assert error(world.alice, "CreateOpenIDConnectProvider", Url="https://b.example") == expected
