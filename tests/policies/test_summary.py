"""The summary of a document, service by service."""

from __future__ import annotations

import json

import pytest

from policies.summary import ServiceRow, action_rows, summarize


def summary_of(**statement: object) -> dict[str, ServiceRow]:
    """The rows of one statement that allows, by service."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **statement}]}
    return {row.prefix: row for row in summarize(json.dumps(document)).allowed}


def test_a_star_is_full_access_to_every_service() -> None:
    rows = summary_of(Action="*")
    assert {row.access_level for row in rows.values()} == {"Full access"}
    assert len(rows) > 400


def test_a_service_with_all_its_actions_is_full_access() -> None:
    assert summary_of(Action="s3:*")["s3"].access_level == "Full access"


def test_it_tells_whole_levels_from_parts() -> None:
    row = summary_of(Action=["sqs:List*", "sqs:SendMessage"])["sqs"]
    assert row.access_level.endswith("Limited: Read, Write") or "Limited: Write" in row.access_level


def test_it_shows_one_resource_and_says_multiple_for_more() -> None:
    assert summary_of(Action="s3:GetObject")["s3"].resource == "All resources"
    assert summary_of(Action="s3:GetObject", Resource="arn:aws:s3:::a/*")["s3"].resource == "arn:aws:s3:::a/*"
    two = summary_of(Action="s3:GetObject", Resource=["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"])
    assert two["s3"].resource == "Multiple"


def test_it_shows_the_condition() -> None:
    row = summary_of(Action="s3:GetObject", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})["s3"]
    assert row.condition == "aws:MultiFactorAuthPresent | Bool | true"


def test_not_action_leaves_its_actions_out() -> None:
    rows = summary_of(NotAction=["iam:*", "s3:GetObject"])
    assert "iam" not in rows
    assert rows["ec2"].access_level == "Full access"
    assert "Limited: Read" in rows["s3"].access_level
    assert "GetObject" not in {action.name for action in action_rows(rows["s3"])}


def test_an_unknown_service_is_said_to_be_unknown() -> None:
    assert summary_of(Action="s4:GetObject")["s4"].access_level == "Unrecognized service"


def test_denied_services_stand_apart() -> None:
    document = '{"Statement": {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}}'
    summary = summarize(document)
    assert [row.prefix for row in summary.denied] == ["s3"]
    assert summary.allowed == []
    assert len(summary.remaining) == summary.total - 1


def test_a_service_opens_to_its_actions_with_their_own_resources() -> None:
    document = json.dumps(
        {
            "Statement": [
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"},
                {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"},
            ]
        }
    )
    row = summarize(document).row("allow", "s3")
    assert row is not None
    found = {action.name: action.resources for action in action_rows(row)}
    assert found == {"GetObject": ("arn:aws:s3:::a/*",), "PutObject": ("arn:aws:s3:::b/*",)}


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "3", '{"Statement": "x"}', '{"Statement": [{"Effect": []}]}', '{"Statement": [7, null]}']
)
def test_anything_else_is_an_empty_summary(text: str) -> None:
    summary = summarize(text)
    assert (summary.allowed, summary.denied) == ([], [])


def test_too_many_patterns_are_not_matched_one_by_one() -> None:
    actions = [f"*:*{letter}{number}*" for letter in "abcdefg" for number in range(100)]
    summary = summarize(json.dumps({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}}))
    assert summary.too_many
    assert summary.allowed == []
