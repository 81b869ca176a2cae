"""Whose MFA device it is: enabled with two consecutive codes, resynchronised, deactivated, listed.

Once somebody has a device, only a session that was signed in with one changes them: otherwise whoever steals a key or
a password adds a second device and passes for the owner (AWS security bulletin AWS-2023-001).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from accounts import root_notice
from accounts.caller import Caller
from accounts.models import Account
from iamconsole.operations.call import Call
from iamconsole.operations.errors import AccessDenied, EntityAlreadyExists, InvalidAuthenticationCode, NoSuchEntity
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Result, operation
from identities import shapes, totp
from identities.mfa_kinds import MfaKind, key_of
from identities.models import MfaDevice, User
from identities.operations.login_profiles import end_sessions
from identities.operations.mfa_devices import find_device, known_device
from identities.queries import enabled_devices, whose
from identities.quotas import leave_room
from identities.targets import user_target


@operation("iam:EnableMFADevice", resource=user_target)
def enable_mfa_device(
    call: Call, *, user_name: str, serial_number: str, authentication_code1: str, authentication_code2: str
) -> Result:
    """Assign an MFA device to a user, proven by two consecutive codes."""
    user = whose(call.caller, user_name)
    device = find_device(call, serial_number, MfaKind.VIRTUAL, MfaKind.HARDWARE)
    if device.enabled_at is not None:
        raise EntityAlreadyExists("MFA Device is already in use.")
    need_mfa(call.caller, "iam:EnableMFADevice", user, str(call.id))
    leave_room("MFADevicesPerUser", enabled_devices(call.account_id, user).count())
    # A phone knows the time; a token has lain in a drawer, and its clock can be set right by these two codes only.
    reach = totp.RESYNC_REACH if device.kind is MfaKind.HARDWARE else totp.ENROLMENT_REACH
    _set_clock(call, device, authentication_code1, authentication_code2, reach)
    device.user, device.for_root, device.enabled_at = user, user is None, call.now
    device.save(update_fields=["user", "for_root", "enabled_at"])
    return {}


@operation("iam:ResyncMFADevice", resource=user_target)
def resync_mfa_device(
    call: Call, *, user_name: str, serial_number: str, authentication_code1: str, authentication_code2: str
) -> Result:
    """Set the server right about the clock of a user's device, by two consecutive codes."""
    user = whose(call.caller, user_name)
    device = _device_of(call, user, serial_number)
    need_mfa(call.caller, "iam:ResyncMFADevice", user, str(call.id))
    _set_clock(call, device, authentication_code1, authentication_code2, totp.RESYNC_REACH)
    return {}


@operation("iam:DeactivateMFADevice", resource=user_target)
def deactivate_mfa_device(call: Call, *, serial_number: str, user_name: str | None = None) -> Result:
    """Take an MFA device from a user and end its console sessions."""
    user = whose(call.caller, user_name)
    known_device(call, serial_number)
    device = _device_of(call, user, serial_number)
    serial = device.serial
    need_mfa(call.caller, "iam:DeactivateMFADevice", user, str(call.id))
    take_off(device)
    if user is not None:
        end_sessions(user)
    else:
        end_root_sessions(call.account_id, [serial])
    return {}


@operation("iam:ListMFADevices", resource=user_target)
def list_mfa_devices(
    call: Call, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the MFA devices that are enabled for a user."""
    devices = enabled_devices(call.account_id, whose(call.caller, user_name)).select_related("user")
    return page(call.account_id, "MFADevices", devices, shapes.mfa_device, marker=marker, max_items=max_items)


@operation("iam:GetMFADevice", resource=user_target)
def get_mfa_device(call: Call, *, serial_number: str, user_name: str | None = None) -> Result:
    """Show one MFA device of a user."""
    return shapes.mfa_device(_device_of(call, whose(call.caller, user_name), serial_number))


def end_root_sessions(account_id: str, removed: Sequence[str]) -> None:
    """Root signs in anew after devices of its own were removed, and is told of it by mail, as on AWS."""
    account = Account.objects.get(pk=account_id)
    Account.objects.filter(pk=account_id).update(root_credential_version=F("root_credential_version") + 1)
    root_notice.mfa_removed(account, removed)


def take_off(device: MfaDevice) -> None:
    """Apps and tokens can be assigned anew; a passkey was made for this one user and is gone with it."""
    if device.kind is MfaKind.PASSKEY:
        device.delete()
        return
    device.user, device.for_root, device.enabled_at = None, False, None
    device.save(update_fields=["user", "for_root", "enabled_at"])


def _device_of(call: Call, user: User | None, serial_number: str) -> MfaDevice:
    key = key_of(call.account_id, serial_number)
    device = enabled_devices(call.account_id, user).select_related("user").filter(pk=key).first()
    if device is None:
        raise NoSuchEntity("MFA Device invalid for user.")
    return device


def _set_clock(call: Call, device: MfaDevice, first: str, second: str, reach: int) -> None:
    if device.kind is MfaKind.PASSKEY or not totp.resync(device, first, second, call.now, reach):
        raise InvalidAuthenticationCode("Authentication code for device is not valid")


def need_mfa(caller: Caller, action: str, user: User | None, event_id: str = "") -> None:
    """Whoever has a device must have signed in with one before changing them. Raises AccessDenied."""
    own = caller.is_root if user is None else caller.principal_id == user.pk
    # AssumeRoot's session is the management account's helping hand, not the root user.
    helping = caller.session is not None and not caller.session.plain
    if not own or helping or caller.mfa or not enabled_devices(caller.account_id, user).exists():
        return
    reason = "because MFA devices can be changed only after signing in with the one already assigned"
    raise AccessDenied(
        f"User: {caller.arn} is not authorized to perform: {action} on resource: {caller.arn} {reason}",
        caller_arn=caller.arn,
        action=action,
        resource=caller.arn,
        reason=reason,
        event_id=event_id,
    )
