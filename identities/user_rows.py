"""Users as the list shows them. What it says of each is decided with the caller's own permissions, user by user."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models.functions import Lower
from django.utils import timezone

from accounts.caller import Caller
from iamconsole.operations import door
from identities.models import AccessKey, LoginProfile, Membership, MfaDevice, User
from identities.queries import listed, login_profile_of
from identities.targets import row_target


class Sight:
    """Whether a caller may do an action on a user: decided once for each pair and unrecorded, as nothing is asked."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self._decided: dict[tuple[str, str], bool] = {}

    def may(self, action: str, user: User) -> bool:
        key = (action, user.pk)
        if key not in self._decided:
            self._decided[key] = door.decide(self.caller, action, row_target(user)).allowed
        return self._decided[key]


class Belongings:
    """What the users of an account have, by user id, root's under None: one query for a kind, when it is asked for."""

    def __init__(self, account_id: str) -> None:
        self.account_id = account_id

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        memberships = Membership.objects.of(self.account_id).order_by(Lower("group__name"))
        for user_id, name in memberships.values_list("user_id", "group__name"):
            found[user_id].append(name)
        return found

    @cached_property
    def keys(self) -> dict[str | None, list[AccessKey]]:
        found: dict[str | None, list[AccessKey]] = defaultdict(list)
        for key in AccessKey.objects.of(self.account_id).order_by("created_at", "pk"):
            found[key.user_id].append(key)
        return found

    @cached_property
    def devices(self) -> dict[str | None, list[MfaDevice]]:
        found: dict[str | None, list[MfaDevice]] = defaultdict(list)
        for device in MfaDevice.objects.of(self.account_id).filter(enabled_at__isnull=False):
            found[device.user_id].append(device)
        return found


@dataclass(eq=False)
class UserRow:
    """One user with what it has; `may` says which of it the caller may see."""

    user: User
    belongings: Belongings
    sight: Sight
    now: datetime

    @property
    def name(self) -> str:
        return self.user.name

    def may(self, *actions: str) -> bool:
        return all(self.sight.may(action, self.user) for action in actions)

    @property
    def groups(self) -> list[str]:
        return self.belongings.groups.get(self.user.pk, [])

    @property
    def profile(self) -> LoginProfile | None:
        return login_profile_of(self.user)

    @property
    def keys(self) -> list[AccessKey]:
        """The oldest first."""
        return self.belongings.keys.get(self.user.pk, [])

    @property
    def active_keys(self) -> list[AccessKey]:
        return [key for key in self.keys if key.active]

    @property
    def devices(self) -> list[MfaDevice]:
        return self.belongings.devices.get(self.user.pk, [])

    @property
    def last_sign_in(self) -> datetime | None:
        return self.profile.last_used_at if self.profile else None

    @property
    def key_last_used(self) -> datetime | None:
        return max((key.last_used_at for key in self.keys if key.last_used_at), default=None)

    @property
    def last_activity(self) -> datetime | None:
        return max((moment for moment in (self.last_sign_in, self.key_last_used) if moment), default=None)

    @property
    def has_credentials(self) -> bool:
        return bool(self.profile or self.keys)

    def days(self, moment: datetime) -> int:
        return (self.now - moment).days

    @property
    def password_age(self) -> int | None:
        return self.days(self.profile.changed_at) if self.profile else None

    @property
    def key_age(self) -> int | None:
        """Of the oldest key that works."""
        return max((self.days(key.created_at) for key in self.active_keys), default=None)


def user_rows(caller: Caller, names: Collection[str] | None = None) -> list[UserRow]:
    """Users of the caller's account, all or those named, by name. Whoever asks was allowed to list or name them."""
    sight, now, belongings = Sight(caller), timezone.now(), Belongings(caller.account_id)
    users = listed(User, caller.account_id).select_related("login_profile")
    if names is not None:
        lower = [name.lower() for name in names]
        users = users.alias(lower_name=Lower("name")).filter(lower_name__in=lower)
    return [UserRow(user, belongings, sight, now) for user in users]
