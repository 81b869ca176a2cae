"""Delegation requests as their owner handles them: looked at, taken up, forwarded, accepted, rejected, sent.

Source: IAM API reference, GetDelegationRequest and its sisters; IAM user guide, access_policies-temporary-delegation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from accounts.caller import Caller, CallerKind
from iamconsole.operations import door
from iamconsole.operations.call import Call
from iamconsole.operations.errors import InvalidInput
from iamconsole.operations.paging import page
from iamconsole.operations.registry import Asked, ContextValue, Result, Target, operation
from identities import delegation
from identities.delegation import ACCEPTED, ASSIGNED, FINALIZED, PENDING, REJECTED, UNASSIGNED
from identities.models import DelegationRequest

TYPE = "AWS::IAM::DelegationRequest"
# Root's access is delegated for four hours at most.
LONGEST_FOR_ROOT = 4 * 3_600
OWNERS = ["iam:GetDelegationRequest", "iam:UpdateDelegationRequest", "iam:GetHumanReadableSummary"]


def request_target(asked: Asked) -> Target:
    """The request in `DelegationRequestId`; its owner may look at it and forward it without further permission."""
    return _target(asked, asked.text("DelegationRequestId"))


def entity_target(asked: Asked) -> Target:
    """The request in `EntityArn`."""
    return _target(asked, asked.text("EntityArn").rpartition("/")[2])


def _target(asked: Asked, request_id: str) -> Target:
    arn = f"arn:aws:iam::{asked.account_id}:delegation-request/{request_id}"
    row = DelegationRequest.objects.filter(pk=request_id, owner_account=asked.account_id).first()
    return Target(arn, type=TYPE, name=request_id, policy=_owners_policy(row) if row and row.owner_arn else "")


def _owners_policy(row: DelegationRequest) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": row.owner_arn}, "Action": OWNERS, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def owner_context(asked: Asked) -> Mapping[str, ContextValue]:
    """`iam:DelegationRequestOwner` where one is named."""
    owner = asked.text("OwnerId")
    return {"iam:DelegationRequestOwner": owner} if owner else {}


@operation("iam:ListDelegationRequests", context=owner_context)
def list_delegation_requests(
    call: Call, *, owner_id: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the delegation requests that somebody in the account has taken up."""
    rows = DelegationRequest.objects.filter(owner_account=call.account_id).exclude(owner_arn="")
    if owner_id is not None:
        rows = rows.filter(owner_arn=owner_id)
    rows = rows.select_related("account").order_by("-created_at", "pk")

    def show(row: DelegationRequest) -> Result:
        return delegation.shown(row, call.now)

    paged = page(call.account_id, "DelegationRequests", rows, show, marker=marker, max_items=max_items)
    return {"isTruncated": paged.pop("IsTruncated"), **paged}


@operation("iam:GetDelegationRequest", resource=request_target)
def get_delegation_request(
    call: Call, *, delegation_request_id: str, delegation_permission_check: bool = False
) -> Result:
    """Show a delegation request, and whether the caller could delegate what it asks for."""
    row = delegation.find(delegation_request_id, call.account_id)
    check: Result = {}
    if delegation_permission_check:
        check = {"PermissionCheckStatus": "COMPLETE", "PermissionCheckResult": _covers(call, row)}
    return {"DelegationRequest": delegation.shown(row, call.now), **check}


def _covers(call: Call, row: DelegationRequest) -> str:
    """DENIED where the caller lacks something named; UNSURE where patterns or conditions leave it open."""
    unsure = False
    for statement in _statements(row):
        actions, resources = _listed(statement.get("Action")), _listed(statement.get("Resource"))
        unsure |= not actions or not resources or "Condition" in statement
        for action in actions:
            for resource in resources:
                if any(sign in action + resource for sign in "*?$"):
                    unsure = True
                elif not door.decide(call.caller, action, Target(resource), now=call.now).allowed:
                    return "DENIED"
    return "UNSURE" if unsure else "ALLOWED"


