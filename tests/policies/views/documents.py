"""Documents and addresses that the tests of the policies pages share."""

from __future__ import annotations

import json

from django.urls import reverse

from accounts.caller import Caller
from iamconsole.operations import door
from tests.cast import ACCOUNT_ID

READ_REPORTS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::class-reports/*"}],
    },
    indent=4,
)
LIST_REPORTS = READ_REPORTS.replace("s3:GetObject", "s3:ListBucket").replace("class-reports/*", "class-reports")


def arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT_ID}:policy/{name}"


def make_policy(system: Caller, name: str = "ReadReports", document: str = READ_REPORTS) -> str:
    """A customer managed policy in alice's account; returns its ARN."""
    door.perform(system, "iam:CreatePolicy", {"PolicyName": name, "PolicyDocument": document})
    return arn(name)


def add_version(system: Caller, policy: str, document: str = LIST_REPORTS, *, default: bool = True) -> None:
    given = {"PolicyArn": policy, "PolicyDocument": document, "SetAsDefault": default}
    door.perform(system, "iam:CreatePolicyVersion", given)


def versions(system: Caller, policy: str) -> list[str]:
    """The versions there are, the newest first, the default one with a star."""
    found = door.perform(system, "iam:ListPolicyVersions", {"PolicyArn": policy})["Versions"]
    assert isinstance(found, list)
    return [each["VersionId"] + ("*" if each["IsDefaultVersion"] else "") for each in found]


def attached(system: Caller, user: str) -> list[str]:
    """The names of the policies attached to a user itself."""
    found = door.perform(system, "iam:ListAttachedUserPolicies", {"UserName": user})["AttachedPolicies"]
    assert isinstance(found, list)
    return [each["PolicyName"] for each in found]


def inline(system: Caller, user: str) -> list[str]:
    found = door.perform(system, "iam:ListUserPolicies", {"UserName": user})["PolicyNames"]
    assert isinstance(found, list)
    return found


def step(route: str, *args: object) -> str:
    """A step of a wizard under a token of the test's own."""
    return reverse(route, args=args)
