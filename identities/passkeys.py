"""Passkeys and security keys (WebAuthn): made for one host, proven by a signature over a fresh challenge.

The password comes first, so that touching the device is enough (`preferred`, as on AWS); but a passkey that asked its
owner for a PIN or a finger when it was registered has to do so each time, or a thief of the key could leave it out.
Nothing is asked about make and model (attestation `none`). Source: WebAuthn level 3, sections 7.1 and 7.2.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from identities import challenges
from identities.models import MfaDevice, User

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

RP_NAME = "IAM Console"
TIMEOUT_MS = 120_000
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Refusal(StrEnum):
    """Why an answer does not count, with what to do next."""

    LATE = "The answer came too late or was used before. Try again: the browser asks for your passkey once more."
    UNKNOWN = "That passkey or security key is not assigned here. Use one that is, or another MFA method."
    INVALID = "The passkey could not be verified. Try again, or use another MFA method."
    UNVERIFIED = (
        "The passkey did not ask for its PIN or fingerprint, as it did when it was assigned. Try again with it."
    )
    COPIED = (
        "The counter of the passkey went backwards: there may be a copy of it, so it was refused. "
        "Use another MFA method, and remove this passkey."
    )
    TAKEN = "That passkey or security key is assigned already. Use another one."


@dataclass(frozen=True)
class NewPasskey:
    """A passkey as it was just proven."""

    credential_id: str
    public_key: str
    sign_count: int
    verifies_user: bool
    transports: list[str]


def origins() -> list[str]:
    """Where passkeys work: at the host of the first origin and below it. Browsers make none for addresses of digits."""
    named = [origin.rstrip("/") for origin in settings.ORIGINS if not _is_number(_host(origin))]
    return [origin for origin in named if f".{_host(origin)}".endswith(f".{_host(named[0])}")]


def rp_id() -> str:
    """The host that passkeys are made for; empty where the console has no name."""
    return _host(origins()[0]) if origins() else ""


def options_to_register(account_id: str, user: User | None, name: str, bound_to: str, now: datetime) -> str:
    """What the browser is told for `navigator.credentials.create`, as JSON."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    owned = passkeys_of(account_id, user)
    options = generate_registration_options(
        rp_id=rp_id(),
        rp_name=RP_NAME,
        user_id=hashlib.sha256(f"{account_id}/{user.pk if user else 'root'}".encode()).digest(),
        user_name=name,
        challenge=_bytes(challenges.issue(account_id, bound_to, now)),
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=_descriptors(owned),
    )
    return options_to_json(options)


def options_to_sign_in(account_id: str, devices: Sequence[MfaDevice], bound_to: str, now: datetime) -> str:
    """What the browser is told for `navigator.credentials.get`, as JSON."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    everyone_verifies = all(device.verifies_user for device in devices)
    wanted = UserVerificationRequirement.REQUIRED if everyone_verifies else UserVerificationRequirement.PREFERRED
    options = generate_authentication_options(
        rp_id=rp_id(),
        challenge=_bytes(challenges.issue(account_id, bound_to, now)),
        timeout=TIMEOUT_MS,
        allow_credentials=_descriptors(devices),
        user_verification=wanted,
    )
    return options_to_json(options)


def passkeys_of(account_id: str, user: User | None) -> list[MfaDevice]:
    """The passkeys that are assigned to a user, or to root."""
    owner = Q(for_root=True) if user is None else Q(user=user)
    return list(MfaDevice.objects.of(account_id).filter(owner, enabled_at__isnull=False).exclude(credential_id=""))


def registered(account_id: str, answer: str, bound_to: str, now: datetime) -> NewPasskey | Refusal:
    """The passkey that an answer of `navigator.credentials.create` proves; its challenge is used up."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    challenge = challenge_of(answer)
    if not challenges.take(account_id, challenge, bound_to, now):
        return Refusal.LATE
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=_bytes(challenge),
            expected_rp_id=rp_id(),
            expected_origin=origins(),
        )
    except Exception:  # a stranger's bytes: whichever way the parsing fails, they prove nothing
        return Refusal.INVALID
    credential_id = bytes_to_base64url(found.credential_id)
    if MfaDevice.objects.of(account_id).filter(credential_id=credential_id).exists():
        return Refusal.TAKEN
    public_key = bytes_to_base64url(found.credential_public_key)
    return NewPasskey(credential_id, public_key, found.sign_count, found.user_verified, _transports(answer))


def accept(
    account_id: str, devices: Sequence[MfaDevice], answer: str, bound_to: str, now: datetime
) -> MfaDevice | Refusal:
    """The device of `devices` that an answer of `navigator.credentials.get` proves; right or wrong, it counts once."""
    with transaction.atomic():
        challenge = challenge_of(answer)
        if not challenges.take(account_id, challenge, bound_to, now):
            return Refusal.LATE
        device = next((each for each in devices if each.credential_id == _id_of(answer)), None)
        if device is None:
            return Refusal.UNKNOWN
        return _proven(device, answer, challenge)


def _proven(device: MfaDevice, answer: str, challenge: str) -> MfaDevice | Refusal:
    from webauthn import verify_authentication_response

    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=_bytes(challenge),
            expected_rp_id=rp_id(),
            expected_origin=origins(),
            credential_public_key=_bytes(device.public_key),
            credential_current_sign_count=0,  # compared below, in the statement that stores the new one
        )
    except Exception:  # as above
        return Refusal.INVALID
    if device.verifies_user and not found.user_verified:
        return Refusal.UNVERIFIED
    return device if _counted(device, found.new_sign_count) else Refusal.COPIED


def _counted(device: MfaDevice, count: int) -> bool:
    """Store a counter that has grown; passkeys that do not count say 0 each time."""
    grown = Q(sign_count__lt=count) if count else Q(sign_count=0)
    return MfaDevice.objects.of(device.account_id).filter(grown, pk=device.pk).update(sign_count=count) == 1


def challenge_of(answer: str) -> str:
    """The challenge that a browser says it answered; empty where there is none to be found."""
    try:
        client = json.loads(_bytes(json.loads(answer)["response"]["clientDataJSON"]))
        found = CHALLENGE.fullmatch(client["challenge"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return found[0] if found else ""


def _id_of(answer: str) -> str:
    return str(json.loads(answer).get("id"))


def _transports(answer: str) -> list[str]:
    """How the device is reached, as the browser tells: a hint for the next time, and nothing more."""
    from webauthn.helpers.structs import AuthenticatorTransport

    told: Any = json.loads(answer)["response"].get("transports")
    known = {each.value for each in AuthenticatorTransport}
    return [each for each in told if each in known] if isinstance(told, list) else []


def _descriptors(devices: Sequence[MfaDevice]) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(
            id=_bytes(device.credential_id),
            transports=[AuthenticatorTransport(each) for each in device.transports] or None,
        )
        for device in devices
    ]


def _bytes(text: str) -> bytes:
    from webauthn import base64url_to_bytes

    return base64url_to_bytes(text)


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
