"""Reads that operations, pages and sign-in share; another account's rows are as good as absent."""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from django.db.models import Count, F, Model, Q, QuerySet, Value
from django.db.models.functions import Left, Length, Lower

from accounts.caller import Caller, CallerKind
from iamconsole.operations.errors import NoSuchEntity, ValidationError
from iamconsole.prepared import Prepared, PreparedValues
from identities.models import AccessKey, Group, Identity, LoginProfile, MfaDevice, Role, User
from identities.service_roles import need_modifiable

Named = TypeVar("Named", bound=Identity)
Row = TypeVar("Row", bound=Model)


def maybe(kind: type[Named], account_id: str, name: str) -> Named | None:
    """The user, group or role of that name, in whatever case; None where there is none."""
    return _by_name(kind).first(account_id=account_id, name=name.lower())


@cache
def _by_name(kind: type[Named]) -> Prepared[Named]:
    def build(account_id: str, name: str) -> QuerySet[Any, Named]:
        # Lower, not iexact: this is the expression the unique index holds, in both databases.
        found = _of(kind, account_id).alias(lower_name=Lower("name")).filter(lower_name=name)
        return _with_what_belongs_to_it(kind, found)

    return Prepared(build, "account_id", "name")


def _with_what_belongs_to_it(kind: type[Named], found: QuerySet[Any, Named]) -> QuerySet[Any, Named]:
    """`bounded_by`, the ARN of the boundary, as most decisions about the row ask for it; of users also the password."""
    if kind is User:
        found = found.select_related("login_profile")
    return found.annotate(bounded_by=F("boundary__policy_arn")) if kind in (User, Role) else found


def _of(kind: type[Named], account_id: str) -> QuerySet[Any, Named]:
    return cast("QuerySet[Any, Named]", kind.objects.of(account_id))


def find_user(account_id: str, name: str) -> User:
    """The user; AWS's NoSuchEntity where there is none."""
    return _found(maybe(User, account_id, name), "user", name)


def find_group(account_id: str, name: str) -> Group:
    """The group; AWS's NoSuchEntity where there is none."""
    return _found(maybe(Group, account_id, name), "group", name)


def find_role(account_id: str, name: str) -> Role:
    """The role; AWS's NoSuchEntity where there is none."""
    return _found(maybe(Role, account_id, name), "role", name)


def find_modifiable_role(account_id: str, name: str) -> Role:
    """The role, if it is its account's to change; AWS's UnmodifiableEntity for one that belongs to a service."""
    return need_modifiable(find_role(account_id, name))


def _found(row: Row | None, kind: str, name: str) -> Row:
    if row is None:
        raise NoSuchEntity(f"The {kind} with name {name} cannot be found.")
    return row


def whose(caller: Caller, user_name: str | None) -> User | None:
    """The user a call is about: the named one, without a name the caller itself; None is root.

    AWS requires the name in some MFA operations: there root names itself by the account id.
    """
    if caller.is_root and user_name in (None, "", caller.account_id):
        return None
    if user_name:
        return find_user(caller.account_id, user_name)
    if caller.kind is not CallerKind.USER:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    own = _OWN.first(account_id=caller.account_id, user_id=caller.principal_id)
    return _found(own, "user", caller.name)


_OWN: Prepared[User] = Prepared(
    lambda account_id, user_id: _with_what_belongs_to_it(User, User.objects.of(account_id).filter(pk=user_id)),
    "account_id",
    "user_id",
)


def whose_user(caller: Caller, user_name: str | None) -> User:
    """As `whose`, for what root has no part in: console passwords of users."""
    user = whose(caller, user_name)
    if user is None:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return user


def login_profile_of(user: User) -> LoginProfile | None:
    """A user's console password, if there is one."""
    found: LoginProfile | None = getattr(user, "login_profile", None)
    return found


def find_login_profile(user: User) -> LoginProfile:
    """A user's console password; AWS's NoSuchEntity where there is none."""
    profile = login_profile_of(user)
    if profile is None:
        raise NoSuchEntity(f"Login Profile for User {user.name} cannot be found.")
    return profile


def keys_of(account_id: str, user: User | None) -> QuerySet[AccessKey]:
    """The access keys of a user, or of root, oldest first."""
    keys: QuerySet[AccessKey] = AccessKey.objects.of(account_id).filter(user=user).order_by("created_at", "pk")
    return keys


def enabled_devices(account_id: str, user: User | None) -> QuerySet[MfaDevice]:
    """The MFA devices that are enabled for a user, or for root."""
    owner = Q(for_root=True) if user is None else Q(user=user)
    devices: QuerySet[MfaDevice] = MfaDevice.objects.of(account_id).filter(owner, enabled_at__isnull=False)
    return devices.order_by("enabled_at", "pk")


def listed(kind: type[Named], account_id: str, path_prefix: str | None = None) -> QuerySet[Any, Named]:
    """Users, groups or roles by name, those under a path only where one is given."""
    rows = _of(kind, account_id).order_by(Lower("name"))
    if not path_prefix:
        return rows
    # Not startswith: SQLite's LIKE would take /Dev/ for /dev/.
    return rows.alias(path_start=Left("path", len(path_prefix))).filter(path_start=path_prefix)


class UserInList(NamedTuple):
    """A user, as much of it as lists show."""

    account_id: str
    path: str
    name: str
    id: str
    created_at: datetime
    last_used_at: datetime | None

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account_id}:user{self.path}{self.name}"

    def key(self) -> str:
        """What lists are ordered by."""
        return self.name.lower()


def users_after(account_id: str, path_prefix: str, after: str, count: int) -> list[UserInList]:
    """So many users under a path, in the order of their names, whose names come after one."""
    rows = _users_after(count).all(account_id=account_id, path_prefix=path_prefix, after=after)
    return [UserInList._make(row) for row in rows]


@lru_cache(maxsize=64)
def _users_after(count: int) -> PreparedValues:
    def build(account_id: str, path_prefix: str, after: str) -> QuerySet[Any, Any]:
        # The expression the unique index holds: a page is read off it, however many users there are.
        rows = User.objects.of(account_id).alias(lower_name=Lower("name")).filter(lower_name__gt=after)
        # Not startswith: SQLite's LIKE would take /Dev/ for /dev/.
        rows = rows.alias(path_start=Left("path", Length(Value(path_prefix)))).filter(path_start=path_prefix)
        columns = ("account_id", "path", "name", "pk", "created_at", "login_profile__last_used_at")
        return rows.order_by(Lower("name")).values_list(*columns)[:count]

    return PreparedValues(build, "account_id", "path_prefix", "after")


def groups_overview(account_id: str, search: str = "") -> QuerySet[Group]:
    """Groups with `member_count`, in one query."""
    rows = listed(Group, account_id)
    if search:
        rows = rows.filter(name__icontains=search)
    return rows.annotate(member_count=Count("memberships"))
