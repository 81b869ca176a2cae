from __future__ import annotations

import pytest
from django.test import Client

from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from tests.accounts.views.people import HOME, give_device
from tests.cast import ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World, allow


def page(client: Client) -> str:
    response = client.get(HOME)
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_a_user_what_is_theirs(client: Client, world: World) -> None:
    device = give_device(world.alice)
    key = perform(world.alice, "iam:CreateAccessKey")["AccessKey"]
    assert isinstance(key, dict)
    tags = [{"Key": key["AccessKeyId"], "Value": "laptop CLI+1"}]
    perform(world.alice, "iam:TagUser", {"UserName": "alice", "Tags": tags})
    sign_in(client, world.alice)
    text = page(client)
    for expected in (world.alice.arn, ACCOUNT_ID, device.pk, key["AccessKeyId"], "laptop CLI+1", "Access keys"):
        assert expected in text
    assert key["SecretAccessKey"].reveal() not in text
    assert "Root user" not in text


def test_it_advises_mfa_until_there_is_a_device(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    advice = "have MFA assigned"
    assert advice in page(client)
    give_device(world.alice)
    assert advice not in page(client)


def test_it_shows_root_its_own_page(client: Client, world: World) -> None:
    device = give_device(world.root)
    sign_in(client, world.root)
    text = page(client)
    assert "Root user" in text and "root@alice.example" in text and device.pk in text


def test_it_shows_each_section_its_own_refusal(client: Client, world: World) -> None:
    sign_in(client, world.bob)
    text = page(client)
    for action in ("iam:ListMFADevices", "iam:ListAccessKeys", "iam:GetLoginProfile"):
        assert action in text
    assert "have MFA assigned" not in text
    assert Event.objects.filter(error_code="AccessDenied").count() == 3


@pytest.mark.parametrize("action", ["iam:ListMFADevices", "iam:ListAccessKeys", "iam:GetLoginProfile"])
def test_it_shows_the_one_section_that_is_allowed(client: Client, world: World, action: str) -> None:
    allow(world.bob, action)
    sign_in(client, world.bob)
    assert page(client).count("Access denied") < 3 * 2
    assert not Event.objects.filter(error_code="AccessDenied", name=action.partition(":")[2]).exists()


def test_it_says_where_only_the_last_use_of_a_key_is_refused(client: Client, world: World) -> None:
    allow(world.bob, "iam:ListAccessKeys", "iam:CreateAccessKey")
    perform(world.bob, "iam:CreateAccessKey")
    sign_in(client, world.bob)
    assert "AKIA" in page(client) and "Access denied" in page(client)


def test_it_offers_no_third_key(client: Client, world: World) -> None:
    for _ in range(2):
        perform(world.alice, "iam:CreateAccessKey")
    sign_in(client, world.alice)
    assert "You already have two access keys" in page(client)
