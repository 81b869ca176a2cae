"""The only bridge from rows to the engine: the policies that apply to one caller.

A gathered set is cached under its account's revision, which grows with every write in that write's transaction: a set
is never older than the decision that uses it, in any process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value

from accounts.caller import Caller, CallerKind, Session
from accounts.models import Account, PasswordPolicy
from iamconsole.operations.registry import Target
from iamconsole.prepared import Prepared, PreparedValues
from identities.models import Role, User
from policies.catalog import managed
from policies.engine import Document, Policy, PolicySet, Principal, PrincipalKind, Source, SourceKind, compile_document
from policies.models import Attachment, Boundary, InlinePolicy, PolicyVersion


@dataclass(frozen=True)
class Gathered:
    """A principal, the policies in force for it, and its tags."""

    principal: Principal
    policies: PolicySet
    tags: Mapping[str, str]


@dataclass(frozen=True)
class _Look:
    """What was read within one page or call: revisions by account, users with theirs by id."""

    revisions: dict[str, int]
    users: dict[str, tuple[int, User]]


_look: ContextVar[_Look | None] = ContextVar("look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Within one page the revision is read once; a write in between reads it anew."""
    token = _look.set(_Look({}, {}))
    try:
        yield
    finally:
        _look.reset(token)


def know_revision(account_id: str, revision: int) -> None:
    """The account's row has just been read anyway: within `one_look`, that was the look."""
    if look := _look.get():
        look.revisions[account_id] = revision


def know_user(user: User, revision: int, *, may_change_password: bool) -> None:
    """So has a user's, along with its account's."""
    if look := _look.get():
        user.may_change_password = may_change_password  # type: ignore[attr-defined]
        look.users[user.pk] = revision, user


def forget_revision(account_id: str) -> None:
    """A write is under way: what was read before it no longer counts."""
    if look := _look.get():
        look.revisions.pop(account_id, None)


def known_revision(account_id: str) -> int | None:
    """The revision first read within `one_look`, if it was."""
    look = _look.get()
    return look.revisions.get(account_id) if look else None


def revision(account_id: str) -> int:
    """The account's revision now, or as first read within `one_look`; -1 for an account that does not exist."""
    known = known_revision(account_id)
    if known is None:
        found = Account.objects.filter(pk=account_id).values_list("revision", flat=True).first()
        known = -1 if found is None else found
        know_revision(account_id, known)
    return known


def for_caller(caller: Caller) -> Gathered:
    """What applies to an authenticated caller."""
    if caller.kind is CallerKind.ROOT and caller.session and (caller.session.policy_arns or caller.session.scopes):
        return _narrowed_root(caller, caller.session)
    if caller.kind is CallerKind.ROOT:
        return Gathered(
            Principal(PrincipalKind.ROOT, caller.arn, caller.account_id, caller.principal_id), PolicySet(), {}
        )
    if caller.kind is CallerKind.USER:
        user = for_user(caller.account_id, caller.principal_id)
        return _in_session(user, user.principal, caller.session)
    if caller.kind is CallerKind.ROLE_SESSION:
        role = for_role(caller.account_id, caller.principal_id.partition(":")[0])
        return _in_session(role, replace(role.principal, arn=caller.arn), caller.session)
    if caller.kind is CallerKind.FEDERATED and caller.session:
        user = for_user(caller.account_id, caller.session.user_id) if caller.session.user_id else _ROOT_AS_USER
        principal = Principal(PrincipalKind.FEDERATED_USER, caller.arn, caller.account_id, user_arn=user.principal.arn)
        return _in_session(user, principal, caller.session)
    if caller.kind in (CallerKind.WEB_IDENTITY, CallerKind.SAML_IDENTITY):
        return Gathered(Principal(PrincipalKind.FEDERATED, caller.arn, caller.account_id), PolicySet(), {})
    return Gathered(Principal(PrincipalKind.ANONYMOUS, caller.arn, caller.account_id), PolicySet(), {})


_EVERYTHING = compile_document(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)
# Root's federated users begin with root's permissions; their session policy narrows them.
_ROOT_AS_USER = Gathered(
    Principal(PrincipalKind.USER, "", ""),
    PolicySet(identity=(Policy(_EVERYTHING, Source(SourceKind.INLINE, "root")),)),
    {},
)


def _narrowed_root(caller: Caller, session: Session) -> Gathered:
    """Root for one privileged task, or scoped down: as nothing limits root, it counts as a user that has all.

    AWS's policies for tasks only deny; what they leave is root's.
    """
    principal = Principal(PrincipalKind.USER, caller.arn, caller.account_id, caller.principal_id)
    tasks = _session_policies(caller.account_id, session)
    policies = replace(_ROOT_AS_USER.policies, session=(*_ROOT_AS_USER.policies.identity, *tasks) if tasks else None)
    return Gathered(principal, replace(policies, session_levels=_levels(session)), {})


