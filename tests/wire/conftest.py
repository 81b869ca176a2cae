"""Alice's boto3 client, speaking as the SDK of Terraform's provider does, and what its resources refer to."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.awsrequest import AWSRequest

from tests.wire.in_process import client, key_of
from tests.wire.kinds.base import json_of, policy, trusting
from tests.world import World


def _as_go(request: AWSRequest, **_: object) -> None:
    """Go's SDK signs the length of the body too, and its own headers, which boto3 has."""
    request.headers["Content-Length"] = str(len(request.prepare().body))


@pytest.fixture
def iam(world: World) -> Any:
    made = client(key_of(world.alice))
    made.meta.events.register("before-sign.iam", _as_go)
    return made


@pytest.fixture
def around(iam: Any) -> None:
    """Two users, groups and roles, a policy and an identity provider."""
    for number in ("", "-2"):
        iam.create_user(UserName=f"tf-user{number}")
        iam.create_group(GroupName=f"tf-group{number}")
        trust = json_of(trusting("ec2.amazonaws.com"))
        iam.create_role(RoleName=f"tf-role{number}", Path="/tf/", AssumeRolePolicyDocument=trust)
    iam.create_policy(PolicyName="tf-policy", Path="/tf/", PolicyDocument=json_of(policy("s3:*")))
    iam.create_open_id_connect_provider(Url="https://oidc.example.com/tf")
