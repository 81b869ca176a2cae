"""What policy operations are about, for the decision: the resource, and the context keys AWS gives for it.

Source: service authorization reference, "Actions, resources, and condition keys for AWS Identity and Access
Management (IAM)".
"""

from __future__ import annotations

from collections.abc import Mapping

from iamconsole.operations.registry import Asked, ContextValue, Target
from identities.models import Role, User
from identities.queries import maybe
from identities.tags import as_mapping
from policies.queries import boundary_arn, find_policy, need_arn

POLICY_TYPE = "AWS::IAM::Policy"


def policy_target(asked: Asked) -> Target:
    """The policy behind PolicyArn; in refusals AWS calls it `policy arn:…`."""
    arn = asked.text("PolicyArn")
    need_arn(arn)
    policy = find_policy(asked.account_id, arn)
    tags = as_mapping(policy.tags) if policy else {}
    return Target(arn, f"policy {arn}", tags, POLICY_TYPE, arn.rpartition("/")[2])


def new_policy_target(asked: Asked) -> Target:
    """The policy that CreatePolicy would make."""
    name, path = asked.text("PolicyName"), asked.text("Path") or "/"
    arn = f"arn:aws:iam::{asked.account_id}:policy{path}{name}"
    return Target(arn, f"policy {name}", type=POLICY_TYPE, name=name)


def policies_target(asked: Asked) -> Target:
    """All policies: AWS has no resource for the list."""
    return Target("*", f"policy path {asked.text('PathPrefix') or '/'}", type=POLICY_TYPE)


def user_boundary(asked: Asked) -> Mapping[str, ContextValue]:
    """`iam:PermissionsBoundary` as it is on the user now."""
    return _boundary(maybe(User, asked.account_id, asked.text("UserName")))


def role_boundary(asked: Asked) -> Mapping[str, ContextValue]:
    """`iam:PermissionsBoundary` as it is on the role now."""
    return _boundary(maybe(Role, asked.account_id, asked.text("RoleName")))


def _boundary(holder: User | Role | None) -> Mapping[str, ContextValue]:
    arn = boundary_arn(holder) if holder else None
    return {"iam:PermissionsBoundary": arn} if arn else {}


def attaching(asked: Asked) -> Mapping[str, ContextValue]:
    """`iam:PolicyARN` of an attachment."""
    return {"iam:PolicyARN": asked.text("PolicyArn")}


def attaching_to_user(asked: Asked) -> Mapping[str, ContextValue]:
    return {**attaching(asked), **user_boundary(asked)}


def attaching_to_role(asked: Asked) -> Mapping[str, ContextValue]:
    return {**attaching(asked), **role_boundary(asked)}
