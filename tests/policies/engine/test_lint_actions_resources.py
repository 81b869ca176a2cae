"""Lint: actions, resources, and whether they go together."""

from __future__ import annotations

from typing import Any

import pytest

from policies.engine.lint.overlap import fits_type
from tests.policies.engine.lint_documents import ABSENT, codes, lint, statement

NOTHING_MEETS = {"action-without-resource", "resource-without-action"}


@pytest.mark.parametrize(
    ("action", "code", "fix"),
    [
        ("s3:GetObjekt", "unknown-action", '"s3:GetObject"'),
        ("IAM:ListUser", "unknown-action", '"IAM:ListUsers"'),
        ("s3:Zzzzzzzzzzz", "unknown-action", None),
        ("dynamobd:GetItem", "unknown-service", '"dynamodb:GetItem"'),
        ("s3:Fetch*", "wildcard-matches-nothing", None),
        ("GetObject", "invalid-action", None),
        ("s3:Get:Object", "invalid-action", None),
        ("s?:GetObject", "invalid-action", None),
    ],
)
def test_it_finds_wrong_actions(action: str, code: str, fix: str | None) -> None:
    (finding,) = lint(statement(Action=action, Resource="*"))
    assert (finding.code, finding.fix) == (code, fix)
    assert code in codes(statement(Effect="Deny", Action=ABSENT, NotAction=action, Resource="*"))


@pytest.mark.parametrize("action", ["s3:GetObject", "S3:getobject", "s3:Get*", "s3:*", "s3:?etObject"])
def test_it_leaves_known_actions_alone(action: str) -> None:
    assert codes(statement(Action=action, Resource="*")) == set()


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ("reports", "invalid-arn"),
        ("arn:oops:s3:::reports/*", "invalid-arn"),
        ("arn:aws:s3::reports/*", "invalid-arn"),
        ("arn:aws:iam::111122223333:users/bob", "invalid-arn"),
        ("arn:aws:sqs:reports", "short-arn"),
        ("arn:aws:dynamodb:eu-west-1:1111:table/t", "invalid-account"),
        ("arn:aws:dynamodb:eu-west-1:111122223333:t*/reports", "type-wildcard"),
        ("arn:aws:lambda:eu-west-1:111122223333:func*", "type-wildcard"),
    ],
)
def test_it_finds_resources_that_are_no_good_arns(resource: str, code: str) -> None:
    assert code in codes(statement(Effect="Deny", Action="*", Resource=resource))
    assert code in codes(statement(Effect="Deny", Action="*", Resource=ABSENT, NotResource=resource))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports/*"}, NOTHING_MEETS),
        ({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports"}, NOTHING_MEETS),
        ({"Action": "iam:GetUser", "Resource": "arn:aws:iam::111122223333:role/Ops"}, NOTHING_MEETS),
        (
            {"Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "arn:aws:s3:::reports/*"},
            {"action-without-resource"},
        ),
        (
            {"Action": "s3:GetObject", "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]},
            {"resource-without-action"},
        ),
        ({"Action": "iam:ListUsers", "Resource": "arn:aws:iam::111122223333:user/*"}, {"wildcard-only-action"}),
    ],
)
def test_it_finds_actions_and_resources_that_do_not_meet(changes: dict[str, Any], expected: set[str]) -> None:
    assert codes(statement(**changes)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]},
        {"Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "arn:aws:s3:::reports*"},
        {"Action": "iam:ListUsers", "Resource": "*"},
        {"Action": "iam:GetUser", "Resource": "arn:aws:iam::*:user/division/${aws:username}"},
        {"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*"},
        {"Action": "s3:*", "Resource": "arn:aws:s3:::reports/*"},
    ],
)
def test_it_leaves_actions_and_resources_alone_that_meet(changes: dict[str, Any]) -> None:
    assert codes(statement(**changes)) == set()


@pytest.mark.parametrize(
    ("resource", "pattern", "meets"),
    [
        ("arn:aws:s3:::b", "arn:${Partition}:s3:::${BucketName}", True),
        ("arn:aws:s3:::b/*", "arn:${Partition}:s3:::${BucketName}", False),
        ("arn:aws:s3:::*", "arn:${Partition}:s3:::${BucketName}", True),
        ("arn:aws:s3:::b", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", False),
        ("arn:aws:s3:::b?x", "arn:${Partition}:s3:::${BucketName}/${ObjectName}", True),
        ("arn:aws:iam::${aws:PrincipalAccount}:user/bob", "arn:${Partition}:iam::${Account}:user/${Name}", True),
        ("arn:aws:iam::1:u*", "arn:${Partition}:iam::${Account}:user/${Name}", True),
        ("arn:aws:iam::1:*r", "arn:${Partition}:iam::${Account}:user/", False),
        ("arn:aws:sqs:eu-*", "arn:${Partition}:sqs:${Region}:${Account}:${Queue}", True),
        ("arn:aws:sns:eu-*", "arn:${Partition}:sqs:${Region}:${Account}:${Queue}", False),
        ("arn:aws:sqs:eu", "arn:${Partition}:sqs:${Region}:${Account}:${Queue}", False),
    ],
)
def test_it_tells_whether_a_resource_can_be_of_a_type(resource: str, pattern: str, meets: bool) -> None:
    assert fits_type(resource, pattern) is meets
