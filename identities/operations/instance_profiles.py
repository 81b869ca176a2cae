"""Instance profiles: what hands a role to EC2 instances. One role fits into each."""

from __future__ import annotations

from collections.abc import Sequence

from iamconsole.operations.call import Call
from iamconsole.operations.errors import EntityAlreadyExists, LimitExceeded, NoSuchEntity
from iamconsole.operations.ids import Prefix, new_id
from iamconsole.operations.registry import Result, operation
from identities import shapes
from identities.models import InstanceProfile, Tags
from identities.operations.shared import must_be_gone, need_also, page_by_name, page_of_tags
from identities.queries import find_modifiable_role, find_role, listed, maybe
from identities.quotas import leave_room
from identities.tags import EXACT, as_given, by_key, checked, merged, without
from identities.targets import (
    instance_profile_target,
    listing,
    new_target,
    role_target,
    row_target,
    tag_keys_context,
    tags_context,
)

EC2 = "ec2.amazonaws.com"


def find_profile(call: Call, name: str) -> InstanceProfile:
    """The account's instance profile; AWS's NoSuchEntity where there is none."""
    found = maybe(InstanceProfile, call.account_id, name)
    if found is None:
        raise NoSuchEntity(f"Instance Profile {name} cannot be found.")
    return found


@operation("iam:CreateInstanceProfile", resource=new_target(InstanceProfile), context=tags_context)
def create_instance_profile(
    call: Call, *, instance_profile_name: str, path: str = "/", tags: Tags | None = None
) -> Result:
    """Create an instance profile, without a role yet."""
    if maybe(InstanceProfile, call.account_id, instance_profile_name) is not None:
        raise EntityAlreadyExists(f"Instance Profile {instance_profile_name} already exists.")
    leave_room("InstanceProfilesPerAccount", InstanceProfile.objects.of(call.account_id).count())
    profile = InstanceProfile.objects.create(
        pk=new_id(Prefix.INSTANCE_PROFILE),
        account_id=call.account_id,
        name=instance_profile_name,
        path=path,
        tags=checked(tags, EXACT),
        created_at=call.now,
    )
    return {"InstanceProfile": {**shapes.instance_profile(profile), **as_given(profile.tags)}}


@operation("iam:GetInstanceProfile", resource=instance_profile_target)
def get_instance_profile(call: Call, *, instance_profile_name: str) -> Result:
    """Show an instance profile with the role in it."""
    profile = find_profile(call, instance_profile_name)
    return {"InstanceProfile": {**shapes.instance_profile(profile), "Tags": by_key(profile.tags, EXACT)}}


@operation("iam:ListInstanceProfiles", resource=listing("instance-profile"))
def list_instance_profiles(
    call: Call, *, path_prefix: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the instance profiles of the account, or those under a path."""
    rows = listed(InstanceProfile, call.account_id, path_prefix).select_related("role")
    return page_by_name(call, "InstanceProfiles", rows, shapes.instance_profile, marker, max_items)


@operation("iam:ListInstanceProfilesForRole", resource=role_target)
def list_instance_profiles_for_role(
    call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the instance profiles that a role is in."""
    role = find_role(call.account_id, role_name)
    rows = listed(InstanceProfile, call.account_id).filter(role=role).select_related("role")
    return page_by_name(call, "InstanceProfiles", rows, shapes.instance_profile, marker, max_items)


@operation("iam:AddRoleToInstanceProfile", resource=instance_profile_target)
def add_role_to_instance_profile(call: Call, *, instance_profile_name: str, role_name: str) -> Result:
    """Put a role into an instance profile; whoever does so must be allowed to pass the role to EC2."""
    profile = find_profile(call, instance_profile_name)
    role = find_modifiable_role(call.account_id, role_name)
    need_also(call, "iam:PassRole", row_target(role), {"iam:PassedToService": EC2})
    if profile.role_id is not None:
        raise LimitExceeded("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
    profile.role = role
    profile.save(update_fields=["role"])
    return {}


@operation("iam:RemoveRoleFromInstanceProfile", resource=instance_profile_target)
def remove_role_from_instance_profile(call: Call, *, instance_profile_name: str, role_name: str) -> Result:
    """Take the role out of an instance profile; instances that use it lose their permissions."""
    profile, role = find_profile(call, instance_profile_name), find_role(call.account_id, role_name)
    if profile.role_id != role.pk:
        raise NoSuchEntity(f"Role {role.name} in Instance Profile {profile.name} cannot be found.")
    profile.role = None
    profile.save(update_fields=["role"])
    return {}


@operation("iam:DeleteInstanceProfile", resource=instance_profile_target)
def delete_instance_profile(call: Call, *, instance_profile_name: str) -> Result:
    """Delete an instance profile that has no role in it."""
    profile = find_profile(call, instance_profile_name)
    held = InstanceProfile.objects.of(call.account_id).filter(pk=profile.pk, role__isnull=False)
    must_be_gone((held, "remove roles from instance profile"))
    profile.delete()
    return {}


@operation("iam:TagInstanceProfile", resource=instance_profile_target, context=tags_context)
def tag_instance_profile(call: Call, *, instance_profile_name: str, tags: Tags) -> Result:
    """Add tags to an instance profile, or change their values."""
    profile = find_profile(call, instance_profile_name)
    profile.tags = merged(profile.tags, tags, EXACT)
    profile.save(update_fields=["tags"])
    return {}


@operation("iam:UntagInstanceProfile", resource=instance_profile_target, context=tag_keys_context)
def untag_instance_profile(call: Call, *, instance_profile_name: str, tag_keys: Sequence[str]) -> Result:
    """Remove tags from an instance profile."""
    profile = find_profile(call, instance_profile_name)
    profile.tags = without(profile.tags, tag_keys, EXACT)
    profile.save(update_fields=["tags"])
    return {}


@operation("iam:ListInstanceProfileTags", resource=instance_profile_target)
def list_instance_profile_tags(
    call: Call, *, instance_profile_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the tags of an instance profile."""
    return page_of_tags(call, find_profile(call, instance_profile_name).tags, EXACT, marker, max_items)
