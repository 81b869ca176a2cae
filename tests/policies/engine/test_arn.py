"""ARN patterns: the quick matcher of common forms agrees with the plain one, part by part."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine import arn
from policies.engine.resource import compile_resources
from policies.engine.wildcard import glob, tokens
from tests.policies.engine.reference_values import fits, plain

PARTS = ["", "a", "ab", "*", "a*", "**", "b*", "*a", "a*b", "?", "a?"]
TEXTS = ["", "a", "ab", "b", "ba", "a:b", "aab", ":"]
heads = st.lists(st.sampled_from(PARTS), max_size=3)
rests = st.text("ab*?:", max_size=5)


def _slow(head: list[str], rest: str, text: str) -> bool:
    """What the head means: each part a glob of its own, the rest another one over what remains."""
    parts = text.split(":", len(head))
    if len(parts) <= len(head):
        return False
    return all(fits(plain(wanted), seen) for wanted, seen in zip([*head, rest], parts, strict=True))


@given(heads, rests, st.lists(st.sampled_from(TEXTS), max_size=5))
def test_it_matches_part_by_part(head: list[str], rest: str, parts: list[str]) -> None:
    text = ":".join(parts)
    expected = _slow(head, rest, text)
    assert arn.segmented(head, glob(tokens(rest)))(text) == expected
    quick = arn.anchored(head, tokens(rest))
    assert quick is None or quick(text) == expected


def test_it_matches_all_that_is_short_part_by_part() -> None:
    texts = ["".join(each) for length in range(5) for each in itertools.product("ab:", repeat=length)]
    parts = ["", "a", "*", "a*", "?"]
    for head in (list(each) for length in range(1, 4) for each in itertools.product(parts, repeat=length)):
        for rest in ("", "a", "*", "a*", "?"):
            quick = arn.anchored(head, tokens(rest))
            # Only a wildcard inside a part is too much for the quick matcher.
            assert (quick is None) == ("?" in head), head
            wrong = [text for text in texts if quick and quick(text) != _slow(head, rest, text)]
            assert wrong == [], (head, rest)


def test_it_keeps_a_wildcard_of_a_short_arn_in_its_part() -> None:
    assert arn.cut("x:a?b:c") == (["x", "a?b"], "c")
    assert arn.cut("x:a*:c:d*") == (["x"], "a*:c:d*")
    assert arn.cut("arn:aws:s3:::a*:b") == (["arn", "aws", "s3", "", ""], "a*:b")
    whole = compile_resources(["x:a?b:c"], negated=False, variables=True).whole
    assert whole is not None
    assert (whole("x:a-b:c"), whole("x:a:b:c")) == (True, False)


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("arn:aws:sqs:*:1:bob", "arn:aws:sqs:eu:1:bob", "arn:aws:sqs:eu:1:bobby"),
        ("arn:aws:sqs:*:1:bob-*", "arn:aws:sqs:eu:1:bob-q", "arn:aws:sqs:eu:2:bob-q"),
        ("arn:aws:sqs:*:1:*", "arn:aws:sqs:eu:1:", "arn:aws:sqs:1"),
        ("arn:aws:sqs:*:*:bob-?", "arn:aws:sqs:eu:1:bob-q", "arn:aws:sqs:eu:1:bob-"),
        ("arn:aws:sqs:*:*:bob", "arn:aws:sqs:::bob", "arn:aws:sqs:::bob:x"),
        ("arn:aws:sqs:us-*:1:bob", "arn:aws:sqs:us-east-1:1:bob", "arn:aws:sqs:eu-west-1:1:bob"),
        ("arn:aws:iam::*:*", "arn:aws:iam::1:x", "arn:aws:iam::"),
        ("*:aws:iam::1:x", "arn:aws:iam::1:x", "arn:aws:iam::1:y"),
        ("arn:aws:iam::1:x", "arn:aws:iam::1:x", "arn:aws:iam::1:xy"),
        ("arn:aws:iam::1:x*", "arn:aws:iam::1:xy:z", "arn:aws:iam::1:y"),
        ("", "", "x"),
    ],
)
def test_it_matches_what_the_pattern_means(pattern: str, matching: str, other: str) -> None:
    whole = compile_resources([pattern], negated=False, variables=True).whole
    assert whole is not None
    assert (whole(matching), whole(other)) == (True, False)


@pytest.mark.parametrize("others", [[], ["x"], ["x", "y"], ["x", "y", "z"]])
@pytest.mark.parametrize("negated", [False, True])
def test_it_takes_one_of_many_patterns(others: list[str], negated: bool) -> None:
    for patterns in ([*others, "arn:aws:s3:::a*"], ["arn:aws:s3:::a*", *others]):
        whole = compile_resources(patterns, negated=negated, variables=True).whole
        assert whole is not None
        assert (whole("arn:aws:s3:::a1"), whole("arn:aws:s3:::b")) == (not negated, negated)


def test_it_has_no_single_matcher_where_a_variable_stands() -> None:
    assert compile_resources(["x", "arn:aws:s3:::${aws:username}"], negated=False, variables=True).whole is None
    assert compile_resources(["arn:aws:s3:::${aws:username}"], negated=False, variables=False).whole is not None
    assert compile_resources(["arn:aws:s3:${aws:username}"], negated=False, variables=True).whole is not None


def test_it_reads_the_parts_of_an_arn() -> None:
    text = "arn:aws:iam:eu:111122223333:role/team/Auditor:x"
    assert arn.split(text) == ["arn", "aws", "iam", "eu", "111122223333", "role/team/Auditor:x"]
    found = (arn.service_of(text), arn.account_of(text), arn.resource_of(text), arn.name_of(text))
    assert found == ("iam", "111122223333", "role/team/Auditor:x", "Auditor:x")
    for other in ("arn:aws:iam::1", "urn:aws:iam::1:x", ""):
        assert arn.split(other) is None
        assert arn.service_of(other) == arn.account_of(other) == arn.resource_of(other) == ""


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("arn:aws:sqs:*", True),
        ("arn:aws:*:x", True),
        ("*", False),
        ("**", False),
        ("arn:aws:sqs", False),
        ("arn:aws:s3:::b*", False),
        ("arn:*:b", True),
        ("x*x", True),
        ("arn:aws:sqs:*:jobs", True),
        ("arn:aws:sqs:*:1:jobs", False),
    ],
)
def test_it_knows_patterns_that_run_over_colons(pattern: str, expected: bool) -> None:
    assert arn.runs_over_colons(pattern) is expected
