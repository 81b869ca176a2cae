"""One working call of every operation that reports on an account, simulates documents or looks at past use."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.cast import ACCOUNT_ID, ALICE_ARN
from tests.operations.example import Example
from tests.operations.examples_identities import do
from tests.operations.examples_roles import role_in_profile

CONDITIONAL = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::reports/${aws:username}/*",
            "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        },
    }
)
DOCUMENTS: Mapping[str, object] = {"PolicyInputList": [CONDITIONAL]}
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def full_account() -> None:
    role_in_profile()
    do("CreateUser", UserName="dana")
    do("CreateGroup", GroupName="readers")
    do("AddUserToGroup", UserName="dana", GroupName="readers")
    do("AttachGroupPolicy", GroupName="readers", PolicyArn=READ_ONLY)
    do("PutUserPolicy", UserName="dana", PolicyName="Own", PolicyDocument=CONDITIONAL)
    do("PutUserPermissionsBoundary", UserName="dana", PermissionsBoundary=READ_ONLY)
    do("CreatePolicy", PolicyName="Reports", PolicyDocument=CONDITIONAL)


def report() -> None:
    do("GenerateCredentialReport")


def job() -> Mapping[str, object]:
    do("ListUsers")
    given = {"Arn": ALICE_ARN, "Granularity": "ACTION_LEVEL"}
    return do("GenerateServiceLastAccessedDetails", **given)


EXAMPLES: dict[str, Example] = {
    "iam:GetAccountAuthorizationDetails": Example({}, full_account),
    "iam:GenerateCredentialReport": Example(),
    "iam:GetCredentialReport": Example({}, report),
    "iam:GetContextKeysForCustomPolicy": Example(DOCUMENTS),
    "iam:GetContextKeysForPrincipalPolicy": Example({"PolicySourceArn": ALICE_ARN, **DOCUMENTS}),
    "iam:SimulateCustomPolicy": Example(
        {
            **DOCUMENTS,
            "ActionNames": ["s3:GetObject"],
            "ResourceArns": [f"arn:aws:s3:::reports/{ACCOUNT_ID}"],
            "PermissionsBoundaryPolicyInputList": [CONDITIONAL],
        }
    ),
    "iam:ListPoliciesGrantingServiceAccess": Example({"Arn": ALICE_ARN, "ServiceNamespaces": ["iam", "s3"]}),
    "iam:GenerateServiceLastAccessedDetails": Example({"Arn": ALICE_ARN, "Granularity": "ACTION_LEVEL"}),
    "iam:GetServiceLastAccessedDetails": Example({}, job),
    "iam:GetServiceLastAccessedDetailsWithEntities": Example({"ServiceNamespace": "iam"}, job),
}
