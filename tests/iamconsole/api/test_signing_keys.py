"""What a secret signs with is kept between calls: it opens nothing that the row of the key does not."""

from __future__ import annotations

import pytest
from botocore.credentials import Credentials
from django.test import Client

from identities.models import AccessKey
from tests.iamconsole.api.calling import call, key_of
from tests.world import World


@pytest.fixture
def keys(client: Client, world: World) -> tuple[Credentials, Credentials]:
    """Two of alice's keys, both used already."""
    keys = key_of(world.alice), key_of(world.alice)
    assert [call(client, key, "GetUser").status_code for key in keys] == [200, 200]
    return keys


def test_it_refuses_the_sealed_secret_of_another_key(client: Client, keys: tuple[Credentials, Credentials]) -> None:
    first, second = (AccessKey.objects.get(pk=key.access_key) for key in keys)
    AccessKey.objects.filter(pk=first.pk).update(sealed_secret=second.sealed_secret)
    for secret in (keys[0].secret_key, keys[1].secret_key):
        assert call(client, Credentials(first.pk, secret), "GetUser").status_code == 403
    assert call(client, keys[1], "GetUser").status_code == 200


def test_it_refuses_a_sealed_secret_that_does_not_open(client: Client, keys: tuple[Credentials, Credentials]) -> None:
    AccessKey.objects.filter(pk=keys[0].access_key).update(sealed_secret="broken")
    assert call(client, keys[0], "GetUser").status_code == 403


def test_it_refuses_a_key_that_is_gone(client: Client, keys: tuple[Credentials, Credentials]) -> None:
    AccessKey.objects.filter(pk=keys[0].access_key).delete()
    assert call(client, keys[0], "GetUser").status_code == 403


def test_it_keeps_a_key_for_its_service_alone(client: Client, keys: tuple[Credentials, Credentials]) -> None:
    assert call(client, keys[0], "GetCallerIdentity", service="sts").status_code == 200
    assert call(client, Credentials(keys[0].access_key, keys[1].secret_key), "GetUser").status_code == 403
