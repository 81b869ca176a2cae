"""Who is in which group. The permission is decided on the group."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation
from identities import shapes
from identities.models import Group, Membership
from identities.operations.shared import page_by_name
from identities.queries import find_group, find_user, listed
from identities.quotas import leave_room
from identities.targets import group_target, user_target


@operation("iam:AddUserToGroup", resource=group_target)
def add_user_to_group(call: Call, *, group_name: str, user_name: str) -> Result:
    """Make a user a member of a group; nothing changes where it is one."""
    group, user = find_group(call.account_id, group_name), find_user(call.account_id, user_name)
    memberships = Membership.objects.of(call.account_id).filter(user=user)
    if not memberships.filter(group=group).exists():
        leave_room("GroupsPerUser", memberships.count())
        Membership.objects.create(account_id=call.account_id, group=group, user=user, created_at=call.now)
    return {}


@operation("iam:RemoveUserFromGroup", resource=group_target)
def remove_user_from_group(call: Call, *, group_name: str, user_name: str) -> Result:
    """Take a user out of a group; nothing changes where it is not in it."""
    user, group = find_user(call.account_id, user_name), find_group(call.account_id, group_name)
    Membership.objects.of(call.account_id).filter(user=user, group=group).delete()
    return {}


@operation("iam:ListGroupsForUser", resource=user_target)
def list_groups_for_user(
    call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the groups a user is in."""
    user = find_user(call.account_id, user_name)
    groups = listed(Group, call.account_id).filter(memberships__user=user)
    return page_by_name(call, "Groups", groups, shapes.group, marker, max_items)
