"""My security credentials: each section is read with the caller's own permissions, and says so when it may not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.caller import CallerKind
from accounts.http import ConsoleRequest, signed_in
from accounts.key_rotation import OLD
from accounts.session_list import ShownSession
from accounts.slots import shareable
from accounts.views.console_sessions import own_sessions
from accounts.views.own import TITLE, Owner, crumbs
from iamconsole.operations.door import Answer, ask
from iamconsole.operations.errors import AccessDenied, NoSuchEntity
from iamconsole.ui.nav import url_or_none
from identities.mfa_kinds import MfaKind, kind_of

Rows = list[dict[str, object]]


@dataclass(frozen=True)
class ShownKey:
    """An access key as its card shows it."""

    id: str
    description: str
    active: bool
    created: datetime
    used: dict[str, object]
    used_denied: AccessDenied | None
    activate_url: str
    deactivate_url: str
    delete_url: str

    @property
    def is_old(self) -> bool:
        """Old enough to be rotated."""
        return timezone.now() - self.created >= OLD


@dataclass(frozen=True)
class ShownDevice:
    """An MFA device as its row shows it; a passkey has no clock to resynchronise."""

    serial: str
    type: str
    enabled: datetime
    resync_url: str
    remove_url: str


@signed_in
def security_credentials(request: ConsoleRequest) -> HttpResponse:
    if request.caller.kind is CallerKind.ROLE_SESSION:
        return _of_a_role(request)
    owner = Owner(request.caller)
    devices = ask(request.caller, "iam:ListMFADevices", owner.optional)
    keys = ask(request.caller, "iam:ListAccessKeys", owner.optional)
    device_rows, key_rows = shown_devices(owner, devices), shown_keys(request, owner, keys)
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs(),
        "owner": owner,
        "signin_url": shareable(request, "signin-account", _account_name(request)),
        "user_url": "" if request.caller.is_root else url_or_none("user", request.caller.name),
        "password": _password(request),
        "devices": devices,
        "device_rows": device_rows,
        "device_counter": f"({len(device_rows)})",
        "keys": keys,
        "key_rows": key_rows,
        "key_counter": f"({len(key_rows)})",
        **sessions_context(owner, own_sessions(request)),
        "rotate_url": owner.url("access-key-rotate"),
    }
    return render(request, "accounts/security_credentials.html", context)


def _of_a_role(request: ConsoleRequest) -> HttpResponse:
    """A role has no credentials of its own: who acts as it, until when, and where else they are signed in."""
    session = request.caller.session
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs(),
        "role_ends": datetime.fromtimestamp(session.expires_at, UTC) if session else None,
        **sessions_context(Owner(request.caller), own_sessions(request)),
    }
    return render(request, "accounts/security_credentials_role.html", context)


def sessions_context(owner: Owner, rows: list[ShownSession]) -> dict[str, object]:
    """What the panel of console sessions shows: one's own, or those of the user whose page it is."""
    own = not owner.named
    told = "Where you are signed in to the console." if own else "Where this user is signed in to the console."
    return {
        "session_rows": rows,
        "session_counter": f"({len(rows)})",
        "session_description": f"{told} A session ends by itself 12 hours after signing in.",
        "own_sessions": own,
        "end_all_text": "End all other sessions" if own or any(row.current for row in rows) else "End all sessions",
        "end_url": owner.url("sessions-end"),
    }


def _account_name(request: ConsoleRequest) -> str:
    return request.account.alias or request.account.pk


@dataclass(frozen=True)
class Password:
    """What is known of the console password."""

    set_at: datetime | None = None
    last_used: datetime | None = None
    denied: AccessDenied | None = None


def _password(request: ConsoleRequest) -> Password:
    account = request.account
    if request.caller.is_root:
        return Password(account.root_password_changed_at or account.created_at, account.root_last_sign_in_at)
    try:
        answer = ask(request.caller, "iam:GetLoginProfile", Owner(request.caller).required)
    except NoSuchEntity:
        return Password()
    if not answer:
        return Password(denied=answer.denied)
    profile = cast("dict[str, datetime]", answer.result["LoginProfile"])
    return Password(profile["CreateDate"])


def shown_devices(owner: Owner, answer: Answer) -> list[ShownDevice]:
    rows = cast("Rows", answer.result.get("MFADevices", []))
    return [_device(owner, str(row["SerialNumber"]), cast("datetime", row["EnableDate"])) for row in rows]


def _device(owner: Owner, serial: str, enabled: datetime) -> ShownDevice:
    kind = kind_of(serial)
    resync = "" if kind is MfaKind.PASSKEY else owner.url("mfa-resync", serial)
    return ShownDevice(serial, kind.type, enabled, resync, owner.url("mfa-remove", serial))


def shown_keys(request: ConsoleRequest, owner: Owner, answer: Answer) -> list[ShownKey]:
    rows = cast("Rows", answer.result.get("AccessKeyMetadata", []))
    descriptions = _descriptions(request, owner) if rows else {}
    return [_key(request, owner, row, descriptions) for row in rows]


def _key(request: ConsoleRequest, owner: Owner, row: dict[str, object], descriptions: dict[str, str]) -> ShownKey:
    key_id = str(row["AccessKeyId"])
    used = ask(request.caller, "iam:GetAccessKeyLastUsed", {"AccessKeyId": key_id})
    status = owner.url("access-key-status", key_id)
    return ShownKey(
        key_id,
        descriptions.get(key_id, ""),
        row["Status"] == "Active",
        cast("datetime", row["CreateDate"]),
        cast("dict[str, object]", used.result.get("AccessKeyLastUsed", {})),
        used.denied,
        f"{status}?to=Active",
        f"{status}?to=Inactive",
        owner.url("access-key-delete", key_id),
    )


def _descriptions(request: ConsoleRequest, owner: Owner) -> dict[str, str]:
    """The descriptions of keys are tags of their user; who may not read the tags sees keys without them."""
    if owner.caller.is_root:
        return {}
    answer = ask(request.caller, "iam:ListUserTags", owner.required)
    tags = cast("list[dict[str, str]]", answer.result.get("Tags", []))
    return {tag["Key"]: tag["Value"] for tag in tags}
