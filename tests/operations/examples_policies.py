"""One working call of every operation of policies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from accounts.caller import system_caller
from iamconsole.operations.door import perform
from tests.cast import ACCOUNT_ID
from tests.operations.example import Example

DOCUMENT = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
)
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
REPORTS = f"arn:aws:iam::{ACCOUNT_ID}:policy/Reports"
TAGS = [{"Key": "team", "Value": "blue"}]
MADE = {"User": {"UserName": "dana"}, "Group": {"GroupName": "readers"}, "Role": {"RoleName": "reporter"}}


def do(verb: str, inputs: Mapping[str, object]) -> None:
    perform(system_caller(ACCOUNT_ID), f"iam:{verb}", inputs)


def reports() -> None:
    do("CreatePolicy", {"PolicyName": "Reports", "PolicyDocument": DOCUMENT, "Tags": TAGS})


def second_version() -> None:
    reports()
    do("CreatePolicyVersion", {"PolicyArn": REPORTS, "PolicyDocument": DOCUMENT})


def made(kind: str) -> None:
    trust = {"AssumeRolePolicyDocument": TRUST} if kind == "Role" else {}
    do(f"Create{kind}", {**MADE[kind], **trust})


def after(kind: str, verb: str, inputs: Mapping[str, object]) -> Callable[[], None]:
    """The user, group or role, with one thing done to it."""

    def setup() -> None:
        made(kind)
        do(verb, {**MADE[kind], **inputs})

    return setup


def existing(kind: str) -> Callable[[], None]:
    return lambda: made(kind)


def used() -> None:
    made("User")
    do("AttachUserPolicy", {**MADE["User"], "PolicyArn": READ_ONLY})


def examples_of(kind: str) -> dict[str, Example]:
    who, attached, named = MADE[kind], {"PolicyArn": READ_ONLY}, {"PolicyName": "Own"}
    written = {**named, "PolicyDocument": DOCUMENT}
    put = after(kind, f"Put{kind}Policy", written)
    return {
        f"iam:Attach{kind}Policy": Example({**who, **attached}, existing(kind)),
        f"iam:Detach{kind}Policy": Example({**who, **attached}, after(kind, f"Attach{kind}Policy", attached)),
        f"iam:ListAttached{kind}Policies": Example(who, after(kind, f"Attach{kind}Policy", attached)),
        f"iam:Put{kind}Policy": Example({**who, **written}, existing(kind)),
        f"iam:Get{kind}Policy": Example({**who, **named}, put),
        f"iam:Delete{kind}Policy": Example({**who, **named}, put),
        f"iam:List{kind}Policies": Example(who, put),
    }


def boundary_examples_of(kind: str) -> dict[str, Example]:
    who, bound = MADE[kind], {"PermissionsBoundary": READ_ONLY}
    put = f"Put{kind}PermissionsBoundary"
    return {
        f"iam:{put}": Example({**who, **bound}, existing(kind)),
        f"iam:Delete{kind}PermissionsBoundary": Example(who, after(kind, put, bound)),
    }


EXAMPLES: dict[str, Example] = {
    "iam:CreatePolicy": Example({"PolicyName": "Reports", "PolicyDocument": DOCUMENT, "Tags": TAGS}),
    "iam:GetPolicy": Example({"PolicyArn": REPORTS}, reports),
    "iam:ListPolicies": Example({"Scope": "Local"}, reports),
    "iam:DeletePolicy": Example({"PolicyArn": REPORTS}, reports),
    "iam:CreatePolicyVersion": Example({"PolicyArn": REPORTS, "PolicyDocument": DOCUMENT}, reports),
    "iam:GetPolicyVersion": Example({"PolicyArn": REPORTS, "VersionId": "v1"}, reports),
    "iam:ListPolicyVersions": Example({"PolicyArn": REPORTS}, reports),
    "iam:SetDefaultPolicyVersion": Example({"PolicyArn": REPORTS, "VersionId": "v2"}, second_version),
    "iam:DeletePolicyVersion": Example({"PolicyArn": REPORTS, "VersionId": "v2"}, second_version),
    "iam:TagPolicy": Example({"PolicyArn": REPORTS, "Tags": [{"Key": "stage", "Value": "test"}]}, reports),
    "iam:UntagPolicy": Example({"PolicyArn": REPORTS, "TagKeys": ["team"]}, reports),
    "iam:ListPolicyTags": Example({"PolicyArn": REPORTS}, reports),
    "iam:ListEntitiesForPolicy": Example({"PolicyArn": READ_ONLY}, used),
    **examples_of("User"),
    **examples_of("Group"),
    **examples_of("Role"),
    **boundary_examples_of("User"),
    **boundary_examples_of("Role"),
    "iam:SimulatePrincipalPolicy": Example(
        {
            "PolicySourceArn": f"arn:aws:iam::{ACCOUNT_ID}:user/{MADE['User']['UserName']}",
            "ActionNames": ["s3:GetObject", "iam:ListUsers"],
            "ResourceArns": ["arn:aws:s3:::reports/q1.csv", "*"],
            "ContextEntries": [
                {"ContextKeyName": "aws:SourceIp", "ContextKeyValues": ["203.0.113.7"], "ContextKeyType": "ip"}
            ],
        },
        existing("User"),
    ),
}
