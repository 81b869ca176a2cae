"""Groups: made, shown, listed, renamed, deleted."""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.registry import Result, operation
from identities import shapes
from identities.models import Group, Membership, User
from identities.operations.shared import free_name, move, must_be_gone, page_by_name
from identities.queries import find_group, listed
from identities.quotas import leave_room
from identities.targets import group_target, listing, new_target
from policies.models import Attachment, InlinePolicy


@operation("iam:CreateGroup", resource=new_target(Group))
def create_group(call: Call, *, group_name: str, path: str = "/") -> Result:
    """Create a group."""
    free_name(call, Group, group_name)
    leave_room("GroupsPerAccount", Group.objects.of(call.account_id).count())
    group = Group.objects.create(
        pk=new_id(Prefix.GROUP), account_id=call.account_id, name=group_name, path=path, created_at=call.now
    )
    return {"Group": shapes.group(group)}


@operation("iam:GetGroup", resource=group_target)
def get_group(call: Call, *, group_name: str, marker: str | None = None, max_items: int | None = None) -> Result:
    """Show a group and list its users."""
    group = find_group(call.account_id, group_name)
    members = listed(User, call.account_id).filter(memberships__group=group).select_related("login_profile")
    users = page_by_name(call, "Users", members, shapes.listed_user, marker, max_items)
    return {"Group": shapes.group(group), **users}


@operation("iam:ListGroups", resource=listing("group"))
def list_groups(
    call: Call, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the groups of the account, or those under a path."""
    groups = listed(Group, call.account_id, path_prefix)
    return page_by_name(call, "Groups", groups, shapes.group, marker, max_items)


@operation("iam:UpdateGroup", resource=group_target)
def update_group(
    call: Call, *, group_name: str, new_group_name: str | None = None, new_path: str | None = None
) -> Result:
    """Give a group another name or path; its members and policies stay."""
    move(call, "iam:UpdateGroup", find_group(call.account_id, group_name), new_group_name, new_path)
    return {}


@operation("iam:DeleteGroup", resource=group_target)
def delete_group(call: Call, *, group_name: str) -> Result:
    """Delete a group that has no members or policies left."""
    group = find_group(call.account_id, group_name)
    must_be_gone(
        (Membership.objects.of(call.account_id).filter(group=group), "remove users from group"),
        (Attachment.objects.of(call.account_id).filter(group=group), "detach all policies"),
        (InlinePolicy.objects.of(call.account_id).filter(group=group), "delete policies"),
    )
    group.delete()
    return {}
