"""Requests: what is worked out of them before anybody decides."""

from __future__ import annotations

import pytest

from policies.engine import Principal, Request
from tests.policies.engine.build import ACCOUNT, BOB

CALLER = Principal.from_arn(BOB)
OTHER = "444455556666"


@pytest.mark.parametrize(
    ("resource", "account", "owner"),
    [
        ("arn:aws:s3:::reports", "", ACCOUNT),
        ("arn:aws:s3:::reports", OTHER, OTHER),
        ("arn:aws:iam::aws:policy/P", "", ACCOUNT),
        ("arn:aws:iam::aws:policy/P", "aws", ACCOUNT),
        (f"arn:aws:iam::{OTHER}:role/Auditor", "", OTHER),
        (f"arn:aws:iam::{OTHER}:role/Auditor", ACCOUNT, ACCOUNT),
        ("*", "", ACCOUNT),
    ],
)
def test_it_knows_who_owns_the_resource(resource: str, account: str, owner: str) -> None:
    asked = Request(CALLER, "s3:GetObject", resource, account)
    assert (asked.owner, asked.cross_account) == (owner, owner != ACCOUNT)
    assert not Request(Principal.from_arn("anonymous"), "s3:GetObject", resource, account).cross_account


def test_it_needs_no_owner() -> None:
    assert Request(CALLER, "s3:GetObject", f"arn:aws:iam::{OTHER}:role/Auditor").owner == OTHER


def test_it_asks_for_a_star_where_an_action_has_no_resource_types() -> None:
    some = "arn:aws:s3:::reports"
    assert Request(CALLER, "s3:ListAllMyBuckets", some, options={"wildcard_only_action": True}).target == "*"
    assert Request(CALLER, "s3:ListAllMyBuckets", some, options={"wildcard_only_action": False}).target == some
    assert Request(CALLER, "s3:ListAllMyBuckets", some).target == some


def test_it_compares_names_without_case_and_takes_an_empty_list_for_absent() -> None:
    context = {"aws:TagKeys": [], "aws:UserName": "Bob", "a:Empty": "", "a:List": ["x", ""]}
    asked = Request(CALLER, "S3:GetObject", "*", context=context)
    assert (asked.action_key, asked.service, asked.action) == ("s3:getobject", "s3", "S3:GetObject")
    assert asked.keys == {"aws:username": "Bob", "a:empty": "", "a:list": ("x", "")}
    assert asked.keys is asked.keys


def test_it_is_equal_to_one_that_asks_the_same() -> None:
    one, other = (Request(CALLER, "s3:GetObject", "*", context={"a": "b"}) for _ in range(2))
    assert one.keys == {"a": "b"}
    assert one == other
    assert one != Request(CALLER, "s3:GetObject", "*")
