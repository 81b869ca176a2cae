"""Rows as AWS shows them: members that have nothing to say are absent."""

from __future__ import annotations

from accounts.models import Account
from iamconsole.operations.registry import Result
from identities.models import AccessKey, Group, InstanceProfile, LoginProfile, MfaDevice, Role, User
from identities.queries import UserInList, login_profile_of
from identities.tags import by_key


def brief_user(user: User) -> Result:
    """A user as CreateUser, GetGroup and the device lists show it."""
    return {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.pk,
        "Arn": user.arn,
        "CreateDate": user.created_at,
    }


def user_in_list(user: UserInList) -> Result:
    """A user as ListUsers shows it: the tags and the boundary are GetUser's."""
    shown: Result = {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.created_at,
    }
    if user.last_used_at:
        shown["PasswordLastUsed"] = user.last_used_at
    return shown


def listed_user(user: User) -> Result:
    """A user as GetGroup shows its members."""
    profile = login_profile_of(user)
    last_used = profile.last_used_at if profile else None
    return {**brief_user(user), **({"PasswordLastUsed": last_used} if last_used else {})}


def full_user(user: User, boundary_arn: str = "") -> Result:
    """A user as GetUser shows it."""
    return {**listed_user(user), **_extras(user, boundary_arn)}


def new_user(user: User, boundary_arn: str = "") -> Result:
    """A user as CreateUser answers it."""
    return {**brief_user(user), **_extras(user, boundary_arn)}


def root_user(account: Account) -> Result:
    """Root as GetUser shows it to root: the account id for an id, the alias for a name, no path."""
    shown: Result = {"UserId": account.pk, "Arn": account.root_arn, "CreateDate": account.created_at}
    if account.alias:
        shown["UserName"] = account.alias
    if account.root_last_sign_in_at:
        shown["PasswordLastUsed"] = account.root_last_sign_in_at
    return shown


def group(row: Group) -> Result:
    return {
        "Path": row.path,
        "GroupName": row.name,
        "GroupId": row.pk,
        "Arn": row.arn,
        "CreateDate": row.created_at,
    }


def new_role(role: Role, boundary_arn: str = "") -> Result:
    """A role as CreateRole answers it: without the session duration and the last use."""
    shown: Result = {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.pk,
        "Arn": role.arn,
        "CreateDate": role.created_at,
        "AssumeRolePolicyDocument": role.trust_policy,
    }
    if role.description:
        shown["Description"] = role.description
    return {**shown, **_extras(role, boundary_arn)}


def listed_role(role: Role) -> Result:
    """A role as ListRoles shows it: even a tagged one without its tags."""
    shown = {**new_role(role), "MaxSessionDuration": role.max_session_duration}
    shown.pop("Tags", None)
    return shown


def full_role(role: Role, boundary_arn: str = "") -> Result:
    """A role as GetRole shows it; a role never used has an empty RoleLastUsed."""
    used: Result = {"LastUsedDate": role.last_used_at, "Region": role.last_used_region} if role.last_used_at else {}
    return {**listed_role(role), **_extras(role, boundary_arn), "RoleLastUsed": used}


def instance_profile(profile: InstanceProfile) -> Result:
    """An instance profile with the role in it; without its tags, which only those see who ask for it alone."""
    return {
        "Path": profile.path,
        "InstanceProfileName": profile.name,
        "InstanceProfileId": profile.pk,
        "Arn": profile.arn,
        "CreateDate": profile.created_at,
        "Roles": [_role_in_profile(profile.role)] if profile.role else [],
    }


def _role_in_profile(role: Role) -> Result:
    shown = new_role(role)
    return {member: value for member, value in shown.items() if member not in ("Description", "Tags")}


def _extras(row: User | Role, boundary_arn: str) -> Result:
    shown: Result = {}
    if row.tags:
        shown["Tags"] = by_key(row.tags)
    if boundary_arn:
        shown["PermissionsBoundary"] = boundary(boundary_arn)
    return shown


def boundary(arn: str) -> Result:
    """Policy is what AWS answers, whatever its service model says."""
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}


def login_profile(profile: LoginProfile) -> Result:
    return {
        "UserName": profile.user.name,
        "CreateDate": profile.created_at,
        "PasswordResetRequired": profile.reset_required,
    }


def access_key(key: AccessKey, user: User | None) -> Result:
    """A key without its secret; root's belong to no user name."""
    return {
        **({"UserName": user.name} if user else {}),
        "AccessKeyId": key.pk,
        "Status": "Active" if key.active else "Inactive",
        "CreateDate": key.created_at,
    }


def key_last_used(key: AccessKey) -> Result:
    """AWS writes N/A for the service and region of a key that was never used."""
    return {
        **({"LastUsedDate": key.last_used_at} if key.last_used_at else {}),
        "ServiceName": key.last_used_service or "N/A",
        "Region": key.last_used_region or "N/A",
    }


def mfa_device(device: MfaDevice) -> Result:
    """An enabled device as ListMFADevices and GetMFADevice show it; root goes by the account id."""
    return {
        "UserName": device.user.name if device.user else device.account_id,
        "SerialNumber": device.serial,
        "EnableDate": device.enabled_at,
    }


def virtual_device(device: MfaDevice) -> Result:
    """A device as ListVirtualMFADevices shows it, with its owner once it is enabled."""
    shown: Result = {"SerialNumber": device.pk}
    if device.enabled_at:
        shown["EnableDate"] = device.enabled_at
    if device.user:
        shown["User"] = brief_user(device.user)
    elif device.for_root:
        shown["User"] = root_user(device.account)
    return shown
