"""One working call of every operation of users, groups, roles and their credentials."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.utils import timezone

from accounts.caller import system_caller
from iamconsole.operations.door import perform
from iamconsole.operations.secrets import Secret
from identities import totp
from identities.models import User
from tests.cast import ACCOUNT_ID
from tests.operations.example import Example

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)
PASSWORD = "Correct-horse-9"
TAGS = [{"Key": "team", "Value": "blue"}]
DEVICE = f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"


def do(name: str, **inputs: object) -> Mapping[str, object]:
    return perform(system_caller(ACCOUNT_ID), f"iam:{name}", inputs)


def dana() -> None:
    do("CreateUser", UserName="dana", Tags=TAGS)


def group() -> None:
    do("CreateGroup", GroupName="readers")


def dana_in_group() -> None:
    dana()
    group()
    do("AddUserToGroup", GroupName="readers", UserName="dana")


def dana_and_group() -> None:
    dana()
    group()


def role() -> None:
    do("CreateRole", RoleName="worker", AssumeRolePolicyDocument=TRUST, Tags=TAGS)


def role_to_assume() -> Mapping[str, object]:
    """A role that leaves it to the account whom it trusts."""
    trust = TRUST.replace('"Service": "ec2.amazonaws.com"', f'"AWS": "{ACCOUNT_ID}"')
    do("CreateRole", RoleName="worker", AssumeRolePolicyDocument=trust)
    return {"RoleArn": f"arn:aws:iam::{ACCOUNT_ID}:role/worker"}


def dana_with_password() -> None:
    dana()
    do("CreateLoginProfile", UserName="dana", Password=PASSWORD)


def passwords_of_everybody() -> None:
    """ChangePassword is about whoever calls it."""
    for name in User.objects.of(ACCOUNT_ID).values_list("name", flat=True):
        do("CreateLoginProfile", UserName=name, Password=PASSWORD)


def key() -> Mapping[str, object]:
    """An access key of dana's."""
    dana()
    made = do("CreateAccessKey", UserName="dana")["AccessKey"]
    assert isinstance(made, dict)
    return {"AccessKeyId": made["AccessKeyId"]}


def just_key() -> None:
    key()


def device() -> Mapping[str, object]:
    """A new device, and two consecutive codes of it."""
    made = do("CreateVirtualMFADevice", VirtualMFADeviceName="phone", Tags=TAGS)["VirtualMFADevice"]
    assert isinstance(made, dict)
    return codes(Secret(made["Base32StringSeed"].decode()), 0)


def codes(seed: Secret, later: int) -> dict[str, object]:
    step = totp.step_at(timezone.now()) + later
    return {"AuthenticationCode1": totp.code_at(seed, step - 1), "AuthenticationCode2": totp.code_at(seed, step)}


def just_device() -> None:
    device()


def dana_and_device() -> Mapping[str, object]:
    dana()
    return device()


def enabled_device() -> Mapping[str, object]:
    """A device that is dana's already, and the codes after those it was enabled with."""
    dana()
    made = do("CreateVirtualMFADevice", VirtualMFADeviceName="phone")["VirtualMFADevice"]
    assert isinstance(made, dict)
    seed = Secret(made["Base32StringSeed"].decode())
    do("EnableMFADevice", UserName="dana", SerialNumber=DEVICE, **codes(seed, 0))
    return codes(seed, 2)


def just_enabled_device() -> None:
    enabled_device()


USER: Mapping[str, object] = {"UserName": "dana"}
GROUP: Mapping[str, object] = {"GroupName": "readers"}
ROLE: Mapping[str, object] = {"RoleName": "worker"}
PHONE: Mapping[str, object] = {"SerialNumber": DEVICE}

