"""What the dashboard advises about MFA and access keys: each with its state, one line of reason, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from accounts.caller import Caller, CallerKind
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.operations.errors import AccessDenied

LONG_UNUSED = timedelta(days=365)
ROOT_MFA = "Require multi-factor authentication (MFA) for the root user to improve security for this account."
ROOT_KEYS = "Access keys of an IAM user, instead of those of the root user, improve security."
OWN_MFA = "A second factor at sign-in protects your user when its password is lost."
OWN_KEYS = "Deactivate or delete keys that have been unused for more than a year."


@dataclass(frozen=True)
class Recommendation:
    """One line of advice; done, or with a button (label, address) where the caller can do it."""

    done: bool
    title: str
    reason: str
    button: tuple[str, str] | None = None


@dataclass(frozen=True)
class Advice:
    """All of it, with the refusals met on the way."""

    found: list[Recommendation]
    denied: list[AccessDenied]

    @property
    def open(self) -> int:
        return sum(not each.done for each in self.found)


def advice(caller: Caller, summary: Answer, now: datetime) -> Advice:
    """Advice about root, and for a user about itself; read with the caller's own permissions."""
    found = _about_root(caller, _numbers(summary)) if summary else []
    denied = [summary.denied] if summary.denied else []
    if caller.kind is CallerKind.USER:
        for about, answer in (
            (_own_mfa, door.ask(caller, "iam:ListMFADevices")),
            (_own_keys, door.ask(caller, "iam:ListAccessKeys")),
        ):
            if answer.denied:
                denied.append(answer.denied)
            else:
                found.append(about(caller, answer, now))
    return Advice(found, denied)


def _numbers(summary: Answer) -> Mapping[str, int]:
    numbers = summary.result["SummaryMap"]
    assert isinstance(numbers, Mapping)
    return numbers


def _about_root(caller: Caller, numbers: Mapping[str, int]) -> list[Recommendation]:
    credentials = reverse("security-credentials")
    return [
        Recommendation(True, "Root user has MFA", ROOT_MFA)
        if numbers["AccountMFAEnabled"]
        else Recommendation(False, "Add MFA for root user", *_for_root(caller, ROOT_MFA, "Add MFA", credentials)),
        Recommendation(True, "Root user has no active access keys", ROOT_KEYS)
        if not numbers["AccountAccessKeysPresent"]
        else Recommendation(
            False,
            "Deactivate or delete access keys for root user",
            *_for_root(caller, ROOT_KEYS, "Manage access keys", f"{credentials}#access-keys"),
        ),
    ]


def _for_root(caller: Caller, reason: str, label: str, url: str) -> tuple[str, tuple[str, str] | None]:
    """Only root can change its own credentials: others read that they must sign in as root."""
    return (reason, (label, url)) if caller.is_root else (f"{reason} Sign in as the root user to do so.", None)


def _own_mfa(caller: Caller, answer: Answer, now: datetime) -> Recommendation:
    if answer.result["MFADevices"]:
        return Recommendation(True, "You have MFA", OWN_MFA)
    return Recommendation(False, "Add MFA for yourself", OWN_MFA, ("Add MFA", reverse("mfa-assign")))


def _own_keys(caller: Caller, answer: Answer, now: datetime) -> Recommendation:
    keys = answer.result["AccessKeyMetadata"]
    assert isinstance(keys, list)
    if not any(key["Status"] == "Active" and _unused(caller, key, now) for key in keys):
        return Recommendation(True, "You have no access keys that are unused for more than a year", OWN_KEYS)
    where = f"{reverse('security-credentials')}#access-keys"
    return Recommendation(
        False, "Deactivate or delete your unused access keys", OWN_KEYS, ("Manage access keys", where)
    )


def _unused(caller: Caller, key: Mapping[str, object], now: datetime) -> bool:
    """A key nobody used for a year; where its last use may not be read, its age counts."""
    answer = door.ask(caller, "iam:GetAccessKeyLastUsed", {"AccessKeyId": key["AccessKeyId"]})
    used = answer.result.get("AccessKeyLastUsed")
    last = used.get("LastUsedDate") if isinstance(used, Mapping) else None
    last = last or key["CreateDate"]
    assert isinstance(last, datetime)
    return now - last > LONG_UNUSED
