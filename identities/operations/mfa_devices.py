"""Virtual MFA devices as things of their own: made, listed, deleted. Whose they are: mfa_assignment."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import Account
from iamconsole.operations.call import Call
from iamconsole.operations.errors import DeleteConflict, EntityAlreadyExists, NoSuchEntity
from iamconsole.operations.paging import page_after
from iamconsole.operations.registry import Result, operation
from identities import shapes, totp
from identities.mfa_kinds import MfaKind, key_of
from identities.models import MfaDevice, Tags
from identities.quotas import leave_room
from identities.tags import EXACT, as_given, checked
from identities.targets import device_target, listing, new_device_target, tags_context


def known_device(call: Call, serial_number: str) -> MfaDevice:
    """The account's device, whosever it is; the NoSuchEntity that AWS has for those to be taken away."""
    device = _maybe(call, serial_number)
    if device is None:
        raise no_such_device(serial_number)
    return device


def no_such_device(serial_number: str) -> NoSuchEntity:
    return NoSuchEntity(f"MFA Device with serial number {serial_number} does not exist.")


def _maybe(call: Call, serial_number: str) -> MfaDevice | None:
    devices = MfaDevice.objects.of(call.account_id).select_related("user", "account")
    found: MfaDevice | None = devices.filter(pk=key_of(call.account_id, serial_number)).first()
    return found


def find_device(call: Call, serial_number: str, *kinds: MfaKind) -> MfaDevice:
    """The account's virtual device, or one of the kinds named; AWS's NoSuchEntity where there is none."""
    device = _maybe(call, serial_number)
    if device is None or device.kind not in (kinds or (MfaKind.VIRTUAL,)):
        raise NoSuchEntity(f"VirtualMFADevice with serial number {serial_number} doesn't exist.")
    return device


@operation("iam:CreateVirtualMFADevice", resource=new_device_target, context=tags_context)
def create_virtual_mfa_device(
    call: Call, *, virtual_mfa_device_name: str, path: str = "/", tags: Tags | None = None
) -> Result:
    """Create an authenticator app's device and show its seed and QR code this once."""
    serial = f"arn:aws:iam::{call.account_id}:mfa{path}{virtual_mfa_device_name}"
    if MfaDevice.objects.of(call.account_id).filter(pk__iexact=serial).exists():
        raise EntityAlreadyExists("MFA device already exists.")
    leave_room("MFADevicesPerAccount", MfaDevice.objects.of(call.account_id).count())
    seed = totp.new_seed()
    device = MfaDevice.objects.create(
        pk=serial,
        account_id=call.account_id,
        sealed_seed=totp.sealed(seed, serial, call.account_id),
        tags=checked(tags, EXACT),
        created_at=call.now,
    )
    account = Account.objects.get(pk=call.account_id)
    picture = totp.qr_png(totp.uri(seed, device.name, account.alias or account.pk))
    secrets = {"Base32StringSeed": seed.reveal().encode(), "QRCodePNG": picture}
    return {"VirtualMFADevice": {"SerialNumber": serial, **secrets, **as_given(device.tags)}}


@operation("iam:ListVirtualMFADevices", resource=listing("mfa"))
def list_virtual_mfa_devices(
    call: Call, *, assignment_status: str = "Any", marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's virtual MFA devices, assigned or not."""
    devices = MfaDevice.objects.of(call.account_id).select_related("user", "account").order_by("pk")
    devices = devices.filter(pk__contains=":mfa/")
    if assignment_status != "Any":
        devices = devices.filter(enabled_at__isnull=assignment_status == "Unassigned")

    def fetch(after: str, count: int) -> Sequence[MfaDevice]:
        return list(devices.filter(pk__gt=after)[:count])

    def key(device: MfaDevice) -> str:
        return device.pk

    member, show = "VirtualMFADevices", shapes.virtual_device
    return page_after(call.account_id, member, fetch, show, key, marker=marker, max_items=max_items)


@operation("iam:DeleteVirtualMFADevice", resource=device_target)
def delete_virtual_mfa_device(call: Call, *, serial_number: str) -> Result:
    """Delete a virtual MFA device that is assigned to nobody."""
    device = known_device(call, serial_number)
    if device.kind is not MfaKind.VIRTUAL:
        raise no_such_device(serial_number)
    if device.enabled_at is not None:
        raise DeleteConflict("MFA VirtualDevice in use. Must deactivate first.")
    device.delete()
    return {}
