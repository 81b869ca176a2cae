"""The steps of signing in, apart from pages: claim, password, second factor, forced change, done.

Every failed password costs the same work and tells the same, whether the account, the user or the password was wrong.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

from accounts import throttle
from accounts.caller import Caller, CallerKind, Origin, root_caller, user_caller
from accounts.models import Account, PendingSignIn
from accounts.queries import account_of_root, find_account
from accounts.throttle import ROOT, Attempt
from iamconsole.events.record import sign_in_event
from iamconsole.operations.secrets import MASK, Secret
from identities import passkeys, passwords, totp
from identities.mfa_kinds import MfaKind
from identities.models import LoginProfile, MfaDevice, User
from identities.password_rules import is_expired
from identities.queries import enabled_devices, login_profile_of, maybe

PENDING_LIFETIME = timedelta(minutes=5)
# So many wrong codes in a row, and the device's clock may be what is wrong.
RESYNC_AFTER = 3
# CloudTrail's words; for tokens it has none of its own.
MFA_TYPES = {MfaKind.PASSKEY: "U2F MFA", MfaKind.VIRTUAL: "Virtual MFA", MfaKind.HARDWARE: "Hardware MFA"}
FAILED = "Failed authentication"
# What an administrator should hear of: somebody may hold a copy of a passkey.
FAILED_COPY = f"{FAILED}: the signature counter of the passkey went backwards"


class Step(StrEnum):
    """What can stand between a right password and the console."""

    MFA = "mfa"
    PASSWORD = "password"  # noqa: S105


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are, and what of it exists; `account_key` and `name` compare even where nothing does.

    `mfa_serial` is the device that proved it, once one has.
    """

    account_key: str
    name: str
    account: Account | None = None
    user: User | None = None
    as_root: bool = False
    mfa_serial: str = ""

    def attempt(self, origin: Origin, device: str) -> Attempt:
        name = ROOT if self.as_root else throttle.person(self.name)
        return Attempt(self.account_key, name, origin.source_ip, device)

    def caller(self, origin: Origin, mfa_at: datetime | None = None) -> Caller:
        """The caller this becomes; only for a claim whose account and user exist."""
        assert self.account is not None
        mfa, time = mfa_at is not None, mfa_at.timestamp() if mfa_at else None
        if self.user is None:
            return root_caller(self.account.pk, mfa=mfa, mfa_time=time, origin=origin)
        user = self.user
        return user_caller(self.account.pk, user.pk, user.arn, user.name, mfa=mfa, mfa_time=time, origin=origin)

    @property
    def version(self) -> int:
        """The credential version: a step begun before it grew is worth nothing."""
        assert self.account is not None
        return self.user.credential_version if self.user else self.account.root_credential_version

    @property
    def profile(self) -> LoginProfile | None:
        return login_profile_of(self.user) if self.user else None


def user_claim(account_text: str, user_name: str) -> Claim:
    """A claim to be an IAM user, by account id or alias and user name."""
    text = account_text.strip().lower()
    account = find_account(text) or find_account(text.replace("-", ""))
    user = maybe(User, account.pk if account else "", user_name)
    return Claim(account.pk if account else text, user_name.lower(), account, user)


def root_claim(email: str) -> Claim:
    """A claim to be the root user of the account with this e-mail address."""
    account = account_of_root(email)
    return Claim(account.pk if account else email.strip().lower(), ROOT, account, as_root=True)


def password_is_right(claim: Claim, password: Secret, origin: Origin, device: str, now: datetime) -> bool:
    """Hold a password against a claim; whatever is wrong takes the same time, so that time tells nothing.

    A try over the limit waits for that time only. Whether there is such a user makes no difference to limits.
    """
    attempt = claim.attempt(origin, device)
    if not throttle.admit_password(attempt, now):
        # Not recorded either: an attack must not fill the event history.
        passwords.wait_instead()
        return False
    stored = _stored_password(claim)
    right = passwords.verify(password, stored)
    if right:
        throttle.password_was_right(attempt)
        _upgrade(claim, password, stored or "")
    else:
        record_failure(claim, origin, now)
    return right


