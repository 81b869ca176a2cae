"""Permissions boundaries: the most that a user or role can ever do."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation
from identities.models import Role, User
from identities.queries import find_modifiable_role, find_user
from identities.targets import boundary_context, role_target, user_target
from policies.models import Boundary, Policy
from policies.queries import need_attachable, need_used_freely, on
from policies.targets import role_boundary, user_boundary


def set_boundary(call: Call, identity: User | Role, policy_arn: str) -> None:
    """Limit `identity` to what the managed policy allows; replaces the boundary it had."""
    policy = need_attachable(call.account_id, policy_arn, "Scope ARN:")
    need_used_freely(policy, "Cannot use a Service Role Policy as a permissions boundary.")
    row = policy if isinstance(policy, Policy) else None
    Boundary.objects.update_or_create(
        account_id=call.account_id, **on(identity), defaults={"policy_arn": policy_arn, "policy": row}
    )


def lift_boundary(call: Call, identity: User | Role) -> None:
    """No limit any longer; nothing happens where there was none."""
    Boundary.objects.of(call.account_id).filter(**on(identity)).delete()


@operation("iam:PutUserPermissionsBoundary", resource=user_target, context=boundary_context)
def put_user_permissions_boundary(call: Call, *, user_name: str, permissions_boundary: str) -> Result:
    """Set or replace the permissions boundary of a user."""
    set_boundary(call, find_user(call.account_id, user_name), permissions_boundary)
    return {}


@operation("iam:DeleteUserPermissionsBoundary", resource=user_target, context=user_boundary)
def delete_user_permissions_boundary(call: Call, *, user_name: str) -> Result:
    """Remove the permissions boundary of a user."""
    lift_boundary(call, find_user(call.account_id, user_name))
    return {}


@operation("iam:PutRolePermissionsBoundary", resource=role_target, context=boundary_context)
def put_role_permissions_boundary(call: Call, *, role_name: str, permissions_boundary: str) -> Result:
    """Set or replace the permissions boundary of a role."""
    set_boundary(call, find_modifiable_role(call.account_id, role_name), permissions_boundary)
    return {}


@operation("iam:DeleteRolePermissionsBoundary", resource=role_target, context=role_boundary)
def delete_role_permissions_boundary(call: Call, *, role_name: str) -> Result:
    """Remove the permissions boundary of a role."""
    lift_boundary(call, find_modifiable_role(call.account_id, role_name))
    return {}