def _statements(row: DelegationRequest) -> list[dict[str, Any]]:
    statements = _listed(json.loads(row.policy).get("Statement"))
    return [each for each in statements if each.get("Effect") == "Allow"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


@operation("iam:GetHumanReadableSummary", resource=entity_target)
def get_human_readable_summary(call: Call, *, entity_arn: str, locale: str = "en") -> Result:
    """Say in sentences what a delegation request asks for; in English, as everything here."""
    row = delegation.find(entity_arn.rpartition("/")[2], call.account_id)
    if not locale.lower().startswith("en"):
        return {"Locale": locale, "SummaryState": "NOT_SUPPORTED"}
    minutes = row.session_duration // 60
    lines = [f"{row.account.name} ({row.account_id}) asks for access to your account for {minutes} minutes."]
    for statement in _statements(row):
        what = ", ".join(_listed(statement.get("Action"))) or "all actions but those named"
        on = ", ".join(_listed(statement.get("Resource"))) or "all resources but those named"
        under = " under conditions" if "Condition" in statement else ""
        lines.append(f"It would be allowed {what} on {on}{under}.")
    return {"Locale": locale, "SummaryState": "AVAILABLE", "SummaryContent": "\n".join(lines)[:10_000]}


@operation("iam:AssociateDelegationRequest", resource=request_target)
def associate_delegation_request(call: Call, *, delegation_request_id: str) -> Result:
    """Take up a delegation request: the caller becomes its owner."""
    row = delegation.find(delegation_request_id, call.account_id)
    delegation.need_state(row, call.now, UNASSIGNED)
    row.owner_account, row.owner_arn = call.account_id, call.caller.arn
    return _moved(row, ASSIGNED, call)


@operation("iam:UpdateDelegationRequest", resource=request_target)
def update_delegation_request(call: Call, *, delegation_request_id: str, notes: str = "") -> Result:
    """Forward a delegation request for approval, with notes for whoever approves it."""
    row = delegation.find(delegation_request_id, call.account_id)
    delegation.need_state(row, call.now, ASSIGNED, PENDING)
    row.notes = notes or row.notes
    return _moved(row, PENDING, call)


@operation("iam:AcceptDelegationRequest", resource=request_target)
def accept_delegation_request(call: Call, *, delegation_request_id: str) -> Result:
    """Accept a delegation request: the caller's own access is what will be delegated, within the request's policy."""
    row = delegation.find(delegation_request_id, call.account_id)
    delegation.need_state(row, call.now, ASSIGNED, PENDING)
    if call.caller.is_root and row.session_duration > LONGEST_FOR_ROOT:
        raise InvalidInput("The root user can accept delegation requests of four hours at most.")
    row.approver = _approver(call.caller)
    return _moved(row, ACCEPTED, call)


def _approver(caller: Caller) -> dict[str, Any]:
    """What is kept of whoever accepts: enough to act as that principal later."""
    if caller.kind not in (CallerKind.USER, CallerKind.ROOT, CallerKind.ROLE_SESSION):
        raise InvalidInput("Delegation requests are accepted by users, role sessions and the root user.")
    session = caller.session
    return {
        "kind": caller.kind.value,
        "arn": caller.arn,
        "principal_id": caller.principal_id,
        "name": caller.name,
        "role_arn": session.role_arn if session else "",
        "tags": [list(tag) for tag in session.tags] if session else [],
        "scopes": [*session.policies, *session.scopes] if session else [],
        "policy_arns": list(session.policy_arns) if session else [],
    }


@operation("iam:RejectDelegationRequest", resource=request_target)
def reject_delegation_request(call: Call, *, delegation_request_id: str, notes: str = "") -> Result:
    """Reject a delegation request, also an accepted one whose token was not sent yet."""
    row = delegation.find(delegation_request_id, call.account_id)
    delegation.need_state(row, call.now, ASSIGNED, PENDING, ACCEPTED)
    row.rejection_reason = notes
    return _moved(row, REJECTED, call)


@operation("iam:SendDelegationToken", resource=request_target)
def send_delegation_token(call: Call, *, delegation_request_id: str) -> Result:
    """Send the exchange token of an accepted request to the account that asked; from now on its time runs."""
    row = delegation.find(delegation_request_id, call.account_id)
    delegation.need_state(row, call.now, ACCEPTED)
    if row.only_send_by_owner and call.caller.arn != row.owner_arn:
        raise InvalidInput("The token of this delegation request can be sent by its owner only.")
    return _moved(row, FINALIZED, call)


def _moved(row: DelegationRequest, state: str, call: Call) -> Result:
    delegation.move(row, state, call.now)
    row.save()
    return {}
