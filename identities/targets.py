"""What a call is about, for its permission: users, groups, roles and devices by the names in its inputs."""

from __future__ import annotations

from collections.abc import Mapping

from iamconsole.operations.registry import Asked, ContextValue, Resolve, Target
from identities.models import Group, Identity, InstanceProfile, MfaDevice, Role, User
from identities.queries import maybe
from identities.tags import as_mapping
from policies.context import request_tags

TYPES: dict[type[Identity], str] = {
    User: "AWS::IAM::User",
    Group: "AWS::IAM::Group",
    Role: "AWS::IAM::Role",
    InstanceProfile: "AWS::IAM::InstanceProfile",
}


def user_target(asked: Asked) -> Target:
    """The user in `UserName`; left out, the caller itself."""
    name = asked.text("UserName")
    if asked.caller_is_root and name in ("", asked.account_id):
        return Target(f"arn:aws:iam::{asked.account_id}:root", type=TYPES[User], name="root")
    return named_target(User, asked.account_id, name or asked.caller_name)


def group_target(asked: Asked) -> Target:
    """The group in `GroupName`."""
    return named_target(Group, asked.account_id, asked.text("GroupName"))


def role_target(asked: Asked) -> Target:
    """The role in `RoleName`."""
    return named_target(Role, asked.account_id, asked.text("RoleName"))


def instance_profile_target(asked: Asked) -> Target:
    """The instance profile in `InstanceProfileName`."""
    return named_target(InstanceProfile, asked.account_id, asked.text("InstanceProfileName"))


def named_target(kind: type[Identity], account_id: str, name: str) -> Target:
    """A user, group or role by name; a refusal says `user dana` as AWS does, and so not whether there is one."""
    label = f"{kind.arn_type.replace('-', ' ')} {name}"
    row = maybe(kind, account_id, name)
    if row is not None:
        return row_target(row, label)
    arn = f"arn:aws:iam::{account_id}:{kind.arn_type}/{name}"
    return Target(arn, label, type=TYPES[kind], name=name)


def row_target(row: Identity, label: str = "") -> Target:
    """A user, group or role that exists, under the path and with the tags it has now."""
    return Target(row.arn, label, as_mapping(getattr(row, "tags", [])), TYPES[type(row)], row.name)


def new_target(kind: type[Identity]) -> Resolve:
    """What is about to be made, under the path it will have."""
    member = f"{kind.__name__}Name"

    def resolve(asked: Asked) -> Target:
        name, path = asked.text(member), asked.text("Path") or "/"
        return Target(f"arn:aws:iam::{asked.account_id}:{kind.arn_type}{path}{name}", type=TYPES[kind], name=name)

    return resolve


def listing(arn_type: str) -> Resolve:
    """What a list operation looks through: `user/`, or the path asked for."""

    def resolve(asked: Asked) -> Target:
        return Target(f"arn:aws:iam::{asked.account_id}:{arn_type}{asked.text('PathPrefix') or '/'}")

    return resolve


def new_device_target(asked: Asked) -> Target:
    """The MFA device about to be made."""
    name = asked.text("VirtualMFADeviceName")
    serial = f"arn:aws:iam::{asked.account_id}:mfa{asked.text('Path') or '/'}{name}"
    return Target(serial, type="AWS::IAM::VirtualMFADevice", name=name)


def device_target(asked: Asked) -> Target:
    """The MFA device in `SerialNumber`, which for an authenticator app is its ARN."""
    serial = asked.text("SerialNumber")
    device = MfaDevice.objects.of(asked.account_id).filter(pk=serial).first()
    if device is None:
        return Target(serial, label=f"MFA device {serial}", type="AWS::IAM::VirtualMFADevice", name=serial)
    return Target(serial, tags=as_mapping(device.tags), type="AWS::IAM::VirtualMFADevice", name=device.name)


def tags_context(asked: Asked) -> Mapping[str, ContextValue]:
    """`aws:RequestTag/…` and `aws:TagKeys` of a call that brings tags."""
    return request_tags(asked.inputs.get("Tags"))


def tag_keys_context(asked: Asked) -> Mapping[str, ContextValue]:
    """`aws:TagKeys` of a call that takes tags away."""
    keys = asked.inputs.get("TagKeys")
    return {"aws:TagKeys": tuple(keys)} if isinstance(keys, list | tuple) else {}


def boundary_context(asked: Asked) -> Mapping[str, ContextValue]:
    """`iam:PermissionsBoundary` of a call that makes a user or role with one, and its tags."""
    boundary = asked.text("PermissionsBoundary")
    return {**tags_context(asked), **({"iam:PermissionsBoundary": boundary} if boundary else {})}