def for_user(account_id: str, user_id: str) -> Gathered:
    """What applies to an IAM user: own and inherited policies, and the boundary."""
    return _user(account_id, user_id, revision(account_id))


def for_role(account_id: str, role_id: str) -> Gathered:
    """What applies to sessions of a role."""
    return _role(account_id, role_id, revision(account_id))


def for_group(account_id: str, group_id: str) -> PolicySet:
    """What a group gives to its members; a group itself is no principal."""
    return _group(account_id, group_id, revision(account_id))


def with_resource_policy(policies: PolicySet, target: Target) -> PolicySet:
    """The same set, with the policy that the target carries itself."""
    kind = SourceKind.TRUST if target.type == "AWS::IAM::Role" else SourceKind.RESOURCE
    source = Source(kind, target.name, arn=target.arn)
    return policies.with_resource(Policy(compiled(target.policy), source))


def _in_session(gathered: Gathered, principal: Principal, session: Session | None) -> Gathered:
    """Narrowed to what the session's own policies leave, with the session's tags over the identity's."""
    if session is None:
        return replace(gathered, principal=principal)
    policies = gathered.policies
    if session.policies or session.policy_arns:
        policies = replace(policies, session=_session_policies(principal.account_id, session))
    if session.scopes:
        # A federated user without a session policy may do nothing; a scope takes away, it never gives.
        empty = () if policies.session is None and principal.kind is PrincipalKind.FEDERATED_USER else policies.session
        policies = replace(policies, session=empty, session_levels=_levels(session))
    return Gathered(principal, policies, {**gathered.tags, **dict(session.tags)})


def _levels(session: Session) -> tuple[tuple[Policy, ...], ...]:
    return tuple(
        (Policy(compiled(text), Source(SourceKind.SESSION, f"scope {number}")),)
        for number, text in enumerate(session.scopes, 1)
    )


def _session_policies(account_id: str, session: Session) -> tuple[Policy, ...]:
    inline = [Policy(compiled(text), Source(SourceKind.SESSION, "session policy")) for text in session.policies]
    managed_ones = [
        Policy(document, Source(SourceKind.SESSION, arn.rsplit("/", 1)[-1], arn=arn))
        for arn in session.policy_arns
        if (document := managed_document(account_id, arn)) is not None
    ]
    return (*inline, *managed_ones)


def managed_document(account_id: str, arn: str) -> Document | None:
    """The default document of a managed policy, AWS's or the account's; None where there is none."""
    if arn.startswith(f"{managed.ARN_PREFIX}/"):
        return _aws_document(arn) if managed.summary(arn) else None
    versions = PolicyVersion.objects.of(account_id).filter(number=F("policy__default_version"))
    for version in versions.filter(policy__name=arn.rsplit("/", 1)[-1]).select_related("policy"):
        if version.policy.arn == arn:
            return compiled(version.document)
    return None


@lru_cache(maxsize=4096)
def _user(account_id: str, user_id: str, revision: int) -> Gathered:
    user = _known_user(user_id, revision) or _USER.first(account_id=account_id, user_id=user_id)
    if user is None:
        raise User.DoesNotExist(user_id)
    rows = _OF_USER.all(account_id=account_id, user_id=user_id)
    policies = _policy_set(rows, own_password=user.may_change_password)
    principal = Principal(PrincipalKind.USER, user.arn, account_id, user.pk, user_arn=user.arn)
    return Gathered(principal, policies, _tags(user.tags))


def _known_user(user_id: str, revision: int) -> Any:
    look = _look.get()
    when, user = look.users.get(user_id, (None, None)) if look else (None, None)
    return user if when == revision else None


@lru_cache(maxsize=1024)
def _role(account_id: str, role_id: str, revision: int) -> Gathered:
    role = Role.objects.of(account_id).get(pk=role_id)
    policies = _policy_set(_OF_ROLE.all(account_id=account_id, role_id=role_id))
    principal = Principal(PrincipalKind.ROLE_SESSION, role.arn, account_id, role.pk, role_arn=role.arn)
    return Gathered(principal, policies, _tags(role.tags))


@lru_cache(maxsize=256)
def _group(account_id: str, group_id: str, revision: int) -> PolicySet:
    return _policy_set(_OF_GROUP.all(account_id=account_id, group_id=group_id))


