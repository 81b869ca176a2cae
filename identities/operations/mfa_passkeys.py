"""Passkeys and security keys become MFA devices. AWS's own console does this, and no call of AWS's API can.

The permission is iam:EnableMFADevice. AWS decides it twice: for making the passkey, `iam:RegisterSecurityKey` is
`Create`; for assigning it, `Activate`. Source: IAM user guide, id_credentials_mfa_fido_supported_configurations.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping

from iamconsole.operations import inputs
from iamconsole.operations.call import Call
from iamconsole.operations.errors import InvalidInput, ValidationError
from iamconsole.operations.registry import Asked, ContextValue, Result, operation
from iamconsole.operations.secrets import Secret
from identities import passkeys
from identities.models import MfaDevice, User
from identities.operations.mfa_assignment import need_mfa
from identities.passkeys import Refusal
from identities.queries import enabled_devices, whose
from identities.quotas import leave_room
from identities.targets import user_target

LONGEST_NAME = 128


def activating(asked: Asked) -> Mapping[str, ContextValue]:
    return {"iam:RegisterSecurityKey": "Activate"}


def creating(asked: Asked) -> Mapping[str, ContextValue]:
    return {"iam:RegisterSecurityKey": "Create"}


@operation("iamconsole:BeginPasskey", action="iam:EnableMFADevice", resource=user_target, context=creating)
def begin_passkey(call: Call, *, device_name: str, bound_to: Secret, user_name: str | None = None) -> Result:
    """Tell a browser what to ask an authenticator for, so that it makes a passkey for a user."""
    user = _ready(call, user_name, device_name)
    shown = f"{user.name if user else 'root'} @ {call.account_id}"
    options = passkeys.options_to_register(call.account_id, user, shown, bound_to.reveal(), call.now)
    return {"Options": Secret(options)}


@operation("iamconsole:EnableMFADevice", action="iam:EnableMFADevice", resource=user_target, context=activating)
def enable_passkey(
    call: Call, *, device_name: str, answer: Secret, bound_to: Secret, user_name: str | None = None
) -> Result:
    """Assign a passkey or security key to a user, proven by what it answered."""
    user = _ready(call, user_name, device_name)
    made = passkeys.registered(call.account_id, answer.reveal(), bound_to.reveal(), call.now)
    if isinstance(made, Refusal):
        raise InvalidInput(made.value)
    serial = _serial(call.account_id, user, device_name)
    MfaDevice.objects.create(
        pk=serial,
        account_id=call.account_id,
        user=user,
        for_root=user is None,
        created_at=call.now,
        enabled_at=call.now,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        verifies_user=made.verifies_user,
        transports=made.transports,
    )
    return {"SerialNumber": serial}


def check_name(name: str) -> None:
    """Letters as in a virtual device's name; a serial number has room for 128 of them. Raises ValidationError."""
    inputs.check("iam:CreateVirtualMFADevice", {"VirtualMFADeviceName": name})
    if len(name) > LONGEST_NAME:
        problem = f"Member must have length less than or equal to {LONGEST_NAME}"
        raise ValidationError(
            f"1 validation error detected: Value at 'deviceName' failed to satisfy constraint: {problem}"
        )


def _ready(call: Call, user_name: str | None, device_name: str) -> User | None:
    """Whose the passkey will be, where there is room for one and the caller may change the owner's devices."""
    check_name(device_name)
    user = whose(call.caller, user_name)
    need_mfa(call.caller, "iam:EnableMFADevice", user, str(call.id))
    leave_room("MFADevicesPerUser", enabled_devices(call.account_id, user).count())
    leave_room("MFADevicesPerAccount", MfaDevice.objects.of(call.account_id).count())
    return user


def _serial(account_id: str, user: User | None, name: str) -> str:
    """AWS's form: the owner, the name, and 26 letters that make it the only one."""
    suffix = base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=")
    owner = f"user/{user.name}" if user else "root"
    return f"arn:aws:iam::{account_id}:u2f/{owner}/{name}-{suffix}"