def next_step(claim: Claim, mfa_at: datetime | None, now: datetime) -> Step | None:
    """What is still due after the password (and after the second factor, if it was passed at `mfa_at`)."""
    if mfa_at is None and devices(claim):
        return Step.MFA
    profile = claim.profile
    due = profile is not None and (profile.reset_required or is_expired(profile, now))
    return Step.PASSWORD if due else None


def devices(claim: Claim) -> list[MfaDevice]:
    """The devices that count for this claim, of every kind."""
    assert claim.account is not None
    return list(enabled_devices(claim.account.pk, claim.user))


def code_devices(claim: Claim) -> list[MfaDevice]:
    """Those of them that show codes: apps and tokens."""
    return [device for device in devices(claim) if device.kind is not MfaKind.PASSKEY]


def proven_by_code(claim: Claim, code: str, origin: Origin, device: str, now: datetime) -> Claim | None:
    """Hold a code against every device of the claim; a code is accepted once, and tries are counted."""
    attempt = claim.attempt(origin, device)
    if not throttle.admit_code(attempt, now):
        return None
    for each in code_devices(claim):
        if totp.accept(each, code, now):
            throttle.code_was_right(attempt)
            return replace(claim, mfa_serial=each.serial)
    record_failure(claim, origin, now, mfa=True)
    return None


def proven_by_passkey(
    claim: Claim, answer: str, bound_to: str, origin: Origin, device: str, now: datetime
) -> Claim | passkeys.Refusal:
    """Hold a passkey's answer against the passkeys of the claim; tries are counted together with codes."""
    assert claim.account is not None
    attempt = claim.attempt(origin, device)
    if not throttle.admit_code(attempt, now):
        return passkeys.Refusal.INVALID
    owned = [each for each in devices(claim) if each.kind is MfaKind.PASSKEY]
    found = passkeys.accept(claim.account.pk, owned, answer, bound_to, now)
    if isinstance(found, passkeys.Refusal):
        message = FAILED_COPY if found is passkeys.Refusal.COPIED else FAILED
        record_failure(claim, origin, now, mfa=True, message=message)
        return found
    throttle.code_was_right(attempt)
    return replace(claim, mfa_serial=found.serial)


def may_resync(claim: Claim, origin: Origin, device: str) -> bool:
    """Whether enough codes were wrong to offer setting the device's clock right."""
    return throttle.wrong_codes(claim.attempt(origin, device)) >= RESYNC_AFTER


def resync(claim: Claim, chosen: MfaDevice, codes: tuple[str, str], origin: Origin, device: str, now: datetime) -> bool:
    """Set the clock of one device right by two consecutive codes, up to 50 minutes off; tries are counted as codes.

    It opens no door: codes of an hour ago could have been seen by somebody else, so that the next one is asked for.
    """
    attempt = claim.attempt(origin, device)
    if not throttle.admit_code(attempt, now):
        return False
    with transaction.atomic():
        right = totp.resync(chosen, *codes, now, totp.RESYNC_REACH)
        if right:
            throttle.code_was_right(attempt)
            record_resync(claim, chosen, origin, now)
    if not right:
        record_failure(claim, origin, now, mfa=True)
    return right


def hold(claim: Claim, step: Step, now: datetime, mfa_at: datetime | None = None) -> str:
    """Remember for five minutes that `claim` is right so far and `step` is due; the token is for its session alone."""
    assert claim.account is not None
    PendingSignIn.objects.filter(expires_at__lte=now).delete()
    pending = PendingSignIn.objects.create(
        token=secrets.token_urlsafe(32),
        account=claim.account,
        user_id=claim.user.pk if claim.user else "",
        step=step.value,
        mfa_at=mfa_at,
        expires_at=now + PENDING_LIFETIME,
    )
    return pending.token


@dataclass(frozen=True)
class Pending:
    """A sign-in that waits for its next step."""

    token: str = field(repr=False)
    claim: Claim
    mfa_at: datetime | None


def held(token: str, step: Step, version: int, now: datetime) -> Pending | None:
    """What waits under `token` for this very step; None when it is used, too old, or the credentials changed since."""
    row = PendingSignIn.objects.filter(token=token, step=step.value, expires_at__gt=now).first()
    if row is None:
        return None
    account = row.account
    user = User.objects.of(account.pk).select_related("login_profile").filter(pk=row.user_id).first()
    if row.user_id and user is None:
        return None
    claim = Claim(account.pk, user.name.lower() if user else ROOT, account, user, as_root=user is None)
    return Pending(token, claim, row.mfa_at) if claim.version == version else None


