"""Inline policies: written on one user, group or role, and gone with it."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import NoSuchEntity
from iamconsole.operations.paging import page_by
from iamconsole.operations.registry import Result, operation
from identities.queries import find_group, find_modifiable_role, find_role, find_user
from identities.targets import group_target, role_target, user_target
from policies import quotas
from policies.documents import need_valid
from policies.models import InlinePolicy
from policies.queries import Holder, on
from policies.targets import role_boundary, user_boundary


def put(call: Call, holder: Holder, policy_name: str, policy_document: str) -> Result:
    """Write the policy, over an earlier one of that name."""
    need_valid(policy_document)
    others = InlinePolicy.objects.of(call.account_id).filter(**on(holder)).exclude(name=policy_name)
    texts = [*others.values_list("document", flat=True), policy_document]
    quotas.need_inline_size(texts, holder.arn_type, holder.name)
    InlinePolicy.objects.update_or_create(
        account_id=call.account_id, name=policy_name, **on(holder), defaults={"document": policy_document}
    )
    return {}


def get(call: Call, holder: Holder, policy_name: str) -> Result:
    """The document exactly as it was put."""
    found = InlinePolicy.objects.of(call.account_id).filter(name=policy_name, **on(holder)).first()
    if found is None:
        raise _absent(holder, policy_name)
    kind = holder.arn_type.capitalize()
    return {f"{kind}Name": holder.name, "PolicyName": policy_name, "PolicyDocument": found.document}


def delete(call: Call, holder: Holder, policy_name: str) -> Result:
    gone, _ = InlinePolicy.objects.of(call.account_id).filter(name=policy_name, **on(holder)).delete()
    if not gone:
        raise _absent(holder, policy_name)
    return {}


def list_names(call: Call, holder: Holder, marker: str | None, max_items: int | None) -> Result:
    rows = InlinePolicy.objects.of(call.account_id).filter(**on(holder)).order_by("name")
    names: list[str] = list(rows.values_list("name", flat=True))
    return page_by(call.account_id, "PolicyNames", names, str, str, marker=marker, max_items=max_items)


def _absent(holder: Holder, policy_name: str) -> NoSuchEntity:
    return NoSuchEntity(f"The {holder.arn_type} policy with name {policy_name} cannot be found.")


@operation("iam:PutUserPolicy", resource=user_target, context=user_boundary)
def put_user_policy(call: Call, *, user_name: str, policy_name: str, policy_document: str) -> Result:
    """Write an inline policy on a user."""
    return put(call, find_user(call.account_id, user_name), policy_name, policy_document)


@operation("iam:PutGroupPolicy", resource=group_target)
def put_group_policy(call: Call, *, group_name: str, policy_name: str, policy_document: str) -> Result:
    """Write an inline policy on a group."""
    return put(call, find_group(call.account_id, group_name), policy_name, policy_document)


@operation("iam:PutRolePolicy", resource=role_target, context=role_boundary)
def put_role_policy(call: Call, *, role_name: str, policy_name: str, policy_document: str) -> Result:
    """Write an inline policy on a role."""
    return put(call, find_modifiable_role(call.account_id, role_name), policy_name, policy_document)


@operation("iam:GetUserPolicy", resource=user_target)
def get_user_policy(call: Call, *, user_name: str, policy_name: str) -> Result:
    """Show an inline policy of a user."""
    return get(call, find_user(call.account_id, user_name), policy_name)


@operation("iam:GetGroupPolicy", resource=group_target)
def get_group_policy(call: Call, *, group_name: str, policy_name: str) -> Result:
    """Show an inline policy of a group."""
    return get(call, find_group(call.account_id, group_name), policy_name)


@operation("iam:GetRolePolicy", resource=role_target)
def get_role_policy(call: Call, *, role_name: str, policy_name: str) -> Result:
    """Show an inline policy of a role."""
    return get(call, find_role(call.account_id, role_name), policy_name)


@operation("iam:DeleteUserPolicy", resource=user_target, context=user_boundary)
def delete_user_policy(call: Call, *, user_name: str, policy_name: str) -> Result:
    """Delete an inline policy of a user."""
    return delete(call, find_user(call.account_id, user_name), policy_name)


@operation("iam:DeleteGroupPolicy", resource=group_target)
def delete_group_policy(call: Call, *, group_name: str, policy_name: str) -> Result:
    """Delete an inline policy of a group."""
    return delete(call, find_group(call.account_id, group_name), policy_name)


@operation("iam:DeleteRolePolicy", resource=role_target, context=role_boundary)
def delete_role_policy(call: Call, *, role_name: str, policy_name: str) -> Result:
    """Delete an inline policy of a role."""
    return delete(call, find_modifiable_role(call.account_id, role_name), policy_name)


@operation("iam:ListUserPolicies", resource=user_target)
def list_user_policies(
    call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the names of a user's inline policies."""
    return list_names(call, find_user(call.account_id, user_name), marker, max_items)


@operation("iam:ListGroupPolicies", resource=group_target)
def list_group_policies(
    call: Call, *, group_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the names of a group's inline policies."""
    return list_names(call, find_group(call.account_id, group_name), marker, max_items)


@operation("iam:ListRolePolicies", resource=role_target)
def list_role_policies(
    call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the names of a role's inline policies."""
    return list_names(call, find_role(call.account_id, role_name), marker, max_items)
