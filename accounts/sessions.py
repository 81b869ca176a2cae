"""A console session: what sign-in leaves behind, and who that is on each request.

A row for each (`ConsoleSession`), named by the Django session. It is compared with the credential version and the clock
on every request, so that a changed password, a removed device, a deleted user or "End session" counts at once, in
every process.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts import role_history
from accounts.caller import Caller, Origin, anonymous_caller, root_caller, user_caller
from accounts.models import Account, ConsoleSession
from accounts.slots import slot_of
from iamconsole.prepared import Prepared
from identities import temporary
from identities.models import Role, User

LIFETIME_SECONDS = 12 * 3600
LIFETIME = timedelta(seconds=LIFETIME_SECONDS)
SEEN_EVERY = timedelta(minutes=1)
KEY = "signed_in"

_ROW: Prepared[ConsoleSession] = Prepared(
    lambda row_id: ConsoleSession.objects.filter(pk=row_id).select_related("account"), "row_id"
)
_USER: Prepared[User] = Prepared(
    lambda account_id, user_id: User.objects.of(account_id).filter(pk=user_id), "account_id", "user_id"
)
_ROLE: Prepared[Role] = Prepared(
    lambda account_id, role_id: Role.objects.of(account_id).filter(pk=role_id).select_related("account"),
    "account_id",
    "role_id",
)


@dataclass(frozen=True)
class SignedIn:
    """Who a request is from. `person` signed in, `caller` acts: under a switched role they differ.

    `role_over` names a role whose session has ended: the request was meant for that role, and nobody else may do it.
    """

    caller: Caller
    account: Account | None
    person: Caller
    person_account: Account | None = None
    row: ConsoleSession | None = None
    role_over: str = ""


def begin(request: HttpRequest, account: Account, user: User | None, *, mfa_at: datetime | None) -> ConsoleSession:
    """Sign in as `user`, or as root when None, under a new session key; `mfa_at` is when MFA was passed, if it was."""
    leave(request)
    request.session.clear_expired()
    row = open_row(account, user, origin_of(request), mfa_at=mfa_at, slot=slot_of(request))
    request.session[KEY] = row.pk
    return row


def open_row(
    account: Account, user: User | None, origin: Origin, *, mfa_at: datetime | None = None, slot: int = 1
) -> ConsoleSession:
    """The row of a new session; those that are over long since go."""
    now = timezone.now()
    ConsoleSession.objects.filter(since__lte=now - LIFETIME).delete()
    return ConsoleSession.objects.create(
        pk=secrets.token_hex(16),
        account=account,
        user_id=user.pk if user else "",
        slot=slot,
        version=user.credential_version if user else account.root_credential_version,
        since=now,
        last_seen=now,
        mfa_at=mfa_at,
        source_ip=origin.source_ip,
        user_agent=origin.user_agent,
        recent_roles=role_history.recent(account.pk, user.pk) if user else [],
    )


def leave(request: HttpRequest) -> None:
    """Whoever was signed in here is signed out; nothing of this Django session is left."""
    row_id = request.session.get(KEY)
    if isinstance(row_id, str):
        ConsoleSession.objects.filter(pk=row_id, ended_at=None).update(ended_at=timezone.now())
    request.session.flush()


def passed_mfa(request: HttpRequest, at: datetime) -> None:
    """The signed-in user enrolled a device just now: this session counts as signed in with it."""
    _here(request, mfa_at=at)


def keep(request: HttpRequest, version: int) -> None:
    """Let this one session live on after its own credentials changed."""
    request.session.cycle_key()
    _here(request, version=version)


def renew(request: HttpRequest, row: ConsoleSession) -> None:
    """The same session under a new key; what pages left in it (drafts, new secrets) is gone."""
    request.session.flush()
    request.session[KEY] = row.pk


def twin(row: ConsoleSession, slot: int) -> tuple[str, ConsoleSession]:
    """The same person signed in in another slot too, as long as here; the key of that session and its row."""
    row.pk, row.slot, row.role = secrets.token_hex(16), slot, None
    row.save(force_insert=True)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[KEY] = row.pk
    store.save()
    return store.session_key, row


def _here(request: HttpRequest, **values: Any) -> None:
    ConsoleSession.objects.filter(pk=request.session[KEY]).update(**values)


def who(request: HttpRequest) -> SignedIn:
    """Who a page is asked for by: anonymous when nobody (any longer) is signed in."""
    row_id = request.session.get(KEY)
    row = _ROW.first(row_id=row_id) if isinstance(row_id, str) else None
    return identify(row, origin_of(request), slot_of(request))


def identify(row: ConsoleSession | None, origin: Origin, slot: int) -> SignedIn:
    """Who a session is, if it still holds; in another slot of the browser than its own it is worth nothing."""
    person = _person(row, origin) if row is not None and row.slot == slot and seconds_left(row) > 0 else None
    if row is None or person is None:
        nobody = anonymous_caller(origin)
        return SignedIn(nobody, None, nobody)
    account = row.account
    if row.role is None:
        return SignedIn(person, account, person, account, row)
    acting = temporary.caller_of(row.role["facts"], row.role["key_id"])
    role = _ROLE.first(account_id=acting.account_id, role_id=acting.principal_id.partition(":")[0])
    if role is None or role_seconds_left(row) <= 0:
        return SignedIn(person, account, person, account, row, role_over=row.role["display"])
    return SignedIn(replace(acting, origin=origin), role.account, person, account, row)


def _person(row: ConsoleSession, origin: Origin) -> Caller | None:
    account, mfa_time = row.account, row.mfa_at.timestamp() if row.mfa_at else None
    mfa = row.mfa_at is not None
    if not row.user_id:
        held = account.root_credential_version == row.version
        return root_caller(account.pk, mfa=mfa, mfa_time=mfa_time, origin=origin) if held else None
    user = _USER.first(account_id=account.pk, user_id=row.user_id)
    if user is None or user.credential_version != row.version:
        return None
    return user_caller(account.pk, user.pk, user.arn, user.name, mfa=mfa, mfa_time=mfa_time, origin=origin)


def seconds_left(row: ConsoleSession, *, idle: bool = True) -> int:
    """How long a session still holds by the clock, were nobody to do anything (or were somebody); 0: it is over."""
    if row.ended_at is not None:
        return 0
    ends = row.since + LIFETIME
    if idle and settings.IDLE_MINUTES:
        ends = min(ends, row.last_seen + timedelta(minutes=settings.IDLE_MINUTES))
    return max(0, int((ends - timezone.now()).total_seconds()))


def role_seconds_left(row: ConsoleSession) -> int:
    """How long the switched role still holds by the clock."""
    expires = row.role["facts"]["session"]["expires_at"] if row.role else 0
    return max(0, int(expires - timezone.now().timestamp()))


def seen(row: ConsoleSession) -> None:
    """Note that its user did something, to the minute (finer under a short idle limit): reads stay reads mostly."""
    now, every = timezone.now(), SEEN_EVERY
    if settings.IDLE_MINUTES:
        every = min(every, timedelta(minutes=settings.IDLE_MINUTES) / 10)
    if now - row.last_seen >= every:
        ConsoleSession.objects.filter(pk=row.pk).update(last_seen=now)
        row.last_seen = now


def origin_of(request: HttpRequest) -> Origin:
    """Where a request came from; what a trusted proxy says of it is in there by now (`iamconsole.proxies`)."""
    return Origin(
        source_ip=request.META.get("REMOTE_ADDR", "") or "127.0.0.1",
        user_agent=request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:512],
        secure_transport=request.is_secure(),
        via="console",
    )
