"""What every test stands on: hypothesis profiles; sockets and warnings are governed in pyproject.toml."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.world import World

# The same examples each time, and no deadline: a busy machine must not fail a test.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# New examples each time, for long searches: HYPOTHESIS_PROFILE=search make test
settings.register_profile("search", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def world(db: None) -> World:
    """root, alice, bob and charlie, in the database."""
    from tests.world import make_world

    return make_world()
