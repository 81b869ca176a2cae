"""Authenticator apps: six digits each 30 seconds, and no code accepted twice, however many try at once.

Sources: RFC 6238 (section 5.2: a code is accepted once) and RFC 4226; EnableMFADevice and ResyncMFADevice want two
consecutive codes.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from hmac import compare_digest
from io import BytesIO
from urllib.parse import quote, urlencode

import pyotp
import segno

from iamconsole import sealing
from iamconsole.operations.secrets import Secret
from identities.models import MfaDevice

STEP_SECONDS = 30
# How far the second of two enrolment codes may be off: reading and typing two codes takes time.
ENROLMENT_REACH = 2
# 50 minutes either way: what ResyncMFADevice can set right.
RESYNC_REACH = 100
ISSUER = "iamconsole"


def new_seed() -> Secret:
    """64 base-32 letters, as AWS's are."""
    return Secret(base64.b32encode(secrets.token_bytes(40)).decode())


def sealed(seed: Secret, serial_number: str, account_id: str) -> str:
    """The seed as it is stored with the device."""
    return sealing.seal(seed, _place(serial_number, account_id))


def seed_of(device: MfaDevice) -> Secret:
    """The device's seed, to compute codes with."""
    return sealing.unseal(device.sealed_seed, _place(device.pk, device.account_id))


def _place(serial_number: str, account_id: str) -> str:
    return f"mfa_device|{serial_number}|{account_id}"


def step_at(now: datetime) -> int:
    """The number of the 30-second step a moment lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(seed: Secret, step: int) -> str:
    """The six digits of a step. TOTP is HOTP over the step number, free of time zones."""
    return str(pyotp.HOTP(seed.reveal()).at(step))


def accept(device: MfaDevice, code: str, now: datetime) -> bool:
    """Whether the code is one of this device now, not used before; it is used up by being accepted."""
    seed, current = seed_of(device), step_at(now) + device.drift
    fitting = [step for step in (current, current - 1, current + 1) if _same(code_at(seed, step), code)]
    enabled = MfaDevice.objects.of(device.account_id).filter(pk=device.pk, enabled_at__isnull=False)
    # One conditional statement: the database lets exactly one of several tries through.
    return any(enabled.filter(last_step__lt=step).update(last_step=step) for step in fitting)


def resync(device: MfaDevice, first: str, second: str, now: datetime, reach: int) -> bool:
    """Accept two consecutive codes, which are thereby used up, and learn the device's drift from them."""
    step = consecutive(seed_of(device), first, second, now, reach)
    if step is None:
        return False
    unused = MfaDevice.objects.of(device.account_id).filter(pk=device.pk, last_step__lt=step)
    return unused.update(last_step=step, drift=drift(step, now)) == 1


def consecutive(seed: Secret, first: str, second: str, now: datetime, reach: int) -> int | None:
    """The step of the second of two codes in a row, nearest to now and within `reach` steps; None when they are not."""
    current = step_at(now)
    for step in sorted(range(current - reach, current + reach + 1), key=lambda each: abs(each - current)):
        if _same(code_at(seed, step), second) and _same(code_at(seed, step - 1), first):
            return step
    return None


def drift(step: int, now: datetime) -> int:
    """How far a device's clock is ahead, in steps; a step more or less is but slow typing."""
    ahead = step - step_at(now)
    return ahead if abs(ahead) > 1 else 0


def uri(seed: Secret, device_name: str, account_name: str) -> Secret:
    """What the QR code says to an authenticator app."""
    label = quote(f"{ISSUER}:{device_name}@{account_name}", safe="@:")
    return Secret(f"otpauth://totp/{label}?{urlencode({'secret': seed.reveal(), 'issuer': ISSUER})}")


def qr_png(text: Secret) -> bytes:
    """The QR code as a picture."""
    picture = BytesIO()
    segno.make(text.reveal(), error="m").save(picture, kind="png", scale=5, border=4)
    return picture.getvalue()


def _same(expected: str, given: str) -> bool:
    return compare_digest(expected.encode(), given.encode())