def use(token: str) -> bool:
    """Take a pending sign-in out of the world; of two who try, one succeeds."""
    return PendingSignIn.objects.filter(token=token).delete()[0] == 1


def record_check_mfa(claim: Claim, origin: Origin, now: datetime) -> None:
    """A second factor was asked for."""
    owned = devices(claim)
    kind = "Multiple MFA Devices" if len(owned) > 1 else MFA_TYPES[owned[0].kind]
    facts = {"responseElements": {"CheckMfa": "Success"}, "additionalEventData": {"MfaType": kind}}
    sign_in_event(claim.caller(origin), "CheckMfa", now, facts=facts)


def record_resync(claim: Claim, chosen: MfaDevice, origin: Origin, now: datetime) -> None:
    """A device's clock was set right at sign-in."""
    facts = {
        "responseElements": {"ResyncMFADevice": "Success"},
        "additionalEventData": {"MfaIdentifier": chosen.serial},
    }
    sign_in_event(claim.caller(origin), "ResyncMFADevice", now, facts=facts)


def record_success(claim: Claim, origin: Origin, now: datetime, mfa_at: datetime | None, to: str) -> None:
    """Somebody is in: the event, and the moment on the identity itself."""
    assert claim.account is not None
    facts = _login_facts("Success", to, mfa=mfa_at is not None, serial=claim.mfa_serial)
    sign_in_event(claim.caller(origin, mfa_at), "ConsoleLogin", now, facts=facts)
    if claim.user:
        LoginProfile.objects.of(claim.account.pk).filter(user=claim.user).update(last_used_at=now)
    else:
        Account.objects.filter(pk=claim.account.pk).update(root_last_sign_in_at=now)


def record_failure(claim: Claim, origin: Origin, now: datetime, *, mfa: bool = False, message: str = FAILED) -> None:
    """A failed sign-in, in the event history of the account it was tried on; an invented name is not kept."""
    known = claim.account is not None and (claim.user is not None or claim.as_root)
    message = message if known else "No username found in supplied account"
    caller = claim.caller(origin) if known else _nobody(claim, origin)
    facts = {**_login_facts("Failure", "/", mfa=mfa), "errorMessage": message}
    sign_in_event(caller, "ConsoleLogin", now, facts=facts, error=("", message))


def record_password_updated(caller: Caller, now: datetime) -> None:
    facts = {"responseElements": {"PasswordUpdated": "Success"}, "additionalEventData": None}
    sign_in_event(caller, "PasswordUpdated", now, facts=facts)


def _login_facts(outcome: str, to: str, *, mfa: bool, serial: str = "") -> dict[str, object]:
    data = {"LoginTo": to, "MobileVersion": "No", "MFAUsed": "Yes" if mfa else "No"}
    if serial:
        data["MFAIdentifier"] = serial
    return {"requestParameters": None, "responseElements": {"ConsoleLogin": outcome}, "additionalEventData": data}


def _nobody(claim: Claim, origin: Origin) -> Caller:
    account_id = claim.account.pk if claim.account else ""
    return Caller(CallerKind.USER, account_id, "", "", name=MASK, origin=origin)


def _stored_password(claim: Claim) -> str | None:
    if claim.as_root:
        return (claim.account.root_password if claim.account else "") or None
    # Asked of the database also where there is no user: equal work for every claim.
    profiles = LoginProfile.objects.filter(user_id=claim.user.pk if claim.user else "")
    stored: str | None = profiles.values_list("password", flat=True).first()
    return stored


def _upgrade(claim: Claim, password: Secret, stored: str) -> None:
    """A hash made with older parameters is replaced by one of today's, unless the password changed meanwhile."""
    if not passwords.needs_rehash(stored):
        return
    assert claim.account is not None
    fresh = passwords.hash_password(password)
    if claim.user:
        LoginProfile.objects.of(claim.account.pk).filter(user=claim.user, password=stored).update(password=fresh)
    else:
        Account.objects.filter(pk=claim.account.pk, root_password=stored).update(root_password=fresh)
