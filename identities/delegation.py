"""Delegation requests: templates filled in, the states a request goes through, the token that is exchanged.

Source: IAM user guide, temporary-delegation-policy-templates and temporary-delegation-building-integration (states,
when a request expires); IAM API reference, CreateDelegationRequest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from iamconsole import sealing
from iamconsole.operations.errors import InvalidInput, NoSuchEntity
from iamconsole.operations.registry import Result
from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken
from identities.models import DelegationRequest

UNASSIGNED, ASSIGNED, PENDING = "UNASSIGNED", "ASSIGNED", "PENDING_APPROVAL"
ACCEPTED, FINALIZED, REJECTED, EXPIRED = "ACCEPTED", "FINALIZED", "REJECTED", "EXPIRED"
# A request that nobody takes up is over after a day, in every other state after a week.
WAITS, WAITS_UNASSIGNED = timedelta(days=7), timedelta(days=1)
LONGEST_POLICY = 2_048
_PARAMETER = re.compile(r"@\{(?P<name>[^}]*)\}")
_WHOLE = re.compile(r"@\{(?P<name>[^}]*)\}\Z")


def filled(template: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    """The template with its parameters in place. Raises InvalidInput where they do not fit."""
    values = {str(each.get("Name")): each for each in parameters}
    used: set[str] = set()
    document = _filled(json.loads(template), values, used)
    if left := values.keys() - used:
        raise InvalidInput(f"The policy template has no parameter {sorted(left)[0]}.")
    text = json.dumps(document, separators=(",", ":"))
    if len(text) > LONGEST_POLICY:
        raise InvalidInput(f"The policy has more than {LONGEST_POLICY} characters.")
    return text


def _filled(node: Any, values: Mapping[str, Mapping[str, Any]], used: set[str]) -> Any:
    if isinstance(node, dict):
        return {key: _filled(inner, values, used) for key, inner in node.items()}
    if isinstance(node, list):
        return [each for item in node for each in _items(item, values, used)]
    return _text(node, values, used) if isinstance(node, str) else node


def _items(item: Any, values: Mapping[str, Mapping[str, Any]], used: set[str]) -> list[Any]:
    """One item of a list; a parameter that is a list takes as many places as it has values."""
    found = _filled(item, values, used)
    return found if isinstance(item, str) and isinstance(found, list) else [found]


def _text(text: str, values: Mapping[str, Mapping[str, Any]], used: set[str]) -> str | list[str]:
    whole = _WHOLE.match(text)
    if whole and values.get(whole["name"], {}).get("Type") == "stringList":
        used.add(whole["name"])
        return [str(each) for each in values[whole["name"]].get("Values", ())]

    def value(found: re.Match[str]) -> str:
        name = found["name"]
        given = list(values.get(name, {}).get("Values", ()))
        if len(given) != 1:
            raise InvalidInput(f"The parameter {name} of the policy template needs exactly one value here.")
        used.add(name)
        return str(given[0])

    return _PARAMETER.sub(value, text)


def state_of(row: DelegationRequest, now: datetime) -> str:
    """The state a request is in now."""
    return EXPIRED if now >= row.expires_at else row.state


def move(row: DelegationRequest, state: str, now: datetime) -> None:
    """Bring a request into another state, in which it may wait for a week."""
    row.state, row.updated_at, row.expires_at = state, now, now + WAITS


def find(request_id: str, account_id: str) -> DelegationRequest:
    """The request, if the account may know of it: it is the owner, or there is none yet."""
    found = DelegationRequest.objects.filter(pk=request_id, owner_account__in=("", account_id)).first()
    if found is None:
        raise NoSuchEntity(f"The delegation request {request_id} cannot be found.")
    return found


def need_state(row: DelegationRequest, now: datetime, *states: str) -> None:
    """Raises InvalidInput where the request is in none of the states."""
    state = state_of(row, now)
    if state not in states:
        raise InvalidInput(f"The delegation request {row.pk} is in the state {state}.")


def shown(row: DelegationRequest, now: datetime) -> Result:
    """A request in AWS's shape."""
    facts: Result = {
        "DelegationRequestId": row.pk,
        "OwnerAccountId": row.owner_account,
        "OwnerId": row.owner_arn,
        "ApproverId": row.approver.get("arn", ""),
        "State": state_of(row, now),
        "Permissions": {"PolicyTemplateArn": row.template_arn, "Parameters": row.parameters},
        "PermissionPolicy": row.policy,
        "RequestorId": row.account_id,
        "RequestorName": row.account.name[:30],
        "SessionDuration": row.session_duration,
        "CreateDate": row.created_at,
        "UpdatedTime": row.updated_at,
        "ExpirationTime": row.expires_at,
        "Notes": row.notes,
        "RejectionReason": row.rejection_reason,
        **row.details,
    }
    return {**{name: value for name, value in facts.items() if value}, "OnlySendByOwner": row.only_send_by_owner}


def ends_at(row: DelegationRequest) -> datetime:
    """When delegated access is over: it began when the token was sent."""
    return row.updated_at + timedelta(seconds=row.session_duration)


def exchange_token(row: DelegationRequest) -> Secret:
    """What the account that asked exchanges for credentials; it says which request it is for, and is kept nowhere."""
    return Secret(f"{row.pk}.{sealing.seal(Secret(row.pk), _place(row.pk))}")


def request_of(token: Secret, account_id: str) -> DelegationRequest | None:
    """The request of an account that an exchange token is for; None where it is not ours."""
    request_id, _, sealed = token.reveal().partition(".")
    try:
        if sealing.unseal(sealed, _place(request_id)).reveal() != request_id:
            return None
    except SealBroken:
        return None
    found: DelegationRequest | None = DelegationRequest.objects.of(account_id).filter(pk=request_id).first()
    return found


def _place(request_id: str) -> str:
    return f"delegation|{request_id}"
