"""Terraform works on ten resources at once: kinds side by side on one server, many of them about the same few users."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from pytest_django.live_server_helper import LiveServer

from tests.wire.in_process import key_of
from tests.wire.kinds import KINDS
from tests.wire.kinds.base import Kind, json_of, policy, surround, walk
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 10
# Those that hold somebody to a list would take away what others make, as would two that upload one key.
ALONE = ("exclusive", "aws_iam_policy_attachment", "aws_iam_group_membership", "in PEM", "organizations")


def _alone(kind: Kind) -> bool:
    return any(part in kind.name for part in ALONE)


@pytest.fixture
def iam(live_server: LiveServer) -> Any:
    key = key_of(make_world().alice)
    return boto3.client(
        "iam",
        endpoint_url=live_server.url,
        region_name="eu-west-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"].reveal(),
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=AT_ONCE),
    )


def test_kinds_live_side_by_side(iam: Any) -> None:
    surround(iam)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(lambda kind: walk(iam, kind), [kind for kind in KINDS if not _alone(kind)]):
            pass


def test_ten_of_a_kind_for_one_role(iam: Any) -> None:
    """No attachment, policy or tag gets lost, and no call is told to try again."""
    surround(iam)
    made = [f"p{number}" for number in range(AT_ONCE)]

    def work(name: str) -> None:
        arn = iam.create_policy(PolicyName=name, PolicyDocument=json_of(policy("s3:*")))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="tf-role", PolicyArn=arn)
        iam.put_role_policy(RoleName="tf-role", PolicyName=name, PolicyDocument=json_of(policy("s3:*")))
        iam.tag_role(RoleName="tf-role", Tags=[{"Key": name, "Value": "x"}])
        iam.create_user(UserName=name)
        iam.add_user_to_group(UserName=name, GroupName="tf-group")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(work, made)) == [None] * AT_ONCE
    attached = iam.list_attached_role_policies(RoleName="tf-role")["AttachedPolicies"]
    assert sorted(each["PolicyName"] for each in attached) == made
    assert sorted(iam.list_role_policies(RoleName="tf-role")["PolicyNames"]) == made
    assert sorted(tag["Key"] for tag in iam.get_role(RoleName="tf-role")["Role"]["Tags"]) == made
    assert sorted(user["UserName"] for user in iam.get_group(GroupName="tf-group")["Users"]) == made