EXAMPLES: dict[str, Example] = {
    "iam:CreateUser": Example({**USER, "Path": "/lab/", "Tags": TAGS}),
    "iam:GetUser": Example(USER, dana),
    "iam:ListUsers": Example({"PathPrefix": "/"}, dana),
    "iam:UpdateUser": Example({**USER, "NewUserName": "dora", "NewPath": "/lab/"}, dana),
    "iam:DeleteUser": Example(USER, dana),
    "iam:TagUser": Example({**USER, "Tags": TAGS}, dana),
    "iam:UntagUser": Example({**USER, "TagKeys": ["team"]}, dana),
    "iam:ListUserTags": Example(USER, dana),
    "iam:CreateGroup": Example(GROUP),
    "iam:GetGroup": Example(GROUP, dana_in_group),
    "iam:ListGroups": Example({}, group),
    "iam:UpdateGroup": Example({**GROUP, "NewGroupName": "writers"}, group),
    "iam:DeleteGroup": Example(GROUP, group),
    "iam:AddUserToGroup": Example({**USER, **GROUP}, dana_and_group),
    "iam:RemoveUserFromGroup": Example({**USER, **GROUP}, dana_in_group),
    "iam:ListGroupsForUser": Example(USER, dana_in_group),
    "iam:CreateRole": Example({**ROLE, "AssumeRolePolicyDocument": TRUST, "Description": "works", "Tags": TAGS}),
    "iam:GetRole": Example(ROLE, role),
    "iam:ListRoles": Example({}, role),
    "iam:UpdateRole": Example({**ROLE, "Description": "rests", "MaxSessionDuration": 7200}, role),
    "iam:UpdateRoleDescription": Example({**ROLE, "Description": "rests"}, role),
    "iam:UpdateAssumeRolePolicy": Example({**ROLE, "PolicyDocument": TRUST}, role),
    "iam:DeleteRole": Example(ROLE, role),
    "iam:TagRole": Example({**ROLE, "Tags": TAGS}, role),
    "iam:UntagRole": Example({**ROLE, "TagKeys": ["team"]}, role),
    "iam:ListRoleTags": Example(ROLE, role),
    "iam:CreateLoginProfile": Example({**USER, "Password": PASSWORD}, dana),
    "iam:GetLoginProfile": Example(USER, dana_with_password),
    "iam:UpdateLoginProfile": Example({**USER, "Password": "Other-horse-9"}, dana_with_password),
    "iam:DeleteLoginProfile": Example(USER, dana_with_password),
    "iam:ChangePassword": Example({"OldPassword": PASSWORD, "NewPassword": "Other-horse-9"}, passwords_of_everybody),
    "iam:CreateAccessKey": Example(USER, dana),
    "iam:ListAccessKeys": Example(USER, just_key),
    "iam:UpdateAccessKey": Example({**USER, "Status": "Inactive"}, key),
    "iam:DeleteAccessKey": Example(USER, key),
    "iam:GetAccessKeyLastUsed": Example({}, key),
    "iam:CreateVirtualMFADevice": Example({"VirtualMFADeviceName": "phone", "Tags": TAGS}),
    "iam:ListVirtualMFADevices": Example({"AssignmentStatus": "Any"}, just_enabled_device),
    "iam:DeleteVirtualMFADevice": Example(PHONE, just_device),
    "iam:EnableMFADevice": Example({**USER, **PHONE}, dana_and_device),
    "iam:ResyncMFADevice": Example({**USER, **PHONE}, enabled_device),
    "iam:DeactivateMFADevice": Example({**USER, **PHONE}, just_enabled_device),
    "iam:ListMFADevices": Example(USER, just_enabled_device),
    "iam:GetMFADevice": Example({**USER, **PHONE}, just_enabled_device),
    "iam:TagMFADevice": Example({**PHONE, "Tags": TAGS}, just_device),
    "iam:UntagMFADevice": Example({**PHONE, "TagKeys": ["team"]}, just_device),
    "iam:ListMFADeviceTags": Example(PHONE, just_device),
    "sts:GetCallerIdentity": Example(),
    "sts:GetAccessKeyInfo": Example({}, key),
    "sts:AssumeRole": Example({"RoleSessionName": "work"}, role_to_assume),
    "sts:GetSessionToken": Example(),
    "sts:GetFederationToken": Example({"Name": "guest"}),
}
