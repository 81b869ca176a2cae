"""Action patterns, by themselves."""

from __future__ import annotations

import pytest

from policies.engine.action import compile_actions


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("S3:GetObject", "s3:getobject", True),
        ("s3:Get*", "s3:getobject", True),
        ("s3:Get*", "s3:putobject", False),
        ("s3:?etObject", "s3:getobject", True),
        ("s3:?etObject", "s3:etobject", False),
        ("*", "s3:getobject", True),
        ("**", "s3:getobject", True),
        ("*", "nonsense", True),
        ("*:*", "nonsense", False),
        ("*:Get*", "s3:getobject", True),
        ("*:Get*", "get", False),
        ("s?:*", "s3:getobject", True),
        ("s?:*", "sqs:sendmessage", False),
        ("s*:x*", "s3:getobject", False),
        ("s3:Get Object", "s3:get object", False),
        ("s3:Get\tObject", "s3:get\tobject", False),
        ("s3:a,s3:b", "s3:a,s3:b", False),
        ("s3*", "s3:", False),
        ("x*", "s3:getobject", False),
        ("s3*", "s3", False),
        ("s3", "s3", False),
        ("", "", False),
        ("", "s3:getobject", False),
    ],
)
def test_it_matches_an_action(pattern: str, action: str, expected: bool) -> None:
    for negated in (False, True):
        actions = compile_actions([pattern], negated=negated)
        assert actions.matches(action) is (expected is not negated)
        assert actions.patterns[0].matches(action) is expected


@pytest.mark.parametrize(
    ("patterns", "services"),
    [
        (["s3:*", "IAM:GetUser"], {"s3", "iam"}),
        (["s3:*", "*"], None),
        (["s3:*", "*:Get*"], None),
        (["s3:*", "nonsense"], {"s3", ""}),
    ],
)
def test_it_knows_the_services_it_can_be_about(patterns: list[str], services: set[str] | None) -> None:
    assert compile_actions(patterns, negated=False).services == services
    assert compile_actions(patterns, negated=True).services is None


@pytest.mark.parametrize(
    ("pattern", "exact"),
    [("S3:GetObject", "s3:getobject"), ("s3:Get*", None), ("s3:?et", None), ("*", None), ("x", None)],
)
def test_it_knows_patterns_of_one_action(pattern: str, exact: str | None) -> None:
    assert compile_actions([pattern], negated=False).patterns[0].exact == exact
