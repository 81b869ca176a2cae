"""What a browser remembers between sign-ins: the kind, the account, and that it signed in as somebody before."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.sign_in import Claim
from iamconsole.cookies import forget, keep, read

__all__ = ["ACCOUNT", "KIND", "forget", "keep", "known_device", "read", "remember_device", "remembered_account"]

KIND, ACCOUNT = "signin_kind", "signin_account"
DEVICE_AGE = timedelta(days=180)
SALT = "known-device"


def remembered_kind(request: HttpRequest) -> str:
    return "root" if read(request, KIND) == "root" else "user"


def remembered_account(request: HttpRequest) -> str:
    return read(request, ACCOUNT)[:100]


def known_device(request: HttpRequest, claim: Claim) -> str:
    """The id of this browser if it signed in as `claim` before; empty if not, or if the cookie is not ours."""
    text = read(request, _device_cookie(claim))
    try:
        whose, _, device = signing.TimestampSigner(salt=SALT).unsign(text, max_age=DEVICE_AGE).rpartition(":")
    except signing.BadSignature:
        return ""
    return device if whose == _digest(claim) else ""


def remember_device(request: HttpRequest, response: HttpResponse, claim: Claim) -> None:
    """Let this browser be known for `claim` from now on."""
    device = known_device(request, claim) or secrets.token_hex(16)
    value = signing.TimestampSigner(salt=SALT).sign(f"{_digest(claim)}:{device}")
    keep(response, _device_cookie(claim), value, DEVICE_AGE)


def _device_cookie(claim: Claim) -> str:
    return f"device_{_digest(claim)[:12]}"


def _digest(claim: Claim) -> str:
    return hashlib.sha256(f"{claim.account_key}\0{claim.name}\0{claim.as_root}".encode()).hexdigest()[:32]
