"""Alice's boto3 client, and one user, group and role to hold things."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.in_process import client, key_of
from tests.wire.provider import EC2
from tests.world import World


@pytest.fixture
def iam(world: World) -> Any:
    return client(key_of(world.alice))


@pytest.fixture
def holders(iam: Any) -> dict[str, str]:
    """One user, group and role, by kind."""
    iam.create_user(UserName="tf")
    iam.create_group(GroupName="tf")
    iam.create_role(RoleName="tf", AssumeRolePolicyDocument=EC2)
    return {"user": "UserName", "group": "GroupName", "role": "RoleName"}
