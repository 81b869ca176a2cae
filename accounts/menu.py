"""What the account menu of the frame shows: who signed in, as which role, and who else is signed in in this browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts import role_history, sessions, slots
from accounts.caller import Caller
from accounts.models import Account, ConsoleSession
from accounts.role_history import RoleLink
from accounts.sessions import SignedIn
from iamconsole import cookies
from iamconsole.ui.context import dashed, who

MULTI = "multi_session"


@dataclass(frozen=True)
class Identity:
    """Somebody signed in in a slot of this browser, as the menu names them."""

    slot: int
    label: str
    address: str
    css: str = ""


class Menu:
    """Read lazily by the frame's templates; without anybody signed in everything in it is empty."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._found: SignedIn | None = getattr(request, "signed_in", None)
        self._row = self._found.row if self._found else None

    @cached_property
    def person(self) -> str:
        """Who signed in: "alice @ class-lab"."""
        found = self._found
        return named(found.person, found.person_account) if found and found.person_account else ""

    @property
    def is_root(self) -> bool:
        return self._found is not None and self._found.person.is_root

    @property
    def role(self) -> RoleLink | None:
        """The role it acts as."""
        return role_of(self._row)

    @property
    def recent(self) -> list[RoleLink]:
        return role_history.links(self._row.recent_roles) if self._row else []

    @property
    def seconds(self) -> int:
        """How long this session holds; the role's, under a role."""
        if self._row is None:
            return 0
        left = sessions.seconds_left(self._row)
        return min(left, sessions.role_seconds_left(self._row)) if self._row.role else left

    @property
    def role_ends_first(self) -> bool:
        return bool(self._row and self._row.role and self.seconds < sessions.seconds_left(self._row))

    @property
    def idle_ends_first(self) -> bool:
        """Whether a sign of life would make it longer."""
        return self._row is not None and self.seconds < sessions.seconds_left(self._row, idle=False)

    @property
    def multi(self) -> bool:
        return cookies.read(self._request, MULTI) == "on"

    @cached_property
    def others(self) -> list[Identity]:
        """Who is signed in in the other slots; asked only of browsers that use several."""
        here = slots.slot_of(self._request)
        keys = {slot: key for slot, key in slots.keys_of(self._request).items() if slot != here} if self.multi else {}
        return [identity(found) for found in signed_in_elsewhere(self._request, keys)]

    @property
    def free_slot(self) -> int | None:
        """The first slot where nobody is signed in."""
        taken = {other.slot for other in self.others} | {slots.slot_of(self._request)}
        return next((slot for slot in slots.SLOTS if slot not in taken), None)

    @property
    def sign_in_elsewhere(self) -> str:
        return slots.address(self.free_slot, "/signin/") if self.free_slot else ""


def menu(request: HttpRequest) -> dict[str, object]:
    """The context processor: `menu` in every template, made when a template first looks at it."""
    return {"menu": SimpleLazyObject(lambda: Menu(request))}


def named(caller: Caller, account: Account) -> str:
    return who(caller, account.alias or dashed(account.pk), account.name)


def role_of(row: ConsoleSession | None) -> RoleLink | None:
    kept = row.role if row else None
    return RoleLink(kept["account"], kept["role"], kept["display"], kept["colour"]) if kept else None


def identity(found: SignedIn) -> Identity:
    assert found.row is not None and found.person_account is not None
    role, slot = role_of(found.row), found.row.slot
    label = role.display if role else named(found.person, found.person_account)
    return Identity(slot, label, slots.address(slot, "/iam/"), role.css if role else "")


def signed_in_elsewhere(request: HttpRequest, keys: dict[int, str]) -> Iterator[SignedIn]:
    """Who the session keys of other slots stand for, in the order of the slots; those that are over are left out."""
    if not keys:
        return
    stored = Session.objects.filter(session_key__in=keys.values(), expire_date__gt=timezone.now())
    ids = {each.session_key: str(each.get_decoded().get(sessions.KEY)) for each in stored}
    rows = {row.pk: row for row in ConsoleSession.objects.filter(pk__in=ids.values()).select_related("account")}
    for slot, key in sorted(keys.items()):
        found = sessions.identify(rows.get(ids.get(key, "")), sessions.origin_of(request), slot)
        if found.row is not None:
            yield found
