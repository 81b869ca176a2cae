"""A device between its two steps: made, not yet proven. Its seed waits sealed in the session of whoever assigns it."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field

from accounts.http import ConsoleRequest
from accounts.views.own import Owner
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken, seal, unseal
from identities import totp

KEY = "mfa_enrolments"


@dataclass(frozen=True)
class Draft:
    """A device to be proven; `secret` and `qr` are for this one page."""

    serial: str
    secret: str = field(repr=False)
    qr: str = field(repr=False)


def start(request: ConsoleRequest, owner: Owner, name: str) -> str:
    """Make the device; the token names the draft. Earlier drafts are dropped, their unassigned devices with them."""
    for earlier in list(request.session.get(KEY, {})):
        drop(request, earlier)
    made = perform(request.caller, "iam:CreateVirtualMFADevice", {"VirtualMFADeviceName": name})["VirtualMFADevice"]
    assert isinstance(made, dict)
    serial, token = str(made["SerialNumber"]), secrets.token_urlsafe(16)
    sealed = seal(_seed(made["Base32StringSeed"]), _place(serial))
    drafts = request.session.get(KEY, {})
    request.session[KEY] = {**drafts, token: {"serial": serial, "sealed": sealed, "owner": owner.named}}
    return token


def find(request: ConsoleRequest, owner: Owner, token: str) -> Draft | None:
    """The draft under `token` if it is of this session and this owner."""
    kept = request.session.get(KEY, {}).get(token)
    if kept is None or kept["owner"] != owner.named:
        return None
    try:
        seed = unseal(kept["sealed"], _place(kept["serial"]))
    except SealBroken:
        return None
    uri = totp.uri(seed, kept["serial"].rsplit("/", 1)[-1], request.account.alias or request.account.pk)
    picture = base64.b64encode(totp.qr_png(uri)).decode()
    return Draft(kept["serial"], seed.reveal(), f"data:image/png;base64,{picture}")


def forget(request: ConsoleRequest, token: str) -> dict[str, str]:
    """The draft is done; what is left of it."""
    drafts = dict(request.session.get(KEY, {}))
    kept: dict[str, str] = drafts.pop(token, {})
    request.session[KEY] = drafts
    return kept


def drop(request: ConsoleRequest, token: str) -> None:
    """The draft is given up; so is its device, where the caller may delete it."""
    kept = forget(request, token)
    if not kept:
        return
    try:
        perform(request.caller, "iam:DeleteVirtualMFADevice", {"SerialNumber": kept["serial"]})
    except ApiError:
        pass  # it stays unassigned and harmless, as on AWS


def _seed(made: object) -> Secret:
    """The base32 text, whichever way the operation hands it out."""
    if isinstance(made, Secret):
        return made
    assert isinstance(made, bytes)
    return Secret(made.decode())


def _place(serial: str) -> str:
    return f"mfa_enrolment|{serial}"
