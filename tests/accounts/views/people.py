"""What the cast needs to sign in: passwords, devices, and short ways to post the forms."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.caller import Caller
from accounts.models import Account
from iamconsole.operations.secrets import Secret
from identities import passwords, totp
from identities.models import LoginProfile, MfaDevice
from tests.cast import ACCOUNT_ID

PASSWORD = "correct-Horse-7"
HOME = "/iam/security-credentials/"
FAILED = "Your authentication information is incorrect. Please try again."


def give_password(caller: Caller, text: str = PASSWORD, *, reset: bool = False, hashed: str = "") -> None:
    hashed = hashed or passwords.hash_password(Secret(text))
    if caller.is_root:
        Account.objects.filter(pk=caller.account_id).update(root_password=hashed)
        return
    now = timezone.now()
    LoginProfile.objects.create(
        account_id=caller.account_id,
        user_id=caller.principal_id,
        password=hashed,
        created_at=now,
        changed_at=now,
        reset_required=reset,
    )


def give_device(caller: Caller, name: str = "phone") -> MfaDevice:
    serial, now = f"arn:aws:iam::{caller.account_id}:mfa/{name}", timezone.now()
    device: MfaDevice = MfaDevice.objects.create(
        pk=serial,
        account_id=caller.account_id,
        user_id=None if caller.is_root else caller.principal_id,
        for_root=caller.is_root,
        sealed_seed=totp.sealed(totp.new_seed(), serial, caller.account_id),
        created_at=now,
        enabled_at=now,
    )
    return device


def code_of(device: MfaDevice, later: int = 0) -> str:
    return totp.code_at(totp.seed_of(device), totp.step_at(timezone.now()) + later)


def wrong_code(device: MfaDevice) -> str:
    """Six digits that are no code of the device anywhere near now."""
    near = {code_of(device, later) for later in range(-5, 6)}
    return next(code for code in ("000000", "111111", *map(str, range(200_000, 200_020))) if code not in near)


def enter_password(client: Client, name: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    fields = {"account": ACCOUNT_ID, "user_name": name, "password": password, "next": HOME, **more}
    return client.post("/signin/", fields)  # type: ignore[return-value]


def enter_root_password(client: Client, email: str, password: str = PASSWORD) -> HttpResponse:
    return client.post("/signin/root/", {"email": email, "password": password, "next": HOME})  # type: ignore[return-value]


def enter_code(client: Client, code: str) -> HttpResponse:
    return client.post("/signin/mfa/", {"code": code})  # type: ignore[return-value]


def is_signed_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200
