"""Delegation requests as the account that asks sees them: made from its templates, and exchanged for credentials.

Source: IAM API reference, CreateDelegationRequest; STS API reference, GetDelegatedAccessToken. AWS registers partners'
templates and tells partners through SNS; here whoever runs the installation does both, by commands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from accounts.caller import Caller, CallerKind, Session
from accounts.models import Account
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ApiError, EntityAlreadyExists, InvalidInput, NoSuchEntity
from iamconsole.operations.registry import Asked, ContextValue, Result, Target, operation
from iamconsole.operations.secrets import Secret
from iamconsole.operations.system import need_system
from identities import assuming, delegation, temporary
from identities.delegation import FINALIZED, UNASSIGNED, WAITS_UNASSIGNED
from identities.models import DelegationRequest, DelegationTemplate
from identities.operations.delegation_requests import TYPE


class ExpiredTradeInToken(ApiError):
    code, status = "ExpiredTradeInTokenException", 400


@operation("iamconsole:PutDelegationTemplate")
def put_delegation_template(call: Call, *, name: str, document: str) -> Result:
    """Register a policy template with which the caller's account may ask others for delegated access."""
    need_system(call, "iamconsole:PutDelegationTemplate")
    if not Account.objects.filter(pk=call.account_id).exists():
        raise NoSuchEntity(f"There is no account {call.account_id}.")
    if not name.replace("-", "").isalnum() or len(name) > 64:
        raise InvalidInput("A template's name has up to 64 letters, digits and hyphens.")
    try:
        if not isinstance(json.loads(document), dict):
            raise ValueError
    except (ValueError, RecursionError):
        raise InvalidInput("The policy template is no JSON object.") from None
    arn = f"arn:aws:iam::{call.account_id}:delegation-template/{name}"
    DelegationTemplate.objects.update_or_create(pk=arn, defaults={"account_id": call.account_id, "document": document})
    return {"PolicyTemplateArn": arn}


@operation("iamconsole:ListDelegationNotices")
def list_delegation_notices(call: Call) -> Result:
    """Tell the caller's account what became of its requests, with the exchange tokens that were sent."""
    need_system(call, "iamconsole:ListDelegationNotices")
    rows = DelegationRequest.objects.of(call.account_id).order_by("created_at", "pk")
    return {"Notices": [_notice(row, call) for row in rows]}


def _notice(row: DelegationRequest, call: Call) -> Result:
    state = delegation.state_of(row, call.now)
    sent = {"ExchangeToken": delegation.exchange_token(row)} if state == FINALIZED else {}
    return {"DelegationRequestId": row.pk, "RequestorWorkflowId": row.workflow_id, "State": state, **sent}


def new_target(asked: Asked) -> Target:
    """A request about to be made."""
    return Target(f"arn:aws:iam::{asked.account_id}:delegation-request/*", type=TYPE)


def new_context(asked: Asked) -> Mapping[str, ContextValue]:
    """For how long, by which template, and where notices go."""
    permissions = asked.inputs.get("Permissions")
    template = permissions.get("PolicyTemplateArn") if isinstance(permissions, Mapping) else None
    return {
        "iam:DelegationDuration": str(asked.inputs.get("SessionDuration", "")),
        "iam:NotificationChannel": asked.text("NotificationChannel"),
        **({"iam:TemplateArn": str(template)} if template else {}),
    }


@operation("iam:CreateDelegationRequest", resource=new_target, context=new_context)
def create_delegation_request(
    call: Call,
    *,
    description: str,
    permissions: Mapping[str, Any],
    requestor_workflow_id: str,
    notification_channel: str,
    session_duration: int,
    owner_account_id: str = "",
    request_message: str = "",
    redirect_url: str = "",
    only_send_by_owner: bool = False,
) -> Result:
    """Ask an account, or whichever takes the request up, for delegated access by one of the caller's templates."""
    requests = DelegationRequest.objects.of(call.account_id)
    if requests.filter(workflow_id=requestor_workflow_id).exists():
        raise EntityAlreadyExists(f"A delegation request with workflow id {requestor_workflow_id} already exists.")
    template_arn, parameters = str(permissions.get("PolicyTemplateArn") or ""), permissions.get("Parameters") or []
    details = {"Description": description, "RequestMessage": request_message, "RedirectUrl": redirect_url}
    row = DelegationRequest.objects.create(
        pk=str(uuid4()),
        account_id=call.account_id,
        owner_account=owner_account_id,
        state=UNASSIGNED,
        template_arn=template_arn,
        parameters=list(parameters),
        policy=_policy(call, template_arn, parameters),
        workflow_id=requestor_workflow_id,
        details={name: value for name, value in details.items() if value},
        session_duration=session_duration,
        only_send_by_owner=only_send_by_owner,
        created_at=call.now,
        updated_at=call.now,
        expires_at=call.now + WAITS_UNASSIGNED,
    )
    return {"DelegationRequestId": row.pk}


def _policy(call: Call, arn: str, parameters: Sequence[Mapping[str, Any]]) -> str:
    template = DelegationTemplate.objects.of(call.account_id).filter(pk=arn).first()
    if template is None:
        raise InvalidInput(f"The policy template {arn} is not registered for this account.")
    text = delegation.filled(template.document, parameters)
    assuming.session_policies(text, [])
    return text


@operation("sts:GetDelegatedAccessToken")
def get_delegated_access_token(call: Call, *, trade_in_token: Secret) -> Result:
    """Exchange the token of a delegation request for credentials of who accepted it, within the request's policy."""
    row = delegation.request_of(trade_in_token, call.account_id)
    if row is None or row.state != FINALIZED or call.now >= delegation.ends_at(row):
        raise ExpiredTradeInToken("The trade-in token is invalid or has expired.")
    said = row.approver
    session = Session(
        *temporary.lasting(call.now, 0)[:1],
        delegation.ends_at(row).replace(microsecond=0).timestamp(),
        role_arn=said["role_arn"],
        tags=tuple((key, value) for key, value in said["tags"]),
        policy_arns=tuple(said["policy_arns"]),
        scopes=(*said["scopes"], row.policy),
    )
    approver = Caller(CallerKind(said["kind"]), row.owner_account, said["arn"], said["principal_id"], name=said["name"])
    return {"Credentials": temporary.issue(approver, session), "AssumedPrincipal": approver.arn}
