"""One working call of every operation of delegation requests; alice's account asks itself, which AWS allows too."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from accounts.caller import Caller, system_caller
from iamconsole.operations.door import perform
from identities import delegation
from identities.models import DelegationRequest, User
from tests.cast import ACCOUNT_ID
from tests.operations.example import Example
from tests.world import as_user

TEMPLATE = f"arn:aws:iam::{ACCOUNT_ID}:delegation-template/reader"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "iam:Get*", "Resource": "arn:aws:iam::*:user/@{userName}"},
}
ASKED: Mapping[str, Any] = {
    "Description": "Look at a user",
    "Permissions": {
        "PolicyTemplateArn": TEMPLATE,
        "Parameters": [{"Name": "userName", "Values": ["bob"], "Type": "string"}],
    },
    "RequestorWorkflowId": "workflow-1",
    "NotificationChannel": f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:notices",
    "SessionDuration": 3_600,
    "OwnerAccountId": ACCOUNT_ID,
}


def alice() -> Caller:
    return as_user(User.objects.get(name="alice"))


def template() -> None:
    given = {"Name": "reader", "Document": json.dumps(DOCUMENT)}
    perform(system_caller(ACCOUNT_ID), "iamconsole:PutDelegationTemplate", given)


def request(*steps: str) -> Callable[[], Mapping[str, object]]:
    """A request that alice has brought so far."""

    def make() -> Mapping[str, object]:
        template()
        made = perform(alice(), "iam:CreateDelegationRequest", ASKED)
        named = {"DelegationRequestId": made["DelegationRequestId"]}
        for step in steps:
            perform(alice(), f"iam:{step}", named)
        return named

    return make


def arn() -> Mapping[str, object]:
    made = request("AssociateDelegationRequest")()["DelegationRequestId"]
    return {"EntityArn": f"arn:aws:iam::{ACCOUNT_ID}:delegation-request/{made}"}


def token() -> Mapping[str, object]:
    request("AssociateDelegationRequest", "AcceptDelegationRequest", "SendDelegationToken")()
    return {"TradeInToken": delegation.exchange_token(DelegationRequest.objects.get()).reveal()}


def listed() -> None:
    request("AssociateDelegationRequest")()


TAKEN, ACCEPTED = "AssociateDelegationRequest", "AcceptDelegationRequest"
EXAMPLES: dict[str, Example] = {
    "iamconsole:PutDelegationTemplate": Example({"Name": "reader", "Document": json.dumps(DOCUMENT)}),
    "iamconsole:ListDelegationNotices": Example({}, listed),
    "iam:CreateDelegationRequest": Example(ASKED, template),
    "iam:ListDelegationRequests": Example({}, listed),
    "iam:GetDelegationRequest": Example({"DelegationPermissionCheck": True}, request(TAKEN)),
    "iam:GetHumanReadableSummary": Example({}, arn),
    "iam:AssociateDelegationRequest": Example({}, request()),
    "iam:UpdateDelegationRequest": Example({"Notes": "please"}, request(TAKEN)),
    "iam:AcceptDelegationRequest": Example({}, request(TAKEN)),
    "iam:RejectDelegationRequest": Example({"Notes": "no"}, request(TAKEN)),
    "iam:SendDelegationToken": Example({}, request(TAKEN, ACCEPTED)),
    "sts:GetDelegatedAccessToken": Example({}, token),
}
