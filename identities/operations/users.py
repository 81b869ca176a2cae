"""Users: made, shown, listed, renamed, deleted."""

from __future__ import annotations

from functools import partial

from accounts.models import Account
from iamconsole.operations.call import Call
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.paging import page_after
from iamconsole.operations.registry import Result, operation
from iamconsole.prepared import insert, new
from identities import shapes
from identities.models import LoginProfile, Membership, ServiceCredential, SigningCertificate, SshKey, Tags, User
from identities.operations.shared import boundary_arn, free_name, move, must_be_gone
from identities.queries import UserInList, enabled_devices, find_user, keys_of, users_after, whose
from identities.quotas import QUOTAS, leave_room
from identities.tags import checked
from identities.targets import boundary_context, listing, new_target, user_target
from identities.trust import follow
from identities.user_count import users_at_most
from policies.models import Attachment, InlinePolicy
from policies.operations.boundaries import set_boundary


@operation("iam:CreateUser", resource=new_target(User), context=boundary_context)
def create_user(
    call: Call, *, user_name: str, path: str = "/", permissions_boundary: str | None = None, tags: Tags | None = None
) -> Result:
    """Create a user."""
    free_name(call, User, user_name)
    leave_room("UsersPerAccount", users_at_most(call.account_id, QUOTAS["UsersPerAccount"]))
    user = new(
        User,
        id=new_id(Prefix.USER),
        account_id=call.account_id,
        name=user_name,
        path=path,
        tags=checked(tags),
        created_at=call.now,
    )
    insert(user)
    if permissions_boundary:
        set_boundary(call, user, permissions_boundary)
    return {"User": shapes.new_user(user, permissions_boundary or "")}


@operation("iam:GetUser", resource=user_target)
def get_user(call: Call, *, user_name: str | None = None) -> Result:
    """Show one user, the caller's own when no name is given."""
    user = whose(call.caller, user_name)
    if user is None:
        return {"User": shapes.root_user(Account.objects.get(pk=call.account_id))}
    return {"User": shapes.full_user(user, boundary_arn(user))}


@operation("iam:ListUsers", resource=listing("user"))
def list_users(
    call: Call, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the users of the account, or those under a path."""
    fetch = partial(users_after, call.account_id, path_prefix or "/")
    return page_after(
        call.account_id, "Users", fetch, shapes.user_in_list, UserInList.key, marker=marker, max_items=max_items
    )


@operation("iam:UpdateUser", resource=user_target)
def update_user(call: Call, *, user_name: str, new_user_name: str | None = None, new_path: str | None = None) -> Result:
    """Give a user another name or path; its unique id stays."""
    user = find_user(call.account_id, user_name)
    old_arn = user.arn
    move(call, "iam:UpdateUser", user, new_user_name, new_path)
    follow(old_arn, user.arn)
    return {}


@operation("iam:DeleteUser", resource=user_target)
def delete_user(call: Call, *, user_name: str) -> Result:
    """Delete a user that has no credentials, policies or groups left."""
    user = find_user(call.account_id, user_name)
    must_be_gone(
        (LoginProfile.objects.of(call.account_id).filter(user=user), "delete login profile"),
        (keys_of(call.account_id, user), "delete access keys"),
        (enabled_devices(call.account_id, user), "delete MFA device"),
        (SigningCertificate.objects.of(call.account_id).filter(user=user), "delete signing certificates"),
        (SshKey.objects.of(call.account_id).filter(user=user), "remove referenced objects"),
        (ServiceCredential.objects.of(call.account_id).filter(user=user), "remove referenced objects"),
        (InlinePolicy.objects.of(call.account_id).filter(user=user), "delete policies"),
        (Attachment.objects.of(call.account_id).filter(user=user), "detach all policies"),
        (Membership.objects.of(call.account_id).filter(user=user), "remove users from group"),
    )
    follow(user.arn, user.pk)
    user.delete()
    return {}
