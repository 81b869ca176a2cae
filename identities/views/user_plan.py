"""What making a user comes to: one call after the other, each with its own permission, each of which can fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.operations.secrets import Secret
from identities.group_rows import policy_name
from identities.views.user_draft import Draft

SELF_SERVICE = "arn:aws:iam::aws:policy/IAMUserChangePassword"


@dataclass(frozen=True)
class Grant:
    """One thing that permits or limits the new user, as the review lists it; `document` of an inline policy."""

    kind: str  # group, policy, inline or boundary
    name: str
    arn: str = ""
    document: str = field(default="", repr=False)

    @property
    def used_as(self) -> str:
        return {"group": "Permissions group", "boundary": "Permissions boundary"}.get(self.kind, "Permissions policy")


@dataclass(frozen=True)
class Call:
    """One call of the plan; `key` is how a retry knows it."""

    key: str
    text: str
    operation: str
    given: Mapping[str, object] = field(repr=False)


def grants(caller: Caller, draft: Draft) -> list[Grant]:
    """All the new user gets. Raises AccessDenied when the user to copy may not be read."""
    found = list({(grant.kind, grant.name, grant.arn): grant for grant in _chosen(caller, draft)}.values())
    if draft.bounded and draft.boundary:
        found = [grant for grant in found if grant.kind != "boundary"]
        found.append(Grant("boundary", policy_name(draft.boundary), draft.boundary))
    return found


def _chosen(caller: Caller, draft: Draft) -> Iterator[Grant]:
    if draft.option == "groups":
        yield from (Grant("group", name) for name in draft.groups)
    elif draft.option == "policies":
        yield from (Grant("policy", policy_name(arn), arn) for arn in draft.policies)
    elif draft.copy_from:
        yield from _copied(caller, {"UserName": draft.copy_from})
    if draft.console and draft.reset:
        yield Grant("policy", policy_name(SELF_SERVICE), SELF_SERVICE)


def _copied(caller: Caller, user: dict[str, object]) -> Iterator[Grant]:
    for group in _listed(caller, "iam:ListGroupsForUser", "Groups", user):
        yield Grant("group", group["GroupName"])
    for policy in _listed(caller, "iam:ListAttachedUserPolicies", "AttachedPolicies", user):
        yield Grant("policy", policy["PolicyName"], policy["PolicyArn"])
    for name in _listed(caller, "iam:ListUserPolicies", "PolicyNames", user):
        document = door.perform(caller, "iam:GetUserPolicy", {**user, "PolicyName": name})["PolicyDocument"]
        yield Grant("inline", name, document=str(document))
    found = door.perform(caller, "iam:GetUser", user)["User"]
    assert isinstance(found, Mapping)
    arn = found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
    if arn:
        yield Grant("boundary", policy_name(arn), arn)


def _listed(caller: Caller, operation: str, member: str, user: Mapping[str, object]) -> list[Any]:
    answer = door.ask_all(caller, operation, member, user)
    if answer.denied:
        raise answer.denied
    found = answer.result[member]
    assert isinstance(found, list)
    return found


def plan(draft: Draft, granted: list[Grant], password: Secret) -> list[Call]:
    """The calls in their order; the first makes the user, with its tags and its boundary as one request."""
    user: dict[str, object] = {"UserName": draft.name}
    boundary = next((grant.arn for grant in granted if grant.kind == "boundary"), None)
    tags = [{"Key": key, "Value": value} for key, value in draft.tags]
    making = {**user, "PermissionsBoundary": boundary, "Tags": tags or None}
    calls = [Call("user", f"Create user {draft.name}", "iam:CreateUser", making)]
    if draft.console:
        secret = {"Password": password.reveal(), "PasswordResetRequired": draft.reset}
        calls.append(Call("password", "Enable console access", "iam:CreateLoginProfile", {**user, **secret}))
    return calls + [_granting(user, grant) for grant in granted if grant.kind != "boundary"]


def _granting(user: dict[str, object], grant: Grant) -> Call:
    if grant.kind == "group":
        given = {**user, "GroupName": grant.name}
        return Call(f"group:{grant.name}", f"Add user to group {grant.name}", "iam:AddUserToGroup", given)
    if grant.kind == "inline":
        given = {**user, "PolicyName": grant.name, "PolicyDocument": grant.document}
        return Call(f"inline:{grant.name}", f"Write inline policy {grant.name}", "iam:PutUserPolicy", given)
    given = {**user, "PolicyArn": grant.arn}
    return Call(f"policy:{grant.arn}", f"Attach policy {grant.name}", "iam:AttachUserPolicy", given)


def carry_out(caller: Caller, draft: Draft, calls: list[Call]) -> None:
    """Make the calls that were not made before; the draft learns which went through and what the others answered.

    Raises the ApiError of the first call: without a user there is nothing to go on with.
    """
    draft.failed = []
    for call in calls:
        if call.key in draft.done:
            continue
        try:
            door.perform(caller, call.operation, call.given)
        except ApiError as error:
            if call.key == "user":
                raise
            draft.failed.append(_told(call, error))
        else:
            draft.done.append(call.key)


def _told(call: Call, error: ApiError) -> dict[str, str]:
    """The answer in plain values, as the session keeps it until the result page shows it."""
    told = {"key": call.key, "text": call.text, "code": error.code, "message": error.message}
    if isinstance(error, AccessDenied):
        names = ("caller_arn", "action", "resource", "reason", "event_id")
        told |= {name: str(getattr(error, name)) for name in names}
    return told
