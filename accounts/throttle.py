"""Guessing is slowed down, nobody is locked out: failures counted by who, from where and by which factor.

* A pair of name and address gets 5 tries, then waits 1, 2, 4, 8, 15, 15 … minutes: 8 guesses in 15 minutes.
* A name under attack from many addresses is slowed down only: each new address gets 1 try before the waits, not 5.
* An address gets 100 failures an hour.
* A browser that signed in as this name before (a signed cookie) is counted by itself, so an attack never reaches it.
* Codes of a second factor are counted apart from passwords: in one counter, wherever they are tried (console or STS).
* Whoever is in already and changes a password has 5 tries at the old one.
* An administrator sees what is counted against a user (`counted`) and may forget it (`release`).

A try is counted before it is checked, in one conditional UPDATE, so that parallel tries cannot slip past the counter.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When

from accounts.caller import Caller
from accounts.models import Throttle
from iamconsole.operations.errors import ApiError

WAITS = (60, 120, 240, 480, 900)
DAY = timedelta(days=1)
ROOT = "root"
KNOWN_BROWSER = "a browser that signed in before"
# What an administrator is told of each kind of counter.
KINDS = {
    "password": "Password",
    "name": "Password, from all addresses",
    "code": "MFA code",
    "change": "Old password, when changing it",
}


class TooManyTries(ApiError):
    """Whoever borrowed a session or a key must not guess the password behind it."""

    code, status = "Throttling", 400


@dataclass(frozen=True)
class Limit:
    """`free` tries within `window`; after them a growing wait (seconds), or none at all until the window ends."""

    free: int
    window: timedelta
    waits: tuple[int, ...] = ()


PAIR = Limit(5, DAY, WAITS)
PAIR_UNDER_ATTACK = Limit(1, DAY, WAITS)
NAME = Limit(20, timedelta(hours=1))
ADDRESS = Limit(100, timedelta(hours=1))
CODE = Limit(5, DAY, WAITS)


@dataclass(frozen=True)
class Attempt:
    """Somebody at the door: the account and name they claim, their address, and their browser if it is known."""

    account: str
    name: str
    address: str
    device: str = ""

    @property
    def pair(self) -> str:
        """Who from where: the browser instead of the address where it signed in before."""
        return key("password", self.account, self.name, self.device or network(self.address))

    @property
    def everywhere(self) -> str:
        return key("name", self.account, self.name)

    @property
    def network(self) -> str:
        return key("address", network(self.address))

    @property
    def code(self) -> str:
        return key("code", self.account, self.name, self.device)

    @property
    def change(self) -> str:
        return key("change", self.account, self.name)

    @property
    def subject(self) -> str:
        return subject_of(self.account, self.name)

    @property
    def place(self) -> str:
        return KNOWN_BROWSER if self.device else network(self.address)[:64]


def attempt_of(caller: Caller) -> Attempt:
    """The try of somebody who is in already: by a key, or in the console."""
    name = ROOT if caller.is_root else person(caller.name)
    return Attempt(caller.account_id, name, caller.origin.source_ip)


def person(user_name: str) -> str:
    """A user as its counters know it."""
    return f"user/{user_name.lower()}"


def subject_of(account_id: str, name: str) -> str:
    return key("subject", account_id, name)


def admit_password(attempt: Attempt, now: datetime) -> bool:
    """Whether a password may be tried now; the try is counted as failed until `password_was_right` says otherwise."""
    with transaction.atomic():
        if attempt.device:
            return _counted(attempt, attempt.pair, PAIR, now)
        calm = has_room(attempt.everywhere, NAME, now)
        if not _counted(attempt, attempt.pair, PAIR if calm else PAIR_UNDER_ATTACK, now):
            return False
        take(attempt.everywhere, NAME, now, attempt.subject)
        return take(attempt.network, ADDRESS, now)


def password_was_right(attempt: Attempt) -> None:
    """Forget the failures of this pair, and take the try itself off the other counters."""
    with transaction.atomic():
        forget(attempt.pair)
        if not attempt.device:
            others = Throttle.objects.filter(key__in=[attempt.everywhere, attempt.network], failures__gt=0)
            others.update(failures=F("failures") - 1)


def admit_code(attempt: Attempt, now: datetime) -> bool:
    """Whether a code of a second factor may be tried now."""
    return _counted(attempt, attempt.code, CODE, now)


def admit_change(caller: Caller, now: datetime) -> None:
    """Count a try at the old password. Raises TooManyTries."""
    attempt = attempt_of(caller)
    if not _counted(attempt, attempt.change, PAIR, now):
        raise TooManyTries("Too many tries with a wrong password. Wait a few minutes and try again.")


def change_was_right(caller: Caller) -> None:
    forget(attempt_of(caller).change)


def wrong_codes(attempt: Attempt) -> int:
    """How many codes in a row were wrong."""
    failures: int | None = Throttle.objects.filter(key=attempt.code).values_list("failures", flat=True).first()
    return failures or 0


def code_was_right(attempt: Attempt) -> None:
    forget(attempt.code)


def take(name: str, limit: Limit, now: datetime, subject: str = "", place: str = "") -> bool:
    """Count one try under `name` if the limit has room for it; of parallel tries exactly as many as fit succeed."""
    with transaction.atomic():
        row = Throttle(key=name, since=now, subject=subject, place=place)
        Throttle.objects.bulk_create([row], ignore_conflicts=True)
        _begin_anew(name, limit, now)
        open_row = Throttle.objects.filter(_room(limit, now), key=name)
        return open_row.update(failures=F("failures") + 1, blocked_until=_next_try(limit, now)) == 1


def _counted(attempt: Attempt, name: str, limit: Limit, now: datetime) -> bool:
    return take(name, limit, now, attempt.subject, attempt.place)


def has_room(name: str, limit: Limit, now: datetime) -> bool:
    """Whether `take` would count; nothing is counted."""
    full = Throttle.objects.filter(~_room(limit, now), key=name, since__gt=now - limit.window)
    return not full.exists()


def forget(name: str) -> None:
    """The failures under `name` are made good."""
    Throttle.objects.filter(key=name).delete()


@dataclass(frozen=True)
class Counted:
    """One counter as an administrator sees it; `until` is when the next try may come, None where it may come now."""

    what: str
    place: str
    failures: int
    since: datetime
    until: datetime | None


def counted(account_id: str, user_name: str, now: datetime) -> list[Counted]:
    """The failures that are counted against a user at the moment, the latest first."""
    rows = Throttle.objects.filter(
        subject=subject_of(account_id, person(user_name)), since__gt=now - DAY, failures__gt=0
    )
    return [_shown(row, now) for row in rows.order_by("-since", "key")]


def release(account_id: str, user_name: str) -> None:
    """Forget what is counted against a user, by whichever factor and from wherever."""
    Throttle.objects.filter(subject=subject_of(account_id, person(user_name))).delete()


def _shown(row: Throttle, now: datetime) -> Counted:
    kind = row.key.partition(":")[0]
    until = row.blocked_until if row.blocked_until and row.blocked_until > now else None
    return Counted(KINDS[kind], row.place, row.failures, row.since, until)


def key(kind: str, *parts: str) -> str:
    """The name of a counter: of bounded length, whatever was typed, and without telling it."""
    return f"{kind}:{hashlib.sha256(chr(0).join(parts).lower().encode()).hexdigest()}"


def network(address: str) -> str:
    """An address as it is counted: IPv6 by its /64, which is one household."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((address, 64), strict=False)) if parsed.version == 6 else address


def _room(limit: Limit, now: datetime) -> Q:
    if limit.waits:
        return Q(blocked_until__isnull=True) | Q(blocked_until__lte=now)
    return Q(failures__lt=limit.free)


def _next_try(limit: Limit, now: datetime) -> Case:
    """When the next try may come, from the failures before this one."""
    longest_first = reversed(list(enumerate(limit.waits)))
    whens = [
        When(failures__gte=limit.free - 1 + number, then=Value(now + timedelta(seconds=wait)))
        for number, wait in longest_first
    ]
    return Case(*whens, default=Value(None), output_field=DateTimeField())


def _begin_anew(name: str, limit: Limit, now: datetime) -> None:
    """A window that is over counts from zero; and whatever is older than every window is swept out with it."""
    over = Throttle.objects.filter(key=name, since__lte=now - limit.window)
    if over.update(failures=0, since=now, blocked_until=None):
        Throttle.objects.filter(since__lte=now - 2 * DAY).delete()
