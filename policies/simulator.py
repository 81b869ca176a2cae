"""Asking for somebody else: the policies, the context and the engine that decide when they ask themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from accounts.caller import SYSTEM_ORIGIN, Caller, CallerKind, Origin, Session, user_caller
from iamconsole.operations import registry
from iamconsole.operations.errors import ApiError, InvalidInput, NoSuchEntity
from iamconsole.operations.registry import Asked, ContextValue, Target
from identities.models import Group, Identity, Role, User
from identities.queries import enabled_devices, maybe
from identities.tags import as_mapping
from identities.targets import row_target
from policies import gather
from policies.catalog.services import find_action, is_wildcard_only
from policies.context import request_context
from policies.engine import Decision, Explanation, PolicySet, Principal, PrincipalKind, Request, decide, explain
from policies.engine.arn import account_of
from policies.queries import find_policy

_ENTITY = re.compile(r"arn:aws:iam::(?P<account>[0-9]{12}):(?P<kind>user|group|role)/(?:.*/)?(?P<name>[^/]+)")
_KINDS: dict[str, type[Identity]] = {"user": User, "group": Group, "role": Role}
SESSION_NAME = "simulation"
_NOBODYS = ("aws:username", "aws:userid", "aws:principalarn")
# What only a real request can tell; a simulation by the API has none of it unless it is given.
_CIRCUMSTANCES = ("aws:currenttime", "aws:epochtime", "aws:securetransport", "aws:sourceip", "aws:requestedregion")


@dataclass(frozen=True)
class Subject:
    """Whom a simulation is about. A group stands for a member who is in nothing else and has no name."""

    kind: str
    name: str
    arn: str
    caller: Caller
    principal: Principal
    policies: PolicySet
    tags: Mapping[str, str]


def find_subject(account_id: str, arn: str, now: datetime, origin: Origin | None = None) -> Subject:
    """The user, group or role of the account under this ARN, signed in to the console from `origin` if there is one.

    Raises InvalidInput for an ARN of anything else, NoSuchEntity where there is none.
    """
    found = _ENTITY.fullmatch(arn)
    if found is None:
        raise InvalidInput(f"Invalid Entity Arn: {arn} does not clearly define entity type and name.")
    row = maybe(_KINDS[found["kind"]], account_id, found["name"])
    if row is None or row.arn != arn:
        raise NoSuchEntity(f"The {found['kind']} with name {found['name']} cannot be found.")
    if isinstance(row, Group):
        return _group(row)
    caller = _signed_in(row, origin) if isinstance(row, User) else _in_role(row, now, origin)
    gathered = gather.for_caller(caller)
    return Subject(found["kind"], row.name, row.arn, caller, gathered.principal, gathered.policies, gathered.tags)


def _signed_in(user: User, origin: Origin | None) -> Caller:
    mfa = None if origin is None else enabled_devices(user.account_id, user).exists()
    return user_caller(user.account_id, user.pk, user.arn, user.name, mfa=mfa, origin=origin or SYSTEM_ORIGIN)


def _in_role(role: Identity, now: datetime, origin: Origin | None) -> Caller:
    return Caller(
        CallerKind.ROLE_SESSION,
        role.account_id,
        f"arn:aws:sts::{role.account_id}:assumed-role/{role.name}/{SESSION_NAME}",
        f"{role.pk}:{SESSION_NAME}",
        SESSION_NAME,
        origin=origin or SYSTEM_ORIGIN,
        session=Session(now.timestamp(), now.timestamp() + 3600, role_arn=role.arn),
    )


def _group(group: Group) -> Subject:
    caller = Caller(CallerKind.USER, group.account_id, group.arn, group.pk)
    principal = Principal(PrincipalKind.USER, group.arn, group.account_id, group.pk)
    policies = gather.for_group(group.account_id, group.pk)
    return Subject("group", group.name, group.arn, caller, principal, policies, {})


@dataclass(frozen=True)
class Simulation:
    """The setting of many questions: who, when, and which context keys are given in place of those filled in.

    A key given without any value is absent. `as_console` fills in what a request from the console would bring along.
    `owner` is the account of resources whose ARN names none.
    """

    subject: Subject
    now: datetime
    given: Mapping[str, ContextValue] = field(default_factory=dict)
    as_console: bool = True
    owner: str = ""

    def decide(self, action: str, resource: str) -> Decision:
        return decide(*self.question(action, resource))

    def explain(self, action: str, resource: str) -> Explanation:
        """The same decision with every step."""
        return explain(*self.question(action, resource))

    def question(self, action: str, resource: str) -> tuple[Request, PolicySet]:
        """The request as the door would put it for the subject, and the policies that bear on it."""
        target = self._target(action, resource)
        owner = account_of(target.arn) or self.owner or self.subject.caller.account_id
        wildcard_only = target.arn == "*" and is_wildcard_only(action)
        request = Request(
            principal=self.subject.principal,
            action=action,
            resource=target.arn,
            resource_account=owner,
            context=self.context(replace(target, account_id=owner if owner.isdecimal() else "")),
            options={"wildcard_only_action": True} if wildcard_only else {},
        )
        policies = self.subject.policies
        if target.policy and policies.resource is None:
            policies = gather.with_resource_policy(policies, target)
        return request, policies

    def context(self, target: Target) -> dict[str, ContextValue]:
        """All context keys with their values: filled in, unless given."""
        filled = request_context(self.subject.caller, self.subject.tags, target, self.now, {})
        unknown = {key.lower() for key in self.given}
        unknown |= set() if self.subject.caller.name else set(_NOBODYS)
        unknown |= set() if self.as_console else set(_CIRCUMSTANCES)
        kept = {key: value for key, value in filled.items() if key.lower() not in unknown}
        return {**kept, **{key: value for key, value in self.given.items() if value not in ((), [])}}

    def _target(self, action: str, resource: str) -> Target:
        caller = self.subject.caller
        if is_wildcard_only(action):
            return _own_target(caller, action, self.now)
        target = described(caller.account_id, resource)
        # Only for taking on a role is its trust policy asked.
        return target if action.lower().startswith("sts:assumerole") else replace(target, policy="")


def _own_target(caller: Caller, action: str, now: datetime) -> Target:
    """What an action without resource types is decided on: `*`, or what our own operation of that name says."""
    found = find_action(action)
    try:
        operation = registry.get(found.full_name if found else action)
        return operation.resource(Asked(caller, {}, now))
    except ApiError:
        return Target("*")


def described(account_id: str, arn: str) -> Target:
    """The resource with its tags and own policy where it is something in this account; otherwise just its ARN."""
    found = _ENTITY.fullmatch(arn)
    if found is not None and found["account"] == account_id:
        row = maybe(_KINDS[found["kind"]], account_id, found["name"])
        if row is None or row.arn != arn:
            return Target(arn)
        return replace(row_target(row), policy=row.trust_policy) if isinstance(row, Role) else row_target(row)
    policy = find_policy(account_id, arn)
    return Target(arn, tags=as_mapping(policy.tags)) if policy else Target(arn)


def referenced_keys(policies: PolicySet) -> list[str]:
    """The context keys that the conditions and variables of the policies ask for, each once."""
    keys = {key.lower(): key for key in _asked_for(policies)}
    return sorted(keys.values(), key=str.lower)


def _asked_for(policies: PolicySet) -> Iterator[str]:
    bundles = policies.bundles
    for bundle in (*bundles.identity, *bundles.boundary, *bundles.resource):
        for statement in (entry.statement for entry in bundle.entries):
            templates = [pattern.rest for pattern in statement.resources.patterns] if statement.resources else []
            for condition in statement.conditions:
                yield condition.key
                templates += condition.templates
            yield from (variable.key for template in templates for variable in template.variables)
