"""Hardware TOTP tokens, made known to the account by serial number and seed; then anybody's EnableMFADevice takes them.

On AWS the maker of a token hands the seeds over. Here whoever has bought tokens, or plays them in a lab, does. The
permissions are those for virtual devices, on `mfa/SERIAL`.
"""

from __future__ import annotations

from iamconsole.operations.call import Call
from iamconsole.operations.errors import DeleteConflict, EntityAlreadyExists, NoSuchEntity
from iamconsole.operations.registry import Asked, Result, Target, operation
from iamconsole.operations.secrets import Secret
from identities import seeds, totp
from identities.mfa_kinds import MfaKind, key_of
from identities.models import MfaDevice
from identities.quotas import leave_room
from identities.targets import listing


def token_target(asked: Asked) -> Target:
    """The token, under the ARN a virtual device of its serial number would have."""
    serial = asked.text("SerialNumber").upper()
    return Target(f"arn:aws:iam::{asked.account_id}:mfa/{serial}", type="AWS::IAM::VirtualMFADevice", name=serial)


@operation("iamconsole:RegisterMFAToken", action="iam:CreateVirtualMFADevice", resource=token_target)
def register_mfa_token(call: Call, *, serial_number: str, seed: Secret) -> Result:
    """Make a hardware TOTP token known to the account by its serial number and seed."""
    serial, known = seeds.serial(serial_number), seeds.base32(seed)
    key = key_of(call.account_id, serial)
    if MfaDevice.objects.of(call.account_id).filter(pk=key).exists():
        raise EntityAlreadyExists(f"A token with serial number {serial} is registered already.")
    leave_room("MFADevicesPerAccount", MfaDevice.objects.of(call.account_id).count())
    MfaDevice.objects.create(
        pk=key, account_id=call.account_id, sealed_seed=totp.sealed(known, key, call.account_id), created_at=call.now
    )
    return {"SerialNumber": serial}


@operation("iamconsole:ListMFATokens", action="iam:ListVirtualMFADevices", resource=listing("mfa"))
def list_mfa_tokens(call: Call) -> Result:
    """List the account's hardware TOTP tokens, assigned or not."""
    tokens = MfaDevice.objects.of(call.account_id).filter(pk__startswith=f"{call.account_id}/")
    rows = tokens.select_related("user").order_by("pk")
    return {"Tokens": [_shown(token) for token in rows]}


@operation("iamconsole:DeleteMFAToken", action="iam:DeleteVirtualMFADevice", resource=token_target)
def delete_mfa_token(call: Call, *, serial_number: str) -> Result:
    """Forget a hardware TOTP token that is assigned to nobody."""
    token = MfaDevice.objects.of(call.account_id).filter(pk=key_of(call.account_id, serial_number)).first()
    if token is None or token.kind is not MfaKind.HARDWARE:
        raise NoSuchEntity(f"There is no token with serial number {serial_number}.")
    if token.enabled_at is not None:
        raise DeleteConflict("The token is assigned to a user. Remove it there first.")
    token.delete()
    return {}


def _shown(token: MfaDevice) -> Result:
    owner = {"UserName": token.user.name if token.user else token.account_id} if token.enabled_at else {}
    return {"SerialNumber": token.serial, "CreateDate": token.created_at, **owner}
