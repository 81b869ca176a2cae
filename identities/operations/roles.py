"""Roles: made with a trust policy, shown, listed, changed, deleted."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.registry import Result, operation
from identities import shapes
from identities.models import InstanceProfile, Role, Tags
from identities.operations.shared import boundary_arn, free_name, must_be_gone, no_sign_in_duration, page_by_name
from identities.queries import find_modifiable_role, find_role, listed
from identities.quotas import leave_room
from identities.service_roles import need_modifiable, need_open_path
from identities.tags import checked
from identities.targets import boundary_context, listing, new_target, role_target
from identities.trust import check_trust_policy, follow
from policies.models import Attachment, InlinePolicy
from policies.operations.boundaries import set_boundary
from policies.targets import role_boundary


@operation("iam:CreateRole", resource=new_target(Role), context=boundary_context)
def create_role(
    call: Call,
    *,
    role_name: str,
    assume_role_policy_document: str,
    path: str = "/",
    description: str = "",
    max_session_duration: int = 3600,
    max_signin_session_duration: int | None = None,
    permissions_boundary: str | None = None,
    tags: Tags | None = None,
) -> Result:
    """Create a role that the principals of its trust policy can assume."""
    no_sign_in_duration(max_signin_session_duration)
    need_open_path(path)
    check_trust_policy(assume_role_policy_document)
    free_name(call, Role, role_name)
    leave_room("RolesPerAccount", Role.objects.of(call.account_id).count())
    role = Role.objects.create(
        pk=new_id(Prefix.ROLE),
        account_id=call.account_id,
        name=role_name,
        path=path,
        description=description,
        trust_policy=assume_role_policy_document,
        max_session_duration=max_session_duration,
        tags=checked(tags),
        created_at=call.now,
    )
    if permissions_boundary:
        set_boundary(call, role, permissions_boundary)
    return {"Role": shapes.new_role(role, permissions_boundary or "")}


@operation("iam:GetRole", resource=role_target, context=role_boundary)
def get_role(call: Call, *, role_name: str) -> Result:
    """Show one role with its trust policy."""
    role = find_role(call.account_id, role_name)
    return {"Role": shapes.full_role(role, boundary_arn(role))}


@operation("iam:ListRoles", resource=listing("role"))
def list_roles(
    call: Call, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the roles of the account, or those under a path."""
    roles = listed(Role, call.account_id, path_prefix)
    return page_by_name(call, "Roles", roles, shapes.listed_role, marker, max_items)


@operation("iam:UpdateRole", resource=role_target, context=role_boundary)
def update_role(
    call: Call,
    *,
    role_name: str,
    description: str | None = None,
    max_session_duration: int | None = None,
    max_signin_session_duration: int | None = None,
    reset_max_signin_session_duration: bool | None = None,
) -> Result:
    """Change the description or the longest session of a role."""
    no_sign_in_duration(max_signin_session_duration)
    role = find_role(call.account_id, role_name)
    if max_session_duration is not None:
        need_modifiable(role)
    if description is not None:
        role.description = description
    role.max_session_duration = max_session_duration or role.max_session_duration
    role.save(update_fields=["description", "max_session_duration"])
    return {}


@operation("iam:UpdateRoleDescription", resource=role_target, context=role_boundary)
def update_role_description(call: Call, *, role_name: str, description: str) -> Result:
    """Change the description of a role."""
    role = find_role(call.account_id, role_name)
    role.description = description
    role.save(update_fields=["description"])
    return {"Role": shapes.new_role(role, boundary_arn(role))}


@operation("iam:UpdateAssumeRolePolicy", resource=role_target, context=role_boundary)
def update_assume_role_policy(call: Call, *, role_name: str, policy_document: str) -> Result:
    """Replace the trust policy of a role."""
    role = find_modifiable_role(call.account_id, role_name)
    check_trust_policy(policy_document)
    role.trust_policy = policy_document
    role.save(update_fields=["trust_policy"])
    return {}


@operation("iam:DeleteRole", resource=role_target, context=role_boundary)
def delete_role(call: Call, *, role_name: str) -> Result:
    """Delete a role that has no policies left."""
    role = find_modifiable_role(call.account_id, role_name)
    must_be_gone(
        (InstanceProfile.objects.of(call.account_id).filter(role=role), "remove roles from instance profile"),
        (Attachment.objects.of(call.account_id).filter(role=role), "detach all policies"),
        (InlinePolicy.objects.of(call.account_id).filter(role=role), "delete policies"),
    )
    follow(role.arn, role.pk)
    role.delete()
    return {}
