from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from iamconsole.operations.door import perform
from identities.models import AccessKey
from tests.pages import sign_in
from tests.world import World, allow

OWN, BOBS = "/iam/security-credentials/access-keys/", "/iam/users/bob/access-keys/"


def make_key(world: World, days: int, used: int | None = None) -> AccessKey:
    """A key of bob, made and used so many days ago."""
    made = perform(world.system, "iam:CreateAccessKey", {"UserName": "bob"})["AccessKey"]
    assert isinstance(made, dict)
    key: AccessKey = AccessKey.objects.get(pk=made["AccessKeyId"])
    key.created_at = timezone.now() - timedelta(days=days)
    if used is not None:
        key.last_used_at = timezone.now() - timedelta(days=used)
        key.last_used_service, key.last_used_region = "iam", "eu-west-1"
    key.save()
    return key


def page(client: Client, base: str = BOBS) -> str:
    answer = client.get(f"{base}rotate/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_walks_from_the_first_key_to_the_second(client: Client, world: World) -> None:
    old = make_key(world, 100)
    sign_in(client, world.alice)
    assert "older than 90 days" in page(client) and f"{BOBS}create/?from=rotation" in page(client)
    client.get(f"{BOBS}create/?from=rotation")
    client.post(f"{BOBS}create/", {"use_case": "other"})
    client.post(f"{BOBS}create/description/", {"description": ""})
    assert f'href="{BOBS}rotate/"' in client.get(f"{BOBS}create/done/").content.decode()
    assert "The new key was not used yet." in page(client)
    new = AccessKey.objects.exclude(pk=old.pk).get()
    AccessKey.objects.filter(pk=new.pk).update(last_used_at=timezone.now(), last_used_service="sts")
    assert "Everything seems to have moved" in page(client)
    off = f"{BOBS}{old.pk}/status/?to=Inactive&from=rotation"
    assert off.replace("&", "&amp;") in page(client)
    assert client.post(off).headers["Location"] == f"{BOBS}rotate/"
    gone = f"{BOBS}{old.pk}/delete/?from=rotation"
    assert gone in page(client)
    assert client.post(gone, {"confirm": old.pk}).headers["Location"] == f"{BOBS}rotate/"
    assert list(AccessKey.objects.all()) == [new]
    assert "Create a second key" in page(client)


def test_it_goes_on_where_the_keys_stand_for_whoever_looks(client: Client, world: World) -> None:
    make_key(world, 100, used=1)
    make_key(world, 2, used=1)
    allow(world.bob, "iam:*AccessKey*")
    for caller, base in ((world.alice, BOBS), (world.bob, OWN)):
        sign_in(client, caller)
        text = page(client, base)
        assert "The old key is still in use" in text and "for iam in eu-west-1" in text and "anyway" in text


def test_it_says_when_the_new_key_is_off(client: Client, world: World) -> None:
    make_key(world, 100)
    AccessKey.objects.filter(pk=make_key(world, 2).pk).update(active=False)
    sign_in(client, world.alice)
    assert "The new key is inactive" in page(client) and "Activate new key" in page(client)


def test_it_begins_with_nothing(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    assert "There is no access key to rotate" in page(client)


def test_it_works_for_root(client: Client, world: World) -> None:
    perform(world.root, "iam:CreateAccessKey")
    sign_in(client, world.root)
    assert "Create a second key" in page(client, OWN)


def test_it_shows_bob_what_he_may_not(client: Client, world: World) -> None:
    sign_in(client, world.bob)
    assert "iam:ListAccessKeys" in page(client, OWN)


@pytest.mark.parametrize(("days", "old"), [(89, False), (91, True)])
def test_the_card_of_an_old_key_says_so(client: Client, world: World, days: int, old: bool) -> None:
    make_key(world, days)
    sign_in(client, world.alice)
    text = client.get("/iam/users/bob/security-credentials/").content.decode()
    assert ("Older than 90 days" in text) is old and f"{BOBS}rotate/" in text
