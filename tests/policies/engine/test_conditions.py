"""Conditions, by themselves: corners that whole documents seldom reach."""

from __future__ import annotations

import pytest

from policies.engine import Layer, PolicySet, explain
from policies.engine.conditions import compile_condition
from tests.policies.engine.build import ask, policy, statement

KEYS = {"aws:username": "Bob", "a:text": "bob", "a:list": ("bob", "eve"), "a:ip": "fe80::1%eth0"}
STRINGS = "StringEquals StringEqualsIgnoreCase StringLike StringNotEquals StringNotEqualsIgnoreCase StringNotLike"


def _holds(operator: str, key: str, *values: str, variables: bool = True, **keys: str) -> bool:
    return compile_condition(operator, key, values, variables=variables).holds({**KEYS, **keys})


@pytest.mark.parametrize("operator", STRINGS.split())
def test_it_fills_in_variables_for_every_string_operator(operator: str) -> None:
    positive = "Not" not in operator
    assert _holds(operator, "a:text", "${a:copy}", **{"a:copy": "bob"}) is positive
    assert _holds(operator, "a:text", "${a:copy}", **{"a:copy": "eve"}) is not positive
    assert _holds(operator, "a:text", "${nothing}") is not positive
    assert _holds(operator, "a:text", "${a:text}", variables=False) is not positive
    assert _holds(operator, "a:text", "${aws:username}") is (("IgnoreCase" in operator) is positive)


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"])
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("arn:aws:iam::${a:account}:user/*", True),
        ("arn:aws:iam::${a:account}:user/bob", True),
        ("arn:aws:iam::${aws:username}:user/bob", False),
        ("arn:aws:iam::${nothing}:user/bob", False),
        ("${a:arn}", True),
        ("${a:account}", False),
        ("arn:aws:iam::1*1:user/bo?", True),
        ("arn:aws:iam::*:user", False),
        ("arn:aws:iam:*", False),
        ("arn:aws:iam:::1:user/bob", False),
        ("*", False),
    ],
)
def test_it_compares_arns_part_by_part(operator: str, wanted: str, expected: bool) -> None:
    keys = {"a:arn": "arn:aws:iam::111:user/bob", "a:account": "111"}
    negated = "Not" in operator
    assert _holds(operator, "a:arn", wanted, **keys) is (expected is not negated)
    assert _holds(operator, "a:text", wanted, **keys) is negated


@pytest.mark.parametrize("operator", ["IpAddress", "NotIpAddress"])
def test_it_takes_an_address_with_a_zone_for_none(operator: str) -> None:
    negated = operator.startswith("Not")
    assert _holds(operator, "a:ip", "fe80::/10") is negated
    assert _holds(operator, "a:other", "fe80::1%eth0", **{"a:other": "fe80::1"}) is negated
    assert _holds(operator, "a:other", "fe80::/10", **{"a:other": "fe80::1"}) is not negated


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals"])
def test_it_matches_no_list_without_a_set_operator(operator: str) -> None:
    assert not _holds(operator, "a:list", "bob")
    assert not _holds(operator, "a:list", "nobody")


def test_it_shows_what_a_lone_variable_stands_for() -> None:
    lone = statement("Allow", Condition={"StringEquals": {"a:text": "${aws:username}"}})
    found = explain(ask(aws__username="bob"), PolicySet(identity=(policy(lone),))).layer(Layer.IDENTITY)
    condition = found.policies[0].statements[0].elements[2]
    assert (condition.wanted, condition.resolved) == (("${aws:username}",), ("bob",))
    assert condition.to_dict()["resolved"] == ["bob"]


@pytest.mark.parametrize(
    ("seen", "wanted", "expected"),
    [
        ("true", "true", True),
        ("FALSE", "false", True),
        ("false", "False", True),
        ("true", "false", False),
        ("yes", "yes", False),
        ("true", "${a:flag}", True),
    ],
)
def test_it_knows_two_booleans(seen: str, wanted: str, expected: bool) -> None:
    assert _holds("Bool", "a:seen", wanted, **{"a:seen": seen, "a:flag": "true"}) is expected


@pytest.mark.parametrize(
    ("seen", "wanted", "expected"),
    [
        ("Ym9i", "Ym9i", True),
        ("bob", "Ym9i", True),
        ("Ym9i!", "Ym9i", False),
        ("Ym9i", "Ym9i!", False),
        ("YWxpY2U=", "Ym9i", False),
        ("\ud800", "7aCA", True),
    ],
)
def test_it_compares_bytes(seen: str, wanted: str, expected: bool) -> None:
    assert _holds("BinaryEquals", "a:seen", wanted, **{"a:seen": seen}) is expected
