"""The cast with passwords, in a database of its own."""

from __future__ import annotations

import pytest

from tests.accounts.views.people import give_password
from tests.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """root, alice and bob can sign in."""
    world = make_world()
    for caller in (world.root, world.alice, world.bob):
        give_password(caller)
    return world
