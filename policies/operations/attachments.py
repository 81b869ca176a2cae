"""Managed policies on users, groups and roles: put on, taken off, listed."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import NoSuchEntity
from iamconsole.operations.paging import page_by
from iamconsole.operations.registry import Result, operation
from iamconsole.prepared import insert, new
from identities.queries import find_group, find_modifiable_role, find_role, find_user
from identities.targets import group_target, role_target, user_target
from policies import quotas
from policies.models import Attachment, Policy
from policies.queries import Holder, attached_to, need_arn, need_attachable, need_used_freely, on
from policies.shapes import attached_shape
from policies.targets import attaching, attaching_to_role, attaching_to_user


def attach(call: Call, holder: Holder, policy_arn: str) -> Result:
    """Attach once; again changes nothing."""
    policy = need_attachable(call.account_id, policy_arn)
    need_used_freely(policy, f"Cannot attach a Service Role Policy to a Customer {holder.arn_type.capitalize()}.")
    held = attached_to(holder)
    if policy_arn in held:
        return {}
    quotas.need_room(len(held), quotas.ATTACHED, f"PoliciesPer{holder.arn_type.capitalize()}")
    own = policy.pk if isinstance(policy, Policy) else None
    given = {"account_id": call.account_id, "policy_arn": policy_arn, "policy_id": own, "attached_at": call.now}
    insert(new(Attachment, **given, **{f"{holder.arn_type}_id": holder.pk}))
    return {}


def detach(call: Call, holder: Holder, policy_arn: str) -> Result:
    """AWS says the same of a policy that is not there and of one that is not attached."""
    need_arn(policy_arn)
    gone, _ = Attachment.objects.of(call.account_id).filter(policy_arn=policy_arn, **on(holder)).delete()
    if not gone:
        raise NoSuchEntity(f"Policy {policy_arn} was not found.")
    return {}


def list_attached(
    call: Call, holder: Holder, path_prefix: str | None, marker: str | None, max_items: int | None
) -> Result:
    """By name, and only those whose policy lies under the path."""
    found = [each for each in holder.attachment_set.all() if _path(each.policy_arn).startswith(path_prefix or "/")]

    def key(each: Attachment) -> str:
        return f"{each.policy_arn.rpartition('/')[2]} {each.policy_arn}"

    return page_by(call.account_id, "AttachedPolicies", found, attached_shape, key, marker=marker, max_items=max_items)


def _path(policy_arn: str) -> str:
    return "/" + policy_arn.partition(":policy/")[2].rpartition("/")[0] + "/"


@operation("iam:AttachUserPolicy", resource=user_target, context=attaching_to_user)
def attach_user_policy(call: Call, *, user_name: str, policy_arn: str) -> Result:
    """Attach a managed policy to a user."""
    return attach(call, find_user(call.account_id, user_name), policy_arn)


@operation("iam:AttachGroupPolicy", resource=group_target, context=attaching)
def attach_group_policy(call: Call, *, group_name: str, policy_arn: str) -> Result:
    """Attach a managed policy to a group, and so to its members."""
    return attach(call, find_group(call.account_id, group_name), policy_arn)


@operation("iam:AttachRolePolicy", resource=role_target, context=attaching_to_role)
def attach_role_policy(call: Call, *, role_name: str, policy_arn: str) -> Result:
    """Attach a managed policy to a role."""
    return attach(call, find_modifiable_role(call.account_id, role_name), policy_arn)


@operation("iam:DetachUserPolicy", resource=user_target, context=attaching_to_user)
def detach_user_policy(call: Call, *, user_name: str, policy_arn: str) -> Result:
    """Take a managed policy off a user."""
    return detach(call, find_user(call.account_id, user_name), policy_arn)


@operation("iam:DetachGroupPolicy", resource=group_target, context=attaching)
def detach_group_policy(call: Call, *, group_name: str, policy_arn: str) -> Result:
    """Take a managed policy off a group."""
    return detach(call, find_group(call.account_id, group_name), policy_arn)


@operation("iam:DetachRolePolicy", resource=role_target, context=attaching_to_role)
def detach_role_policy(call: Call, *, role_name: str, policy_arn: str) -> Result:
    """Take a managed policy off a role."""
    return detach(call, find_modifiable_role(call.account_id, role_name), policy_arn)


@operation("iam:ListAttachedUserPolicies", resource=user_target)
def list_attached_user_policies(
    call: Call,
    *,
    user_name: str,
    path_prefix: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """List the managed policies attached to a user itself."""
    return list_attached(call, find_user(call.account_id, user_name), path_prefix, marker, max_items)


@operation("iam:ListAttachedGroupPolicies", resource=group_target)
def list_attached_group_policies(
    call: Call,
    *,
    group_name: str,
    path_prefix: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """List the managed policies attached to a group."""
    return list_attached(call, find_group(call.account_id, group_name), path_prefix, marker, max_items)


@operation("iam:ListAttachedRolePolicies", resource=role_target)
def list_attached_role_policies(
    call: Call,
    *,
    role_name: str,
    path_prefix: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """List the managed policies attached to a role."""
    return list_attached(call, find_role(call.account_id, role_name), path_prefix, marker, max_items)