def _tags(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


_CHANGE_PASSWORD = f"{managed.ARN_PREFIX}/IAMUserChangePassword"


def _own_password() -> Policy:
    """What a password policy gives that lets users change their password: AWS grants it without attaching anything."""
    source = Source(
        SourceKind.AWS_MANAGED, "IAMUserChangePassword", arn=_CHANGE_PASSWORD, attached_to="account password policy"
    )
    return Policy(_aws_document(_CHANGE_PASSWORD), source)


def _policy_set(rows: Iterable[Sequence[Any]], *, own_password: bool = False) -> PolicySet:
    """The rows say which version of each document holds: as long as they say the same, the set made of them stands."""
    return _made_of(tuple(map(tuple, rows)), own_password)


@lru_cache(maxsize=2048)
def _made_of(rows: tuple[tuple[Any, ...], ...], own_password: bool) -> PolicySet:
    identity: list[Policy] = [_own_password()] if own_password else []
    boundary: list[Policy] = []
    for kind, name, arn, version, document, group in rows:
        policy = _policy(kind, name, arn, version, document, group)
        (boundary if kind == "boundary" else identity).append(policy)
    return PolicySet(identity=tuple(identity), boundary=tuple(boundary) if boundary else None)


def users_may_change(account_id: str | OuterRef) -> Exists:
    """Whether the users of an account may change their passwords, for a query about one."""
    return Exists(PasswordPolicy.objects.filter(account_id=account_id, users_may_change=True))


def _user_row(account_id: str, user_id: str) -> QuerySet[Any, Any]:
    """The user, with `may_change_password`."""
    return User.objects.of(account_id).filter(pk=user_id).annotate(may_change_password=users_may_change(account_id))


def _rows_of_user(account_id: str, user_id: str) -> QuerySet[Any, Any]:
    joined = Q(group__memberships__account_id=account_id, group__memberships__user_id=user_id)
    return _rows(Q(user__account_id=account_id, user_id=user_id), joined)


# Asked anew after each write in an account: the SQL is kept.
_USER: Prepared[Any] = Prepared(_user_row, "account_id", "user_id")
_OF_USER = PreparedValues(_rows_of_user, "account_id", "user_id")
_OF_ROLE = PreparedValues(
    lambda account_id, role_id: _rows(Q(role__account_id=account_id, role_id=role_id)), "account_id", "role_id"
)
_OF_GROUP = PreparedValues(
    lambda account_id, group_id: _rows(Q(group__account_id=account_id, group_id=group_id)), "account_id", "group_id"
)


def _rows(*whose: Q) -> QuerySet[Any, Any]:
    """All of a principal's policies in one query: kind, name, ARN, version number, document, group it comes through.

    `whose` finds the holders within the account, one way each. Found by their own account and an OR of all ways, the
    policies of the whole account would be read.
    """
    columns = ("kind", "shown_name", "arn", "version", "text", "through")
    text = PolicyVersion.objects.filter(policy=OuterRef("policy"), number=OuterRef("policy__default_version"))
    managed_columns = {
        "shown_name": F("policy__name"),
        "arn": F("policy_arn"),
        "version": F("policy__default_version"),
        "text": Subquery(text.values("document"), output_field=TextField()),
        "through": F("group__name"),
    }
    attached = Attachment.objects.annotate(kind=Value("managed"), **managed_columns)
    bounds = Boundary.objects.annotate(kind=Value("boundary"), **managed_columns)
    inline = InlinePolicy.objects.annotate(
        kind=Value("inline"),
        shown_name=F("name"),
        arn=Value(""),
        version=Value(0),
        text=F("document"),
        through=F("group__name"),
    )
    # Boundaries are the holder's own, they never come through a group.
    found = [bounds.filter(whose[0]), *(rows.filter(each) for rows in (attached, inline) for each in whose)]
    first, *others = [rows.order_by().values_list(*columns) for rows in found]
    return first.union(*others, all=True)  # a union of three models, read as tuples


def _policy(
    kind: str, name: str | None, arn: str, version: int | None, document: str | None, group: str | None
) -> Policy:
    through = f"group {group}" if group else ""
    if kind == "inline":
        return Policy(compiled(document or ""), Source(SourceKind.INLINE, name or "", attached_to=through))
    aws = document is None
    source = Source(
        SourceKind.BOUNDARY if kind == "boundary" else SourceKind.AWS_MANAGED if aws else SourceKind.CUSTOMER_MANAGED,
        name or arn.rsplit("/", 1)[-1],
        arn=arn,
        version=f"v{version}" if version else "",
        attached_to=through,
    )
    return Policy(_aws_document(arn) if document is None else compiled(document), source)


@lru_cache(maxsize=4096)
def compiled(text: str) -> Document:
    """A document compiled once, however many principals it applies to."""
    return compile_document(text)


@lru_cache(maxsize=512)
def _aws_document(arn: str) -> Document:
    # The readable text, whose places pages show; some of AWS's own are longer than a customer's may be.
    return compile_document(managed.document(arn), longest=None)
