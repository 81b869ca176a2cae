"""Tags on users, roles and MFA devices. Groups and access keys carry none."""

from __future__ import annotations

from collections.abc import Sequence

from iamconsole.operations.call import Call
from iamconsole.operations.registry import Result, operation
from identities.models import MfaDevice, Role, Tags, User
from identities.operations.mfa_devices import find_device
from identities.operations.shared import page_of_tags
from identities.queries import find_role, find_user
from identities.tags import ANY_CASE, EXACT, TagKeys, merged, without
from identities.targets import device_target, role_target, tag_keys_context, tags_context, user_target

Tagged = User | Role | MfaDevice


@operation("iam:TagUser", resource=user_target, context=tags_context)
def tag_user(call: Call, *, user_name: str, tags: Tags) -> Result:
    """Add tags to a user, or change their values."""
    return _tag(find_user(call.account_id, user_name), tags)


@operation("iam:UntagUser", resource=user_target, context=tag_keys_context)
def untag_user(call: Call, *, user_name: str, tag_keys: Sequence[str]) -> Result:
    """Remove tags from a user."""
    return _untag(find_user(call.account_id, user_name), tag_keys)


@operation("iam:ListUserTags", resource=user_target)
def list_user_tags(call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None) -> Result:
    """List the tags of a user."""
    return _list(call, find_user(call.account_id, user_name), marker, max_items)


@operation("iam:TagRole", resource=role_target, context=tags_context)
def tag_role(call: Call, *, role_name: str, tags: Tags) -> Result:
    """Add tags to a role, or change their values."""
    return _tag(find_role(call.account_id, role_name), tags)


@operation("iam:UntagRole", resource=role_target, context=tag_keys_context)
def untag_role(call: Call, *, role_name: str, tag_keys: Sequence[str]) -> Result:
    """Remove tags from a role."""
    return _untag(find_role(call.account_id, role_name), tag_keys)


@operation("iam:ListRoleTags", resource=role_target)
def list_role_tags(call: Call, *, role_name: str, marker: str | None = None, max_items: int | None = None) -> Result:
    """List the tags of a role."""
    return _list(call, find_role(call.account_id, role_name), marker, max_items)


@operation("iam:TagMFADevice", resource=device_target, context=tags_context)
def tag_mfa_device(call: Call, *, serial_number: str, tags: Tags) -> Result:
    """Add tags to an MFA device, or change their values."""
    return _tag(find_device(call, serial_number), tags)


@operation("iam:UntagMFADevice", resource=device_target, context=tag_keys_context)
def untag_mfa_device(call: Call, *, serial_number: str, tag_keys: Sequence[str]) -> Result:
    """Remove tags from an MFA device."""
    return _untag(find_device(call, serial_number), tag_keys)


@operation("iam:ListMFADeviceTags", resource=device_target)
def list_mfa_device_tags(
    call: Call, *, serial_number: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the tags of an MFA device."""
    return _list(call, find_device(call, serial_number), marker, max_items)


def _tag(row: Tagged, tags: Tags) -> Result:
    row.tags = merged(row.tags, tags, _keys_of(row))
    row.save(update_fields=["tags"])
    return {}


def _untag(row: Tagged, keys: Sequence[str]) -> Result:
    row.tags = without(row.tags, keys, _keys_of(row))
    row.save(update_fields=["tags"])
    return {}


def _list(call: Call, row: Tagged, marker: str | None, max_items: int | None) -> Result:
    return page_of_tags(call, row.tags, _keys_of(row), marker, max_items)


def _keys_of(row: Tagged) -> TagKeys:
    return EXACT if isinstance(row, MfaDevice) else ANY_CASE
