"""A browser signed in as alice, who may do everything, and one as bob, who may do nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.pages import sign_in
from tests.world import World


@pytest.fixture
def alice(world: World) -> Client:
    client = Client()
    sign_in(client, world.alice)
    return client


@pytest.fixture
def bob(world: World) -> Client:
    client = Client()
    sign_in(client, world.bob)
    return client
